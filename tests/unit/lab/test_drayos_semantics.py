# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulated data filter does to packets: one row for each sentence of draytek.md 2.5."""

from __future__ import annotations

from typing import Any

import pytest

from lab.drayos import LAN_TO_LAN, LAN_TO_WAN, WAN_TO_LAN, Packet, add_open_ports, factory_state, from_internet, verdict
from lab.drayos.semantics import dangling
from lab.drayos.state import (
    AddressMatch,
    FilterSet,
    Group,
    IpObject,
    OpenPort,
    Rule,
    ServiceMatch,
    ServiceObject,
    State,
)

PASS, BLOCK, PASS_LATER, BLOCK_LATER = 0, 1, 2, 3
SIP = Packet(WAN_TO_LAN, "203.0.113.10", "192.168.1.10", "udp", 5060, 5060)


def rule(action: int, **options: Any) -> Rule:
    return Rule(enabled=1, direction=WAN_TO_LAN, action=action, **options)


def filter_state(sets: dict[int, dict[int, Rule]], start: int = 1, nexts: dict[int, int] | None = None) -> State:
    state = factory_state()
    state.general.start_set = start
    state.sets = {n: FilterSet(next_set=(nexts or {}).get(n, 0), rules=rules) for n, rules in sets.items()}
    return state


@pytest.mark.parametrize(
    ("sets", "start", "nexts", "where", "action"),
    [
        pytest.param({}, 1, {}, (13, 1), "pass", id="nothing matches: default"),
        pytest.param({1: {1: rule(BLOCK)}}, 1, {}, (1, 1), "block", id="immediately ends it"),
        pytest.param({1: {1: rule(PASS), 2: rule(BLOCK)}}, 1, {}, (1, 1), "pass", id="first rule first"),
        pytest.param({1: {2: rule(PASS), 1: rule(BLOCK)}}, 1, {}, (1, 1), "block", id="order is the number"),
        pytest.param({1: {1: rule(BLOCK_LATER), 2: rule(PASS)}}, 1, {}, (1, 2), "pass", id="later match decides"),
        pytest.param({1: {1: rule(BLOCK_LATER)}}, 1, {}, (1, 1), "block", id="no later match: remembered"),
        pytest.param({1: {1: rule(BLOCK_LATER), 2: rule(PASS_LATER)}}, 1, {}, (1, 2), "pass", id="last remembered"),
        pytest.param({1: {}, 2: {1: rule(BLOCK)}}, 1, {1: 2}, (2, 1), "block", id="next set"),
        pytest.param({1: {1: rule(BLOCK)}, 2: {}}, 2, {}, (13, 1), "pass", id="set before the start is not looked at"),
        pytest.param({1: {1: rule(BLOCK_LATER)}, 2: {1: rule(PASS)}}, 1, {1: 2}, (2, 1), "pass", id="memory crosses"),
        pytest.param(
            {1: {1: rule(PASS_LATER, branch=3), 2: rule(BLOCK)}, 3: {}}, 1, {}, (1, 1), "pass", id="no return"
        ),
        pytest.param(
            {1: {1: rule(PASS_LATER, branch=3)}, 2: {1: rule(PASS)}, 3: {1: rule(BLOCK)}}, 1, {1: 2}, (3, 1), "block",
            id="branch goes before next",
        ),
        pytest.param(
            {1: {1: rule(PASS, branch=3)}, 3: {1: rule(BLOCK)}}, 1, {}, (1, 1), "pass", id="immediately before branch"
        ),
        pytest.param({1: {}, 2: {}}, 1, {1: 2, 2: 1}, (13, 1), "pass", id="a ring of sets ends"),
        pytest.param({1: {1: Rule(direction=1, action=BLOCK)}}, 1, {}, (13, 1), "pass", id="disabled rule"),
        pytest.param({1: {1: Rule(enabled=1, direction=0, action=BLOCK)}}, 1, {}, (13, 1), "pass", id="direction"),
        pytest.param({1: {1: rule(BLOCK, incoming_off=["WAN1"])}}, 1, {}, (13, 1), "pass", id="interface off"),
        pytest.param({1: {1: rule(BLOCK, incoming_off=["WAN2"])}}, 1, {}, (1, 1), "block", id="other interface off"),
        pytest.param({1: {1: rule(BLOCK, fragments=2)}}, 1, {}, (13, 1), "pass", id="fragments only"),
        pytest.param({1: {1: rule(BLOCK)}}, 0, {}, (None, None), "pass", id="filter switched off"),
    ],
)  # fmt: skip
def test_walk(
    sets: dict[int, dict[int, Rule]], start: int, nexts: dict[int, int], where: tuple[int, int], action: str
) -> None:
    found = verdict(filter_state(sets, start, nexts), SIP)
    assert ((found.set, found.rule), found.action) == (where, action)


