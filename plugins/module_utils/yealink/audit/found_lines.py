# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a configuration or boot file that somebody else wrote, with all that is odd about them. Pure functions.

cfg.parse reads a file as the phone does, which says nothing of what it passes over. This does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.markup import (
    CONTROL,
    VARIABLE,
    Markup,
    marked,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import HEADER

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_INCLUDE = re.compile(r"(?:\[(?P<models>[^\]]*)\])?\s*include:config\b\s*(?P<target>.*)")
_OVERWRITE = re.compile(r"overwrite_mode\s*=\s*(?P<value>.*)")
_SECTION = re.compile(r"\[[^\]]*\]")
_PATH = re.compile(r"path\s*=\s*/config/.*")
_VARIABLES = re.compile(f"{VARIABLE}+")
_CONTROLS = re.compile(f"{CONTROL}+")
_COMMENT_BEHIND = re.compile(r"\s(?:#|//|;).*")
_WITH_DEFAULT = re.compile(
    r"\{\{[^{}|]{0,200}\|\s*d(?:efault)?\(\s*['\"]?([^'\"{}()]{0,80})['\"]?\s*\)\s*\}\}"
    r"|\{\$[^{}|]{0,200}\|default:\s*['\"]?([^'\"{}|]{0,80})['\"]?\}"
)
_WHOLE_PLACEHOLDER = re.compile(r"\$[A-Za-z_]\w*|<[A-Za-z_][\w .-]*>")
_SHELL_VARIABLE = re.compile(r"\$[A-Za-z_]\w*")
MAX_LINE_LENGTH = 4096
"""Characters. No value that is known comes near it."""


@dataclass(frozen=True)
class Line:
    """One assignment."""

    number: int
    name: str
    """With 1 in the place of a template's variable, so that account.{$row}.label can be looked up."""
    value: str
    """As it stands there."""
    dynamic: bool = False
    """The value is made by the template."""
    conditional: bool = False
    """It stands in a condition or loop of a template, so it may not be in the phone's file."""
    made_name: str = ""
    """The name with VARIABLE in the place of each variable, if it has any."""

    @property
    def judged(self) -> str | None:
        """The value; of one that a template makes, what it is unless somebody sets the template's variables."""
        if not self.dynamic:
            return self.value
        text = _WITH_DEFAULT.sub(lambda match: match[1] or match[2] or "", self.value[:MAX_LINE_LENGTH])
        return text if text != self.value and not marked(text).strong else None


@dataclass(frozen=True)
class Include:
    """A line of a boot file (yealink.md 1.3)."""

    number: int
    target: str
    models: tuple[str, ...]
    """Empty: for all."""
    quoted: bool
    """Whether the target stands in the <> or quotes that the format wants."""
    made: bool = False
    """The target is made by a template."""


@dataclass
class FoundText:
    """What a text holds. Numbers are those of lines, from 1."""

    assignments: list[Line] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    overwrite: tuple[int, str] | None = None
    """None also where a template makes the value."""
    header: int = 0
    """The line that bears it; 0 for none."""
    other_header: int = 0
    """A line that looks like it and is not."""
    encrypted: bool = False
    """It has the header of an encrypted file (yealink.md 1.6)."""
    sections: list[int] = field(default_factory=list)
    old_layout: list[int] = field(default_factory=list)
    """Lines in sections that begin with path = /config/..., under names of their own: the reference has no facts of
    that layout."""
    in_old_section: bool = False
    """While it is read."""
    no_assignment: list[int] = field(default_factory=list)
    missing_sign: list[tuple[int, str]] = field(default_factory=list)
    """The first word of a line without =, for the caller to look up; not to be shown otherwise."""
    long: list[int] = field(default_factory=list)
    lone_cr: bool = False
    empty: bool = True
    template: bool = False


def read_lines(text: str, first: int = 1) -> FoundText:
    """Everything in a text whose first line has this number."""
    markup = marked(text)
    found = FoundText(template=markup.strong)
    for number, start, end, line_end in _lines(text, first):
        found.lone_cr |= line_end == "\r"
        if end - start > MAX_LINE_LENGTH:
            found.long.append(number)
        _read_line(found, number, text[start:end], start, markup)
    return found


def _lines(text: str, first: int) -> Iterator[tuple[int, int, int, str]]:
    number = first
    for match in _LINE.finditer(text):
        if match.start() == len(text) and number > first and not match[1]:
            return
        yield number, match.start(1), match.end(1), match[2]
        number += 1
        if match.end() == len(text):
            return


def _read_line(found: FoundText, number: int, line: str, start: int, markup: Markup) -> None:
    seen = markup.text[start : start + len(line)]
    bare = _CONTROLS.sub("", seen).strip()
    if line.strip():
        found.empty = False
    if seen.lstrip().startswith("#!") and _is_header(found, number, line):
        return
    if not bare or bare.startswith("#"):
        return
    include, overwrite = _INCLUDE.fullmatch(bare), _OVERWRITE.fullmatch(bare)
    if include:
        found.includes.append(_include(number, include, line))
    elif overwrite:
        if not {VARIABLE, CONTROL} & set(seen):
            found.overwrite = (number, overwrite["value"].strip())
    elif _SECTION.fullmatch(bare):
        found.sections.append(number)
        found.in_old_section = False
    elif _is_old_layout(found, bare):
        found.old_layout.append(number)
    elif "=" in seen:
        found.assignments.append(_assignment(number, line, seen, start, markup))
    elif bare.strip(VARIABLE) and not _SHELL_VARIABLE.fullmatch(bare):
        found.no_assignment.append(number)
        found.missing_sign.append((number, bare.split()[0]))


def _is_header(found: FoundText, number: int, line: str) -> bool:
    if line.startswith("#!encrypt:") and not found.assignments:
        found.encrypted = True
    elif line == HEADER:
        found.header = found.header or number
    elif line.strip().startswith("#!version"):
        found.other_header = found.other_header or number
    else:
        return False
    return True


def _is_old_layout(found: FoundText, bare: str) -> bool:
    if found.sections and _PATH.fullmatch(bare):
        if not found.in_old_section:
            found.sections.pop()  # the section means something to the phone that the file is for
        found.in_old_section = True
    # A name with dots is one of this layout, whatever section it stands in.
    return found.in_old_section and "=" in bare and "." not in bare.partition("=")[0]


def _include(number: int, match: re.Match[str], line: str) -> Include:
    target, models = match["target"].strip(), match["models"]
    made = VARIABLE in target
    if made:
        target = line.partition("include:config")[2].strip()
    inner = re.fullmatch(r'<([^<>]*)>|"([^"]*)"', target)
    named = [model.strip() for model in models.split(",")] if models is not None else []
    shown = (inner[1] or inner[2] or "") if inner else target
    return Include(number, shown.strip(), tuple(filter(None, named)), bool(inner), made)


def _assignment(number: int, line: str, seen: str, start: int, markup: Markup) -> Line:
    sign = seen.index("=")
    left, right = seen[:sign], seen[sign + 1 :]
    plain = _VARIABLES.sub(VARIABLE, _CONTROLS.sub("", left).strip())
    name = plain.replace(VARIABLE, "1")
    # Tags at the end close a condition round the whole line; elsewhere they make the value.
    kept = right.rstrip().rstrip(CONTROL).rstrip()
    value = line[sign + 1 : sign + 1 + len(kept)].strip()
    made = CONTROL in kept or VARIABLE in kept or bool(_WHOLE_PLACEHOLDER.fullmatch(value))
    at = start + len(left) - len(left.lstrip(f" \t{CONTROL}"))
    return Line(number, name, value, made, markup.depth(at) > 0, plain if VARIABLE in plain else "")


def without_comment(value: str) -> tuple[str, bool]:
    """The value without what looks like a comment behind it, and whether there was one (yealink.md 1.1: there are no
    such comments, so the phone takes all of it)."""
    match = _COMMENT_BEHIND.search(value)
    return (value[: match.start()], True) if match else (value, False)


def possible(lines: list[Line]) -> dict[tuple[str, str], list[Line]]:
    """By name, and for user_password by user, the assignments that may count in the end: the last one (yealink.md 1.1),
    and where that depends on a template's conditions, all that may be the last."""
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        key = (line.name, line.value.partition(":")[0] if line.name.endswith("security.user_password") else "")
        if line.conditional and key in found:
            found[key].append(line)
        else:
            found[key] = [line]
    return found
