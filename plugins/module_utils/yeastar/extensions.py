# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of yeastar_extensions: all declared extensions of one PBX in one transaction, on either series."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
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
    ALWAYS,
    NEVER,
    ON_CREATE,
    ExtensionPlan,
    number_problems,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import ExtensionSecrets
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.dialects import DIALECTS, Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.extension import (
    Wanted,
    in_force,
    plan_extension,
    refused_secrets,
    wanted,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.gathered_extensions import (
    Gathered,
    gather_p,
    gather_s,
    weak,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.p_client import PSeries, p_series
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.s_client import SSeries, s_series

EXTENSION_OPTIONS: dict[str, Any] = {
    "number": {"type": "str", "required": True},
    "name": {"type": "str"},
    "remote_registration": {"type": "bool"},
    "transport": {"type": "str", "choices": ["udp", "tcp", "tls"]},
    "srtp": {"type": "bool"},
    "concurrent_registrations": {"type": "int"},
    "voicemail": {"type": "bool"},
    "voicemail_asks_pin": {"type": "bool"},
    "outbound_disabled": {"type": "bool"},
    "outbound_office_hours_only": {"type": "bool"},
    "max_call_seconds": {"type": "int"},
    "allowed_networks": {"type": "list", "elements": "str"},
    "user_agents": {"type": "list", "elements": "str"},
    "mac": {"type": "str"},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "series": {"type": "str", "choices": ["p", "s"], "default": "p"},
    "state": {"type": "str", "choices": ["merged", "gathered"], "default": "merged"},
    "extensions": {"type": "list", "elements": "dict", "options": EXTENSION_OPTIONS},
    **CREDENTIAL_OPTIONS,
    "web_password": {"type": "str", "choices": [NEVER, ON_CREATE, ALWAYS], "default": ON_CREATE, "no_log": False},
    "update_password": {"type": "str", "choices": [ON_CREATE, ALWAYS], "default": ON_CREATE, "no_log": False},
    "unconfirmed": {"type": "list", "elements": "str", "default": []},
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
REQUIRED_IF = [("state", "merged", ["extensions"])]
LONG_WORD = 4
"""Letters."""
MAX_DIGITS = 7
"""Of an extension's number."""
Plan = ExtensionPlan[Wanted]


@dataclass(frozen=True)
class Session:
    """One PBX of either series, as this core uses it."""

    dialect: Dialect
    client: PSeries | SSeries
    gather: Callable[[Collection[str] | None], Gathered]


@contextlib.contextmanager
def _session(params: Params, context: RunContext) -> Iterator[Session]:
    if params["series"] == "s":
        with s_series(params, context) as s:
            yield Session(DIALECTS["s"], s, lambda _numbers: gather_s(s))
        return
    with p_series(params, context) as p:
        yield Session(DIALECTS["p"], p, lambda numbers: gather_p(p, numbers))


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, read back."""
    secrets = handed_over(params)
    if params["state"] != "gathered":
        _check(params)
    with _session(params, context) as session:
        if params["state"] == "gathered":
            found = _gather(session, context, None)
            return Outcome(False, {"extensions": _shown(found), **_facts(session, found)})
        return _converge(params, context, session, secrets)


def _gather(session: Session, context: RunContext, read_secrets_of: Collection[str] | None) -> Gathered:
    """What the PBX shows is as secret as what is sent."""
    found = session.gather(read_secrets_of)
    for extension in found.extensions.values():
        context.masker.add(*extension.secrets.values())
    return found


def _converge(
    params: Params, context: RunContext, session: Session, secrets: Mapping[str, ExtensionSecrets]
) -> Outcome:
    def plan(found: Gathered) -> Plan:
        first = plan_extensions(params, session.dialect, found, secrets)
        bare = [change.number for change in first.changes if change.created and change.number not in secrets]
        if bare and not context.check_mode:
            first.problems.append(
                f"extensions: {', '.join(bare)} would be created, which needs their credentials; give "
                "credentials_file. Nothing was changed."
            )
        first.problems += refusals(first, params, found, secrets)
        return first

    settled = {**params, "web_password": NEVER, "update_password": ON_CREATE, "unconfirmed": []}
    done = converge(
        Transaction(
            gather=lambda: _gather(session, context, frozenset(secrets)),
            plan=plan,
            settle=lambda found: plan_extensions(settled, session.dialect, found, secrets),
            send=session.client.send,
            page="the PBX's web page",
            # What a PBX shows of an extension is known only once it has one, so a new one may need a second request.
            second_round=_only_new_ones,
        ),
        check_mode=context.check_mode,
    )
    before, found, changes = done.before, done.after, done.plan.changes
    written = {change.number for change in changes if change.created or change.secrets}
    unsure = sorted(
        number
        for number, want in done.plan.wants.items()
        if want.secrets and found.unreadable and number in before.extensions and number not in written
    )
    in_force_now = (
        number for number, want in done.plan.wants.items() if in_force(want, found.extensions.get(number), written)
    )
    result = {
        **done.plan.results(before.extensions, done.sent, in_force_now),
        "not_compared": unsure,
        "unsupported": {
            option: [{"reason": reason, "extensions": numbers} for reason, numbers in reasons.items()]
            for option, reasons in done.settled.lacking.items()
        },
        "notes": [*_notes(found, unsure, _at_risk(done.plan, before)), *done.settled.lacking_notes()],
        **_facts(session, found),
    }
    return Outcome(bool(done.sent), result, done.plan.diff())


def _only_new_ones(first: Plan, left: Plan) -> bool:
    created = {change.number for change in first.changes if change.created}
    return {change.number for change in left.changes} <= created


def plan_extensions(params: Params, dialect: Dialect, found: Gathered, secrets: Mapping[str, ExtensionSecrets]) -> Plan:
    """Everything that is declared about extensions."""
    plan = Plan()
    for entry in params["extensions"]:
        number = entry["number"]
        plan.want(number, *wanted(entry, secrets.get(number), dialect, found.shown, found.forms))
        again = params["update_password"] == ALWAYS or number in params["unconfirmed"]
        change = plan_extension(
            plan.wants[number],
            found.extensions.get(number),
            dialect,
            unreadable=ALWAYS if again else ON_CREATE,
            login=params["web_password"],
        )
        if change:
            plan.changes.append(change)
    return plan


def refusals(plan: Plan, params: Params, found: Gathered, secrets: Mapping[str, ExtensionSecrets]) -> list[str]:
    """Why the PBX would refuse credentials that are about to be sent: they satisfy the strictest of all Yeastar's
    rules, or nothing is sent."""
    names = {entry["number"]: entry.get("name") or "" for entry in params["extensions"]}
    problems = []
    for change in plan.changes:
        number = change.number
        if number not in secrets or not (change.created or change.secrets):
            continue
        known = found.extensions[number].name if number in found.extensions else ""
        # The declared name was known when the credentials were made; of the PBX's own only long words can be meant.
        words = [word for word in known.split() if len(word) >= LONG_WORD]
        refused = refused_secrets(number, " ".join([names[number], *words]), secrets[number])
        if refused:
            problems.append(
                f"extensions: the vault's {' and '.join(refused)} of {number} is one that a Yeastar refuses (too "
                f"short, or with its number, a part of its name or digits in sequence in it). Rotate {number}."
            )
    return problems


def _check(params: Params) -> None:
    """Everything that can be known to be wrong before a device is touched."""
    problems = number_problems(params["extensions"] or (), MAX_DIGITS)
    for position, entry in enumerate(params["extensions"] or ()):
        problems += _network_problems(position, entry.get("allowed_networks") or ())
    if problems:
        raise HardeningError("\n".join(problems))


def _network_problems(position: int, networks: Collection[str]) -> list[str]:
    problems = []
    for text in networks:
        try:
            ipaddress.IPv4Network(text)
        except ValueError:
            problems.append(
                f"extensions[{position}].allowed_networks: {text!r} is not an IPv4 network such as '192.168.10.0/24'."
            )
    return problems


def _at_risk(plan: Plan, before: Gathered) -> list[str]:
    """Extensions whose phones go on with the old credentials for a while."""
    return [number for number in plan.rotated if before.extensions[number].registered]


def _notes(found: Gathered, unsure: list[str], at_risk: list[str]) -> list[str]:
    notes = []
    if at_risk:
        notes.append(
            "until their phones have the new password, the PBX may block their addresses, unless static defence "
            f"accepts them (see the checklist): {', '.join(at_risk)}"
        )
    if unsure:
        notes.append(
            f"{found.unreadable}: {', '.join(unsure)}. If they may not have the vault's credentials, run once with "
            "update_password=always"
        )
    return notes


def _facts(session: Session, found: Gathered) -> dict[str, Any]:
    return {
        "pbx": {"series": session.dialect.name},
        "weak": weak(found, session.dialect),
        "requests": session.client.counts,
    }


def _shown(found: Gathered) -> list[Json]:
    return [
        {"number": each.number, "name": each.name, "registered": each.registered, "settings": dict(each.properties)}
        for each in found.extensions.values()
    ]


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, needs_device=always_needed, required_if=REQUIRED_IF)
