# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pin_list/*: passwords of outbound routes."""

from __future__ import annotations

from typing import ClassVar

from lab.yeastar.fields import Field, switch, text
from lab.yeastar.site import Row
from lab.yeastar.table import Table


class PinLists(Table):
    """The endpoints of the family."""

    family = "pin_list"
    kind = "pin_lists"
    fields: ClassVar = {
        "name": Field(text(1, 127), required=True),
        "pin_list": Field(text(1, 10000, "[0-9]+(?:,[0-9]+)*"), required=True),
        "enb_record_cdr": Field(switch),
    }
    defaults: ClassVar = {"name": "", "pin_list": "", "enb_record_cdr": 0}

    def is_used(self, row: Row) -> bool:
        """By a route that asks for its PINs."""
        routes = self.site.state["outbound_routes"]
        return any(route["pin_protect"] == "pin_list" and route["pin_list"] == row["id"] for route in routes)
