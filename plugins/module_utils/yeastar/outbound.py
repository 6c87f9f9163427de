# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be dialled over a P-Series, as one plan: emergency numbers first, then PINs, routes and numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json
from ansible_collections.voipsec.hardening.plugins.module_utils.site.international import not_allowed
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import numbers, pin_lists, routes
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.route_limits import plan_routes
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.routes import Known

Config = Mapping[str, Any]


@dataclass
class Found:
    """What a P-Series has of outbound calls."""

    routes: list[routes.Route] = field(default_factory=list)
    blocked: list[numbers.NumberList] = field(default_factory=list)
    allowed: list[numbers.NumberList] = field(default_factory=list)
    pin_lists: list[pin_lists.PinList] = field(default_factory=list)
    extensions: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)
    trunks: dict[str, int] = field(default_factory=dict)
    phones: list[Json] = field(default_factory=list)

    def known(self, extra_pin_lists: Sequence[str] = ()) -> Known:
        """What a declaration may name. Lists that are about to be made count, with the number 0."""
        lists = {**dict.fromkeys(extra_pin_lists, 0), **{each.name: each.key for each in self.pin_lists}}
        return Known(self.extensions, self.groups, self.organizations, lists, self.trunks)


def plan_outbound(found: Found, config: Config, state: State) -> list[Control]:
    """Controls in the order in which they are applied: what lets emergency calls out comes before what bars."""
    removing = state is State.DELETED
    emergency = tuple(config.get("emergency_numbers") or ())
    want_allowed, want_blocked, problems, notes = ({}, {}, [], []) if removing else _numbers(found, config)
    allowed = numbers.plan_lists("allow_numbers", found.allowed, want_allowed, state)
    blocked = numbers.plan_lists("block_numbers", found.blocked, want_blocked, state)
    blocked.problems += problems
    blocked.notes += notes
    controls = [allowed]
    after_routes = found.routes
    declared_lists = () if removing else config.get("pin_lists") or ()
    if declared_lists:
        controls.append(pin_lists.plan_pin_lists(found.pin_lists, declared_lists))
    if not removing:
        known = found.known([each["name"] for each in declared_lists])
        trunks = tuple(config.get("emergency_trunks") or ())
        limited, after_routes = plan_routes(
            found.routes, config.get("outbound_routes") or (), (emergency, trunks), known
        )
        controls.append(limited)
    controls.append(blocked)
    if emergency:
        controls.append(_emergency(found, after_routes, want_allowed, want_blocked, emergency, state))
    return controls


def _numbers(found: Found, config: Config) -> tuple[numbers.Declared, numbers.Declared, list[str], list[str]]:
    problems: list[str] = []
    notes: list[str] = []
    want_blocked: dict[str, tuple[tuple[str, ...], str]] = {}
    countries = config.get("countries")
    if countries:
        prefixes = countries.get("international_prefixes") or ()
        if not prefixes:
            problems.append(
                "countries.international_prefixes: nothing is given, and for this country it is not known. Give what "
                "is "
                "dialled before a country's code, such as ['00', '+']."
            )
        codes = [str(code) for code in countries["allowed"]]
        beginnings = [f"{prefix}{code}" for prefix in prefixes for code in not_allowed(codes)]
        patterns = [f"{each}." for each in routes.ways_out(found.routes, beginnings)]
        lists = numbers.in_lists(numbers.COUNTRIES, patterns)
        want_blocked.update({name: (chunk, "outbound") for name, chunk in lists.items()})
        notes += _opened(found, beginnings, config)
        unclear = routes.unclear(found.routes)
        if unclear:
            notes.append(
                f"what users dial on {', '.join(unclear)} is unknown, because a wildcard of unknown length is stripped "
                "there; international calls by these routes are not blocked by number"
            )
        if "1" in codes:
            notes.append("the code 1 is shared by the USA, Canada and many islands; all of them can be dialled")
    barred = config.get("barred_numbers") or ()
    if barred:
        patterns = numbers.blocked_patterns(routes.ways_out(found.routes, list(barred)))
        lists = numbers.in_lists(numbers.BARRED, patterns)
        want_blocked.update({name: (chunk, "outbound") for name, chunk in lists.items()})
    emergency = tuple(config.get("emergency_numbers") or ())
    for number in emergency:
        hit = [each for each in barred if number.startswith(each) or each.startswith(number)]
        if hit:
            problems.append(f"barred_numbers: {hit[0]!r} would bar the emergency number {number}.")
    want_allowed: dict[str, tuple[tuple[str, ...], str]] = {}
    if emergency:
        want_allowed[numbers.EMERGENCY] = (emergency, "outbound")
    for given in config.get("allowed_numbers") or ():
        want_allowed[given["name"]] = (tuple(given["numbers"]), given["direction"])
    for given in config.get("blocked_numbers") or ():
        want_blocked[given["name"]] = (tuple(given["numbers"]), given["direction"])
    return want_allowed, want_blocked, problems, notes


def _opened(found: Found, beginnings: Sequence[str], config: Config) -> list[str]:
    """Lists of allowed numbers, made by others, that let blocked countries be dialled all the same."""
    declared = {given["name"] for given in config.get("allowed_numbers") or ()}
    notes = []
    for each in found.allowed:
        if each.ours or each.name in declared:
            continue
        hit = each.undoes(beginnings)
        if hit:
            notes.append(
                f"STILL OPEN: the list of allowed numbers '{each.name}' takes precedence over the blocked "
                f"ones, and has {hit}. Remove it, or declare it in allowed_numbers if it is intended"
            )
    return notes


def _emergency(
    found: Found,
    after_routes: Sequence[routes.Route],
    want_allowed: numbers.Declared,
    want_blocked: numbers.Declared,
    emergency: Sequence[str],
    state: State,
) -> Control:
    """No run makes an emergency number harder to dial; what was wrong before is a loud warning."""
    control = Control("emergency_calls")
    blocked = numbers.after(found.blocked, want_blocked, state)
    allowed = numbers.after(found.allowed, want_allowed, state)
    known = found.known()
    for number in emergency:
        name = numbers.barring(number, blocked, ())
        if name and numbers.barring(number, found.blocked, ()) is None:
            control.problems.append(f"emergency calls: the list '{name}' would bar {number}. Nothing was changed.")
        elif name and numbers.barring(number, blocked, allowed):
            control.notes.append(f"EMERGENCY CALLS: the list '{name}' bars {number}. Remove it from that list.")
        elif name:
            control.notes.append(
                f"EMERGENCY CALLS: the list '{name}' contains {number}; it can be dialled only because it is "
                "allowed too. Remove it from that list."
            )
        before = routes.emergency_problem(number, found.routes, known)
        after = routes.emergency_problem(number, after_routes, known)
        if after and not before:
            control.problems.append(
                f"emergency calls: {after}. Nothing was changed. Name a trunk in emergency_trunks, by which a route "
                "for emergency calls is made, and on the PBX's page move that route up if another asks for a PIN."
            )
        elif after:
            control.notes.append(
                f"EMERGENCY CALLS: by its outbound routes {after}. This was so before this run. The PBX's own page of "
                "emergency numbers cannot be read; see the checklist."
            )
    if control.notes:
        control.state = ControlState.MANUAL
        control.reason = "this was so before this run, and what causes it is not managed by this collection"
    return control
