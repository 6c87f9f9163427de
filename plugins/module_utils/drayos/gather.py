# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading from the router as little as is needed: there is no "list all", so each profile costs one command
(draytek.md 2b).

Ours are made in the highest free slots, so a search from the top finds them at once and stops after a run of empty
slots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import filter as data_filter
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import objects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    FILTER_SETS,
    RULES_PER_SET,
    Dialect,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.wanted import PREFIX, Wanted

Run = Callable[[str], str]
"""Sends one command and returns its output."""

COMMENT_DONE = "voipsec"
COMMENT_DIRTY = "voipsec_dirty"
"""On our filter set while changes are in memory that `sys commit` has not saved: a run that died there is continued."""
COMMENT_OFF = "voipsec_off"
OUR_COMMENTS = (COMMENT_DONE, COMMENT_DIRTY, COMMENT_OFF)
EMPTY_RUN = 4
"""So many empty slots in a row end a search."""

Item = TypeVar("Item", objects.IpObject, objects.ServiceObject, objects.Group)


@dataclass
class Slots(Generic[Item]):
    """The slots of one kind that were read, by index, and how many there are."""

    limit: int
    read: dict[int, Item] = field(default_factory=dict)

    def index_of(self, name: str) -> int | None:
        """The slot that bears this name."""
        return next((index for index, item in self.read.items() if item.name == name), None)

    def free(self) -> list[int]:
        """Empty slots that were read, highest first."""
        return sorted((index for index, item in self.read.items() if item.blank), reverse=True)

    def ours(self) -> dict[int, Item]:
        """Slots whose name bears our prefix."""
        return {index: item for index, item in self.read.items() if item.name.startswith(PREFIX)}


@dataclass
class Snapshot:
    """What was read of one router's firewall."""

    start_set: int
    heads: dict[int, data_filter.SetHead]
    own_set: int | None
    """The filter set that is ours, or None."""
    free_set: int | None
    """A set that nobody uses, looked for only while we have none."""
    rules: dict[int, data_filter.RuleView]
    """The rules of our own set, by slot."""
    addresses: Slots[objects.IpObject]
    address_groups: Slots[objects.Group]
    services: Slots[objects.ServiceObject]
    service_groups: Slots[objects.Group]

    @property
    def active(self) -> bool:
        """Our set is the first that every packet meets."""
        return self.own_set is not None and self.start_set == self.own_set


def gather(run: Run, dialect: Dialect, wanted: Wanted | None) -> Snapshot:
    """Read the chain's start, our own set, and every profile that ``wanted`` names; None for all that are ours."""
    snapshot = _unread(dialect)
    snapshot.start_set = _parsed(run, "ipf set -v", data_filter.parse_general).start_set
    _find_set(run, snapshot)
    if snapshot.own_set is not None:
        snapshot.rules = _rules(run, snapshot.own_set)
    names = _names(wanted)
    _search(run, "object ip obj", snapshot.addresses, objects.parse_ip_object, names["addresses"])
    _search(run, "object ip grp", snapshot.address_groups, objects.parse_group, names["address_groups"])
    _search(run, "object service obj", snapshot.services, objects.parse_service_object, names["services"])
    _search(run, "object service grp", snapshot.service_groups, objects.parse_group, names["service_groups"])
    _read_members(run, "object ip obj", snapshot.addresses, objects.parse_ip_object, snapshot.address_groups)
    _read_members(run, "object service obj", snapshot.services, objects.parse_service_object, snapshot.service_groups)
    return snapshot


def _unread(dialect: Dialect) -> Snapshot:
    return Snapshot(
        start_set=0,
        heads={},
        own_set=None,
        free_set=None,
        rules={},
        addresses=Slots(dialect.ip_objects),
        address_groups=Slots(dialect.ip_groups),
        services=Slots(dialect.service_objects),
        service_groups=Slots(dialect.service_groups),
    )


