# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which countries may be dialled, in the PBX's own list. Pure.

Two things about that list are not documented, so both are decided from the device or not at all: whether it holds what
is allowed or what is blocked (threecx.md gap 1), and which property of 3CX's countries its entries are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation

PARAMETER = "NOTALLOWED_COUNTRYCODES"
ALLOWED, BLOCKED = "allowed", "blocked"


@dataclass(frozen=True)
class CountryList:
    """What was read."""

    codes: tuple[str, ...]
    """CountryCodes.CountryCodes, as found."""
    not_allowed: tuple[str, ...] | None
    """The parameter NOTALLOWED_COUNTRYCODES as single codes; None where it could not be read."""
    countries: tuple[Json, ...]
    """/Countries."""
    international_prefix: str
    """E164Settings.InternationalCode."""


def split_codes(text: str) -> tuple[str, ...]:
    """The parameter's value as codes; its separator is not documented."""
    return tuple(part for part in re.split(r"[^0-9A-Za-z+]+", text or "") if part)


def _plain(codes: Iterable[str]) -> frozenset[str]:
    """For comparison: without plus sign and leading zeros of dialling."""
    return frozenset(code.strip().lstrip("+") for code in codes if code.strip())


def polarity(found: CountryList) -> str | None:
    """allowed, blocked, or None where it cannot be told (gap 1)."""
    if found.not_allowed is None:
        return None
    codes, not_allowed = _plain(found.codes), _plain(found.not_allowed)
    if not codes and not not_allowed:
        return None
    if codes == not_allowed:
        return BLOCKED
    return ALLOWED if codes.isdisjoint(not_allowed) else None


@reading()
def known_codes(countries: Sequence[Json]) -> dict[str, list[str]]:
    """3CX's dialling codes and the names of the countries that have them.

    Which of the two properties holds them is not documented; what is not digits, such as GB, is none.
    """
    found: dict[str, list[str]] = {}
    for country in countries:
        given = [country.get("CountryCode"), *(country.get("CountryCodes") or [])]
        for code in _plain(str(each) for each in given if each):
            if not code.isdigit():
                continue
            names = found.setdefault(code, [])
            if str(country.get("Name")) not in names:
                names.append(str(country.get("Name")))
    return found


def plan_countries(found: CountryList, want: Mapping[str, Any]) -> Control:
    """The list as it shall be. ``want`` has ``allowed`` (country and calling_code each) and ``list_holds``."""
    control = Control("countries")
    known = known_codes(found.countries)
    holds = want.get("list_holds") or "auto"
    if holds == "auto":
        decided = polarity(found)
        if decided is None:
            control.problems.append(
                "countries: whether the PBX's list (CountryCodes) holds the allowed or the blocked countries is not "
                f"documented, and its parameter {PARAMETER} does not tell it either. Look in the Admin Console under "
                "Security, Allowed Country Codes, then set countries.list_holds to 'allowed' if the ticked countries "
                "are "
                f"{_sample(found.codes)}, else to 'blocked'."
            )
            return control
        holds = decided
    unknown_entries = sorted(_plain(found.codes) - set(known))
    if unknown_entries:
        control.problems.append(
            f"countries: the PBX's list holds {', '.join(unknown_entries[:5])}, which is no dialling code of the "
            f"countries that "
            "it names itself, so its form is not understood. Nothing was changed."
        )
    allowed: dict[str, str] = {}
    for entry in want["allowed"]:
        code = str(entry["calling_code"])
        if code not in known:
            control.problems.append(
                f"countries: {entry['country']} has the dialling code {code}, which is not in the PBX's list of "
                f"countries."
            )
        allowed[code] = entry["country"]
    if not found.international_prefix:
        control.problems.append(
            "countries: the E.164 settings have no international prefix, without which 3CX does not recognise "
            "international calls. Set it in the Admin Console first (for most countries 00)."
        )
    target = set(allowed) if holds == ALLOWED else set(known) - set(allowed)
    current = _plain(found.codes)
    reached = current & set(known) if holds == ALLOWED else set(known) - current
    control.before = {"may be dialled": sorted(reached), "list holds": holds}
    control.after = {"may be dialled": sorted(allowed), "list holds": holds}
    if control.problems:
        return control
    if current != target:
        body = {"CountryCodes": sorted(target, key=lambda code: (len(code), code))}
        control.operations.append(
            Operation("PATCH", "/CountryCodes", body, "setting the countries that may be dialled")
        )
    for code, country in allowed.items():
        others = [name for name in known.get(code, ()) if name]
        if len(others) > 1:
            control.notes.append(f"{country}: the code {code} is shared, so this allows {', '.join(others)} too.")
    return control


def _sample(codes: Sequence[str]) -> str:
    return f"those with the codes {', '.join(codes[:3])}" if codes else "none"
