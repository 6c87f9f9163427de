# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cdr/* of both versions (yeastar.md a.12)."""

from __future__ import annotations

import copy
import datetime as dt

from lab.yeastar.fixtures import TIME_FORMAT
from lab.yeastar.replies import PARAMETER, ApiError
from lab.yeastar.site import MOST, Handler, Request, Row, Site, paged

KIND = "cdr"


class Calls:
    """The call history."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.endpoints: dict[tuple[str, str], Handler] = {
            ("GET", "list"): lambda request: self._listed(site.state[KIND], request),
            ("GET", "search"): lambda request: self._listed(self._found(request, "start_time", "end_time"), request),
        }
        self.endpoints_v2: dict[tuple[str, str], Handler] = {
            ("GET", "list"): lambda request: self._listed([_row_v2(row) for row in site.state[KIND]], request),
            ("GET", "search"): lambda request: self._listed(
                [_row_v2(row) for row in self._found(request, "time_begin", "time_end")], request
            ),
        }

    def _listed(self, rows: list[Row], request: Request) -> Row:
        if request.query.get("from", "new") not in ("new", "legacy"):
            raise ApiError(PARAMETER)
        sortable = sorted({name for row in self.site.state[KIND] for name in row})
        return copy.deepcopy(paged(rows, request.query, sortable, MOST))

    def _found(self, request: Request, first: str, last: str) -> list[Row]:
        since, until = _moment(request.query.get(first)), _moment(request.query.get(last))
        return [
            row
            for row in self.site.state[KIND]
            if (since is None or row["timestamp"] >= since)
            and (until is None or row["timestamp"] <= until)
            and all(request.query.get(name, "") in row[name] for name in ("call_from", "call_to"))
        ]


def _moment(text: str | None) -> int | None:
    """Seconds since 1970, or date and time as the PBX shows them."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        return int(dt.datetime.strptime(text, TIME_FORMAT).replace(tzinfo=dt.UTC).timestamp())
    except ValueError:
        raise ApiError(PARAMETER) from None


def _row_v2(row: Row) -> Row:
    return {
        **{name: row[name] for name in ("id", "uid", "time", "call_from", "call_to", "call_type")},
        "last_status": row["disposition"],
        "call_duration": row["duration"],
    }
