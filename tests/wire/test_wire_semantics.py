# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The namespace does with packets what the simulator says of them: two readings of the same reference agree."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.customer import DEMO, load_declaration
from lab.drayos import State, add_open_ports, from_internet
from lab.drayos.semantics import LAN_TO_WAN, Packet, Verdict, verdict
from lab.drayos.state import (
    AddressMatch,
    DmzHost,
    FilterSet,
    Group,
    IpObject,
    Ipv6Object,
    OpenPort,
    PortMap,
    Rule,
    ServiceMatch,
    ServiceObject,
)
from lab.net.knocking import send_from
from lab.net.send import FirstPacket
from lab.net.site import PBX, SiteNetwork
from lab.net.topology import INTERNET, topology
from lab.net.witness import INWARD, OUTWARD, Seen

INSIDE, OTHER_INSIDE = "192.168.10.10", "192.168.10.11"
SOURCES = ("198.51.100.250", "203.0.113.71", "203.0.113.72", "192.0.2.10", "192.0.2.200")
PORTS = (5060, 5061, 5062, 7000, 9000, 9999)
_flow = itertools.count(20000)  # a source port for each packet of the session: each is a flow of its own


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteNetwork]:
    with SiteNetwork(topology(load_declaration(DEMO)), tmp_path_factory.mktemp("semantics")) as running:
        yield running


def send(network: SiteNetwork, state: State, name: str, packets: list[FirstPacket]) -> dict[int, Seen]:
    """What the filter of this configuration decided about each packet, by source port."""
    network.router.apply(state)
    send_from(network.spaces, name, packets)
    return {seen.sport: seen for seen in network.router.witnessed() if seen.sport is not None}


def inward(network: SiteNetwork, source: str, proto: str, port: int, fragment: bool = False) -> FirstPacket:
    return FirstPacket(proto, source, next(_flow), network.topology.public, port, fragment)


def decided(seen: Seen | None) -> tuple[bool, int, int, bool] | None:
    """Blocked, set, rule, logged; None when the filter never saw the packet."""
    return (seen.blocked, seen.set, seen.rule, seen.logged) if seen else None


def expected(found: Verdict | None) -> tuple[bool, int | None, int | None, bool] | None:
    return (not found.passed, found.set, found.rule, found.logged) if found and found.set else None


# --- random configurations -------------------------------------------------------------------------------------------


def random_state(dice: random.Random) -> State:
    """Any configuration of four linked sets over a few objects."""
    state = State()
    for index in range(1, 7):
        kind = dice.choice([0, 1, 2, 3, 3])
        start, end = sorted(dice.sample(SOURCES, 2), key=lambda text: tuple(map(int, text.split("."))))
        state.ip_objects[index] = IpObject(
            f"o{index}", 0, kind, start, "255.255.255.248" if kind == 0 else end, invert=int(dice.random() < 0.25)
        )
        first, last = sorted(dice.choices([*PORTS, 5059, 5063], k=2))
        state.service_objects[index] = ServiceObject(
            f"s{index}",
            dice.choice([0, 6, 17, 17, 255, 1]),
            *((0, 1, 65535) if dice.random() < 0.7 else (dice.randrange(4), 20000, dice.randrange(20001, 23000))),
            dice.choice([0, 0, 0, 1, 2, 3]),
            first,
            last,
        )
    state.ip_groups[1] = Group("g1", 0, dice.sample(range(1, 8), 2))  # 7 is blank
    state.ip_groups[2] = Group("g2")
    state.service_groups[1] = Group("sg1", 0, dice.sample(range(1, 7), 2))
    for number in range(1, 5):
        rules = {rule: random_rule(dice) for rule in dice.sample(range(1, 8), dice.randrange(2, 8))}
        state.sets[number] = FilterSet(next_set=dice.choice([0, 1, 2, 3, 4]), rules=rules)
    state.general.start_set = dice.choice([0, 1, 1, 2, 3, 4])
    state.general.default_action, state.general.default_log = dice.randrange(2), dice.randrange(2)
    limit = dice.choice([0, 1, 2])
    state.open_ports[1] = {
        1: OpenPort(1, "a", INSIDE, 1, "UDP", 5060, 5061, limit, dice.randrange(2)),
        2: OpenPort(1, "b", INSIDE, 1, dice.choice(["ALL", "TCP", "---"]), 5060, 5062),
        3: OpenPort(dice.randrange(2), "c", INSIDE, 1, "ALL", 9000, 9000),
    }
    if dice.random() < 0.5:
        state.port_maps[1] = PortMap(1, "m", "UDP", 7000, dice.randrange(2), limit, INSIDE, 5060, dice.randrange(2))
    if dice.random() < 0.3:
        state.dmz[1] = {1: DmzHost(dice.randrange(2), OTHER_INSIDE), 2: DmzHost(1, INSIDE)}
    return state


