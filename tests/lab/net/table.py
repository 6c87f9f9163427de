# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of knocking as a table for people: doors down, vantage points across, rounds in each cell."""

from __future__ import annotations

from collections.abc import Mapping

from .knocking import Matrix


def render(rounds: Mapping[str, Matrix]) -> list[str]:
    """All rounds knock at the same doors from the same places."""
    first = next(iter(rounds.values()))
    rows = [["", *first]]
    for door in next(iter(first.values())):
        cells = [" > ".join(str(matrix[name][door]) for matrix in rounds.values()) for name in first]
        rows.append([door.label, *cells])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [f"each cell: {' > '.join(rounds)}", *lines]
