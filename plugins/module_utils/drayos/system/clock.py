# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time: server, zone and summer time (draytek.md annex sys time and annex sys daylightsave)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.zones import EUROPE, ZONES

VIEW = "sys time show"
SERVER = re.compile(r"^[A-Za-z0-9.-]{1,39}\Z")
"""At most 39 characters (annex)."""
SHOWN_SERVER = re.compile(r"Time Server:\s*\[(?P<server>[^\]]*)\]", re.IGNORECASE)
SHOWN_ZONE = re.compile(r"Time Zone Index:\s*\[(?P<index>\d{1,3})\]", re.IGNORECASE)
LAST, SUNDAY = 9, 0
MARCH, OCTOBER = 3, 10
FIRST_OF_CENTRAL, FIRST_OF_EAST = 26, 34
"""Numbers of the zones one and two hours east of Greenwich. All of Europe changes at the same moment, 01:00 UTC."""


@dataclass(frozen=True)
class Clock:
    """What the router shows."""

    server: str
    zone: int


@dataclass(frozen=True)
class WantedClock:
    """What the clock should be. ``zone`` is the router's own number, None to leave it; ``summer_time`` likewise."""

    server: str | None = None
    zone: int | None = None
    summer_time: bool | None = None
    unknown_zone: str = ""
    """A name that the router's list has no number for."""


def clock_from(config: Mapping[str, Any], problems: list[str]) -> WantedClock:
    """The option ``config.clock`` in typed form; what is wrong goes to ``problems``."""
    server = config.get("server")
    if server is not None and not SERVER.match(server):
        problems.append(f"config.clock.server: {server!r} is not a name or address of at most 39 characters.")
    zone, summer = config.get("zone"), config.get("daylight_saving")
    if zone is None:
        return WantedClock(server, None, summer)
    if str(zone).isdecimal():
        number = int(zone)
        if not 1 <= number <= 73:
            problems.append(f"config.clock.zone: {zone} is not one of the router's zones from 1 to 73.")
        return WantedClock(server, number, summer)
    if zone not in ZONES:
        return WantedClock(server, None, summer, unknown_zone=str(zone))
    return WantedClock(server, ZONES[zone], zone in EUROPE if summer is None else summer)


def parse_clock(output: str) -> Clock | None:
    """``sys time show``; None where it is not one."""
    server, zone = SHOWN_SERVER.search(output), SHOWN_ZONE.search(output)
    return Clock(server["server"], int(zone["index"])) if server and zone else None


def clock_commands(wanted: WantedClock, found: Clock | None) -> list[str]:
    """What the router shows again afterwards."""
    commands = []
    if wanted.server and (found is None or found.server != wanted.server):
        commands.append(f"sys time server {wanted.server}")
    if wanted.zone and (found is None or found.zone != wanted.zone):
        commands.append(f"sys time zone {wanted.zone}")
    return commands


def summer_time_commands(wanted: WantedClock) -> list[str]:
    """What it does not show in a documented form."""
    if wanted.summer_time is None:
        return []
    if not wanted.summer_time:
        return ["sys daylightsave -e 0"]
    east = 0 if wanted.zone is None else (wanted.zone >= FIRST_OF_CENTRAL) + (wanted.zone >= FIRST_OF_EAST)
    begin, end = f"{MARCH} {LAST} {SUNDAY} {1 + east}", f"{OCTOBER} {LAST} {SUNDAY} {2 + east}"
    return [f"sys daylightsave -t 2 -y {begin} -z {end} -e 1"]
