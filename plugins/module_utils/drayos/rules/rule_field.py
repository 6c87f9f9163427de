# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one row of the table of rule fields can say (rule_fields.py), and what is refused as a contradiction. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.references import (
    ADDRESS_SIDE,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import (
    ANY,
    EVERYWHERE,
    Reference,
    Rule,
    RuleView,
    WantedRule,
)

INCOMING, OUTGOING = 0, 1
ROUTED = {"RT": "ROUTED"}
"""The command takes "RT" and the view prints "Routed" (2.3)."""
TYPES: Mapping[str, tuple[type, ...]] = {"str": (str, type(None)), "int": (int,), "bool": (bool,), "list": (list,)}
"""What the default of each type of option may be."""


class Interfaces(Protocol):
    """What "all interfaces" means on a model."""

    def every_interface(self, direction: str, end: int) -> frozenset[str]:
        """Those of the incoming or the outgoing end."""


class Wanting(Interfaces, Protocol):
    """What a declared rule is compared with."""

    def reference(self, side: tuple[str, ...], name: str | None) -> Reference | None:
        """The slot that a name has, or will have."""

    def refers(self, printed: str, name: str | None, side: tuple[str, ...]) -> bool:
        """Whether the printed reference is the profile of that name."""


class Finding(Interfaces, Protocol):
    """What a printed rule is understood with."""

    def name_of(self, printed: str, side: tuple[str, ...]) -> str | None:
        """The name behind a printed reference, or the print itself where there is none."""


def _no_problems(_value: Any) -> list[str]:
    return []


def _nothing_left(_found: RuleView, _rule: Rule) -> list[str]:
    return []


@dataclass(frozen=True)
class RuleField:
    """One field: an attribute of FilterRule and an option of the module. Raises ValueError for a contradiction."""

    name: str
    description: str
    label: str
    """What the router prints before the value, in lower case."""
    parse: Callable[[str], Any]
    """From the printed to the typed value. Raises ValueError where the print cannot be one of a rule."""
    word: str
    """In a report of what differs."""
    render: Callable[[Rule, RuleView | None], list[str]] | None = None
    """Words of the command that makes a slot the rule; None where ``rendered_by`` names the field that does it."""
    rendered_by: str = ""
    blank: Callable[[RuleView, Rule], list[str]] = _nothing_left
    """Words of a command that goes first and removes what is left over in the slot."""
    say: Callable[[Any], str] | None = None
    """Words for a diff, empty for the default; None where the line begins with it."""
    type: str = "str"
    elements: str = ""
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    problems: Callable[[Any], list[str]] = _no_problems
    """What is wrong with an option's value, in words."""
    always_printed: bool = True
    label_ends: bool = False
    """The printed label only ends with ``label``."""

    def __post_init__(self) -> None:
        checks = {
            "the name is no option's": not re.fullmatch(r"[a-z]+(_[a-z]+)*", self.name),
            "no description, or no full stop at its end": not self.description.endswith("."),
            "no label in lower case": not self.label or self.label != self.label.lower(),
            "no word for a difference": not self.word,
            "rendered here and elsewhere, or nowhere": (self.render is None) != bool(self.rendered_by),
            "rendered by itself": self.rendered_by == self.name,
            "required and a default": self.required and self.default is not None,
            "no such type": self.type not in TYPES,
            "elements and no list, or a list without": (self.type == "list") != bool(self.elements),
            "choices of something else than text": bool(self.choices) and self.type != "str",
            "the default is no choice": bool(self.choices) and not self.required and self.default not in self.choices,
            "the default has another type": not isinstance(self.default, TYPES.get(self.type, object)),
        }
        wrong = [what for what, is_so in checks.items() if is_so]
        if wrong:
            raise ValueError(f"rule field {self.name!r}: {'; '.join(wrong)}")

    @property
    def option(self) -> dict[str, Any]:
        """For the argument spec."""
        option: dict[str, Any] = {"type": self.type}
        if self.elements:
            option["elements"] = self.elements
        if self.required:
            option["required"] = True
        elif self.default is not None:
            option["default"] = self.default
        if self.choices:
            option["choices"] = list(self.choices)
        return option

    # --- between the option and the typed value ---------------------------------------------------------------------

    def accept(self, value: Any) -> Any:
        """The typed value of an option; None and the default mean the same."""
        value = self.default if value is None else value
        return tuple(value) if self.type == "list" else value

    def offer(self, value: Any) -> Any:
        """The option's value for a typed one."""
        return list(value) if self.type == "list" else value

    # --- between what is declared and what is printed ---------------------------------------------------------------

    def resolve(self, _known: Wanting, wanted: WantedRule) -> Any:
        """The value in the rule that is written."""
        return getattr(wanted, self.name)

    def same(self, _known: Wanting, found: RuleView, wanted: WantedRule) -> bool:
        """Whether the router has what is wanted."""
        return bool(getattr(found, self.name) == getattr(wanted, self.name))

    def recognise(self, _known: Finding, found: RuleView) -> Any:
        """What was found, as it would be declared."""
        return getattr(found, self.name)


@dataclass(frozen=True)
class InterfacesField(RuleField):
    """Names of interfaces; none for all of the direction's side."""

    end: int = INCOMING

    def accept(self, value: Any) -> Any:
        return frozenset(value or ())

    def offer(self, value: Any) -> Any:
        return sorted(value)

    def same(self, known: Wanting, found: RuleView, wanted: WantedRule) -> bool:
        printed, names = getattr(found, self.name), getattr(wanted, self.name)
        if names == EVERYWHERE:
            return _everywhere(printed, known.every_interface(wanted.direction, self.end))
        return bool(printed == frozenset(ROUTED.get(name, name) for name in names))

    def recognise(self, known: Finding, found: RuleView) -> Any:
        printed = getattr(found, self.name)
        if _everywhere(printed, known.every_interface(found.direction, self.end)):
            return EVERYWHERE
        as_declared = {shown: word for word, shown in ROUTED.items()}
        return frozenset(as_declared.get(name, name) for name in printed)


@dataclass(frozen=True)
class ReferenceField(RuleField):
    """A profile: by name where it is declared, by slot in the command, and as the router prints it."""

    side: tuple[str, ...] = ADDRESS_SIDE

    def resolve(self, known: Wanting, wanted: WantedRule) -> Any:
        return known.reference(self.side, getattr(wanted, self.name))

    def same(self, known: Wanting, found: RuleView, wanted: WantedRule) -> bool:
        return known.refers(getattr(found, self.name), getattr(wanted, self.name), self.side)

    def recognise(self, known: Finding, found: RuleView) -> Any:
        printed = getattr(found, self.name)
        return None if printed.lower() in (ANY, "") else known.name_of(printed, self.side)


def _everywhere(printed: frozenset[str], every: frozenset[str]) -> bool:
    return every <= printed or "ALL" in printed
