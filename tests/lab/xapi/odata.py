# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OData query options on lists of entities (threecx.md a.1, c.4, contract 3)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.xapi.replies import ApiError
from lab.xapi.schema import Schema

Entity = Mapping[str, Any]
Test = Callable[[Entity], Any]

MAX_TOP = 100
_OPTIONS = {"$top", "$skip", "$search", "$filter", "$count", "$orderby", "$select", "$expand"}
_SINGLE = {"$select", "$expand"}
_BAD = "The query specified in the URI is not valid. "
_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')"
    r"|(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<date>\d{4}-\d\d-\d\d)"
    r"|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:/[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<mark>[(),:]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}


def invalid(text: str) -> ApiError:
    """A 400 for a bad query."""
    return ApiError(400, _BAD + text)


@dataclass
class Expand:
    """What to expand, and within it."""

    name: str
    select: list[str] = field(default_factory=list)
    expand: list[Expand] = field(default_factory=list)


@dataclass
class Query:
    """Query options of one request, checked."""

    select: list[str] = field(default_factory=list)
    expand: list[Expand] = field(default_factory=list)
    filter: Test | None = None
    filter_text: str = ""
    orderby: list[tuple[str, bool]] = field(default_factory=list)
    top: int | None = None
    skip: int = 0
    count: bool = False
    search: str = ""


def parse(options: Mapping[str, str], schema: Schema, entity: str, *, collection: bool) -> Query:
    """Check the options against the entity."""
    for name in options:
        if name.startswith("$") and name not in (_OPTIONS if collection else _SINGLE):
            raise invalid(f"The query parameter '{name}' is not supported.")
    query = Query()
    if "$top" in options:
        query.top = _whole(options["$top"], "$top")
        if query.top > MAX_TOP:
            raise invalid(
                f"The limit of '{MAX_TOP}' for Top query has been exceeded. "
                f"The value from the incoming request is '{query.top}'."
            )
    if "$skip" in options:
        query.skip = _whole(options["$skip"], "$skip")
    if "$count" in options:
        if options["$count"] not in {"true", "false"}:
            raise invalid(f"Invalid value '{options['$count']}' for $count.")
        query.count = options["$count"] == "true"
    query.search = options.get("$search", "").strip('"')
    if options.get("$select"):
        query.select = _names(options["$select"], schema, entity)
    if options.get("$expand"):
        query.expand = _expansions(options["$expand"], schema, entity)
    if "$filter" in options:
        query.filter_text = options["$filter"]
        query.filter = _Filter(options["$filter"], schema, entity).parse()
    for item in options["$orderby"].split(",") if options.get("$orderby") else []:
        name, _space, direction = item.strip().partition(" ")
        _require(name, schema, entity)
        if direction not in {"", "asc", "desc"}:
            raise invalid(f"Syntax error in '$orderby={options['$orderby']}'.")
        query.orderby.append((name, direction == "desc"))
    return query


