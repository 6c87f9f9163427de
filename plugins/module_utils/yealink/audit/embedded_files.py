# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration files inside another file. Pure functions.

A phone template of 3CX, *.ph.xml, holds some in CDATA parts (yealink.md 5.1); programs hold them in here documents
and in strings. Nothing is executed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.line_numbers import LineNumbers

_PART = re.compile(r"<deviceconfig\b([^>]*)>|</deviceconfig>|<!\[CDATA\[|\]\]>")
_HERE = re.compile(r"""<<[<~-]?[ \t]*(["']?)([A-Za-z_]\w{0,60})\1[^\n]{0,200}\n""")
_FILE = re.compile(r"""filename\s*=\s*["']([^"']*)["']""")
_FILE_NAME = re.compile(r"[\w.{}$%-]{1,80}")
_SETTING = re.compile(
    r"(?m)^[ \t]*(?:static|account|features|phone_setting|security|auto_provision|network|sip|linekey|voice)\."
    r"[\w.{}$]{1,120}[ \t]*="
)
_QUOTED = re.compile(r"""(?P<opener>"{3}|'{2,3}|`|@"|["']|\[\[)[ \t]*(?:\\?\r?\n[ \t]*)?(?=#!version)""")
_INTERPOLATED = re.compile(r"(?<![\\$\w])\$([A-Za-z_]\w{0,60})(?:(?:->\w+|\[[^\]\n]{1,60}\])+)?")
_LITERAL = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'")
_ESCAPED_END = re.compile(r"(?:(?:\\r)?\\n[ \t]*){1,4}(?=\r?$)", re.MULTILINE)
"""A line end that a program writes, before the one of its own text."""
MOST = 100
"""Parts that are looked at; 3CX's own templates have one for each family of models."""
UNCLOSED = 20
"""Beginnings without an end after which no more are looked for: each end is looked for in the whole text."""


@dataclass(frozen=True)
class Section:
    """One of them. ``first`` is the number of its first line in the template."""

    name: str
    text: str
    first: int


def program_files(text: str) -> list[Section]:
    """Every configuration file in a program or shell script."""
    return here_documents(text) or quoted_files(text)


def here_documents(text: str) -> list[Section]:
    """Every here document that has settings, with the word that it begins with."""
    found: list[Section] = []
    numbers, position, unclosed = LineNumbers(text), 0, 0
    while len(found) < MOST and unclosed < UNCLOSED and (match := _HERE.search(text, position)):
        position = match.end()
        ending = re.compile(rf"\n[ \t]*{match[2]}\b").search(text, position - 1)
        if ending is None:
            unclosed += 1
            continue
        part = text[position : ending.start()]
        if "#!version" in part or _SETTING.search(part):
            if match[1] != "'":
                part = _INTERPOLATED.sub(r"{{\1}}", part)
            found.append(Section(match[2], part, numbers.at(position)))
        position = ending.end()
    return found


def quoted_files(text: str) -> list[Section]:
    """Every string of a program that begins with the header and has settings, with the line that it begins in."""
    found: list[Section] = []
    numbers, position, unclosed = LineNumbers(text), 0, 0
    while len(found) < MOST and unclosed < UNCLOSED and (match := _QUOTED.search(text, position)):
        position = match.end()
        content, end = _string(text, position, match["opener"])
        if end < 0:
            unclosed += 1
            continue
        if _SETTING.search(content):
            line = numbers.at(position)
            found.append(Section(f"line {line}", _ESCAPED_END.sub("", content), line))
        position = end
    return found


def _string(text: str, start: int, opener: str) -> tuple[str, int]:
    """The string up to its end, and where that is; -1 for nowhere.

    Expressions that are joined in become variables of a template, with as many line ends.
    """
    closer = {'@"': '"', "[[": "]]"}.get(opener, opener)
    # A doubled quote is one quote in SQL, C# and Nix.
    doubled = re.escape(closer * 2) if opener in ("'", '@"') else r"(?!)"
    token = re.compile(rf"\\.|{doubled}|(?P<end>{re.escape(closer)})", re.DOTALL)
    joined = re.compile(rf"\s*(?:\.\.?|\+)([^;]{{1,300}}?)(?:\.\.?|\+)\s*{re.escape(opener)}")
    pieces: list[str] = []
    copied = position = start
    while match := token.search(text, position):
        position = match.end()
        if match["end"] is None:
            continue
        pieces.append(text[copied : match.start()])
        join = joined.match(text, position)
        if join is None:
            return "".join(pieces), position
        made = "{{x}}" if re.search(r"\w", _LITERAL.sub("", join[1])) else ""
        pieces += (made, "\n" * text.count("\n", position, join.end()))
        copied = position = join.end()
    return "", -1


def is_phone_template(text: str) -> bool:
    """Whether it holds any."""
    return "<deviceconfig" in text


def sections(text: str) -> list[Section]:
    """Every CDATA part that has settings, with the file name of the deviceconfig that it stands in.

    Read without an XML parser, since templates that are no valid XML must be read too.
    """
    found: list[Section] = []
    name, start, numbers = "", -1, LineNumbers(text)
    for match in _PART.finditer(text):
        if match[0].startswith("<deviceconfig"):
            file = _FILE.search(match[1])
            name = file[1] if file and _FILE_NAME.fullmatch(file[1]) else ""
        elif match[0] == "<![CDATA[":
            start = match.end() if start < 0 else start
        elif match[0] == "]]>" and start >= 0:
            found += _section(text[start : match.start()], name, numbers.at(start))
            start = -1
        elif match[0] == "</deviceconfig>" and start < 0:
            name = ""
        if len(found) == MOST:
            break
    return found


def _section(part: str, name: str, line: int) -> list[Section]:
    if "=" not in part or part.lstrip().startswith("<"):
        return []  # a phone book or a list of models
    # The line break behind <![CDATA[ is none of the file's.
    head = re.match(r"[ \t]*\r?\n", part)
    return [Section(name, part[head.end() :] if head else part, line + 1 if head else line)]
