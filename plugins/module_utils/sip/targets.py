# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which targets a task means, and whether it may probe them. No packet leaves before all of them are settled.

Probing other people's machines may be an offence (domain.md 7.2, Legal), so there are only addresses in
``allowed_targets``, no networks, and a name is judged by the addresses that it has.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import ANSWERED, IPAddress, Target

MAX_TARGETS = 64
"""Targets that one task probes, controls among them."""
NAME = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\.?")

Resolver = Callable[[str], Sequence[str]]
"""Addresses of a name; raises OSError where it has none."""


def system_resolver(name: str) -> Sequence[str]:
    """As the host resolves names."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def allowed_addresses(values: Iterable[str]) -> frozenset[IPAddress]:
    """The addresses that may be probed. Raises HardeningError for what is no single host's address."""
    allowed = []
    for position, value in enumerate(values):
        variable = f"allowed_targets[{position}]"
        address = _address(value)
        if address is None:
            raise HardeningError(
                f"{variable}: {value} is not an IP address such as 203.0.113.10 or 2001:db8::10. Names and networks "
                "are refused, so that no other machine is probed by mistake."
            )
        if address.is_multicast or address.is_unspecified or address == ipaddress.IPv4Address("255.255.255.255"):
            raise HardeningError(f"{variable}: {value} is not the address of one host.")
        allowed.append(address)
    return frozenset(allowed)


def read_targets(
    name: str,
    entries: Sequence[Mapping[str, Any]],
    allowed: frozenset[IPAddress],
    resolver: Resolver,
) -> list[Target]:
    """The option ``name`` (targets or control) as targets, one for each address of a name, each once.

    Raises HardeningError, which names the entry, for a target that may not or cannot be probed.
    """
    found: dict[Target, None] = {}
    for position, entry in enumerate(entries):
        variable = f"{name}[{position}]"
        host, port = str(entry["host"]), int(entry["port"])
        if not 1 <= port <= 65535:
            raise HardeningError(f"{variable}.port: {port} is not a port (1 to 65535).")
        addresses = addresses_of(f"{variable}.host", host, resolver)
        server_name = str(entry.get("server_name") or host)
        if _address(server_name) is None and not NAME.fullmatch(server_name):
            raise HardeningError(f"{variable}.server_name: {server_name!r} is neither a name nor an IP address.")
        control = name == "control"
        for address in addresses:
            if address not in allowed:
                known = ", ".join(sorted(map(str, allowed))) or "none"
                meant = host if host == str(address) else f"{host} ({address})"
                raise HardeningError(
                    f"{variable}.host: {meant} is not in allowed_targets, so nothing was probed. Allowed: {known}."
                )
            expect = ANSWERED if control else entry.get("expect")
            found[Target(host, address, port, str(entry["transport"]), expect, server_name, control)] = None
    return list(found)


def check_count(targets: Sequence[Target]) -> None:
    """Raises HardeningError for more than MAX_TARGETS."""
    if len(targets) > MAX_TARGETS:
        raise HardeningError(
            f"targets and control: {len(targets)} targets are too many for one task; {MAX_TARGETS} is the most. "
            "A name counts once for each of its addresses."
        )


def addresses_of(variable: str, host: str, resolver: Resolver) -> list[IPAddress]:
    """Of a name or an address in the variable. Raises HardeningError."""
    literal = _address(host)
    if literal is not None:
        return [literal]
    if not NAME.fullmatch(host):
        raise HardeningError(f"{variable}: {host!r} is neither an IP address nor a name.")
    try:
        texts = resolver(host)
    except (OSError, UnicodeError) as error:
        raise HardeningError(f"{variable}: {host} has no address here: {error}.") from error
    found = [address for address in map(_address, texts) if address is not None]
    if not found:
        raise HardeningError(f"{variable}: {host} has no address here.")
    return found


def is_address(text: str) -> bool:
    """Whether it is an IPv4 or IPv6 address."""
    return _address(text) is not None


def _address(text: str) -> IPAddress | None:
    """An address; an IPv4-mapped IPv6 address is the IPv4 address. None for everything else."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
