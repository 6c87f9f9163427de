# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may reach what, written down after every write command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .semantics import LAN_TO_LAN, LAN_TO_WAN, Exposure, Packet, Verdict, dangling, from_internet, verdict
from .state import State


@dataclass(frozen=True)
class Probe:
    """A packet from the internet to the router's public address."""

    label: str
    src: str
    proto: str
    port: int
    sport: int = 40000


@dataclass(frozen=True)
class ManagementProbe:
    """A packet that management needs and that the data filter can see.

    Internet to the router itself is not among the filter's directions (draytek.md 2.3), so what can be cut is
    the way from the LAN (or VPN) to the router and the way out to the management address.
    """

    label: str
    direction: int
    src: str
    dst: str
    proto: str = "tcp"
    sport: int = 40000
    dport: int = 22


STRANGER, PROVIDER, MANAGEMENT = "198.51.100.66", "203.0.113.10", "198.51.100.7"

DEFAULT_PROBES: tuple[Probe, ...] = (
    *(Probe(f"stranger {p}/{n}", STRANGER, p, n) for n in (5060, 5061) for p in ("udp", "tcp")),
    Probe("stranger udp/10000", STRANGER, "udp", 10000),
    *(Probe(f"provider {p}/{n}", PROVIDER, p, n, 5060) for n in (5060, 5061) for p in ("udp", "tcp")),
    Probe("provider udp/10000", PROVIDER, "udp", 10000),
)

DEFAULT_MANAGEMENT: tuple[ManagementProbe, ...] = (
    ManagementProbe("LAN to router ssh", LAN_TO_LAN, "192.168.1.20", "192.168.1.1"),
    ManagementProbe("router to management", LAN_TO_WAN, "192.168.1.1", MANAGEMENT, sport=22, dport=40000),
    ManagementProbe("LAN to internet https", LAN_TO_WAN, "192.168.1.20", "192.0.2.80", dport=443),
)


@dataclass(frozen=True)
class Posture:
    """The state of protection after the command with event number ``seq`` (0: before the first command)."""

    seq: int
    command: str
    reach: dict[str, Exposure] = field(default_factory=dict)
    management: dict[str, Verdict] = field(default_factory=dict)
    dangling: tuple[str, ...] = ()

    def reached(self) -> set[str]:
        """Labels of the probes that get in."""
        return {label for label, exposure in self.reach.items() if exposure.reached}

    def management_blocked(self) -> set[str]:
        return {label for label, found in self.management.items() if not found.passed}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(
    state: State, seq: int, command: str, probes: Sequence[Probe], management: Sequence[ManagementProbe]
) -> Posture:
    return Posture(
        seq=seq,
        command=command,
        reach={p.label: from_internet(state, p.src, p.proto, p.port, p.sport) for p in probes},
        management={
            m.label: verdict(state, Packet(m.direction, m.src, m.dst, m.proto, m.sport, m.dport)) for m in management
        },
        dangling=tuple(dangling(state)),
    )
