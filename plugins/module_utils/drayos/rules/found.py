# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of a router, in the form of what can be wanted: for merging, for a diff, and to be used again as
config. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import COMMENT_DONE, NAME_OLD
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles import objects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.placement import MEMBER_TABLE, meaning
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.compare import Sides, sides
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.describe import as_config
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import Snapshot
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import (
    BLOCK,
    BLOCK_UNLESS,
    EVERYWHERE,
    WantedRule,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_fields import REFERENCES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import recognised
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted, WantedGroup


def as_wanted(have: Snapshot, dialect: Dialect) -> Wanted:
    """Our own part of what was found. A reference that cannot be told stays as the router prints it."""
    known = _Known(have, sides(dialect))
    rules = tuple(recognised(known, rule) for index in have.chain for rule in have.rules[index].values() if rule.in_use)
    return Wanted(
        addresses=tuple(_ours(have, "addresses")),
        addresses6=tuple(_ours(have, "addresses6")),
        address_groups=_groups(have, "address_groups"),
        address_groups6=_groups(have, "address_groups6"),
        services=tuple(_ours(have, "services")),
        service_groups=_groups(have, "service_groups"),
        countries=tuple(_ours(have, "countries")),
        rules=rules,
        general={
            field.name: getattr(have.general, field.name)
            for field in dataclasses.fields(have.general)
            if field.name != "start_set" and getattr(have.general, field.name) is not None
        },
        sip_alg=have.sip_alg,
    )


def merged(have: Snapshot, want: Wanted, dialect: Dialect) -> Wanted:
    """``want`` added to what is ours already. New rules stand before the first rule that blocks, new blocks at the end,
    so that nothing new is shadowed. Raises HardeningError where a rule of ours cannot be understood."""
    found = as_wanted(have, dialect)
    names = {name for kind in objects.KINDS for name in (item.name for item in getattr(found, kind.attribute))}
    for rule in found.rules:
        for reference in (getattr(rule, row.name) for row in REFERENCES):
            if reference is not None and reference not in names:
                raise HardeningError(
                    f"state: merged keeps the rule {rule.comment}, which refers to {reference!r}, not a "
                    "profile of this collection. Use state: replaced and declare all rules. Nothing was written."
                )
    kinds: dict[str, Any] = {
        kind.attribute: _united(getattr(found, kind.attribute), getattr(want, kind.attribute)) for kind in objects.KINDS
    }
    return dataclasses.replace(want, rules=_merged_rules(found.rules, want.rules), **kinds)


def _united(found: Sequence[Any], wanted: Sequence[Any]) -> tuple[Any, ...]:
    """By name; what is wanted counts. A slot that was set aside is about to go."""
    by_name = {item.name: item for item in found if not item.name.startswith(NAME_OLD)}
    return tuple({**by_name, **{item.name: item for item in wanted}}.values())


def _merged_rules(found: Sequence[WantedRule], wanted: Sequence[WantedRule]) -> tuple[WantedRule, ...]:
    by_comment = {rule.comment: rule for rule in wanted}
    rules = [by_comment.pop(rule.comment, rule) for rule in found]
    blocking = (BLOCK, BLOCK_UNLESS)
    first_block = next((i for i, rule in enumerate(rules) if rule.action in blocking), len(rules))
    rules[first_block:first_block] = [rule for rule in by_comment.values() if rule.action not in blocking]
    return (*rules, *(rule for rule in by_comment.values() if rule.action in blocking))


def _ours(have: Snapshot, attribute: str) -> Iterable[Any]:
    return (item for _index, item in sorted(have.slots[attribute].ours().items(), reverse=True))


def _groups(have: Snapshot, attribute: str) -> tuple[WantedGroup, ...]:
    table = have.slots[MEMBER_TABLE[attribute]].read

    def name(index: int) -> str:
        return (table[index].name if index in table else "") or f"profile {index}"

    return tuple(
        WantedGroup(group.name, tuple(name(index) for index in group.member_indexes))
        for group in _ours(have, attribute)
    )


@dataclass(frozen=True)
class _Known:
    """What a printed rule is understood with: see rule_fields.Finding."""

    have: Snapshot
    sides: Sides

    def every_interface(self, direction: str, end: int) -> frozenset[str]:
        return self.sides.get(direction, (EVERYWHERE, EVERYWHERE))[end]

    def name_of(self, printed: str, side: tuple[str, ...]) -> str | None:
        found = meaning(self.have, printed, side)
        tables = self.have.slots
        names = [tables[attribute].read[index].name for attribute, index in found if index in tables[attribute].read]
        return names[0] if names and names[0] else printed


def as_found(have: Snapshot, dialect: Dialect) -> dict[str, Any]:
    """What was read, in the shape of ``config`` with what stands around it."""
    exposures = [exposure.label for exposure in have.exposures or ()]
    return {
        "start_set": have.start_set,
        "sets": have.chain,
        "next_set": have.tail,
        "saved": have.comment == COMMENT_DONE,
        "config": as_config(as_wanted(have, dialect)),
        "exposures": exposures,
    }
