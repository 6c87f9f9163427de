# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of knocking as a table for people: doors down, vantage points across, rounds in each cell."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from .knocking import Matrix
from .probe import Door


def render(rounds: Mapping[str, Matrix]) -> list[str]:
    """All rounds knock at the same doors from the same places. The router's own services share a row if they can."""
    first = next(iter(rounds.values()))
    doors = next(iter(first.values()))
    cells = {door: [" > ".join(str(one[name][door]) for one in rounds.values()) for name in first] for door in doors}
    rows = [["", *first]]
    for _key, group in itertools.groupby(doors, key=lambda door: _row(door, cells[door])):
        together = list(group)
        rows.append([_label(together), *cells[together[0]]])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [f"each cell: {' > '.join(rounds)}", *lines]


def _row(door: Door, cells: list[str]) -> tuple[object, ...]:
    return (door.host, cells) if door.transport == "connect" else (door,)


def _label(doors: list[Door]) -> str:
    if len(doors) == 1:
        return doors[0].label
    ports = ",".join(str(door.port) for door in doors)
    return doors[0].label.replace(str(doors[0].port), ports, 1)
