# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``router``: how the router itself is managed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import host
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import PORTS, PortRange, ports
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_addresses import any_address
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import (
    boolean,
    integer,
    mappings,
    text,
)

_UNCHANGED = "unchanged"
_OWN_PORT = "not a port of the PBX; `https_port` and `ssh_port` differ"


@dataclass(frozen=True)
class PortForward:
    """A port forward that is meant to be."""

    address: ipaddress.IPv4Address = text(
        "an IPv4 address on the LAN",
        "Address on the LAN.",
        required=True,
        example="192.168.10.20",
        parse=any_address,
    )
    """Inside."""
    ports: PortRange = text(
        "a port or range",
        "Port or range of ports on the internet side.",
        required=True,
        quoted=True,
        number_too=True,
        example="443",
        parse=ports,
    )
    """Outside."""


@dataclass(frozen=True)
class Router:
    """How the router itself is managed. None leaves a setting as it is."""

    remote_management: bool | None = boolean(
        "Whether the router's web page and SSH answer on the internet side, to `site.management` only.",
        without=_UNCHANGED,
    )
    https_port: int | None = integer(
        "a port",
        "Port of the router's web page.",
        without=_UNCHANGED,
        example=443,
        bounds=PORTS,
        checked=_OWN_PORT,
    )
    ssh_port: int | None = integer(
        "a port",
        "Port of the router's SSH. Set `ansible_port` to it after the run that changes it.",
        without=_UNCHANGED,
        example=22,
        bounds=PORTS,
        checked=_OWN_PORT,
    )
    syslog_server: ipaddress.IPv4Address | None = text(
        "an IPv4 address",
        "IPv4 address of the log collector.",
        without=_UNCHANGED,
        example="192.168.10.20",
        parse=any_address,
    )
    syslog_port: int = integer("a port", "UDP port of the log collector.", default=514, example=514, bounds=PORTS)
    time_server: str | None = text(
        "a host name",
        "Where the router gets the time.",
        without=_UNCHANGED,
        example="ntp.example.net",
        parse=host,
    )
    smtp_address: ipaddress.IPv4Address | None = text(
        "an IPv4 address",
        "IPv4 address of the mail server in `alerts.smtp`, because the router takes no name.",
        without="the router sends no mail",
        example="192.0.2.25",
        parse=any_address,
    )
    known_port_forwards: tuple[PortForward, ...] = mappings(
        "port forwards",
        PortForward,
        "Port forwards that are meant to be, besides those to the PBX.",
        without="every other forward to a watched port is reported",
    )
