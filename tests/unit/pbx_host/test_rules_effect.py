# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file for nft as a whole, and what its rules do to a packet."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.firewall import read
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.rules import render

GOLDEN = Path(__file__).parent / "golden"
FULL: dict[str, Any] = {
    "management": ["198.51.100.7/32", "2001:db8:1::/64"],
    "ssh_port": 2222,
    "ssh_networks": ["198.51.100.7/32", "10.9.0.0/24"],
    "web_ports": [443, 5001],
    "web_networks": ["10.8.0.0/24"],
    "sip_ports": [5060, 5061],
    "rtp_ports": "9000-10999",
    "local_networks": ["192.168.10.0/25", "192.168.10.128/25"],
    "vpn_networks": ["192.168.20.0/24"],
    "peers": [
        {"name": "itsp", "signalling": ["203.0.113.0/28"], "media": ["203.0.113.64/26", "2001:db8:3::/64"]},
        {"name": "ipswich", "signalling": ["192.0.2.10/32", "2001:db8:2::/64"]},
    ],
    "open_ports": [
        {"protocol": "tcp", "ports": ["5090"]},
        {"protocol": "udp", "ports": ["5090", "3478-3480"]},
        {"protocol": "tcp", "ports": ["8443"], "networks": ["10.7.0.0/24"]},
    ],
    "concurrent_calls": 12,
    "offender_seconds": 300,
}
BARE: dict[str, Any] = {
    "management": ["198.51.100.7/32"],
    "ssh_port": 22,
    "web_ports": [],
    "sip_ports": [],
    "rtp_ports": "",
    "local_networks": [],
    "peers": [],
    "concurrent_calls": 0,
    "offender_seconds": 600,
}
DECLARATIONS = {"full": FULL, "bare": BARE}
ROOT_WITH_NFT = os.geteuid() == 0 and shutil.which("nft") is not None


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_file_is_the_expected_one(name: str) -> None:
    """A difference that is meant goes into the golden file."""
    assert render(read(DECLARATIONS[name])) == (GOLDEN / f"{name}.nft").read_text()


