# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``site`` and ``pbx``: the customer, and the PBX."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import host
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import PORTS, PortRange, port_range
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_addresses import (
    Network,
    host_address,
    local_network,
    management_network,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_office_hours import (
    OpeningHours,
    office_hours,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import country, site_name, time_zone
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import (
    choice,
    integer,
    integers,
    raw,
    text,
    texts,
)

PRODUCTS = ("threecx", "yeastar_appliance", "yeastar_software", "yeastar_cloud", "yeastar_s")
"""PBXs that this collection knows: 3CX V20, Yeastar's P-Series in its three editions, and the S-Series."""


@dataclass(frozen=True)
class Site:
    """The customer and who manages it."""

    name: str = text(
        "the customer's short name",
        "Short name of the customer.",
        required=True,
        example="acme",
        parse=site_name,
        checked="up to 32 letters, digits, dots, dashes and underscores",
    )
    country: str = text(
        "a country code",
        "Country of the site, a two-letter ISO 3166 code.",
        required=True,
        example="GB",
        parse=country,
        checked="ISO 3166; in `allowed_countries`",
    )
    time_zone: str = text(
        "a time zone",
        "Name from the IANA time zone database.",
        required=True,
        example="Europe/London",
        parse=time_zone,
        checked="known to the controller",
    )
    management: tuple[Network, ...] = texts(
        "management addresses",
        "a management address",
        "IPv4 addresses and networks that you manage the site from.",
        required=True,
        least=1,
        example=["198.51.100.7/32"],
        parse=management_network,
        checked="no wider than /24; private ones are fine; no overlap with a provider or a remote site",
    )
    office_hours: tuple[OpeningHours, ...] = raw(
        "office hours",
        "Opening hours: a text such as `mon-fri 09:00-17:30, sat 09:00-12:00`, or a mapping of days to hours. A day "
        "that is not named is closed.",
        absent=(),
        example="mon-fri 09:00-17:30",
        parse=office_hours,
        checked="days of the week; hours do not overlap",
    )
    """In the order of the week; a day may occur twice. Empty: not declared."""


@dataclass(frozen=True)
class Pbx:
    """Where the PBX is and where it listens."""

    address: ipaddress.IPv4Address = text(
        "the PBX's IPv4 address on the LAN",
        "IPv4 address on the LAN.",
        required=True,
        example="192.168.10.10",
        parse=host_address,
        checked="in `pbx.local_networks`, if these are declared",
    )
    server_name: str = text(
        "a host name",
        "Host name or IPv4 address that phones register with. The PBX's certificate is for this name.",
        required=True,
        example="pbx.acme.example",
        parse=host,
    )
    sip_ports: tuple[int, ...] = integers(
        "ports",
        "a port",
        "SIP ports, on UDP and TCP. The router closes them to everyone except trunk providers and remote sites.",
        default=[5060, 5061],
        least=1,
        example=[5060, 5061],
        bounds=PORTS,
        checked="outside `pbx.rtp_ports`; one other than `pbx.tls_port` if anyone uses UDP or TCP",
    )
    tls_port: int = integer(
        "a port",
        "The SIP port for TLS.",
        default=5061,
        example=5061,
        bounds=PORTS,
        checked="in `pbx.sip_ports`, if anyone uses TLS",
    )
    rtp_ports: PortRange | None = text(
        "a range of ports",
        "Ports for media (RTP).",
        example="9000-10999",
        without="the router neither opens nor closes media ports",
        parse=port_range,
        checked="1024 to 65535",
    )
    local_networks: tuple[Network, ...] = texts(
        "networks",
        "a network",
        "Networks of the LAN. The roles `pbx_host` and `yealink_provisioning` need them to let the LAN in.",
        example=["192.168.10.0/24"],
        parse=local_network,
        checked="IPv4; no overlap with a provider or a remote site",
    )
    product: str | None = choice(
        *PRODUCTS,
        meaning="Make and edition. Required for a Yeastar, because the edition decides what has to be set by hand. "
        "`yeastar_appliance`, `yeastar_software` and `yeastar_cloud` are the editions of the P-Series.",
    )