def random_rule(dice: random.Random) -> Rule:
    rule = Rule(
        enabled=int(dice.random() < 0.9), direction=dice.choice([0, 1, 1, 1]), action=dice.choice([0, 1, 2, 2, 3, 3])
    )
    rule.log = dice.randrange(2)
    rule.branch = dice.choice([0, 0, 0, 1, 2, 3, 4])
    rule.fragments = dice.choice([0, 0, 0, 0, 1, 2])
    rule.incoming_off = dice.choice([[], [], [], ["WAN2"], ["WAN1"]])
    rule.source = dice.choice(
        [
            AddressMatch(),
            AddressMatch(objects={"1": dice.randrange(1, 8)}),
            AddressMatch(objects={"1": dice.randrange(1, 7), "2": dice.randrange(1, 7)}),
            AddressMatch(groups={"1": dice.randrange(1, 3)}),
            AddressMatch(objects6={"1": 1}),
            AddressMatch(own=["3", "192.0.2.0", "192.0.2.99"]),
            AddressMatch(own=["0", "203.0.113.64", "255.255.255.248"]),
        ]
    )
    rule.service = dice.choice(
        [
            ServiceMatch(),
            ServiceMatch(object=dice.randrange(1, 8)),
            ServiceMatch(group=dice.randrange(1, 3)),  # 2 is blank
            ServiceMatch(object=dice.randrange(1, 7), group=1),
            ServiceMatch(own=[17, 0, 0, 1, 5060, 65535, 5061]),
        ]
    )
    return rule


@pytest.mark.parametrize("seed", range(40))
def test_any_configuration_decides_as_the_simulator_says(network: SiteNetwork, seed: int) -> None:
    dice = random.Random(seed)
    state = random_state(dice)
    packets = [inward(network, source, proto, port) for source in SOURCES for proto in ("udp", "tcp") for port in PORTS]
    found = send(network, state, INTERNET, packets)
    for packet in packets:
        told = from_internet(state, packet.src, packet.proto, packet.dport, packet.sport)
        seen = found.get(packet.sport)
        assert decided(seen) == expected(told.verdict), packet
        assert seen is None or seen.destination == told.inside


@pytest.mark.parametrize("seed", range(40, 50))
def test_the_way_out_too(network: SiteNetwork, seed: int) -> None:
    state = random_state(random.Random(seed))
    packets = [
        FirstPacket(proto, INSIDE, next(_flow), target, port)
        for target in SOURCES
        for proto in ("udp", "tcp")
        for port in PORTS
    ]
    found = send(network, state, PBX, packets)
    for packet in packets:
        told = verdict(state, Packet(LAN_TO_WAN, packet.src, packet.dst, packet.proto, packet.sport, packet.dport))
        assert decided(found.get(packet.sport)) == expected(told), packet
        assert packet.sport not in found or found[packet.sport].route == OUTWARD


# --- one thing at a time ---------------------------------------------------------------------------------------------


def opened(*rules: Rule) -> State:
    """SIP forwarded to the PBX, and these rules in the start set."""
    state = State()
    add_open_ports(state, [("udp", 5060, INSIDE)])
    state.sets[1] = FilterSet(rules=dict(enumerate(rules, start=1)))
    return state


def test_fragments_are_told_apart(network: SiteNetwork) -> None:
    state = opened(Rule(enabled=1, direction=1, action=1, fragments=2))
    whole, pieces = (inward(network, SOURCES[0], "udp", 5060, fragment) for fragment in (False, True))
    found = send(network, state, INTERNET, [whole, pieces])
    assert not found[whole.sport].blocked
    assert found[pieces.sport].blocked


