# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did, in a few plain sentences for each device. Pure: reads the results that the roles register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sized
from typing import Any

Result = Mapping[str, Any]


def summarise(hosts: Iterable[Mapping[str, Any]], *, check_mode: bool = False) -> list[str]:
    """Lines for all hosts; each is a host's variables with its name and the results its roles registered."""
    hosts = list(hosts)
    lines = _missing(hosts)
    seen: set[str] = set()
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
                lines.append(f"{label}: failed; see the message above.")
                continue
            lines.extend(f"{label}: {line}" for line in describe(result, check_mode))
    return lines


def _missing(hosts: Iterable[Mapping[str, Any]]) -> list[str]:
    """What no device of the run does, and the user must know first."""
    checked = (host.get("declaration_result") for host in hosts)
    told = (result.get("summary", {}).get("router") for result in checked if isinstance(result, Mapping))
    return list(dict.fromkeys(str(text) for text in told if text))


def _router(result: Result, check_mode: bool) -> list[str]:
    router = result.get("router", {})
    before, after = result["posture"]["before"], result["posture"]["after"]
    commands = len(result["commands"])
    lines = [f"{router.get('model', 'router')}, firmware {router.get('firmware', 'unknown')}."]
    if not after["closed"]:
        lines.append("the voice firewall is removed: the data filter no longer blocks SIP and RTP.")
    elif not before["closed"]:
        lines.append(
            "before this run anyone on the internet could reach the ports that the router forwards to the PBX."
        )
    if after["closed"]:
        state = "would be closed" if check_mode else "closed now"
        state = state if result["changed"] else "closed"
        lines.append(f"{state} to everyone else, logged: {', '.join(after['blocked_ports'])}.")
        lines.extend(f"allowed in: {peer}" for peer in after["allowed"])
    if result["changed"]:
        done = "would be sent" if check_mode else "sent, read back, proved by a fresh login and saved"
        lines.append(f"{commands} commands {done}.")
    else:
        lines.append("nothing to change.")
    if after["closed"] and after.get("ipv6_closed"):
        lines.append(f"IPv6: {'would be ' if check_mode and result['changed'] else ''}closed for voice too.")
    elif after["closed"]:
        lines.append("IPv6: not checked.")
    lines.extend(f"STILL OPEN, not declared: {way}" for way in result.get("unknown_exposures", []))
    lines.extend(f"not supported here: {line}" for line in result.get("unsupported", []))
    lines.extend(result.get("notes", []))
    return lines


def _router_system(result: Result, check_mode: bool) -> list[str]:
    """Management of the router, control by control: verified, only written, or not possible."""
    by_state: dict[str, list[str]] = {}
    for control, state in result.get("controls", {}).items():
        by_state.setdefault(str(state), []).append(str(control).replace("_", " "))
    verb = "would be changed" if check_mode else "changed, and verified where the router shows it"
    words = {
        "enforced": verb,
        "verified": "already correct",
        "attested": "set by an earlier run; the router does not show it",
    }
    lines = [f"management: {words.get(state, state)}: {', '.join(names)}." for state, names in by_state.items()]
    return [*lines, *result.get("notes", [])]


def _credentials(result: Result, check_mode: bool) -> list[str]:
    done = "would be created" if check_mode else "created"
    lines = []
    if result.get("created"):
        lines.append(f"random ones {done} for {_extensions(result['created'])}.")
    if result.get("rotated"):
        lines.append(
            f"{_extensions(result['rotated'])} rotated; the previous ones are kept until the new ones are confirmed."
        )
    if result.get("confirmed"):
        lines.append(f"{_extensions(result['confirmed'])} confirmed; the previous ones are deleted.")
    if result.get("unchanged"):
        lines.append(f"{_extensions(result['unchanged'])} unchanged.")
    waiting = [number for number in result.get("unconfirmed", []) if number not in result.get("rotated", [])]
    if waiting:
        lines.append(f"{_extensions(waiting)} rotated earlier, not confirmed yet.")
    if result.get("removed"):
        lines.append(f"{_extensions(result['removed'])} no longer declared; removed from the file.")
    if result.get("orphaned"):
        lines.append(f"no longer declared, still in the file: {', '.join(result['orphaned'])}.")
    return lines


def _phones(result: Result, check_mode: bool) -> list[str]:
    phones = result.get("phones", [])
    changed = [phone for phone in phones if phone["changed"]]
    lines = [f"{_count(phones, 'phone', 'phones')} declared."]
    if not changed:
        return [*lines, "no configuration file changed."]
    verb = "would be written" if check_mode else "written"
    lines.append(f"new configuration {verb} for {_named(changed)}.")
    rebooting = [phone for phone in changed if phone["will_reboot"]]
    if rebooting:
        lines.append(f"will reboot when they fetch it: {_named(rebooting)}.")
    return lines


