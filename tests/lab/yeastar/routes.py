# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""outbound_route/* (yeastar.md a.6)."""

from __future__ import annotations

import copy
from typing import Any

from lab.yeastar.extensions import ID, caller_id_name
from lab.yeastar.extensions import KIND as EXTENSIONS
from lab.yeastar.fields import Field, checked, list_of, one_of, record, text, whole
from lab.yeastar.replies import DUPLICATE, PARAMETER, ApiError
from lab.yeastar.site import Handler, Request, Row, Site, paged, searched

KIND = "outbound_routes"
HOLDERS = {"extension": EXTENSIONS, "ext_group": "extension_groups", "organization": "organizations"}
SORTABLE = ("id", "pos", "name", "outb_cid")

_PATTERN = record(
    {
        "id": Field(whole(0)),
        "pattern": Field(text(1, 127, r"[0-9A-Za-z\[\]*#+.!-]+"), required=True),
        "strip": Field(whole(0, 127)),
        "prepend": Field(text(0, 127, r"[0-9A-Za-z*#+]*")),
    }
)
_TRUNK = record({"id": ID, "name": Field(text()), "type": Field(text())})
_HOLDER = record(
    {
        "id": ID,
        "ext_number": Field(text()),
        "ext_name": Field(text()),
        "type": Field(one_of(*HOLDERS), required=True),
    }
)
FIELDS = {
    # Without spaces and special characters; which these are is not said [I].
    "name": Field(text(1, 63, r"[\w-]+"), required=True),
    "outbound_cid": Field(text(0, 31)),
    "dial_pattern_list": Field(list_of(_PATTERN)),
    "trunk_list": Field(list_of(_TRUNK)),
    "ext_list": Field(list_of(_HOLDER)),
    "pin_protect": Field(one_of("disable", "single_pin", "pin_list"), required=True),
    "pin": Field(text(0, 31, "[0-9]*")),
    "pin_list": Field(whole(0)),
}


class Routes:
    """The endpoints of the family. There is none that orders routes: new ones are the last (a.6 [I])."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.endpoints: dict[tuple[str, str], Handler] = {
            ("GET", "list"): lambda request: self._listed(site.state[KIND], request),
            ("GET", "search"): lambda request: self._listed(
                searched(site.state[KIND], request.query, ["name"]), request
            ),
            ("GET", "get"): lambda request: {"data": self._details(site.get(KIND, request.query))},
            ("GET", "query"): lambda request: {"data": [self._details(row) for row in site.query(KIND, request.query)]},
            ("POST", "create"): self._create,
            ("POST", "update"): self._update,
            ("GET", "delete"): self._delete,
        }

    def _listed(self, rows: list[Row], request: Request) -> Row:
        brief = [
            {
                "id": row["id"],
                "name": row["name"],
                "dial_pattern": [item["pattern"] for item in row["dial_pattern_list"]],
                "trunk": [{"id": item["id"], "name": item["name"]} for item in self._details(row)["trunk_list"]],
                "pos": row["pos"],
                "outb_cid": row["outbound_cid"],
            }
            for row in sorted(rows, key=lambda row: int(row["pos"]))
        ]
        found = paged(brief, request.query, SORTABLE)
        for row in found["data"]:
            del row["outb_cid"]
        return found | {"last_pos": max((row["pos"] for row in self.site.state[KIND]), default=0)}

    def _search(self, request: Request) -> Row:
        return self._listed(searched(self.site.state[KIND], request.query, ["name"]), request)

    def _details(self, row: Row) -> Row:
        """Names of what is referred to are those of now."""
        shown = copy.deepcopy(row)
        shown["trunk_list"] = [self._trunk(item["id"]) for item in row["trunk_list"]]
        shown["ext_list"] = [self._holder(item["type"], item["id"]) for item in row["ext_list"]]
        return shown

    def _trunk(self, wanted: int) -> Row:
        trunk = self.site.find("trunks", wanted)
        return {"id": trunk["id"], "name": trunk["name"], "type": trunk["type"]}

    def _holder(self, kind: str, wanted: int) -> Row:
        found = self.site.find(HOLDERS[kind], wanted)
        if kind == "extension":
            number, name = found["number"], caller_id_name(found)
        else:
            number, name = "", found["name"]
        return {"id": wanted, "ext_number": number, "ext_name": name, "type": kind}

    def _create(self, request: Request) -> Row:
        body = checked(request.body, FIELDS)
        row = self._complete(
            {
                "id": 0,
                "outbound_cid": "",
                "dial_pattern_list": [],
                "trunk_list": [],
                "ext_list": [],
                "pos": max((other["pos"] for other in self.site.state[KIND]), default=0) + 1,
                "pin": "",
                "pin_list": 0,
            }
            | body,
            body,
        )
        row["id"] = self.site.new_id(KIND)
        self.site.state[KIND].append(row)
        return {"id": row["id"]}

    def _update(self, request: Request) -> Row:
        # "New dial patterns replace the old ones" [D]; so do the other arrays [I].
        body = checked(request.body, FIELDS | {"id": ID}, partial=True)
        if "id" not in body:
            raise ApiError(PARAMETER)
        row = self.site.find(KIND, body.pop("id"))
        new = self._complete(row | body, body)
        self.site.change("outbound_route", row, {name: new[name] for name in body})
        return {}

    def _complete(self, row: Row, changes: Row) -> Row:
        """Refuse what does not fit together, fill in what was left out."""
        row = copy.deepcopy(row)
        others = [other for other in self.site.state[KIND] if other["id"] != row["id"]]
        if "name" in changes and any(other["name"] == row["name"] for other in others):
            raise ApiError(DUPLICATE)
        if row["pin_protect"] == "single_pin" and not row["pin"]:
            raise ApiError(PARAMETER)
        if row["pin_protect"] == "pin_list":
            if not row["pin_list"]:
                raise ApiError(PARAMETER)
            self.site.find("pin_lists", row["pin_list"])
        if "trunk_list" in changes:
            row["trunk_list"] = [self._trunk(item["id"]) for item in row["trunk_list"]]
        if "ext_list" in changes:
            row["ext_list"] = [self._holder(item["type"], item["id"]) for item in row["ext_list"]]
        if "dial_pattern_list" in changes:
            row["dial_pattern_list"] = [
                {
                    "id": place,
                    "pattern": item["pattern"],
                    "strip": item.get("strip", 0),
                    "prepend": item.get("prepend", ""),
                }
                for place, item in enumerate(row["dial_pattern_list"], 1)
            ]
        return row

    def _delete(self, request: Request) -> Row:
        row = self.site.get(KIND, request.query)
        self.site.delete(KIND, row)
        for other in self.site.state[KIND]:
            if other["pos"] > row["pos"]:
                other["pos"] -= 1
        return {}


def refers(site: Site, kind: str, wanted: int) -> bool:
    """Whether a route names this extension, ext_group or organization."""
    return any(
        item["type"] == kind and item["id"] == wanted for route in site.state[KIND] for item in route["ext_list"]
    )


def holds(site: Site, route: Row, extension: Row) -> bool:
    """Whether an extension may use a route: by itself, its group or its organization."""
    own: set[Any] = {item.get("id") for item in extension["organization_list"]}
    for item in route["ext_list"]:
        if item["type"] == "extension" and item["id"] == extension["id"]:
            return True
        if item["type"] == "organization" and item["id"] in own:
            return True
        if item["type"] == "ext_group" and extension["id"] in site.find("extension_groups", item["id"])["members"]:
            return True
    return False
