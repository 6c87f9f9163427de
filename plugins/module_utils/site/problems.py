# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One problem of a declaration as one line: which variable, which value, and what would be valid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK

LONGEST_SHOWN = 60
"""Characters of a value that are repeated in a message."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one variable."""

    variable: str
    """Its path, for example ``trunk_providers[1].signalling[0]``."""
    value: str
    """As it is shown: masked where it is a secret, empty where nothing is declared."""
    text: str
    """What is wrong with the value, and what would be valid."""
    warning: bool = False
    """The declaration can be used all the same."""

    def __str__(self) -> str:
        return f"{self.variable}: {self.value} {self.text}" if self.value else f"{self.variable}: {self.text}"


def problem(variable: str, value: Any, text: str) -> Problem:
    """A problem that stops the run."""
    return Problem(variable, show(value), text)


def hidden(variable: str, text: str) -> Problem:
    """A problem with a value that may hold a secret."""
    return Problem(variable, MASK, text)


def warning(variable: str, value: Any, text: str) -> Problem:
    """Something that the installer should know."""
    return Problem(variable, show(value), text, warning=True)


def show(value: Any) -> str:
    """A value on one line, as it would be typed in YAML; quoted where its ends would not be seen."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}..."
    return text if re.fullmatch(r"[!-~]+", text) else repr(text)


def errors(problems: Iterable[Problem]) -> list[str]:
    """The lines that stop the run."""
    return [str(item) for item in problems if not item.warning]


def warnings(problems: Iterable[Problem]) -> list[str]:
    """The lines that do not."""
    return [str(item) for item in problems if item.warning]


def message(lines: Iterable[str]) -> str:
    """All problems of a declaration as one text."""
    found = list(lines)
    return "\n".join([headline(len(found)), *found])


def headline(count: int) -> str:
    """The first line of that text."""
    return f"The site's declaration has {'1 problem' if count == 1 else f'{count} problems'}; no device was touched."


def undefined(name: str) -> str:
    """What to do about a variable that a template names and nobody defines."""
    place = "group_vars/all/vault.yml" if name.startswith("vault_") else "group_vars/all"
    return f"variable {name} is not defined; add it to {place}"
