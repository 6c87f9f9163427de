# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of outbound routes, and a route of ours for emergency calls, as a plan. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.routes import (
    DISABLE,
    LIST,
    SINGLE,
    DialPattern,
    Known,
    Member,
    Route,
)

KINDS = {"extensions": "extension", "groups": "ext_group", "organizations": "organization"}
"""Our option -> type in ext_list."""
EMERGENCY_ROUTE = "voipsec_emergency"
"""The name of our route; names have no spaces [D]."""


def plan_routes(
    have: Sequence[Route],
    declared: Sequence[Mapping[str, Any]],
    emergency: tuple[Sequence[str], Sequence[str]],
    known: Known,
) -> tuple[Control, list[Route]]:
    """Limits of the routes that exist, and our emergency route; with the routes as they will be.

    ``emergency``: numbers, and the names of the trunks that they go out by; no trunks: no route of ours.
    """
    control = Control("outbound_routes")
    after = list(have)
    ours = _emergency_route(control, after, *emergency, known)
    for position, given in enumerate(declared):
        _limit(control, after, given, f"outbound_routes[{position}]", known)
    control.before = {route.name: _shown(route) for route in have}
    control.after = {route.name: _shown(route) for route in after}
    if ours:
        # Before a route is narrowed there must be one for emergency calls.
        control.operations.insert(0, ours)
    return control, after


def _emergency_route(
    control: Control, routes: list[Route], numbers: Sequence[str], trunks: Sequence[str], known: Known
) -> Operation | None:
    from_names = [known.trunks.get(name) for name in trunks]
    for name, key in zip(trunks, from_names, strict=True):
        if key is None:
            control.problems.append(
                f"emergency_trunks: the PBX has no trunk named {name!r}; it has {', '.join(sorted(known.trunks))}."
            )
    if not trunks or None in from_names:
        return None
    keys = tuple(key for key in from_names if key is not None)
    patterns = tuple(DialPattern(number, 0, "") for number in numbers)
    members = frozenset(Member("extension", key, name) for name, key in known.extensions.items())
    mine = next((route for route in routes if route.name == EMERGENCY_ROUTE), None)
    last = max((route.position for route in routes), default=0)
    want = Route(
        mine.key if mine else 0,
        EMERGENCY_ROUTE,
        mine.position if mine else last + 1,
        patterns,
        keys,
        members,
        DISABLE,
        None,
        None,
    )
    if mine and _content(mine) == _content(want):
        return None
    body: Json = {
        "name": EMERGENCY_ROUTE,
        "dial_pattern_list": [{"pattern": row.pattern, "strip": 0, "prepend": ""} for row in patterns],
        "trunk_list": [{"id": key} for key in keys],
        "ext_list": _ext_list(members),
        "pin_protect": DISABLE,
    }
    if mine:
        routes[routes.index(mine)] = want
        return Operation("POST", "outbound_route/update", {"id": mine.key, **body}, "changing the emergency route")
    routes.append(want)
    return Operation("POST", "outbound_route/create", body, "adding the emergency route")


def _content(route: Route) -> tuple[Any, ...]:
    members = frozenset((each.kind, each.key) for each in route.members)
    return (frozenset(route.patterns), route.trunks, members, route.pin_protect)


def _limit(control: Control, routes: list[Route], given: Mapping[str, Any], where: str, known: Known) -> None:
    position = next((index for index, route in enumerate(routes) if route.name == given["name"]), None)
    if position is None:
        names = ", ".join(route.name for route in routes) or "none"
        control.problems.append(f"{where}.name: the PBX has no outbound route {given['name']!r}; it has {names}.")
        return
    route = routes[position]
    members = _members(control, given, where, known)
    protect, pin, pin_list = _protection(control, given, where, route, known)
    if control.problems:
        return
    wanted = dataclasses.replace(
        route,
        members=route.members if members is None else members,
        pin_protect=protect,
        pin=pin,
        pin_list=pin_list,
    )
    body: Json = {}
    if {(each.kind, each.key) for each in wanted.members} != {(each.kind, each.key) for each in route.members}:
        body["ext_list"] = _ext_list(wanted.members)
    if (protect, pin, pin_list) != (route.pin_protect, route.pin, route.pin_list):
        body["pin_protect"] = protect
        if protect == SINGLE:
            body["pin"] = pin
        if protect == LIST:
            body["pin_list"] = pin_list
    routes[position] = wanted
    if body:
        control.operations.append(
            Operation(
                "POST",
                "outbound_route/update",
                {"id": route.key, **body},
                f"limiting the route {route.name}",
                # A list that is made by the same run has no number yet.
                {"pin_list": str(given.get("pin_list"))} if "pin_list" in body else {},
            )
        )


def _members(control: Control, given: Mapping[str, Any], where: str, known: Known) -> frozenset[Member] | None:
    if all(given.get(option) is None for option in KINDS):
        return None
    found = set()
    places: dict[str, Mapping[str, int]] = {
        "extensions": known.extensions,
        "groups": known.groups,
        "organizations": known.organizations,
    }
    for option, kind in KINDS.items():
        for name in given.get(option) or ():
            key = places[option].get(name)
            if key is None:
                names = ", ".join(sorted(places[option])) or "none that can be read"
                control.problems.append(f"{where}.{option}: the PBX has no {name!r}; it has {names}.")
            else:
                found.add(Member(kind, key, name))
    return frozenset(found)


def _protection(
    control: Control, given: Mapping[str, Any], where: str, route: Route, known: Known
) -> tuple[str, Secret | None, int | None]:
    chosen = given.get("pin_protect")
    if chosen is None:
        return route.pin_protect, route.pin, route.pin_list
    if chosen == "single":
        if not given.get("pin"):
            control.problems.append(
                f"{where}.pin: nothing is given; a PIN of digits is needed with pin_protect: single."
            )
            return DISABLE, None, None
        return SINGLE, Secret(given["pin"]), None
    if chosen == "list":
        key = known.pin_lists.get(given.get("pin_list") or "")
        if key is None:
            names = ", ".join(sorted(known.pin_lists)) or "none"
            control.problems.append(
                f"{where}.pin_list: the PBX has no PIN list {given.get('pin_list')!r}; it has {names}. Declare it in "
                "pin_lists."
            )
            return DISABLE, None, None
        return LIST, None, key
    return DISABLE, None, None


def _ext_list(members: Iterable[Member]) -> list[Json]:
    ordered = sorted(members, key=lambda each: (each.kind, each.key))
    names = {"extension": "ext_number"}
    return [{"id": each.key, names.get(each.kind, "ext_name"): each.name, "type": each.kind} for each in ordered]


def _shown(route: Route) -> Json:
    return {
        "patterns": [f"{row.pattern} strip {row.strip} prepend {row.prepend or '-'}" for row in route.patterns],
        "open_to": sorted(f"{each.kind} {each.name or each.key}" for each in route.members),
        "pin": {DISABLE: "none", SINGLE: "one PIN", LIST: f"PIN list {route.pin_list}"}.get(
            route.pin_protect, route.pin_protect
        ),
    }
