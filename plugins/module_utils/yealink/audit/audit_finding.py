# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit says: one thing that is wrong with a file or with what a server serves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

UNKNOWN_NAME, WRONG_FIRMWARE, BAD_VALUE = "unknown_name", "wrong_firmware", "bad_value"
INSECURE, FORMAT, DRIFT, UNVERIFIED, MISSING = "insecure", "format", "drift", "unverified", "missing"
MAX_LISTED_LINES = 8
"""Of lines that have the same fault, so many are numbered."""


@dataclass(frozen=True)
class Finding:
    """``value`` can be shown: whoever makes a finding has masked it (redact_foreign.py)."""

    kind: str
    problem: str
    parameter: str = ""
    value: str = ""
    line: int | None = None
    more: tuple[tuple[str, str], ...] = ()
    """Further keys of the result."""

    def as_result(self) -> dict[str, Any]:
        """For the task's result."""
        return {
            "parameter": self.parameter,
            "value": self.value,
            "problem": self.problem,
            "kind": self.kind,
            "line": self.line,
            **dict(self.more),
        }


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By line; what concerns the whole file comes first."""
    return sorted(findings, key=lambda finding: finding.line or 0)


def line_list(numbers: Sequence[int]) -> str:
    """line 3; lines 3, 5 and 7; lines 1, 2 and 40 more."""
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    if len(numbers) > MAX_LISTED_LINES:
        return f"lines {', '.join(map(str, numbers[:MAX_LISTED_LINES]))} and {len(numbers) - MAX_LISTED_LINES} more"
    return f"lines {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
