# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Address and service objects and their groups (draytek.md 2b): typed profiles, parsed from ``-v`` and rendered as
commands."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import bracketed_fields, members

UNSET_ADDRESS = "0.0.0.0"  # how the device prints an address that was never set
ANY_PORT = (1, 65535)
EQUALS = "="
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

    @classmethod
    def of_network(cls, name: str, network: ipaddress.IPv4Network) -> IpObject:
        """A network as a single address or a range: the two forms whose printed keyword is documented."""
        first, last = str(network[0]), str(network[-1])
        return cls(name, SINGLE if first == last else RANGE, first, last)

    @property
    def blank(self) -> bool:
        """A slot that nobody uses."""
        return not self.name and self.start == UNSET_ADDRESS


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
class Group:
    """A group of address or service objects, by their indexes."""

    name: str
    member_indexes: tuple[int, ...]

    @property
    def blank(self) -> bool:
        """A slot that nobody uses."""
        return not self.name and not self.member_indexes


def parse_ip_object(output: str) -> IpObject | None:
    """``object ip obj N -v``; None where the output is not one."""
    fields = bracketed_fields(output)
    if "start ip address" not in fields:
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


def parse_service_object(output: str) -> ServiceObject | None:
    """``object service obj N -v``; None where the output is not one."""
    fields = bracketed_fields(output)
    if "destination port range" not in fields:
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


def parse_group(output: str) -> Group | None:
    """``object ip grp N -v`` or ``object service grp N -v``; None where the output is not one."""
    fields = bracketed_fields(output)
    if "name" not in fields or "included" not in output.lower():
        return None
    return Group(fields["name"], tuple(sorted(set(members(output)))))


def _ports(printed: str) -> tuple[int, int]:
    first, _tilde, last = printed.partition("~")
    if not first.strip().isdigit():
        return (0, 0)
    return int(first), int(last) if last.strip().isdigit() else int(first)


def ip_object_commands(index: int, wanted: IpObject, found: IpObject | None) -> list[str]:
    """What makes slot ``index`` the wanted object. The name comes first: it is what marks the slot as ours."""
    prefix = f"object ip obj {index}"
    commands: list[str] = []
    if found is None or found.name != wanted.name:
        commands.append(f"{prefix} -n {wanted.name}")
    if found is not None and found.interface != wanted.interface:
        commands.append(f"{prefix} -i 0")
    if found is not None and found.inverted:
        commands.append(f"{prefix} -s 0")
    if found is None or (found.kind, found.start, found.end) != (wanted.kind, wanted.start, wanted.end):
        number = ADDRESS_TYPE_NUMBERS[wanted.kind]
        address = wanted.start if wanted.kind == SINGLE else f"{wanted.start} {wanted.end}"
        commands.append(f"{prefix} -a {number} {address}")
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
        commands.append(f"{prefix} -s 0 {wanted.source[0]} {wanted.source[1]}")
    found_ports = None if found is None else (found.first, found.last, found.destination_check)
    if found_ports != (wanted.first, wanted.last, wanted.destination_check):
        commands.append(f"{prefix} -d 0 {wanted.first} {wanted.last}")
    return commands


def group_commands(kind: str, index: int, wanted: Group, found: Group | None) -> list[str]:
    """What makes slot ``index`` the wanted group. ``kind`` is "ip" or "service"."""
    prefix = f"object {kind} grp {index}"
    commands: list[str] = []
    if found is None or found.name != wanted.name:
        commands.append(f"{prefix} -n {wanted.name}")
    if found is None or found.member_indexes != wanted.member_indexes:
        members = " ".join(str(index) for index in wanted.member_indexes)
        # The manual quotes the list of an address group and not that of a service group.
        commands.append(f'{prefix} -a "{members}"' if kind == "ip" else f"{prefix} -a {members}")
    return commands
