# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Vigor on the wire: its namespace filters and translates real packets as its configuration says."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from lab.drayos import SimulatedVigor, State

from .namespaces import NamespaceError, Namespaces, python_module
from .ruleset import SERVICES, TABLE, ruleset
from .topology import Topology
from .witness import Seen, new_since, parse_witnesses


class WireRouter:
    """``state`` is what the namespace does now; with ``follow`` it is always that of a simulated Vigor."""

    def __init__(self, spaces: Namespaces, name: str, topology: Topology, log: Path) -> None:
        self._spaces = spaces
        self._name = name
        self._topology = topology
        self._log = log
        self._begun = time.monotonic()
        self._generation = 1
        self._applied = ""
        self._reported: dict[Seen, int] = {}
        self._lock = threading.Lock()
        log.touch()

    def start_services(self) -> None:
        """The router's own ports begin to listen."""
        command = python_module("lab.net.listeners", *map(str, SERVICES.values()))
        process = self._spaces.start(self._name, *command, stdout=-1)
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise NamespaceError("the router's own services do not listen")
        process.stdout.close()

    def apply(self, state: State) -> None:
        """Replace the rules at once. Connections that are known go on."""
        text = ruleset(state, self._topology.public, self._generation)
        with self._lock:
            if text != self._applied:
                self._spaces.run(self._name, "nft", "-f", "-", stdin=text)
                self._applied = text

    def forget_connections(self) -> None:
        """From the next :meth:`apply` on, every packet is judged anew: a restart, or ``ipf flowtrack set -r``."""
        self._generation += 1

    def follow(self, router: SimulatedVigor) -> None:
        """Do from now on what this router is configured for, with each change of it."""
        device = router.device
        seen = [device.counters.reboots, device.flow_refreshes]

        def changed(state: State) -> None:
            now = [device.counters.reboots, device.flow_refreshes]
            if now != seen:
                seen[:] = now
                self.forget_connections()
            self.apply(state)

        router.subscribe(changed)
        self.apply(router.state)

    # --- looking -----------------------------------------------------------------------------------------------------

    def witnessed(self) -> dict[Seen, int]:
        """Every flow the data filter decided about so far, with its number of packets."""
        return parse_witnesses(self._spaces.run(self._name, "nft", "-j", "list", "table", *TABLE.split()))

    def read_log(self) -> list[str]:
        """The router's firewall log. What rules with logging saw since the last call is written down first."""
        now = self.witnessed()
        uptime = time.monotonic() - self._begun
        with self._log.open("a", encoding="utf-8") as handle:
            for seen, packets in new_since(self._reported, now):
                if seen.logged:
                    handle.write(f"{seen.line(uptime)}\n" * packets)
        self._reported = now
        return self._log.read_text(encoding="utf-8").splitlines()
