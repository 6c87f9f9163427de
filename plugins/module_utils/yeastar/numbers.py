# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocked and allowed numbers: countries that may not be dialled, other barred beginnings, and emergency numbers. Pure.

Documented: a blocked number cannot be dialled by any extension; a number that is allowed too can (yeastar.md a.7, and
the administrator's guide, which adds the limits below). Numbers are matched as dialled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.patterns import matches

OURS = "voipsec "
"""Lists whose names begin so are ours."""
COUNTRIES, BARRED, EMERGENCY = "voipsec countries", "voipsec barred", "voipsec emergency"
PER_LIST = 100
"""Numbers in one list; the P570 takes 200."""
LISTS = 256
OUTBOUND = ("outbound", "both")
PLAIN = re.compile(r"[0-9+*#]*")
SAMPLE = "5551234"
"""Stands for the rest of a number."""


@dataclass(frozen=True)
class NumberList:
    """One list of blocked or allowed numbers."""

    key: int
    name: str
    direction: str
    """inbound, outbound or both."""
    numbers: tuple[str, ...]

    @property
    def ours(self) -> bool:
        """Whether this collection made it."""
        return self.name.startswith(OURS)

    def hits(self, number: str) -> bool:
        """Whether it is about dialling this number."""
        return self.direction in OUTBOUND and any(matches(pattern, number) for pattern in self.numbers)

    def undoes(self, beginnings: Iterable[str]) -> str | None:
        """The pattern of this list that is about dialling a number that begins so; None where there is none."""
        if self.direction not in OUTBOUND:
            return None
        for pattern in self.numbers:
            plain = PLAIN.match(pattern)
            front = plain[0] if plain else ""
            if any(front.startswith(each) or matches(pattern, f"{each}{SAMPLE}") for each in beginnings):
                return pattern
        return None


@reading()
def parse_lists(rows: Iterable[Json]) -> list[NumberList]:
    """Rows of block_numbers/list or allow_numbers/list."""
    return [
        NumberList(
            int(row["id"]),
            str(row.get("name") or ""),
            str(row.get("limit_type") or ""),
            tuple(part for part in str(row.get("number_list") or "").split("&") if part),
        )
        for row in rows
    ]


def in_lists(name: str, patterns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Name -> numbers, so many in each list as the smallest model takes."""
    ordered = sorted(dict.fromkeys(patterns))
    chunks = [tuple(ordered[start : start + PER_LIST]) for start in range(0, len(ordered), PER_LIST)]
    return {f"{name} {place}" if len(chunks) > 1 else name: chunk for place, chunk in enumerate(chunks, start=1)}


def blocked_patterns(beginnings: Iterable[str]) -> list[str]:
    """A beginning as patterns: itself, and with anything behind it."""
    return [pattern for each in beginnings for pattern in ((f"{each}.",) if len(each) < 3 else (each, f"{each}."))]


Declared: TypeAlias = Mapping[str, tuple[tuple[str, ...], str]]
"""Name -> numbers and direction."""


def plan_lists(
    resource: str,
    have: Sequence[NumberList],
    want: Declared,
    state: State,
) -> Control:
    """Only lists of ours, and those that are named, are touched."""
    control = Control(resource)
    before = {each.name: each for each in have}
    declared = {} if state is State.DELETED else want
    for name, (numbers, direction) in declared.items():
        body: Json = {"name": name, "limit_type": direction, "number_list": "&".join(numbers)}
        mine = before.get(name)
        if mine is None:
            operation = Operation("POST", f"{resource}/create", body, f"adding the list '{name}'")
        elif (mine.numbers, mine.direction) != (numbers, direction):
            operation = Operation("POST", f"{resource}/update", {"id": mine.key, **body}, f"changing the list '{name}'")
        else:
            continue
        control.operations.append(operation)
    if state is not State.MERGED:
        for each in have:
            if each.ours and each.name not in declared:
                control.operations.append(
                    Operation("GET", f"{resource}/delete", {"id": each.key}, f"removing the list '{each.name}'")
                )
    made = sum(1 for operation in control.operations if operation.path.endswith("/create"))
    if len(have) + made > LISTS:
        control.problems.append(f"{resource}: the PBX would have {len(have) + made} lists; it takes {LISTS}.")
    control.before = {
        each.name: _shown(each.numbers, each.direction) for each in have if each.ours or each.name in want
    }
    control.after = {name: _shown(numbers, direction) for name, (numbers, direction) in declared.items()}
    return control


def _shown(numbers: Sequence[str], direction: str) -> Json:
    return {"direction": direction, "numbers": list(numbers)}


def after(have: Sequence[NumberList], want: Declared, state: State) -> list[NumberList]:
    """The lists as they will be."""
    kept = [each for each in have if each.name not in want and not (each.ours and state is not State.MERGED)]
    if state is State.DELETED:
        return kept
    return kept + [NumberList(0, name, direction, numbers) for name, (numbers, direction) in want.items()]


def barring(number: str, blocked: Sequence[NumberList], allowed: Sequence[NumberList]) -> str | None:
    """The list that keeps a number from being dialled; None where none does, or where it is allowed again."""
    if any(each.hits(number) for each in allowed):
        return None
    return next((each.name for each in blocked if each.hits(number)), None)
