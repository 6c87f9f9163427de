# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a task's phones, collected so that an installer corrects a site in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError


@dataclass
class InputProblems:
    """What was found wrong, and of which phones. A text that is true of many phones is told once."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)

    def error(self, text: str, mac: str = "") -> None:
        """Something that stops the task."""
        self.errors.setdefault(text, []).append(mac)

    def warn(self, text: str, mac: str = "") -> None:
        """Something the installer should know."""
        self.warnings.setdefault(text, []).append(mac)

    def stop_on_errors(self) -> None:
        """Fail with everything found so far."""
        if self.errors:
            raise HardeningError("\n".join(_sentences(self.errors)))

    def warning_texts(self) -> list[str]:
        """The warnings as sentences."""
        return _sentences(self.warnings)


def _sentences(problems: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{text}{_of_phones(macs)}." for text, macs in problems.items()]


def _of_phones(macs: Sequence[str]) -> str:
    named = list(dict.fromkeys(filter(None, macs)))
    if not named:
        return ""
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""
    return f" (phone{'s' if len(named) > 1 else ''} {', '.join(named[:5])}{more})"
