# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration files and boot files: parse and render (yealink.md 1.1, 1.3). Pure functions.

What is rendered depends on the settings alone: the phone compares the checksum of the file with that of its last one
(yealink.md 4.5), so a time of day in a comment would make every phone load it again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

HEADER = "#!version:1.0.0.1"
"""Must be the first line, in both kinds of file."""
MARK = "# Managed by Ansible (voipsec.hardening). Edits are overwritten."
"""The second line of our files, by which they are recognised."""
RESET = "%NULL%"
"""As a value: back to the factory default. An empty value is undefined (G4) and never written."""

_NAME = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")
_LINE_END = re.compile(r"\r\n|\n|\r")
_NOT_IN_A_LINE = ("Cc", "Zl", "Zp")
"""Unicode's control characters and line separators: nothing escapes a line break, so one in a value would start another
parameter (yealink.md 1.1)."""


@dataclass(frozen=True)
class Setting:
    """One line of a configuration file."""

    name: str
    value: str
    section: str = ""
    """A heading of our own; it is a comment in the file."""


def value_problem(value: str) -> str | None:
    """Why this cannot be the value of any line. Never repeats the value, which may be a secret."""
    if value == "":
        return f"is empty; write {RESET} for the factory default"
    if any(unicodedata.category(character) in _NOT_IN_A_LINE for character in value):
        return "contains a line break or another control character"
    if value != value.strip():
        return "begins or ends with a blank"
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return "is not valid Unicode text"
    return None


def name_problem(name: str) -> str | None:
    """Why this cannot be the name of any parameter."""
    return None if _NAME.fullmatch(name) else "is not a parameter name (letters, digits, underscores, dots)"


def render(settings: Iterable[Setting]) -> str:
    """A configuration file. The order is that of the settings."""
    lines = [HEADER, MARK]
    section = ""
    for setting in settings:
        problem = name_problem(setting.name) or value_problem(setting.value)
        if problem:
            shown = setting.name if not name_problem(setting.name) else repr(setting.name)
            raise HardeningError(f"{shown} {problem}.")
        if setting.section != section:
            section = setting.section
            lines += ["", f"## {section}"]
        lines.append(f"{setting.name} = {setting.value}")
    return "\n".join(lines) + "\n"


def render_boot(include: str, *, reset_undeclared: bool) -> str:
    """A boot file.

    With overwrite_mode 1 a parameter that left our file returns to its factory default. With 0 the phone would keep the
    old value, and what stands in the file would not be what the phone does (yealink.md 0.3, 1.3).
    """
    return f'{HEADER}\n{MARK}\ninclude:config "{include}"\noverwrite_mode = {int(reset_undeclared)}\n'


def parse(text: str) -> list[tuple[str, str]]:
    """The assignments in the order of the file. Comments, and lines that are no assignment, count for nothing, as on
    the phone; a file without the header is none."""
    lines = _LINE_END.split(text)
    if lines[0] != HEADER:
        raise HardeningError(f"the first line is not {HEADER}")
    found = []
    for line in lines[1:]:
        name, sign, value = line.partition("=")
        if sign and name.strip() and not line.lstrip().startswith("#"):
            found.append((name.strip(), value.strip()))
    return found


def is_ours(text: str) -> bool:
    """Whether the file was rendered here."""
    return text.startswith(f"{HEADER}\n{MARK}\n")
