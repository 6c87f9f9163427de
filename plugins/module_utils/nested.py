# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walking nested data, once for everything that masks, reveals or searches values in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Leaf = Callable[[Any, str], Any]
"""Given a value that holds no others, and the name it is kept under (the nearest key or field, else empty)."""


def mapped(value: Any, leaf: Leaf, *, key: Callable[[Any], Any] = lambda key: key, name: str = "") -> Any:
    """The same structure with ``leaf`` of each value and ``key`` of each key.

    Tuples and sets become lists (sets sorted by text, so that they read the same on every run), dataclasses become
    mappings without their empty fields.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        value = {name: item for name, item in pairs if item not in (None, "", (), [])}
    if isinstance(value, Mapping):
        return {key(each): mapped(item, leaf, key=key, name=str(each)) for each, item in value.items()}
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return [mapped(item, leaf, key=key, name=name) for item in value]
    return leaf(value, name)


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that holds no others, with the name it is kept under."""
    found: list[tuple[str, Any]] = []
    mapped(value, lambda item, under: found.append((under, item)), name=name)
    return iter(found)
