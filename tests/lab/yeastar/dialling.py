# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a dialled number goes (yeastar.md a.6, a.7 and d)."""

from __future__ import annotations

import re
from functools import lru_cache

from lab.yeastar.routes import holds
from lab.yeastar.site import Row, Site

_CLASSES = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": ".+", "!": ".*"}


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    out, place = [], 0
    while place < len(pattern):
        end = pattern.find("]", place)
        if pattern[place] == "[" and end > place + 1:
            members = pattern[place + 1 : end].replace("\\", "").replace("^", "")
            out.append(f"[{members}]")
            place = end + 1
            continue
        out.append(_CLASSES.get(pattern[place].upper(), re.escape(pattern[place])))
        place += 1
    return re.compile("".join(out))


def matches(pattern: str, dialled: str) -> bool:
    """X 0-9, Z 1-9, N 2-9, [..] a set, . one or more of anything, ! zero or more."""
    try:
        return bool(_expression(pattern).fullmatch(dialled))
    except re.error:  # [9-1]: matches nothing
        return False


class Dialling:
    """Calls that extensions make."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def dial(self, extension: Row, dialled: str, emergency: list[str]) -> str:
        """trunk:NAME, blocked, no route, barred, or internal. PINs of routes are taken as known."""
        state = self.site.state
        if dialled in emergency:
            # Emergency numbers are handled before anything else [I].
            return "trunk:" + str(next(trunk["name"] for trunk in state["trunks"] if trunk["enable"]))
        if any(row["number"] == dialled for row in state["extensions"]):
            # Blocked numbers do not work for internal extension numbers [D].
            return "internal"
        if extension["disable_outb_call"]:
            return "barred"
        if self._listed("block_numbers", dialled) and not self._listed("allow_numbers", dialled):
            return "blocked"
        for route in sorted(state["outbound_routes"], key=lambda row: int(row["pos"])):
            if not holds(self.site, route, extension):
                continue
            if not any(matches(item["pattern"], dialled) for item in route["dial_pattern_list"]):
                continue
            for item in route["trunk_list"]:
                trunk = self.site.find("trunks", item["id"])
                if trunk["enable"]:
                    return f"trunk:{trunk['name']}"
        return "no route"

    def _listed(self, kind: str, dialled: str) -> bool:
        return any(
            matches(pattern, dialled)
            for row in self.site.state[kind]
            if row["limit_type"] in ("outbound", "both")
            for pattern in row["number_list"].split("&")
        )
