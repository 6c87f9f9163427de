# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a rule refer to this group? How ``ipf rule -v`` prints a reference is not documented (draytek.md 6), so an
index, a
name and the expanded content are all accepted, and anything else counts as different."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.objects import IpObject, ServiceObject

BY_INDEX = re.compile(r"^(?:IP|Service(?: Type)?)?\s*Group\s*\[?(\d+)\]?\s*$", re.IGNORECASE)
ADDRESS_SPAN = re.compile(r"(\d+\.\d+\.\d+\.\d+)(?:\s*(?:~|-|/)\s*(\d+(?:\.\d+\.\d+\.\d+)?))?")
PORT_SPAN = re.compile(r"(?<![\d.])(\d{1,5})(?:\s*[~-]\s*(\d{1,5}))?(?![\d.])")
PROTOCOL = re.compile(r"tcp/udp|tcp|udp|icmpv6|icmp|igmp")


def names_group(printed: str, index: int, name: str) -> bool:
    """Whether the printed reference is this group's index or name."""
    text = printed.strip()
    match = BY_INDEX.match(text)
    if match:
        return int(match[1]) == index
    return text.strip("[]") == name


def expands_to_addresses(printed: str, members: Sequence[IpObject]) -> bool:
    """Whether the printed addresses are exactly the group's."""
    spans = {_address_span(first, last) for first, last in ADDRESS_SPAN.findall(printed)}
    return bool(members) and spans == {(member.start, member.end) for member in members}


def expands_to_services(printed: str, members: Sequence[ServiceObject]) -> bool:
    """Whether the printed protocols and ports are exactly the group's. A named protocol must be the members' own."""
    protocols = set(PROTOCOL.findall(printed.lower()))
    if protocols and protocols != {member.protocol for member in members}:
        return False
    spans = {(int(first), int(last or first)) for first, last in PORT_SPAN.findall(printed)}
    spans.discard((1, 65535))  # the source ports, where they are printed too
    return bool(members) and spans == {(member.first, member.last) for member in members}


def _address_span(first: str, last: str) -> tuple[str, str]:
    if not last:
        return first, first
    if "." in last:
        return first, last
    network = ipaddress.IPv4Network(f"{first}/{last}", strict=False)
    return str(network[0]), str(network[-1])
