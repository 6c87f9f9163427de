# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One customer on the wire, from before the collection to after a power cut. Told once; the tests look at parts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.customer import CustomerSite
from lab.drayos import SimulatedVigor, add_open_ports
from lab.net.knocking import Matrix
from lab.net.probe import Door
from lab.net.site import SiteNetwork
from lab.net.table import render
from lab.net.topology import INTERNET, topology

MANAGEMENT_PORTS = (22, 23, 80, 443, 8069)
STRANGERS = (INTERNET, "neighbour")
OLD_FLOW = 5070  # the source port of an attacker who goes on sending from it


@dataclass(frozen=True)
class Round:
    """What was found at one time."""

    matrix: Matrix
    svmap: list[str]
    """What SIPVicious finds from the internet."""
    log: list[str]
    """The router's firewall log so far."""

    def outcome(self, name: str, door: Door) -> str:
        """As in the table: a SIP status, or silent, refused, unreachable, connected, broken."""
        return str(self.matrix[name][door])


@dataclass(frozen=True)
class Story:
    """Before the collection, after it, and after a power cut."""

    site: CustomerSite
    network: SiteNetwork
    before: Round
    after: Round
    restarted: Round

    def table(self) -> list[str]:
        rounds = {"before": self.before, "after": self.after, "restarted": self.restarted}
        return render({name: one.matrix for name, one in rounds.items()})


@contextlib.contextmanager
def tell(folder: Path) -> Iterator[Story]:
    """Run the playbook site.yml for the demo customer, whose router is the one on the wire."""
    site = CustomerSite(folder / "customer")
    pbx = site.declared["pbx"]["address"]
    # What nobody needs and old installations forward all the same (domain.md 7.2 T1).
    change(site.router, lambda state: add_open_ports(state, [("udp", 5061, pbx)]))
    with site, SiteNetwork(topology(site.declared), folder / "network") as network:
        network.router.follow(site.router)
        before = look(network)
        enrolled = site.enrol()
        assert enrolled.returncode == 0, enrolled.output
        run = site.playbook("site.yml")
        assert run.returncode == 0, run.output
        after = look(network)
        site.router.reboot()
        yield Story(site, network, before, after, look(network))


def change(router, edit) -> None:  # type: ignore[no-untyped-def]
    edit(router.device.state)
    router.device.flash = router.device.state.copy()


def look(network: SiteNetwork) -> Round:
    """Knock everywhere and scan. New connections only: every knock has a source port of its own."""
    matrix = network.knock([*network.sip_doors(), *network.management_doors(MANAGEMENT_PORTS)])
    return Round(matrix, network.svmap(INTERNET), network.router.read_log())
