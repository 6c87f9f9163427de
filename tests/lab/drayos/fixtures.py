# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations to start a simulated router from."""

from __future__ import annotations

from collections.abc import Iterable

from .profiles import PROFILES, Profile
from .state import AddressMatch, FilterSet, Group, IpObject, OpenPort, Rule, ServiceMatch, ServiceObject, State

# (protocol, port or (first, last), internal address)
PortForward = tuple[str, int | tuple[int, int], str]


def factory_state(profile: str | Profile = "vigor2927") -> State:
    """As unpacked (draytek.md 2.5): two commented sets, no active rule, default pass, start set by firmware."""
    model = PROFILES[profile] if isinstance(profile, str) else profile
    state = State()
    state.general.start_set = model.start_set
    state.sets[1] = FilterSet(comment="Default Call Filter")
    state.sets[2] = FilterSet(comment="Default Data Filter")
    return state


def lived_in_state(profile: str | Profile = "vigor2927", pbx: str = "192.168.1.10") -> State:
    """A router another administrator has used for years; nothing in it belongs to us."""
    state = factory_state(profile)
    state.ip_objects[1] = IpObject(name="office-lan", address_type=0, start="192.168.1.0", end="255.255.255.0")
    state.ip_objects[7] = IpObject(name="head-office", address_type=3, start="198.51.100.8", end="198.51.100.15")
    state.ip_groups[1] = Group(name="our-networks", members=[1, 7])
    state.service_objects[1] = ServiceObject(name="netbios", protocol=255, destination_start=137, destination_end=139)
    state.service_objects[3] = ServiceObject(name="camera", protocol=6, destination_start=8080, destination_end=8080)
    state.sets[2].rules[1] = Rule(
        enabled=1,
        comment="xNetBios -> DNS",
        source=AddressMatch(groups={"1": 1}),
        service=ServiceMatch(object=1),
        action=1,
    )
    state.sets[2].rules[2] = Rule(
        enabled=1,
        comment="camera HQ",
        direction=1,
        source=AddressMatch(objects={"1": 7}),
        service=ServiceMatch(object=3),
        action=0,
        log=1,
    )
    if state.general.start_set == 1:
        state.sets[1].next_set = 2
    add_open_ports(state, [("UDP", 5060, pbx), ("TCP", 5060, pbx), ("UDP", (10000, 10100), pbx)], comment="PBX")
    return state


def add_open_ports(state: State, forwards: Iterable[PortForward], comment: str = "lab") -> None:
    """NAT exposure: one open port profile for each internal address, one sub-item for each range."""
    by_address: dict[str, list[PortForward]] = {}
    for forward in forwards:
        by_address.setdefault(forward[2], []).append(forward)
    for address, items in by_address.items():
        number = max(state.open_ports, default=0) + 1
        profile = state.open_ports.setdefault(number, {})
        for item, (protocol, ports, _address) in enumerate(items, start=1):
            first, last = ports if isinstance(ports, tuple) else (ports, ports)
            profile[item] = OpenPort(
                enabled=1, comment=comment, address=address, protocol=protocol.upper(), start=first, end=last
            )
