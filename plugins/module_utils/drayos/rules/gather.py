# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading from the router as little as is needed: there is no "list all", so each profile costs one command
(draytek.md 2b).

Ours are made in the highest free slots, so a search from the top finds them at once and stops after a run of empty
slots.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    FILTER_SETS,
    RULES_PER_SET,
    Dialect,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.exposures import Exposure, read_exposures
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import (
    NAME_FREE,
    NOT_OF_THE_FIREWALL,
    OUR_COMMENTS,
    PREFIX,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.marker import (
    FIREWALL,
    FIRST_SLOT,
    Mark,
    read_mark,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import (
    GROUPS,
    KINDS,
    Group,
    Kind,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.references import table_and_index
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules import filter as data_filter
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import RuleView
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_fields import REFERENCES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import parse_rule
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings.dos import LISTS, parse_list
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings.sip_alg import VIEW, parse_sip_alg
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import Run, parsed, readable

EMPTY_RUN = 4
"""So many empty slots in a row end a search."""


@dataclass
class Slots:
    """The slots of one kind that were read, by index, and how many there are."""

    limit: int
    read: dict[int, Any] = field(default_factory=dict)

    def index_of(self, name: str) -> int | None:
        """The slot that bears this name."""
        return next((index for index, item in self.read.items() if item.name == name), None)

    def ours(self) -> dict[int, Any]:
        """Slots whose name bears our prefix, but for those out of use."""
        return {index: item for index, item in self.carries_our_prefix().items() if item.name != NAME_FREE}

    def carries_our_prefix(self) -> dict[int, Any]:
        """``ours``, and those out of use: by its name alone a slot is not known to be so."""
        return {
            index: item
            for index, item in self.read.items()
            if item.name.startswith(PREFIX) and not item.name.startswith(NOT_OF_THE_FIREWALL)
        }

    def others(self) -> dict[int, Any]:
        """Slots in use that are not ours."""
        return {i: item for i, item in self.read.items() if not item.blank and not item.name.startswith(PREFIX)}

    @property
    def exhausted(self) -> bool:
        """Every slot was read."""
        return len(self.read) >= self.limit


@dataclass
class Snapshot:
    """What was read of one router's firewall."""

    general: data_filter.GeneralSetup
    slots: dict[str, Slots]
    """By the attribute of each Kind."""
    heads: dict[int, data_filter.SetHead] = field(default_factory=dict)
    chain: list[int] = field(default_factory=list)
    """Our sets that are in force, in order; empty where the data filter does not start with ours."""
    rules: dict[int, dict[int, RuleView]] = field(default_factory=dict)
    """By set and slot."""
    room: list[int] | None = None
    """Sets that may be written because nothing leads to them; None where nobody looked."""
    searched: bool = False
    """Whether ``room`` holds all of them."""
    exposures: tuple[Exposure, ...] | None = None
    """What NAT lets in; None where it was not read."""
    sip_alg: bool | None = None
    dos_mark: Mark | None = None
    """What was last written of the DoS settings, which cannot be read."""
    dos_lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The addresses on the DoS lists that were read: "allow", "block"."""
    unread: list[str] = field(default_factory=list)
    """What the router did not answer in a known form, in words."""

    @property
    def start_set(self) -> int:
        """Where the data filter starts; 0 when it is off."""
        return self.general.start_set

    @property
    def tail(self) -> int:
        """The set that follows our chain, or would."""
        return self.heads[self.chain[-1]].next_set if self.chain else self.start_set

    @property
    def comment(self) -> str:
        """What the first set of our chain says about itself."""
        return self.heads[self.chain[0]].comment if self.chain else ""


def gather(run: Run, dialect: Dialect, wanted: Wanted | None) -> Snapshot:
    """Read the chain's start, our own sets, and every profile that ``wanted`` names; None for all that are ours."""
    snapshot = Snapshot(
        parsed(run, "ipf set -v", data_filter.parse_general),
        {kind.attribute: Slots(dialect.limit(kind.attribute)) for kind in KINDS},
    )
    _follow_chain(run, snapshot)
    for kind in KINDS:
        names = None if wanted is None else {item.name for item in getattr(wanted, kind.attribute)}
        if names is None or names:
            _search(run, kind, snapshot.slots[kind.attribute], names)
    _read_referenced(run, snapshot)
    if wanted is None or wanted.nat is not None:
        snapshot.exposures = read_exposures(run, snapshot.unread)
    if wanted is None or wanted.sip_alg is not None:
        snapshot.sip_alg = readable(run, VIEW, parse_sip_alg, snapshot.unread)
    if wanted is not None and wanted.dos is not None:
        snapshot.dos_mark = read_mark(run, FIREWALL)
        for name, option in LISTS.items():
            if getattr(wanted.dos, name):
                found = readable(run, f"dos {option} show", parse_list, snapshot.unread)
                if found is not None:
                    snapshot.dos_lists[name] = found
    return snapshot


def empty_snapshot(dialect: Dialect) -> Snapshot:
    """A router on which nothing is in use, its data filter starting at set 1."""
    snapshot = Snapshot(data_filter.GeneralSetup(start_set=1), {})
    for kind in KINDS:
        limit = dialect.limit(kind.attribute)
        snapshot.slots[kind.attribute] = Slots(limit, dict.fromkeys(range(limit, 0, -1), kind.empty))
    snapshot.room, snapshot.searched = list(range(FILTER_SETS, 1, -1)), True
    snapshot.rules = {index: {} for index in snapshot.room}
    snapshot.heads = {index: data_filter.SetHead("", 0) for index in range(1, FILTER_SETS + 1)}
    snapshot.exposures = ()
    snapshot.dos_mark = Mark(FIRST_SLOT, "")
    snapshot.dos_lists = {"allow": (), "block": ()}
    return snapshot


def read_more_slots(run: Run, snapshot: Snapshot, slots: Mapping[str, int], sets: int) -> None:
    """Find so many filter sets that may be written, and so many free slots of each kind as ``slots`` asks for.

    A set may be written when nothing leads to it and it is ours or as it left the factory. The highest are taken, so
    that a run that was cut finds what it began.
    """
    for index in range(FILTER_SETS, 0, -1):
        _head(run, snapshot, index)
    snapshot.room, snapshot.searched = [], True
    idle = {i for i, head in snapshot.heads.items() if head.comment in OUR_COMMENTS and i not in snapshot.chain}
    reached = _reached_behind(run, snapshot)
    for index in range(FILTER_SETS, 0, -1):
        if len(snapshot.room) >= sets:
            snapshot.searched = False
            break
        leading = {i for i, head in snapshot.heads.items() if head.next_set == index}
        blank = snapshot.heads[index] == data_filter.SetHead("", 0)
        if index in reached or not leading <= idle or not (index in idle or blank):
            continue
        if index not in snapshot.rules:
            snapshot.rules[index] = _rules(run, index)
        if index in idle or all(rule.untouched for rule in snapshot.rules[index].values()):
            snapshot.room.append(index)
    for index in sorted(idle - set(snapshot.rules)):
        snapshot.rules[index] = _rules(run, index)
    for kind in KINDS:
        _scan(run, kind, snapshot.slots[kind.attribute], slots.get(kind.attribute, 0))


def _reached_behind(run: Run, snapshot: Snapshot) -> set[int]:
    """Every set that evaluation may enter behind our own: by a next set, or by the branch of a rule."""
    waiting, reached = [snapshot.start_set, snapshot.tail], set(snapshot.chain)
    while waiting:
        index = waiting.pop()
        if not 1 <= index <= FILTER_SETS or index in reached:
            continue
        reached.add(index)
        waiting.append(snapshot.heads[index].next_set)
        if index not in snapshot.rules:
            snapshot.rules[index] = _rules(run, index)
        waiting += [rule.branch for rule in snapshot.rules[index].values() if rule.enabled and rule.branch]
    return reached


def free_slots(slots: Slots) -> list[int]:
    """Slots that nobody uses, those that never were in use first, highest first."""
    blank = [index for index, item in slots.read.items() if item.blank]
    spare = [index for index, item in slots.read.items() if item.name == NAME_FREE]
    return sorted(blank, reverse=True) + sorted(spare, reverse=True)


def _head(run: Run, snapshot: Snapshot, index: int) -> data_filter.SetHead:
    if index not in snapshot.heads:
        snapshot.heads[index] = parsed(run, f"ipf set {index} -v", data_filter.parse_set_head)
    return snapshot.heads[index]


def _follow_chain(run: Run, snapshot: Snapshot) -> None:
    """Our sets from the start of the data filter on."""
    index = snapshot.start_set
    while index and index not in snapshot.chain and _head(run, snapshot, index).comment in OUR_COMMENTS:
        snapshot.chain.append(index)
        snapshot.rules[index] = _rules(run, index)
        index = snapshot.heads[index].next_set


def _rules(run: Run, set_index: int) -> dict[int, RuleView]:
    slots = range(1, RULES_PER_SET + 1)
    return {slot: parsed(run, f"ipf rule {set_index} {slot} -v", parse_rule) for slot in slots}


def _search(run: Run, kind: Kind, slots: Slots, names: set[str] | None) -> None:
    """Read from the top until every name is found, or so many slots are empty that there are no more of ours."""
    missing = set(names or ())
    empty = 0
    for index in range(slots.limit, 0, -1):
        found_all = names is not None and not missing
        if found_all or (empty >= EMPTY_RUN and len(free_slots(slots)) >= len(missing)):
            return
        item = _read(run, kind, slots, index)
        missing.discard(item.name)
        empty = empty + 1 if item.blank else 0


def _scan(run: Run, kind: Kind, slots: Slots, free: int) -> None:
    """Read on downwards until so many slots are free and, if any were read, the run of ours has ended."""
    if not free and not slots.read:
        return
    empty = 0
    for index in range(slots.limit, 0, -1):
        if empty >= EMPTY_RUN and len(free_slots(slots)) >= free:
            return
        item = _read(run, kind, slots, index)
        empty = empty + 1 if item.blank else 0


def _read(run: Run, kind: Kind, slots: Slots, index: int) -> Any:
    if index not in slots.read:
        slots.read[index] = parsed(run, f"{kind.command} {index} -v", kind.parse)
    return slots.read[index]


def _read_referenced(run: Run, snapshot: Snapshot) -> None:
    """What our rules point to and what stands in our groups, so that a diff can name who was let in by hand."""
    kinds = {kind.attribute: kind for kind in KINDS}
    for rule in (rule for set_index in snapshot.chain for rule in snapshot.rules[set_index].values() if rule.in_use):
        for row in REFERENCES:
            found = table_and_index(getattr(rule, row.name))
            if found:
                attribute, index = found
                _read_some(run, kinds[attribute], snapshot.slots[attribute], [index])
    for groups, members in GROUPS:
        for group in list(snapshot.slots[groups.attribute].carries_our_prefix().values()):
            if isinstance(group, Group):
                _read_some(run, members, snapshot.slots[members.attribute], group.member_indexes)


def _read_some(run: Run, kind: Kind, slots: Slots, indexes: Iterable[int]) -> None:
    for index in indexes:
        if 1 <= index <= slots.limit:
            _read(run, kind, slots, index)
