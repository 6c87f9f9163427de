# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Countries and their dialling codes (ITU-T E.164). What holds ISO codes is not documented: nothing here."""

from __future__ import annotations

from typing import Any

_TABLE = """
Europe: Albania 355, Andorra 376, Austria 43, Belarus 375, Belgium 32, Bosnia and Herzegovina 387, Bulgaria 359,
Croatia 385, Cyprus 357, Czechia 420, Denmark 45, Estonia 372, Finland 358, France 33, Germany 49, Gibraltar 350,
Greece 30, Hungary 36, Iceland 354, Ireland 353, Italy 39, Latvia 371, Liechtenstein 423, Lithuania 370, Luxembourg 352,
Malta 356, Moldova 373, Monaco 377, Montenegro 382, Netherlands 31, North Macedonia 389, Norway 47, Poland 48,
Portugal 351, Romania 40, Russia 7, San Marino 378, Serbia 381, Slovakia 421, Slovenia 386, Spain 34, Sweden 46,
Switzerland 41, Turkey 90, Ukraine 380, United Kingdom 44
North America: Canada 1, Cuba 53, Jamaica 1876, Mexico 52, United States 1
South America: Argentina 54, Brazil 55, Chile 56, Colombia 57, Peru 51
Asia: China 86, Hong Kong 852, India 91, Indonesia 62, Israel 972, Japan 81, Pakistan 92, Palestine 970, Philippines 63,
Singapore 65, South Korea 82, Sri Lanka 94, Thailand 66, United Arab Emirates 971, Vietnam 84
Africa: Algeria 213, Egypt 20, Ethiopia 251, Gambia 220, Guinea 224, Morocco 212, Nigeria 234, Sierra Leone 232,
Somalia 252, South Africa 27, Tunisia 216, Zimbabwe 263
Oceania: Australia 61, Fiji 679, New Zealand 64
"""


def countries() -> list[dict[str, Any]]:
    """As /Countries gives them; several countries may share a code."""
    found = []
    for paragraph in _TABLE.replace(",\n", ", ").strip().splitlines():
        continent, _colon, entries = paragraph.partition(": ")
        for entry in entries.split(", "):
            name, _space, code = entry.rpartition(" ")
            found.append({"Name": name, "Continent": continent, "CountryCode": code, "CountryCodes": [code]})
    return sorted(found, key=lambda row: row["Name"])


def all_codes() -> list[str]:
    """Every dialling code once."""
    return sorted({code for row in countries() for code in row["CountryCodes"]})
