# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Can an attacker on the internet still find the PBX? Asked with packets, not with the router's own words."""

from __future__ import annotations

import re

import pytest
from wire_support import AFTER, BEFORE, RESTARTED, STRANGERS, Story

HARDENED = (AFTER, RESTARTED)


def test_before_everybody_finds_the_pbx(story: Story) -> None:
    for family in (4, 6):
        seen = story.seen(BEFORE, *story.network.place_names(), family=family)
        assert len(seen) == 20
        assert set(seen.values()) == {"200"}
    assert story.rounds[BEFORE].svmap == [f"{story.network.topology.public}:5060"]


@pytest.mark.parametrize("when", HARDENED)
def test_strangers_hear_nothing_at_all(story: Story, when: str) -> None:
    seen = story.seen(when, *STRANGERS)
    assert len(seen) == 8
    assert set(seen.values()) == {"silent"}
    assert story.rounds[when].svmap == []


@pytest.mark.parametrize("when", HARDENED)
def test_strangers_hear_nothing_over_ipv6(story: Story, when: str) -> None:
    """Which was open before; everybody is a stranger there, because nobody declares IPv6 addresses."""
    assert set(story.seen(when, *story.network.place_names(), family=6).values()) == {"silent"}


@pytest.mark.parametrize("when", HARDENED)
def test_who_is_declared_still_gets_in_and_only_where_declared(story: Story, when: str) -> None:
    """The positive control: without it, silence could be a broken network."""
    assert story.seen(when, "provider", "office") == {
        "provider udp/5060": "200",
        "provider tcp/5060": "200",
        "provider udp/5061": "silent",
        "provider tls/5061": "silent",
        "office udp/5060": "silent",
        "office tcp/5060": "silent",
        "office udp/5061": "200",
        "office tls/5061": "200",
    }


@pytest.mark.parametrize("when", HARDENED)
@pytest.mark.parametrize("place", range(len(STRANGERS)), ids=STRANGERS)
@pytest.mark.parametrize(("protocol", "port"), [("UDP", 5060), ("TCP", 5060), ("UDP", 5061), ("TCP", 5061)])
def test_the_routers_log_shows_the_blocked_probe(story: Story, when: str, place: int, protocol: str, port: int) -> None:
    plan = story.network.topology
    source = re.escape(next(one.address for one in plan.places if one.name == STRANGERS[place]))
    line = re.compile(
        r"\[FILTER\]\[Block\]\[WAN->LAN/RT/VPN, \d+:\d+:\d+ \]"
        rf"\[@S:R=(\d+):(\d+), {source}:\d+->{re.escape(plan.pbx)}:{port}\]\[{protocol}\]"
    )
    found = [match for match in map(line.fullmatch, story.rounds[when].log) if match]
    assert found, "\n".join(story.rounds[when].log)
    # A rule of a filter set, not the default rule 13:1.
    assert {1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 7 for match in found} == {True}


def test_before_the_log_shows_no_block(story: Story) -> None:
    assert not [line for line in story.rounds[BEFORE].log if "[Block]" in line]


def test_before_everybody_reaches_the_routers_own_services(story: Story) -> None:
    seen = story.seen(BEFORE, *story.network.place_names(), management=True)
    assert len(seen) == 25
    assert set(seen.values()) == {"connected"}


@pytest.mark.parametrize("when", HARDENED)
def test_only_declared_networks_manage_the_router_and_only_by_ssh_and_https(story: Story, when: str) -> None:
    places = [place for place in story.network.place_names() if place != "management"]
    assert set(story.seen(when, *places, management=True).values()) == {"silent"}
    own = story.seen(when, "management", management=True)
    assert {label for label, heard in own.items() if heard == "connected"} == {
        "management tcp/22",
        "management tcp/443",
    }
    assert set(story.seen(when, *story.network.place_names(), family=6, management=True).values()) == {"silent"}


def test_an_attacker_who_never_stopped_is_cut_off_too(story: Story) -> None:
    assert story.rounds[BEFORE].persistent == "200"
    assert story.rounds[AFTER].persistent == "silent"


def test_a_restart_forgets_every_connection(story: Story) -> None:
    assert story.rounds[RESTARTED].persistent == "silent"
