# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration files inside a phone template of 3CX (*.ph.xml), in its CDATA parts (yealink.md 5.1). Pure.

Read without an XML parser, since templates that are no valid XML must be read too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(r"<deviceconfig\b([^>]*)>|</deviceconfig>|<!\[CDATA\[|\]\]>")
_FILE = re.compile(r"""filename\s*=\s*["']([^"']*)["']""")
_FILE_NAME = re.compile(r"[\w.{}$%-]{1,80}")
MAX_SECTIONS = 100
"""3CX's own templates have one for each family of models."""


@dataclass(frozen=True)
class Section:
    """One configuration file. ``first`` is the number of its first line in the template."""

    name: str
    text: str
    first: int


def is_phone_template(text: str) -> bool:
    """Whether it holds any."""
    return "<deviceconfig" in text


def sections(text: str) -> list[Section]:
    """Every CDATA part that has settings, with the file name of its deviceconfig; at most MAX_SECTIONS."""
    found: list[Section] = []
    name, start, line, counted = "", -1, 1, 0
    for match in _PART.finditer(text):
        if match[0].startswith("<deviceconfig"):
            file = _FILE.search(match[1])
            name = file[1] if file and _FILE_NAME.fullmatch(file[1]) else ""
        elif match[0] == "<![CDATA[":
            start = match.end() if start < 0 else start
        elif match[0] == "]]>" and start >= 0:
            line, counted = line + text.count("\n", counted, start), start
            found += _section(text[start : match.start()], name, line)
            start = -1
        elif match[0] == "</deviceconfig>" and start < 0:
            name = ""
        if len(found) == MAX_SECTIONS:
            break
    return found


def _section(part: str, name: str, line: int) -> list[Section]:
    if "=" not in part or part.lstrip().startswith("<"):
        return []  # a phone book or a list of models
    # The line break behind <![CDATA[ is none of the file's.
    head = re.match(r"[ \t]*\r?\n", part)
    return [Section(name, part[head.end() :] if head else part, line + 1 if head else line)]
