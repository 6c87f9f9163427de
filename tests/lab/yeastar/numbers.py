# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""block_numbers/* and allow_numbers/* (yeastar.md a.7)."""

from __future__ import annotations

from typing import ClassVar

from lab.yeastar.fields import Field, one_of, text
from lab.yeastar.replies import PARAMETER, ApiError
from lab.yeastar.site import Row, Site
from lab.yeastar.table import Table

_PART = r"[0-9A-Za-z\[\]*#().+!-]+"


class Numbers(Table):
    """The endpoints of one of the families; allow_numbers are assumed to be alike [I]."""

    fields: ClassVar = {
        "name": Field(text(1, 127), required=True),
        "limit_type": Field(one_of("inbound", "outbound", "both"), required=True),
        "number_list": Field(text(1, 100000, rf"{_PART}(?:&{_PART})*"), required=True),
    }

    def __init__(self, site: Site, family: str) -> None:
        self.family = self.kind = family
        super().__init__(site)

    @property
    def most(self) -> int:
        """256 lists of 100 numbers; a P570 has 512 of 200 [D]. Other editions are taken for the smaller [I]."""
        return 512 if self.site.model == "P570" else 256

    def valid(self, row: Row) -> None:
        """Too long a list is 40002 [I]."""
        if len(row["number_list"].split("&")) > (200 if self.site.model == "P570" else 100):
            raise ApiError(PARAMETER)
