# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a declaration: every value by its row's type, then by its own meaning, and all problems at once.

Ansible's ArgumentSpecValidator stops at the first wrong element of a list and does not tell which it was, so this walk
applies the schema, with Ansible's own conversions, value by value. A value that cannot be used is None in the
result, so that it does not hide the problems of others.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.validation import check_type_bool, check_type_int

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid
from ansible_collections.voipsec.hardening.plugins.module_utils.site.near_names import choice_meant, option_meant
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import (
    Problem,
    hidden,
    problem,
    show,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import Variable, variables_of
from ansible_collections.voipsec.hardening.plugins.module_utils.site.written import (
    UNQUOTED,
    WrittenInt,
    as_written,
    misread_digits,
    misread_number,
)

Reading = dict[str, Any]
"""A declaration in the shape of the schema: read values, None where nothing is declared or nothing could be read."""


@dataclass(frozen=True)
class Circumstances:
    """What a check may know beside the values that could be read."""

    today: datetime.date
    broken: frozenset[str] = frozenset()
    """Variables that were reported already, and whose value is therefore None."""

    def absent(self, path: str, value: Any) -> bool:
        """Nothing is declared: not even something that could not be read."""
        return value is None and not any(one == path or one.startswith((f"{path}.", f"{path}[")) for one in self.broken)


Check = Callable[[Reading, Circumstances], Iterator[Problem]]


def read(group: type, declared: Mapping[str, Any], problems: list[Problem]) -> Reading:
    """The values of the declared variables. Problems are added to the list, in the order of the group's rows."""
    return _group("", variables_of(group), declared, problems)


def entries(reading: Mapping[str, Any], name: str) -> Iterator[tuple[str, Reading]]:
    """The mappings of a list that could be read, each with its path."""
    for position, entry in enumerate(reading.get(name) or ()):
        if entry is not None:
            yield f"{name}[{position}]", entry


def items(path: str, entry: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """The values of a list that could be read, each with its path."""
    for position, item in enumerate(entry.get(name) or ()):
        if item is not None:
            yield f"{path}.{name}[{position}]" if path else f"{name}[{position}]", item


def _group(path: str, rows: Mapping[str, Variable], declared: Mapping[str, Any], problems: list[Problem]) -> Reading:
    found: Reading = {}
    for name, row in rows.items():
        inner = f"{path}.{name}" if path else name
        value = declared.get(name)
        if value is None:  # also where YAML has the name and nothing behind it
            value = row.default
        if value is not None:
            found[name] = _list(inner, row, value, problems) if row.many else _value(inner, row, value, problems)
            continue
        found[name] = None
        if row.required:
            problems.append(_absent(inner, row.list_needed() if row.many else row.needed()))
    problems.extend(_unknown(path, str(name), rows) for name in declared if name not in rows)
    return found


def _value(path: str, row: Variable, value: Any, problems: list[Problem]) -> Any:
    if not row.group:
        return _scalar(path, row, value, problems)
    if isinstance(value, Mapping):
        return _group(path, variables_of(row.group), value, problems)
    problems.append(_not_needed(path, row, value))
    return None


def _list(path: str, row: Variable, value: Any, problems: list[Problem]) -> Any:
    if isinstance(value, str) and not row.group:
        value = [part.strip() for part in value.split(",")]  # as Ansible reads a text for a list
    elif isinstance(value, (int, float)) and row.kind == "int":
        value = [value]
    if not isinstance(value, (list, tuple)):
        problems.append(Problem(path, "the value", f"is {_kind(value)}; use {row.list_needed()}"))
        return None
    if len(value) < row.least:
        problems.append(Problem(path, "[]", f"is empty; use {row.list_needed()}"))
        return None
    found: list[Any] = []
    for position, item in enumerate(value):
        inner = f"{path}[{position}]"
        if item is None:
            problems.append(_absent(inner, row.needed()))
            found.append(None)
        else:
            found.append(_value(inner, row, item, problems))
    return found


def _scalar(path: str, row: Variable, value: Any, problems: list[Problem]) -> Any:
    exact = row.digits or (row.kind == "str" and isinstance(value, (float, WrittenInt)))
    misread = misread_digits(value) if exact else misread_number(value)
    if misread:
        problems.append(hidden(path, UNQUOTED) if row.secret else problem(path, as_written(value), misread))
        return None
    try:
        converted = _converted(row.kind, value)
    except (TypeError, ValueError, OverflowError):
        problems.append(_not_needed(path, row, value))
        return None
    if row.choices and converted not in row.choices:
        meant = choice_meant(str(converted), row.choices)
        hint = f"did you mean {meant}? " if meant else ""
        problems.append(problem(path, converted, f"is not valid; {hint}use {row.needed()}"))
        return None
    try:
        return row.read(converted)
    except Invalid as error:
        secret = error.hide or row.secret
        problems.append(hidden(path, error.text) if secret else problem(path, _shown(value), error.text))
        return None


def _converted(kind: str, value: Any) -> Any:
    """As Ansible converts it, but without the surprises: no list becomes a text, no ``true`` becomes 1."""
    if kind == "raw":
        return value
    if isinstance(value, (Mapping, list, tuple)) or (isinstance(value, bool) and kind != "bool"):
        raise TypeError
    if kind == "int":
        return int(check_type_int(value))  # a plain number, without the text it was written as
    if kind == "bool":
        return check_type_bool(value)
    return str(value)


def _absent(path: str, needed: str) -> Problem:
    return Problem(path, "", f"is not declared; add {needed}")


def _not_needed(path: str, row: Variable, value: Any) -> Problem:
    text = f"is {_kind(value)}; use {row.needed()}"
    if row.secret:
        return hidden(path, text)
    if row.group or isinstance(value, (Mapping, list, tuple)):
        return Problem(path, "the value", text)  # not repeated: it is long, and it may hold a password
    return problem(path, value, text)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean (YAML reads yes, no, on and off without quotes as one)"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a number" if isinstance(value, (int, float)) else "text"


def _shown(value: Any) -> Any:
    return "the value" if isinstance(value, (Mapping, list, tuple)) else value


def _unknown(path: str, name: str, rows: Mapping[str, Variable]) -> Problem:
    near = option_meant(name, {known: variables_of(row.group) if row.group else () for known, row in rows.items()})
    hint = f"did you mean {near}? " if near else ""
    variable = f"{path}.{show(name)}" if path else show(name)
    # The value is not repeated: under a mistyped name it may be a password.
    return Problem(variable, "", f"no such variable; {hint}Valid: {', '.join(rows)}")
