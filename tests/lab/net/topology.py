# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is where: addresses of every vantage point, from what the customer declares."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

STRANGER = "198.51.100.250"
PUBLIC, PUBLIC6 = "198.51.100.129", "2001:db8:129::1"
INTERNET = "internet"
OUTSIDE = (INTERNET, "neighbour", "provider", "office", "management")


@dataclass(frozen=True)
class Place:
    """One namespace on the internet side."""

    name: str
    address: str
    address6: str


@dataclass(frozen=True)
class Topology:
    """Outside places share one wire with the router; the PBX is alone behind it."""

    places: tuple[Place, ...]
    pbx: str
    pbx6: str
    gateway: str  # the router's address on the LAN
    gateway6: str
    prefix: int
    public: str = PUBLIC
    public6: str = PUBLIC6


def topology(declared: Mapping[str, Any]) -> Topology:
    """From the variables of a customer (inventories/demo/group_vars/all). The IPv6 addresses are the lab's own."""
    networks = [_network(text) for text in _declared_networks(declared)]
    provider, neighbour = _edge([_network(text) for text in _signalling(declared)], networks)
    office = next(iter(_network(declared["remote_sites"][0]["address"]).hosts()))
    management = next(iter(_network(declared["site"]["management"][0]).hosts()))
    addresses = (STRANGER, str(neighbour), str(provider), str(office), str(management))
    lan = _network(declared["pbx"]["local_networks"][0])
    return Topology(
        places=tuple(
            Place(name, address, f"2001:db8:{number}::{number}")
            for number, (name, address) in enumerate(zip(OUTSIDE, addresses, strict=True), start=1)
        ),
        pbx=declared["pbx"]["address"],
        pbx6="2001:db8:10::10",
        gateway=str(next(iter(lan.hosts()))),
        gateway6="2001:db8:10::1",
        prefix=lan.prefixlen,
    )


def _network(text: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(text, strict=False)


def _signalling(declared: Mapping[str, Any]) -> Iterator[str]:
    for provider in declared["trunk_providers"]:
        yield from provider["signalling"]


def _declared_networks(declared: Mapping[str, Any]) -> Iterator[str]:
    yield from _signalling(declared)
    for provider in declared["trunk_providers"]:
        yield from provider.get("media", [])
    for site in declared["remote_sites"]:
        yield site["address"]
    yield from declared["site"]["management"]


def _edge(
    providers: list[ipaddress.IPv4Network], declared: list[ipaddress.IPv4Network]
) -> tuple[ipaddress.IPv4Address, ipaddress.IPv4Address]:
    """The last address of a provider's range, and the one after it, which nobody declares."""
    for network in providers:
        after = network.broadcast_address + 1
        if not any(after in other for other in declared):
            return network.broadcast_address, after
    raise ValueError("every provider's range is followed by another declared one: there is no neighbour to be")
