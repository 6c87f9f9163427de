# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form that a found parameter's value should have. Pure functions, but for what they remember."""

from __future__ import annotations

import functools

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import (
    Parameter,
    form_problem,
    placeholders,
    table,
)


@functools.lru_cache(maxsize=16384)
def form_row(name: str) -> Parameter | None:
    """The row whose form counts, in either spelling."""
    pattern = placeholders(name)[0]
    return table().get(pattern) or table().get(f"static.{pattern}") or table().get(pattern.removeprefix("static."))


def found_problem(row: Parameter, value: str) -> str | None:
    """What is wrong with the value. Phones export lists of numbers with a blank behind each comma."""
    return form_problem(row.values, value.replace(", ", ",") if row.values == "numbers" else value)


def has_wrong_form(name: str, value: str) -> bool:
    """Whether the parameter does not take the value, so that it may be anything."""
    row = form_row(name)
    return row is not None and found_problem(row, value) is not None
