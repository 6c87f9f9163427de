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


def test_speech_has_no_limit_that_nobody_has_declared() -> None:
    """Two calls through a provider's gateway are more than any guess of one."""
    lines = chain(rules(concurrent_calls=0), "speech")
    assert lines
    assert all(line.endswith("} accept") for line in lines), lines
    assert "limit rate over 100/second" in "\n".join(chain(rules(concurrent_calls=0), "signalling"))


def test_phones_behind_the_vpn_reach_what_those_of_the_lan_reach() -> None:
    text = rules(vpn_sites=["warehouse"], vpn_networks=["192.168.20.0/24"])
    for name in ("signalling", "speech"):
        assert [line for line in chain(text, name) if "192.168.20.0/24" in line and line.endswith("accept")]


def test_a_pbx_without_a_lan_and_a_vpn_behind_the_lans_addresses_can_be_declared() -> None:
    assert "192.168.10.0/24" not in rules(local_networks=[])
    assert rules(vpn_sites=["warehouse"], vpn_networks=[]) == rules()
    assert rules(vpn_sites=[], vpn_networks="") == rules()


@pytest.mark.parametrize(
    "network",
    [
        *("198.51.100.7", "2001:db8:1::/64", "192.168.10.0/24", "203.0.113.0/28", "203.0.113.64/26"),
        *("10.1.0.0/24", "10.2.0.0/24", "10.3.0.0/24", "10.4.0.0/24"),
    ],
)
def test_whoever_is_declared_does_not_come_to_where_offenders_are_made(network: str) -> None:
    text = rules(
        ssh_networks=["10.1.0.0/24"],
        web_networks=["10.2.0.0/24"],
        vpn_networks=["10.3.0.0/24"],
        open_ports=[{"ports": ["5090"]}, {"ports": ["8443"], "networks": ["10.4.0.0/24"]}],
    )
    leaving = [line for line in chain(text, "input") if line.endswith("goto declared")]
    assert [line for line in leaving if network in line]
    assert chain(text, "input")[-1] == "jump strangers"
    assert chain(text, "declared") == ["tcp dport { 5090 } accept", "drop"]


def test_offenders_are_made_of_strangers_only() -> None:
    text = rules()
    for name in ("input", "speech", "signalling", "declared"):
        assert "offenders" not in "\n".join(chain(text, name))
    assert "offenders" in "\n".join(chain(text, "strangers"))


@pytest.mark.parametrize(
    "opened",
    [
        {"ports": ["443"], "networks": ["10.0.0.0/8"]},
        {"protocol": "udp", "ports": ["443"]},
        {"protocol": "udp", "ports": ["22"]},
        {"ports": ["5062-5070"]},
    ],
)
def test_ports_that_are_open_beside_the_kept_ones_are_fine(opened: dict[str, Any]) -> None:
    assert rules(open_ports=[opened])


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
        ({"management": []}, "site.management (pbx_host_management) is empty"),
        ({"management": ["::/0"]}, "site.management (pbx_host_management): '::/0' is everyone"),
        (
            {"management": "10.0.0.0/8"},
            "site.management (pbx_host_management) is '10.0.0.0/8'; it must be a list of networks",
        ),
        ({"management": ["10.0.0.1/8"]}, "'10.0.0.1/8' is not a network"),
        ({"peers": [{"name": "x", "signalling": []}]}, "pbx_host_peers[0].signalling is empty"),
        ({"web_ports": [443, 443]}, "pbx_host_web_ports lists port 443 twice"),
        ({"web_ports": [70000]}, "'70000' is neither a port from 1 to 65535"),
        ({"rtp_ports": "9000-80"}, "pbx.rtp_ports (pbx_host_rtp_ports): '9000-80' is neither a port"),
        ({"open_ports": [{"protocol": "icmp", "ports": [1]}]}, "pbx_host_open_ports[0].protocol is 'icmp'"),
        ({"open_ports": [{"ports": []}]}, "pbx_host_open_ports[0].ports is empty"),
        (
            {"concurrent_calls": -1},
            "concurrent_calls (pbx_host_concurrent_calls) is '-1'; it must be a whole number from 0 to 5000",
        ),
        ({"local_networks": None}, "pbx_host_local_networks: [] where there is no LAN"),
        ({"local_networks": ""}, "pbx.local_networks (pbx_host_local_networks) is not declared"),
        (
            {"vpn_sites": ["warehouse", "barn"]},
            "pbx_host_vpn_networks is not set, and the firewall would cut off the phones of warehouse, barn",
        ),
        ({"vpn_networks": "10.0.0.0/8"}, "pbx_host_vpn_networks is '10.0.0.0/8'; it must be a list of networks"),
        (
            {"open_ports": [{"ports": ["5090"]}, {"ports": ["443"]}]},
            "pbx_host_open_ports[1] opens tcp port 443 to everyone, but pbx_host_web_ports restricts it",
        ),
        ({"open_ports": [{"ports": ["20-30"]}]}, "opens tcp port 22 to everyone, but pbx_host_ssh_port restricts it"),
        (
            {"open_ports": [{"protocol": "udp", "ports": ["5061"]}]},
            "opens udp port 5061 to everyone, but pbx.sip_ports (pbx_host_sip_ports) restricts it",
        ),
        ({"ssh_port": "22; accept"}, "pbx_host_ssh_port: '22; accept' is neither a port"),
    ],
)
def test_mistakes_are_named(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(HardeningError) as problem:
        read({**DECLARED, **changes})
    assert sentence in problem.value.message
