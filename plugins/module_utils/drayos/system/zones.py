# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of the time zone database, and the numbers of ``sys time zone`` (draytek.md annex sys time, list of 73)."""

from __future__ import annotations

ZONES: dict[str, int] = {
    "Europe/London": 24,
    "Europe/Jersey": 24,
    "Europe/Guernsey": 24,
    "Europe/Isle_of_Man": 24,
    "Europe/Dublin": 23,
    "Europe/Lisbon": 24,
    "Europe/Belgrade": 26,
    "Europe/Bratislava": 26,
    "Europe/Budapest": 27,
    "Europe/Ljubljana": 27,
    "Europe/Prague": 27,
    "Europe/Sarajevo": 28,
    "Europe/Skopje": 28,
    "Europe/Warsaw": 29,
    "Europe/Zagreb": 29,
    "Europe/Brussels": 30,
    "Europe/Copenhagen": 30,
    "Europe/Madrid": 31,
    "Europe/Paris": 31,
    "Europe/Vilnius": 36,  # the list puts it with Paris, an hour too far west
    "Europe/Amsterdam": 32,
    "Europe/Berlin": 32,
    "Europe/Luxembourg": 32,
    "Europe/Oslo": 32,
    "Europe/Vienna": 33,
    "Europe/Zurich": 32,
    "Europe/Rome": 33,
    "Europe/Malta": 33,
    "Europe/Stockholm": 33,
    "Europe/Bucharest": 34,
    "Europe/Athens": 37,
    "Europe/Helsinki": 36,
    "Europe/Riga": 36,
    "Europe/Tallinn": 36,
    "Europe/Sofia": 36,
    "UTC": 25,
}
"""Places that the list names, and neighbours with the same time."""
EUROPE = frozenset(name for name in ZONES if name.startswith("Europe/"))
"""Zones with the summer time of Europe."""
