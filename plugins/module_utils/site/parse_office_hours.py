# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Office hours, from a text such as "mon-fri 09:00-17:30, sat 09:00-12:00" or a mapping of days to hours."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEEDED = 'for example "mon-fri 09:00-17:30, sat 09:00-12:00" or {monday: "09:00-17:30"}'
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"


@dataclass(frozen=True)
class OpeningHours:
    """When the office is open on one day of the week, in the site's time zone."""

    day: str
    """monday ... sunday"""
    opens: str
    """HH:MM"""
    closes: str


def office_hours(value: Any) -> tuple[OpeningHours, ...]:
    """Opening hours in the order of the week."""
    found: list[OpeningHours] = []
    for days, hours in _entries(value):
        span = re.fullmatch(rf"({_TIME})\s*-\s*({_TIME})", str(hours).strip())
        if not span or not span[1] < span[2]:
            raise Invalid(f"has the hours {str(hours)!r}; use opening and closing time, {NEEDED}")
        found += [OpeningHours(day, span[1], span[2]) for day in _days(str(days))]
    ordered = sorted(found, key=lambda entry: (DAYS.index(entry.day), entry.opens))
    for first, second in itertools.pairwise(ordered):
        if first.day == second.day and second.opens < first.closes:
            raise Invalid(f"has overlapping hours on {first.day}; declare every hour once, {NEEDED}")
    return tuple(ordered)


def _entries(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, Mapping) and value:
        return value.items()
    if isinstance(value, str):
        entries = []
        for part in value.split(","):
            days, _blank, hours = part.strip().partition(" ")
            entries.append((days, hours))
        return entries
    raise Invalid(f"is neither text nor a mapping of days; use office hours, {NEEDED}")


def _days(text: str) -> tuple[str, ...]:
    first, _dash, last = text.strip().lower().partition("-")
    start, end = _day(first.strip(), text), _day((last or first).strip(), text)
    if start > end:
        raise Invalid(f"has the days {text!r}; the week starts on Monday, {NEEDED}")
    return DAYS[start : end + 1]


def _day(name: str, text: str) -> int:
    for position, day in enumerate(DAYS):
        if len(name) >= 3 and day.startswith(name):
            return position
    raise Invalid(f"has the day {text!r}; use monday to sunday, in full or the first three letters, {NEEDED}")
