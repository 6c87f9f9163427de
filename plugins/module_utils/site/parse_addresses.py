# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and networks of a declaration, each from its text. A text that cannot be used raises Invalid."""

from __future__ import annotations

import ipaddress

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.networks import Network
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.networks import network as read_network

# The widest network that is still a plausible declaration, as prefix lengths.
WIDEST_PROVIDER = 20
"""4096 addresses. Our choice: no source names a limit for providers."""
WIDEST_REMOTE_SITE = 29
"""A business line's block of eight. No allowed entry wider than /29 by default (domain.md fact 4)."""
WIDEST_MANAGEMENT = 24
"""256 addresses. Cyber Essentials asks for a small list (domain.md CE-FW-ADMIN). Our choice."""
WIDEST_LOCAL = 8
"""The widest private network there is."""

PRIVATE = "a private network"
CARRIER_NAT = "a carrier-grade NAT network"
SPECIAL: dict[str, tuple[Network, ...]] = {
    PRIVATE: tuple(map(Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))),
    CARRIER_NAT: (Network("100.64.0.0/10"),),
    "a loopback network": (Network("127.0.0.0/8"),),
    "a link-local network": (Network("169.254.0.0/16"),),
    "a multicast network": (Network("224.0.0.0/4"),),
    "a reserved network": tuple(map(Network, ("0.0.0.0/8", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4"))),
}
"""Networks that nobody can have on the internet. The three documentation networks (192.0.2.0/24, 198.51.100.0/24,
203.0.113.0/24) are not among them: examples and the demonstration use them."""

NEVER_A_HOST = tuple(kind for kind in SPECIAL if kind not in (PRIVATE, CARRIER_NAT))
"""Kinds of which no address can be a device on a LAN, either."""


def provider_network(text: str) -> Network:
    """A trunk provider's public network."""
    needed = "use the provider's public IPv4 network, for example 203.0.113.0/26"
    network = read_network(text, needed)
    _refuse_special(network, tuple(SPECIAL), needed)
    _refuse_wide(network, WIDEST_PROVIDER, "declare the provider's own networks, for example 203.0.113.0/26")
    return _refuse_holding_special(network, needed)


def remote_site_network(text: str) -> Network:
    """A remote site's public address, or its small block."""
    needed = "use the remote site's public IPv4 address, for example 192.0.2.10, or vpn: true"
    network = read_network(text, needed)
    _refuse_special(network, tuple(SPECIAL), needed)
    _refuse_wide(network, WIDEST_REMOTE_SITE, "declare the site's own address, for example 192.0.2.10")
    return network


def management_network(text: str) -> Network:
    """From where the site is managed. It may be on the LAN or in a VPN, so it may be private."""
    needed = "use an IPv4 address or network that you manage the site from, for example 198.51.100.7/32"
    network = read_network(text, needed)
    _refuse_wide(
        network, WIDEST_MANAGEMENT, "declare the few addresses that manage the site, for example 198.51.100.7/32"
    )
    _refuse_special(network, NEVER_A_HOST, needed)
    return network


def local_network(text: str) -> Network:
    """A network behind the router."""
    needed = "use a network of the site's LAN, for example 192.168.10.0/24"
    network = read_network(text, needed)
    _refuse_special(network, NEVER_A_HOST, needed)
    _refuse_wide(network, WIDEST_LOCAL, needed)
    return network


def host_address(text: str) -> ipaddress.IPv4Address:
    """The address of one device on the LAN."""
    needed = "use the PBX's IPv4 address on the LAN, for example 192.168.10.10"
    if "/" in text:
        raise Invalid(f"is a network; {needed}")
    network = read_network(text, needed)
    _refuse_special(network, NEVER_A_HOST, needed)
    return network.network_address


def any_address(text: str) -> ipaddress.IPv4Address:
    """One device, anywhere."""
    needed = "use one IPv4 address, for example 192.168.10.20"
    if "/" in text:
        raise Invalid(f"is a network; {needed}")
    network = read_network(text, needed)
    _refuse_special(network, NEVER_A_HOST, needed)
    return network.network_address


def _refuse_special(network: Network, kinds: tuple[str, ...], needed: str) -> None:
    for kind in kinds:
        if any(network.subnet_of(special) for special in SPECIAL[kind]):
            named = kind.replace(" network", " address", 1) if network.prefixlen == 32 else kind
            raise Invalid(f"is {named}; {needed}")


def _refuse_holding_special(network: Network, needed: str) -> Network:
    for kind, specials in SPECIAL.items():
        held = next((special for special in specials if special.overlaps(network)), None)
        if held:
            raise Invalid(f"contains {held}, {kind}; {needed}")
    return network


def _refuse_wide(network: Network, widest: int, advice: str) -> None:
    if network.prefixlen < widest:
        raise Invalid(f"is too wide, {network.num_addresses} addresses; /{widest} is the widest allowed: {advice}")