def _by_state(result: Result, words: Mapping[str, str]) -> list[str]:
    """The controls, one line for each state."""
    by_state: dict[str, list[str]] = {}
    for control, state in result.get("controls", {}).items():
        by_state.setdefault(str(state), []).append(str(control).replace("_", " "))
    return [f"{words.get(state, state)}: {', '.join(names)}." for state, names in by_state.items()]


def _threecx(result: Result, check_mode: bool) -> list[str]:
    """The PBX, control by control."""
    words = {
        "enforced": "would be changed" if check_mode else "changed and verified",
        "verified": "already correct",
        "attested": "set; cannot be verified",
        "unsupported": "not possible on this PBX",
    }
    lines = [f"3CX {result.get('pbx', {}).get('release', '')}.", *_by_state(result, words)]
    lines += [f"{control}: {reason}." for control, reason in result.get("reasons", {}).items()]
    return [*lines, *result.get("notes", [])]


def _yeastar(result: Result, check_mode: bool) -> list[str]:
    """What the API set, and what must be set by hand."""
    words = {
        "enforced": "would be changed" if check_mode else "changed and verified",
        "verified": "already correct",
        "attested": "set by hand, confirmed in the inventory",
        "stale": "CONFIRMED ONCE, NO LONGER VALID",
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
        lines.append(f"files for the PBX's import pages {verb}: {', '.join(result['files'])}.")
    return [*lines, *result.get("notes", [])]


def _pbx_extensions(result: Result, check_mode: bool) -> list[str]:
    lines = []
    for key, text in (("created", "created"), ("updated", "changed"), ("unchanged", "already correct")):
        if result.get(key):
            verb = f"would be {text}" if check_mode and key != "unchanged" else text
            lines.append(f"PBX: {_extensions(result[key])} {verb}.")
    if result.get("credentials_changed"):
        lines.append(f"PBX: new credentials for {', '.join(result['credentials_changed'])}.")
    weak = result.get("weak", {})
    if weak:
        when = " before this run" if check_mode else ""
        lines.append(f"PBX: weak credentials{when}: {', '.join(sorted(weak))}.")
    undeclared = result.get("undeclared", [])
    if undeclared:
        lines.append(f"PBX: extensions not declared: {', '.join(undeclared)}.")
    return [*lines, *result.get("notes", [])]


def _pbx_reprovision(result: Result, check_mode: bool) -> list[str]:
    lines = []
    if result.get("told"):
        verb = "would be asked" if check_mode else "asked"
        lines.append(f"{_count(result['told'], 'phone', 'phones')} {verb} to fetch new credentials.")
    if result.get("registered"):
        lines.append(f"registered with the new credentials: {', '.join(result['registered'])}.")
    return [*lines, *result.get("notes", [])]


def _role_lines(result: Result, _check_mode: bool) -> list[str]:
    """A role that words its own lines."""
    return [str(line) for line in result.get("lines", [])]


def _phones_fetched(result: Result, check_mode: bool) -> list[str]:
    """Which phones have the current files, as the server's log shows."""
    lines = []
    current = [*result.get("already_current", []), *result.get("fetched", [])]
    if current:
        lines.append(f"{_count(current, 'phone has', 'phones have')} fetched the current files.")
    if result.get("told"):
        verb = "would be asked" if check_mode else "asked"
        lines.append(f"{_count(result['told'], 'phone', 'phones')} {verb} to fetch them.")
    missing = result.get("not_fetched", [])
    if missing and not check_mode:
        lines.append(f"NOT HARDENED YET, configuration not downloaded: {_named(missing)}.")
    return [*lines, *result.get("notes", [])]


def _settled(result: Result, _check_mode: bool) -> list[str]:
    lines = []
    if result.get("confirmed"):
        lines.append(f"seen to work; their previous credentials are deleted: {', '.join(result['confirmed'])}.")
    return lines


def _named(phones: Iterable[Mapping[str, Any]]) -> str:
    """Phones by what the installer calls them: the extensions, and the MAC address."""
    return ", ".join(
        f"{' '.join(map(str, phone['extensions']))} ({phone['mac']})" if phone.get("extensions") else str(phone["mac"])
        for phone in phones
    )


def _extensions(numbers: Iterable[Any]) -> str:
    found = [str(number) for number in numbers]
    return f"{_count(found, 'extension', 'extensions')} ({', '.join(found)})"


def _count(items: Sized, one: str, many: str) -> str:
    return f"{len(items)} {one if len(items) == 1 else many}"


def _declaration(_result: Result, _check_mode: bool) -> list[str]:
    return [f"declared but not applied, because the inventory has no PBX: {', '.join(NOT_ENFORCED)}."]


NOT_ENFORCED = ("allowed_countries", "barred_numbers", "PBX side of lockout, alerts and credentials")
"""Controls that only a PBX can enforce. Reported after every run without one, so that nobody takes them for done."""
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
"""The variable that a role registers, and the function that words it."""
ONCE = {
    "credentials_result": "credentials",
    "credentials_settled": "credentials",
    "declaration_result": "not enforced yet",
}
"""Results of the whole customer, which every host carries; reported once, with this label."""
