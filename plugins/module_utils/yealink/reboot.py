# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phones reboot because of a change (yealink.md 2.4, last rule; G14). Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import placeholders, table

MAY_REBOOT = ("network", "security", "auto_provision")
"""G14: where nothing is known of a parameter of these families, it may reboot the phone; others do not."""

Assignments = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Prediction:
    """The names that changed, and which of them reboot the phone."""

    changed: tuple[str, ...]
    rebooting: tuple[str, ...]
    """Marked so in the vendor's templates or documents."""
    perhaps: tuple[str, ...]
    """Assumed by G14."""


def predict(before: Assignments, after: Assignments) -> Prediction:
    """Compare two files of one phone, the later assignment of a name winning, except where one stands for each user."""
    changed = tuple(sorted({name for name, _value in _difference(before, after)}))
    marks = {name: reboot_mark(name) for name in changed}
    return Prediction(
        changed,
        tuple(name for name in changed if marks[name] == "y"),
        tuple(name for name in changed if marks[name] == "maybe"),
    )


def reboot_mark(name: str) -> str:
    """y, n or maybe."""
    pattern, _indexes = placeholders(name)
    row = table().get(pattern) or table().get(f"static.{pattern}")
    if row and row.reboot:
        return row.reboot
    return "maybe" if pattern.removeprefix("static.").split(".")[0] in MAY_REBOOT else "n"


def _difference(before: Assignments, after: Assignments) -> Counter[tuple[str, str]]:
    old, new = Counter(effective(before)), Counter(effective(after))
    return (old - new) + (new - old)


def effective(assignments: Assignments) -> list[tuple[str, str]]:
    """What counts of a file: the last value of each name; of user_password, the last of each user (yealink.md 1.1)."""
    last: dict[tuple[str, str], str] = {}
    for name, value in assignments:
        user = value.partition(":")[0] if name.endswith("security.user_password") else ""
        last[name, user] = value
    return [(name, value) for (name, _user), value in last.items()]
