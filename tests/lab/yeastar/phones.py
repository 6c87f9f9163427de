# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""phone/* (yeastar.md a.8)."""

from __future__ import annotations

import re
from collections.abc import Callable

from lab.yeastar.extensions import caller_id_name
from lab.yeastar.fields import Field, checked, list_of, one_of, record, switch, text, whole
from lab.yeastar.replies import DUPLICATE, NOT_FOUND, PARAMETER, PARTIAL, ApiError
from lab.yeastar.site import Handler, Request, Row, Site, paged, searched

KIND = "phones"
METHODS = ("pnp", "dhcp", "rps", "rps_fqdn")
UNASSIGNED = "Unassigned"

_SETTINGS = {
    "template_name": Field(text(1, 127), required=True),
    "provisioning_method": Field(one_of(*METHODS), required=True),
    "enb_rps_auth": Field(switch),
}
_NEW = {
    "mac": Field(text(12, 17, "(?i)[0-9a-f]{2}(?:[:-]?[0-9a-f]{2}){5}"), required=True),
    "ext_id": Field(whole(1)),
}
_CREATE = {
    "vendor": Field(text(1), required=True),
    "model": Field(text(1), required=True),
    **_SETTINGS,
    "phone_list": Field(list_of(record(_NEW), least=1), required=True),
}
_IDS = {"batch_id_list": Field(list_of(whole(1), least=1), required=True)}
_ROW = (
    "id",
    "mac",
    "vendor",
    "model",
    "template_name",
    "ip",
    "firmware",
    "assigned_ext_status",
    "assigned_ext_num",
    "assigned_ext_name",
    "rps_pin",
)
_DETAILS = (
    "mac",
    "vendor",
    "model",
    "template_name",
    "provisioning_method",
    "provisioning_link",
    "enb_rps_auth",
    "assigned_extension",
    "id",
    "rps_pin",
)


class Phones:
    """The endpoints of the family."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.endpoints: dict[tuple[str, str], Handler] = {
            ("GET", "search"): self._search,
            ("GET", "get"): self._get,
            ("POST", "batchcreate"): self._create,
            ("POST", "batchupdate"): self._update,
            ("POST", "batchreprovision"): lambda request: self._each(request, self._reprovision),
            ("POST", "batchreboot"): lambda request: self._each(request, lambda row: None),
            ("POST", "batchdelete"): lambda request: self._each(request, lambda row: site.delete(KIND, row)),
        }

    def _search(self, request: Request) -> Row:
        rows = [{name: row[name] for name in _ROW} for row in self._current()]
        names = ("mac", "vendor", "model", "ip", "assigned_ext_num", "assigned_ext_name")
        return paged(searched(rows, request.query, names), request.query, ("vendor", "model", "ip"))

    def _get(self, request: Request) -> Row:
        row = self.site.get(KIND, request.query)
        return {"data": {name: row[name] for name in _DETAILS}}

    def _current(self) -> list[Row]:
        """Number and name of the extension are those of now."""
        by_id = {str(row["id"]): row for row in self.site.state["extensions"]}
        for phone in self.site.state[KIND]:
            row = by_id.get(phone["assigned_extension"])
            phone["assigned_ext_num"] = row["number"] if row else UNASSIGNED
            phone["assigned_ext_name"] = caller_id_name(row) if row else UNASSIGNED
        return self.site.state[KIND]

    def _create(self, request: Request) -> Row:
        body = checked(request.body, _CREATE)
        rows = []
        taken = {phone["mac"] for phone in self.site.state[KIND]}
        for item in body.pop("phone_list"):
            digits = re.sub("[^0-9a-f]", "", item["mac"].lower())
            mac = ":".join(digits[place : place + 2] for place in range(0, 12, 2))
            if mac in taken:
                raise ApiError(DUPLICATE)
            taken.add(mac)
            if "ext_id" in item:
                self.site.find("extensions", item["ext_id"])
            rows.append(
                {
                    "mac": mac,
                    "enb_rps_auth": 0,
                    "provisioning_link": f"http://192.168.10.2:7778/api/autoprovision/{digits}",
                    "assigned_extension": str(item.get("ext_id", "")),
                    "ip": "",
                    "firmware": "",
                    "assigned_ext_status": "Unregistered",
                    "rps_pin": "",
                    **body,
                }
            )
        for row in rows:
            self.site.state[KIND].append({"id": self.site.new_id(KIND), **row})
        self._current()
        return {}

    def _update(self, request: Request) -> Row:
        """Its body is not documented: these keys are assumed [I]."""
        body = checked(request.body, _IDS | _SETTINGS, partial=True)
        if "batch_id_list" not in body:
            raise ApiError(PARAMETER)
        changes = {name: value for name, value in body.items() if name != "batch_id_list"}

        def change(row: Row) -> None:
            self.site.change("phone", row, changes)

        return self._done(body["batch_id_list"], change)

    def _reprovision(self, row: Row) -> None:
        self.site.to_reprovision.append(row["mac"])

    def _each(self, request: Request, action: Callable[[Row], None]) -> Row:
        return self._done(checked(request.body, _IDS)["batch_id_list"], action)

    def _done(self, wanted: list[int], action: Callable[[Row], None]) -> Row:
        """None of them known is 60001, some is a partial success [I]."""
        found = [row for row in self.site.state[KIND] if row["id"] in wanted]
        if not found:
            raise ApiError(NOT_FOUND)
        for row in found:
            action(row)
        return {"errcode": PARTIAL} if len(found) < len(set(wanted)) else {}
