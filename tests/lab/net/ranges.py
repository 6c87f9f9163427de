# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of whole numbers (addresses, ports) as sorted, separate, inclusive ranges."""

from __future__ import annotations

from collections.abc import Iterable

Range = tuple[int, int]
Ranges = tuple[Range, ...]


def union(parts: Iterable[Range]) -> Ranges:
    """Merge; ranges that end before they begin are empty."""
    merged: list[Range] = []
    for start, end in sorted(part for part in parts if part[0] <= part[1]):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def complement(parts: Iterable[Range], whole: Range) -> Ranges:
    """What of ``whole`` is in none of the parts."""
    out: list[Range] = []
    position = whole[0]
    for start, end in union(parts):
        out.append((position, min(start - 1, whole[1])))
        position = max(position, end + 1)
    out.append((position, whole[1]))
    return union(out)
