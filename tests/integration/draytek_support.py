# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DrayTek core against a simulated router over real SSH, without Ansible around it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device, Outcome, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules import firewall
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Declaration,
    Pbx,
    PortRange,
    RemoteSite,
    Site,
    TrunkProvider,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router
from lab.drayos import SimulatedVigor

PASSWORD = "router-password-1"
PBX = "192.168.1.10"  # where the lived-in router forwards SIP to
STRANGER_IN = {"stranger udp/5060", "stranger tcp/5060", "stranger udp/10000"}
PROVIDER_IN = {"provider udp/5060", "provider tcp/5060"}


def net(text: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(text)


def declaration(**changes: Any) -> Declaration:
    values: dict[str, Any] = {
        "site": Site("acme", "GB", "Europe/London", (net("198.51.100.7"),)),
        "pbx": Pbx(ipaddress.IPv4Address(PBX), "pbx.acme.example", rtp_ports=PortRange(9000, 10999)),
        "trunk_providers": (TrunkProvider("gamma", (net("203.0.113.0/26"),), (net("203.0.113.128/26"),), (5060,)),),
        "remote_sites": (RemoteSite("ipswich", net("192.0.2.10"), extensions=("201",)),),
    }
    return Declaration(**{**values, **changes})


@dataclass
class Bench:
    """A router, and runs of the core against it."""

    router: SimulatedVigor
    known_hosts: Path
    config: dict[str, Any] = field(default_factory=lambda: compile_router(declaration()))
    warnings: list[str] = field(default_factory=list)

    def run(
        self, *, check_mode: bool = False, state: str = "replaced", password: str = PASSWORD, **params: Any
    ) -> Outcome:
        device = Device(self.router.host, self.router.port, "admin", password)
        context = RunContext(check_mode, Masker(), self.warnings.append, device)
        given = {
            "config": self.config,
            "state": state,
            "known_hosts_file": str(self.known_hosts),
            "timeout": 5,
            "device": None,
            "running_config": None,
            "dialect": "Vigor2927",
            "write_only": "on_change",
            "backup_file": None,
            "refresh_flows": "when_closing",
            "confirm_with_reboot_timer": False,
            "proof_targets": [],
        }
        return firewall.run({**given, **params}, context)

    def type(self, command: str) -> None:
        """Somebody edits the router by hand."""
        self.router._in_loop(lambda: self.router.device.execute(command))

    def reached(self) -> set[str]:
        """Which probes get in now, by the simulator's own reading of its filter."""
        return self.router.postures[-1].reached()
