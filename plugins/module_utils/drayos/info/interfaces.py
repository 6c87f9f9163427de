# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``sys cfg status`` and ``sys iface`` print (draytek.md annex), as typed data."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Any

STATUS_LINE = re.compile(
    r"Profile version:\s*(?P<profile>\S+)\s+Status:\s*(?P<status>\d{1,9})\s*\((?P<mark>0x[0-9a-fA-F]+)\)"
)
INTERFACE = re.compile(r"^\s*Interface\s+(?P<number>\d{1,3})\s+(?P<kind>[^:]+?)\s*:")
STATUS = re.compile(r"^\s*Status:\s*(?P<status>\S+)")
ADDRESS = re.compile(
    r"IP Address:\s*(?P<address>[\d.]+)\s+Netmask:\s*0x(?P<mask>[0-9a-fA-F]{8})(?:\s*\((?P<note>[^)]*)\))?"
)
HARDWARE = re.compile(r"^\s*MAC:\s*(?P<mac>[0-9A-Fa-f]{2}(?:[-:][0-9A-Fa-f]{2}){5})")
UNUSED = "0.0.0.0"
"""What the device prints for "no address"."""


def parse_state(output: str) -> dict[str, Any] | None:
    """The state marker, which changes with the configuration; None where the answer has another form."""
    match = STATUS_LINE.search(output)
    if match is None:
        return None
    return {"profile_version": match["profile"], "status": int(match["status"]), "mark": match["mark"].lower()}


@dataclass
class Interface:
    """One interface. What its number stands for is not documented."""

    number: int
    kind: str
    up: bool | None = None
    addresses: list[str] = field(default_factory=list)
    """With the length of the mask, as in 192.168.1.1/24; unused addresses are left out."""
    mac: str = ""

    def as_result(self) -> dict[str, Any]:
        """As the module returns it."""
        return {
            "number": self.number,
            "kind": self.kind,
            "up": self.up,
            "addresses": self.addresses,
            "mac": self.mac,
        }


def parse_interfaces(output: str) -> list[Interface]:
    """Every interface, in the order printed; empty where the answer has another form."""
    found: list[Interface] = []
    for line in output.splitlines():
        heading = INTERFACE.match(line)
        if heading:
            found.append(Interface(int(heading["number"]), heading["kind"]))
            continue
        if not found:
            continue
        current = found[-1]
        if match := STATUS.match(line):
            current.up = match["status"].upper() == "UP"
        elif match := HARDWARE.match(line):
            current.mac = match["mac"].replace("-", ":").lower()
        elif (match := ADDRESS.search(line)) and match["address"] != UNUSED:
            current.addresses.append(_with_length(match["address"], match["mask"]))
    return found


def _with_length(address: str, mask: str) -> str:
    netmask = ipaddress.IPv4Address(int(mask, 16))
    try:
        return ipaddress.IPv4Interface(f"{address}/{netmask}").with_prefixlen
    except ValueError:
        return f"{address}/{netmask}"  # not a mask that can be written as a length