def _whole(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise invalid(f"Invalid value '{text}' for {name} query option found.")
    return int(text)


def _require(path: str, schema: Schema, entity: str) -> str:
    """The entity at the end of a property path; refuses what the release does not know."""
    for name in path.split("/"):
        if not schema.has(entity, name):
            raise invalid(f"Could not find a property named '{name}' on type 'Pbx.{entity}'.")
        entity = schema.entities[entity][name].item
    return entity


def _names(text: str, schema: Schema, entity: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name != "*":
            _require(name, schema, entity)
    return [] if "*" in names else names


def _expansions(text: str, schema: Schema, entity: str) -> list[Expand]:
    found = []
    for item in _split(text, ","):
        name, paren, rest = item.strip().partition("(")
        if not schema.has(entity, name):
            raise invalid(f"Could not find a property named '{name}' on type 'Pbx.{entity}'.")
        rule = schema.entities[entity][name]
        if not rule.navigation:
            raise invalid(f"Property '{name}' on type 'Pbx.{entity}' is not a navigation property or complex property.")
        expansion = Expand(name)
        if paren:
            if not rest.endswith(")"):
                raise invalid(f"Syntax error in '$expand={text}'.")
            for option in _split(rest[:-1], ";"):
                key, _equals, value = option.strip().partition("=")
                if key == "$expand":
                    expansion.expand = _expansions(value, schema, rule.item)
                elif key == "$select":
                    expansion.select = _names(value, schema, rule.item)
                elif key:
                    raise invalid(f"Syntax error in '$expand={text}'.")
        found.append(expansion)
    return found


def _split(text: str, separator: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == separator and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def run(rows: list[dict[str, Any]], query: Query) -> tuple[list[dict[str, Any]], int]:
    """Filter, sort and page. Second is the number of rows that match."""
    chosen = [row for row in rows if query.filter is None or query.filter(row) is True]
    if query.search:
        wanted = query.search.lower()
        chosen = [row for row in chosen if any(isinstance(v, str) and wanted in v.lower() for v in row.values())]
    for path, descending in reversed(query.orderby):
        chosen.sort(key=lambda row: _sort_key(_value(row, path)), reverse=descending)
    total = len(chosen)
    end = None if query.top is None else query.skip + query.top
    return chosen[query.skip : end], total


def _sort_key(value: Any) -> tuple[bool, Any]:
    if value is None or isinstance(value, (list, dict)):
        return (False, 0)
    return (True, value)


def _value(row: Any, path: str) -> Any:
    for name in path.split("/"):
        row = row.get(name) if isinstance(row, Mapping) else None
    return row


def _moment(value: Any) -> Any:
    """Texts that are points in time are compared as such."""
    if isinstance(value, str) and re.match(r"^\d{4}-\d\d-\d\dT", value):
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return value


@dataclass(frozen=True)
class _Term:
    """Part of a filter: how to compute it, and its type as far as it is known."""

    get: Test
    kind: str


class _Filter:
    """Parser of $filter: or, and, not, comparisons, contains, startswith, endswith, tolower, toupper, date, any."""

    def __init__(self, text: str, schema: Schema, entity: str) -> None:
        self.text = text
        self.schema = schema
        self.entity = entity
        self.variables: dict[str, str] = {}
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self.syntax()
            kind = str(match.lastgroup)
            self.tokens.append((kind, match[kind]))
            position = match.end()
        self.index = 0

    def syntax(self) -> ApiError:
        return invalid(f"Syntax error in '$filter={self.text}'.")

    def parse(self) -> Test:
        term = self.either()
        if self.index != len(self.tokens):
            raise self.syntax()
        if term.kind != "bool":
            raise invalid("The $filter expression must evaluate to a single boolean value.")
        return term.get

    def peek(self) -> str:
        return self.tokens[self.index][1] if self.index < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> tuple[str, str]:
        if self.index >= len(self.tokens) or (wanted is not None and self.peek() != wanted):
            raise self.syntax()
        self.index += 1
        return self.tokens[self.index - 1]

    def either(self) -> _Term:
        left = self.both()
        while self.peek() == "or":
            self.take()
            left = _Term(_either(left.get, self.both().get), "bool")
        return left

    def both(self) -> _Term:
        left = self.negation()
        while self.peek() == "and":
            self.take()
            left = _Term(_both(left.get, self.negation().get), "bool")
        return left

    def negation(self) -> _Term:
        if self.peek() == "not":
            self.take()
            inner = self.negation()
            return _Term(lambda row: not inner.get(row), "bool")
        return self.comparison()

    def comparison(self) -> _Term:
        left = self.operand()
        if self.peek() not in _COMPARE:
            return left
        operator = self.take()[1]
        right = self.operand()
        if "null" not in {left.kind, right.kind} and _family(left.kind) != _family(right.kind):
            raise invalid(
                "A binary operator with incompatible types was detected. Found operand types "
                f"'{_edm(left.kind)}' and '{_edm(right.kind)}' for operator kind '{operator}'."
            )
        for kind, other in ((left.kind, right), (right.kind, left)):
            if kind in self.schema.enums and other.kind == "string":
                member = other.get({})
                if isinstance(member, str) and member not in self.schema.enums[kind]:
                    raise invalid(f"The string '{member}' is not a valid enumeration type constant of 'Pbx.{kind}'.")
        return _Term(_comparison(_COMPARE[operator], operator, left.get, right.get), "bool")

    def operand(self) -> _Term:
        kind, text = self.take()
        if kind == "string":
            value: Any = text[1:-1].replace("''", "'")
            return _Term(lambda _row: value, "string")
        if kind == "number":
            number = float(text) if "." in text else int(text)
            return _Term(lambda _row: number, "int")
        if kind == "time":
            moment = _moment(text)
            return _Term(lambda _row: moment, "string:date-time")
        if kind == "date":
            return _Term(lambda _row: text, "date")
        if text == "(":
            inner = self.either()
            self.take(")")
            return inner
        if kind != "name":
            raise self.syntax()
        if text in {"true", "false"}:
            return _Term(lambda _row: text == "true", "bool")
        if text == "null":
            return _Term(lambda _row: None, "null")
        if self.peek() == "(":
            return self.call(text)
        return self.path(text)

    def call(self, name: str) -> _Term:
        if name.endswith("/any"):
            return self.any_of(name.removesuffix("/any"))
        self.take("(")
        arguments = [self.either()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.either())
        self.take(")")
        first = arguments[0].get
        if name in {"contains", "startswith", "endswith"} and len(arguments) == 2:
            if any(_family(term.kind) != "string" or term.kind in self.schema.enums for term in arguments):
                raise invalid(f"No function signature for the function with name '{name}' matches the arguments.")
            return _Term(_text_test(name, first, arguments[1].get), "bool")
        if len(arguments) == 1 and name in {"tolower", "toupper"}:
            lower = name == "tolower"
            return _Term(lambda row: _cased(first(row), lower), "string")
        if len(arguments) == 1 and name == "date":
            return _Term(lambda row: _date(first(row)), "date")
        raise invalid(f"An unknown function with name '{name}' was found.")

    def any_of(self, path: str) -> _Term:
        _require(path, self.schema, self.entity)
        rule = self.schema.entities[self.entity][path]
        self.take("(")
        if self.peek() == ")":
            self.take()
            return _Term(lambda row: bool(row.get(path)), "bool")
        variable = self.take()[1]
        self.take(":")
        self.variables[variable] = rule.item
        inner = self.either()
        self.take(")")
        del self.variables[variable]
        return _Term(lambda row: any(inner.get({variable: item}) is True for item in row.get(path) or []), "bool")

    def path(self, text: str) -> _Term:
        variable, _slash, rest = text.partition("/")
        if variable in self.variables:
            kind = self.variables[variable]
            if rest:
                kind = _require(rest, self.schema, kind)
            return _Term(lambda row: _value(row, text), kind)
        return _Term(lambda row: _value(row, text), _require(text, self.schema, self.entity))


def _family(kind: str) -> str:
    if kind in {"bool", "date", "string:date-time"}:
        return kind
    return "int" if kind.startswith(("int", "number")) else "string"


def _edm(kind: str) -> str:
    names = {"bool": "Edm.Boolean", "date": "Edm.Date", "string:date-time": "Edm.DateTimeOffset", "int": "Edm.Int32"}
    return names.get(_family(kind), "Edm.String")


def _either(left: Test, right: Test) -> Test:
    return lambda row: left(row) is True or right(row) is True


def _both(left: Test, right: Test) -> Test:
    return lambda row: left(row) is True and right(row) is True


def _comparison(compare: Callable[[Any, Any], bool], operator: str, left: Test, right: Test) -> Test:
    def test(row: Entity) -> bool:
        one, other = _moment(left(row)), _moment(right(row))
        if (one is None or other is None) and operator not in {"eq", "ne"}:
            return False
        return compare(one, other)

    return test


def _text_test(name: str, where: Test, what: Test) -> Test:
    def test(row: Entity) -> bool:
        text, part = where(row), what(row)
        if not isinstance(text, str) or not isinstance(part, str):
            return False
        if name == "contains":
            return part in text
        return text.startswith(part) if name == "startswith" else text.endswith(part)

    return test


def _cased(value: Any, lower: bool) -> Any:
    if not isinstance(value, str):
        return None
    return value.lower() if lower else value.upper()


def _date(value: Any) -> Any:
    return value[:10] if isinstance(value, str) else None
