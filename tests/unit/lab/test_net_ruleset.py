# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the simulated router's configuration to nftables, where no packet is needed to see it."""

from __future__ import annotations

import pytest

from lab.customer import DEMO, load_declaration
from lab.drayos import State, add_open_ports, factory_state
from lab.drayos.state import AddressMatch, DmzHost, IpObject, PortMap, Rule, ServiceMatch, ServiceObject
from lab.net.matches import NotOnTheWireError, address_ranges, rule_expressions, service_expressions
from lab.net.ranges import complement, union
from lab.net.ruleset import ruleset
from lab.net.topology import topology

PUBLIC = "198.51.100.129"


def lines(state: State, chain: str) -> list[str]:
    start = f"add rule inet vigor {chain} "
    return [line.removeprefix(start) for line in ruleset(state, PUBLIC).splitlines() if line.startswith(start)]


@pytest.mark.parametrize(
    ("parts", "merged"),
    [
        ([], ()),
        ([(5, 4)], ()),
        ([(5, 9), (1, 3)], ((1, 3), (5, 9))),
        ([(1, 3), (4, 9)], ((1, 9),)),
        ([(1, 9), (2, 3)], ((1, 9),)),
    ],
)
def test_union(parts: list[tuple[int, int]], merged: tuple[tuple[int, int], ...]) -> None:
    assert union(parts) == merged


def test_complement_leaves_exactly_the_rest() -> None:
    parts = [(0, 2), (5, 5), (9, 12)]
    rest = complement(parts, (0, 10))
    assert rest == ((3, 4), (6, 8))
    assert complement(rest, (0, 10)) == ((0, 2), (5, 5), (9, 10))
    assert complement([], (0, 10)) == ((0, 10),)
    assert complement([(0, 10)], (0, 10)) == ()


def test_any_service_with_a_port_still_matches_other_protocols() -> None:
    state = State()
    state.service_objects[1] = ServiceObject("s", 0, destination_start=5060, destination_end=5061)
    assert service_expressions(state, ServiceMatch(object=1)) == [
        "meta l4proto { tcp, udp } th dport { 5060-5061 }",
        "meta l4proto != { tcp, udp }",
    ]


def test_a_port_nobody_can_have_matches_nothing() -> None:
    state = State()
    state.service_objects[1] = ServiceObject("s", 17, destination_check=2, destination_start=65535)
    assert service_expressions(state, ServiceMatch(object=1)) == []


def test_a_mask_with_a_hole_is_refused_not_guessed() -> None:
    state = State()
    state.ip_objects[1] = IpObject("odd", 0, 0, "192.0.2.0", "255.0.255.0")
    with pytest.raises(NotOnTheWireError, match="255.0.255.0"):
        address_ranges(state, AddressMatch(objects={"1": 1}), 4)


def test_a_rule_with_ipv4_sources_says_nothing_of_ipv6() -> None:
    state = State()
    state.ip_objects[1] = IpObject("one", 0, 1, "192.0.2.1")
    rule = Rule(enabled=1, direction=1, action=0, source=AddressMatch(objects={"1": 1}))
    assert rule_expressions(state, rule, 4) == ["ip saddr { 192.0.2.1 }"]
    assert rule_expressions(state, rule, 6) == []
    assert rule_expressions(state, Rule(enabled=1, direction=1, action=0), 6) == [""]
    assert rule_expressions(state, Rule(enabled=1, direction=1, action=1), 6) == []


def test_an_open_port_of_another_wan_is_not_on_this_one() -> None:
    state = factory_state()
    add_open_ports(state, [("udp", 5060, "192.168.1.10")])
    assert len(lines(state, "arrive")) == 1
    state.open_ports[1][1].wan = 2
    assert lines(state, "arrive") == []


def test_the_dmz_host_gets_what_nobody_else_asks_for() -> None:
    state = factory_state()
    state.dmz[1] = {1: DmzHost(1, "192.168.1.9")}
    state.port_maps[1] = PortMap(1, "web", "TCP", 8080, 0, 3, "192.168.1.8", 80, 1)
    state.ip_objects[3] = IpObject("one", 0, 1, "192.0.2.1")
    here = f'iifname "wan1" ip daddr {PUBLIC}'
    assert lines(state, "arrive") == [
        f"{here} ip saddr {{ 192.0.2.1 }} meta l4proto {{ tcp }} th dport 8080 dnat ip to 192.168.1.8:80",
        f"{here} meta l4proto {{ tcp }} th dport 8080 accept",
        f"{here} dnat ip to 192.168.1.9",
    ]


def test_nothing_listens_to_the_internet_from_the_factory() -> None:
    assert not [line for line in lines(factory_state(), "to_router") if "dport" in line]


def test_the_same_rules_replace_themselves() -> None:
    """So that a write that changes nothing on the wire can be left out."""
    assert ruleset(factory_state(), PUBLIC) == ruleset(factory_state(), PUBLIC)
    assert ruleset(factory_state(), PUBLIC, 2) != ruleset(factory_state(), PUBLIC, 1)


def test_the_neighbour_is_next_to_a_provider_and_declared_by_nobody() -> None:
    plan = topology(load_declaration(DEMO))
    places = {place.name: place.address for place in plan.places}
    # 203.0.113.0/27 is followed by the same provider's media range, so it is the next provider's.
    assert (places["provider"], places["neighbour"]) == ("203.0.113.71", "203.0.113.72")
    assert places["office"] == "192.0.2.10"
    assert places["management"] == "198.51.100.7"
    assert (plan.gateway, plan.prefix) == ("192.168.10.1", 24)


def test_without_room_for_a_neighbour_the_lab_says_so() -> None:
    declared = load_declaration(DEMO)
    declared["trunk_providers"] = [{"name": "a", "signalling": ["203.0.113.0/25"]}]
    declared["remote_sites"][0]["address"] = "203.0.113.128/25"
    with pytest.raises(ValueError, match="no neighbour"):
        topology(declared)
