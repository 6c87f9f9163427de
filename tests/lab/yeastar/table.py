# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Families of endpoints that are no more than a table: list, search, get, query, create, update and delete."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import ClassVar

from lab.yeastar.extensions import ID
from lab.yeastar.fields import Field, checked
from lab.yeastar.replies import DUPLICATE, LIMIT, PARAMETER, REFERENCED, ApiError
from lab.yeastar.site import Handler, Request, Row, Site, paged, searched


class Table:
    """Rows are shown as they are kept."""

    family = ""
    kind = ""
    fields: ClassVar[Mapping[str, Field]] = {}
    defaults: ClassVar[Row] = {}
    sortable: ClassVar[Sequence[str]] = ("id", "name")

    def __init__(self, site: Site) -> None:
        self.site = site
        self.endpoints: dict[tuple[str, str], Handler] = {
            ("GET", "list"): lambda request: self._listed(self.rows, request),
            ("GET", "search"): lambda request: self._listed(searched(self.rows, request.query, ["name"]), request),
            ("GET", "get"): lambda request: {"data": copy.deepcopy(site.get(self.kind, request.query))},
            ("GET", "query"): lambda request: {"data": copy.deepcopy(site.query(self.kind, request.query))},
            ("POST", "create"): self._create,
            ("POST", "update"): self._update,
            ("GET", "delete"): self._delete,
        }

    @property
    def rows(self) -> list[Row]:
        """All of them."""
        return self.site.state[self.kind]

    @property
    def most(self) -> int:
        """How many there may be."""
        return 10000

    def valid(self, row: Row) -> None:
        """Rules beyond types."""

    def is_used(self, row: Row) -> bool:
        """Whether something refers to it."""
        return False

    def brief(self, row: Row) -> Row:
        """As a list shows it."""
        return row

    def _listed(self, rows: Sequence[Row], request: Request) -> Row:
        return copy.deepcopy(paged([self.brief(row) for row in rows], request.query, self.sortable))

    def _create(self, request: Request) -> Row:
        body = checked(request.body, self.fields)
        row = {"id": 0} | copy.deepcopy(self.defaults) | copy.deepcopy(body)
        self._fits(row)
        if len(self.rows) >= self.most:
            raise ApiError(LIMIT)
        row["id"] = self.site.new_id(self.kind)
        self.rows.append(row)
        return {"id": row["id"]}

    def _update(self, request: Request) -> Row:
        body = checked(request.body, {**self.fields, "id": ID}, partial=True)
        if "id" not in body:
            raise ApiError(PARAMETER)
        row = self.site.find(self.kind, body.pop("id"))
        self._fits(row | body)
        self.site.change(self.family, row, copy.deepcopy(body))
        return {}

    def _delete(self, request: Request) -> Row:
        row = self.site.get(self.kind, request.query)
        if self.is_used(row):
            raise ApiError(REFERENCED)
        self.site.delete(self.kind, row)
        return {}

    def _fits(self, row: Row) -> None:
        self.valid(row)
        if any(other["name"] == row["name"] and other["id"] != row["id"] for other in self.rows):
            raise ApiError(DUPLICATE)
