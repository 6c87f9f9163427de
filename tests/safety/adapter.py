# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file of these tests that knows the planner: how a declaration becomes commands, and how they are run.

The simulated router is used without its SSH server: a line in, the printed lines out.
"""

from __future__ import annotations

import ipaddress
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import dialect as dialects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.firewall_plan import FirewallPlan
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.planner import plan_firewall
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted, wanted_from
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Declaration,
    Pbx,
    PortRange,
    RemoteSite,
    Site,
    TrunkProvider,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State as Target
from lab.drayos.device import Device
from lab.drayos.faults import Faults
from lab.drayos.journal import Journal
from lab.drayos.profiles import PROFILES
from lab.drayos.state import State

__all__ = [
    "HardeningError",
    "Plan",
    "Router",
    "Step",
    "Wanted",
    "carry_out",
    "clone",
    "config_of",
    "plan_for",
    "plan_without",
    "wanted_of",
]

DIALECTS = {
    "vigor2927": dialects.VIGOR_2927,
    "vigor2862": dialects.VIGOR_2862,
    "vigor3912": dialects.VIGOR_3912,
}
Run = Callable[[str], str]


@dataclass(frozen=True)
class Step:
    """Commands that belong together, and what takes them back."""

    what: str
    commands: tuple[str, ...]
    undo: tuple[str, ...]
    kept: str = ""
    """What taking back does not take back, in words."""


@dataclass(frozen=True)
class Plan:
    """Steps, and then what is sent once a fresh login has proved the result."""

    steps: tuple[Step, ...]
    save: tuple[str, ...]
    prepared: int = 0
    """So many steps are read back before the next one is sent: transaction.py goes on only if a new plan has none."""

    @property
    def commands(self) -> list[str]:
        return [command for step in self.steps for command in step.commands] + list(self.save)


def clone(state: State) -> State:
    """A copy; several times faster than copy.deepcopy."""
    copied: State = pickle.loads(pickle.dumps(state, pickle.HIGHEST_PROTOCOL))  # noqa: S301
    return copied


class _Device(Device):
    """Copies by pickle."""

    def commit(self) -> None:
        self.flash = clone(self.state)


class Router:
    """A simulated router without network: ``run`` is what a session's run is. No probes: the oracle looks instead.

    ``flash`` is None for a router whose configuration is saved.
    """

    def __init__(
        self, profile: str, state: State, flash: State | None = None, habits: Mapping[str, Any] | None = None
    ) -> None:
        self.profile, self.habits = profile, dict(habits or {})
        faults = Faults.from_dict(self.habits)
        self.device = _Device(PROFILES[profile], State(), faults, Journal(), "unused", probes=(), management=())
        self.device.state = state
        self.device.flash = clone(state) if flash is None else flash
        self.refused: list[str] = []
        """Commands against the grammar. Families that the simulator does not have are not among them."""

    @property
    def state(self) -> State:
        """The configuration in force."""
        return self.device.state

    @property
    def flash(self) -> State:
        """What a restart brings back."""
        return self.device.flash

    def run(self, command: str) -> str:
        lines = self.device.execute(command).lines
        if self.device.journal.events[-1]["reply"].startswith("refused"):
            self.refused.append(command)
        return "\n".join(lines)

    def run_all(self, commands: Iterable[str]) -> None:
        for command in commands:
            self.run(command)

    def written(self) -> int:
        """Commands so far that changed anything, or tried to."""
        counters = self.device.counters
        return counters.writes + counters.commits + counters.reboots

    def twin(self, *, restarted: bool = False) -> Router:
        """Another router in the same state; ``restarted``: with what this one has in flash."""
        return Router(self.profile, clone(self.flash if restarted else self.state), clone(self.flash), self.habits)


def plan_for(router_run: Run, profile: str, wanted: Wanted, state: Target = Target.REPLACED) -> Plan:
    """Read the router and plan. Raises HardeningError where it cannot or must not be written."""
    _have, plan = plan_firewall(router_run, DIALECTS[profile], wanted, state)
    return _plan_of(plan)


def carry_out(router: Router, wanted: Wanted) -> None:
    """A whole run: what is prepared is read back, and the rest is planned from that reading."""
    for _attempt in range(3):
        plan = plan_for(router.run, router.profile, wanted)
        if not plan.prepared:
            router.run_all(plan.commands)
            return
        router.run_all(command for step in plan.steps[: plan.prepared] for command in step.commands)
    raise AssertionError("the plan never came to its end")


def plan_without(router_run: Run, profile: str) -> Plan:
    """Read the router and plan how to take our firewall out (``state: deleted``)."""
    _have, plan = plan_firewall(router_run, DIALECTS[profile], Wanted(), Target.DELETED)
    return _plan_of(plan)


def _plan_of(plan: FirewallPlan) -> Plan:
    return Plan(
        tuple(Step(step.what, step.commands, step.undo, step.kept) for step in plan.steps),
        tuple(plan.save),
        plan.prepared,
    )


def wanted_of(
    providers: Sequence[tuple[str, Sequence[str], Sequence[str], Sequence[int]]],
    sites: Sequence[tuple[str, str, str]],
    sip_ports: Sequence[int],
    tls_port: int,
    rtp: tuple[int, int] | None,
) -> Wanted:
    """A declaration of peers in the planner's form.

    ``providers``: name, signalling networks, media networks, ports. ``sites``: name, address, transport.
    """
    return wanted_from(config_of(providers, sites, sip_ports, tls_port, rtp))


def config_of(
    providers: Sequence[tuple[str, Sequence[str], Sequence[str], Sequence[int]]],
    sites: Sequence[tuple[str, str, str]],
    sip_ports: Sequence[int],
    tls_port: int,
    rtp: tuple[int, int] | None,
) -> dict[str, Any]:
    """The module's config option for a declaration of peers, made by the collection's own compiler."""

    def networks(texts: Sequence[str]) -> tuple[ipaddress.IPv4Network, ...]:
        return tuple(ipaddress.IPv4Network(text) for text in texts)

    return compile_router(
        Declaration(
            site=Site("acme", "GB", "Europe/London", networks(["198.51.100.7"])),
            pbx=Pbx(
                ipaddress.IPv4Address("192.168.1.10"),
                "pbx.acme.example",
                sip_ports=tuple(sip_ports),
                tls_port=tls_port,
                rtp_ports=PortRange(*rtp) if rtp else None,
            ),
            trunk_providers=tuple(
                TrunkProvider(name, networks(signalling), networks(media), tuple(ports))
                for name, signalling, media, ports in providers
            ),
            remote_sites=tuple(
                RemoteSite(name, ipaddress.IPv4Network(address), transport=transport, extensions=("201",))
                for name, address, transport in sites
            ),
        )
    )
