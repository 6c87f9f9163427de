# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of a period: which are wanted, and what is unusual about them. One engine for all PBX families; pure.

A family brings its rows into one form: id, started, from, from_name, to, to_name, direction, answered,
talking_seconds, ringing_seconds, cost, reason.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

PERIOD_OPTIONS: dict[str, Any] = {
    "since": {"type": "str", "default": "24h"},
    "until": {"type": "str"},
    "extension": {"type": "str"},
    "direction": {"type": "str", "choices": ["any", "outbound", "inbound", "internal"], "default": "any"},
    "destination_prefix": {"type": "str"},
    "limit": {"type": "int", "default": 1000},
}
"""Options of every module that lists calls."""
PERIOD = re.compile(r"\A(\d+)([hd])\Z")
SHORTEST_OUTSIDE = 6
"""Digits. Shorter numbers are extensions, where a PBX does not say what is outside."""


def period(params: Mapping[str, Any]) -> tuple[datetime.datetime, datetime.datetime]:
    """Begin and end, in UTC. Raises HardeningError for options that make no sense."""
    now = datetime.datetime.now(datetime.UTC)
    since = moment(params["since"], "since", now)
    until = moment(params["until"], "until", now) if params["until"] else now
    if since >= until:
        raise HardeningError(f"since: {params['since']!r} is not before until.")
    if params["limit"] < 1:
        raise HardeningError(f"limit: {params['limit']} is not 1 or more.")
    return since, until


def moment(text: str, option: str, now: datetime.datetime) -> datetime.datetime:
    """A time in UTC from ISO 8601 or from hours and days back (24h, 7d). Raises HardeningError."""
    back = PERIOD.match(text)
    if back:
        try:
            return now - datetime.timedelta(**{"hours" if back[2] == "h" else "days": int(back[1])})
        except OverflowError:
            raise HardeningError(f"{option}: {text!r} is too long ago.") from None
    try:
        found = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise HardeningError(
            f"{option}: {text!r} is neither a time such as 2026-11-23T08:00:00+00:00 nor a period such as 24h or 7d."
        ) from None
    if found.tzinfo is None:
        raise HardeningError(f"{option}: {text!r} lacks its time zone, such as Z or +01:00.")
    return found.astimezone(datetime.UTC)


def chosen(call: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
    """Whether a call is as chosen, whenever it was."""
    digits = re.sub(r"\D", "", str(call["to"]))
    prefix = re.sub(r"\D", "", params["destination_prefix"] or "")
    return (
        params["extension"] in (None, call["from"], call["to"])
        and params["direction"] in ("any", call["direction"])
        and (not prefix or digits.startswith(prefix) or digits.removeprefix("00").startswith(prefix))
    )


def direction(source: str, target: str) -> str:
    """From the numbers alone: what is as long as a telephone number is outside."""
    if len(re.sub(r"\D", "", target)) >= SHORTEST_OUTSIDE:
        return "outbound"
    return "inbound" if len(re.sub(r"\D", "", source)) >= SHORTEST_OUTSIDE else "internal"


def totals(calls: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Quantities that show unusual use: by extension, by destination, and the longest call."""
    every = list(calls)
    outbound = [call for call in every if call["direction"] == "outbound"]
    longest = max(every, key=lambda call: call["talking_seconds"] or 0, default=None)
    return {
        "calls": len(every),
        "outbound": len(outbound),
        "talking_seconds": sum(call["talking_seconds"] or 0 for call in every),
        "by_extension": dict(Counter(str(call["from"]) for call in outbound).most_common()),
        "by_destination": dict(Counter(destination(str(call["to"])) for call in outbound).most_common()),
        "longest": dict(longest) if longest else None,
    }


def destination(number: str) -> str:
    """The beginning of a number: + and three digits for another country, else its first three digits."""
    digits = re.sub(r"\D", "", number)
    if number.startswith("+"):
        return f"+{digits[:3]}"
    return f"+{digits[2:5]}" if digits.startswith("00") else digits[:3]
