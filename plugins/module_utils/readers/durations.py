# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations, from a number or a text."""

from __future__ import annotations

import re

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> int:
    """Seconds, from ``600``, ``10m``, ``24h`` or ``1d``."""
    found = re.fullmatch(r"([0-9]{1,9})\s*([smhd]?)", text.strip())
    if not found:
        raise Invalid("is not a duration; use a number with s, m, h or d, for example 10m, 24h or 1d")
    return int(found[1]) * _UNITS[found[2]]
