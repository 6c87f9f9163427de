# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule from one form to another, as the table of its fields says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import NAME_FREE
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import (
    Rule,
    RuleView,
    WantedRule,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_field import (
    Finding,
    ReferenceField,
    Wanting,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_fields import FIELDS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import (
    labelled_fields,
)


def parse_rule(output: str) -> RuleView | None:
    """``ipf rule S R -v``; None where the output is not one."""
    printed = labelled_fields(output)
    values = {}
    for row in FIELDS:
        text = printed.get(row.label)
        if row.label_ends:
            text = next((value for label, value in printed.items() if label.endswith(row.label)), None)
        if text is None and row.always_printed:
            return None  # half an answer must not look like a rule that is off or open
        try:
            values[row.name] = row.parse(text or "")
        except ValueError:
            return None
    return RuleView(**values)


def rule_commands(set_index: int, slot: int, rule: Rule, found: RuleView | None) -> list[str]:
    """What makes the slot this rule. Leftovers go first, the rule itself comes in one line and is enabled by it."""
    where = f"ipf rule {set_index} {slot}"
    lines = [row.blank(found, rule) for row in FIELDS] if found is not None else []
    lines.append([word for row in FIELDS if row.render is not None for word in row.render(rule, found)])
    return [" ".join([where, *words]) for words in lines if words]


def retire_command(set_index: int, slot: int) -> str:
    """Takes a rule out of use: there is no command that deletes one. Without its comment a disabled rule of ours could
    not be told from a declared one."""
    return f"ipf rule {set_index} {slot} -M {NAME_FREE} -e 0"


def wanted_rule(entry: Mapping[str, Any], names: Mapping[tuple[str, ...], set[str]], problems: list[str]) -> WantedRule:
    """The option's entry in typed form; what is wrong goes to ``problems``. ``names``: what a rule may refer to, by
    side."""
    where = f"config.rules ({entry['comment']})"
    values = {}
    for row in FIELDS:
        value = values[row.name] = row.accept(entry.get(row.name))
        problems += [f"{where}.{row.name}: {problem}" for problem in row.problems(value)]
        if isinstance(row, ReferenceField) and value is not None and value not in names[row.side]:
            declared = ", ".join(sorted(names[row.side])) or "none declared"
            problems.append(f"{where}.{row.name}: {value!r} is not one of {declared}.")
    return WantedRule(**values)


def resolved(known: Wanting, wanted: WantedRule) -> Rule:
    """The rule that is written."""
    return Rule(**{row.name: row.resolve(known, wanted) for row in FIELDS})


def differences(known: Wanting, found: RuleView, wanted: WantedRule) -> list[str]:
    """What is not as wanted, in words; empty where the rule is right."""
    return [row.word for row in FIELDS if not row.same(known, found, wanted)]


def recognised(known: Finding, found: RuleView) -> WantedRule:
    """What was found, as it would be declared."""
    values = {row.name: row.recognise(known, found) for row in FIELDS}
    unknown = {row.name: row.accept(None) for row in FIELDS if values[row.name] is None}
    return WantedRule(**{**values, **unknown})


def as_option(wanted: WantedRule) -> dict[str, Any]:
    """A rule in the shape of the module's option; what is empty by default is left out."""
    offered = [(row, row.offer(getattr(wanted, row.name))) for row in FIELDS]
    return {row.name: value for row, value in offered if value or value != row.default}


def rule_line(wanted: WantedRule) -> str:
    """A rule for a diff: ``vs_allow_1: pass vs_svc_1 from vs_peers_1, logged``."""
    beginning = f"{wanted.comment}: {rule_text(wanted)}"
    said = (row.say(getattr(wanted, row.name)) for row in FIELDS if row.say is not None)
    return ", ".join([beginning, *(words for words in said if words)])


def rule_text(wanted: WantedRule) -> str:
    """``pass vs_svc_1 from vs_peers_1``."""
    action, services = wanted.action.replace("_", " "), wanted.services or "everything"
    return f"{action} {services} from {wanted.sources or 'anyone'}"
