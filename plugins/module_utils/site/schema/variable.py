# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One row for each variable of the declaration: the metadata of a dataclass's field.

A row is written as the default of the field that holds the variable's value, so the typed model, the argument spec, the
messages and the generated pages (tools/build_declaration_docs.py) follow from it. Texts are Markdown with `backticks`.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid

ROW = "declaration"
"""Key of the row in a field's metadata."""
KINDS = ("str", "int", "bool", "raw", "dict")
SECRET_NAME = re.compile(r"pass(word|wd|phrase)?$|secret|token")


@dataclass(frozen=True)
class Variable:
    """What is known of one variable. Contradictions are refused when it is made, which is when the module is loaded."""

    kind: str
    """Ansible's type of the value, or of each value where ``many`` is set."""
    meaning: str
    noun: str = ""
    """What is needed, with its article: ``a port``. Not for mappings and choices, where it follows from them."""
    plural: str = ""
    """What a list is a list of: ``ports``."""
    many: bool = False
    least: int = 0
    """Fewest entries of a list."""
    example: Any = None
    """As one would declare it; of a list one entry, or some."""
    required: bool = False
    default: Any = None
    """As one would declare it; None where nothing is assumed, or where that depends on other variables."""
    without: str = ""
    """What holds where nothing is declared, if ``default`` does not say it."""
    checked: str = ""
    """In words, beside type and choices."""
    choices: tuple[str, ...] = ()
    bounds: tuple[Any, Any] | None = None
    """Least and greatest value, both valid, as one would declare them."""
    why: str = ""
    """The reason for the bounds."""
    quoted: bool = False
    """Digits that YAML reads as another number unless they are in quotes."""
    digits: bool = False
    """A text whose digits count as they are written: a number is refused."""
    number_too: bool = False
    """A text that may be written as a number: 600 for a duration."""
    secret: bool = False
    parse: Callable[[Any], Any] | None = None
    """From the value, after Ansible's conversion to ``kind``, to that of the model; raises Invalid."""
    group: type | None = None
    """The dataclass whose fields are the entries of a mapping."""

    def __post_init__(self) -> None:
        problem = next(iter(self._contradictions() or self._unreadable()), None)
        if problem:
            raise TypeError(f"row of the declaration ({self.meaning!r}): {problem}")

    def _contradictions(self) -> list[str]:
        simple = not (self.group or self.choices or self.kind == "bool")
        found = {
            f"kind is not one of {', '.join(KINDS)}": self.kind not in KINDS,
            "meaning is no sentence": not self.meaning.endswith("."),
            "a required variable has no default": self.required and self.default is not None,
            "a required variable cannot be left out": self.required and bool(self.without),
            "default is not among choices": bool(self.choices) and self.default not in (None, *self.choices),
            "choices are of texts": bool(self.choices) and self.kind != "str",
            "a secret has neither default nor example": self.secret and (self.default or self.example) is not None,
            "a mapping has a group, and nothing else has": (self.kind == "dict") != (self.group is not None),
            "plural goes with lists": bool(self.plural) != self.many,
            "noun is missing": simple and not self.noun,
            "example is missing": simple and self.example is None and not self.secret,
            "digits are of texts": self.digits and (self.kind != "str" or self.number_too),
            "bounds are of numbers": self.bounds is not None and not (self.kind == "int" or self.number_too),
        }
        return [text for text, wrong in found.items() if wrong]

    def _unreadable(self) -> list[str]:
        """The example and the default, where they do not pass the row's own check."""
        found = []
        for name, declared in (("example", self.example), ("default", self.default)):
            for value in declared if self.many and declared else [declared]:
                try:
                    if value is not None:
                        self.read(value)
                except Invalid as error:
                    found += [] if error.unverified else [f"{name} {value!r} {error.text}"]
        return found

    def read(self, value: Any) -> Any:
        """The model's value; raises Invalid. ``value`` is of the right type already."""
        read: Callable[[Any], Any] = self.parse or (lambda same: same)
        found = read(value)
        if self.bounds and not read(self.bounds[0]) <= found <= read(self.bounds[1]):
            why = f": {self.why}" if self.why else ""
            raise Invalid(f"is out of range; use {self.bounds[0]} to {self.bounds[1]}{why}")
        return found

    def needed(self) -> str:
        """A noun phrase for one value."""
        if self.choices:
            return _joined(self.choices, "or")
        if self.group:
            return f"a mapping with {entries_needed(self.group)}"
        if self.kind == "bool":
            return "true or false"
        one = self.example[0] if self.many else self.example
        return self.noun if self.secret else f"{self.noun} such as {self.as_typed(one)}"

    def list_needed(self) -> str:
        """A noun phrase for the whole list."""
        if self.group:
            return f"a list of {self.plural}, each with {entries_needed(self.group)}"
        return f"a list of {self.plural} such as [{', '.join(map(self.as_typed, self.example))}]"

    def as_typed(self, value: Any) -> str:
        """A value as it would be typed in YAML."""
        text = str(value)
        return (
            f'"{text}"'
            if isinstance(value, str) and (self.quoted or self.digits or not re.fullmatch(r"[!-~]+", text))
            else text
        )


