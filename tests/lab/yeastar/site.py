# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all endpoints share: the PBX's data and how rows are found, sorted and paged (yeastar.md a.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.yeastar.faults import PSeriesFaults
from lab.yeastar.profiles import Firmware
from lab.yeastar.replies import NOT_FOUND, PARAMETER, ApiError

Row = dict[str, Any]
PAGE_SIZE = 20
"""The default is not documented; that of the documented example [I]."""
MOST = 10000
"""Documented for CDRs only; assumed for all [I]."""


@dataclass(frozen=True)
class Request:
    """What an endpoint is given."""

    query: Mapping[str, str]
    body: Any


Handler = Callable[[Request], dict[str, Any]]
"""Answers what goes beside errcode and errmsg; an errcode in it replaces 0."""


@dataclass
class Site:
    """The data of one PBX."""

    state: dict[str, list[Row]]
    firmware: Firmware
    model: str
    serial: str
    restriction_lists: bool
    time: Callable[[], dt.datetime]
    faults: Callable[[], PSeriesFaults]
    registration_survives: Callable[[], bool]
    to_reprovision: list[str] = field(default_factory=list)
    """Phones told to fetch their configuration by the request at work."""
    changed_registrations: list[Row] = field(default_factory=list)
    """Extensions whose registration ended by the request at work."""
    _highest: dict[str, int] = field(default_factory=dict)

    def new_id(self, kind: str) -> int:
        """Ids are not used twice."""
        used = max((row["id"] for row in self.state[kind]), default=0)
        self._highest[kind] = max(used, self._highest.get(kind, 0)) + 1
        return self._highest[kind]

    def find(self, kind: str, wanted: Any) -> Row:
        """The row of this id; 60001 if there is none."""
        for row in self.state[kind]:
            if row["id"] == wanted:
                return row
        raise ApiError(NOT_FOUND)

    def get(self, kind: str, query: Mapping[str, str]) -> Row:
        """The row that ?id= names."""
        return self.find(kind, number(query, "id"))

    def query(self, kind: str, query: Mapping[str, str]) -> list[Row]:
        """The rows that ?ids=1,2 names; one that does not exist is 60001 [I]."""
        parts = query.get("ids", "").split(",")
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ApiError(PARAMETER)
        return [self.find(kind, int(part)) for part in parts]

    def delete(self, kind: str, row: Row) -> None:
        """Forget a row, but not its id."""
        self._highest[kind] = max(self._highest.get(kind, 0), *(each["id"] for each in self.state[kind]))
        self.state[kind].remove(row)

    def change(self, family: str, row: Row, changes: Mapping[str, Any]) -> set[str]:
        """Write what is not ignored by a fault; names of what differs now."""
        ignored = self.faults().ignored_writes
        differs = set()
        for name, value in changes.items():
            if f"{family}.{name}" in ignored:
                continue
            if row.get(name) != value:
                differs.add(name)
            row[name] = value
        return differs


def number(query: Mapping[str, str], name: str) -> int:
    """A parameter that is an integer."""
    value = query.get(name, "")
    if not (value.isascii() and value.isdigit()):
        raise ApiError(PARAMETER)
    return int(value)


def paged(rows: Sequence[Row], query: Mapping[str, str], sortable: Sequence[str], size: int = PAGE_SIZE) -> Row:
    """total_number and data of a list; sort_by takes the documented names only."""
    found = list(rows)
    order = query.get("order_by", "asc")
    if order not in ("asc", "desc"):
        raise ApiError(PARAMETER)
    if "sort_by" in query:
        key = query["sort_by"]
        if key not in sortable:
            raise ApiError(PARAMETER)
        found.sort(key=lambda row: _order(row.get(key)))
    if order == "desc":
        found.reverse()
    page = number(query, "page") if "page" in query else 1
    length = number(query, "page_size") if "page_size" in query else size
    if page < 1 or not 1 <= length <= MOST:
        raise ApiError(PARAMETER)
    start = (page - 1) * length
    return {"total_number": len(found), "data": found[start : start + length]}


def searched(rows: Sequence[Row], query: Mapping[str, str], names: Sequence[str]) -> list[Row]:
    """search_value is looked for in some columns, whatever the case [I]; without it all are found [S]."""
    wanted = query.get("search_value", "").casefold()
    return [row for row in rows if any(wanted in str(row.get(name, "")).casefold() for name in names)]


def _order(value: Any) -> tuple[bool, int, str]:
    if isinstance(value, int):
        return (False, value, "")
    return (True, 0, str(value).casefold())
