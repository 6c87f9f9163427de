# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls: periods and quantities for all families, and the P-Series' call records."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.calls import (
    chosen,
    destination,
    direction,
    moment,
    period,
    totals,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.call_history import parse_call, party, when
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.info import unsecret

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
OPTIONS: dict[str, Any] = {
    "since": "24h",
    "until": None,
    "extension": None,
    "direction": "any",
    "destination_prefix": None,
    "limit": 10,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24h", "2026-11-22T12:00:00+00:00"),
        ("7d", "2026-11-16T12:00:00+00:00"),
        ("2026-11-23T08:00:00Z", "2026-11-23T08:00:00+00:00"),
        ("2026-11-23T08:00:00+01:00", "2026-11-23T07:00:00+00:00"),
    ],
)
def test_moments(text: str, expected: str) -> None:
    assert moment(text, "since", NOW).isoformat() == expected


@pytest.mark.parametrize("text", ["", "h", "7w", "-1d", "2026-11-23", "2026-11-23T08:00:00", "9999999999d"])
def test_what_is_no_moment_names_its_option(text: str) -> None:
    with pytest.raises(HardeningError, match="until: "):
        moment(text, "until", NOW)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"limit": 0}, "limit: 0"), ({"until": "2d"}, "since: '24h' is not before until"), ({"since": "0h"}, "since: ")],
)
def test_periods_that_make_no_sense(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(HardeningError, match=message):
        period({**OPTIONS, "until": "0h", **wrong})


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("1001", "0037125551234", "outbound"),
        ("+37125551234", "1001", "inbound"),
        ("1001", "1002", "internal"),
        ("", "", "internal"),
    ],
)
def test_directions(source: str, target: str, expected: str) -> None:
    assert direction(source, target) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("+37125551234", "+371"), ("0037125551234", "+371"), ("0305550100", "030"), ("", ""), ("Anna", "")],
)
def test_destinations(number: str, expected: str) -> None:
    assert destination(number) == expected


@pytest.mark.parametrize("prefix", ["+371", "00371", "371", "0037125"])
def test_prefixes_with_and_without_what_is_dialled_before(prefix: str) -> None:
    call = {"from": "1001", "to": "0037125551234", "direction": "outbound"}
    assert chosen(call, {**OPTIONS, "destination_prefix": prefix})
    assert not chosen({**call, "to": "0044205550100"}, {**OPTIONS, "destination_prefix": prefix})


def test_totals_of_nothing() -> None:
    assert totals([]) == {
        "calls": 0,
        "outbound": 0,
        "talking_seconds": 0,
        "by_extension": {},
        "by_destination": {},
        "longest": None,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna<1001>", ("1001", "Anna")),
        ("Anna Bauer <1001>", ("1001", "Anna Bauer")),
        ("A<B> <1001>", ("1001", "A<B>")),
        ("<1001>", ("1001", "")),
        ("1001", ("1001", "")),
        ("Anna<>", ("", "Anna")),
        (1001, ("1001", "")),
        (None, ("", "")),
    ],
)
def test_parties(text: Any, expected: tuple[str, str]) -> None:
    assert party(text) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"timestamp": 1795435200, "time": "nonsense"}, "2026-11-23T12:00:00+00:00"),
        ({"timestamp": "1795435200"}, "2026-11-23T12:00:00+00:00"),
        ({"time": "2026-11-23T13:00:00+01:00"}, "2026-11-23T12:00:00+00:00"),
        ({"time": "2026-11-23T12:00:00Z"}, "2026-11-23T12:00:00+00:00"),
        ({"time": "2026-11-23 12:00:00"}, None),
        ({"time": "2026/11/23 12:00:00"}, None),
        ({"time": "11/23/2026 12:00:00 PM"}, None),
        ({"timestamp": 0}, None),
        ({"timestamp": 1e300}, None),
        ({"timestamp": "soon"}, None),
        ({}, None),
    ],
)
def test_times_are_told_only_where_they_are_certain(row: dict[str, Any], expected: str | None) -> None:
    found = when(row)
    assert (found.isoformat() if found else None) == expected


def test_an_unanswered_call_has_no_talking() -> None:
    call = parse_call({"id": 7, "call_type": "Outbound", "last_status": "NO ANSWER", "call_duration": 20})
    assert (call["answered"], call["talking_seconds"], call["direction"]) == (False, 0.0, "outbound")
    answered = parse_call({"id": 7, "last_status": "ANSWERED", "call_duration": 20})
    assert (answered["answered"], answered["talking_seconds"], answered["ringing_seconds"]) == (True, 20.0, None)


def test_a_row_of_nothing_is_a_call_of_nothing() -> None:
    call = parse_call({})
    assert call["started"] is None
    assert (call["id"], call["from"], call["to"], call["cost"]) == ("", "", "", None)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"access_token": "abc"}, {"access_token": MASK}),
        ({"rps_pin": 1234, "pin_list": "1,2"}, {"rps_pin": MASK, "pin_list": MASK}),
        ({"rows": [{"Password": "x"}]}, {"rows": [{"Password": MASK}]}),
        ({"password": ["a", "b"]}, {"password": [MASK, MASK]}),
        ({"password": ""}, {"password": ""}),
        ({"opinion": "fine", "mapping": 3}, {"opinion": "fine", "mapping": 3}),
        ({"content": "?access_token=abc&page=1"}, {"content": f"?access_token={MASK}&page=1"}),
        ({"content": '{"vm_pin": "1234"}'}, {"content": f'{{"vm_pin": "{MASK}"}}'}),
        ({"content": '{\\"password\\":\\"a,b\\"}'}, {"content": f'{{\\"password\\":\\"{MASK}\\"}}'}),
        ({"content": "spin: 5"}, {"content": "spin: 5"}),
        ({"content": "password changed"}, {"content": "password changed"}),
    ],
)
def test_what_may_be_a_secret_is_masked(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert unsecret(given) == expected
