# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outbound routes of a P-Series: what a number becomes, who may dial it, and why somebody cannot dial 112."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.patterns import beginning, compiled, matches
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.routes import (
    DISABLE,
    LIST,
    SINGLE,
    DialPattern,
    Known,
    Member,
    Route,
    emergency_problem,
    parse_routes,
    unclear,
    ways_out,
)


@pytest.mark.parametrize(
    ("pattern", "number", "hit"),
    [
        ("11", "112", False),
        ("112", "112", True),
        ("1120", "112", False),
        ("12", "112", False),
        ("11X", "112", True),
        ("11x", "112", True),
        ("X", "0", True),
        ("X", "9", True),
        ("X", "*", False),
        ("Z", "0", False),
        ("Z", "1", True),
        ("Z", "9", True),
        ("N", "1", False),
        ("N", "2", True),
        ("N", "9", True),
        ("n", "9", True),
        ("1.", "1", False),
        ("1.", "11", True),
        ("1!", "1", True),
        ("1!", "112", True),
        (" 112 ", "112", True),
        ("[1-3]12", "112", True),
        ("[1-3]12", "412", False),
        ("[2^]12", "^12", True),
        ("[2^]12", "112", False),
        ("[]112", "112", True),
        ("[9-1]12", "112", True),
        ("(", "(", True),
        ("1+2", "112", False),
        ("1+2", "1+2", True),
        (".", "anything", True),
        ("!", "", True),
    ],
)
def test_a_pattern_is_about_whole_numbers(pattern: str, number: str, hit: bool) -> None:
    """And a pattern that is not understood, such as [9-1], is about every number: a barring rule is not overlooked."""
    compiled.cache_clear()
    assert matches(pattern, number) is hit


@pytest.mark.parametrize(
    ("pattern", "length", "found"),
    [
        ("9011.", 1, "9"),
        ("9011.", 4, "9011"),
        ("9011.", 5, None),
        ("9X.", 2, "9X"),
        ("[12]X.", 1, "[12]"),
        ("9", 1, "9"),
        ("9", 2, None),
        ("9", 0, ""),
        ("9!", 2, None),
        ("9!", 1, "9"),
        (" 9 ", 1, "9"),
    ],
)
def test_the_beginning_of_a_pattern(pattern: str, length: int, found: str | None) -> None:
    assert beginning(pattern, length) == found


def route(*patterns: str, **changes: Any) -> Route:
    """A route that everybody of 1001 to 1003 may use; ``9>`` in a pattern: strip one sign."""
    rows = tuple(
        DialPattern(pattern.replace(">", ""), pattern.index(">") if ">" in pattern else 0, changes.get("prepend", ""))
        for pattern in patterns
    )
    values: dict[str, Any] = {
        "key": 1,
        "name": "Everywhere",
        "position": 1,
        "patterns": rows,
        "trunks": (5,),
        "members": EVERYBODY,
        "pin_protect": DISABLE,
        "pin": None,
        "pin_list": None,
    }
    return Route(**{**values, **{name: value for name, value in changes.items() if name != "prepend"}})


def extension(key: int) -> Member:
    return Member("extension", key, str(1000 + key))


GROUP = Member("ext_group", 50, "Office")
ORGANIZATION = Member("organization", 1, "Organisation")
EVERYBODY = frozenset({extension(1), extension(2), extension(3)})
EXTENSIONS = {"1001": 1, "1002": 2, "1003": 3}


def known(groups: dict[int, frozenset[int]] | None = None) -> Known:
    return Known(EXTENSIONS, {"Office": 50}, {}, {}, {}, groups)


def test_a_route_reads_as_the_guide_shows_it() -> None:
    row = {
        "id": "7",
        "name": "Out",
        "pos": "3",
        "dial_pattern_list": [{"pattern": "9X.", "strip": "1", "prepend": "0"}, {}],
        "trunk_list": [{"id": "5"}, {"id": 6}],
        "ext_list": [
            {"id": 1, "ext_number": "1001", "type": "extension"},
            {"id": 50, "ext_name": "Office", "type": "ext_group"},
            {"id": 2},
        ],
        "pin_protect": "single_pin",
        "pin": "4711",
        "pin_list": "9",
    }
    first, second = parse_routes([row, {"id": 1, "pos": 2}])
    assert second == Route(
        7,
        "Out",
        3,
        (DialPattern("9X.", 1, "0"), DialPattern("", 0, "")),
        (5, 6),
        frozenset({Member("extension", 1, "1001"), Member("ext_group", 50, "Office"), Member("extension", 2, "")}),
        SINGLE,
        Secret("4711"),
        9,
    )
    assert first == Route(1, "", 2, (), (), frozenset(), DISABLE, None, None)


