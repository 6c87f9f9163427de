# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router on the wire does what is typed on its command line, as it is typed."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.customer import DEMO, load_declaration
from lab.drayos import SimulatedVigor, add_open_ports, factory_state
from lab.net.knocking import knock_from
from lab.net.probe import Door
from lab.net.site import SiteNetwork
from lab.net.topology import INTERNET, topology

QUICK = 0.8  # seconds: nothing is lost here, and what is silent stays silent
BLOCK_ALL = ('ipf rule 2 1 -D 1 -F "1 1"', "ipf rule 2 1 -e 1", "ipf set 1 -n 2")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteNetwork]:
    with SiteNetwork(topology(load_declaration(DEMO)), tmp_path_factory.mktemp("router")) as running:
        yield running


@dataclass
class Bench:
    """A simulated router on the wire, and a hand on its keyboard."""

    network: SiteNetwork
    vigor: SimulatedVigor

    def type(self, *commands: str) -> None:
        for command in commands:
            self.vigor._in_loop(functools.partial(self.vigor.device.execute, command))

    def knock(self, place: str, *doors: Door) -> list[str]:
        return [str(answer) for answer in knock_from(self.network.spaces, place, doors, QUICK).values()]

    def sip(self, source_port: int = 0) -> Door:
        return Door("udp", self.network.topology.public, 5060, source_port)

    def service(self, port: int) -> Door:
        return Door("connect", self.network.topology.public, port)


@pytest.fixture
def bench(network: SiteNetwork, tmp_path: Path) -> Iterator[Bench]:
    state = factory_state()
    add_open_ports(state, [("udp", 5060, network.topology.pbx)])
    with SimulatedVigor(state=state) as vigor:
        network.router.forget_connections()
        network.router.follow(vigor)
        yield Bench(network, vigor)


def test_from_the_factory_nothing_gets_in(network: SiteNetwork) -> None:
    network.router.apply(factory_state())
    answers = network.knock(network.sip_doors(), INTERNET)[INTERNET]
    assert {str(answer) for answer in answers.values()} == {"silent"}


def test_a_rule_works_from_the_moment_it_is_typed(bench: Bench) -> None:
    assert bench.knock(INTERNET, bench.sip()) == ["200"]
    bench.type(*BLOCK_ALL)
    assert bench.knock(INTERNET, bench.sip()) == ["silent"]
    bench.type("ipf rule 2 1 -e 0")
    assert bench.knock(INTERNET, bench.sip()) == ["200"]


def test_a_power_cut_takes_back_what_was_not_saved(bench: Bench) -> None:
    bench.type(*BLOCK_ALL)
    bench.vigor.reboot()
    assert bench.knock(INTERNET, bench.sip()) == ["200"]
    bench.type(*BLOCK_ALL, "sys commit")
    bench.vigor.reboot()
    assert bench.knock(INTERNET, bench.sip()) == ["silent"]


def test_a_known_connection_goes_on_until_the_flow_table_is_refreshed(bench: Bench) -> None:
    old = bench.sip(source_port=5099)
    assert bench.knock(INTERNET, old) == ["200"]
    bench.type(*BLOCK_ALL)
    assert bench.knock(INTERNET, old, bench.sip()) == ["200", "silent"]
    bench.type("ipf flowtrack set -r")
    assert bench.knock(INTERNET, old) == ["silent"]


def test_routed_ipv6_is_a_switch_of_its_own(bench: Bench) -> None:
    door = Door("udp", bench.network.topology.pbx6, 5060)
    assert bench.knock(INTERNET, door) == ["silent"]
    bench.type('ipf set -R "v6 0"')
    assert bench.knock(INTERNET, door) == ["200"]


def test_an_open_port_can_be_limited_to_a_source(network: SiteNetwork) -> None:
    state = factory_state("vigor3912")
    add_open_ports(state, [("udp", 5060, network.topology.pbx)])
    with SimulatedVigor("vigor3912", state=state) as vigor:
        network.router.forget_connections()
        network.router.follow(vigor)
        bench = Bench(network, vigor)
        provider = next(place.address for place in network.topology.places if place.name == "provider")
        bench.type(f"object ip obj 9 -a 1 {provider}", "srv nat openport 1 1 -l 9 -g 0")
        assert bench.knock("provider", bench.sip()) == ["200"]
        assert bench.knock("neighbour", bench.sip()) == ["silent"]


def test_sip_behind_another_port_or_as_dmz_host_is_found_too(bench: Bench) -> None:
    pbx = bench.network.topology.pbx
    hidden = Door("udp", bench.network.topology.public, 7000)
    other = Door("udp", bench.network.topology.public, 5061)
    assert bench.knock(INTERNET, hidden, other) == ["silent", "silent"]
    bench.type(f"srv nat portmap add 1 hidden udp 7000 0 0 {pbx} 5060 1 0.0.0.0")
    assert bench.knock(INTERNET, hidden, other) == ["200", "silent"]
    bench.type(f"srv nat dmz 1 1 -e 1 -i {pbx}")
    assert bench.knock(INTERNET, hidden, other) == ["200", "200"]


def test_management_from_the_internet_needs_the_switch_the_service_and_the_access_list(bench: Bench) -> None:
    management = next(p.address for p in bench.network.topology.places if p.name == "management")
    doors = [bench.service(port) for port in (22, 443)]
    assert bench.knock(INTERNET, *doors) == ["silent", "silent"]
    bench.type("mngt rmtcfg enable", "mngt rmtcfg ssh on")
    assert bench.knock(INTERNET, *doors) == ["connected", "silent"]
    bench.type(f"object ip obj 9 -a 1 {management}", "mngt accesslist add 1 9")
    assert bench.knock(INTERNET, *doors) == ["silent", "silent"]
    assert bench.knock("management", *doors) == ["connected", "silent"]
    bench.type("mngt rmtcfg disable")
    assert bench.knock("management", *doors) == ["silent", "silent"]


def test_a_moved_management_port_is_open_only_where_it_went(bench: Bench) -> None:
    bench.type("mngt rmtcfg enable", "mngt rmtcfg ssh on", "mngt sshport 2222")
    assert bench.knock(INTERNET, bench.service(22), bench.service(2222)) == ["silent", "connected"]


def test_data_filter_rules_do_not_guard_the_router_itself(bench: Bench) -> None:
    """WAN to localhost is not among the directions of a rule (draytek.md 2.3)."""
    bench.type("mngt rmtcfg enable", "mngt rmtcfg https on", *BLOCK_ALL)
    assert bench.knock(INTERNET, bench.service(443), bench.sip()) == ["connected", "silent"]
