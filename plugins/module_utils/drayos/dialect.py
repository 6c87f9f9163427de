# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each model family and firmware can do, as data. A device that is not in the table is read, never written.

Sources: draytek.md 1 (families), 2.3 and 2b (ranges), 4b (dialects known so far).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME_LENGTH = 14
"""Characters in an object's or group's name: "under 15" (2b)."""
COMMENT_LENGTH = 14
"""Characters in a comment of ours: the limit of older models, kept for all (6, gaps)."""
COMMAND_LENGTH = 254
"""Characters in a command line: "under 255" (6, gaps)."""
RULES_PER_SET = 7
FILTER_SETS = 12


@dataclass(frozen=True)
class Dialect:
    """One family's limits. Slots are the highest index of each kind of profile."""

    name: str
    wan_interfaces: int
    """Interfaces that a rule's source must cover; a rule that leaves one out is open there."""
    lan_interfaces: int
    """Likewise for its destination."""
    verified: bool
    """True when the reference quotes the family's own manual; False where it is from general knowledge."""
    open_port_source: bool = False
    """An open port can be limited to an address object or group: printed in the 3912's guide only (2c)."""
    access_list_typed: bool = False
    """``mngt accesslist add ip <No.> <Index>`` instead of ``add <Index> <IP Object Index>`` (4b)."""
    pager_switch: bool = False
    """``sys mpage disable`` was seen live (1b)."""
    ip_objects: int = 192
    ip_groups: int = 32
    ipv6_objects: int = 64
    ipv6_groups: int = 32
    service_objects: int = 96
    service_groups: int = 32
    country_objects: int = 32

    def limit(self, kind: str) -> int:
        """The highest slot of a kind of profile, by its attribute in a snapshot."""
        return {
            "addresses": self.ip_objects,
            "addresses6": self.ipv6_objects,
            "address_groups": self.ip_groups,
            "address_groups6": self.ipv6_groups,
            "services": self.service_objects,
            "service_groups": self.service_groups,
            "countries": self.country_objects,
        }[kind]


@dataclass(frozen=True)
class SystemVersion:
    """What ``sys version`` says."""

    model: str
    firmware: str
    router_name: str = ""

    @property
    def firmware_major(self) -> int:
        """3, 4 or 5; 0 where it cannot be told."""
        match = re.match(r"(\d{1,3})\.", self.firmware)
        return int(match[1]) if match else 0


VIGOR_2927 = Dialect("Vigor2927", 9, 8, verified=True)
VIGOR_3912 = Dialect(
    "Vigor3912", 12, 100, verified=True, open_port_source=True, access_list_typed=True, pager_switch=True
)
VIGOR_2862 = Dialect("Vigor2862", 4, 6, verified=False)

DIALECTS: tuple[tuple[str, tuple[int, ...], Dialect], ...] = (
    (r"Vigor2927", (4,), VIGOR_2927),
    (r"Vigor3912", (4,), VIGOR_3912),
    (r"Vigor2862", (3,), VIGOR_2862),
)
"""Model pattern, firmware majors, dialect. Rules take the smaller of two ranges where the manuals disagree."""

OTHER_SYSTEMS: tuple[tuple[str, str], ...] = (
    (r"Vigor(2767|2928)|VigorC[45]10|Vigor2136", "DrayOS 5, which has another command line"),
    (r"Vigor(3900|2960|300B)", "a Linux-based Vigor, which has another command line"),
    (r"VigorSwitch|VigorAP", "not a router"),
)
"""Families that the reference names as different (1, first row)."""

VERSION_LINE = re.compile(r"Router Model:\s*(?P<model>\S+)\s+Version:\s*(?P<firmware>\S+)")
NAME_LINE = re.compile(r"Router Name:\s*(?P<name>.*?)\s*$", re.MULTILINE)


def parse_version(output: str) -> SystemVersion | None:
    """``sys version`` (1, 1b); None where the device did not answer in this form."""
    match = VERSION_LINE.search(output)
    if not match:
        return None
    name = NAME_LINE.search(output)
    return SystemVersion(match["model"], match["firmware"], name["name"] if name else "")


def dialect_of(version: SystemVersion) -> Dialect | None:
    """The dialect to write with, or None for a device that may only be read."""
    for pattern, majors, dialect in DIALECTS:
        if re.match(pattern, version.model) and version.firmware_major in majors:
            return dialect
    return None


def dialect_named(name: str) -> Dialect:
    """The dialect of a family, for what is done without a device."""
    return next(dialect for _pattern, _majors, dialect in DIALECTS if dialect.name == name)


def why_read_only(version: SystemVersion | None) -> str:
    """One sentence for the user on a device that will not be written."""
    if version is None:
        return (
            "the device did not answer 'sys version' as a DrayOS 3 or 4 router does; it may run DrayOS 5 or be another "
            "product. Nothing was written."
        )
    for pattern, what in OTHER_SYSTEMS:
        if re.match(pattern, version.model):
            return f"{version.model} is {what}. Nothing was written."
    known = ", ".join(
        f"{dialect.name} with firmware {'/'.join(map(str, majors))}.x" for _p, majors, dialect in DIALECTS
    )
    return (
        f"{version.model} with firmware {version.firmware} is not in the table of known dialects ({known}). "
        "Nothing was written."
    )