@pytest.mark.parametrize(
    ("found", "number", "sent"),
    [
        (route("X."), "112", "112"),
        (route("9>X."), "9112", "112"),
        (route("9>X.", prepend="0"), "9112", "0112"),
        (route("9>", "112"), "112", "112"),
        (route("0X.", "1>12"), "112", "12"),
    ],
)
def test_the_row_that_matches_decides_what_goes_out(found: Route, number: str, sent: str) -> None:
    assert found.matches(number)
    assert found.sends(number) == sent


@pytest.mark.parametrize(
    ("members", "groups", "may"),
    [
        ({extension(1)}, None, True),
        ({extension(2)}, None, False),
        (set(), None, False),
        (set(), frozenset(), False),
        ({GROUP}, None, None),
        ({ORGANIZATION}, None, None),
        ({extension(1), GROUP}, None, True),
        ({GROUP}, frozenset({50}), True),
        ({GROUP}, frozenset({51}), False),
        ({ORGANIZATION}, frozenset({1}), False),
        ({Member("ext_group", 1, "1001")}, None, None),
    ],
)
def test_who_may_use_a_route(members: set[Member], groups: frozenset[int] | None, may: bool | None) -> None:
    assert route("X.", members=frozenset(members)).admits(1, groups) is may


NOBODY = "no outbound route lets 1001, 1002, 1003 dial 112"
UNSURE = "whether 1001, 1002, 1003 may dial 112 depends on groups whose members cannot be read"


@pytest.mark.parametrize(
    ("routes", "problem"),
    [
        ([route("X.")], None),
        ([], NOBODY),
        ([route("0X.")], NOBODY),
        ([route("11")], NOBODY),
        ([route("X.", members=frozenset())], NOBODY),
        ([route("X.", members=frozenset({extension(1)}))], "no outbound route lets 1002, 1003 dial 112"),
        ([route("X.", members=frozenset({extension(1)})), route("112")], None),
        ([route("1>12")], "the outbound route Everywhere makes 12 of 112"),
        ([route("112>")], "the outbound route Everywhere makes nothing of 112"),
        ([route("X.", pin_protect=SINGLE)], "1001, 1002, 1003 must give a PIN before 112 is dialled"),
        ([route("X.", pin_protect=LIST), route("112")], "1001, 1002, 1003 must give a PIN before 112 is dialled"),
        ([route("112"), route("X.", pin_protect=LIST)], None),
        ([route("0X.", pin_protect=LIST), route("112")], None),
        ([route("X.", members=frozenset({GROUP}))], UNSURE),
        ([route("X.", members=frozenset({GROUP})), route("112")], None),
        ([route("X.", members=frozenset({GROUP}), pin_protect=SINGLE), route("112")], UNSURE),
        ([route("1>12", members=frozenset({GROUP})), route("112")], UNSURE),
        (
            [route("X.", members=frozenset({extension(1)}), pin_protect=SINGLE), route("112")],
            "1001 must give a PIN before 112 is dialled",
        ),
    ],
)
def test_why_somebody_cannot_dial_112(routes: list[Route], problem: str | None) -> None:
    assert emergency_problem("112", routes, known()) == problem


def test_members_of_groups_count_where_the_firmware_shows_them() -> None:
    routes = [route("X.", members=frozenset({GROUP}))]
    everybody = dict.fromkeys(EXTENSIONS.values(), frozenset({50}))
    assert emergency_problem("112", routes, known(everybody)) is None
    assert emergency_problem("112", routes, known({1: frozenset({50})})) == "no outbound route lets 1002, 1003 dial 112"


def test_a_long_list_of_extensions_is_cut() -> None:
    extensions = {str(1000 + place): place for place in range(7)}
    found = emergency_problem("112", [], Known(extensions, {}, {}, {}, {}))
    assert found == "no outbound route lets 1000, 1001, 1002, 1003, 1004 and 2 more dial 112"
    del extensions["1006"], extensions["1005"]
    found = emergency_problem("112", [], Known(extensions, {}, {}, {}, {}))
    assert found == "no outbound route lets 1000, 1001, 1002, 1003, 1004 dial 112"


@pytest.mark.parametrize(
    ("routes", "found"),
    [
        ([], ["00", "+"]),
        ([route("X.")], ["00", "+"]),
        ([route("9>.")], ["00", "+", "900", "9+"]),
        ([route("9>.", prepend="0")], ["00", "+", "90"]),
        ([route("9>.", prepend="00")], ["00", "+", "9"]),
        ([route("9>.", prepend="0044")], ["00", "+", "9"]),
        ([route("9>.", prepend="5")], ["00", "+"]),
        ([route(".>", "9>X.")], ["00", "+", "900", "9+"]),
    ],
)
def test_what_users_dial_so_that_a_number_begins_so(routes: list[Route], found: list[str]) -> None:
    assert sorted(ways_out(routes, ["00", "+"])) == sorted(found)


def test_routes_that_take_away_an_unknown_number_of_signs_are_named() -> None:
    routes = [route("9>X."), route("X.>", name="Odd"), route("9>", name="Whole")]
    assert unclear(routes) == ["Odd"]