@pytest.mark.skipif(not ROOT_WITH_NFT, reason="nft checks rules only for root, with the package nftables")
@pytest.mark.parametrize("name", DECLARATIONS)
def test_nft_takes_the_file(name: str) -> None:
    done = subprocess.run(
        ["nft", "-c", "-f", "-"], input=render(read(DECLARATIONS[name])), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


class Rules:
    """The rules of a file, followed for one packet. It knows the expressions that the file uses, and no others."""

    def __init__(self, text: str) -> None:
        body = r"^\tchain (\w+) {\n(.*?)^\t}"
        self.chains = {
            name: [line.strip() for line in lines.splitlines()]
            for name, lines in re.findall(body, text, re.MULTILINE | re.DOTALL)
        }
        self.offenders: set[str] = set()

    def verdict(self, source: str, protocol: str, port: int, **packet: Any) -> str:
        """``accept`` or ``drop``. ``state``: new (default) or established. ``over``: whether every rate is exceeded."""
        found = self._run("input", {"source": source, "protocol": protocol, "port": port, "state": "new", **packet})
        hook = self.chains["input"][0]
        assert "type filter hook input" in hook
        return found or hook.split("policy ")[1].rstrip(";")

    def _run(self, chain: str, packet: Mapping[str, Any]) -> str | None:
        for line in self.chains[chain]:
            if line.startswith("type "):
                continue
            rest = self._matched(line, packet)
            if rest in ("accept", "drop"):
                return rest
            if rest.startswith(("jump ", "goto ")):
                found = self._run(rest.split()[1], packet)
                if found or rest.startswith("goto "):
                    return found
        return None

    def _matched(self, line: str, packet: Mapping[str, Any]) -> str:
        """What is left of a rule when its conditions hold; empty when one does not."""
        version = ipaddress.ip_address(packet["source"]).version
        rest = line
        while rest not in ("accept", "drop", "") and not rest.startswith(("jump ", "goto ")):
            rest, holds = self._condition(rest, packet, version)
            if not holds:
                return ""
        return rest

    def _condition(self, rest: str, packet: Mapping[str, Any], version: int) -> tuple[str, bool]:
        source = ipaddress.ip_address(packet["source"])
        family = 4 if rest.startswith("ip saddr ") else 6
        if found := re.match(r"ip6? saddr @offenders[46] ", rest):
            return rest[found.end() :], version == family and packet["source"] in self.offenders
        if found := re.match(r"ip6? saddr (?:{ ([^}]*) }|(\S+)) ", rest):
            networks = [ipaddress.ip_network(text) for text in (found[1] or found[2]).split(", ")]
            return rest[found.end() :], version == family and any(source in network for network in networks)
        if found := re.match(r"(tcp|udp) dport (?:{ ([^}]*) }|(\d+)) ", rest):
            return rest[found.end() :], found[1] == packet["protocol"] and _in(packet["port"], found[2] or found[3])
        if found := re.match(r"meta l4proto { tcp, udp } th dport { ([^}]*) } ", rest):
            return rest[found.end() :], packet["protocol"] in ("tcp", "udp") and _in(packet["port"], found[1])
        if found := re.match(r"meta l4proto tcp ", rest):
            return rest[found.end() :], packet["protocol"] == "tcp"
        if found := re.match(r"ct state ([a-z,]+) ", rest):
            return rest[found.end() :], packet["state"] in found[1].split(",")
        if found := re.match(r"add @(speech|signalling|connections)([46]) { ip6? saddr limit rate over [^}]* } ", rest):
            return rest[found.end() :], packet.get("over", False) and int(found[2]) == version
        if found := re.match(r"add @offenders([46]) { ip6? saddr } ", rest):
            if int(found[1]) == version:
                self.offenders.add(packet["source"])
            return rest[found.end() :], int(found[1]) == version
        assert re.match(r'iif "lo"|icmp|ip6 hoplimit|udp sport', rest), rest
        return "", False


def _in(port: int, ports: str) -> bool:
    ranges = [part.split("-") for part in ports.split(", ")]
    return any(int(part[0]) <= port <= int(part[-1]) for part in ranges)


def full() -> Rules:
    return Rules(render(read(FULL)))


MANAGEMENT, STRANGER, STRANGER6, LAN, VPN = (
    "198.51.100.7",
    "100.64.0.1",
    "2001:db8:99::1",
    "192.168.10.200",
    "192.168.20.9",
)


@pytest.mark.parametrize(
    ("source", "protocol", "port", "expected"),
    [
        (MANAGEMENT, "tcp", 2222, "accept"),
        ("10.9.0.5", "tcp", 2222, "accept"),
        ("10.8.0.5", "tcp", 2222, "drop"),
        (STRANGER, "tcp", 2222, "drop"),
        (MANAGEMENT, "tcp", 22, "drop"),
        ("10.8.0.5", "tcp", 443, "accept"),
        ("10.8.0.5", "tcp", 5001, "accept"),
        (LAN, "tcp", 443, "drop"),
        (LAN, "udp", 5060, "accept"),
        (LAN, "tcp", 5061, "accept"),
        (VPN, "udp", 5060, "accept"),
        ("203.0.113.3", "udp", 5060, "accept"),
        ("192.0.2.10", "tcp", 5061, "accept"),
        ("2001:db8:2::7", "tcp", 5061, "accept"),
        ("203.0.113.70", "udp", 5060, "drop"),
        (MANAGEMENT, "udp", 5060, "drop"),
        (STRANGER, "udp", 5060, "drop"),
        (STRANGER6, "udp", 5060, "drop"),
        ("203.0.113.70", "udp", 9000, "accept"),
        ("203.0.113.70", "udp", 10999, "accept"),
        ("203.0.113.70", "udp", 8999, "drop"),
        ("203.0.113.70", "tcp", 9000, "drop"),
        ("2001:db8:3::7", "udp", 9000, "accept"),
        ("203.0.113.3", "udp", 9000, "drop"),
        (LAN, "udp", 9000, "accept"),
        (STRANGER, "udp", 9000, "drop"),
        ("10.7.0.5", "tcp", 8443, "accept"),
        (STRANGER, "tcp", 8443, "drop"),
        (STRANGER, "tcp", 5090, "accept"),
        (STRANGER6, "tcp", 5090, "accept"),
        (STRANGER, "udp", 3479, "accept"),
        (STRANGER, "udp", 3481, "drop"),
        (LAN, "tcp", 5090, "accept"),
        (STRANGER, "tcp", 8080, "drop"),
    ],
)
def test_a_new_connection(source: str, protocol: str, port: int, expected: str) -> None:
    assert full().verdict(source, protocol, port) == expected


@pytest.mark.parametrize("source", [STRANGER, STRANGER6])
@pytest.mark.parametrize(
    ("protocol", "port", "offends"),
    [
        *(("tcp", port, True) for port in (2222, 443, 5001, 5060, 5061)),
        *(("udp", port, True) for port in (5060, 5061)),
        *(("udp", port, False) for port in (443, 2222, 9000)),
        ("tcp", 8080, False),
    ],
)
def test_a_stranger_who_tries_a_restricted_port_is_ignored_at_open_ones(
    source: str, protocol: str, port: int, offends: bool
) -> None:
    rules = full()
    rules.verdict(source, protocol, port)
    assert rules.verdict(source, "tcp", 5090) == ("drop" if offends else "accept")


@pytest.mark.parametrize(
    "source", [MANAGEMENT, LAN, VPN, "203.0.113.3", "203.0.113.70", "192.0.2.10", "10.9.0.5", "10.7.0.5"]
)
def test_declared_networks_never_become_offenders(source: str) -> None:
    rules = full()
    for protocol, port in (("tcp", 2222), ("tcp", 443), ("tcp", 5060), ("udp", 5061), ("tcp", 5090)):
        rules.verdict(source, protocol, port)
        rules.verdict(source, protocol, port, over=True)
    assert rules.offenders == set()
    assert rules.verdict(source, "tcp", 5090) == "accept"


def test_too_many_new_connections_to_an_open_port_make_an_offender() -> None:
    for source in (STRANGER, STRANGER6):
        rules = full()
        assert rules.verdict(source, "tcp", 5090, over=True) == "drop"
        assert rules.verdict(source, "udp", 3478) == "drop"


@pytest.mark.parametrize(
    ("source", "protocol", "port", "state", "expected"),
    [
        ("203.0.113.70", "udp", 9000, "established", "drop"),
        ("2001:db8:3::7", "udp", 9000, "established", "drop"),
        ("203.0.113.3", "udp", 5060, "established", "drop"),
        ("203.0.113.3", "tcp", 5060, "new", "drop"),
        # TCP that was accepted once is not counted.
        ("203.0.113.3", "tcp", 5060, "established", "accept"),
        (STRANGER, "tcp", 2222, "established", "accept"),
        (STRANGER, "tcp", 2222, "invalid", "drop"),
        (MANAGEMENT, "tcp", 2222, "invalid", "drop"),
    ],
)
def test_above_the_rate(source: str, protocol: str, port: int, state: str, expected: str) -> None:
    assert full().verdict(source, protocol, port, state=state, over=True) == expected


def test_answers_to_what_the_host_sends_are_accepted() -> None:
    assert full().verdict(STRANGER, "udp", 40000, state="established") == "accept"
    assert full().verdict(STRANGER, "udp", 40000) == "drop"


def test_a_host_with_nothing_but_ssh() -> None:
    rules = Rules(render(read(BARE)))
    assert rules.verdict(MANAGEMENT, "tcp", 22) == "accept"
    assert rules.verdict(STRANGER, "tcp", 22) == "drop"
    assert rules.offenders == {STRANGER}
    assert rules.verdict(MANAGEMENT, "tcp", 443) == "drop"
