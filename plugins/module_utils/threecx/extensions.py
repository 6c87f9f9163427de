# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of threecx_extensions: all declared extensions of one PBX in one transaction."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import diff_entry
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS, always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.credentials import (
    CREDENTIAL_OPTIONS,
    handed_over,
    prepare,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import ip_list
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.apply import apply
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection, connected
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.errors import Refused
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.guard import networks, plan_guard
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import function, selecting
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.users import (
    NEVER,
    PIN_AND_EMERGENCY,
    SRTP,
    User,
    UserChange,
    Wanted,
    administrators_without_2fa,
    disable,
    in_force,
    parse_users,
    plan_user,
    query,
    require_2fa,
    wanted,
    weak,
)

EXTENSION_OPTIONS: dict[str, Any] = {
    "number": {"type": "str", "required": True},
    "name": {"type": "str"},
    "enabled": {"type": "bool"},
    "lan_only": {"type": "bool"},
    "block_tunnel": {"type": "bool"},
    "srtp": {"type": "str", "choices": sorted(SRTP)},
    "require_2fa": {"type": "bool"},
    "pin_protected": {"type": "bool"},
    "pin_protect_timeout": {"type": "int"},
    "voicemail_asks_pin": {"type": "bool"},
    "mac": {"type": "str"},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["merged", "overridden", "gathered"], "default": "merged"},
    "extensions": {"type": "list", "elements": "dict", "options": EXTENSION_OPTIONS},
    **CREDENTIAL_OPTIONS,
    "web_password": {
        "type": "str",
        "choices": ["never", "on_create", "always"],
        "default": "on_create",
        "no_log": False,
    },
    "require_2fa_for_administrators": {"type": "bool", "default": True},
    "guard": {
        "type": "dict",
        "options": {
            "addresses": {"type": "list", "elements": "str", "default": []},
            "minutes": {"type": "int", "default": 240},
        },
    },
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
REQUIRED_IF = [("state", "merged", ["extensions"]), ("state", "overridden", ["extensions"])]
LONGEST_GUARD = 24 * 60


@dataclass
class Plan:
    """Everything that one run means to do."""

    changes: list[UserChange] = field(default_factory=list)
    guard: list[Operation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def operations(self) -> list[Operation]:
        """Allow before anything that could lead to a block."""
        return [*self.guard, *(change.operation for change in self.changes)]


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, read back."""
    if params["state"] != "gathered":
        _check(params)
    with connected(params, context) as connection:
        users = parse_users(connection.pages("/Users", query(connection.release)))
        _mask(users, context)
        if params["state"] == "gathered":
            return Outcome(False, {"extensions": _shown(users), **_facts(connection, users)})
        return _converge(params, context, connection, users)


def _converge(params: Params, context: RunContext, connection: Connection, users: dict[str, User]) -> Outcome:
    wants, lacking = _wanted(params, connection)
    plan = _plan(params, users, wants)
    plan.notes += lacking
    protected = [number for number, want in wants.items() if want.properties.get("PinProtected")]
    if protected:
        plan.notes.append(f"{PIN_AND_EMERGENCY}: {', '.join(protected)}")
    affected = [change.number for change in plan.changes if change.secrets]
    plan.guard = _guard(params, connection, affected)
    operations = plan.operations()
    after = users
    if operations and not context.check_mode:
        apply(connection, operations)
        after = parse_users(connection.pages("/Users", query(connection.release)))
        _mask(after, context)
        left = _plan({**params, "web_password": NEVER}, after, wants)
        if left.changes:
            raise HardeningError(
                "the PBX took the changes, and reads differently afterwards: "
                + "; ".join(f"{change.number}: {', '.join(sorted(change.after))}" for change in left.changes[:20])
            )
    created = [change.number for change in plan.changes if change.created]
    result = {
        "created": created,
        "updated": [change.number for change in plan.changes if not change.created],
        "unchanged": sorted(set(wants) - {change.number for change in plan.changes}),
        "credentials_changed": affected,
        "in_force": sorted(
            number for number, want in wants.items() if want.secrets and in_force(want, after.get(number))
        ),
        "registered_before": sorted(number for number, user in users.items() if user.registered),
        "undeclared": sorted(set(users) - set(wants)),
        "operations": [operation.shown() for operation in operations],
        "notes": plan.notes,
        **_facts(connection, after),
    }
    return Outcome(bool(operations), result, _diff(plan))


def _plan(params: Params, users: Mapping[str, User], wants: Mapping[str, Wanted]) -> Plan:
    plan = Plan()
    for number, declared in wants.items():
        user = users.get(number)
        want = declared
        if user and user.administers and params["require_2fa_for_administrators"]:
            want = Wanted(number, {"Require2FA": True, **declared.properties}, declared.secrets)
        change = plan_user(want, user, unreadable=params["web_password"])
        if change:
            plan.changes.append(change)
    if params["require_2fa_for_administrators"]:
        plan.changes += [require_2fa(user) for user in administrators_without_2fa(users.values(), list(wants))]
    if params["state"] == "overridden":
        for number, user in users.items():
            if number in wants or not user.properties.get("Enabled"):
                continue
            if user.administers:
                plan.notes.append(f"{number} is not declared and stays enabled: it administers the PBX.")
            else:
                plan.changes.append(disable(user))
    return plan


def _wanted(params: Params, connection: Connection) -> tuple[dict[str, Wanted], list[str]]:
    bundle = handed_over(params)
    wants: dict[str, Wanted] = {}
    notes: dict[str, list[str]] = {}
    for entry in params["extensions"]:
        number = entry["number"]
        wants[number], lacking = wanted(entry, bundle.get(number), connection.release)
        for text in lacking:
            notes.setdefault(text, []).append(number)
    return wants, [f"{text}: {', '.join(numbers)}" for text, numbers in notes.items()]


def _guard(params: Params, connection: Connection, affected: Sequence[str]) -> list[Operation]:
    """Allow entries for the site's addresses, only when credentials of existing extensions change."""
    guard = params.get("guard")
    if not guard or not affected:
        return []
    addresses = list(guard["addresses"])
    macs = [entry["mac"] for entry in params["extensions"] if entry["number"] in affected and entry.get("mac")]
    if macs:
        addresses += phone_addresses(connection, macs)
    wanted_networks, problems = networks(addresses)
    rows = connection.pages("/Blocklist", selecting(ip_list.FIELDS))
    entries, _strange = ip_list.parse_rows(rows)
    now = datetime.datetime.now(datetime.UTC)
    operations, reasons = plan_guard(entries, wanted_networks, now, guard["minutes"])
    if problems or reasons:
        raise HardeningError("\n".join([*problems, *reasons]))
    return operations


def phone_addresses(connection: Connection, macs: Sequence[str]) -> list[str]:
    """Where the PBX sees these phones; one that it does not know is left out."""
    found = []
    for mac in macs:
        path = function("/Users/Pbx.GetPhoneRegistrar", {"mac": mac})
        try:
            address = connection.get(path, selecting(("IpAddress", "MAC"))).get("IpAddress")
        except Refused as error:
            if error.status not in (400, 404):
                raise
            continue
        if address:
            found.append(str(address))
    return found


def _check(params: Params) -> None:
    problems = []
    seen = set()
    for position, entry in enumerate(params["extensions"] or ()):
        number = entry["number"]
        if not (number.isascii() and number.isdigit()):
            problems.append(f"extensions[{position}].number: {number!r} is not digits, such as '201'.")
        if number in seen:
            problems.append(f"extensions[{position}].number: {number!r} stands there twice.")
        seen.add(number)
    minutes = (params.get("guard") or {}).get("minutes", 240)
    if not 1 <= minutes <= LONGEST_GUARD:
        problems.append(f"guard.minutes: {minutes} is not 1 to {LONGEST_GUARD}.")
    if problems:
        raise HardeningError("\n".join(problems))


def _mask(users: Mapping[str, User], context: RunContext) -> None:
    """What the PBX shows is as secret as what we send."""
    for user in users.values():
        context.masker.add(*user.secrets.values())


def _facts(connection: Connection, users: Mapping[str, User]) -> dict[str, Any]:
    return {
        "pbx": {"release": str(connection.release)},
        "weak": weak(users.values()),
        "requests": {"sent": connection.requests, "writing": connection.writes},
    }


def _shown(users: Mapping[str, User]) -> list[dict[str, Any]]:
    return [
        {
            "number": user.number,
            "roles": sorted(user.roles),
            "registered": user.registered,
            **{name: value for name, value in user.properties.items() if name not in ("Id", "Number", "IsRegistered")},
        }
        for user in users.values()
    ]


def _diff(plan: Plan) -> list[dict[str, str]]:
    entries = [diff_entry(f"extension {change.number}", change.before, change.after) for change in plan.changes]
    entries += [diff_entry(operation.what, {}, dict(operation.body or {})) for operation in plan.guard]
    return entries


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, needs_device=always_needed, required_if=REQUIRED_IF)
