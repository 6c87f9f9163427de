# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule's printed reference is recognised in every plausible form, and nothing else is taken for ours."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import IpObject, ServiceObject
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.references import (
    expands_to_addresses,
    expands_to_services,
    refers_to,
)

PEERS = [
    IpObject("vs_gamma_1", "range", "203.0.113.0", "203.0.113.63"),
    IpObject("vs_ipswich_1", "single", "192.0.2.10", "192.0.2.10"),
]
SIP = [ServiceObject("vs_sip_5060", "tcp/udp", 5060, 5060), ServiceObject("vs_rtp", "tcp/udp", 9000, 10999)]


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("IP Group 32", True),
        ("Group 32", True),
        ("IP Group [32]", True),
        ("vs_peers_1", True),
        ("[vs_peers_1]", True),
        ("IP Group 3", False),
        ("IP Object 32", False),
        ("vs_peers_10", False),
        ("Any", False),
        ("", False),
    ],
)
def test_by_index_or_name(printed: str, same: bool) -> None:
    assert refers_to(printed, "address_groups", 32, "vs_peers_1") is same


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("203.0.113.0~203.0.113.63, 192.0.2.10", True),
        ("192.0.2.10, 203.0.113.0 - 203.0.113.63", True),
        ("203.0.113.0/26, 192.0.2.10", True),
        ("203.0.113.0~203.0.113.63", False),
        ("203.0.113.0~203.0.113.63, 192.0.2.10, 198.51.100.9", False),
        ("Any", False),
    ],
)
def test_by_addresses(printed: str, same: bool) -> None:
    assert expands_to_addresses(printed, PEERS) is same


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("TCP/UDP 5060, TCP/UDP 9000~10999", True),
        ("TCP/UDP, Port: from 1~65535 to 5060; from 1~65535 to 9000~10999", True),
        ("UDP 5060, UDP 9000~10999", False),
        ("TCP/UDP 5060", False),
        ("Any", False),
    ],
)
def test_by_ports(printed: str, same: bool) -> None:
    assert expands_to_services(printed, SIP) is same
