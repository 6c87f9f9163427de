# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did, in a few plain sentences for each device. Pure: reads the results that the roles register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Result = Mapping[str, Any]


def summarise(hosts: Iterable[Mapping[str, Any]], *, check_mode: bool = False) -> list[str]:
    """Lines for all hosts; each is a host's variables with its name and the results its roles registered."""
    lines: list[str] = []
    seen: set[str] = set()
    hosts = list(hosts)
    with_pbx = any(variable in host for host in hosts for variable in WITH_PBX)
    for host in hosts:
        name = str(host.get("inventory_hostname", "?"))
        for variable, describe in DESCRIBERS.items():
            result = host.get(variable)
            if not isinstance(result, Mapping) or result.get("skipped"):
                continue
            if (variable in ONCE and variable in seen) or (variable == "declaration_result" and with_pbx):
                continue
            seen.add(variable)
            label = ONCE.get(variable, name)
            if result.get("failed"):
                lines.append(f"{label}: failed, see above. What it did before stays as the message says.")
                continue
            lines.extend(f"{label}: {line}" for line in describe(result, check_mode))
    return lines


def _router(result: Result, check_mode: bool) -> list[str]:
    router = result.get("router", {})
    before, after = result["posture"]["before"], result["posture"]["after"]
    commands = len(result["commands"])
    lines = [f"{router.get('model', 'router')}, firmware {router.get('firmware', 'unknown')}."]
    if not after["closed"]:
        lines.append("the voice firewall is taken out: the data filter no longer blocks SIP and RTP.")
    elif not before["closed"]:
        lines.append(
            "was open: no rule kept anybody on the internet from the ports that the router forwards to the PBX."
        )
    if after["closed"]:
        state = "would be closed" if check_mode else "closed now"
        state = state if result["changed"] else "closed"
        lines.append(f"{state}: {', '.join(after['blocked_ports'])} for everybody else, logged.")
        lines.extend(f"may come in: {peer}" for peer in after["allowed"])
    if result["changed"]:
        done = "would be sent" if check_mode else "sent, read back, proved by a fresh login and saved"
        lines.append(f"{commands} commands {done}.")
    else:
        lines.append("nothing to change.")
    if after["closed"] and after.get("ipv6_closed"):
        lines.append(f"IPv6: {'would be ' if check_mode and result['changed'] else ''}closed for voice too.")
    elif after["closed"]:
        lines.append("IPv6: not looked at.")
    lines.extend(f"STILL OPEN, and nobody declared it: {way}" for way in result.get("unknown_exposures", []))
    lines.extend(f"not possible here: {line}" for line in result.get("unsupported", []))
    lines.extend(result.get("notes", []))
    return lines


def _router_system(result: Result, check_mode: bool) -> list[str]:
    """The management plane, control by control: what was read, what was only written, what cannot be done."""
    by_state: dict[str, list[str]] = {}
    for control, state in result.get("controls", {}).items():
        by_state.setdefault(str(state), []).append(str(control).replace("_", " "))
    verb = "would be set" if check_mode else "set now and read back where the router shows it"
    words = {
        "enforced": verb,
        "verified": "read and right",
        "attested": "set by an earlier run; the router does not show it",
    }
    lines = [f"management: {words.get(state, state)}: {', '.join(names)}." for state, names in by_state.items()]
    return [*lines, *result.get("notes", [])]


def _credentials(result: Result, check_mode: bool) -> list[str]:
    done = "would be made" if check_mode else "made"
    lines = []
    if result.get("created"):
        lines.append(f"{_extensions(result['created'])} had no credentials; random ones {done}.")
    if result.get("rotated"):
        lines.append(f"{_extensions(result['rotated'])} rotated; the previous ones are kept until confirmed.")
    if result.get("confirmed"):
        lines.append(f"{_extensions(result['confirmed'])} confirmed; the generation before is forgotten.")
    if result.get("unchanged"):
        lines.append(f"{_extensions(result['unchanged'])} unchanged.")
    waiting = [number for number in result.get("unconfirmed", []) if number not in result.get("rotated", [])]
    if waiting:
        lines.append(f"{_extensions(waiting)} rotated earlier and not yet confirmed.")
    if result.get("removed"):
        lines.append(f"{_extensions(result['removed'])} no longer declared, removed from the file.")
    if result.get("orphaned"):
        lines.append(f"no longer declared, still in the file: {', '.join(result['orphaned'])}.")
    return lines


def _phones(result: Result, check_mode: bool) -> list[str]:
    phones = result.get("phones", [])
    changed = [phone for phone in phones if phone["changed"]]
    lines = [f"{len(phones)} phones declared."]
    if not changed:
        return [*lines, "no configuration file changes."]
    verb = "would be written" if check_mode else "written"
    lines.append(f"new configuration {verb} for {', '.join(str(phone['mac']) for phone in changed)}.")
    rebooting = [phone for phone in changed if phone["will_reboot"]]
    if rebooting:
        lines.append(f"will reboot when they fetch it: {', '.join(str(phone['mac']) for phone in rebooting)}.")
    return lines


def _by_state(result: Result, words: Mapping[str, str]) -> list[str]:
    """The controls, one line for each state."""
    by_state: dict[str, list[str]] = {}
    for control, state in result.get("controls", {}).items():
        by_state.setdefault(str(state), []).append(str(control).replace("_", " "))
    return [f"{words.get(state, state)}: {', '.join(names)}." for state, names in by_state.items()]


