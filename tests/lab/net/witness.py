# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router's filter saw, and its log lines (domain.md 5.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .ruleset import WITNESSES, Mark

INWARD, OUTWARD = "WAN->LAN/RT/VPN", "LAN/RT/VPN->WAN"  # as the router names them in its log (domain.md 5.1)
PROTOCOLS = {"tcp": "TCP", "udp": "UDP", "icmp": "ICMP", "ipv6-icmp": "ICMPv6"}


@dataclass(frozen=True)
class Seen:
    """The first packets of one flow, and which rule decided."""

    route: str  # INWARD or OUTWARD
    set: int
    rule: int
    blocked: bool
    logged: bool
    protocol: str
    source: str
    destination: str  # after address translation
    sport: int | None = None
    dport: int | None = None

    def line(self, uptime: float) -> str:
        """One line of the router's firewall log, without what a syslog daemon puts before it."""
        hours, seconds = divmod(int(uptime), 3600)
        clock = f"{hours}:{seconds // 60}:{seconds % 60}"
        ports = [f":{port}" if port is not None else "" for port in (self.sport, self.dport)]
        protocol = PROTOCOLS.get(self.protocol, f"PR {self.protocol}")
        return (
            f"[FILTER][{'Block' if self.blocked else 'Pass'}][{self.route}, {clock} ]"
            f"[@S:R={self.set}:{self.rule}, {self.source}{ports[0]}->{self.destination}{ports[1]}][{protocol}]"
        )


def parse_witnesses(text: str) -> dict[Seen, int]:
    """Packets of each flow, from ``nft -j list table``."""
    found: dict[Seen, int] = {}
    for entry in json.loads(text)["nftables"]:
        named = entry.get("set", {})
        if named.get("name") not in WITNESSES:
            continue
        for element in named.get("elem", []):
            seen, packets = _element(named["name"].partition("_")[2], element["elem"])
            found[seen] = found.get(seen, 0) + packets
    return found


def _element(kind: str, element: Mapping[str, Any]) -> tuple[Seen, int]:
    mark, source, destination, *rest = element["val"]["concat"]
    protocol, ports = (rest[0], []) if kind == "other" else (kind, rest)
    return (
        Seen(
            OUTWARD if mark & Mark.OUT else INWARD,
            mark >> 8 & 0xFF,
            mark & 0xFF,
            bool(mark & Mark.BLOCK),
            bool(mark & Mark.LOG),
            str(protocol),
            source,
            destination,
            *ports,
        ),
        element["counter"]["packets"],
    )


def new_since(before: Mapping[Seen, int], now: Mapping[Seen, int]) -> Iterator[tuple[Seen, int]]:
    """Flows with more packets than before, and how many more."""
    for seen, packets in now.items():
        more = packets - before.get(seen, 0)
        if more > 0:
            yield seen, more