def empty_snapshot(dialect: Dialect) -> Snapshot:
    """A router on which nothing is in use, its data filter starting at set 1."""
    snapshot = _unread(dialect)
    snapshot.start_set, snapshot.free_set = 1, FILTER_SETS
    snapshot.addresses.read = {
        i: objects.IpObject("", "any", "0.0.0.0", "0.0.0.0") for i in range(1, dialect.ip_objects + 1)
    }
    snapshot.services.read = {i: objects.ServiceObject("", "any", 0, 0) for i in range(1, dialect.service_objects + 1)}
    snapshot.address_groups.read = {i: objects.Group("", ()) for i in range(1, dialect.ip_groups + 1)}
    snapshot.service_groups.read = {i: objects.Group("", ()) for i in range(1, dialect.service_groups + 1)}
    return snapshot


def _find_set(run: Run, snapshot: Snapshot) -> None:
    """Our set: the start set as a rule, otherwise any set with our comment; else one that nobody uses."""

    def head(index: int) -> data_filter.SetHead:
        if index not in snapshot.heads:
            snapshot.heads[index] = _parsed(run, f"ipf set {index} -v", data_filter.parse_set_head)
        return snapshot.heads[index]

    if snapshot.start_set and head(snapshot.start_set).comment in OUR_COMMENTS:
        snapshot.own_set = snapshot.start_set
        return
    highest_first = range(FILTER_SETS, 0, -1)
    heads = {index: head(index) for index in highest_first}
    snapshot.own_set = next((index for index in highest_first if heads[index].comment in OUR_COMMENTS), None)
    if snapshot.own_set is not None:
        return
    in_use = {snapshot.start_set, *(each.next_set for each in heads.values())}
    for index in highest_first:
        unused = not heads[index].comment and not heads[index].next_set and index not in in_use
        if unused and all(rule.untouched for rule in _rules(run, index).values()):
            snapshot.free_set = index
            return


def _rules(run: Run, set_index: int) -> dict[int, data_filter.RuleView]:
    slots = range(1, RULES_PER_SET + 1)
    return {slot: _parsed(run, f"ipf rule {set_index} {slot} -v", data_filter.parse_rule) for slot in slots}


def _names(wanted: Wanted | None) -> dict[str, set[str] | None]:
    kinds = ("addresses", "address_groups", "services", "service_groups")
    return {kind: None if wanted is None else {item.name for item in getattr(wanted, kind)} for kind in kinds}


def _search(
    run: Run, command: str, slots: Slots[Item], parse: Callable[[str], Item | None], names: set[str] | None
) -> None:
    """Read from the top until every name is found, or so many slots are empty that there are no more of ours."""
    missing = set(names or ())
    empty = 0
    for index in range(slots.limit, 0, -1):
        found_all = names is not None and not missing
        if found_all or (empty >= EMPTY_RUN and len(slots.free()) >= len(missing)):
            return
        item = _parsed(run, f"{command} {index} -v", parse)
        slots.read[index] = item
        missing.discard(item.name)
        empty = empty + 1 if item.blank else 0


def _read_members(
    run: Run, command: str, slots: Slots[Item], parse: Callable[[str], Item | None], groups: Slots[objects.Group]
) -> None:
    """What stands in our groups besides our own objects, so that a diff can name who was let in by hand."""
    for group in groups.ours().values():
        for index in group.member_indexes:
            if index not in slots.read and 1 <= index <= slots.limit:
                slots.read[index] = _parsed(run, f"{command} {index} -v", parse)


Parsed = TypeVar("Parsed")


def _parsed(run: Run, command: str, parse: Callable[[str], Parsed | None]) -> Parsed:
    output = run(command)
    parsed = parse(output)
    if parsed is None:
        shown = " / ".join(line.strip() for line in output.splitlines() if line.strip())[:200] or "nothing"
        raise HardeningError(
            f"the router's answer to {command!r} is not in a form that is known ({shown}). Nothing more was written. "
            "Please report the model, the firmware and this answer."
        )
    return parsed
