# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What NAT should let in, in typed form. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.exposures import DMZ, Exposure, Ports
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import is_ipv4
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import find_ports


@dataclass(frozen=True)
class WantedNat:
    """What NAT should let in."""

    address: str = ""
    """The PBX."""
    voice: tuple[Ports, ...] = ()
    """Its ports."""
    sources: str | None = None
    """Name of the address group that may use them."""
    known: tuple[tuple[str, Ports], ...] = ()
    """Other ways in that are meant to be: address inside and ports outside."""
    watched: tuple[Ports, ...] = ()
    """Ports that nobody should come in by without being known: SIP, HTTPS, management."""

    def knows(self, exposure: Exposure) -> bool:
        """Whether somebody declared this way in."""
        if exposure.kind == DMZ:
            return False
        return self.is_voice(exposure) or any(
            exposure.address == address and first <= exposure.ports[0] and exposure.ports[1] <= last
            for address, (first, last) in self.known
        )

    def is_voice(self, exposure: Exposure) -> bool:
        """Whether it leads to the PBX's voice ports, and to nothing else."""
        first, last = exposure.inside
        return exposure.address == self.address and any(low <= first and last <= high for low, high in self.voice)

    def unknown(self, exposures: Sequence[Exposure]) -> tuple[Exposure, ...]:
        """Ways in to watched ports that nobody declared; a DMZ host gets every port."""
        return tuple(
            exposure
            for exposure in exposures
            if not self.knows(exposure) and (exposure.kind == DMZ or exposure.touches(self.watched))
        )


def nat_from(config: Mapping[str, Any], groups: set[str], problems: list[str]) -> WantedNat:
    """The option ``config.nat`` in typed form; what is wrong goes to ``problems``."""
    sources = config.get("sources")
    if sources is not None and sources not in groups:
        problems.append(f"config.nat.sources: {sources!r} is not one of config.address_groups.")
    address = config.get("address") or ""
    known = []
    for position, entry in enumerate(config.get("known") or ()):
        span = _span(f"config.nat.known[{position}].ports", str(entry["ports"]), problems)
        _check_address(f"config.nat.known[{position}].address", entry["address"], problems)
        known.append((entry["address"], span))
    if address:
        _check_address("config.nat.address", address, problems)
    return WantedNat(
        address=address,
        voice=_merged(_span("config.nat.ports", str(ports), problems) for ports in config.get("ports") or ()),
        sources=sources,
        known=tuple(known),
        watched=tuple(_span("config.nat.watched", str(ports), problems) for ports in config.get("watched") or ()),
    )


def _merged(spans: Any) -> tuple[Ports, ...]:
    """Neighbouring ports as one span, so that an open port 5060-5061 lies within 5060 and 5061."""
    merged: list[Ports] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _span(where: str, text: str, problems: list[str]) -> Ports:
    found = find_ports(text)
    if found is None:
        problems.append(f"{where}: {text!r} is not a port or a range from 1 to 65535, such as 5060 or 9000-10999.")
        return 0, 0
    return found.first, found.last


def _check_address(where: str, text: str, problems: list[str]) -> None:
    if not is_ipv4(text):
        problems.append(f"{where}: {text!r} is not an IPv4 address.")
