# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which profile goes into which slot, without touching one that is in use. Pure.

A profile that active rules refer to is never changed: its successor is made in another slot, and the rules are
exchanged as a whole (see plan.py). So no packet ever meets a half-made change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import NAME_FREE, NAME_OLD
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles import objects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.references import (
    expands_to,
    refers_to,
    table_and_index,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import Slots, Snapshot, free_slots
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import ANY
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_fields import REFERENCES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.steps import Step

MEMBER_TABLE = {groups.attribute: members.attribute for groups, members in objects.GROUPS}


class MoreSlotsNeeded(Exception):
    """More must be read before a plan can be made: filter sets, and so many free slots of each kind."""

    def __init__(self, slots: Mapping[str, int] | None = None, *, sets: int = 0) -> None:
        super().__init__("room needed")
        self.slots, self.sets = dict(slots or {}), sets


@dataclass
class Placement:
    """Where every wanted profile stands or will stand, and what makes it so."""

    index: dict[str, dict[str, int]] = field(default_factory=dict)
    """By attribute and name."""
    steps: list[Step] = field(default_factory=list)
    """These change nothing that is in force."""
    in_place: list[Step] = field(default_factory=list)
    """Corrections of profiles in force, each by one command to what is declared."""
    renamed: set[tuple[str, int]] = field(default_factory=set)
    """Attribute and slot of profiles that are right but for their name, which ``steps`` corrects."""

    def find(self, side: Iterable[str], name: str) -> tuple[str, int]:
        """The attribute and slot of a name that a rule uses. Names are unique within a side."""
        return next((attribute, self.index[attribute][name]) for attribute in side if name in self.index[attribute])


def members_of(have: Snapshot, attribute: str, index: int) -> list[Any]:
    """The objects behind a profile: a group's members, otherwise the profile itself."""
    item = have.slots[attribute].read.get(index)
    if item is None:
        return []
    if isinstance(item, objects.Group):
        table = have.slots[MEMBER_TABLE[attribute]].read
        found = [table.get(member) for member in item.member_indexes]
        return [] if None in found else found
    return [item]


def meaning(have: Snapshot, printed: str, side: Iterable[str]) -> list[tuple[str, int]]:
    """Every profile that a rule's printed reference may mean; empty where none fits."""
    exact = table_and_index(printed)
    if exact:
        return [exact]
    named = [
        (attribute, index)
        for attribute in side
        for index, item in have.slots[attribute].read.items()
        if refers_to(printed, attribute, index, item.name)
    ]
    return named or [
        (attribute, index)
        for attribute in side
        for index in have.slots[attribute].carries_our_prefix()
        if expands_to(printed, members_of(have, attribute, index))
    ]


def used_slots(have: Snapshot) -> dict[str, set[int]]:
    """The slots that our rules in force, and open ports limited by us, depend on. In doubt all of ours count."""
    return _with_members(have, _referred_to(have, have.chain), _limiting(have))


def used_by_rules(have: Snapshot, chain: Iterable[int]) -> dict[str, set[int]]:
    """The slots that the rules of these sets of ours depend on. In doubt all of ours count."""
    return _with_members(have, _referred_to(have, chain))


def used_by_open_ports(have: Snapshot) -> dict[str, set[int]]:
    """The slots that open ports limited by us depend on."""
    return _with_members(have, _limiting(have))


def _referred_to(have: Snapshot, chain: Iterable[int]) -> dict[str, set[int]]:
    used: dict[str, set[int]] = {kind.attribute: set() for kind in objects.KINDS}
    for rule in (rule for index in chain for rule in have.rules[index].values() if rule.in_use):
        for row in REFERENCES:
            printed = getattr(rule, row.name)
            if printed.lower() in (ANY, ""):
                continue
            found = meaning(have, printed, row.side)
            for attribute, index in found:
                used[attribute].add(index)
            if not found:
                for attribute in row.side:
                    used[attribute].update(have.slots[attribute].ours())
    return used


def _limiting(have: Snapshot) -> dict[str, set[int]]:
    return {"address_groups": {exposure.group for exposure in have.exposures or () if exposure.group}}


def _with_members(have: Snapshot, *uses: Mapping[str, set[int]]) -> dict[str, set[int]]:
    used = {kind.attribute: set().union(*(use.get(kind.attribute, ()) for use in uses)) for kind in objects.KINDS}
    for groups, members in objects.GROUPS:
        for index in used[groups.attribute]:
            group = have.slots[groups.attribute].read.get(index)
            if group is not None:
                used[members.attribute].update(group.member_indexes)
    return used


def place(have: Snapshot, want: Wanted, *, keep_others: bool) -> Placement:
    """Place every wanted profile. Raises MoreSlotsNeeded, or HardeningError where the router has no room left.

    ``keep_others``: profiles of ours that are not wanted now keep their names.
    """
    used = used_slots(have)
    placement = Placement()
    for kind in objects.PROFILES:
        items = {item.name: item for item in getattr(want, kind.attribute)}
        _place_kind(kind, have, items, used, placement, keep_others=keep_others)
    for groups, members in objects.GROUPS:
        known = placement.index[members.attribute]
        items = {
            group.name: objects.Group(group.name, tuple(sorted(known[member] for member in group.members)))
            for group in getattr(want, groups.attribute)
        }
        _place_kind(groups, have, items, used, placement, keep_others=keep_others)
    return placement


def _place_kind(
    kind: objects.Kind,
    have: Snapshot,
    wanted: Mapping[str, Any],
    in_use: Mapping[str, set[int]],
    placement: Placement,
    *,
    keep_others: bool,
) -> None:
    slots, used = have.slots[kind.attribute], in_use[kind.attribute]
    index = _found_places(slots, wanted, used)
    renaming = {} if keep_others else _other_names(slots, wanted, used, index)
    index |= renaming
    index |= _new_places(kind, slots, {name: wanted[name] for name in wanted if name not in index}, used)
    placement.index[kind.attribute] = index
    placement.renamed |= {(kind.attribute, at) for at in renaming.values()}
    in_place = {name for name, at in index.items() if at in used and name not in renaming}
    now = _set_aside(kind, slots, wanted, {name: index[name] for name in wanted if name not in in_place}, placement)
    for name, item in wanted.items():
        at, found = index[name], slots.read[index[name]]
        if found == item:
            continue
        if name in renaming:
            step = Step(
                f"rename {found.name} to {name}", (kind.rename(at, name),), (kind.rename(at, now.get(at, found.name)),)
            )
            placement.steps.append(step)
        elif name in in_place:
            back = tuple(kind.render(at, found, item))
            placement.in_place.append(Step(f"correct {name}", tuple(kind.render(at, item, found)), back))
        else:
            verb = "make" if found.name != name else "correct"
            known = None if found.blank else found
            placement.steps.append(Step(f"{verb} {name}", tuple(kind.render(at, item, known))))


def _found_places(slots: Slots, wanted: Mapping[str, Any], used: set[int]) -> dict[str, int]:
    """Where names stand already, and may stay."""
    index = {}
    for name, item in wanted.items():
        same = [i for i, found in slots.read.items() if found == item]
        idle = [i for i, found in slots.read.items() if found.name == name and i not in used and _may_grow(found, item)]
        unlike = [i for i, found in slots.read.items() if found.name == name and _differs_unseen(found, item)]
        if same:
            index[name] = next((i for i in same if i in used), same[0])
        elif unlike and unlike[0] in used:
            index[name] = unlike[0]
        elif idle:
            index[name] = idle[0]
    return index


def _other_names(slots: Slots, wanted: Mapping[str, Any], used: set[int], index: Mapping[str, int]) -> dict[str, int]:
    """Where what is wanted is in force under another name. It is renamed, which no packet notices.

    A successor with the same content must not be made: where rules print addresses, it could not be told afterwards
    which of the two they refer to, and the one in force would pass for the one out of use.
    """
    # What rules of ours refer to may be somebody else's, where somebody has edited them.
    there = {i: other for i, other in slots.carries_our_prefix().items() if i in used - set(index.values())}
    found: dict[str, int] = {}
    for name, item in wanted.items():
        if name in index:
            continue
        alike = [i for i, other in there.items() if objects.renamed(other, name) == item]
        if alike:
            found[name] = max(alike)
            del there[found[name]]
    return found


def _new_places(kind: objects.Kind, slots: Slots, to_make: Mapping[str, Any], used: set[int]) -> dict[str, int]:
    """Slots for what is to be made. Raises MoreSlotsNeeded, or HardeningError where there are none."""
    index = {}
    free = [i for i in free_slots(slots) if i not in used]
    free += [i for i, item in slots.read.items() if item.name.startswith(NAME_OLD) and i not in used and i not in free]
    if len(to_make) > len(free):
        if not slots.exhausted:
            raise MoreSlotsNeeded({kind.attribute: len(to_make) + len(used)})
        raise HardeningError(_no_room(kind, slots, list(to_make), free))
    for name, item in to_make.items():
        # A list that may only grow is best begun in a slot that holds nothing else.
        index[name] = next((i for i in free if slots.read[i].blank or _may_grow(slots.read[i], item)), free[0])
        free.remove(index[name])
    return index


def _set_aside(
    kind: objects.Kind, slots: Slots, wanted: Mapping[str, Any], index: Mapping[str, int], placement: Placement
) -> dict[int, str]:
    """Free the names that are about to be given to other slots. Returns what those that bore them are called now."""
    now = {}
    for name, at in index.items():
        stale = next((i for i, other in slots.read.items() if other.name == name and i != at), None)
        if stale is not None and slots.read[at] != wanted[name]:
            now[stale] = f"{NAME_OLD}{stale}"
            placement.steps.append(
                Step(
                    f"set {name} aside, so that nothing active changes yet",
                    (kind.rename(stale, now[stale]),),
                    (kind.rename(stale, name),),
                )
            )
    return now


def _differs_unseen(found: Any, item: Any) -> bool:
    """Whether two address objects differ only in what a rule that prints addresses does not show.

    Such a rule looks right before and after, so it cannot be told which of two objects it refers to: the one there is
    must be corrected.
    """
    return (
        isinstance(found, (objects.IpObject, objects.Ipv6Object))
        and type(found) is type(item)
        and (found.kind, found.start, found.end) == (item.kind, item.start, item.end)
    )


def _may_grow(found: Any, item: Any) -> bool:
    """Whether a slot out of use can become the wanted item: a firmware may add to a group's list instead of replacing
    it (2b), and a country object's list only grows."""
    if isinstance(found, objects.Group):
        return set(found.member_indexes) <= set(item.member_indexes)
    if isinstance(found, objects.CountryObject):
        return set(found.countries) <= set(item.countries)
    return True


def _no_room(kind: objects.Kind, slots: Slots, to_make: list[str], free: list[int]) -> str:
    others = [f"{index} {item.name or '(no name)'}" for index, item in sorted(slots.others().items())]
    shown = ", ".join(others[:12]) + (f" and {len(others) - 12} more" if len(others) > 12 else "")
    return (
        f"{len(to_make)} {kind.label} are needed ({', '.join(to_make)}) and {len(free)} of the router's "
        f"{slots.limit} are free. Existing ones occupy {len(others)}: {shown}. Delete {len(to_make) - len(free)} of "
        "them. Nothing was written."
    )


def spare_steps(
    have: Snapshot, want: Wanted, placement: Placement, kept_sets: Iterable[int], *, keep_others: bool
) -> list[str]:
    """Commands that mark profiles of ours that nothing needs any more as free. Sent when the new rules are saved.

    ``kept_sets``: those whose rules stay in force as they are.
    """
    commands = []
    needed = used_by_rules(have, kept_sets)
    for kind in objects.KINDS:
        if kind.attribute == "address_groups" and have.exposures is None:
            continue  # an open port may still refer to one
        kept = {*placement.index[kind.attribute].values(), *needed[kind.attribute]}
        names = {item.name for item in getattr(want, kind.attribute)}
        for index, item in have.slots[kind.attribute].ours().items():
            stale = not keep_others or item.name.startswith(NAME_OLD) or item.name in names
            if index not in kept and stale:
                commands.append(kind.rename(index, NAME_FREE))
    return commands
