# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a rule refer to this profile? How ``ipf rule -v`` prints a reference is not documented (draytek.md 6), so an
index, a name and the expanded content are all accepted, and anything else counts as different."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import (
    EQUALS,
    IpObject,
    Ipv6Object,
    ServiceObject,
)

BY_INDEX = re.compile(
    r"^(?P<table>(?:(?:IPv6|IP|Service(?: Type)?|Country) ?)?(?:Object|Group)) ?\[?(?P<index>\d{1,3})\]?$",
    re.IGNORECASE,
)
TABLES = {
    "ip object": "addresses",
    "ip group": "address_groups",
    "ipv6 object": "addresses6",
    "ipv6 group": "address_groups6",
    "service object": "services",
    "service group": "service_groups",
    "service type object": "services",
    "service type group": "service_groups",
    "country object": "countries",
}
"""The printed words, and the attribute of what they mean. A bare "Group 3" means whatever the field can hold."""
ADDRESS_SIDE = ("address_groups", "addresses", "address_groups6", "addresses6", "countries")
SERVICE_SIDE = ("service_groups", "services")
"""What a rule's source and destination, and its service, may refer to."""
LETTERS = {
    "addresses": "o",
    "address_groups": "g",
    "addresses6": "o6",
    "address_groups6": "g6",
    "countries": "c",
    "services": "o",
    "service_groups": "g",
}
"""The command's letter for a reference of each kind (2.3)."""
ADDRESS_SPAN = re.compile(r"(\d+\.\d+\.\d+\.\d+)(?:\s*(?:~|-|/)\s*(\d+(?:\.\d+\.\d+\.\d+)?))?")
PORT_SPAN = re.compile(r"(?<![\d.])(\d{1,5})(?:\s*[~-]\s*(\d{1,5}))?(?![\d.])")
PROTOCOL = re.compile(r"tcp/udp|tcp|udp|icmpv6|icmp|igmp")


def table_and_index(printed: str) -> tuple[str, int] | None:
    """``IP Group 31`` as its attribute and index; None where another form is printed, or the words are too few."""
    match = BY_INDEX.match(" ".join(printed.split()))
    if not match:
        return None
    attribute = TABLES.get(" ".join(match["table"].lower().split()))
    return (attribute, int(match["index"])) if attribute else None


def refers_to(printed: str, attribute: str, index: int, name: str) -> bool:
    """Whether the printed reference is this profile's index or name."""
    text = " ".join(printed.split())
    match = BY_INDEX.match(text)
    if match is None:
        return bool(name) and text.strip("[]") == name
    words = " ".join(match["table"].lower().split())
    same_table = (
        attribute.rstrip("6").endswith("groups") == (words == "group")
        if words in ("group", "object")
        else (TABLES.get(words) == attribute)
    )
    return same_table and int(match["index"]) == index


def expands_to(printed: str, members: Sequence[IpObject | Ipv6Object | ServiceObject]) -> bool:
    """Whether the printed addresses or ports are exactly the members'."""
    services = [member for member in members if isinstance(member, ServiceObject)]
    addresses = [member for member in members if isinstance(member, IpObject)]
    if services and len(services) == len(members):
        return expands_to_services(printed, services)
    if addresses and len(addresses) == len(members):
        return expands_to_addresses(printed, addresses)
    return False


def expands_to_addresses(printed: str, members: Sequence[IpObject]) -> bool:
    """Whether the printed addresses are exactly the group's. How "not" is printed is not known, so it never matches."""
    if any(member.inverted for member in members):
        return False
    spans = {_address_span(first, last) for first, last in ADDRESS_SPAN.findall(printed)}
    return bool(members) and spans == {(member.start, member.end) for member in members}


def expands_to_services(printed: str, members: Sequence[ServiceObject]) -> bool:
    """Whether the printed protocols and ports are exactly the group's. A named protocol must be the members' own."""
    if any((member.source_check, member.destination_check) != (EQUALS, EQUALS) for member in members):
        return False
    protocols = set(PROTOCOL.findall(printed.lower()))
    if protocols and protocols != {member.protocol for member in members}:
        return False
    spans = {(int(first), int(last or first)) for first, last in PORT_SPAN.findall(printed)}
    wanted = {(member.first, member.last) for member in members} | {member.source for member in members}
    spans.discard((1, 65535))  # the source ports, where they are printed too
    wanted.discard((1, 65535))
    return bool(members) and spans == wanted


def _address_span(first: str, last: str) -> tuple[str, str]:
    if not last:
        return first, first
    if "." in last:
        return first, last
    try:
        network = ipaddress.IPv4Network(f"{first}/{last}", strict=False)
    except ValueError:
        return first, last
    return str(network[0]), str(network[-1])
