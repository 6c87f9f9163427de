# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From which addresses the router may be managed (draytek.md 4 and 4b, ``mngt accesslist``): at most ten entries, each
an IP object."""

from __future__ import annotations

import re

VIEW = "mngt accesslist list"
ENTRIES = 10
FIRST_OBJECT = 96
"""Free IP objects are looked for from here downwards: the highest ones are draytek_firewall's."""
HEADING = re.compile(r"access list", re.IGNORECASE)
ROW = re.compile(
    r"^\s*(?P<slot>\d{1,2})\s+(?P<type>[A-Za-z][A-Za-z ]*?\s{2,})?(?P<index>\d{1,3})(?:\s|$)", re.MULTILINE
)
"""Both forms: with and without the column of types."""


def parse_access_list(output: str) -> dict[int, int] | None:
    """Slot and IP object of each entry; None where it is not a list. An entry that is no IP object counts as object
    0."""
    if not HEADING.search(output):
        return None
    return {
        int(row["slot"]): int(row["index"]) if (row["type"] or "IP Object").strip().lower() == "ip object" else 0
        for row in ROW.finditer(output)
    }


def add_command(slot: int, index: int, *, typed: bool) -> str:
    """Puts an IP object on the list."""
    return f"mngt accesslist add ip {slot} {index}" if typed else f"mngt accesslist add {slot} {index}"


def remove_command(slot: int) -> str:
    """Takes an entry off."""
    return f"mngt accesslist remove {slot}"
