# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports and ranges of ports, from a number or a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid

PORTS = (1, 65535)
"""The least and the greatest port of TCP and UDP."""


def is_port(number: int) -> bool:
    """Whether it is a port of TCP or UDP."""
    return PORTS[0] <= number <= PORTS[1]


@dataclass(frozen=True, order=True)
class PortRange:
    """First and last port, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __contains__(self, port: object) -> bool:
        return isinstance(port, int) and self.first <= port <= self.last


def find_ports(text: str) -> PortRange | None:
    """``443`` or ``8000-8010``; None for anything else."""
    found = re.fullmatch(r"\s*([0-9]{1,5})(?:\s*-\s*([0-9]{1,5}))?\s*", text, re.ASCII)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    return PortRange(first, last) if is_port(first) and is_port(last) and first <= last else None


def ports(text: str) -> PortRange:
    """``443`` or ``8000-8010``; raises Invalid."""
    found = find_ports(text)
    if not found:
        raise Invalid('is neither a port nor a range of ports; use for example "443" or "8000-8010"')
    return found


def port_range(text: str) -> PortRange:
    """``9000-10999``, above the well-known ports; raises Invalid."""
    found = find_ports(text)
    if not found or not 1024 <= found.first < found.last:
        raise Invalid("is not a range of ports; use first and last port between 1024 and 65535, for example 9000-10999")
    return found
