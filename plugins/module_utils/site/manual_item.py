# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One control that no API can set. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One control."""

    control: str
    title: str
    page: str
    settings: tuple[str, ...]
    behind: str
    """What protects the site meanwhile."""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """Of the file to import, where there is one."""
    outside: tuple[int, ...] = ()
    """Ports of the site that must be silent to a stranger where this, or the router before it, does its work."""

    @property
    def digest(self) -> str:
        """Eight characters that stand for exactly these settings."""
        content = json.dumps([self.settings, self.rows], separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()[:8]
