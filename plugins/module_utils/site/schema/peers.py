# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``trunk_providers`` and ``remote_sites``: who may reach the PBX from the internet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import fqdn
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import PORTS
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_addresses import (
    Network,
    provider_network,
    remote_site_network,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import (
    date,
    extension_number,
    peer_name,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import (
    boolean,
    choice,
    integers,
    text,
    texts,
)

_NAME = "Name, unique among trunk providers and remote sites."
_NAME_CHECKED = "up to 32 letters, digits, spaces, dots, dashes and underscores; upper and lower case do not differ"


@dataclass(frozen=True)
class TrunkProvider:
    """A telephone company whose servers may reach the PBX."""

    name: str = text("a name", _NAME, required=True, example="gamma", parse=peer_name, checked=_NAME_CHECKED)
    signalling: tuple[Network, ...] = texts(
        "IPv4 networks",
        "a network",
        "Networks of the provider's SIP servers.",
        required=True,
        least=1,
        example=["203.0.113.0/26"],
        parse=provider_network,
        checked="public IPv4; no wider than /20; no overlap with anyone else's",
    )
    media: tuple[Network, ...] = texts(
        "IPv4 networks",
        "a network",
        "Networks that the provider's media (RTP) comes from.",
        without="`trunk_providers[].signalling`",
        example=["203.0.113.128/26"],
        parse=provider_network,
        checked="as `trunk_providers[].signalling`",
    )
    ports: tuple[int, ...] = integers(
        "ports",
        "a port",
        "SIP ports of the PBX that the provider may reach.",
        without="the first of `pbx.sip_ports` that is not for TLS; with `transport: tls` it is `pbx.tls_port`",
        example=[5060],
        bounds=PORTS,
        checked="in `pbx.sip_ports`",
    )
    transport: str = choice("udp", "tcp", "tls", default="udp", meaning="SIP transport.")


@dataclass(frozen=True)
class RemoteSite:
    """An office or home whose phones reach the PBX from outside."""

    name: str = text("a name", _NAME, required=True, example="ipswich", parse=peer_name, checked=_NAME_CHECKED)
    address: Network | None = text(
        "a public IPv4 address",
        "Public IPv4 address, or a small network. Required unless the site has `vpn: true`.",
        example="192.0.2.10",
        parse=remote_site_network,
        checked="public; no wider than /29; no overlap with anyone else's",
    )
    """None for a site that comes in through a VPN, or whose time-limited entry has ended."""
    vpn: bool = boolean(
        "Whether the site comes in through a VPN, so that the router needs no rule for it. The role `pbx_host` "
        "needs its networks in `pbx_host_vpn_networks`.",
        default=False,
        checked="not together with `address`, `fqdn` or `expires`",
    )
    fqdn: str | None = text(
        "a host name",
        "Host name of a site whose address changes. It is not resolved: declare the current address as well, and "
        "when it expires.",
        example="ipswich.acme.example",
        parse=fqdn,
        checked="needs `address` and `expires`",
    )
    expires: datetime.date | None = text(
        "a date",
        "Last day on which the address is allowed in. After it the address is left out, with a warning.",
        example="2027-03-31",
        parse=date,
    )
    extensions: tuple[str, ...] = texts(
        "extension numbers",
        "an extension number",
        "Numbers of the extensions at this site.",
        digits=True,
        example=["201"],
        parse=extension_number,
        checked="declared in `extensions`; at one site only",
    )
    transport: str = choice("tls", "tcp", "udp", default="tls", meaning="SIP transport of the site's phones.")
