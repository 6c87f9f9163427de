# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules as wanted against rules as the router prints them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import RULES_PER_SET, Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.placement import (
    ADDRESS_SIDE,
    SERVICE_SIDE,
    Placement,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.references import (
    LETTERS,
    expands_to,
    refers_to,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules import filter as data_filter
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import Snapshot
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted, WantedRule

Sides = dict[str, tuple[frozenset[str], frozenset[str]]]
"""For each direction, every incoming and every outgoing interface."""


def sides(dialect: Dialect) -> Sides:
    """What "all interfaces" means on this model."""
    wans = frozenset(f"WAN{number}" for number in range(1, dialect.wan_interfaces + 1))
    lans = frozenset(f"LAN{number}" for number in range(1, dialect.lan_interfaces + 1))
    return {
        data_filter.WAN_TO_LAN: (wans, lans),
        data_filter.LAN_TO_WAN: (lans, wans),
        data_filter.LAN_TO_LAN: (lans, lans),
    }


class Comparison:
    """Compares with one router's snapshot. ``reasons`` collects why a set in force is not as wanted."""

    def __init__(self, have: Snapshot, want: Wanted, placement: Placement, dialect: Dialect) -> None:
        self._have, self._placement = have, placement
        self._wanted = {rule.comment: rule for rule in want.rules}
        self._content = _contents(want)
        self._sides = sides(dialect)
        self.reasons: list[str] = []

    def chunks(self, size: int) -> list[list[data_filter.Rule]]:
        """The wanted rules with their references resolved, set by set."""
        rules = [self._resolve(rule) for rule in self._wanted.values()]
        return [rules[start : start + size] for start in range(0, len(rules), size)]

    def _resolve(self, rule: WantedRule) -> data_filter.Rule:
        return data_filter.Rule(
            comment=rule.comment,
            action=rule.action,
            direction=rule.direction,
            source=self._reference(ADDRESS_SIDE, rule.sources),
            destination=self._reference(ADDRESS_SIDE, rule.destinations),
            service=self._reference(SERVICE_SIDE, rule.services),
            source_interfaces=rule.source_interfaces,
            destination_interfaces=rule.destination_interfaces,
            fragments=rule.fragments,
            log=rule.log,
            branch=rule.branch,
            schedules=rule.schedules,
            clear_sessions=rule.clear_sessions,
            enabled=rule.enabled,
        )

    def _reference(self, side: Sequence[str], name: str | None) -> data_filter.Reference | None:
        if name is None:
            return None
        attribute, index = self._placement.find(side, name)
        return data_filter.Reference(LETTERS[attribute], index)

    def set_is(self, set_index: int, chunk: Sequence[data_filter.Rule]) -> bool:
        """Whether a set in force holds exactly these rules."""
        reasons = []
        for slot in range(1, RULES_PER_SET + 1):
            found = self._have.rules[set_index].get(slot)
            if slot > len(chunk):
                if found is not None and found.enabled:
                    reasons.append(f"rule {set_index}:{slot} ({found.comment or 'no comment'}) is not declared")
                continue
            wrong = self.differences(found, chunk[slot - 1]) if found else ["missing"]
            if wrong:
                reasons.append(f"rule {set_index}:{slot} {chunk[slot - 1].comment}: {', '.join(wrong)} differed")
        self.reasons += [reason for reason in reasons if reason not in self.reasons]
        return not reasons

    def differences(self, found: data_filter.RuleView, rule: data_filter.Rule) -> list[str]:
        """What is not as wanted, in words; empty where the rule is right."""
        if not rule.enabled and not found.enabled and found.comment == rule.comment:
            return []
        wanted = self._wanted[rule.comment]
        incoming, outgoing = self._sides[rule.direction]
        checks = {
            "enabled": found.enabled == rule.enabled,
            "comment": found.comment == rule.comment,
            "direction": found.direction == rule.direction,
            "incoming interfaces": _covers(found.source_interfaces, rule.source_interfaces, incoming),
            "outgoing interfaces": _covers(found.destination_interfaces, rule.destination_interfaces, outgoing),
            "source": self._same(found.source, wanted.sources, ADDRESS_SIDE),
            "destination": self._same(found.destination, wanted.destinations, ADDRESS_SIDE),
            "service": self._same(found.service, wanted.services, SERVICE_SIDE),
            "fragments": found.fragments == rule.fragments,
            "action": found.action == rule.action,
            "branch": found.branch == rule.branch,
            "log": found.log == rule.log,
            "schedule": found.schedules == rule.schedules,
            "clear sessions": found.clear_sessions == rule.clear_sessions,
        }
        return [name for name, right in checks.items() if not right]

    def _same(self, printed: str, name: str | None, side: Sequence[str]) -> bool:
        if name is None:
            return printed.lower() == data_filter.ANY
        attribute, index = self._placement.find(side, name)
        found = self._have.slots[attribute].read.get(index)
        if found is None or (found.name != name and (attribute, index) not in self._placement.renamed):
            return False  # the profile is yet to be made, so nothing can refer to it
        return refers_to(printed, attribute, index, found.name) or expands_to(printed, self._content[name])

    def text(self, rule: data_filter.Rule) -> str:
        """A rule in a few words."""
        wanted = self._wanted[rule.comment]
        return rule_text(wanted.action, wanted.services or "everything", wanted.sources or "anybody")


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


def rule_text(action: str, services: str, sources: str) -> str:
    """``pass vs_svc_1 from vs_peers_1``."""
    return f"{action.replace('_', ' ')} {services} from {sources}"


def _covers(found: frozenset[str], wanted: frozenset[str], every: frozenset[str]) -> bool:
    if wanted == data_filter.EVERYWHERE:
        return every <= found or "ALL" in found
    return found == frozenset(data_filter.ROUTED.get(name, name) for name in wanted)
