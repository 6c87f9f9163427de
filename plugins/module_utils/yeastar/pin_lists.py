# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of PINs that a route may ask for. Pure; PINs are compared and never shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret

SHORTEST_PIN = 4
"""Ours; the guide names no least."""


@dataclass(frozen=True)
class PinList:
    """One list."""

    key: int
    name: str
    pins: frozenset[str] = field(repr=False)
    recorded: bool
    """Whether the call records show the PIN that was used."""


@reading()
def parse_pin_lists(rows: Iterable[Json]) -> list[PinList]:
    """Rows of pin_list/list; the PINs come as one text with commas [D]."""
    return [
        PinList(
            int(row["id"]),
            str(row.get("name") or ""),
            frozenset(part.strip() for part in str(row.get("pin_list") or "").split(",") if part.strip()),
            str(row.get("enb_record_cdr")) == "1",
        )
        for row in rows
    ]


def plan_pin_lists(have: Sequence[PinList], declared: Sequence[Mapping[str, Any]]) -> Control:
    """Lists by name; those that are not declared stay."""
    control = Control("pin_lists")
    known = {each.name: each for each in have}
    control.before, control.after = {}, {}
    for position, given in enumerate(declared):
        pins = [str(pin) for pin in given["pins"]]
        problem = _problem(pins)
        if problem:
            # The value is not repeated: it is a PIN.
            control.problems.append(f"pin_lists[{position}].pins of {given['name']!r}: {problem}.")
            continue
        recorded = bool(given.get("record_calls", True))
        mine = known.get(given["name"])
        control.after[given["name"]] = {"pins": len(pins), "record_calls": recorded}
        if mine:
            control.before[mine.name] = {"pins": len(mine.pins), "record_calls": mine.recorded}
        body: Json = {"name": given["name"], "pin_list": Secret(",".join(pins)), "enb_record_cdr": int(recorded)}
        if mine is None:
            operation = Operation("POST", "pin_list/create", body, f"adding the PIN list '{given['name']}'")
        elif mine.pins != frozenset(pins) or mine.recorded != recorded:
            if mine.pins != frozenset(pins):
                control.after[given["name"]]["pins"] = f"{len(pins)} (changed)"
            body = {"id": mine.key, **body}
            operation = Operation("POST", "pin_list/update", body, f"changing the PIN list '{given['name']}'")
        else:
            continue
        control.operations.append(operation)
    return control


def _problem(pins: Sequence[str]) -> str | None:
    if not pins:
        return "there is none; at least one is needed"
    if any(not (pin.isascii() and pin.isdigit() and len(pin) >= SHORTEST_PIN) for pin in pins):
        return f"one of them is not {SHORTEST_PIN} digits or more"
    if len(set(pins)) < len(pins):
        return "one is listed twice"
    return None