def test_default_rule_and_log() -> None:
    state = filter_state({1: {1: rule(PASS, log=1, source=AddressMatch(own=["1", "203.0.113.10"]))}})
    state.general.default_action = 1
    assert verdict(state, SIP).logged
    other = verdict(state, Packet(WAN_TO_LAN, "198.51.100.1", "192.168.1.10", "udp", dport=5060))
    assert (other.action, other.logged, other.reason) == ("block", False, "default")


SINGLE = IpObject("a", address_type=1, start="203.0.113.10")
SUBNET = IpObject("a", address_type=0, start="203.0.113.0", end="255.255.255.192")
RANGE = IpObject("a", address_type=3, start="203.0.113.9", end="203.0.113.11")


@pytest.mark.parametrize(
    ("profile", "address", "hit"),
    [
        (SINGLE, "203.0.113.10", True),
        (SINGLE, "203.0.113.11", False),
        (SUBNET, "203.0.113.63", True),
        (SUBNET, "203.0.113.64", False),
        (RANGE, "203.0.113.9", True),
        (RANGE, "203.0.113.11", True),
        (RANGE, "203.0.113.12", False),
        (IpObject("a", address_type=2), "192.0.2.1", True),
        (IpObject("a", address_type=1, start="203.0.113.10", invert=1), "203.0.113.10", False),
        (IpObject("a", address_type=1, start="203.0.113.10", invert=1), "192.0.2.1", True),
        (IpObject("named only"), "192.0.2.1", True),
        (IpObject("a", address_type=4), "192.0.2.1", True),
    ],
)
@pytest.mark.parametrize("by", ["object", "group"])
def test_sources(profile: IpObject, address: str, hit: bool, by: str) -> None:
    match = AddressMatch(objects={"1": 5}) if by == "object" else AddressMatch(groups={"1": 2})
    state = filter_state({1: {1: rule(BLOCK, source=match)}})
    state.ip_objects[5], state.ip_groups[2] = profile, Group("g", members=[5])
    assert verdict(state, Packet(WAN_TO_LAN, address, "192.168.1.10", "udp")).passed is not hit


def test_two_references_are_a_union_and_ipv6_is_not_any() -> None:
    state = filter_state({1: {1: rule(BLOCK, source=AddressMatch(objects={"1": 1, "2": 2}))}})
    state.ip_objects[1] = IpObject("a", address_type=1, start="192.0.2.1")
    state.ip_objects[2] = SINGLE
    assert not verdict(state, SIP).passed
    state.sets[1].rules[1].source = AddressMatch(objects6={"1": 1})
    assert verdict(state, SIP).passed


@pytest.mark.parametrize(
    ("profile", "proto", "sport", "dport", "hit"),
    [
        (ServiceObject("s", 17, destination_start=5060, destination_end=5061), "udp", 9, 5061, True),
        (ServiceObject("s", 17, destination_start=5060, destination_end=5061), "udp", 9, 5062, False),
        (ServiceObject("s", 17, destination_start=5060, destination_end=5061), "tcp", 9, 5060, False),
        (ServiceObject("s", 255, destination_start=5060, destination_end=5060), "tcp", 9, 5060, True),
        (ServiceObject("s", 255, destination_start=5060, destination_end=5060), "udp", 9, 5060, True),
        (ServiceObject("s", 255), "icmp", 0, 0, False),
        (ServiceObject("s", 0), "icmp", 0, 0, True),
        (ServiceObject("s", 1), "icmp", 0, 0, True),
        (ServiceObject("s", 6, destination_check=1, destination_start=80, destination_end=90), "tcp", 9, 85, False),
        (ServiceObject("s", 6, destination_check=1, destination_start=80, destination_end=90), "tcp", 9, 91, True),
        (ServiceObject("s", 6, destination_check=2, destination_start=80, destination_end=80), "tcp", 9, 81, True),
        (ServiceObject("s", 6, destination_check=3, destination_start=80, destination_end=80), "tcp", 9, 80, False),
        (ServiceObject("s", 17, source_start=5060, source_end=5060), "udp", 5060, 1, True),
        (ServiceObject("s", 17, source_start=5060, source_end=5060), "udp", 5061, 1, False),
        (ServiceObject("named only"), "tcp", 9, 80, True),
    ],
)
@pytest.mark.parametrize("by", ["object", "group"])
def test_services(profile: ServiceObject, proto: str, sport: int, dport: int, hit: bool, by: str) -> None:
    match = ServiceMatch(object=4) if by == "object" else ServiceMatch(group=2)
    state = filter_state({1: {1: rule(BLOCK, service=match)}})
    state.service_objects[4], state.service_groups[2] = profile, Group("g", members=[4])
    packet = Packet(WAN_TO_LAN, "203.0.113.10", "192.168.1.10", proto, sport, dport)
    assert verdict(state, packet).passed is not hit


