# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provisioning server's access log: which phone has fetched its file, and when. Pure.

One JSON object a line, with at least time (seconds since the epoch by the server's clock), method, path and status. The
log is written by a server that strangers talk to, so a line may hold anything: what is no such object is passed over.
Where there is "took" (seconds), the request came so much earlier. Where "user_agent" says that an audit asked and no
phone, the line counts for nothing.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_LINE_LENGTH = 16384
"""Bytes. A longer one is no request of a phone."""
CONFIGURATION = re.compile(r"(?P<mac>[0-9a-f]{12})\.cfg")
"""<mac>.cfg (yealink.md 1.2); <mac>-local.cfg and the common files are others."""
AUDIT_MARK = "voipsec-audit"
"""Stands behind the phone's own User-Agent where yealink_served asks as the phone does, with the phone's password. It
proves nothing (yealink.md 4.5), and all that it brings about is that the phone counts as one that has not fetched."""


@dataclass(frozen=True)
class Fetch:
    """A phone has been given its configuration file."""

    mac: str
    time: float


def parse_line(line: bytes) -> Fetch | None:
    """The fetch that a line tells of; None for every other line."""
    if len(line) > MAX_LINE_LENGTH or b".cfg" not in line:
        return None
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("method") != "GET" or _is_audit(entry.get("user_agent")):
        return None
    status, path, time = entry.get("status"), entry.get("path"), entry.get("time")
    if isinstance(status, bool) or status != 200 or not isinstance(path, str):
        return None
    if isinstance(time, bool) or not isinstance(time, (int, float)):
        return None
    name = CONFIGURATION.fullmatch(path.rpartition("/")[2])
    took = entry.get("took", 0)
    try:
        # The server writes when the answer was finished; what was served is what was there when it began.
        seconds = float(time) - (float(took) if isinstance(took, (int, float)) else 0.0)
    except OverflowError:
        return None
    return Fetch(name["mac"], seconds) if name and math.isfinite(seconds) else None


def _is_audit(user_agent: object) -> bool:
    return isinstance(user_agent, str) and AUDIT_MARK in user_agent


def latest(fetches: Iterable[Fetch]) -> dict[str, float]:
    """When each phone fetched last, by MAC address."""
    found: dict[str, float] = {}
    for fetch in fetches:
        found[fetch.mac] = max(fetch.time, found.get(fetch.mac, fetch.time))
    return found


def read(data: bytes) -> dict[str, float]:
    """When each phone fetched last, from a piece of the log that begins at the beginning of a line.

    A last line that was not finished counts if it is whole all the same: no beginning of an object is one.
    """
    return latest(fetch for fetch in map(parse_line, data.split(b"\n")) if fetch)
