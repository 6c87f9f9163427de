# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading configuration files and boot files as a phone does (yealink.md 1.1 and 1.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HEADER = "#!version:1.0.0.1"
# A lone CR ends a line as well: there is no way to escape a line break in a value (yealink.md 1.1).
_LINE_END = re.compile(r"\r\n|\n|\r")
_INCLUDE = re.compile(
    r'^(?:\[(?P<models>[^\]]*)\])?\s*include:config\s*(?:<(?P<angle>[^<>]+)>|"(?P<quoted>[^"]+)")\s*$'
)
_OVERWRITE = re.compile(r"^overwrite_mode\s*=\s*([01])\s*$")


class NotAConfiguration(ValueError):
    """The first line is not the header."""


@dataclass
class Configuration:
    """Assignments in the order of the file, and the numbers of lines that are none."""

    assignments: list[tuple[str, str]] = field(default_factory=list)
    malformed: list[int] = field(default_factory=list)


@dataclass
class Boot:
    """What a boot file asks for."""

    includes: list[str] = field(default_factory=list)
    # The reference's list gives 1 as the default where the line is missing.
    overwrite: bool = True
    malformed: list[int] = field(default_factory=list)


def _lines(content: bytes) -> list[tuple[int, str]]:
    lines = _LINE_END.split(content.decode("utf-8", errors="replace"))
    if lines[0] != HEADER:
        raise NotAConfiguration(f"the first line is not {HEADER}")
    return [
        (number, line) for number, line in enumerate(lines[1:], 2) if line.strip() and not line.lstrip().startswith("#")
    ]


def parse(content: bytes) -> Configuration:
    """Read a configuration file. The value runs to the end of the line, whatever stands in it."""
    result = Configuration()
    for number, line in _lines(content):
        name, equals, value = line.partition("=")
        if equals and name.strip():
            result.assignments.append((name.strip(), value.lstrip(" \t")))
        else:
            result.malformed.append(number)
    return result


def parse_boot(content: bytes, model: str) -> Boot:
    """Read a boot file for one model. Parameters in it do nothing (yealink.md 1.3)."""
    result = Boot()
    for number, line in _lines(content):
        include, overwrite = _INCLUDE.match(line.strip()), _OVERWRITE.match(line.strip())
        if include:
            target = include["angle"] or include["quoted"]
            models = include["models"]
            if not target.endswith(".cfg"):
                result.malformed.append(number)
            elif models is None or model in [item.strip() for item in models.split(",")]:
                result.includes.append(target)
        elif overwrite:
            result.overwrite = overwrite[1] == "1"
        else:
            result.malformed.append(number)
    return result
