# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented rules of a user password (yeastar.md a.4)."""

from __future__ import annotations

import re

_RUNS = [sequence[start : start + 4] for sequence in ("0123456789", "9876543210") for start in range(7)]
"""Four consecutive digits; downwards too [I]."""


def user_password_is_good(password: str, number: str, *names: str) -> bool:
    """10 to 63 characters, three classes, no runs of digits, not containing the extension's number or names."""
    folded = password.casefold()
    return (
        10 <= len(password) <= 63
        and all(re.search(kind, password) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
        and not re.search(r"([0-9])\1{3}", password)
        and not any(run in password for run in _RUNS)
        and not any(part and part.casefold() in folded for part in (number, *names))
    )