@pytest.mark.parametrize("action", [PASS, BLOCK])
def test_references_to_nothing_match_anything_and_are_named(action: int) -> None:
    state = filter_state(
        {1: {1: rule(action, source=AddressMatch(groups={"1": 3}), service=ServiceMatch(object=9, group=8))}}
    )
    state.general.default_action = 1 - action
    assert verdict(state, SIP).passed is (action == PASS)
    assert dangling(state) == [
        "set 1 rule 1: source IP group 3 is blank",
        "set 1 rule 1: service object 9 is blank",
        "set 1 rule 1: service group 8 is blank",
    ]
    state.ip_groups[3] = Group("g", members=[6])
    assert dangling(state)[0] == "set 1 rule 1: source IP group 3: IP object 6 is blank"
    state.sets[1].rules[1].enabled = 0
    assert dangling(state) == []


def test_vendor_practice_for_a_pbx() -> None:
    """Open port, pass for the provider, below it block for everyone."""
    state = factory_state()
    assert from_internet(state, "203.0.113.10", "udp", 5060).reason == "no open port"
    add_open_ports(state, [("UDP", 5060, "192.168.1.10")])
    assert from_internet(state, "198.51.100.66", "udp", 5060).reached
    state.ip_objects[1], state.ip_groups[1] = SUBNET, Group("voip", members=[1])
    state.service_objects[1] = ServiceObject("sip", 255, destination_start=5060, destination_end=5061)
    sip = ServiceMatch(object=1)
    state.sets[1].rules = {
        1: rule(PASS, source=AddressMatch(groups={"1": 1}), service=sip),
        2: rule(BLOCK, service=sip),
    }
    assert from_internet(state, "203.0.113.10", "udp", 5060).reached
    assert not from_internet(state, "198.51.100.66", "udp", 5060).reached
    assert from_internet(state, "203.0.113.10", "tcp", 5060).reason == "no open port"
    state.open_ports[1][1].protocol = "ALL"
    assert from_internet(state, "203.0.113.10", "tcp", 5060).inside == "192.168.1.10"


def test_an_open_port_may_be_limited_to_a_group() -> None:
    state = factory_state()
    state.open_ports[1] = {1: OpenPort(1, "", "192.168.1.10", 1, "UDP", 5060, 5060, source_index=1, source_is_group=1)}
    state.ip_objects[1], state.ip_groups[1] = SINGLE, Group("voip", members=[1])
    assert from_internet(state, "203.0.113.10", "udp", 5060).reached
    assert from_internet(state, "203.0.113.11", "udp", 5060).reason == "open port source"
    del state.ip_groups[1]
    assert from_internet(state, "203.0.113.11", "udp", 5060).reached
    assert dangling(state) == ["open port 1 1: IP group 1 is blank"]


def test_the_three_directions() -> None:
    state = filter_state({1: {1: Rule(enabled=1, direction=LAN_TO_LAN, action=BLOCK)}})
    assert not verdict(state, Packet(LAN_TO_LAN, "192.168.1.2", "192.168.1.1", "tcp", dport=22)).passed
    assert verdict(state, Packet(LAN_TO_WAN, "192.168.1.2", "192.0.2.1", "tcp", dport=443)).passed
    assert verdict(state, SIP).passed
