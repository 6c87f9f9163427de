# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall of a PBX host: what is refused, who gets in, and what the file for nft never says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.firewall import admits, read
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.rules import render

DECLARED: dict[str, Any] = {
    "management": ["198.51.100.7/32", "2001:db8:1::/64"],
    "ssh_port": 22,
    "web_ports": [443],
    "sip_ports": [5060, 5061],
    "rtp_ports": "9000-10999",
    "local_networks": ["192.168.10.0/24"],
    "peers": [{"name": "itsp", "signalling": ["203.0.113.0/28"], "media": ["203.0.113.64/26"]}],
    "open_ports": [{"protocol": "tcp", "ports": ["5090"]}],
    "concurrent_calls": 12,
    "offender_seconds": 600,
}


def rules(**changes: Any) -> str:
    return render(read({**DECLARED, **changes}))


def chain(text: str, name: str) -> list[str]:
    body = re.search(rf"^\tchain {name} {{\n(.*?)^\t}}", text, re.MULTILINE | re.DOTALL)
    assert body
    return [line.strip() for line in body[1].splitlines()]


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8:1::5", "::ffff:198.51.100.7", "127.0.0.1", "::1"])
def test_management_gets_in(address: str) -> None:
    assert admits(read(DECLARED), address)


@pytest.mark.parametrize("address", ["198.51.100.8", "2001:db8:2::5", "203.0.113.1", "192.168.10.5", "UNKNOWN", ""])
def test_nobody_else_gets_in(address: str) -> None:
    assert not admits(read(DECLARED), address)


def test_networks_for_ssh_take_the_place_of_management() -> None:
    firewall = read({**DECLARED, "ssh_networks": ["10.0.0.0/8"]})
    assert admits(firewall, "10.1.2.3")
    assert not admits(firewall, "198.51.100.7")


@pytest.mark.parametrize(("calls", "rate"), [(1, 65), (2, 130), (12, 780), (100, 6500)])
def test_the_limit_of_speech_is_that_of_all_calls_and_thirty_percent(calls: int, rate: int) -> None:
    assert f"limit rate over {rate}/second burst {rate} packets" in "\n".join(
        chain(rules(concurrent_calls=calls), "speech")
    )


def test_speech_is_limited_before_established_traffic_is_let_in() -> None:
    lines = chain(rules(), "input")
    assert lines.index("udp dport { 9000-10999 } jump speech") < lines.index("ct state established,related accept")


def test_only_one_table_is_named() -> None:
    text = rules()
    assert "flush" not in text
    assert set(re.findall(r"table \w+ \w+", text)) == {"table inet voipsec"}


def test_media_do_not_reach_signalling() -> None:
    assert not [line for line in chain(rules(), "signalling") if "203.0.113.64/26" in line]
    assert [line for line in chain(rules(), "speech") if "203.0.113.64/26" in line and line.endswith("accept")]


def test_nothing_is_written_about_a_family_without_networks() -> None:
    assert not [line for line in chain(rules(), "signalling") if "ip6" in line]


def test_overlapping_networks_become_one() -> None:
    text = rules(management=["10.0.0.0/25", "10.0.0.128/25", "10.0.0.7"])
    assert "ip saddr { 10.0.0.0/24 } tcp dport { 22 } accept" in chain(text, "input")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"management": []}, "pbx_host_management is empty"),
        ({"management": ["::/0"]}, "pbx_host_management: '::/0' is everybody"),
        ({"management": "10.0.0.0/8"}, "pbx_host_management is '10.0.0.0/8'; a list of networks"),
        ({"management": ["10.0.0.1/8"]}, "'10.0.0.1/8' is not a network"),
        ({"peers": [{"name": "x", "signalling": []}]}, "pbx_host_peers[0].signalling is empty"),
        ({"web_ports": [443, 443]}, "pbx_host_web_ports names port 443 twice"),
        ({"web_ports": [70000]}, "'70000' is no port from 1 to 65535"),
        ({"rtp_ports": "9000-80"}, "pbx_host_rtp_ports: '9000-80' is no port"),
        ({"open_ports": [{"protocol": "icmp", "ports": [1]}]}, "pbx_host_open_ports[0].protocol is 'icmp'"),
        ({"open_ports": [{"ports": []}]}, "pbx_host_open_ports[0].ports is empty"),
        ({"concurrent_calls": 0}, "pbx_host_concurrent_calls is '0'; a whole number from 1 to 5000"),
        ({"ssh_port": "22; accept"}, "pbx_host_ssh_port: '22; accept' is no port"),
    ],
)
def test_mistakes_are_named(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(HardeningError) as problem:
        read({**DECLARED, **changes})
    assert sentence in problem.value.message
