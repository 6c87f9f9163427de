# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which line of a text something stands. Pure."""

from __future__ import annotations


class LineNumbers:
    """The numbers of lines, from 1, at positions that only grow: each character is counted once."""

    def __init__(self, text: str) -> None:
        self._text, self._line, self._counted = text, 1, 0

    def at(self, position: int) -> int:
        """The line of this position, which is not before one that was asked for."""
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line
