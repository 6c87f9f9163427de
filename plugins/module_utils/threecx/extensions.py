# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of threecx_extensions: all declared extensions of one PBX in one transaction."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS, always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.converge import Transaction, converge
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.credentials import (
    CREDENTIAL_OPTIONS,
    handed_over,
    prepare,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.extensions import (
    NEVER,
    ExtensionPlan,
    number_problems,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import ip_list
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection, connected
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.errors import Refused
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import Release
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.guard import networks, plan_guard
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import function, selecting
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.users import (
    PIN_AND_EMERGENCY,
    SRTP,
    User,
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
MAX_GUARD_MINUTES = 24 * 60
Plan = ExtensionPlan[Wanted]


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, read back."""
    if params["state"] != "gathered":
        _check(params)
    with connected(params, context) as connection:
        if params["state"] == "gathered":
            users = _users(connection, context)
            return Outcome(False, {"extensions": _shown(users), **_facts(connection, users)})
        return _converge(params, context, connection)


def _users(connection: Connection, context: RunContext) -> dict[str, User]:
    """All extensions. What the PBX shows is as secret as what is sent."""
    users = parse_users(connection.pages("/Users", query(connection.release)))
    for user in users.values():
        context.masker.add(*user.secrets.values())
    return users


def _converge(params: Params, context: RunContext, connection: Connection) -> Outcome:
    def plan(users: Mapping[str, User]) -> Plan:
        found = plan_extensions(params, users, connection.release)
        _guard(found, params, connection)
        return found

    settled = {**params, "web_password": NEVER}
    done = converge(
        Transaction(
            gather=lambda: _users(connection, context),
            plan=plan,
            settle=lambda users: plan_extensions(settled, users, connection.release),
            send=connection.send,
            page="the Admin Console",
        ),
        check_mode=context.check_mode,
    )
    secrets_kept = (number for number, want in done.plan.wants.items() if in_force(want, done.after.get(number)))
    result = {
        **done.plan.results(done.before, done.sent, secrets_kept),
        "notes": done.plan.notes,
        **_facts(connection, done.after),
    }
    return Outcome(bool(done.sent), result, done.plan.diff())


def plan_extensions(params: Params, users: Mapping[str, User], release: Release) -> Plan:
    """Everything that is declared about extensions, but for the guard."""
    plan = Plan()
    bundle = handed_over(params)
    for entry in params["extensions"]:
        number = entry["number"]
        plan.want(number, *wanted(entry, bundle.get(number), release))
        want = plan.wants[number]
        user = users.get(number)
        if user and user.administers and params["require_2fa_for_administrators"]:
            want = Wanted(number, {"Require2FA": True, **want.properties}, want.secrets)
        change = plan_user(want, user, unreadable=params["web_password"])
        if change:
            plan.changes.append(change)
    if params["require_2fa_for_administrators"]:
        plan.changes += [require_2fa(user) for user in administrators_without_2fa(users.values(), list(plan.wants))]
    if params["state"] == "overridden":
        for number, user in users.items():
            if number in plan.wants or not user.properties.get("Enabled"):
                continue
            if user.administers:
                plan.notes.append(f"{number} is not declared and stays enabled: it administers the PBX.")
            else:
                plan.changes.append(disable(user))
    plan.notes += plan.lacking_notes()
    protected = [number for number, want in plan.wants.items() if want.properties.get("PinProtected")]
    if protected:
        plan.notes.append(f"{PIN_AND_EMERGENCY}: {', '.join(protected)}")
    return plan


def _guard(plan: Plan, params: Params, connection: Connection) -> None:
    """Allow entries for the site's addresses, only when credentials of existing extensions change."""
    guard = params.get("guard")
    if not guard or not plan.rotated:
        return
    macs = [entry["mac"] for entry in params["extensions"] if entry["number"] in plan.rotated and entry.get("mac")]
    addresses, problems = networks([*guard["addresses"], *phone_addresses(connection, macs)])
    entries, _unparsed = ip_list.parse_rows(connection.pages("/Blocklist", selecting(ip_list.FIELDS)))
    now = datetime.datetime.now(datetime.UTC)
    plan.guard, reasons = plan_guard(entries, addresses, now, guard["minutes"])
    plan.problems += [*problems, *reasons]


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
    problems = number_problems(params["extensions"] or ())
    minutes = (params.get("guard") or {}).get("minutes", 240)
    if not 1 <= minutes <= MAX_GUARD_MINUTES:
        problems.append(f"guard.minutes: {minutes} is not 1 to {MAX_GUARD_MINUTES}.")
    if problems:
        raise HardeningError("\n".join(problems))


def _facts(connection: Connection, users: Mapping[str, User]) -> dict[str, Any]:
    return {
        "pbx": {"release": str(connection.release)},
        "weak": weak(users.values()),
        "requests": connection.counts,
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


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, needs_device=always_needed, required_if=REQUIRED_IF)
