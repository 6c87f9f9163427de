# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outbound rules: who may call out, which beginnings of numbers are barred, and that emergency calls go through. Pure.

Inferred, threecx.md b.1: that rules are tried in the order of Priority, that empty DNRanges and GroupIds mean
everybody. That a rule without routes bars what it matches is our assumption; the result says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import entity

BARRED_RULE = "voipsec barred numbers"
"""The name of our rule, by which it is known again."""
MOVE = "/OutboundRules/Pbx.MoveUpDown"
FIELDS = (
    "Id", "Name", "Prefix", "NumberLengthRanges", "Priority", "DNRanges", "GroupIds", "GroupNames", "Routes",
    "EmergencyRule",
)  # fmt: skip
ATTESTED = "3CX does not document that a rule without routes bars a number: dial one to see it"


@dataclass(frozen=True)
class Rule:
    """One outbound rule."""

    key: int
    name: str
    prefixes: str
    lengths: str
    priority: int
    extensions: tuple[tuple[str, str], ...]
    groups: tuple[int, ...]
    has_route: bool
    emergency: bool

    @property
    def for_everybody(self) -> bool:
        """Whether no extension and no group is named."""
        return not self.extensions and not self.groups

    def matches(self, number: str) -> bool:
        """Whether this number is the rule's business, whoever dials it."""
        if self.lengths and not any(first <= len(number) <= last for first, last in _ranges(self.lengths)):
            return False
        if not self.prefixes.strip():
            return True
        return any(_begins(number, part) for part in self.prefixes.split(",") if part.strip())


@reading()
def parse_rules(rows: Iterable[Json]) -> list[Rule]:
    """In the order in which they are tried."""
    rules = [
        Rule(
            int(row.get("Id") or 0),
            str(row.get("Name") or ""),
            str(row.get("Prefix") or ""),
            str(row.get("NumberLengthRanges") or ""),
            int(row.get("Priority") or 0),
            tuple((str(each.get("From") or ""), str(each.get("To") or "")) for each in row.get("DNRanges") or ()),
            tuple(int(each) for each in row.get("GroupIds") or ()),
            any(
                route.get("TrunkId") not in (None, 0, -1) or route.get("TrunkName") for route in row.get("Routes") or ()
            ),
            bool(row.get("EmergencyRule")),
        )
        for row in rows
    ]
    return sorted(rules, key=lambda rule: rule.priority)


def _ranges(text: str) -> list[tuple[int, int]]:
    """``3,5-7`` as pairs; what is not understood counts as every length, so that a barring rule is not overlooked."""
    found = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if first.isdigit() and (not dash or last.strip().isdigit()):
            found.append((int(first), int(last) if dash else int(first)))
        elif part.strip():
            found.append((0, 99))
    return found


def _begins(number: str, part: str) -> bool:
    first, dash, last = (piece.strip() for piece in part.partition("-"))
    if not dash:
        return number.startswith(first)
    if not (first.isdigit() and last.isdigit()):
        return False
    # The ends may differ in length: 900-1000 has 999 in it.
    lengths = range(len(first), min(len(last), len(number)) + 1)
    return any(int(first) <= int(number[:length]) <= int(last) for length in lengths)


def emergency_problem(number: str, rules: Sequence[Rule]) -> str | None:
    """Why somebody could not dial this number; None when everybody can."""
    for rule in rules:
        if not rule.matches(number):
            continue
        if not rule.has_route:
            return f"the outbound rule '{rule.name}' bars {number}" + (
                "" if rule.for_everybody else " for some extensions"
            )
        if rule.for_everybody:
            return None
    return f"no outbound rule lets every extension dial {number}"


def plan_outbound(
    have: Sequence[Rule],
    groups: Mapping[str, int],
    barred: Sequence[str] | None,
    restricted: Sequence[Mapping[str, Any]],
    emergency: Sequence[str],
    state: State,
) -> Control:
    """Restrictions of the rules that exist, and our rule in front of them. Emergency numbers are checked first."""
    control = Control("outbound")
    after = list(have)
    for given in restricted if state is not State.DELETED else ():
        _restrict(control, after, groups, given)
    mine = next((rule for rule in have if rule.name == BARRED_RULE), None)
    prefixes = ",".join(sorted(barred or ()))
    for number in emergency:
        hit = [each for each in barred or () if number.startswith(each) or each.startswith(number)]
        if hit:
            control.problems.append(f"barred_numbers: {hit[0]!r} would bar the emergency number {number}.")
    wanted = bool(prefixes) and state is not State.DELETED
    if wanted:
        new = Rule(mine.key if mine else 0, BARRED_RULE, prefixes, "", 0, (), (), False, False)
        after = [rule for rule in after if rule.name != BARRED_RULE]
        # Only our rule is moved: an emergency rule behind others stays there.
        after.insert(next((place for place, rule in enumerate(after) if not rule.emergency), len(after)), new)
    elif mine and (state is not State.MERGED or (barred is not None and not prefixes)):
        after = [rule for rule in after if rule.name != BARRED_RULE]
    for number in emergency:
        before_problem, after_problem = emergency_problem(number, have), emergency_problem(number, after)
        if after_problem and not before_problem:
            control.problems.append(f"emergency calls: {after_problem}. Nothing was changed.")
        elif after_problem:
            control.notes.append(f"EMERGENCY CALLS: {after_problem}. This was so before; put an emergency rule first.")
    control.before = [_shown(rule) for rule in have]
    control.after = [_shown(rule) for rule in after]
    if control.problems:
        control.operations = []
        return control
    control.operations += _own_rule(mine, wanted, prefixes, after)
    if mine and wanted:
        control.operations += _moves(have)
    if wanted:
        control.state, control.reason = ControlState.ATTESTED, ATTESTED
    return control


