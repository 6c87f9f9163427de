# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which forwards are the PBX's, which are declared, and which are reported."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.commands import (
    limit_command,
    marked_comment,
    switch_command,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.exposures import (
    DMZ,
    OPEN_PORT,
    REDIRECTION,
    Exposure,
    parse_all,
    parse_dmz,
    parse_open_port,
    read_exposures,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.wanted import WantedNat, nat_from
from lab.drayos.fixtures import lived_in_state
from lab.drayos.in_memory import InMemoryVigor
from lab.drayos.state import DmzHost, OpenPort, PortMap

PBX, OTHER = "192.168.1.10", "192.168.1.20"
EVERY = (1, 65535)
WANTED = WantedNat(
    PBX, voice=((5060, 5061), (9000, 9999)), known=((OTHER, (8080, 8089)),), watched=((443, 443), (5060, 5061))
)


def way(
    first: int, last: int = 0, address: str = PBX, kind: str = OPEN_PORT, inside: tuple[int, int] | None = None
) -> Any:
    ports = (first, last or first)
    return Exposure(kind, 3, 1 if kind != REDIRECTION else 0, "udp", ports, address, inside or ports)


@pytest.mark.parametrize(
    ("exposure", "voice"),
    [
        (way(5060), True),
        (way(5061), True),
        (way(5060, 5061), True),
        (way(9000, 9999), True),
        (way(5059, 5060), False),
        (way(5061, 5062), False),
        (way(5060, 9000), False),
        (way(8999, 9999), False),
        (way(9000, 10000), False),
        (way(5060, address=OTHER), False),
        (way(15060, kind=REDIRECTION, inside=(5060, 5060)), True),
        (way(5060, kind=REDIRECTION, inside=(443, 443)), False),
    ],
)
def test_what_leads_to_the_voice_ports_of_the_pbx_and_to_nothing_else(exposure: Exposure, voice: bool) -> None:
    assert WANTED.is_voice(exposure) is voice


@pytest.mark.parametrize(
    ("exposure", "known"),
    [
        (way(8080, 8089, OTHER), True),
        (way(8080, address=OTHER), True),
        (way(8089, address=OTHER), True),
        (way(8079, 8080, OTHER), False),
        (way(8089, 8090, OTHER), False),
        (way(8080, address="192.168.1.21"), False),
        (way(5060), True),
        (way(8080, 8089, OTHER, DMZ), False),
        (way(5060, kind=DMZ), False),
    ],
)
def test_what_is_declared(exposure: Exposure, known: bool) -> None:
    assert WANTED.knows(exposure) is known


@pytest.mark.parametrize(
    ("exposure", "reported"),
    [
        (way(443, address=OTHER), True),
        (way(442, address=OTHER), False),
        (way(444, address=OTHER), False),
        (way(440, 450, OTHER), True),
        (way(1, 443, OTHER), True),
        (way(443, 500, OTHER), True),
        (way(22, address=OTHER, inside=(443, 443)), True),
        (way(22, address=OTHER), False),
        (way(5060), False),
        (way(8080, address=OTHER), False),
        (way(*EVERY, OTHER, DMZ), True),
        (way(22, address=OTHER, kind=DMZ), True),
        # 443 is 0x01bb, and 0xbb01 with its bytes swapped; 5060 is 0x13c4, and 0xc413
        (way(0xBB01, address=OTHER, kind=REDIRECTION), True),
        (way(0xC413, address=OTHER, kind=REDIRECTION), True),
        (way(0xBB01, address=OTHER), False),
    ],
)
def test_undeclared_forwards_to_watched_ports_are_reported(exposure: Exposure, reported: bool) -> None:
    assert WANTED.unknown([exposure]) == ((exposure,) if reported else ())


def test_labels_name_what_the_web_page_shows() -> None:
    assert way(5060).label == "open port 3.1: udp 5060 to 192.168.1.10"
    assert way(80, 81, OTHER, REDIRECTION).label == "redirection 3: udp 80-81 to 192.168.1.20"
    marked = Exposure(OPEN_PORT, 1, 2, "all", (5060, 5060), PBX, (5060, 5060), "sip_vs31")
    assert (marked.label, marked.group) == ("open port 1.2 (sip): all 5060 to 192.168.1.10", 31)
    assert way(5060).group == 0


@pytest.mark.parametrize(
    ("comment", "group", "marked"),
    [
        ("", 7, "pbx_vs7"),
        ("_vs3", 7, "pbx_vs7"),
        ("sip_vs3", 31, "sip_vs31"),
        ("a b/c", 7, "a_b_c_vs7"),
        ("x" * 30, 31, "x" * 17 + "_vs31"),
    ],
)
def test_a_limited_open_port_is_marked_in_its_comment(comment: str, group: int, marked: str) -> None:
    assert marked_comment(comment, group) == marked
    assert len(marked) <= 22


def test_commands() -> None:
    one = Exposure(OPEN_PORT, 2, 5, "udp", (5060, 5060), PBX, (5060, 5060), "sip_vs3")
    assert limit_command(one, 31) == "srv nat openport 2 5 -l 31 -g 1 -c sip_vs31"
    assert limit_command(one, 0) == "srv nat openport 2 5 -l 0 -g 0 -c sip"
    assert switch_command(one, on=False) == "srv nat openport 2 5 -a 0"
    assert switch_command(way(1, kind=DMZ), on=True) == "srv nat dmz 3 1 -e 1"
    assert switch_command(way(80, kind=REDIRECTION), on=True) == "srv nat portmap enable 3 udp"
    assert switch_command(way(80, kind=REDIRECTION), on=False) == "srv nat portmap disable 3"


CONFIG = {
    "address": PBX,
    "ports": ["5061", "5060", "9000-9999", "10000-10100", "9500"],
    "sources": "vs_peers",
    "known": [{"address": OTHER, "ports": "1-65535"}],
    "watched": ["5060-5061", "80"],
}


def test_the_option_in_typed_form() -> None:
    problems: list[str] = []
    assert nat_from(CONFIG, {"vs_peers"}, problems) == WantedNat(
        PBX, ((5060, 5061), (9000, 10100)), "vs_peers", ((OTHER, EVERY),), ((5060, 5061), (80, 80))
    )
    assert nat_from({}, set(), problems) == WantedNat()
    assert problems == []


def test_spans_that_do_not_touch_stay_apart() -> None:
    assert nat_from({"ports": ["5060", "5062", "7-9", "8"]}, set(), []).voice == ((7, 9), (5060, 5060), (5062, 5062))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"sources": "vs_x"}, "config.nat.sources: 'vs_x' is not one of config.address_groups."),
        ({"address": "pbx"}, "config.nat.address: 'pbx' is not an IPv4 address."),
        ({"ports": ["0"]}, "config.nat.ports: '0' is not a port"),
        ({"ports": ["1-65536"]}, "config.nat.ports: '1-65536' is not a port"),
        ({"ports": ["9-8"]}, "config.nat.ports: '9-8' is not a port"),
        ({"watched": ["x"]}, "config.nat.watched: 'x' is not a port"),
        ({"known": [{"address": "x", "ports": "5"}]}, "config.nat.known[0].address: 'x' is not"),
        ({"known": [{"address": PBX, "ports": ""}]}, "config.nat.known[0].ports: '' is not a port"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], problem: str) -> None:
    problems: list[str] = []
    nat_from({**CONFIG, **change}, {"vs_peers"}, problems)
    assert [text[: len(problem)] for text in problems] == [problem]


