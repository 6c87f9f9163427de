# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a DrayTek Vigor would refuse, said in the user's words before it is reached."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import DIALECTS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import (
    MEMBERS_PER_GROUP,
    check_management,
    wanted_from,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.access_list import ENTRIES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.wanted import wanted_system
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, problem
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router_system import compile_router_system

GROUPS = min(min(dialect.ip_groups, dialect.service_groups) for _pattern, _majors, dialect in DIALECTS)
OWN_GROUPS = 2
"""Groups of addresses and of services that every site needs beside those of the sets of ports: media and everybody,
RTP and what is blocked."""
SSH_PORT = 22

DECLARED_AS = {
    "config.management_networks": "site.management",
    "config.https_port": "router.https_port",
    "config.ssh_port": "router.ssh_port",
    "config.clock": "router.time_server",
    "config.syslog": "router.syslog_server",
    "config.mail_alert.smtp_address": "router.smtp_address",
    "config.mail_alert.port": "alerts.smtp.port",
    "config.mail_alert.recipient": "alerts.to[0]",
    "config.mail_alert.sender": "alerts.sender",
    "config.mail_alert.username": "alerts.smtp.username",
    "config.mail_alert.password": "alerts.smtp.password",
    "config.mail_alert": "alerts.smtp",
    "config.brute_force.failures": "lockout.failed_attempts",
    "config.brute_force": "lockout.block_for",
    "config.dos": "flood.udp_packets_per_second",
    "config.nat": "router.known_port_forwards",
    "config.service_objects": "pbx.sip_ports",
    "config.service_groups": "pbx.sip_ports",
    "config.address_objects": "trunk_providers, remote_sites",
    "config.address_groups": "trunk_providers, remote_sites",
    "config.rules": "trunk_providers, remote_sites",
}
"""Options of the router's modules, and the variables that they are compiled from. The first that fits counts."""


def router_problems(declaration: Declaration, inventory: Inventory) -> Iterator[Problem]:
    """Of the routers of the inventory. Every supported model has room for the same."""
    if not inventory.hosts("draytek"):
        return
    found = list(_room(declaration))
    yield from found or _refused(declaration, inventory)


def _room(declaration: Declaration) -> Iterator[Problem]:
    """Limits of the router's groups and lists."""
    providers = {network for each in declaration.trunk_providers for network in (*each.signalling, *each.media)}
    sites = {site.address for site in declaration.remote_sites if site.address} - providers
    if len(providers) + len(sites) > MEMBERS_PER_GROUP:
        yield _too_many_networks(len(providers), len(sites))
    ports = [provider.ports for provider in declaration.trunk_providers]
    sets = len({tuple(sorted(each)) for each in ports})
    if sets > GROUPS - OWN_GROUPS:
        text = (
            f"{sets} different sets of ports; this router takes {GROUPS - OWN_GROUPS}: let more providers share a set"
        )
        yield Problem("trunk_providers[].ports", "", text)
    room = MEMBERS_PER_GROUP - (1 if declaration.pbx.rtp_ports else 0)
    if len(declaration.pbx.sip_ports) > room:
        yield Problem("pbx.sip_ports", "", f"{len(declaration.pbx.sip_ports)} ports; this router takes {room}")
    management = len(declaration.site.management)
    if management > ENTRIES:
        text = f"{management} networks; the router's access list takes {ENTRIES}"
        yield Problem("site.management", "", text)


def _too_many_networks(providers: int, sites: int) -> Problem:
    join = "declare neighbouring networks as one, such as two /29 as a /28"
    if providers > MEMBERS_PER_GROUP:
        text = f"together {providers} networks; this router takes {MEMBERS_PER_GROUP}, remote sites included: {join}"
        return Problem("trunk_providers", "", text)
    left = MEMBERS_PER_GROUP - providers
    text = (
        f"{sites} addresses; this router takes {left} beside the {providers} networks of trunk_providers: connect "
        f"sites by a VPN (vpn: true), or {join}"
    )
    return Problem("remote_sites", "", text)


def _refused(declaration: Declaration, inventory: Inventory) -> Iterator[Problem]:
    """What the modules of the router would say of their options."""
    try:
        wanted = wanted_from(compile_router(declaration))
    except HardeningError as error:
        yield from map(_in_users_words, error.message.splitlines())
        return
    try:
        wanted_system(compile_router_system(declaration))
    except HardeningError as error:
        yield from map(_in_users_words, error.message.splitlines())
    for host in inventory.hosts("draytek"):
        port = str(inventory.variables.get(host, {}).get("ansible_port") or SSH_PORT)
        try:
            if port.isdecimal():
                check_management(wanted, int(port))
        except HardeningError:
            text = "is one of the PBX's ports, which the firewall closes; move the router's SSH to another port"
            yield problem(f"hosts.yml: draytek host {host}: ansible_port", port, text)


def _in_users_words(line: str) -> Problem:
    where, colon, text = line.partition(": ")
    name = next((declared for option, declared in DECLARED_AS.items() if where.startswith(option)), "")
    return Problem(name, "", text.rstrip(".")) if colon and name else Problem("router", "", line.rstrip("."))
