# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of a phone's old dial plan: replace, dial now, area code and block out rules. Pure.

Documented in the administrators' guides of the T2x to T5x and of the W60P: ``x`` is any character, ``.`` any string,
``[]`` one character of a set, inside of which ``-`` makes a range and ``,`` separates, ``()`` groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_PATTERNS = 10
"""dialplan.block_out.number.X goes from 1 to 10 (yealink.md 1.1)."""


def matches(pattern: str, number: str) -> bool:
    """Whether the phone would take the number for one of the pattern; what cannot be read matches itself only."""
    try:
        return re.fullmatch(_expression(pattern), number) is not None
    except re.error:
        return pattern == number


def _expression(pattern: str) -> str:
    text = pattern.replace("\\", r"\\").replace("+", r"\+").replace("*", r"\*").replace(".", ".*")
    return text.replace("x", ".").replace("X", ".").replace("^", r"\^").replace("?", r"\?").replace("|", r"\|")


def fold(beginnings: Iterable[str], most: int = MAX_PATTERNS) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Beginnings of numbers as few patterns: 001, 002, 005 -> 00[1,2,5]. ; and the patterns that found no place.

    Those that stop the most numbers come first. Both in a fixed order.
    """
    last_characters: dict[str, set[str]] = {}
    for beginning in beginnings:
        last_characters.setdefault(beginning[:-1], set()).add(beginning[-1])
    # + is dialled for an international prefix, which mostly has two digits; digits come before it.
    weighed = sorted(
        last_characters.items(),
        key=lambda item: (-len(item[1]) / 10 ** len(item[0].replace("+", "00")), item[0].replace("+", "~")),
    )
    patterns = [f"{front}{_one_of(characters)}." for front, characters in weighed]
    return tuple(patterns[:most]), tuple(patterns[most:])


def _one_of(characters: set[str]) -> str:
    if len(characters) == 1:
        return next(iter(characters))
    runs: list[list[str]] = []
    for character in sorted(characters):
        if runs and ord(character) == ord(runs[-1][-1]) + 1:
            runs[-1].append(character)
        else:
            runs.append([character])
    # The comma is documented from the T4x on; to a phone that does not know it, it is one more character of the set.
    return f"[{','.join(run[0] if len(run) == 1 else f'{run[0]}-{run[-1]}' for run in runs)}]"
