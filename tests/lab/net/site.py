# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of one customer site: the internet with an attacker in it, the router, and the PBX behind it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from lab.sip_backend import kamailio

from .knocking import Matrix, knock_from_all, svmap
from .namespaces import Namespaces
from .probe import Door
from .router import WireRouter
from .ruleset import LAN, WAN
from .topology import Topology

ROUTER, PBX, WIRE = "router", "lan", "wire"
SIP_DOORS = (("udp", 5060), ("tcp", 5060), ("udp", 5061), ("tls", 5061))


class SiteNetwork:
    """``with SiteNetwork(topology(declared), folder) as network: network.router.follow(vigor)``."""

    def __init__(self, topology: Topology, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.topology = topology
        self.folder = folder
        self.spaces = Namespaces()
        self.router = WireRouter(self.spaces, ROUTER, topology, folder / "router-filter.log")
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> SiteNetwork:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.spaces)
            self._connect()
            self.router.start_services()
            kamailio.start(self.spaces, PBX, self.folder / "pbx", [self.topology.pbx, self.topology.pbx6])
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _connect(self) -> None:
        plan, spaces = self.topology, self.spaces
        for name in (WIRE, ROUTER, PBX, *(place.name for place in plan.places)):
            spaces.add(name)
        # One wire for the whole internet side: everybody there reaches everybody else directly.
        spaces.ip(WIRE, "link add internet type bridge", "link set internet up")
        for number, place in enumerate(plan.places):
            self._plug(place.name, "eth0", f"place{number}")
            spaces.ip(
                place.name,
                f"addr add {place.address}/32 dev eth0",
                f"addr add {place.address6}/128 dev eth0 nodad",
                "link set eth0 up",
                "route add default dev eth0",
                f"route add {plan.public6}/128 dev eth0",
                f"route add default via {plan.public6} dev eth0",
            )
        self._plug(ROUTER, WAN, "router")
        spaces.ip(ROUTER, f"link add {LAN} type veth peer name eth0 netns {{{PBX}}}")
        spaces.ip(
            ROUTER,
            f"addr add {plan.public}/32 dev {WAN}",
            f"addr add {plan.public6}/128 dev {WAN} nodad",
            f"addr add {plan.gateway}/{plan.prefix} dev {LAN}",
            f"addr add {plan.gateway6}/64 dev {LAN} nodad",
            f"link set {WAN} up",
            f"link set {LAN} up",
            f"route add default dev {WAN}",
            f"route add ::/0 dev {WAN}",
        )
        spaces.ip(
            PBX,
            f"addr add {plan.pbx}/{plan.prefix} dev eth0",
            f"addr add {plan.pbx6}/64 dev eth0 nodad",
            "link set eth0 up",
            f"route add default via {plan.gateway}",
            f"route add default via {plan.gateway6}",
        )
        spaces.sysctl(ROUTER, "net/ipv4/ip_forward", 1)
        spaces.sysctl(ROUTER, "net/ipv6/conf/all/forwarding", 1)

    def _plug(self, name: str, interface: str, port: str) -> None:
        self.spaces.ip(name, f"link add {interface} type veth peer name {port} netns {{{WIRE}}}")
        self.spaces.ip(WIRE, f"link set {port} master internet", f"link set {port} up")

    # --- looking -----------------------------------------------------------------------------------------------------

    def sip_doors(self, *, ipv6: bool = True) -> list[Door]:
        """The PBX as the internet sees it: IPv4 at the router's address, IPv6 at its own."""
        hosts = [self.topology.public, *([self.topology.pbx6] if ipv6 else [])]
        return [Door(transport, host, port) for host in hosts for transport, port in SIP_DOORS]

    def management_doors(self, ports: Sequence[int]) -> list[Door]:
        """The router's own services."""
        return [Door("connect", host, port) for host in (self.topology.public, self.topology.public6) for port in ports]

    def knock(self, doors: Sequence[Door], *names: str) -> Matrix:
        """From the named places, or from all of them."""
        return knock_from_all(self.spaces, dict.fromkeys(names or self.place_names(), doors))

    def place_names(self) -> list[str]:
        """All vantage points on the internet side."""
        return [place.name for place in self.topology.places]

    def svmap(self, name: str, port: int = 5060, source_port: int = 5060) -> list[str]:
        """What SIPVicious finds at the router's public address."""
        return svmap(self.spaces, name, self.topology.public, port, source_port)
