# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data filter (draytek.md 2.2, 2.3): general setup, sets and rules, parsed from ``-v`` and rendered as commands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import (
    enabled,
    is_nothing,
    labelled_fields,
    words_of_list,
)

WAN_TO_LAN = 1
PASS, BLOCK = "pass", "block"
ACTION_NUMBERS = {PASS: 0, BLOCK: 1}
"""Both "immediately": the only two actions that a later rule cannot undo (2.5)."""
ANY = "any"


@dataclass(frozen=True)
class GeneralSetup:
    """Where the data filter starts; 0 when it is off."""

    start_set: int


@dataclass(frozen=True)
class SetHead:
    """A filter set's comment and the set that follows it; 0 for none."""

    comment: str
    next_set: int


@dataclass(frozen=True)
class RuleView:
    """A rule as the device prints it. References are kept as printed: how they look is not documented (6, gaps)."""

    enabled: bool
    comment: str
    direction: str
    source_interfaces: frozenset[str]
    destination_interfaces: frozenset[str]
    source: str
    destination: str
    service: str
    fragments: str
    action: str
    """"pass" or "block" for the immediate actions, otherwise the printed text in lower case."""
    branch: str
    log: bool
    schedules: int
    """How many schedule slots are set: a scheduled rule does not always apply."""

    @property
    def untouched(self) -> bool:
        """A rule as it leaves the factory."""
        return not self.enabled and not self.comment and self.source.lower() == ANY and self.service.lower() == ANY


@dataclass(frozen=True)
class Rule:
    """A rule that we write: WAN to LAN, one address group or anybody, one service group, decided at once."""

    comment: str
    action: str
    source_group: int | None
    """Index of the address group; None for anybody."""
    service_group: int
    log: bool = True


START_SET = re.compile(r"Start Filter Set\s*=\s*(\d+)", re.IGNORECASE)


def parse_general(output: str) -> GeneralSetup | None:
    """``ipf set -v``; None where the output is not one."""
    value = labelled_fields(output).get("data filter")
    if value is None:
        return None
    match = START_SET.search(value)
    return GeneralSetup(int(match[1]) if match and enabled(value) else 0)


def parse_set_head(output: str) -> SetHead | None:
    """``ipf set N -v``: the manual says that it shows comment and next set, not in which words; None if neither is
    found."""
    comment: str | None = None
    next_set: int | None = None
    for label, value in labelled_fields(output).items():
        if "comment" in label and comment is None:
            comment = "" if is_nothing(value) else value.strip()
        elif "next" in label and next_set is None:
            digits = re.search(r"\d+", value)
            next_set = int(digits[0]) if digits else 0
    if comment is None and next_set is None:
        return None
    return SetHead(comment or "", next_set or 0)


def parse_rule(output: str) -> RuleView | None:
    """``ipf rule S R -v``; None where the output is not one."""
    fields = labelled_fields(output)
    if "pass or block" not in fields or "direction" not in fields:
        return None
    comment = fields.get("comments", "")
    schedule = next((value for label, value in fields.items() if "schedule setup" in label), "")
    return RuleView(
        enabled=enabled(fields.get("status", "")),
        comment="" if is_nothing(comment) else comment,
        direction=" ".join(fields["direction"].split()),
        source_interfaces=words_of_list(fields.get("src interface", "")),
        destination_interfaces=words_of_list(fields.get("dst interface", "")),
        source=fields.get("source ip", ""),
        destination=fields.get("destination ip", ""),
        service=fields.get("service type", ""),
        fragments=fields.get("fragments", ""),
        action=_action(fields["pass or block"]),
        branch=fields.get("branch to other filter set", ""),
        log=enabled(fields.get("log", "")),
        schedules=sum(1 for slot in schedule.split(",") if not is_nothing(slot) and slot.strip() != "0"),
    )


def _action(printed: str) -> str:
    words = printed.lower().split()
    return words[0] if len(words) == 2 and words[1] == "immediately" else " ".join(words)


def rule_command(set_index: int, slot: int, rule: Rule, found: RuleView | None) -> list[str]:
    """One line that makes the slot this rule, so that no half of it is ever in force; schedules go first."""
    commands: list[str] = []
    if found is not None and found.schedules:
        commands.extend(f'ipf rule {set_index} {slot} -t "i {number} 0"' for number in range(1, 5))
    source = (
        f'-s "g 1 {rule.source_group or 0}" ' if rule.source_group or (found and found.source.lower() != ANY) else ""
    )
    destination = '-d "g 1 0" ' if found is not None and found.destination.lower() != ANY else ""
    commands.append(
        f'ipf rule {set_index} {slot} -D {WAN_TO_LAN} -I "e all" -O "e all" {source}{destination}'
        f'-S "g {rule.service_group}" -f 0 -F "{ACTION_NUMBERS[rule.action]} {int(rule.log)}" -N 0 '
        f"-M {rule.comment} -e 1"
    )
    return commands


def disable_rule_command(set_index: int, slot: int) -> str:
    """The only documented way to take a rule out."""
    return f"ipf rule {set_index} {slot} -e 0"
