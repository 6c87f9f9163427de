# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data filter (draytek.md 2.2, 2.3): general setup, sets and rules, parsed from ``-v`` and rendered as commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import (
    enabled,
    is_nothing,
    labelled_fields,
    small_number,
    words_of_list,
)

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
ROUTED = {"RT": "ROUTED"}
"""A rule is told "RT" and shows "Routed" (2.3)."""
SCHEDULES = 4


@dataclass(frozen=True)
class GeneralSetup:
    """What ``ipf set -v`` shows of the general setup. None where the device does not show it."""

    start_set: int
    """Where the data filter starts; 0 when it is off."""
    default_action: str | None = None
    block_routing_v4: bool | None = None
    block_routing_v6: bool | None = None
    strict: bool | None = None
    large_fragments: bool | None = None
    transparent: bool | None = None


GENERAL_OPTIONS: Mapping[str, str] = {
    "block_routing_v4": '-R "v4 {}"',
    "block_routing_v6": '-R "v6 {}"',
    "strict": "-L {}",
    "large_fragments": "-f {}",
    "transparent": "-t {}",
}
"""The command's option for each switch; 1 is on. ``-R`` takes 1 for "accept routing packets: disable" (2.2)."""


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
    """One of DIRECTION_NUMBERS, otherwise the printed text."""
    source_interfaces: frozenset[str]
    destination_interfaces: frozenset[str]
    source: str
    destination: str
    service: str
    fragments: str
    """One of FRAGMENT_NUMBERS, otherwise the printed text."""
    action: str
    """One of ACTION_NUMBERS, otherwise the printed text in lower case."""
    branch: int | None
    """Set that evaluation goes on in; 0 for none, None where the print cannot be read."""
    log: bool
    schedules: tuple[int, ...]
    """Schedules that limit the rule: it does not always apply."""
    clear_sessions: bool

    @property
    def untouched(self) -> bool:
        """A rule as it leaves the factory."""
        return not self.enabled and not self.comment and self.source.lower() == ANY and self.service.lower() == ANY


@dataclass(frozen=True)
class Reference:
    """What a rule points to: ``kind`` is the command's letter (o, g, o6, g6, c), ``index`` the profile."""

    kind: str
    index: int


@dataclass(frozen=True)
class Rule:
    """A rule that we write, its references resolved to slots; None for anybody, anywhere, any service."""

    comment: str
    action: str = PASS
    direction: str = WAN_TO_LAN
    source: Reference | None = None
    destination: Reference | None = None
    service: Reference | None = None
    source_interfaces: frozenset[str] = EVERYWHERE
    destination_interfaces: frozenset[str] = EVERYWHERE
    fragments: str = "any"
    log: bool = True
    branch: int = 0
    schedules: tuple[int, ...] = ()
    clear_sessions: bool = False
    enabled: bool = True


START_SET = re.compile(r"^Enable\s*\(Start Filter Set\s*=\s*(\d{1,2})\s*\)", re.IGNORECASE)
TICKED = re.compile(r"^\s*\[(?P<mark>[^\]]*)\]\s*(?P<what>.+?)\s*$", re.MULTILINE)


def parse_general(output: str) -> GeneralSetup | None:
    """``ipf set -v``; None where the output is not one."""
    fields = labelled_fields(output)
    value = fields.get("data filter")
    if value is None:
        return None
    match = START_SET.match(value.strip())
    if match is None and value.strip().lower() not in ("disable", "disabled"):
        return None  # a filter that is on and a filter that is off must not be confused
    ticks = {found["what"].lower(): bool(found["mark"].strip()) for found in TICKED.finditer(output)}
    default = fields.get("pass or block", "").strip().lower()
    return GeneralSetup(
        start_set=int(match[1]) if match else 0,
        default_action=default if default in (PASS, BLOCK) else None,
        block_routing_v4=ticks.get("ipv4"),
        block_routing_v6=ticks.get("ipv6"),
        strict=next((on for what, on in ticks.items() if "strict security firewall" in what), None),
        large_fragments=_switch(fields, "accept large incoming"),
        transparent=_switch(fields, "transparent mode"),
    )


def _switch(fields: Mapping[str, str], beginning: str) -> bool | None:
    value = next((value for label, value in fields.items() if label.startswith(beginning)), None)
    return None if value is None else enabled(value)


def parse_set_head(output: str) -> SetHead | None:
    """``ipf set N -v``: the manual says that it shows comment and next set, not in which words; None unless
    both are found."""
    comment: str | None = None
    next_set: int | None = None
    for label, value in labelled_fields(output).items():
        if "comment" in label and comment is None:
            comment = "" if is_nothing(value) else value.strip()
        elif "next" in label and next_set is None:
            digits = re.search(r"\d{1,3}", value)
            next_set = int(digits[0]) if digits else 0
    if comment is None or next_set is None:
        return None
    return SetHead(comment, next_set)


RULE_LABELS = {
    *("status", "comments", "direction", "src interface", "dst interface", "source ip", "destination ip"),
    *("service type", "fragments", "pass or block", "branch to other filter set", "log"),
}


