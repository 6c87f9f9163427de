# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the PBX's list holds what is allowed or what is blocked is decided from the PBX, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.countries import (
    CountryList,
    plan_countries,
    polarity,
    split_codes,
)

COUNTRIES = tuple(
    {"Name": name, "CountryCode": code, "CountryCodes": [code]}
    for name, code in (
        ("United Kingdom", "44"), ("Ireland", "353"), ("Cuba", "53"), ("United States", "1"), ("Canada", "1"),
    )
)  # fmt: skip
GB = {"allowed": [{"country": "GB", "calling_code": "44"}]}


def found(codes: str, not_allowed: str | None, **changes: Any) -> CountryList:
    parameter = None if not_allowed is None else split_codes(not_allowed)
    values: dict[str, Any] = {"countries": COUNTRIES, "international_prefix": "00", **changes}
    return CountryList(split_codes(codes), parameter, **values)


@pytest.mark.parametrize(
    ("codes", "parameter", "expected"),
    [
        ("44,353", "53,1", "allowed"),
        ("53,1", "53;1", "blocked"),
        ("+53", "53", "blocked"),
        ("", "53", "allowed"),
        ("44", "", "allowed"),
        ("44,53", "53", None),
        ("", "", None),
        ("44", None, None),
    ],
)
def test_polarity(codes: str, parameter: str | None, expected: str | None) -> None:
    assert polarity(found(codes, parameter)) == expected


@pytest.mark.parametrize(("codes", "parameter", "sent"), [("44,53", "1,353", ["44"]), ("53", "53", ["1", "53", "353"])])
def test_both_readings_end_with_the_same_countries(codes: str, parameter: str, sent: list[str]) -> None:
    control = plan_countries(found(codes, parameter), GB)
    assert not control.problems
    assert control.operations[0].body == {"CountryCodes": sent}
    assert control.after["may be dialled"] == ["44"]


def test_only_dialling_codes_are_sent_whichever_property_holds_them() -> None:
    named = tuple({**country, "CountryCode": str(country["Name"])[:2].upper()} for country in COUNTRIES)
    control = plan_countries(found("53", "53", countries=named), GB)
    assert not control.problems
    assert control.operations[0].body == {"CountryCodes": ["1", "53", "353"]}


def test_a_shared_code_is_told() -> None:
    control = plan_countries(found("44", "53"), {"allowed": [{"country": "CA", "calling_code": "1"}]})
    assert any("the code 1 is shared, so this allows United States, Canada too" in note for note in control.notes)


@pytest.mark.parametrize(
    ("have", "want", "message"),
    [
        (found("44,53", "53"), GB, "set countries.list_holds to 'allowed'"),
        (found("GB,IE", "53"), GB, "holds GB, IE, which is no dialling code"),
        (found("44", "53", international_prefix=""), GB, "have no international prefix"),
        (found("44", "53"), {"allowed": [{"country": "XX", "calling_code": "999"}]}, "XX has the dialling code 999"),
    ],
)
def test_what_is_not_understood_is_not_written(have: CountryList, want: dict[str, Any], message: str) -> None:
    control = plan_countries(have, want)
    assert any(message in text for text in control.problems)
    assert not control.operations