def test_ipv6_is_blocked_only_by_a_rule_that_names_ipv6(network: SiteNetwork) -> None:
    state = opened(
        Rule(enabled=1, direction=1, action=1, source=AddressMatch(groups6={"1": 1})),
        Rule(enabled=1, direction=1, action=1),
    )
    state.general.block_routing_v6 = 0
    state.ipv6_objects[1] = Ipv6Object("bad", 0, "2001:db8:66::", "::", 48)
    state.ipv6_groups[1] = Group("bad", 0, [1])
    listed, other = (
        FirstPacket("udp", source, next(_flow), network.topology.pbx6, 5060)
        for source in ("2001:db8:66::9", network.topology.places[0].address6)
    )
    found = send(network, state, INTERNET, [listed, other])
    assert decided(found[listed.sport]) == (True, 1, 1, False)
    assert decided(found[other.sport]) == (False, 13, 1, False)


def test_routed_ipv6_does_not_even_reach_the_filter_when_it_is_not_accepted(network: SiteNetwork) -> None:
    packet = FirstPacket("udp", network.topology.places[0].address6, next(_flow), network.topology.pbx6, 5060)
    assert packet.sport not in send(network, opened(), INTERNET, [packet])


def test_two_rules_that_name_each_other_do_not_go_round(network: SiteNetwork) -> None:
    state = opened(Rule(enabled=1, direction=1, action=3, log=1, branch=2))
    state.sets[2] = FilterSet(next_set=1, rules={1: Rule(enabled=1, direction=1, action=2, branch=1)})
    packet = inward(network, SOURCES[0], "udp", 5060)
    assert decided(send(network, state, INTERNET, [packet])[packet.sport]) == (False, 2, 1, False)


def test_all_twelve_sets_in_a_row(network: SiteNetwork) -> None:
    state = opened()
    for number in range(1, 12):
        state.sets[number] = FilterSet(next_set=number + 1)
    state.sets[12] = FilterSet(rules={7: Rule(enabled=1, direction=1, action=1)})
    packet = inward(network, SOURCES[0], "udp", 5060)
    assert decided(send(network, state, INTERNET, [packet])[packet.sport]) == (True, 12, 7, False)


def test_the_log_has_a_line_for_each_packet_of_a_logging_rule(network: SiteNetwork) -> None:
    lines = len(network.router.read_log())
    state = opened(
        Rule(enabled=1, direction=1, action=1, log=1, service=ServiceMatch(own=[17, 0, 3, 1, 5060, 65535, 1])),
        Rule(enabled=1, direction=1, action=1, log=0, source=AddressMatch(own=["1", SOURCES[1], SOURCES[1]])),
        Rule(enabled=1, direction=1, action=1, log=1),
    )
    noisy, quiet = (inward(network, source, "udp", 5060) for source in SOURCES[:2])
    send(network, state, INTERNET, [noisy, quiet, noisy])
    new = network.router.read_log()[lines:]
    assert len(new) == 2
    for line in new:
        assert line.startswith(f"[FILTER][Block][{INWARD}, 0:")
        assert line.endswith(f"[@S:R=1:3, {noisy.src}:{noisy.sport}->{INSIDE}:5060][UDP]")


def test_networks_at_once_do_not_meet(network: SiteNetwork, tmp_path: Path) -> None:
    """A second lab with the same addresses, and nothing left of it afterwards."""
    state = opened()
    with SiteNetwork(network.topology, tmp_path / "second") as second:
        packet = inward(network, SOURCES[0], "udp", 5060)
        second.router.apply(state)
        network.router.apply(state)
        send_from(second.spaces, INTERNET, [packet])
        assert packet.sport in {seen.sport for seen in second.router.witnessed()}
        assert packet.sport not in {seen.sport for seen in network.router.witnessed()}
        prefix = second.spaces.prefix
        assert prefix in network.spaces.list_all()
    assert prefix not in network.spaces.list_all()
    assert network.spaces.prefix in network.spaces.list_all()