def parse_rule(output: str) -> RuleView | None:
    """``ipf rule S R -v``; None where the output is not one."""
    fields = labelled_fields(output)
    if not fields.keys() >= RULE_LABELS or fields["status"].strip().lower() not in ("enable", "disable"):
        return None  # half an answer must not look like a rule that is off or open
    comment = fields.get("comments", "")
    schedule = next((value for label, value in fields.items() if "schedule setup" in label), "")
    return RuleView(
        enabled=enabled(fields.get("status", "")),
        comment="" if is_nothing(comment) else comment,
        direction=_direction(fields["direction"]),
        source_interfaces=words_of_list(fields.get("src interface", "")),
        destination_interfaces=words_of_list(fields.get("dst interface", "")),
        source=fields.get("source ip", ""),
        destination=fields.get("destination ip", ""),
        service=fields.get("service type", ""),
        fragments=_fragments(fields.get("fragments", "")),
        action=_action(fields["pass or block"]),
        branch=_branch(fields.get("branch to other filter set", "")),
        log=enabled(fields.get("log", "")),
        schedules=_schedules(schedule),
        clear_sessions=enabled(fields.get("clear sessions when schedule is on", "")),
    )


def _direction(printed: str) -> str:
    incoming, arrow, outgoing = (part.strip().upper() for part in printed.partition("->"))
    if not arrow:
        return printed.strip()
    return f"{'wan' if incoming.startswith('WAN') else 'lan'}_to_{'wan' if outgoing.startswith('WAN') else 'lan'}"


def _fragments(printed: str) -> str:
    text = printed.strip().lower()
    known = {"don't care": "any", "unfragmented": "unfragmented", "fragmented": "fragmented", "too short": "too_short"}
    return known.get(text, text)


def _action(printed: str) -> str:
    words = printed.lower().split()
    if len(words) == 2 and words[1] == "immediately":
        return words[0]
    return "_".join(words)


def _branch(printed: str) -> int | None:
    text = printed.strip().lower()
    if text in ("none", ""):
        return 0
    digits = re.search(r"\d{1,3}", text)
    return int(digits[0]) if digits else None


def _schedules(printed: str) -> tuple[int, ...]:
    """A slot that is set but cannot be read counts as schedule 0, which differs from every wanted one."""
    found = [slot.strip() for slot in printed.split(",") if not is_nothing(slot) and slot.strip() != "0"]
    return tuple(small_number(slot) or 0 for slot in found)


def rule_commands(set_index: int, slot: int, rule: Rule, found: RuleView | None) -> list[str]:
    """What makes the slot this rule. Leftovers go first, the rule itself comes in one line and is enabled by it."""
    where = f"ipf rule {set_index} {slot}"
    commands: list[str] = []
    if found is not None and found.schedules:
        commands.append(" ".join([where, *(f'-t "i {number} 0"' for number in range(1, SCHEDULES + 1))]))
    if found is not None and found.source.lower() != ANY:
        commands.append(" ".join([where, *_no_address("-s", rule.source)]))
    if found is not None and found.destination.lower() != ANY:
        commands.append(" ".join([where, *_no_address("-d", rule.destination)]))
    if found is not None and found.service.lower() != ANY:
        kept = rule.service.kind if rule.service else ""
        commands.append(" ".join([where, *(f'-S "{letter} 0"' for letter in ("o", "g") if letter != kept)]))
    words = [where, f"-D {DIRECTION_NUMBERS[rule.direction]}"]
    words += _interfaces("-I", rule.source_interfaces) + _interfaces("-O", rule.destination_interfaces)
    words += _address("-s", rule.source) + _address("-d", rule.destination)
    if rule.service is not None:
        words.append(f'-S "{rule.service.kind} {rule.service.index}"')
    words.append(f"-f {FRAGMENT_NUMBERS[rule.fragments]}")
    words.append(f'-F "{ACTION_NUMBERS[rule.action]} {int(rule.log)}"')
    words.append(f"-N {rule.branch}")
    words += [f'-t "i {number} {profile}"' for number, profile in enumerate(rule.schedules, start=1)]
    if rule.schedules or (found is not None and found.clear_sessions):
        words.append(f'-t "c {int(rule.clear_sessions)}"')
    words += [f"-M {rule.comment}", f"-e {int(rule.enabled)}"]
    commands.append(" ".join(words))
    return commands


FIELDS = {"o": (1, 2), "g": (1, 2), "o6": (1, 2, 3), "g6": (1,), "c": (1,)}
"""The places of each kind of reference in a rule. For countries the manual names none; one is assumed."""


def _no_address(option: str, kept: Reference | None) -> list[str]:
    """Blanks every place that may hold a reference, but for the one that is written anyway: how a reference is printed
    is not documented, so which place holds it is not known."""
    return [
        f'{option} "{kind} {place} 0"'
        for kind, places in FIELDS.items()
        for place in places
        if kept is None or (kept.kind, 1) != (kind, place)
    ]


def _address(option: str, reference: Reference | None) -> list[str]:
    return [] if reference is None else [f'{option} "{reference.kind} 1 {reference.index}"']


def _interfaces(option: str, names: frozenset[str]) -> list[str]:
    if names == EVERYWHERE:
        return [f'{option} "e all"']
    return [f'{option} "d all"', f'{option} "e {",".join(sorted(names))}"']


def disable_rule_command(set_index: int, slot: int) -> str:
    """The only documented way to take a rule out."""
    return f"ipf rule {set_index} {slot} -e 0"
