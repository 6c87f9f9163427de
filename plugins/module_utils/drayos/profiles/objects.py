# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Address, service and country objects and their groups (draytek.md 2b): typed profiles, parsed from ``-v`` and
rendered as commands."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import (
    bracketed_fields,
    members,
    small_number,
)

UNSET_ADDRESS = "0.0.0.0"  # how the device prints an address that was never set
UNSET_ADDRESS_6 = "::"
ANY_PORT = (1, 65535)
EQUALS, DIFFERS, ABOVE, BELOW = "=", "!=", ">", "<"
PORT_CHECKS = {EQUALS: 0, DIFFERS: 1, ABOVE: 2, BELOW: 3}
"""How a port is compared; the device prints the sign."""
PROTOCOL_NUMBERS = {"any": 0, "icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "icmpv6": 58, "tcp/udp": 255}

SINGLE, RANGE, SUBNET, ANY = "single", "range", "mask", "any"
ADDRESS_TYPES = {
    "single": SINGLE,
    "range": RANGE,
    "mask": SUBNET,
    "subnet": SUBNET,
    "netmask": SUBNET,
    "any": ANY,
}
"""Printed keyword to type. Only "single" and "range" stand in a transcript, so only these are written."""
ADDRESS_TYPE_NUMBERS = {SUBNET: 0, SINGLE: 1, ANY: 2, RANGE: 3}


@dataclass(frozen=True)
class IpObject:
    """An IPv4 address object. ``end`` equals ``start`` for a single address."""

    name: str
    kind: str
    start: str
    end: str
    interface: str = "any"
    inverted: bool = False

    @property
    def blank(self) -> bool:
        """A slot that nobody uses."""
        return not self.name and self.start == UNSET_ADDRESS


@dataclass(frozen=True)
class Ipv6Object:
    """An IPv6 address object; addresses in Python's compressed lower-case form."""

    name: str
    kind: str
    start: str
    end: str
    inverted: bool = False
    suffix_match: bool = False
    """True compares the last 64 bits only; never written."""

    @property
    def blank(self) -> bool:
        """A slot that nobody uses."""
        return not self.name and self.start == UNSET_ADDRESS_6 and self.end == UNSET_ADDRESS_6


@dataclass(frozen=True)
class ServiceObject:
    """A protocol and its ports, both ends included."""

    name: str
    protocol: str
    first: int
    last: int
    source: tuple[int, int] = ANY_PORT
    source_check: str = EQUALS
    destination_check: str = EQUALS

    @property
    def blank(self) -> bool:
        """A slot that nobody uses."""
        return not self.name and self.protocol == "any"


@dataclass(frozen=True)
class CountryObject:
    """Countries by the router's own numbers (``object country list``)."""

    name: str
    countries: tuple[int, ...]

    @property
    def blank(self) -> bool:
        """A slot that nobody uses."""
        return not self.name and not self.countries


@dataclass(frozen=True)
class Group:
    """A group of address or service objects, by their indexes."""

    name: str
    member_indexes: tuple[int, ...]

    @property
    def blank(self) -> bool:
        """A slot that nobody uses."""
        return not self.name and not self.member_indexes


def address_object(name: str, text: str, *, inverted: bool = False) -> IpObject | Ipv6Object:
    """``203.0.113.0/26``, ``192.0.2.1-192.0.2.9`` or the same in IPv6, as a single address or a range: the two forms
    whose printed keyword is documented. Raises ValueError."""
    if "-" in text:
        first, last = (ipaddress.ip_address(part.strip()) for part in text.split("-", 1))
        if first.version != last.version or int(first) > int(last):
            raise ValueError(text)
    else:
        network = ipaddress.ip_network(text.strip())
        first, last = network[0], network[-1]
    kind = SINGLE if first == last else RANGE
    if first.version == 4:
        return IpObject(name, kind, str(first), str(last), inverted=inverted)
    return Ipv6Object(name, kind, str(first), str(last), inverted=inverted)


def parse_ip_object(output: str) -> IpObject | None:
    """``object ip obj N -v``; None where the output is not one."""
    fields = bracketed_fields(output)
    if not {"name", "address type", "start ip address", "end/mask ip address"} <= fields.keys():
        return None
    printed = fields.get("address type", "").lower()
    start = fields["start ip address"]
    end = fields.get("end/mask ip address", UNSET_ADDRESS)
    kind = ADDRESS_TYPES.get(printed, printed)
    return IpObject(
        name=fields.get("name", ""),
        kind=kind,
        start=start,
        end=start if kind == SINGLE else end,
        interface=fields.get("interface", "any").lower(),
        inverted=fields.get("invert selection", "0") not in ("0", ""),
    )


def parse_ipv6_object(output: str) -> Ipv6Object | None:
    """``object ipv6 obj N -v``; None where the output is not one."""
    fields = bracketed_fields(output)
    if not {"name", "address type", "start ipv6 address", "end ipv6 address"} <= fields.keys():
        return None
    printed = fields.get("address type", "").lower()
    kind = ADDRESS_TYPES.get(printed, printed)
    start = _address6(fields["start ipv6 address"])
    return Ipv6Object(
        name=fields.get("name", ""),
        kind=kind,
        start=start,
        end=start if kind == SINGLE else _address6(fields.get("end ipv6 address", UNSET_ADDRESS_6)),
        inverted=fields.get("invert selection", "0") not in ("0", ""),
        suffix_match=fields.get("match type", "0") not in ("0", ""),
    )


def _address6(printed: str) -> str:
    """One spelling for one address; what is not an address stays as it is and so differs from everything."""
    try:
        return str(ipaddress.IPv6Address(printed))
    except ValueError:
        return printed


SERVICE_LABELS = {
    *("name", "protocol", "source port check action", "source port range"),
    *("destination port check action", "destination port range"),
}


def parse_service_object(output: str) -> ServiceObject | None:
    """``object service obj N -v``; None where the output is not one."""
    fields = bracketed_fields(output)
    if not fields.keys() >= SERVICE_LABELS:
        return None
    first, last = _ports(fields["destination port range"])
    return ServiceObject(
        name=fields.get("name", ""),
        protocol=fields.get("protocol", "any").lower(),
        first=first,
        last=last,
        source=_ports(fields.get("source port range", "")),
        source_check=fields.get("source port check action", EQUALS),
        destination_check=fields.get("destination port check action", EQUALS),
    )


def parse_country_object(output: str) -> CountryObject | None:
    """``object country set N -v``, in the form that ``-a`` prints; None where the output is not one."""
    match = COUNTRY_NAME.search(output)
    if not match or "country index" not in output.lower():
        return None
    found = (COUNTRY_MEMBER.match(line) for line in output.splitlines())
    return CountryObject(match["name"].strip(), tuple(sorted(int(m["index"]) for m in found if m and int(m["index"]))))


COUNTRY_NAME = re.compile(r"^\s*Name\s*:\s*\[(?P<name>[^\]]*)\]", re.MULTILINE)
COUNTRY_MEMBER = re.compile(r"^\s*\[\d+:\]\s*\[(?P<index>\d{1,4})\]")


def parse_group(output: str) -> Group | None:
    """``object ip grp N -v``, its IPv6 twin or ``object service grp N -v``; None where the output is not one."""
    fields = bracketed_fields(output)
    if "name" not in fields or "included" not in output.lower():
        return None
    return Group(fields["name"], tuple(sorted(set(members(output)))))


def _ports(printed: str) -> tuple[int, int]:
    begin, tilde, end = printed.partition("~")
    first, last = small_number(begin), small_number(end)
    if first is None or (tilde and last is None):
        return (0, 0)
    return first, first if last is None else last


def ip_object_commands(index: int, wanted: IpObject, found: IpObject | None) -> list[str]:
    """What makes slot ``index`` the wanted object. The name comes first: it is what marks the slot as ours."""
    prefix = f"object ip obj {index}"
    commands: list[str] = []
    if found is None or found.name != wanted.name:
        commands.append(f"{prefix} -n {wanted.name}")
    if found is not None and found.interface != wanted.interface:
        commands.append(f"{prefix} -i 0")
    if (found is not None and found.inverted) != wanted.inverted:
        commands.append(f"{prefix} -s {int(wanted.inverted)}")
    if found is None or (found.kind, found.start, found.end) != (wanted.kind, wanted.start, wanted.end):
        number = ADDRESS_TYPE_NUMBERS[wanted.kind]
        address = wanted.start if wanted.kind == SINGLE else f"{wanted.start} {wanted.end}"
        commands.append(f"{prefix} -a {number} {address}")
    return commands


def ipv6_object_commands(index: int, wanted: Ipv6Object, found: Ipv6Object | None) -> list[str]:
    """What makes slot ``index`` the wanted object. Both ends are always given, as in the manual's example."""
    prefix = f"object ipv6 obj {index}"
    commands: list[str] = []
    if found is None or found.name != wanted.name:
        commands.append(f"{prefix} -n {wanted.name}")
    if (found is not None and found.inverted) != wanted.inverted:
        commands.append(f"{prefix} -s {int(wanted.inverted)}")
    if found is not None and found.suffix_match:
        commands.append(f"{prefix} -e 0")
    if found is None or (found.kind, found.start, found.end) != (wanted.kind, wanted.start, wanted.end):
        commands.append(f"{prefix} -a {ADDRESS_TYPE_NUMBERS[wanted.kind]} {wanted.start} {wanted.end}")
    return commands


def service_object_commands(index: int, wanted: ServiceObject, found: ServiceObject | None) -> list[str]:
    """What makes slot ``index`` the wanted service."""
    prefix = f"object service obj {index}"
    commands: list[str] = []
    if found is None or found.name != wanted.name:
        commands.append(f"{prefix} -n {wanted.name}")
    if found is None or found.protocol != wanted.protocol:
        commands.append(f"{prefix} -p {PROTOCOL_NUMBERS[wanted.protocol]}")
    if found is None or (found.source, found.source_check) != (wanted.source, wanted.source_check):
        check = PORT_CHECKS[wanted.source_check]
        commands.append(f"{prefix} -s {check} {wanted.source[0]} {wanted.source[1]}")
    found_ports = None if found is None else (found.first, found.last, found.destination_check)
    if found_ports != (wanted.first, wanted.last, wanted.destination_check):
        check = PORT_CHECKS[wanted.destination_check]
        commands.append(f"{prefix} -d {check} {wanted.first} {wanted.last}")
    return commands


def country_object_commands(index: int, wanted: CountryObject, found: CountryObject | None) -> list[str]:
    """What makes slot ``index`` the wanted list of countries. The manual shows one number for each ``-a``."""
    prefix = f"object country set {index}"
    commands: list[str] = []
    if found is None or found.name != wanted.name:
        commands.append(f"{prefix} -n {wanted.name}")
    known = set(found.countries) if found else set()
    commands.extend(f"{prefix} -a {country}" for country in wanted.countries if country not in known)
    return commands


def _group_commands(kind: str, quote: str) -> Callable[[int, Any, Any], list[str]]:
    def render(index: int, wanted: Group, found: Group | None) -> list[str]:
        prefix = f"object {kind} grp {index}"
        commands: list[str] = []
        if found is None or found.name != wanted.name:
            commands.append(f"{prefix} -n {wanted.name}")
        if found is None or found.member_indexes != wanted.member_indexes:
            commands.append(f"{prefix} -a {quote}{' '.join(str(index) for index in wanted.member_indexes)}{quote}")
        return commands

    return render


@dataclass(frozen=True)
class Kind:
    """One kind of profile: how it is read, made and renamed."""

    attribute: str
    """Its name in a snapshot and in what is wanted."""
    label: str
    """Its name for the user."""
    command: str
    parse: Callable[[str], Any]
    render: Callable[[int, Any, Any], list[str]]
    empty: Any
    """An unused slot."""

    def rename(self, index: int, name: str) -> str:
        """The command that changes a slot's name and nothing else."""
        return f"{self.command} {index} -n {name}"


ADDRESSES = Kind(
    "addresses",
    "IP objects",
    "object ip obj",
    parse_ip_object,
    ip_object_commands,
    IpObject("", ANY, UNSET_ADDRESS, UNSET_ADDRESS),
)
ADDRESSES_6 = Kind(
    "addresses6",
    "IPv6 objects",
    "object ipv6 obj",
    parse_ipv6_object,
    ipv6_object_commands,
    Ipv6Object("", ANY, UNSET_ADDRESS_6, UNSET_ADDRESS_6),
)
# The manual quotes the list of an IPv4 group and not those of the two others.
ADDRESS_GROUPS = Kind(
    "address_groups", "IP groups", "object ip grp", parse_group, _group_commands("ip", '"'), Group("", ())
)
ADDRESS_GROUPS_6 = Kind(
    "address_groups6", "IPv6 groups", "object ipv6 grp", parse_group, _group_commands("ipv6", ""), Group("", ())
)
SERVICES = Kind(
    "services",
    "service objects",
    "object service obj",
    parse_service_object,
    service_object_commands,
    ServiceObject("", "any", 0, 0),
)
SERVICE_GROUPS = Kind(
    "service_groups", "service groups", "object service grp", parse_group, _group_commands("service", ""), Group("", ())
)
COUNTRIES = Kind(
    "countries",
    "country objects",
    "object country set",
    parse_country_object,
    country_object_commands,
    CountryObject("", ()),
)
PROFILES = (ADDRESSES, ADDRESSES_6, SERVICES, COUNTRIES)
GROUPS = ((ADDRESS_GROUPS, ADDRESSES), (ADDRESS_GROUPS_6, ADDRESSES_6), (SERVICE_GROUPS, SERVICES))
"""Each kind of group and the kind of its members."""
KINDS = (*PROFILES, *(kind for kind, _members in GROUPS))


def renamed(item: Any, name: str) -> Any:
    """The same profile under another name."""
    return dataclasses.replace(item, name=name)
