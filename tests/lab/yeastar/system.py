# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""system/*, system_log/*, backup/* and webhook/*."""

from __future__ import annotations

import copy
from typing import ClassVar

from lab.yeastar.fields import Field, checked, switch, text
from lab.yeastar.fixtures import TIME_FORMAT
from lab.yeastar.site import Handler, Request, Row, Site, paged
from lab.yeastar.table import Table


class System:
    """system/information (yeastar.md a.9) and sendemail."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.started = site.time()
        self.endpoints: dict[tuple[str, str], Handler] = {
            ("GET", "information"): self._information,
            # Its body is not documented: anything is taken [I].
            ("POST", "sendemail"): lambda request: {},
        }

    def _information(self, request: Request) -> Row:
        now = self.site.time()
        return {
            "data": {
                "device_name": "pbx",
                "model_name": self.site.model,
                "sn": self.site.serial,
                "firmware_version": self.site.firmware.text,
                "system_time": now.strftime(TIME_FORMAT),
                "up_time": 86400 + int((now - self.started).total_seconds()),
                "system_date_format": "YYYY/MM/DD",
                "system_time_format": "HH:mm:ss",
                "timestamp": int(now.timestamp()),
            }
        }


class SystemLog:
    """Fields are not documented: those of events are shown [I]."""

    def __init__(self, site: Site) -> None:
        self.endpoints: dict[tuple[str, str], Handler] = {
            ("GET", "list"): lambda request: copy.deepcopy(paged(site.state["system_log"], request.query, ["id"])),
        }


class Backups(Table):
    """Fields are not documented [I]; a backup is made at once."""

    family = "backup"
    kind = "backups"
    fields: ClassVar = {"name": Field(text(1, 127))}
    defaults: ClassVar = {"name": ""}

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        for absent in (("GET", "search"), ("GET", "query"), ("POST", "update")):
            del self.endpoints[absent]
        self.endpoints["POST", "create"] = self._make

    def _make(self, request: Request) -> Row:
        row = checked(request.body, self.fields)
        now = self.site.time()
        made = now.strftime(TIME_FORMAT)
        new_id = self.site.new_id(self.kind)
        self.rows.append({"id": new_id, "name": row.get("name", f"backup-{new_id}"), "create_time": made})
        return {"id": new_id}


class Webhook:
    """Keys are not documented [I]."""

    def __init__(self) -> None:
        self.row: Row = {"enable": 0, "url": ""}
        self.endpoints: dict[tuple[str, str], Handler] = {
            ("GET", "query"): lambda request: {"data": dict(self.row)},
            ("POST", "update"): self._update,
        }

    def _update(self, request: Request) -> Row:
        self.row |= checked(request.body, {"enable": Field(switch), "url": Field(text())}, partial=True)
        return {}
