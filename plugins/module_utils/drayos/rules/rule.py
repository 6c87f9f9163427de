# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule of the data filter (draytek.md 2.3) as declared, with its references resolved to slots, and as the router
prints it. What each field means, and how it is read and written, is in rule_fields.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import NAME_FREE, PREFIX

LAN_TO_WAN, WAN_TO_LAN, LAN_TO_LAN = "lan_to_wan", "wan_to_lan", "lan_to_lan"
DIRECTION_NUMBERS = {LAN_TO_WAN: 0, WAN_TO_LAN: 1, LAN_TO_LAN: 2}
PASS, BLOCK = "pass", "block"
"""Both "immediately": the two actions that a later rule cannot undo (2.5)."""
PASS_UNLESS, BLOCK_UNLESS = "pass_if_no_further_match", "block_if_no_further_match"
ACTION_NUMBERS = {PASS: 0, BLOCK: 1, PASS_UNLESS: 2, BLOCK_UNLESS: 3}
FRAGMENT_NUMBERS = {"any": 0, "unfragmented": 1, "fragmented": 2, "too_short": 3}
ANY = "any"
EVERYWHERE: frozenset[str] = frozenset()
"""All interfaces of a side."""

Ref = TypeVar("Ref")


@dataclass(frozen=True)
class Reference:
    """What a rule points to: ``kind`` is the command's letter (o, g, o6, g6, c), ``index`` the profile."""

    kind: str
    index: int


@dataclass(frozen=True)
class FilterRule(Generic[Ref]):
    """The fields of a rule. Their defaults are in rule_fields.py."""

    comment: str
    action: str
    direction: str
    sources: Ref
    destinations: Ref
    services: Ref
    source_interfaces: frozenset[str]
    destination_interfaces: frozenset[str]
    fragments: str
    log: bool
    branch: int | None
    """Set that evaluation goes on in; 0 for none, None where the print cannot be read."""
    schedules: tuple[int, ...]
    """Schedules that limit the rule: it does not always apply."""
    clear_sessions: bool
    enabled: bool


class WantedRule(FilterRule["str | None"]):
    """A rule as declared, its references by name; None for anybody, anywhere, any service."""


class Rule(FilterRule["Reference | None"]):
    """A rule that we write, its references resolved to slots."""


class RuleView(FilterRule[str]):
    """A rule as the router prints it. References are kept as printed, because how they look is not documented (6,
    gaps); so are a direction, an action and fragments that are not known."""

    sources: str
    destinations: str
    services: str

    @property
    def untouched(self) -> bool:
        """A rule as it leaves the factory."""
        return not self.enabled and not self.comment and self.sources.lower() == ANY and self.services.lower() == ANY

    @property
    def in_use(self) -> bool:
        """Active, or declared and disabled: a slot of ours that is out of use has the comment vs_free."""
        return self.enabled or (self.comment.startswith(PREFIX) and self.comment != NAME_FREE)