def _joined(names: tuple[str, ...], word: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {word} {last}" if others else last


def entries_needed(group: type) -> str:
    """The names of the entries that a mapping must have; of all or the first where it needs none."""
    rows = variables_of(group)
    names = tuple(name for name, row in rows.items() if row.required) or tuple(rows)
    return _joined(names if len(names) <= 4 else (*names[:2], "others"), "and")


@functools.cache
def variables_of(group: type) -> dict[str, Variable]:
    """The rows of a dataclass, by name. A field without a row is worked out, and not declared."""
    found = {field.name: field.metadata[ROW] for field in dataclasses.fields(group) if ROW in field.metadata}
    for name, row in found.items():
        if SECRET_NAME.search(name) and not row.secret:
            raise TypeError(f"{group.__name__}.{name} sounds like a secret, and is not declared as one")
    return found


# The dataclass that these belong to is the caller's.
# pylint: disable=invalid-field-call
def _field(row: Variable, absent: Any = None) -> Any:
    """The dataclass's field: its default is the model's value where nothing is declared."""
    metadata = {ROW: row}
    if row.required:
        return dataclasses.field(metadata=metadata)
    if row.default is not None:
        value = tuple(map(row.read, row.default)) if row.many else row.read(row.default)
        return dataclasses.field(default=value, metadata=metadata)
    return dataclasses.field(default=() if row.many and absent is None else absent, metadata=metadata)


def text(noun: str, meaning: str, *, absent: Any = None, **row: Any) -> Any:
    """A text."""
    return _field(Variable("str", meaning, noun, **row), absent)


def integer(noun: str, meaning: str, *, absent: Any = None, **row: Any) -> Any:
    """A whole number."""
    return _field(Variable("int", meaning, noun, **row), absent)


def boolean(meaning: str, *, absent: Any = None, **row: Any) -> Any:
    """true or false."""
    return _field(Variable("bool", meaning, **row), absent)


def choice(*choices: str, meaning: str, **row: Any) -> Any:
    """One of some words."""
    return _field(Variable("str", meaning, choices=choices, **row))


def raw(noun: str, meaning: str, *, absent: Any = None, **row: Any) -> Any:
    """Whatever its ``parse`` takes."""
    return _field(Variable("raw", meaning, noun, **row), absent)


def texts(plural: str, noun: str, meaning: str, **row: Any) -> Any:
    """A list of texts."""
    return _field(Variable("str", meaning, noun, plural, many=True, **row))


def integers(plural: str, noun: str, meaning: str, **row: Any) -> Any:
    """A list of whole numbers."""
    return _field(Variable("int", meaning, noun, plural, many=True, **row))


def mapping(group: type, meaning: str, *, always: bool = False, **row: Any) -> Any:
    """A mapping. With ``always`` the model has one made of defaults where nothing is declared, else None."""
    variable = Variable("dict", meaning, group=group, **row)
    if always:
        return dataclasses.field(default_factory=group, metadata={ROW: variable})
    return _field(variable)


def mappings(plural: str, group: type, meaning: str, **row: Any) -> Any:
    """A list of mappings."""
    return _field(Variable("dict", meaning, plural=plural, many=True, group=group, **row))


def argument_spec(group: type, *, outermost: bool = False) -> dict[str, dict[str, Any]]:
    """The rows as Ansible's argument spec. The outermost carry no ``required``: the module takes them from the play."""
    spec: dict[str, dict[str, Any]] = {}
    for name, row in variables_of(group).items():
        option: dict[str, Any] = {"type": "list", "elements": row.kind} if row.many else {"type": row.kind}
        if row.required and not outermost:
            option["required"] = True
        if row.default is not None:
            option["default"] = row.default
        if row.choices:
            option["choices"] = list(row.choices)
        if row.group:
            option["options"] = argument_spec(row.group)
        spec[name] = {**option, "no_log": row.secret}
    return spec
