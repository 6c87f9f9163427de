# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of a phone's old dial plan: replace, dial now, area code and block out rules. Pure.

Documented in the administrators' guides of the T2x to T5x and of the W60P: ``x`` is any character, ``.`` any string,
``[]`` one character of a set, inside of which ``-`` makes a range and ``,`` separates, ``()`` groups.
"""

from __future__ import annotations

import re

MOST = 10
"""dialplan.block_out.number.X goes from 1 to 10 (yealink.md 1.1)."""


def matches(pattern: str, number: str) -> bool:
    """Whether the phone would take the number for one of the pattern; what cannot be read matches itself only."""
    try:
        return re.fullmatch(_expression(pattern), number) is not None
    except re.error:
        return pattern == number


def problem(pattern: str) -> str | None:
    """Why this is no pattern."""
    try:
        re.compile(_expression(pattern))
    except re.error:
        return "is not a dial plan pattern: x any character, . any string, [1-3,5] one of a set"
    return None if re.fullmatch(r"[0-9A-Da-dxX.*#+,\-\[\]()]+", pattern) else "holds characters that no number has"


def _expression(pattern: str) -> str:
    text = pattern.replace("\\", r"\\").replace("+", r"\+").replace("*", r"\*").replace(".", ".*")
    return text.replace("x", ".").replace("X", ".").replace("^", r"\^").replace("?", r"\?").replace("|", r"\|")
