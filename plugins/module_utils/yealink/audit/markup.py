# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the language of a PBX's phone template makes: variables, and conditions and loops round lines. Pure functions.

Known are 3CX's language, %%name%% and {IF ...} {ELSE} {ENDIF}, and Yeastar's, {{.Name}} and {{if ...}} {{end}}
(yealink.md 5). {$name} and the like, as other systems write it, is the same to us. Nothing is executed.

Tags are replaced character by character, so that every position of the new text is the same one in the old.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

VARIABLE, CONTROL = "\ue000", "\ue001"
"""Private characters of Unicode; what else stands in such a place would not be a setting either."""
_TAG = re.compile(
    r"\{\{(?P<double>(?:[^{}]|\{(?!\{)|\}(?!\})){1,300})\}\}"
    r"|%%\w{1,80}%%"
    r"|\$?\{(?P<single>/?[$A-Za-z_][^{}\n]{0,300})\}"
)
_WORD = re.compile(r"[\s\-~]*(/?)\s*([A-Za-z_]+)")
_OPENING = ("if", "for", "foreach", "range", "while", "with", "section")
_ENDING = ("end", "endif", "endfor", "endforeach", "endwhile")
_NEUTRAL = ("else", "elseif", "elsif", "case", "default", "break", "block", "define", "template", "include", "continue")


@dataclass(frozen=True)
class Markup:
    """A text with its tags replaced."""

    text: str
    starts: tuple[int, ...]
    """Where tags begin that open or end a condition or a loop."""
    depths: tuple[int, ...]
    """How many are open after each."""
    strong: bool
    """Whether one of the tags can hardly be anything else."""

    def depth(self, position: int) -> int:
        """How many conditions and loops are open at this place."""
        index = bisect_right(self.starts, position)
        return self.depths[index - 1] if index else 0


def marked(text: str) -> Markup:
    """Replace all tags."""
    starts: list[int] = []
    depths: list[int] = []
    pieces: list[str] = []
    copied = depth = 0
    strong = False
    for match in _TAG.finditer(text):
        inside = match["double"] or match["single"] or ""
        control = _is_control(inside)
        change = _change(inside) if control else 0
        if change:
            depth = max(0, depth + change)
            starts.append(match.start())
            depths.append(depth)
        strong |= match[0].startswith(("{{", "%%", "{$", "${", "{/")) or control
        # Line ends stay, so that lines keep their numbers.
        pieces += (text[copied : match.start()], re.sub(r"[^\r\n]", CONTROL if control else VARIABLE, match[0]))
        copied = match.end()
    return Markup("".join(pieces) + text[copied:], tuple(starts), tuple(depths), strong)


def _is_control(inside: str) -> bool:
    word = _WORD.match(inside)
    if word is None:
        return inside.lstrip("- ").startswith("/*")  # a comment
    name = word[2].lower()
    return bool(word[1]) or name in (*_OPENING, *_ENDING, *_NEUTRAL) or name.endswith("loop")


def _change(inside: str) -> int:
    """+1 where a condition or loop begins, -1 where one ends."""
    word = _WORD.match(inside)
    if word is None:
        return 0
    name = word[2].lower()
    loops = name in _OPENING or name.endswith("loop")
    if word[1]:
        return -1 if loops else 0
    return 1 if loops else -1 if name in _ENDING else 0
