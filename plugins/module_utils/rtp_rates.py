# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many packets speech needs: what no flood defence may go below."""

from __future__ import annotations

import math

PACKETS_PER_CALL = 50
"""A second and direction: 20 ms of speech in each packet (domain.md 3.3, inferred there from G.711)."""
DIRECTIONS = 2
"""It is not known whether a router's counter sees both (domain.md 3.3), so both are counted."""
HEADROOM = 1.3
"""Signalling and other traffic (domain.md 3.3)."""


def least_flood_threshold(concurrent_calls: int) -> int:
    """The lowest number of UDP packets a second that does not cut the speech of so many calls."""
    return math.ceil(round(concurrent_calls * PACKETS_PER_CALL * DIRECTIONS * HEADROOM, 6))
