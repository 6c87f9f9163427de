# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling a terminal's echo of a command from the command's output. Pure functions."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

LIKENESS = 0.7
"""How much of an echo must agree with what was typed: some of it may be lost or garbled on the way."""
SHORTEST_FULL_ROW = 40
"""Characters of an echo in a full row of the terminal: its width is not known, and a prompt may stand before it."""
MOST_ECHO_LINES = 4
"""Rows of the longest command that DrayOS takes, 254 characters (draytek.md 6)."""


def without_echo(lines: Sequence[str], command: str, *, echoes: bool) -> list[str]:
    """The lines of output alone. ``echoes``: this device was seen to echo, so a first line that is not like the command
    is a garbled echo, not output."""
    count = echo_lines(lines, command)
    if count == 0 and echoes and lines:
        count = 1
    return list(lines[count:])


def echo_lines(lines: Sequence[str], command: str) -> int:
    """How many lines at the beginning are the echo; 0 where none is like the command."""
    typed = _packed(command)
    if not typed:
        return 0
    blank = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    best, count = 0.0, 0
    for end in range(blank + 1, min(blank + MOST_ECHO_LINES, len(lines)) + 1):
        if end > blank + 1 and len(lines[end - 2].rstrip()) < SHORTEST_FULL_ROW:
            break
        shown = _packed("".join(lines[blank:end]))
        likeness = 1.0 if shown.endswith(typed) else _likeness(shown, typed)
        if likeness > best:
            best, count = likeness, end
    return count if best >= LIKENESS else 0


def _packed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _likeness(shown: str, typed: str) -> float:
    return difflib.SequenceMatcher(None, shown, typed, autojunk=False).ratio()
