# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which beginnings of international numbers are not allowed, from the countries that are. Pure.

The answer is complete: every number that begins with no allowed calling code begins with one of these, whether its code
is a country's, a satellite network's or nobody's. That is shorter than a list of countries, and nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.voipsec.hardening.plugins.module_utils.site.countries import COUNTRIES

PLUS = "+"
INTERNATIONAL = {"1": "011"}
"""The prefix of countries with calling code 1; for the rest of those named below it is 00."""
_EUROPE = """
AT BE BG CH CY CZ DE DK EE ES FI FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MT NL NO PL PT RO SE SI SK
"""
DOUBLE_ZERO = frozenset(_EUROPE.split())
"""Europe's countries, whose international prefix is 00 (ITU-T E.164, CEPT). For others it must be given."""
FIRST_DIGITS = "123456789"
"""No calling code begins with 0 (ITU-T E.164)."""


def calling_codes(countries: Iterable[str]) -> list[str]:
    """Of the countries that have one; each once, because some share theirs."""
    codes = (COUNTRIES[code].calling_code for code in countries)
    return list(dict.fromkeys(str(code) for code in codes if code is not None))


def international_prefixes(country: str) -> list[str]:
    """What is dialled before a calling code; empty where this collection does not know it."""
    code = str(COUNTRIES[country].calling_code)
    if code in INTERNATIONAL:
        return [INTERNATIONAL[code], PLUS]
    return ["00", PLUS] if country in DOUBLE_ZERO else []


def not_allowed(calling_codes: Iterable[str]) -> list[str]:
    """The shortest beginnings, without the international prefix: for 44 alone 1, 2, 3, 40, 41, ... 5, 6, 7, 8, 9."""
    allowed = frozenset(calling_codes)
    return [each for digit in FIRST_DIGITS for each in _below(digit, allowed)]


def _below(beginning: str, allowed: frozenset[str]) -> Iterable[str]:
    if any(beginning.startswith(code) for code in allowed):
        return
    if any(code.startswith(beginning) for code in allowed):
        for digit in "0123456789":
            yield from _below(beginning + digit, allowed)
        return
    yield beginning
