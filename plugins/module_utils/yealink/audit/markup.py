# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in a text is there for a template engine: variables, and conditions and loops round lines. Pure functions.

Known are the languages that provisioning systems use: Go (Yeastar), 3CX's own, Smarty (FusionPBX), Jinja (wazo), Blade,
PHP, ERB, Mustache, and the underscores of FreePBX's end point managers (yealink.md 5, 7.1). Nothing is executed.

Tags are replaced character by character, so that every position of the new text is the same one in the old.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

VARIABLE, CONTROL = "\ue000", "\ue001"
"""Private characters of Unicode; what else stands in such a place would not be a setting either."""
_PAIRS = (
    ("{{--", "--}}", False),
    ("{{", "}}", True),
    ("{!!", "!!}", True),
    ("{%", "%}", False),
    ("{#", "#}", False),
    ("{*", "*}", False),
    ("@php\n", "@endphp", False),
    ("@php\r\n", "@endphp", False),
    ("@php ", "@endphp", False),
    ("<?", "?>", False),
    ("<%", "%>", False),
)
"""Begin, end, whether it stands for a value."""
_OPENER = re.compile("|".join(re.escape(opener) for opener, _closer, _value in _PAIRS))
_SHORT = re.compile(
    r"%%\w{1,80}%%|@@\w{1,80}@@|\b__[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*__\b"
    r"|\$?\{(?P<inside>/?[$A-Za-z_][^{}\n]{0,300})\}"
)
_BLADE = re.compile(
    r"(?m)^[ \t]*@(?P<word>if|elseif|else|endif|foreach|endforeach|forelse|endforelse|for|endfor|while|endwhile|switch"
    r"|case|default|break|endswitch|isset|endisset|empty|endempty|unless|endunless|include|section|endsection|extends"
    r"|php|endphp)\b[^\n]*$"
)
_WORD = re.compile(r"[\s\-~]*(/?)\s*([A-Za-z_]+)")
_OPENING_WORDS = "if foreach forelse for section while range with isset empty unless switch loop line_loop filter"
_ENDING_WORDS = """
end endif endfor endforeach endforelse endwhile endswitch endisset endempty endunless endwith endfilter fi
"""
_NEUTRAL_WORDS = """
else elseif elsif elif case default break block endblock set assign include extends import from macro endmacro call
endcall define template literal strip capture append config_load foreachelse sectionelse php nocache raw endraw do
continue unset function ldelim rdelim endsection
"""
_OPENING, _ENDING = frozenset(_OPENING_WORDS.split()), frozenset(_ENDING_WORDS.split())
_CONTROLLING = _OPENING | _ENDING | frozenset(_NEUTRAL_WORDS.split())


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
    code: int
    """Pieces of program code."""

    def depth(self, position: int) -> int:
        """How many conditions and loops are open at this place."""
        index = bisect_right(self.starts, position)
        return self.depths[index - 1] if index else 0


def marked(text: str) -> Markup:
    """Replace all tags."""
    found = _long_tags(text)
    rest = _blanked(text, [(start, end, "\0") for start, end, _kind, _inside in found])
    for match in _SHORT.finditer(rest):
        inside = match["inside"]
        kind = CONTROL if inside and _is_control(inside) else VARIABLE
        found.append((match.start(), match.end(), kind, inside or ""))
    for match in _BLADE.finditer(rest):
        found.append((match.start(), match.end(), CONTROL, match["word"]))
    found.sort()
    starts, depths, depth = [], [], 0
    for start, _end, kind, inside in found:
        change = _change(inside) if kind == CONTROL else 0
        if change:
            depth = max(0, depth + change)
            starts.append(start)
            depths.append(depth)
    return Markup(
        _blanked(text, [(start, end, kind) for start, end, kind, _inside in found]),
        tuple(starts),
        tuple(depths),
        any(_is_strong(text[start:end]) for start, end, _kind, _inside in found),
        sum(text.startswith(("<?php", "<? "), start) and end - start > 80 for start, end, _kind, _inside in found),
    )


def _long_tags(text: str) -> list[tuple[int, int, str, str]]:
    """Tags that may span lines. Each end is looked for once, so that a text full of beginnings takes no longer."""
    found: list[tuple[int, int, str, str]] = []
    never: set[str] = set()
    position = 0
    while match := _OPENER.search(text, position):
        opener, closer, value = next(pair for pair in _PAIRS if match[0] == pair[0])
        position = match.end()
        if closer in never or (opener == "<?" and text.startswith("xml", position)):
            continue
        end = text.find(closer, position)
        if end < 0:
            never.add(closer)
            if opener != "<?" or not text.startswith("php", position):
                continue
            end = len(text)  # PHP needs no end at the end of the file
        inside = text[position:end]
        if opener == "{{":
            inside = _mustache(inside)
        elif opener.startswith("@php"):
            inside = ""  # whatever it opens, it ends
        found.append((match.start(), min(end + len(closer), len(text)), _kind(opener, inside, value), inside))
        position = end
    return found


def _mustache(inside: str) -> str:
    """What opens and ends a section of Mustache, by whatever name, as other languages write it."""
    if re.match(r"[#^]\s*\w", inside):
        return "if"
    if re.match(r"/\s*\w", inside):
        return "/if"
    return "else" if inside.strip() == "^" else inside


def _kind(opener: str, inside: str, value: bool) -> str:
    if opener == "{{" and _is_control(inside):
        return CONTROL
    if opener == "<?" and (inside.startswith("=") or re.match(r"php\s+echo\b", inside)):
        return VARIABLE
    return VARIABLE if value or (opener == "<%" and inside.startswith("=")) else CONTROL


def _is_control(inside: str) -> bool:
    word = _WORD.match(inside)
    if word is None:
        return inside.lstrip("- ").startswith("/*")
    name = word[2].lower()
    return bool(word[1]) or name in _CONTROLLING or name.endswith("loop")


def _change(inside: str) -> int:
    """+1 where a condition or loop begins, -1 where one ends."""
    if inside.startswith("php"):
        begun = inside.count("{") + bool(re.search(r"\)\s*:\s*\Z", inside))
        return begun - inside.count("}") - len(re.findall(r"\bend(?:if|foreach|for|while)\b", inside))
    word = _WORD.match(inside)
    if word is None:
        return 0
    name = word[2].lower()
    loops = name in _OPENING or name.endswith("loop")
    if word[1]:
        return -1 if loops else 0
    return 1 if loops else -1 if name in _ENDING else 0


def _is_strong(tag: str) -> bool:
    return tag.startswith(("{{", "{%", "{$", "${", "%%", "<?", "<%", "__", "@", "{IF", "{if", "{foreach", "{/"))


def _blanked(text: str, parts: list[tuple[int, int, str]]) -> str:
    """Line ends stay, so that lines keep their numbers."""
    pieces: list[str] = []
    copied = 0
    for start, end, mark in sorted(parts):
        if start < copied:
            continue
        pieces += (text[copied:start], re.sub(r"[^\r\n]", mark, text[start:end]))
        copied = end
    return "".join(pieces) + text[copied:]
