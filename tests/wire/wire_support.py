# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One customer on the wire, from before the collection to after a power cut. Told once; the tests look at parts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lab.customer import CustomerSite
from lab.drayos import SimulatedVigor, State, add_open_ports
from lab.net.knocking import Matrix, knock_from
from lab.net.probe import Door
from lab.net.site import SiteNetwork
from lab.net.table import render
from lab.net.topology import INTERNET, topology

MANAGEMENT_PORTS = (22, 23, 80, 443, 8069)
STRANGERS = (INTERNET, "neighbour")
BEFORE, AFTER, RESTARTED = "before", "after", "restarted"


@dataclass(frozen=True)
class Round:
    """What was found at one time."""

    matrix: Matrix
    svmap: list[str]
    """What SIPVicious finds from the internet."""
    persistent: str
    """The answer to an attacker who has been sending from one and the same port since the first round."""
    log: list[str]
    """The lines of the router's firewall log that belong to this round."""


@dataclass(frozen=True)
class Story:
    """Rounds by name: before the collection, after it, and after a power cut."""

    network: SiteNetwork
    rounds: dict[str, Round]
    router: SimulatedVigor

    def seen(self, round_name: str, *places: str, family: int = 4, management: bool = False) -> dict[str, str]:
        """What each door said to these places, as in the table: ``{"neighbour udp/5060": "silent"}``."""
        matrix = self.rounds[round_name].matrix
        return {
            f"{place} {door.label}": str(answer)
            for place in places
            for door, answer in matrix[place].items()
            if (":" in door.host) == (family == 6) and (door.transport == "connect") == management
        }

    def table(self) -> list[str]:
        """Everything that was knocked at, for people."""
        scans = {name: len(one.svmap) for name, one in self.rounds.items()}
        return [
            *render({name: one.matrix for name, one in self.rounds.items()}),
            f"svmap from the internet finds: {' > '.join(f'{count} devices' for count in scans.values())}",
            f"an attacker who never stopped: {' > '.join(one.persistent for one in self.rounds.values())}",
        ]


@contextlib.contextmanager
def tell(folder: Path) -> Iterator[Story]:
    """Run the playbook site.yml for the demo customer, whose router is the one on the wire."""
    site = CustomerSite(folder / "customer")
    make_worse(site.router, site.declared["pbx"]["address"])
    with site, SiteNetwork(topology(site.declared), folder / "network") as network:
        network.router.follow(site.router)
        rounds = {BEFORE: look(network, 0)}
        for run in (site.enrol(), site.playbook("site.yml")):
            assert run.returncode == 0, run.output
        rounds[AFTER] = look(network, 1)
        site.router.reboot()
        rounds[RESTARTED] = look(network, 2)
        yield Story(network, rounds, site.router)


def make_worse(router: SimulatedVigor, pbx: str) -> None:
    """What nobody needs and old installations have all the same (domain.md T1 and T1b)."""
    state: State = router.device.state
    add_open_ports(state, [("udp", 5061, pbx)])
    state.general.block_routing_v6 = 0
    state.management.remote = 1
    state.management.remote_services = dict.fromkeys(("http", "https", "telnet", "ssh", "tr069"), 1)
    router.device.flash = state.copy()


def look(network: SiteNetwork, number: int) -> Round:
    """Knock everywhere and scan, from new source ports: known connections pass the router (draytek.md 2.4)."""
    earlier = len(network.router.read_log())
    old = Door("udp", network.topology.public, 5060, source_port=5070)
    doors = [*network.sip_doors(), *network.management_doors(MANAGEMENT_PORTS)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        scan = pool.submit(network.svmap, INTERNET, source_port=5080 + number)
        persistent = pool.submit(knock_from, network.spaces, INTERNET, [old])
        matrix = network.knock(doors)
        return Round(matrix, scan.result(), str(persistent.result()[old]), network.router.read_log()[earlier:])
