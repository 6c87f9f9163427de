# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DoS defence (draytek.md annex dos): thresholds that speech must stay below, and the two address lists.

``dos -V`` has no printed output, so thresholds and switches are write-only (see marker.py); the lists can be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import is_ipv4
from ansible_collections.voipsec.hardening.plugins.module_utils.rtp_rates import least_flood_threshold

FLOODS = {"syn": "synflood", "udp": "udpflood", "icmp": "icmpflood"}
"""Our names and the command's words. The one for port scans is printed as "postscan" and doubtful: left out."""
ATTACKS = (
    "ip_option",
    "tcp_flag",
    "land",
    "teardrop",
    "smurf",
    "pingofdeath",
    "traceroute",
    "icmp_frag",
    "syn_frag",
    "unknow_proto",
    "fraggle",
)
MIN_THRESHOLD, MIN_TIMEOUT = 21, 6
"""The device wants more than 20 packets a second and more than 5 seconds."""
MAX_ADDRESSES = 16
"""Entries in each list."""


@dataclass(frozen=True)
class Flood:
    """Packets a second that are let through, and seconds that the excess is blocked."""

    threshold: int
    timeout: int


@dataclass(frozen=True)
class WantedDos:
    """What the DoS defence should be."""

    floods: Mapping[str, Flood] = field(default_factory=dict)
    """By the names in FLOODS."""
    attacks: tuple[str, ...] = ()
    log: bool = True
    allow: tuple[str, ...] = ()
    """Addresses that are never counted as a flood."""
    block: tuple[str, ...] = ()


def dos_from(config: Mapping[str, Any], problems: list[str]) -> WantedDos:
    """The option ``config.dos`` in typed form; what is wrong goes to ``problems``."""
    floods = {}
    for name in FLOODS:
        entry = config.get(f"{name}_flood")
        if entry:
            flood = Flood(entry["threshold"], entry["timeout"])
            if flood.threshold < MIN_THRESHOLD or flood.timeout < MIN_TIMEOUT:
                problems.append(
                    f"config.dos.{name}_flood: threshold {flood.threshold} and timeout {flood.timeout}; the router "
                    f"takes at least {MIN_THRESHOLD} packets a second and {MIN_TIMEOUT} seconds."
                )
            floods[name] = flood
    calls = config.get("concurrent_calls") or 0
    needed = least_flood_threshold(calls)
    if "udp" in floods and floods["udp"].threshold < needed:
        problems.append(
            f"config.dos.udp_flood.threshold: {floods['udp'].threshold} packets a second would cut speech; {calls} "
            f"calls need at least {needed}."
        )
    lists: dict[str, tuple[str, ...]] = {}
    for name in ("allow", "block"):
        addresses = tuple(dict.fromkeys(str(address) for address in config.get(name) or ()))
        problems.extend(
            f"config.dos.{name}: {address!r} is not a single IPv4 address; the router's list takes nothing else."
            for address in addresses
            if not is_ipv4(address)
        )
        if len(addresses) > MAX_ADDRESSES:
            problems.append(f"config.dos.{name}: {len(addresses)} addresses; the router's list holds {MAX_ADDRESSES}.")
        lists[name] = addresses
    both = sorted(set(lists["allow"]) & set(lists["block"]))
    problems.extend(f"config.dos.block: {address} is in config.dos.allow too." for address in both)
    return WantedDos(
        floods, tuple(config.get("attacks") or ()), config.get("log") is not False, lists["allow"], lists["block"]
    )


def dos_commands(wanted: WantedDos) -> list[str]:
    """Everything that cannot be read back, in a stable order. The whole defence is switched on last."""
    commands = [f"dos -s {FLOODS[name]} {flood.threshold} {flood.timeout}" for name, flood in wanted.floods.items()]
    commands += [f"dos -e {attack}" for attack in wanted.attacks]
    commands += [f"dos -o {int(wanted.log)}", "dos -A"]
    return commands


LISTS = {"allow": "-P", "block": "-B"}
ENTRY = re.compile(r"^\s*\d+\.\s+(?P<type>\S+)\s+(?P<address>\d+\.\d+\.\d+\.\d+)\b", re.MULTILINE)


def parse_list(output: str) -> tuple[str, ...] | None:
    """``dos -P show``: the addresses in use; None where no row is found. ``-B show`` is assumed to be alike."""
    rows = list(ENTRY.finditer(output))
    if not rows:
        return None
    return tuple(row["address"] for row in rows if row["address"] != "0.0.0.0" and row["type"].upper() == "IP")


def list_command(name: str, address: str, *, add: bool) -> str:
    """Puts an address on a list, or takes it off."""
    return f"dos {LISTS[name]} {'add4' if add else 'remove4'} -i {address}"
