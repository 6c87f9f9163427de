# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of threecx_call_history: calls of a period, in one form for both sources that releases have."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS, always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection, connected
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import Release
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.ip_list import parse_time
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import raw, selecting

ARGUMENT_SPEC: dict[str, Any] = {
    "since": {"type": "str", "default": "24h"},
    "until": {"type": "str"},
    "extension": {"type": "str"},
    "direction": {"type": "str", "choices": ["any", "outbound", "inbound", "internal"], "default": "any"},
    "destination_prefix": {"type": "str"},
    "limit": {"type": "int", "default": 1000},
    "source": {"type": "str", "choices": ["auto", "call_log", "call_history_view"], "default": "auto"},
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
CALL_LOG_SINCE = (20, 0, 6)
"""From then on the old view may hold old calls only (3cx.md, table of V20's updates; reports differ)."""
LOG_FIELDS = (
    *("CallId", "StartTime", "SourceDn", "SourceCallerId", "SourceDisplayName", "DestinationDn", "DestinationCallerId"),
    *("DestinationDisplayName", "Answered", "TalkingDuration", "RingingDuration", "CallCost", "Reason"),
)
VIEW_FIELDS = (
    *("SegmentId", "SegmentStartTime", "SegmentEndTime", "SrcDn", "SrcCallerNumber", "SrcDisplayName", "SrcExternal"),
    *("DstDn", "DstCallerNumber", "DstDisplayName", "DstExternal", "CallAnswered", "CallTime"),
)
DURATION = re.compile(r"\AP(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?\Z")
PERIOD = re.compile(r"\A(\d+)([hd])\Z")
SHORTEST_OUTSIDE = 6
"""Digits. Shorter numbers are extensions; the call log does not say what is outside on every release."""


def run(params: Params, context: RunContext) -> Outcome:
    """Read, bring into one form, choose, count."""
    now = datetime.datetime.now(datetime.UTC)
    since = moment(params["since"], "since", now)
    until = moment(params["until"], "until", now) if params["until"] else now
    if since >= until:
        raise HardeningError(f"since: {params['since']!r} is not before until.")
    if params["limit"] < 1:
        raise HardeningError(f"limit: {params['limit']} is not 1 or more.")
    with connected(params, context) as connection:
        source = _source(params["source"], connection.release)
        rows = _log(connection, since, until, params["limit"]) if source == "call_log" else None
        if rows is None:
            rows = _view(connection, since, params["limit"])
        found = [call for call in rows if wanted(call, params, since, until)][: params["limit"]]
        result = {
            "calls": found,
            "totals": totals(found),
            "source": source,
            "cut_short": len(rows) >= params["limit"],
            "pbx": {"release": str(connection.release)},
        }
    return Outcome(False, result)


def moment(text: str, option: str, now: datetime.datetime) -> datetime.datetime:
    """A time in UTC from ISO 8601 or from hours and days back (24h, 7d). Raises HardeningError."""
    back = PERIOD.match(text)
    if back:
        return now - datetime.timedelta(**{"hours" if back[2] == "h" else "days": int(back[1])})
    try:
        found = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise HardeningError(
            f"{option}: {text!r} is neither a time such as 2026-11-23T08:00:00+00:00 nor a period such as 24h or 7d."
        ) from None
    if found.tzinfo is None:
        raise HardeningError(f"{option}: {text!r} lacks its time zone, such as Z or +01:00.")
    return found.astimezone(datetime.UTC)


def _source(asked: str, release: Release) -> str:
    if asked != "auto":
        return asked
    return "call_log" if release.version >= CALL_LOG_SINCE else "call_history_view"


def _log(
    connection: Connection, since: datetime.datetime, until: datetime.datetime, limit: int
) -> list[dict[str, Any]]:
    # The meaning of the numbered choices is not published; 0 is taken for "all" [I], and the rest is chosen here.
    arguments = {
        "periodFrom": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "periodTo": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sourceType": "0",
        "sourceFilter": "''",
        "destinationType": "0",
        "destinationFilter": "''",
        "callsType": "0",
        "callTimeFilterType": "0",
        "callTimeFilterFrom": "''",
        "callTimeFilterTo": "''",
        "hidePcalls": "false",
    }
    path = raw("/ReportCallLogData/Pbx.GetCallLogData", arguments)
    # Some builds answer an empty set when they are asked to count (3cx.md a.1).
    rows = connection.pages(path, selecting(LOG_FIELDS), limit=limit, count=False)
    return [
        {
            "id": str(row.get("CallId") or ""),
            "started": row.get("StartTime"),
            "from": row.get("SourceDn") or row.get("SourceCallerId") or "",
            "from_name": row.get("SourceDisplayName") or "",
            "to": row.get("DestinationCallerId") or row.get("DestinationDn") or "",
            "to_name": row.get("DestinationDisplayName") or "",
            "direction": direction(str(row.get("SourceCallerId") or ""), str(row.get("DestinationCallerId") or "")),
            "answered": bool(row.get("Answered")),
            "talking_seconds": seconds(row.get("TalkingDuration")),
            "ringing_seconds": seconds(row.get("RingingDuration")),
            "cost": row.get("CallCost"),
            "reason": row.get("Reason") or "",
        }
        for row in rows
    ]


def _view(connection: Connection, since: datetime.datetime, limit: int) -> list[dict[str, Any]]:
    # A comparison of the time itself is answered with 500; of its date it works (3cx.md a.1).
    query = {**selecting(VIEW_FIELDS), "$filter": f"date(SegmentStartTime) ge {since.date().isoformat()}"}
    rows = connection.pages("/CallHistoryView", query, limit=limit)
    return [
        {
            "id": str(row.get("SegmentId") or ""),
            "started": row.get("SegmentStartTime"),
            "from": row.get("SrcDn") or row.get("SrcCallerNumber") or "",
            "from_name": row.get("SrcDisplayName") or "",
            "to": row.get("DstCallerNumber") or row.get("DstDn") or "",
            "to_name": row.get("DstDisplayName") or "",
            "direction": "outbound"
            if row.get("DstExternal")
            else ("inbound" if row.get("SrcExternal") else "internal"),
            "answered": bool(row.get("CallAnswered")),
            "talking_seconds": seconds(row.get("CallTime")),
            "ringing_seconds": None,
            "cost": None,
            "reason": "",
        }
        for row in rows
    ]


def _view_direction(row: Mapping[str, Any]) -> str:
    if row.get("DstExternal"):
        return "outbound"
    return "inbound" if row.get("SrcExternal") else "internal"


def direction(source: str, destination: str) -> str:
    """From the numbers alone: what is as long as a telephone number is outside."""
    if len(re.sub(r"\D", "", destination)) >= SHORTEST_OUTSIDE:
        return "outbound"
    return "inbound" if len(re.sub(r"\D", "", source)) >= SHORTEST_OUTSIDE else "internal"


def seconds(text: Any) -> float | None:
    """An ISO 8601 duration (PT1M5S) in seconds; None for what is none."""
    match = DURATION.match(str(text or ""))
    if not match or not text:
        return None
    days, hours, minutes, rest = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def wanted(
    call: Mapping[str, Any], params: Mapping[str, Any], since: datetime.datetime, until: datetime.datetime
) -> bool:
    """Whether a call is in the period and as chosen."""
    started = parse_time(call["started"])
    if started is None:
        return False
    digits = re.sub(r"\D", "", str(call["to"]))
    prefix = re.sub(r"\D", "", params["destination_prefix"] or "")
    return (
        since <= started <= until
        and params["extension"] in (None, call["from"], call["to"])
        and params["direction"] in ("any", call["direction"])
        and (not prefix or digits.startswith(prefix) or digits.removeprefix("00").startswith(prefix))
    )


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


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=always_needed)
