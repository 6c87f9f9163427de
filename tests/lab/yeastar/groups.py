# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""extension_group/* and organization/*: only id and name are documented; members is assumed [I]."""

from __future__ import annotations

from typing import ClassVar

from lab.yeastar.fields import Field, list_of, text, whole
from lab.yeastar.routes import refers
from lab.yeastar.site import Row
from lab.yeastar.table import Table


class Groups(Table):
    """The endpoints of the family."""

    family = "extension_group"
    kind = "extension_groups"
    fields: ClassVar = {"name": Field(text(1, 63), required=True), "members": Field(list_of(whole(1)))}
    defaults: ClassVar = {"name": "", "members": []}

    def valid(self, row: Row) -> None:
        """Members exist."""
        for member in row["members"]:
            self.site.find("extensions", member)

    def is_used(self, row: Row) -> bool:
        """By an outbound route."""
        return refers(self.site, "ext_group", row["id"])


class Organizations(Table):
    """The endpoints of the family."""

    family = "organization"
    kind = "organizations"
    fields: ClassVar = {"name": Field(text(1, 63), required=True)}
    defaults: ClassVar = {"name": ""}

    def is_used(self, row: Row) -> bool:
        """By an outbound route."""
        return refers(self.site, "organization", row["id"])
