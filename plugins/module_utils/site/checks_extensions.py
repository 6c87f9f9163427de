# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of extensions, phones and remote sites against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import EMERGENCY_NUMBERS
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_tree import (
    Circumstances,
    Reading,
    entries,
    items,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, problem, warning

EMERGENCY = ", ".join(EMERGENCY_NUMBERS)


def extension_numbers_are_unique(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """Every number once."""
    numbers = [(f"{path}.number", entry.get("number")) for path, entry in entries(reading, "extensions")]
    for path, number, first in repeated(numbers):
        yield problem(path, number, f"is declared already as {first}; every extension needs a number of its own")


def macs_are_unique(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """Every phone once."""
    phones = [(path, entry.get("phone") or {}) for path, entry in entries(reading, "extensions")]
    for path, mac, first in repeated((f"{path}.phone.mac", phone.get("mac")) for path, phone in phones):
        yield problem(path, mac, f"is declared already as {first}; every phone belongs to one extension")


def peer_names_are_unique(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """Providers and remote sites are told apart by their names, whatever the case of the letters."""
    peers = [*entries(reading, "trunk_providers"), *entries(reading, "remote_sites")]
    names = [(f"{path}.name", entry.get("name")) for path, entry in peers]
    for path, name, first in repeated(names, same=str.lower):
        yield problem(
            path, name, f"is declared already as {first}; every provider and remote site needs a name of its own"
        )


def people_can_be_told_apart(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """Two extensions of one name are possible, but probably a mistake."""
    names = [(f"{path}.name", entry.get("name")) for path, entry in entries(reading, "extensions")]
    for path, name, first in repeated(names):
        yield warning(path, name, f"is also {first}; users cannot tell these extensions apart")


def repeated(found: Iterable[tuple[str, Any]], same: Any = lambda value: value) -> Iterator[tuple[str, Any, str]]:
    """The values that came before, each with the path where it came first."""
    seen: dict[Any, str] = {}
    for path, value in found:
        if value is None:
            continue
        key = same(value)
        if key in seen:
            yield path, value, seen[key]
        seen.setdefault(key, path)


def emergency_numbers_are_no_extensions(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """An extension never stands in the way of an emergency call (domain.md fact 3)."""
    for path, entry in entries(reading, "extensions"):
        number = entry.get("number")
        if number is None:
            continue
        if number in EMERGENCY_NUMBERS:
            yield problem(f"{path}.number", number, f"is an emergency number; any number but {EMERGENCY} is valid")
            continue
        taken = next((emergency for emergency in EMERGENCY_NUMBERS if number.startswith(emergency)), None)
        if taken:
            yield problem(
                f"{path}.number",
                number,
                f"begins with the emergency number {taken}, so one of the two could not be dialled; a number that does "
                f"not begin with {EMERGENCY} is valid",
            )
            continue
        begins = next((emergency for emergency in EMERGENCY_NUMBERS if emergency.startswith(number)), None)
        if begins:
            yield warning(
                f"{path}.number",
                number,
                f"is the beginning of the emergency number {begins}; test that {begins} can be dialled, or use another "
                "number",
            )


def emergency_numbers_are_not_barred(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """No bar reaches an emergency number."""
    for path, barred in items("", reading, "barred_numbers"):
        reached = [number for number in EMERGENCY_NUMBERS if number.startswith(barred)]
        if reached:
            yield problem(
                path,
                barred,
                f"bars the emergency number {' and '.join(reached)}, which nothing may bar; a beginning that "
                f'{EMERGENCY} do not have is valid, for example "0871"',
            )


def remote_sites_say_where_they_are(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """Either a VPN or an address; a name only with the address that it has now, and for a limited time."""
    for path, entry in entries(reading, "remote_sites"):
        if entry.get("vpn") is None:
            continue  # unreadable, so either may be meant
        declared = [name for name in ("address", "fqdn", "expires") if entry.get(name) is not None]
        if entry.get("vpn"):
            for name in declared:
                yield problem(
                    f"{path}.{name}",
                    entry[name],
                    f"contradicts {path}.vpn: true; either the site comes in through the VPN or from an address",
                )
            continue
        fqdn = entry.get("fqdn")
        if fqdn:
            needed = {
                "address": "the address that the name has now, such as 192.0.2.10,",
                "expires": "a date such as 2027-03-31",
            }
            for name, form in needed.items():
                if now.absent(f"{path}.{name}", entry.get(name)):
                    text = f"nothing is declared; {form} is needed beside {path}.fqdn {fqdn}"
                    yield Problem(f"{path}.{name}", "", text)
        elif now.absent(f"{path}.address", entry.get("address")) and now.absent(f"{path}.fqdn", fqdn):
            text = "nothing is declared; a public IPv4 address such as 192.0.2.10, or vpn: true, is needed"
            yield Problem(f"{path}.address", "", text)


def time_limited_entries_end(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """An ended entry is no mistake: it is left out, and the installer is told."""
    for path, entry in entries(reading, "remote_sites"):
        expires = entry.get("expires")
        if expires and expires < now.today and not entry.get("vpn"):
            yield warning(
                f"{path}.expires",
                expires,
                f"is past, so the address of {entry.get('name')} is no longer let in; declare a later day, or "
                "remove the site",
            )


def remote_extensions_exist(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """A remote site names declared extensions."""
    if any(entry is None or entry.get("number") is None for entry in reading.get("extensions") or ()):
        return  # one of the unreadable numbers may be the one that is meant
    numbers = [entry["number"] for _path, entry in entries(reading, "extensions")]
    for path, site in entries(reading, "remote_sites"):
        for inner, number in items(path, site, "extensions"):
            if number not in numbers:
                yield problem(
                    inner, number, f"is not declared in extensions; valid are {', '.join(numbers) or 'none yet'}"
                )


def extensions_are_at_one_site(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """No two remote sites claim the same extension."""
    claimed = [item for path, site in entries(reading, "remote_sites") for item in items(path, site, "extensions")]
    for path, number, first in repeated(claimed):
        yield problem(path, number, f"is claimed already by {first}; an extension is at one site")


def remote_extensions_are_outside(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """What a remote site without VPN claims is outside the LAN, and must not say the opposite."""
    sites = [(site.get("name"), site) for _path, site in entries(reading, "remote_sites") if not site.get("vpn")]
    remote = {number: name for name, site in sites for _path, number in items("", site, "extensions")}
    for path, entry in entries(reading, "extensions"):
        if entry.get("number") in remote and entry.get("outside_lan") is False:
            yield problem(
                f"{path}.outside_lan",
                False,
                f"contradicts remote site {remote[entry['number']]}, which claims extension {entry['number']}; "
                "true, or nothing, is valid",
            )


def phones_can_be_provisioned(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """Phones fetch their files from somewhere."""
    path = next((path for path, entry in entries(reading, "extensions") if entry.get("phone")), None)
    if path and now.absent("provisioning", reading.get("provisioning")):
        needed = "provisioning.url such as https://provision.acme.example/yealink/ is needed"
        text = f"nothing is declared, but {path}.phone is; {needed}"
        yield Problem("provisioning", "", text)


def own_files_have_an_address(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """Only where the PBX provisions the phones is the address its own business."""
    entry = reading.get("provisioning")
    if entry and entry.get("by") == "files" and now.absent("provisioning.url", entry.get("url")):
        needed = "an address such as https://provision.acme.example/yealink/ is needed"
        yield Problem("provisioning.url", "", f"nothing is declared; {needed}")


def shared_access_has_a_name(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """One password for all phones needs a user name."""
    entry = reading.get("provisioning") or {}
    if entry.get("access") == "shared" and now.absent("provisioning.username", entry.get("username")):
        text = "nothing is declared; a user name such as phones is needed beside provisioning.access shared"
        yield Problem("provisioning.username", "", text)
