# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the validator lets pass because the documents do not forbid it: names that no schema has. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from contract.documents import Document

WORDS = {"eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "true", "false", "null"}
FUNCTIONS = {"contains", "startswith", "endswith", "tolower", "toupper", "date", "any", "all"}
LARGEST_PAGE = 100


def unknown_names(document: Document, schema: Any, value: Any, path: str = "", *, reply: bool = False) -> Iterator[str]:
    """Properties in a body that the schema does not have, at any depth."""
    if schema is None:
        return
    resolved = document.resolve(schema)
    if isinstance(value, list):
        items = resolved.get("items")
        for position, item in enumerate(value):
            yield from unknown_names(document, items, item, f"{path}[{position}]", reply=reply)
        return
    if not isinstance(value, dict):
        return
    known = document.properties(schema)
    if known is None:
        return
    for name, item in value.items():
        if reply and name.startswith("@odata."):
            continue
        if name not in known:
            yield f"{path}.{name}" if path else name
        else:
            yield from unknown_names(document, known[name], item, f"{path}.{name}", reply=reply)


def row_schema(document: Document, schema: Any) -> Any:
    """Of what $select and $filter name: the rows of a collection, else the object itself."""
    if schema is None:
        return None
    value = (document.properties(schema) or {}).get("value")
    if value is not None and "items" in document.resolve(value):
        return document.resolve(value)["items"]
    return schema


def query_problems(document: Document, schema: Any, query: dict[str, str]) -> Iterator[str]:
    """Names in the query options that the rows do not have, and pages that are too large."""
    if int(query.get("$top", 0)) > LARGEST_PAGE:
        yield f"$top={query['$top']} is more than the PBX takes"
    rows = row_schema(document, schema)
    known = document.properties(rows) if rows is not None else None
    if known is None:
        return
    names = [name for option in ("$select", "$orderby") for name in query.get(option, "").split(",") if name]
    names += filter_names(query.get("$filter", ""))
    yield from (f"{name} is no property" for name in names if name.split(" ")[0] not in known)
    yield from expand_problems(document, known, query.get("$expand", ""))


def filter_names(text: str) -> list[str]:
    """Property names in a filter: what is neither quoted, nor a word or function of the language, nor a literal."""
    bare = re.sub(r"'(?:[^']|'')*'", "", text)
    found = re.findall(r"(?<![\w:.-])[A-Za-z_]\w*", bare)
    return [name for name in found if name not in WORDS | FUNCTIONS]


def expand_problems(document: Document, known: dict[str, Any], text: str) -> Iterator[str]:
    """Names in $expand, nested ones too."""
    for part in split(text, ","):
        name, bracket, inner = part.partition("(")
        if name not in known:
            yield f"{name} is no property that can be expanded"
            continue
        if not bracket:
            continue
        target = document.resolve(known[name])
        below = document.properties(target.get("items", target)) or {}
        for option in split(inner[:-1], ";"):
            key, _equals, value = option.partition("=")
            if key == "$expand":
                yield from expand_problems(document, below, value)
            elif key == "$select":
                yield from (f"{name}/{each} is no property" for each in value.split(",") if each not in below)


def split(text: str, separator: str) -> list[str]:
    """At separators that stand in no bracket."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == separator and not depth:
            parts.append(current)
            current = ""
        else:
            current += char
    return [part for part in (*parts, current) if part]
