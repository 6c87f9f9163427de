# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what other programs say: svmap's table, nftables' sets; and the table that people read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab.net.knocking import parse_svmap
from lab.net.probe import Answer, Door
from lab.net.ruleset import Mark
from lab.net.table import render
from lab.net.witness import INWARD, OUTWARD, Seen, new_since, parse_witnesses

FOUND = """
+---------------------+------------+
| SIP Device          | User Agent |
+=====================+============+
| 198.51.100.129:5060 | unknown    |
+---------------------+------------+
"""
SEEN = Seen(INWARD, 13, 1, False, True, "udp", "203.0.113.67", "198.51.100.75", 29715, 123)


def test_svmap() -> None:
    assert parse_svmap(FOUND) == ["198.51.100.129:5060"]
    assert parse_svmap("WARNING:root:found nothing\n") == []


@pytest.mark.parametrize("output", ["", "Traceback (most recent call last):\nOSError: no network\n"])
def test_svmap_that_did_not_work_is_not_silence(output: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        parse_svmap(output)


def listing(name: str, *key: Any, packets: int = 1) -> str:
    element = {"elem": {"val": {"concat": list(key)}, "counter": {"packets": packets, "bytes": 1}}}
    return json.dumps({"nftables": [{"metainfo": {}}, {"set": {"name": name, "elem": [element]}}]})


def test_a_mark_is_read_back_as_the_rule_that_set_it() -> None:
    mark = Mark.of(12, 4, block=True, log=True) | Mark.FRAGMENT
    found = parse_witnesses(listing("seen4_udp", mark, "203.0.113.72", "192.168.10.10", 4000, 5060, packets=3))
    assert found == {Seen(INWARD, 12, 4, True, True, "udp", "203.0.113.72", "192.168.10.10", 4000, 5060): 3}
    mark = Mark.of(2, 7, block=False, log=False) | Mark.OUT
    found = parse_witnesses(listing("seen4_other", mark, "192.168.10.10", "192.0.2.1", "icmp"))
    assert found == {Seen(OUTWARD, 2, 7, False, False, "icmp", "192.168.10.10", "192.0.2.1"): 1}


def test_a_line_looks_as_those_of_a_real_router() -> None:
    """domain.md 5.1: [FILTER][Pass][WAN->LAN/RT/VPN, 121:50:33    ][@S:R=13:1, a:p->b:q][UDP][...]."""
    line = SEEN.line(121 * 3600 + 50 * 60 + 33)
    assert line == (
        "[FILTER][Pass][WAN->LAN/RT/VPN, 121:50:33 ][@S:R=13:1, 203.0.113.67:29715->198.51.100.75:123][UDP]"
    )
    unknown = Seen(OUTWARD, 1, 1, True, True, "47", "192.168.10.10", "192.0.2.1")
    assert unknown.line(0).endswith("[@S:R=1:1, 192.168.10.10->192.0.2.1][PR 47]")


def test_only_new_packets_count() -> None:
    assert list(new_since({}, {SEEN: 2})) == [(SEEN, 2)]
    assert list(new_since({SEEN: 2}, {SEEN: 5})) == [(SEEN, 3)]
    assert list(new_since({SEEN: 5}, {SEEN: 5})) == []


def test_the_table_joins_services_only_when_they_are_alike() -> None:
    sip, ssh, web = Door("udp", "192.0.2.1", 5060), Door("connect", "192.0.2.1", 22), Door("connect", "192.0.2.1", 80)
    quiet = {"internet": {sip: Answer("answered", 200), ssh: Answer("silent"), web: Answer("silent")}}
    assert render({"now": quiet}) == [
        "each cell: now",
        "           internet",
        "udp/5060   200",
        "tcp/22,80  silent",
    ]
    loud = {"internet": {**quiet["internet"], web: Answer("connected")}}
    assert render({"before": quiet, "after": loud})[3:] == ["tcp/22    silent > silent", "tcp/80    silent > connected"]
