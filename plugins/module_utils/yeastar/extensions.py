# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of yeastar_extensions: all declared extensions of one PBX in one transaction, on either series."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Callable, Collection, Iterator, Mapping
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
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.apply import apply_all
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS, always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.credentials import (
    CREDENTIAL_OPTIONS,
    handed_over,
    prepare,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json, Operation, revealed
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.weak import weaknesses
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import ExtensionSecrets
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.dialects import DIALECTS, Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.extension import (
    ALWAYS,
    NEVER,
    ON_CREATE,
    ExtensionChange,
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
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.p_client import p_series
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.s_client import s_series

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


@dataclass(frozen=True)
class Session:
    """One PBX of either series, as this core uses it."""

    dialect: Dialect
    gather: Callable[[Collection[str] | None], Gathered]
    send: Callable[[Operation], Any]
    counts: Callable[[], dict[str, int]]


@contextlib.contextmanager
def _session(params: Params, context: RunContext) -> Iterator[Session]:
    if params["series"] == "s":
        with s_series(params, context) as s:
            yield Session(
                DIALECTS["s"],
                lambda _numbers: gather_s(s),
                lambda operation: s.change(operation.path, revealed(operation.body), operation.what),
                lambda: {"sent": s.requests, "writing": s.writes},
            )
        return
    with p_series(params, context) as p:
        yield Session(
            DIALECTS["p"],
            lambda numbers: gather_p(p, numbers),
            lambda operation: p.post(operation.path, revealed(operation.body), operation.what),
            lambda: {"sent": p.requests, "writing": p.writes},
        )


@dataclass
class Plan:
    """Everything that one run means to do."""

    changes: list[ExtensionChange] = field(default_factory=list)
    wants: dict[str, Wanted] = field(default_factory=dict)
    lacking: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """Option -> reason -> numbers."""

    @property
    def operations(self) -> list[Operation]:
        """In the order of the declaration."""
        return [change.operation for change in self.changes]


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, read back."""
    secrets = handed_over(params)
    if params["state"] != "gathered":
        _check(params)
    with _session(params, context) as session:
        numbers = None if params["state"] == "gathered" else frozenset(secrets)
        found = session.gather(numbers)
        _mask(found, context)
        if params["state"] == "gathered":
            return Outcome(False, {"extensions": _shown(found), **_facts(session, found)})
        return _converge(params, context, session, found, secrets)


def _converge(
    params: Params, context: RunContext, session: Session, before: Gathered, secrets: Mapping[str, ExtensionSecrets]
) -> Outcome:
    plan = _plan(params, session.dialect, before, secrets)
    bare = [change.number for change in plan.changes if change.created and change.number not in secrets]
    if bare and not context.check_mode:
        raise HardeningError(
            f"extensions: the PBX has no {', '.join(bare)}, and makes none without credentials; give credentials_file. "
            "Nothing was changed."
        )
    _refuse_what_the_pbx_would(plan, params, before, secrets)
    operations = list(plan.operations)
    changes = list(plan.changes)
    found = before
    if operations and not context.check_mode:
        apply_all(session.send, operations)
        found = session.gather(frozenset(secrets))
        _mask(found, context)
        settled = {**params, "web_password": NEVER, "update_password": ON_CREATE, "unconfirmed": []}
        left = _plan(settled, session.dialect, found, secrets)
        created = {change.number for change in plan.changes if change.created}
        if left.changes and {change.number for change in left.changes} <= created:
            # What a PBX shows of an extension is known only once it has one, so a new one may need a second request.
            apply_all(session.send, left.operations)
            operations += left.operations
            found = session.gather(frozenset(secrets))
            _mask(found, context)
            left = _plan(settled, session.dialect, found, secrets)
        plan.lacking = left.lacking
        if left.changes:
            raise HardeningError(
                "the PBX took the changes, and reads differently afterwards: "
                + "; ".join(f"{change.number}: {', '.join(sorted(change.after))}" for change in left.changes[:20])
            )
    written = {change.number for change in changes if change.created or change.secrets}
    unsure = sorted(
        number
        for number, want in plan.wants.items()
        if want.secrets and found.unreadable and number in before.extensions and number not in written
    )
    result = {
        "created": [change.number for change in changes if change.created],
        "updated": [change.number for change in changes if not change.created],
        "unchanged": sorted(set(plan.wants) - {change.number for change in changes}),
        "credentials_changed": [change.number for change in changes if change.secrets],
        "in_force": sorted(
            number for number, want in plan.wants.items() if in_force(want, found.extensions.get(number), written)
        ),
        "registered_before": sorted(number for number, each in before.extensions.items() if each.registered),
        "undeclared": sorted(set(before.extensions) - set(plan.wants)),
        "not_compared": unsure,
        "unsupported": {
            option: [{"reason": reason, "extensions": numbers} for reason, numbers in reasons.items()]
            for option, reasons in plan.lacking.items()
        },
        "operations": [operation.shown() for operation in operations],
        "notes": _notes(plan, found, unsure, _at_risk(changes, before)),
        **_facts(session, found),
    }
    return Outcome(bool(operations), result, _diff(changes))


def _plan(params: Params, dialect: Dialect, found: Gathered, secrets: Mapping[str, ExtensionSecrets]) -> Plan:
    plan = Plan()
    for entry in params["extensions"]:
        number = entry["number"]
        want, lacking = wanted(entry, secrets.get(number), dialect, found.shown, found.forms)
        plan.wants[number] = want
        for option, reason in lacking.items():
            plan.lacking.setdefault(option, {}).setdefault(reason, []).append(number)
        again = params["update_password"] == ALWAYS or number in params["unconfirmed"]
        change = plan_extension(
            want,
            found.extensions.get(number),
            dialect,
            unreadable=ALWAYS if again else ON_CREATE,
            login=params["web_password"],
        )
        if change:
            plan.changes.append(change)
    return plan


def _refuse_what_the_pbx_would(
    plan: Plan, params: Params, found: Gathered, secrets: Mapping[str, ExtensionSecrets]
) -> None:
    """Credentials that are about to be sent satisfy the strictest of all Yeastar's rules, or nothing is sent."""
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
    if problems:
        raise HardeningError("\n".join(problems))


def _check(params: Params) -> None:
    """Everything that can be known to be wrong before a device is touched."""
    problems = []
    seen = set()
    for position, entry in enumerate(params["extensions"] or ()):
        number = entry["number"]
        if not (number.isascii() and number.isdigit() and len(number) <= 7):
            problems.append(f"extensions[{position}].number: {number!r} is not 1 to 7 digits, such as '1001'.")
        if number in seen:
            problems.append(f"extensions[{position}].number: {number!r} stands there twice.")
        seen.add(number)
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


def _at_risk(changes: Collection[ExtensionChange], before: Gathered) -> list[str]:
    """Extensions whose phones go on with the old credentials for a while."""
    return [change.number for change in changes if change.secrets and before.extensions[change.number].registered]


def _notes(plan: Plan, found: Gathered, unsure: list[str], at_risk: list[str]) -> list[str]:
    notes = []
    if at_risk:
        notes.append(
            "until their phones have the new password, their addresses may be blocked, unless they are accepted in "
            "static "
            f"defence (see the checklist): {', '.join(at_risk)}"
        )
    if unsure:
        notes.append(
            f"{found.unreadable}: {', '.join(unsure)}. If they may not have the vault's credentials, run once with "
            "update_password=always"
        )
    for option, reasons in plan.lacking.items():
        notes += [f"{option} is not set: {reason}: {', '.join(numbers)}" for reason, numbers in reasons.items()]
    return notes


def _mask(found: Gathered, context: RunContext) -> None:
    """What the PBX shows is as secret as what we send."""
    for extension in found.extensions.values():
        context.masker.add(*extension.secrets.values())


def _facts(session: Session, found: Gathered) -> dict[str, Any]:
    names = {field: key for key, field in session.dialect.secrets.items()}
    weak = {}
    for number, each in found.extensions.items():
        reasons = weaknesses(
            number,
            auth_id=each.secrets.get(names["auth_id"]),
            sip_password=each.secrets.get(names["sip_password"]),
            pin=each.secrets.get(names["voicemail_pin"]),
        )
        if reasons:
            weak[number] = reasons
    return {"pbx": {"series": session.dialect.name}, "weak": weak, "requests": session.counts()}


def _shown(found: Gathered) -> list[Json]:
    return [
        {"number": each.number, "name": each.name, "registered": each.registered, "settings": dict(each.properties)}
        for each in found.extensions.values()
    ]


def _diff(changes: list[ExtensionChange]) -> list[dict[str, str]]:
    return [diff_entry(f"extension {change.number}", change.before, change.after) for change in changes]


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, needs_device=always_needed, required_if=REQUIRED_IF)
