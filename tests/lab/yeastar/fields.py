# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of what is sent: names, types and values of JSON keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lab.yeastar.replies import PARAMETER, ApiError

Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Field:
    """A JSON key."""

    check: Check
    required: bool = False


def switch(value: Any) -> bool:
    """Booleans are integers 0 and 1 (a.2)."""
    return type(value) is int and value in (0, 1)


def whole(low: int = 0, high: int = 2**31) -> Check:
    """An integer within limits; JSON true is none."""
    return lambda value: type(value) is int and low <= value <= high


def text(low: int = 0, high: int = 255, pattern: str = r"(?s).*") -> Check:
    """A string of some length and form."""
    form = re.compile(pattern)
    return lambda value: isinstance(value, str) and low <= len(value) <= high and bool(form.fullmatch(value))


def one_of(*values: str) -> Check:
    """One of these words."""
    return lambda value: isinstance(value, str) and value in values


def list_of(check: Check, least: int = 0) -> Check:
    """An array."""
    return lambda value: isinstance(value, list) and len(value) >= least and all(check(item) for item in value)


def record(fields: Mapping[str, Field]) -> Check:
    """An object of these keys."""

    def check(value: Any) -> bool:
        try:
            checked(value, fields)
        except ApiError:
            return False
        return True

    return check


def checked(body: Any, fields: Mapping[str, Field], *, partial: bool = False) -> dict[str, Any]:
    """The body if all of it is known, well typed and, unless partial, complete; else 40002."""
    if not isinstance(body, dict):
        raise ApiError(PARAMETER)
    for name, value in body.items():
        if name not in fields or not fields[name].check(value):
            raise ApiError(PARAMETER)
    if not partial and any(field.required and name not in body for name, field in fields.items()):
        raise ApiError(PARAMETER)
    return dict(body)
