# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of yeastar_call_history: calls of a period, in one form for both versions of the P-Series' call records."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    HardeningError,
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
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import UNKNOWN_ENDPOINT, Refused
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.firmware import Firmware, parse_firmware
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.p_client import PSeries, p_series

ARGUMENT_SPEC: dict[str, Any] = {
    "series": {"type": "str", "choices": ["p", "s"], "default": "p"},
    **PERIOD_OPTIONS,
    "source": {"type": "str", "choices": ["auto", "v1", "v2"], "default": "auto"},
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
V1, V2 = "v1", "v2"
VERSIONS = {V1: "v1.0", V2: "v2.0"}
PERIOD_NAMES = {V1: ("start_time", "end_time"), V2: ("time_begin", "time_end")}
"""yeastar.md a.12. Seconds since 1970 are documented for the first version, and inferred for the second."""
V2_SINCE = (21, 0, 117)
"""Of the second to fourth number of the firmware (yeastar.md g 7)."""
NO_SEARCH = frozenset({UNKNOWN_ENDPOINT, 40002})
"""The endpoint is not there, or it refuses how the period is given."""
NOT_THIS_VERSION = frozenset({-2, -1, 10002, 10003, *NO_SEARCH})
"""Version 2 was seen to fail with -2 on 37.23.0.83 (yeastar.md b)."""
NEWEST_FIRST = {"sort_by": "time", "order_by": "desc"}
PARTY = re.compile(r"\A\s*(.*?)\s*<([^<>]*)>\s*\Z", re.DOTALL)
DIRECTIONS = ("outbound", "inbound", "internal")
ANSWERED = "ANSWERED"
S_SERIES_CANNOT = (
    "series: the S-Series' API has no list of calls that this module could read; its web page shows them under CDR and "
    "Recordings."
)
NO_TIMES = (
    "these call records have no definite time (no timestamp, and a time without its zone), so the PBX selected the "
    "calls of the period, started is null and time is as the PBX shows it"
)
WHOLE_DURATION = "these call records have the whole duration only, so talking_seconds includes the ringing"
Call = dict[str, Any]


class NoTimes(HardeningError):
    """Calls that the PBX did not choose by time, and that have none."""


@dataclass
class Found:
    """What was read from one source."""

    source: str
    calls: list[Call]
    notes: list[str] = field(default_factory=list)

    @property
    def has_times(self) -> bool:
        """Whether every call has a certain time."""
        return all(call["started"] for call in self.calls)


def run(params: Params, context: RunContext) -> Outcome:
    """Read, bring into one form, choose, count."""
    if params["series"] == "s":
        raise HardeningError(S_SERIES_CANNOT)
    since, until = period(params)
    with p_series(params, context) as pbx:
        firmware = parse_firmware(pbx.get("system/information"))
        found = _read(pbx, firmware, params["source"], since, until, params["limit"])
        requests = pbx.counts
    calls = [call for call in found.calls if _in_period(call, since, until) and chosen(call, params)]
    result = {
        "calls": calls,
        "totals": totals(calls),
        "source": found.source,
        "cut_short": _cut_short(found.calls, params["limit"], since),
        "notes": found.notes,
        "pbx": firmware.facts,
        "requests": requests,
    }
    return Outcome(False, result)


def _read(
    pbx: PSeries, firmware: Firmware, asked: str, since: datetime.datetime, until: datetime.datetime, limit: int
) -> Found:
    if asked != "auto":
        return _from(pbx, asked, since, until, limit)
    if firmware.numbers[1:] < V2_SINCE:
        return _from(pbx, V1, since, until, limit)
    try:
        newer = _from(pbx, V2, since, until, limit)
    except (NoTimes, Refused) as error:
        if isinstance(error, Refused) and error.code not in NOT_THIS_VERSION:
            raise
        older = _from(pbx, V1, since, until, limit)
        older.notes.insert(0, f"version 1 was read, because version 2 could not be: {error.message}")
        return older
    if newer.has_times:
        return newer
    # What is documented of a row of version 2 has no timestamp. Version 1 has, but may lack newer calls [I].
    try:
        older = _from(pbx, V1, since, until, limit)
    except NoTimes:
        return newer
    except Refused as error:
        if error.code not in NOT_THIS_VERSION:
            raise
        return newer
    return older if older.has_times and len(older.calls) >= len(newer.calls) else newer


def _from(pbx: PSeries, source: str, since: datetime.datetime, until: datetime.datetime, limit: int) -> Found:
    first, last = PERIOD_NAMES[source]
    asked: dict[str, str | int] = {first: int(since.timestamp()), last: int(until.timestamp()), **NEWEST_FIRST}
    searched = True
    try:
        rows = pbx.rows("cdr/search", asked, limit=limit, version=VERSIONS[source])
    except Refused as error:
        if error.code not in NO_SEARCH:
            raise
        rows = pbx.rows("cdr/list", NEWEST_FIRST, limit=limit, version=VERSIONS[source])
        searched = False
    found = Found(source, [parse_call(row) for row in rows])
    if not found.has_times:
        if not searched:
            raise NoTimes(
                f"source: {source} cannot be searched on this PBX, and its calls have no time that is certain, so "
                "those of the period cannot be selected. Use another source."
            )
        found.notes.append(NO_TIMES)
    if any("talk_duration" not in row for row in rows):
        found.notes.append(WHOLE_DURATION)
    return found


@reading()
def parse_call(row: Json) -> Call:
    """A row of either version in the form that all families share, and ``time`` as the PBX shows it."""
    source, source_name = party(row.get("call_from"))
    target, target_name = party(row.get("call_to"))
    told = str(row.get("call_type") or "").casefold()
    started = when(row)
    answered = str(row.get("disposition") or row.get("last_status") or "").upper() == ANSWERED
    talking = _number(row.get("talk_duration"))
    if talking is None:
        talking = _number(row.get("call_duration")) if answered else 0.0
    return {
        "id": str(row.get("id") or ""),
        "started": started.isoformat().replace("+00:00", "Z") if started else None,
        "time": str(row.get("time") or ""),
        "from": source,
        "from_name": source_name,
        "to": target,
        "to_name": target_name,
        "direction": told if told in DIRECTIONS else direction(source, target),
        "answered": answered,
        "talking_seconds": talking,
        "ringing_seconds": _number(row.get("ring_duration")),
        "cost": None,
        "reason": str(row.get("reason") or ""),
    }


def party(text: Any) -> tuple[str, str]:
    """Number and name of ``Anna<1001>``; of a number alone the name is empty."""
    match = PARTY.match(str(text or ""))
    return (match[2].strip(), match[1]) if match else (str(text or "").strip(), "")


def when(row: Json) -> datetime.datetime | None:
    """In UTC; None where the row does not say it for certain: a time of the PBX's own zone and form is no help."""
    stamp = _number(row.get("timestamp"))
    if stamp:
        try:
            return datetime.datetime.fromtimestamp(stamp, datetime.UTC)
        except (OverflowError, ValueError, OSError):
            return None
    try:
        found = datetime.datetime.fromisoformat(str(row.get("time") or ""))
    except ValueError:
        return None
    return found.astimezone(datetime.UTC) if found.tzinfo else None


def _number(value: Any) -> float | None:
    """A PBX may give numbers as text."""
    try:
        return None if isinstance(value, bool) or value in (None, "") else float(value)
    except (TypeError, ValueError):
        return None


def _in_period(call: Mapping[str, Any], since: datetime.datetime, until: datetime.datetime) -> bool:
    """A call without a time was chosen by the PBX."""
    if not call["started"]:
        return True
    return since <= datetime.datetime.fromisoformat(call["started"]) <= until


def _cut_short(calls: Iterable[Call], limit: int, since: datetime.datetime) -> bool:
    """Whether there may be more: as many rows as may be read, and none of them from before the period."""
    every = list(calls)
    return len(every) >= limit and all(
        not call["started"] or datetime.datetime.fromisoformat(call["started"]) >= since for call in every
    )


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=always_needed)
