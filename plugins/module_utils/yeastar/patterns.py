# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Yeastar's number patterns: what they match. Pure.

yeastar.md a.6 and a.7: X is 0-9, Z is 1-9, N is 2-9, [..] one of these, . one or more of anything, ! none or more.
"""

from __future__ import annotations

import functools
import re

CLASSES = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]"}
LETTERS = re.compile(r"\[[^\]]*\]|.")


@functools.lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression over a whole number."""
    parts = []
    for sign in LETTERS.findall(pattern.strip()):
        if sign == ".":
            parts.append(".+")
        elif sign == "!":
            parts.append(".*")
        elif sign.upper() in CLASSES:
            parts.append(CLASSES[sign.upper()])
        elif len(sign) > 1:
            parts.append(f"[{re.escape(sign[1:-1]).replace(chr(92) + '-', '-')}]" if sign[1:-1] else "")
        else:
            parts.append(re.escape(sign))
    return re.compile("".join(parts), re.DOTALL)


def matches(pattern: str, number: str) -> bool:
    """Whether a dialled number is this pattern's business."""
    try:
        return compiled(pattern).fullmatch(number) is not None
    except re.error:
        # What is not understood counts as a match: a barring rule must not be overlooked.
        return True


def beginning(pattern: str, length: int) -> str | None:
    """The first signs of a pattern, each of which stands for one character; None where one stands for more."""
    first = LETTERS.findall(pattern.strip())[:length]
    return "".join(first) if len(first) == length and not {".", "!"} & set(first) else None