def _threecx(result: Result, check_mode: bool) -> list[str]:
    """The PBX, control by control: what was read, what was set, what cannot be seen."""
    words = {
        "enforced": "would be set" if check_mode else "set now and read back",
        "verified": "read and right",
        "attested": "set, but its effect cannot be read",
        "unsupported": "not possible on this PBX",
    }
    lines = [f"3CX {result.get('pbx', {}).get('release', '')}.", *_by_state(result, words)]
    lines += [f"{control}: {reason}." for control, reason in result.get("reasons", {}).items()]
    return [*lines, *result.get("notes", [])]


def _yeastar(result: Result, check_mode: bool) -> list[str]:
    """What the API set, and what somebody must set by hand."""
    words = {
        "enforced": "would be set" if check_mode else "set now and read back",
        "verified": "read and right",
        "attested": "set by hand, and confirmed in the inventory",
        "stale": "CONFIRMED ONCE, AND NOT ANY MORE",
        "manual": "TO BE SET BY HAND, see the checklist",
    }
    pbx = result.get("pbx", {})
    about = " ".join(str(pbx[name]) for name in ("series", "model", "firmware") if pbx.get(name))
    lines = [f"Yeastar {about}.", *_by_state(result, words)]
    stale = [control for control, state in result.get("controls", {}).items() if state == "stale"]
    reasons = result.get("reasons", {})
    lines += [f"{control.replace('_', ' ')}: {reasons[control]}." for control in stale if control in reasons]
    if result.get("files"):
        verb = "would be written" if check_mode else "written"
        lines.append(f"for the web page {verb}: {', '.join(result['files'])}.")
    return [*lines, *result.get("notes", [])]


def _pbx_extensions(result: Result, check_mode: bool) -> list[str]:
    lines = []
    for key, text in (("created", "created"), ("updated", "changed"), ("unchanged", "as declared")):
        if result.get(key):
            verb = f"would be {text}" if check_mode and key != "unchanged" else text
            lines.append(f"PBX: {_extensions(result[key])} {verb}.")
    if result.get("credentials_changed"):
        lines.append(f"PBX: new credentials for {', '.join(result['credentials_changed'])}.")
    weak = result.get("weak", {})
    if weak:
        verb = "were weak before this run would change them" if check_mode else "have weak credentials"
        lines.append(f"PBX: {verb}: {', '.join(sorted(weak))}.")
    undeclared = result.get("undeclared", [])
    if undeclared:
        lines.append(f"PBX: extensions that nobody declared: {', '.join(undeclared)}.")
    return [*lines, *result.get("notes", [])]


def _pbx_reprovision(result: Result, check_mode: bool) -> list[str]:
    lines = []
    if result.get("told"):
        verb = "would be told" if check_mode else "were told"
        lines.append(f"{len(result['told'])} phones {verb} to fetch their new credentials.")
    if result.get("registered"):
        lines.append(f"registered with them: {', '.join(result['registered'])}.")
    return [*lines, *result.get("notes", [])]


def _role_lines(result: Result, _check_mode: bool) -> list[str]:
    """A role that words its own lines."""
    return [str(line) for line in result.get("lines", [])]


def _phones_fetched(result: Result, check_mode: bool) -> list[str]:
    """Who has the current files, as the server's log shows."""
    lines = []
    current = [*result.get("already_current", []), *result.get("fetched", [])]
    if current:
        lines.append(f"{len(current)} phones have fetched their current files.")
    if result.get("told"):
        verb = "would be told" if check_mode else "were told"
        lines.append(f"{len(result['told'])} phones {verb} to fetch them.")
    missing = [str(phone["mac"]) for phone in result.get("not_fetched", [])]
    if missing and not check_mode:
        lines.append(f"HAVE NOT FETCHED THEIR FILES YET, and are as they were: {', '.join(missing)}.")
    return [*lines, *result.get("notes", [])]


def _settled(result: Result, _check_mode: bool) -> list[str]:
    lines = []
    if result.get("confirmed"):
        lines.append(f"seen to work, the generation before is forgotten: {', '.join(result['confirmed'])}.")
    return lines


def _extensions(numbers: Iterable[Any]) -> str:
    found = [str(number) for number in numbers]
    return f"{len(found)} extension{'' if len(found) == 1 else 's'} ({', '.join(found)})"


def _declaration(_result: Result, _check_mode: bool) -> list[str]:
    return [f"declared, but written to no PBX, because the inventory has none: {', '.join(NOT_ENFORCED)}."]


NOT_ENFORCED = ("allowed_countries", "barred_numbers", "PBX side of lockout, alerts and credentials")
"""Controls that only a PBX can enforce. Said after every run without one, so that nobody takes them for done."""
WITH_PBX = frozenset({"threecx_security_result", "yeastar_security_result"})
"""Results that show that there is one."""

DESCRIBERS: dict[str, Callable[[Result, bool], list[str]]] = {
    "credentials_result": _credentials,
    "draytek_result": _router,
    "draytek_system_result": _router_system,
    "yealink_provisioning_result": _role_lines,
    "yealink_result": _phones,
    "yealink_sync_result": _phones_fetched,
    "threecx_security_result": _threecx,
    "threecx_extensions_result": _pbx_extensions,
    "threecx_reprovision_result": _pbx_reprovision,
    "yeastar_security_result": _yeastar,
    "yeastar_extensions_result": _pbx_extensions,
    "yeastar_reprovision_result": _pbx_reprovision,
    "credentials_settled": _settled,
    "antivirus_result": _role_lines,
    "pbx_host_result": _role_lines,
    "declaration_result": _declaration,
}
"""The variable that a role registers, and how it is told."""
ONCE = {
    "credentials_result": "credentials",
    "credentials_settled": "credentials",
    "declaration_result": "not enforced yet",
}
"""Results that belong to the customer and stand with every host, with the label they get."""
