# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a rule, one row each. Parsing, commands, the module's options and their documentation, the comparison,
``gathered`` and the diff follow from it (rule_forms.py). Pure.

Sources: draytek.md 2.3 (options and printed labels), 6 (gaps).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import COMMENT_LENGTH, FILTER_SETS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import name_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.references import (
    ADDRESS_SIDE,
    SERVICE_SIDE,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import (
    ACTION_NUMBERS,
    ANY,
    DIRECTION_NUMBERS,
    EVERYWHERE,
    FRAGMENT_NUMBERS,
    WAN_TO_LAN,
    FilterRule,
    Reference,
    Rule,
    RuleView,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_field import (
    INCOMING,
    OUTGOING,
    InterfacesField,
    ReferenceField,
    RuleField,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import (
    enabled,
    is_nothing,
    small_number,
    words_of_list,
)

SCHEDULE_SLOTS = 4
SCHEDULES = range(1, 16)
PLACES = {"o": (1, 2), "g": (1, 2), "o6": (1, 2, 3), "g6": (1,), "c": (1,)}
"""The places of each kind of reference in a rule. For countries the manual names none; one is assumed."""


# --- parsing ---------------------------------------------------------------------------------------------------------


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


def _comment(printed: str) -> str:
    return "" if is_nothing(printed) else printed


def _status(printed: str) -> bool:
    if printed.strip().lower() not in ("enable", "disable"):
        raise ValueError(printed)  # half an answer must not look like a rule that is off
    return enabled(printed)


# --- rendering -------------------------------------------------------------------------------------------------------


def _interfaces(option: str, names: frozenset[str]) -> list[str]:
    if names == EVERYWHERE:
        return [f'{option} "e all"']
    return [f'{option} "d all"', f'{option} "e {",".join(sorted(names))}"']


def _address(option: str, reference: Reference | None) -> list[str]:
    return [] if reference is None else [f'{option} "{reference.kind} 1 {reference.index}"']


def _no_address(option: str, printed: str, kept: Reference | None) -> list[str]:
    """Blanks every place that may hold a reference, but for the one that is written anyway: how a reference is printed
    is not documented, so which place holds it is not known."""
    if printed.lower() == ANY:
        return []
    return [
        f'{option} "{kind} {place} 0"'
        for kind, places in PLACES.items()
        for place in places
        if kept is None or (kept.kind, 1) != (kind, place)
    ]


def _no_service(found: RuleView, rule: Rule) -> list[str]:
    if found.services.lower() == ANY:
        return []
    kept = rule.services.kind if rule.services else ""
    return [f'-S "{letter} 0"' for letter in ("o", "g") if letter != kept]


def _no_schedules(found: RuleView, _rule: Rule) -> list[str]:
    return [f'-t "i {number} 0"' for number in range(1, SCHEDULE_SLOTS + 1)] if found.schedules else []


def _clear_sessions(rule: Rule, found: RuleView | None) -> list[str]:
    written = rule.schedules or rule.clear_sessions or (found is not None and found.clear_sessions)
    return [f'-t "c {int(rule.clear_sessions)}"'] if written else []


# --- checks ----------------------------------------------------------------------------------------------------------

INTERFACE = re.compile(r"^(LAN\d{1,3}|WAN\d{1,2}|RT|VPN)\Z")


def _no_interfaces(names: Iterable[str]) -> list[str]:
    return [
        f"{name!r} is not LAN1, LAN2 ..., WAN1, WAN2 ..., RT or VPN."
        for name in sorted(names)
        if not INTERFACE.match(name)
    ]


def _no_branch(branch: int) -> list[str]:
    return [] if 0 <= branch <= FILTER_SETS else [f"{branch} is not a filter set from 1 to {FILTER_SETS}."]


def _wrong_schedules(schedules: tuple[int, ...]) -> list[str]:
    if len(schedules) > SCHEDULE_SLOTS or any(number not in SCHEDULES for number in schedules):
        return [f"{list(schedules)} must be at most four numbers from 1 to 15."]
    return []


def _words(text: str) -> Callable[[Any], str]:
    return lambda value: text.format(value) if value else ""


def _names(text: str) -> Callable[[Any], str]:
    return lambda names: text.format("/".join(sorted(names))) if names else ""


# --- the table -------------------------------------------------------------------------------------------------------

FIELDS: tuple[RuleField, ...] = (
    RuleField(
        "direction",
        "Which way the packet goes. The LAN side includes DMZ, routed subnet and VPN.",
        label="direction",
        parse=_direction,
        word="direction",
        render=lambda rule, _found: [f"-D {DIRECTION_NUMBERS[rule.direction]}"],
        say=lambda value: "" if value == WAN_TO_LAN else value.replace("_", " "),
        default=WAN_TO_LAN,
        choices=tuple(DIRECTION_NUMBERS),
    ),
    InterfacesField(
        "source_interfaces",
        "Interfaces that the packet comes in by, such as V(WAN1) or V(LAN2); all of the direction's side by default.",
        label="src interface",
        parse=words_of_list,
        word="incoming interfaces",
        render=lambda rule, _found: _interfaces("-I", rule.source_interfaces),
        say=_names("in {}"),
        type="list",
        elements="str",
        default=[],
        problems=_no_interfaces,
        end=INCOMING,
    ),
    InterfacesField(
        "destination_interfaces",
        "Interfaces that the packet leaves by; all of the direction's side by default.",
        label="dst interface",
        parse=words_of_list,
        word="outgoing interfaces",
        render=lambda rule, _found: _interfaces("-O", rule.destination_interfaces),
        say=_names("out {}"),
        type="list",
        elements="str",
        default=[],
        problems=_no_interfaces,
        end=OUTGOING,
    ),
    ReferenceField(
        "sources",
        "Name of an address group, address object or country object; anyone by default. A rule that passes from the "
        "internet must have it.",
        label="source ip",
        parse=str,
        word="source",
        render=lambda rule, _found: _address("-s", rule.sources),
        blank=lambda found, rule: _no_address("-s", found.sources, rule.sources),
        side=ADDRESS_SIDE,
    ),
    ReferenceField(
        "destinations",
        "Name of an address group, address object or country object; everywhere by default. The router sees the "
        "address inside, after NAT.",
        label="destination ip",
        parse=str,
        word="destination",
        render=lambda rule, _found: _address("-d", rule.destinations),
        blank=lambda found, rule: _no_address("-d", found.destinations, rule.destinations),
        say=_words("to {}"),
        side=ADDRESS_SIDE,
    ),
    ReferenceField(
        "services",
        "Name of a service group or service object; every port by default.",
        label="service type",
        parse=str,
        word="service",
        render=lambda rule, _found: (
            [f'-S "{rule.services.kind} {rule.services.index}"'] if rule.services is not None else []
        ),
        blank=_no_service,
        side=SERVICE_SIDE,
    ),
    RuleField(
        "fragments",
        "Which packets, by fragmentation.",
        label="fragments",
        parse=_fragments,
        word="fragments",
        render=lambda rule, _found: [f"-f {FRAGMENT_NUMBERS[rule.fragments]}"],
        say=lambda value: "" if value == "any" else f"fragments {value}",
        default="any",
        choices=tuple(FRAGMENT_NUMBERS),
    ),
    RuleField(
        "action",
        "What happens to a matching packet. V(pass) and V(block) decide at once.",
        label="pass or block",
        parse=_action,
        word="action",
        render=lambda rule, _found: [f'-F "{ACTION_NUMBERS[rule.action]} {int(rule.log)}"'],
        required=True,
        choices=tuple(ACTION_NUMBERS),
    ),
    RuleField(
        "log",
        "Whether the router logs matching packets.",
        label="log",
        parse=enabled,
        word="log",
        rendered_by="action",
        say=_words("logged"),
        type="bool",
        default=True,
    ),
    RuleField(
        "branch",
        "Number of another filter set in which evaluation goes on, without coming back; V(0) for none.",
        label="branch to other filter set",
        parse=_branch,
        word="branch",
        render=lambda rule, _found: [f"-N {rule.branch}"],
        say=_words("then set {}"),
        type="int",
        default=0,
        problems=_no_branch,
    ),
    RuleField(
        "schedules",
        "Up to four of the router's schedules, V(1) to V(15), outside which the rule does not apply.",
        label="schedule setup",
        label_ends=True,
        always_printed=False,
        parse=_schedules,
        word="schedule",
        render=lambda rule, _found: [f'-t "i {n} {profile}"' for n, profile in enumerate(rule.schedules, start=1)],
        blank=_no_schedules,
        say=lambda value: f"in schedules {', '.join(map(str, value))}" if value else "",
        type="list",
        elements="int",
        default=[],
        problems=_wrong_schedules,
    ),
    RuleField(
        "clear_sessions",
        "Whether running sessions end when a schedule begins.",
        label="clear sessions when schedule is on",
        always_printed=False,
        parse=enabled,
        word="clear sessions",
        render=_clear_sessions,
        say=_words("sessions cleared"),
        type="bool",
        default=False,
    ),
    RuleField(
        "comment",
        "Comment, by which the rule is recognised on the router.",
        label="comments",
        parse=_comment,
        word="comment",
        render=lambda rule, _found: [f"-M {rule.comment}"],
        required=True,
        problems=lambda value: name_problem(value, COMMENT_LENGTH),
    ),
    RuleField(
        "enabled",
        "Whether the rule is active. A rule that is not stays on the router, disabled.",
        label="status",
        parse=_status,
        word="enabled",
        render=lambda rule, _found: [f"-e {int(rule.enabled)}"],
        say=lambda value: "" if value else "disabled",
        type="bool",
        default=True,
    ),
)
"""In the order of the command: what a rule is comes first, and it is enabled last."""


def check_table(fields: Iterable[RuleField]) -> None:
    """Raises ValueError where the rows contradict one another, or FilterRule."""
    rows = tuple(fields)
    names = [row.name for row in rows]
    attributes = {attribute.name for attribute in dataclasses.fields(FilterRule)}
    if len(set(names)) != len(names) or set(names) != attributes:
        raise ValueError(f"rule fields {sorted(attributes ^ set(names))} are not in both, or twice in the table")
    labels = [row.label for row in rows]
    if len(set(labels)) != len(labels):
        raise ValueError("two rule fields have the same label")
    for row in rows:
        if row.rendered_by and row.rendered_by not in {other.name for other in rows if other.render}:
            raise ValueError(f"rule field {row.name!r}: {row.rendered_by!r} does not render it")


check_table(FIELDS)
REFERENCES = tuple(row for row in FIELDS if isinstance(row, ReferenceField))
OPTIONS: dict[str, Any] = {row.name: row.option for row in FIELDS}
"""The argument spec of a rule."""


def documentation() -> dict[str, Any]:
    """The suboptions of a rule, as the module documents them."""
    return {row.name: {"description": row.description, **row.option} for row in FIELDS}
