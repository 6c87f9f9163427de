# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router itself should be, in typed form, checked before any router is asked. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import MANAGEMENT_PREFIX
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import IpObject, address_object
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.access_list import ENTRIES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.brute_force import (
    BruteForce,
    brute_force_from,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.clock import WantedClock, clock_from
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.mail_alert import (
    WantedMailAlert,
    mail_alert_from,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.password import password_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.remote_access import (
    WantedRemoteAccess,
    remote_access_from,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.services import SWITCHES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.syslog import WantedSyslog, syslog_from
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import is_port

WIDEST = 16
"""Prefix length of a network that may manage: a wider one is half the internet, and no limit at all."""
SIP_PORTS = (5060, 5061)


@dataclass(frozen=True)
class WantedSystem:
    """What is None or empty stays as it is."""

    management: tuple[IpObject, ...] = ()
    remote_access: WantedRemoteAccess | None = None
    brute_force: BruteForce | None = None
    switches: Mapping[str, bool] = field(default_factory=dict)
    https_port: int | None = None
    ssh_port: int | None = None
    syslog: WantedSyslog | None = None
    mail_alert: WantedMailAlert | None = None
    clock: WantedClock | None = None
    new_password: str = field(default="", repr=False)


def wanted_system(config: Mapping[str, Any]) -> WantedSystem:
    """The module's config option in typed form. Raises HardeningError with every problem, one line each."""
    problems: list[str] = []
    management = _management(config, problems)
    remote = config.get("remote_access")
    if remote and remote["enabled"] and not config.get("management_networks"):
        problems.append(
            "config.management_networks: empty, and remote_access is enabled: the whole internet could try to log in. "
            "Name the networks that you manage from."
        )
    ports = {name: config.get(name) for name in ("https_port", "ssh_port")}
    problems.extend(
        f"config.{name}: {port} is not a port from 1 to 65535."
        for name, port in ports.items()
        if port is not None and not is_port(port)
    )
    problems.extend(
        f"config.{name}: {port} is a SIP port, which the firewall closes; another is needed."
        for name, port in ports.items()
        if port in SIP_PORTS
    )
    if ports["https_port"] is not None and ports["https_port"] == ports["ssh_port"]:
        problems.append(f"config.ssh_port: {ports['ssh_port']} is config.https_port too.")
    password = str(config.get("new_password") or "")
    if password and password_problem(password):
        problems.append(password_problem(password))
    wanted = WantedSystem(
        management=management,
        remote_access=remote_access_from(remote, problems) if remote else None,
        brute_force=brute_force_from(config["brute_force"], problems) if config.get("brute_force") else None,
        switches={name: config[name] for name in SWITCHES if config.get(name) is not None},
        https_port=ports["https_port"],
        ssh_port=ports["ssh_port"],
        syslog=syslog_from(config["syslog"], problems) if config.get("syslog") else None,
        mail_alert=mail_alert_from(config["mail_alert"], problems) if config.get("mail_alert") else None,
        clock=clock_from(config["clock"], problems) if config.get("clock") else None,
        new_password=password,
    )
    if problems:
        raise HardeningError("\n".join(problems))
    return wanted


def _management(config: Mapping[str, Any], problems: list[str]) -> tuple[IpObject, ...]:
    networks = config.get("management_networks") or ()
    if len(networks) > ENTRIES:
        problems.append(
            f"config.management_networks: {len(networks)} networks; the router's access list holds {ENTRIES}."
        )
    found = []
    for position, text in enumerate(networks, start=1):
        try:
            item = address_object(f"{MANAGEMENT_PREFIX}{position}", str(ipaddress.IPv4Network(text)))
        except ValueError:
            problems.append(f"config.management_networks: {text!r} is not an IPv4 address or network.")
            continue
        if ipaddress.IPv4Network(text).prefixlen < WIDEST:
            problems.append(
                f"config.management_networks: {text} is wider than /{WIDEST}; name the networks that you manage from."
            )
        if isinstance(item, IpObject):
            found.append(item)
    return tuple(found)