def router() -> InMemoryVigor:
    state = lived_in_state("vigor2927")
    state.open_ports[9] = {
        1: OpenPort(0, "off", OTHER, 1, "TCP", 80, 80),
        2: OpenPort(1, "web", OTHER, 1, "TCP", 443, 444),
    }
    state.port_maps[3] = PortMap(1, "sip2", "UDP", 5062, 0, 0, "192.168.1.30", 5060)
    state.port_maps[4] = PortMap(0, "off", "UDP", 5063, 0, 0, "192.168.1.30", 5060)
    state.dmz[2] = {1: DmzHost(1, "192.168.1.40"), 2: DmzHost(0, "192.168.1.41")}
    return InMemoryVigor(state=state)


def test_every_active_way_in_is_read() -> None:
    unread: list[str] = []
    found = read_exposures(router().run, unread)
    assert unread == []
    assert {exposure.label for exposure in found or ()} == {
        "open port 1.1 (PBX): udp 5060 to 192.168.1.10",
        "open port 1.2 (PBX): tcp 5060 to 192.168.1.10",
        "open port 1.3 (PBX): udp 10000-10100 to 192.168.1.10",
        "open port 9.2 (web): tcp 443-444 to 192.168.1.20",
        "redirection 3: udp 5062 to 192.168.1.30",
        "DMZ 2.1: all 1-65535 to 192.168.1.40",
    }


@pytest.mark.parametrize(("command", "left"), [("srv nat dmz -v", 5), ("srv nat showall", None)])
def test_a_view_that_cannot_be_parsed_is_reported(command: str, left: int | None) -> None:
    there, unread = router(), []
    found = read_exposures(lambda line: "% Unknown" if line == command else there.run(line), unread)
    assert (None if found is None else len(found)) == left
    assert [text for text in unread if repr(command) in text] == unread
    assert len(unread) == 1


@pytest.mark.parametrize("parse", [parse_all, parse_open_port, parse_dmz])
def test_other_output_is_no_view_of_nat(parse: Any) -> None:
    assert parse("invalid command !!") is None
    assert parse("") is None