def _restrict(control: Control, rules: list[Rule], groups: Mapping[str, int], given: Mapping[str, Any]) -> None:
    position = next((index for index, rule in enumerate(rules) if rule.name == given["name"]), None)
    if position is None:
        names = ", ".join(f"'{rule.name}'" for rule in rules if rule.name != BARRED_RULE) or "none"
        control.problems.append(f"outbound_rules: the PBX has no rule named {given['name']!r}; it has {names}.")
        return
    unknown = [name for name in given.get("groups") or () if name not in groups]
    if unknown:
        control.problems.append(
            f"outbound_rules: {given['name']}: the PBX has no department named {unknown[0]!r}; it has "
            f"{', '.join(sorted(groups)) or 'none'}."
        )
        return
    rule = rules[position]
    body: Json = {}
    group_ids = tuple(sorted(groups[name] for name in given.get("groups") or ()))
    extensions = tuple(_extension_range(text) for text in given.get("extensions") or ())
    if given.get("groups") is not None and tuple(sorted(rule.groups)) != group_ids:
        body["GroupIds"] = list(group_ids)
    if given.get("extensions") is not None and rule.extensions != extensions:
        body["DNRanges"] = [{"From": first, "To": last} for first, last in extensions]
    rules[position] = Rule(
        rule.key,
        rule.name,
        rule.prefixes,
        rule.lengths,
        rule.priority,
        extensions if given.get("extensions") is not None else rule.extensions,
        group_ids if given.get("groups") is not None else rule.groups,
        rule.has_route,
        rule.emergency,
    )
    if body:
        path = entity("OutboundRules", rule.key)
        control.operations.append(Operation("PATCH", path, body, f"restricting the outbound rule '{rule.name}'"))


def _extension_range(text: str) -> tuple[str, str]:
    first, _dash, last = (part.strip() for part in text.partition("-"))
    return first, last or first


def _own_rule(mine: Rule | None, wanted: bool, prefixes: str, after: Sequence[Rule]) -> list[Operation]:
    if not wanted:
        gone = mine is not None and all(rule.name != BARRED_RULE for rule in after)
        path = entity("OutboundRules", mine.key) if mine else ""
        return [Operation("DELETE", path, None, f"removing the outbound rule '{BARRED_RULE}'")] if gone else []
    if mine is None:
        body: Json = {"Name": BARRED_RULE, "Prefix": prefixes, "Routes": []}
        return [Operation("POST", "/OutboundRules", body, f"adding the outbound rule '{BARRED_RULE}'")]
    if mine.prefixes != prefixes or mine.has_route:
        body = {"Prefix": prefixes, "Routes": []}
        return [
            Operation("PATCH", entity("OutboundRules", mine.key), body, f"changing the outbound rule '{BARRED_RULE}'")
        ]
    return []


def _moves(rules: Sequence[Rule]) -> list[Operation]:
    """Our rule, one place a time, behind the emergency rules and before all others."""
    mine = next(index for index, rule in enumerate(rules) if rule.name == BARRED_RULE)
    place = next((index for index, rule in enumerate(rules[:mine]) if not rule.emergency), mine)
    body = {"id": rules[mine].key, "up": True}
    return [Operation("POST", MOVE, body, f"moving the outbound rule '{BARRED_RULE}' up")] * (mine - place)


def is_move(operation: Operation) -> bool:
    """Whether an operation only changes the order of the rules."""
    return operation.path == MOVE


def _shown(rule: Rule) -> str:
    who = "everybody" if rule.for_everybody else f"groups {list(rule.groups)}, extensions {list(rule.extensions)}"
    what = rule.prefixes or "all numbers"
    fate = "" if rule.has_route else ": barred"
    return f"{rule.name}: {what}{' of length ' + rule.lengths if rule.lengths else ''}, {who}{fate}"
