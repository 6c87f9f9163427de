# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API a firmware has (yeastar.md e)."""

from __future__ import annotations

V1 = "1.1.0"
V2 = "2.0.0"


def api_version(firmware: str) -> str | None:
    """None: this firmware answers no call."""
    parts = tuple(int(part) for part in firmware.split("."))
    if parts >= (30, 13, 0, 30):
        return V2
    return V1 if (30, 7) <= parts[:2] <= (30, 11) else None
