# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules as wanted against rules as the router prints them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import RULES_PER_SET, Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.placement import Placement
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.references import (
    LETTERS,
    expands_to,
    refers_to,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import Snapshot
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import (
    ANY,
    LAN_TO_LAN,
    LAN_TO_WAN,
    WAN_TO_LAN,
    Reference,
    Rule,
    RuleView,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import (
    differences,
    resolved,
    rule_text,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted

Sides = dict[str, tuple[frozenset[str], frozenset[str]]]
"""For each direction, every incoming and every outgoing interface."""


def sides(dialect: Dialect) -> Sides:
    """What "all interfaces" means on this model."""
    wans = frozenset(f"WAN{number}" for number in range(1, dialect.wan_interfaces + 1))
    lans = frozenset(f"LAN{number}" for number in range(1, dialect.lan_interfaces + 1))
    return {
        WAN_TO_LAN: (wans, lans),
        LAN_TO_WAN: (lans, wans),
        LAN_TO_LAN: (lans, lans),
    }


class Comparison:
    """Compares with one router's snapshot. ``reasons`` collects why a set in force is not as wanted."""

    def __init__(self, have: Snapshot, want: Wanted, placement: Placement, dialect: Dialect) -> None:
        self._have, self._placement = have, placement
        self._wanted = {rule.comment: rule for rule in want.rules}
        self._content = _contents(want)
        self._sides = sides(dialect)
        self.reasons: list[str] = []

    def chunks(self, size: int) -> list[list[Rule]]:
        """The wanted rules with their references resolved, set by set."""
        rules = [resolved(self, rule) for rule in self._wanted.values()]
        return [rules[start : start + size] for start in range(0, len(rules), size)]

    def every_interface(self, direction: str, end: int) -> frozenset[str]:
        """See rule_fields.Interfaces."""
        return self._sides[direction][end]

    def reference(self, side: tuple[str, ...], name: str | None) -> Reference | None:
        """See rule_fields.Wanting."""
        if name is None:
            return None
        attribute, index = self._placement.find(side, name)
        return Reference(LETTERS[attribute], index)

    def set_is(self, set_index: int, chunk: Sequence[Rule]) -> bool:
        """Whether a set in force holds exactly these rules."""
        reasons = []
        for slot in range(1, RULES_PER_SET + 1):
            found = self._have.rules[set_index].get(slot)
            if slot > len(chunk):
                if found is not None and found.in_use:
                    reasons.append(f"rule {set_index}:{slot} ({found.comment or 'no comment'}) is not declared")
                continue
            wrong = self.differences(found, chunk[slot - 1]) if found else ["missing"]
            if wrong:
                reasons.append(f"rule {set_index}:{slot} {chunk[slot - 1].comment}: {', '.join(wrong)} differed")
        self.reasons += [reason for reason in reasons if reason not in self.reasons]
        return not reasons

    def differences(self, found: RuleView, rule: Rule) -> list[str]:
        """What is not as wanted, in words; empty where the rule is right."""
        return differences(self, found, self._wanted[rule.comment])

    def refers(self, printed: str, name: str | None, side: tuple[str, ...]) -> bool:
        """See rule_fields.Wanting."""
        if name is None:
            return printed.lower() == ANY
        attribute, index = self._placement.find(side, name)
        found = self._have.slots[attribute].read.get(index)
        if found is None or (found.name != name and (attribute, index) not in self._placement.renamed):
            return False  # the profile is yet to be made, so nothing can refer to it
        return refers_to(printed, attribute, index, found.name) or expands_to(printed, self._content[name])

    def text(self, rule: Rule) -> str:
        """A rule in a few words."""
        return rule_text(self._wanted[rule.comment])


def _contents(want: Wanted) -> dict[str, list[Any]]:
    """The objects behind every name that a rule may use."""
    single: dict[str, Any] = {item.name: item for item in want.every_address()}
    single.update({item.name: item for item in want.services})
    single.update({item.name: item for item in want.countries})
    groups = (*want.every_address_group(), *want.service_groups)
    return {
        **{name: [item] for name, item in single.items()},
        **{group.name: [single[member] for member in group.members] for group in groups},
    }
