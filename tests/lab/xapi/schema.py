# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one release of the XAPI has: operations, entity properties and enums (threecx.md a.2, b.2, b.3).

schema.json was made from the seven official documents. A release is its update number, 4 to 10. Rows of operations are
[request body, reply, since, until], rows of properties [type, nullable, since, until, navigation], members of enums
[since, until]; until is null while the newest release has it, and a since of 4 means "4 or earlier". A type in brackets
is a list. 20.0.9 calls every nullable integer a number; the table does not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lab.xapi.replies import ApiError

RELEASES = tuple(f"20.0.{update}" for update in range(4, 11))

_LENGTH = re.compile(r"^string<=(\d+)$")
_DATE_TIME = re.compile(r"^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?(Z|[+-]\d\d:\d\d)$")
_DURATION = re.compile(r"^-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$")
_UUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?$")
_FORMATS = {"date-time": _DATE_TIME, "duration": _DURATION, "uuid": _UUID, "time": _TIME}


@dataclass(frozen=True)
class Property:
    """One property of an entity in one release."""

    type: str
    nullable: bool
    navigation: bool

    @property
    def many(self) -> bool:
        """Whether it is a list."""
        return self.type.startswith("[")

    @property
    def item(self) -> str:
        """The type, or that of a list's elements."""
        return self.type.strip("[]")


@dataclass(frozen=True)
class Operation:
    """One method on one path template in one release. A body or an entity is named as in the table."""

    method: str
    template: str
    body: str | None
    status: int
    reply: str | None
    collection: bool


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))
    return table


class Schema:
    """The table, cut down to one release."""

    def __init__(self, release: str) -> None:
        if release not in RELEASES:
            raise ValueError(f"{release!r} is none of {', '.join(RELEASES)}")
        self.release = release
        self.update = int(release.rpartition(".")[2])
        self.enums: dict[str, tuple[str, ...]] = {
            name: tuple(member for member, span in members.items() if self._within(*span))
            for name, members in _table()["enums"].items()
        }
        self.entities: dict[str, dict[str, Property]] = {}
        for name, properties in _table()["schemas"].items():
            entity: dict[str, Property] = {}
            for key, rows in properties.items():
                for kind, nullable, since, until, *navigation in rows:
                    if self._within(since, until):
                        entity[key] = Property(kind, nullable, bool(navigation))
            self.entities[name] = entity
        self.operations: dict[str, dict[str, Operation]] = {}
        for name, rows in _table()["operations"].items():
            method, _space, template = name.partition(" ")
            for body, reply, since, until in rows:
                if self._within(since, until):
                    operation = _operation(method, template[1:], body, reply)
                    self.operations.setdefault(operation.template, {})[method] = operation

    def _within(self, since: int, until: int | None) -> bool:
        return since <= self.update and (until is None or self.update <= until)

    def has(self, entity: str, name: str) -> bool:
        """Whether this release has the property."""
        return name in self.entities.get(entity, {})

    def check(self, value: Any, entity: str, path: str = "") -> None:
        """Refuse a body that does not fit the entity, as ASP.NET Core OData does (threecx.md gap 8 [I])."""
        title = "Edm.Object" if entity.startswith("body of") else f"Pbx.{entity}"
        if not isinstance(value, dict):
            raise ApiError(400, f"An object of type '{title}' was expected{path and f' at {path}'}.")
        properties = self.entities[entity]
        for name, item in value.items():
            if name.startswith("@odata.") or "@odata." in name:
                continue
            if name not in properties:
                raise ApiError(
                    400,
                    f"The property '{name}' does not exist on type '{title}'. Make sure to only use property names "
                    "that are defined by the type.",
                )
            self._check_value(item, properties[name], f"{path}/{name}" if path else name)

    def _check_value(self, value: Any, rule: Property, path: str) -> None:
        if value is None:
            # In a collection null never makes sense; elsewhere "nullable" is the word of the document.
            if rule.many or not rule.nullable:
                raise ApiError(400, f"A null value was found for the property '{path}', which is not nullable.")
        elif not rule.many:
            self._check_one(value, rule.item, path)
        elif isinstance(value, list):
            for index, element in enumerate(value):
                self._check_one(element, rule.item, f"{path}/{index}")
        else:
            raise _mismatch(path, rule.type)

    def _check_one(self, value: Any, kind: str, path: str) -> None:
        base, _colon, detail = kind.partition(":")
        if kind in self.enums:
            if value not in self.enums[kind]:
                raise ApiError(400, f"The value '{value}' of '{path}' is not a member of 'Pbx.{kind}'.")
        elif kind in self.entities:
            self.check(value, kind, path)
        elif base == "bool":
            if not isinstance(value, bool):
                raise _mismatch(path, "Edm.Boolean")
        elif base in {"int", "number"}:
            if isinstance(value, bool) or not isinstance(value, int if base == "int" else (int, float)):
                raise _mismatch(path, "Edm.Int32" if base == "int" else "Edm.Decimal")
        elif not isinstance(value, str):
            raise _mismatch(path, "Edm.String")
        elif detail in _FORMATS and not _FORMATS[detail].match(value):
            raise _mismatch(path, f"Edm.{detail}")
        else:
            length = _LENGTH.match(kind)
            if length and len(value) > int(length[1]):
                raise ApiError.warning("WARNINGS.STRING_TOO_LONG", path)


def _mismatch(path: str, kind: str) -> ApiError:
    return ApiError(400, f"Cannot convert the value of '{path}' to the expected type '{kind}'.")


def _operation(method: str, template: str, body: str | None, reply: str) -> Operation:
    status, _space, kind = reply.partition(" ")
    if not kind:
        return Operation(method, template, body, int(status), None, False)
    if kind.startswith("value "):
        kind = kind.removeprefix("value ")
        return Operation(method, template, body, int(status), kind.strip("[]"), kind.startswith("["))
    return Operation(method, template, body, int(status), kind, False)
