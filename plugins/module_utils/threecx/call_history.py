# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of threecx_call_history: calls of a period, in one form for both sources that releases have."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.calls import (
    PERIOD_OPTIONS,
    chosen,
    direction,
    period,
    totals,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS, always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection, connected
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import Release
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.ip_list import parse_time
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import raw, selecting

ARGUMENT_SPEC: dict[str, Any] = {
    **PERIOD_OPTIONS,
    "source": {"type": "str", "choices": ["auto", "call_log", "call_history_view"], "default": "auto"},
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
CALL_LOG_SINCE = (20, 0, 6)
"""From then on the old view may hold old calls only (threecx.md d, table of V20's updates; reports differ)."""
LOG_FIELDS = (
    *("CallId", "StartTime", "SourceDn", "SourceCallerId", "SourceDisplayName", "DestinationDn", "DestinationCallerId"),
    *("DestinationDisplayName", "Answered", "TalkingDuration", "RingingDuration", "CallCost", "Reason"),
)
VIEW_FIELDS = (
    *("SegmentId", "SegmentStartTime", "SegmentEndTime", "SrcDn", "SrcCallerNumber", "SrcDisplayName", "SrcExternal"),
    *("DstDn", "DstCallerNumber", "DstDisplayName", "DstExternal", "CallAnswered", "CallTime"),
)
DURATION = re.compile(r"\AP(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?\Z")


def run(params: Params, context: RunContext) -> Outcome:
    """Read, bring into one form, choose, count."""
    since, until = period(params)
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
    # Some builds answer an empty set when they are asked to count (threecx.md a.1).
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
    # A comparison of the time itself is answered with 500; of its date it works (threecx.md a.1).
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
    with reading():
        started = parse_time(call["started"])
    return started is not None and since <= started <= until and chosen(call, params)


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=always_needed)
