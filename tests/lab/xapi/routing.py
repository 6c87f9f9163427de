# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a path such as "/Users(29)/Pbx.Regenerate" to the operation and its arguments (threecx.md a.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lab.xapi.replies import ApiError
from lab.xapi.schema import Operation, Schema

_SEGMENT = re.compile(r"^([A-Za-z_][\w.]*)(?:\((.*)\))?$", re.DOTALL)
_NAMED = re.compile(r"^([A-Za-z_]\w*)=(.*)$", re.DOTALL)

Signature = tuple[tuple[str, tuple[str, ...] | None], ...]


@dataclass(frozen=True)
class Target:
    """An operation and the arguments of the path; the key of an entity goes by the name it has in the template."""

    operation: Operation
    arguments: dict[str, Any]


class Router:
    """Finds the operation of a path in one release."""

    def __init__(self, schema: Schema) -> None:
        self._operations: dict[Signature, dict[str, Operation]] = {}
        self._keys: dict[Signature, list[str]] = {}
        for template, methods in schema.operations.items():
            signature, values = _read(template)
            self._operations[signature] = methods
            self._keys[signature] = [value.strip("{}") for name, value in values if not name]

    def find(self, method: str, path: str) -> Target:
        """404 without a body for a path, 405 for a method that the release does not have (threecx.md gap 5)."""
        try:
            signature, values = _read(path.strip("/"))
        except ValueError:
            raise ApiError(404) from None
        methods = self._operations.get(signature)
        if methods is None:
            raise ApiError(404)
        if method not in methods:
            raise ApiError(405)
        keys = iter(self._keys[signature])
        try:
            arguments = {name or next(keys): literal(value) for name, value in values}
        except ValueError:
            raise ApiError(404) from None
        return Target(methods[method], arguments)


def literal(text: str) -> Any:
    """The value of an OData literal; dates and the like stay text."""
    if text.startswith("'"):
        if len(text) < 2 or not text.endswith("'") or "'" in text[1:-1].replace("''", ""):
            raise ValueError(text)
        return text[1:-1].replace("''", "'")
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if text in {"null", "true", "false"}:
        return {"null": None, "true": True, "false": False}[text]
    if re.fullmatch(r"[\w.:+-]+", text):
        return Bare(text)
    raise ValueError(text)


class Bare(str):
    """Text without quotes: a point in time, an enum member, a UUID; never a string."""

    __slots__ = ()


def _read(path: str) -> tuple[Signature, list[tuple[str, str]]]:
    """The form of a path, and its arguments in order: name (none for a key) and literal."""
    signature: list[tuple[str, tuple[str, ...] | None]] = []
    values: list[tuple[str, str]] = []
    for segment in _split(path, "/"):
        match = _SEGMENT.match(segment)
        if match is None:
            raise ValueError(path)
        name, inside = match.groups()
        if not inside:
            signature.append((name, None if inside is None else ()))
            continue
        names = []
        found = []
        for argument in _split(inside, ","):
            named = _NAMED.match(argument)
            names.append(named[1] if named else "")
            found.append((named[1], named[2]) if named else ("", argument))
        signature.append((name, tuple(sorted(names))))
        values += found
    return tuple(signature), values


def _split(text: str, separator: str) -> list[str]:
    """Split outside quotes."""
    parts, quoted, start = [], False, 0
    for index, sign in enumerate(text):
        quoted ^= sign == "'"
        if sign == separator and not quoted:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]
