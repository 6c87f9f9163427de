# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outbound routes as the PBX has them: who may use them, what they send, and who can dial an emergency number. Pure.

Inferred: that a call takes the first route, in the order of the list, that matches the number and that its extension
may use. The order itself and a route's times are on the PBX's web page only (yeastar.md a.6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.patterns import beginning, matches

DISABLE, SINGLE, LIST = "disable", "single_pin", "pin_list"


@dataclass(frozen=True)
class DialPattern:
    """One row of a route's patterns."""

    pattern: str
    strip: int
    prepend: str


@dataclass(frozen=True)
class Member:
    """Who may use a route."""

    kind: str
    key: int
    name: str


@dataclass(frozen=True)
class Route:
    """One outbound route."""

    key: int
    name: str
    position: int
    patterns: tuple[DialPattern, ...]
    trunks: tuple[int, ...]
    members: frozenset[Member]
    pin_protect: str
    pin: Secret | None
    pin_list: int | None

    def matches(self, number: str) -> bool:
        """Whether this number is the route's business, whoever dials it."""
        return any(matches(row.pattern, number) for row in self.patterns)

    def sends(self, number: str) -> str:
        """What goes out for a dialled number that it matches."""
        row = next(row for row in self.patterns if matches(row.pattern, number))
        return row.prepend + number[row.strip :]

    def admits(self, extension: int, groups: Collection[int] | None) -> bool | None:
        """Whether an extension may use it; None where that depends on a group whose members cannot be read."""
        if any(each.kind == "extension" and each.key == extension for each in self.members):
            return True
        others = [each for each in self.members if each.kind != "extension"]
        if groups is not None:
            return any(each.kind == "ext_group" and each.key in groups for each in others)
        return None if others else False


@reading()
def parse_routes(rows: Iterable[Json]) -> list[Route]:
    """Complete entries of outbound_route/get, in the order in which they are tried."""
    found = []
    for row in rows:
        found.append(
            Route(
                int(row["id"]),
                str(row.get("name") or ""),
                int(row.get("pos") or 0),
                tuple(
                    DialPattern(
                        str(each.get("pattern") or ""), int(each.get("strip") or 0), str(each.get("prepend") or "")
                    )
                    for each in row.get("dial_pattern_list") or ()
                ),
                tuple(int(each["id"]) for each in row.get("trunk_list") or ()),
                frozenset(
                    Member(
                        str(each.get("type") or "extension"),
                        int(each["id"]),
                        str(each.get("ext_number") or each.get("ext_name") or ""),
                    )
                    for each in row.get("ext_list") or ()
                ),
                str(row.get("pin_protect") or DISABLE),
                Secret(str(row["pin"])) if row.get("pin") else None,
                int(row["pin_list"]) if row.get("pin_list") else None,
            )
        )
    return sorted(found, key=lambda route: route.position)


@dataclass(frozen=True)
class Known:
    """What may be named in a declaration: name -> id."""

    extensions: Mapping[str, int]
    groups: Mapping[str, int]
    organizations: Mapping[str, int]
    pin_lists: Mapping[str, int]
    trunks: Mapping[str, int]
    members_of: Mapping[int, frozenset[int]] | None = None
    """Groups of each extension; None where the firmware does not tell."""


def ways_out(routes: Sequence[Route], beginnings: Sequence[str]) -> list[str]:
    """What users dial, as patterns without an end, so that a number beginning so goes out: routes take signs away from
    the front of what is dialled, and put others there."""
    found = []
    for number in beginnings:
        found.append(number)
        for row in (row for route in routes for row in route.patterns):
            front = beginning(row.pattern, row.strip)
            if front is None:
                continue
            if number.startswith(row.prepend):
                found.append(front + number[len(row.prepend) :])
            elif row.prepend.startswith(number):
                # Everything that this route sends begins so.
                found.append(front)
    return list(dict.fromkeys(each for each in found if each))


def unclear(routes: Sequence[Route]) -> list[str]:
    """Routes that take away signs of unknown number: what users dial there cannot be told."""
    return [route.name for route in routes if any(beginning(row.pattern, row.strip) is None for row in route.patterns)]


def emergency_problem(number: str, routes: Sequence[Route], known: Known) -> str | None:
    """Why somebody could not dial this number over the routes; None when every extension can."""
    cannot: list[str] = []
    asked: list[str] = []
    unsure: list[str] = []
    for name, key in known.extensions.items():
        groups = None if known.members_of is None else known.members_of.get(key, frozenset())
        possible = False
        for route in routes:
            if not route.matches(number):
                continue
            may = route.admits(key, groups)
            if may is None and route.pin_protect == DISABLE and route.sends(number) == number:
                # Good for the members of a group that cannot be read; the others take a later route.
                possible = True
                continue
            if may is None:
                unsure.append(name)
                break
            if may:
                if route.sends(number) != number:
                    return f"the outbound route {route.name} makes {route.sends(number) or 'nothing'} of {number}"
                if route.pin_protect != DISABLE:
                    asked.append(name)
                break
        else:
            (unsure if possible else cannot).append(name)
    if cannot:
        return f"no outbound route lets {_some(cannot)} dial {number}"
    if asked:
        return f"{_some(asked)} must give a PIN before {number} is dialled"
    if unsure:
        return f"whether {_some(unsure)} may dial {number} depends on groups whose members cannot be read"
    return None


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
