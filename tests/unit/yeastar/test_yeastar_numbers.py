# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be dialled: patterns, countries, lists, routes, and emergency numbers above all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.site.countries import COUNTRIES
from ansible_collections.voipsec.hardening.plugins.module_utils.site.international import not_allowed
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.numbers import (
    EMERGENCY,
    NumberList,
    blocked_patterns,
    in_lists,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.outbound import Found, plan_outbound
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.patterns import matches
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.routes import (
    DialPattern,
    Member,
    Route,
    parse_routes,
    ways_out,
)

CODES = sorted({str(each.calling_code) for each in COUNTRIES.values() if each.calling_code})
PREFIXES = {"allowed": ["44", "353", "33"], "international_prefixes": ["00", "+"]}
CONFIG = {"countries": PREFIXES, "emergency_numbers": ["999", "112", "18000"], "barred_numbers": ["0909"]}


@pytest.mark.parametrize(
    ("pattern", "number", "hit"),
    [
        ("9011.", "9011441473", True),
        ("9011.", "9011", False),
        ("X.", "1", False),
        ("X.", "12", True),
        ("ZXX", "099", False),
        ("NXX", "199", False),
        ("NXX", "299", True),
        ("0[12]X!", "013", True),
        ("0[1-3]X!", "02345", True),
        ("0[12]X!", "033", False),
        ("+44.", "+441473", True),
        ("*97", "*97", True),
        ("86.", "860", True),
    ],
)
def test_what_a_pattern_matches(pattern: str, number: str, hit: bool) -> None:
    assert matches(pattern, number) is hit


@given(st.sets(st.sampled_from(CODES), min_size=1, max_size=8), st.text("0123456789", min_size=4, max_size=14))
def test_every_number_is_either_of_an_allowed_country_or_blocked(codes: set[str], digits: str) -> None:
    allowed = any(digits.startswith(code) for code in codes)
    blocked = any(matches(f"00{each}.", f"00{digits}") for each in not_allowed(codes))
    assert blocked == (not allowed and digits[0] != "0")


def test_few_beginnings_are_enough_for_the_whole_world() -> None:
    assert not_allowed(["44"]) == ["1", "2", "3", *(f"4{digit}" for digit in "012356789"), "5", "6", "7", "8", "9"]
    assert len(not_allowed(["44", "353", "33", "49", "1"])) < 60


def test_lists_are_as_long_as_the_smallest_model_takes() -> None:
    patterns = [f"00{number}." for number in range(100, 350)]
    lists = in_lists("voipsec countries", patterns)
    assert [len(each) for each in lists.values()] == [100, 100, 50]
    assert list(lists) == ["voipsec countries 1", "voipsec countries 2", "voipsec countries 3"]
    assert list(in_lists("voipsec countries", patterns[:3])) == ["voipsec countries"]
    assert blocked_patterns(["118"]) == ["118", "118."]


def route(
    name: str = "Everywhere",
    patterns: tuple[tuple[str, int, str], ...] = (("X.", 0, ""),),
    extensions: tuple[int, ...] = (1, 2),
    pin: str = "disable",
    position: int = 1,
) -> Route:
    rows = tuple(DialPattern(*each) for each in patterns)
    members = frozenset(Member("extension", key, f"100{key}") for key in extensions)
    return Route(position, name, position, rows, (11,), members, pin, None, None)


def found(*routes: Route, blocked: tuple[NumberList, ...] = ()) -> Found:
    return Found(routes=list(routes), blocked=list(blocked), extensions={"1001": 1, "1002": 2}, trunks={"Provider": 11})


def blocked_after(have: Found, **config: object) -> list[str]:
    controls = plan_outbound(have, {**CONFIG, **config}, State.REPLACED)
    assert [problem for control in controls for problem in control.problems] == []
    bodies = [operation.body or {} for control in controls for operation in control.operations]
    return [
        text
        for body in bodies
        if "voipsec countries" in str(body.get("name"))
        for text in body["number_list"].split("&")
    ]


@pytest.mark.parametrize(
    ("patterns", "dialled", "barred"),
    [
        ((("X.", 0, ""),), "00882123", True),
        ((("X.", 0, ""),), "+88212345", True),
        ((("X.", 0, ""),), "0044147312", False),
        ((("9.", 1, ""),), "900882123", True),
        ((("9.", 1, ""),), "90044147", False),
        ((("X.", 1, ""),), "700882123", True),
        ((("8.", 1, "00"),), "8882123", True),
        ((("8.", 1, "00"),), "844147312", False),
        ((("7.", 1, "00882"),), "7123", True),
        ((("7.", 1, "0044"),), "7123", False),
    ],
)
def test_prefixes_that_routes_take_away_and_put_before_are_followed(
    patterns: tuple[tuple[str, int, str], ...], dialled: str, barred: bool
) -> None:
    blocked = blocked_after(found(route(patterns=patterns)))
    assert any(matches(each, dialled) for each in blocked) is barred


def test_a_route_whose_prefix_cannot_be_told_is_named() -> None:
    controls = plan_outbound(found(route("Odd", ((".", 2, ""),))), CONFIG, State.REPLACED)
    assert any("Odd is unknown" in note for control in controls for note in control.notes)
    assert ways_out([route("Odd", ((".", 2, ""),))], ["0088"]) == ["0088"]


def test_a_country_without_a_known_prefix_is_refused() -> None:
    config = {**CONFIG, "countries": {"allowed": ["44"], "international_prefixes": []}}
    problems = [each for control in plan_outbound(found(route()), config, State.REPLACED) for each in control.problems]
    assert len(problems) == 1
    assert problems[0].startswith("countries.international_prefixes: nothing is given")


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"barred_numbers": ["99"]}, "barred_numbers: '99' would bar the emergency number 999."),
        ({"barred_numbers": ["1120"]}, "barred_numbers: '1120' would bar the emergency number 112."),
        (
            {"blocked_numbers": [{"name": "short", "numbers": ["1!"], "direction": "outbound"}]},
            "emergency calls: the list 'short' would bar 112. Nothing was changed.",
        ),
        (
            {"outbound_routes": [{"name": "Everywhere", "extensions": ["1001"]}]},
            "emergency calls: no outbound route lets 1002 dial 999. Nothing was changed.",
        ),
        (
            {"outbound_routes": [{"name": "Everywhere", "pin_protect": "single", "pin": "4711"}]},
            "emergency calls: 1001, 1002 must give a PIN before 999 is dialled. Nothing was changed.",
        ),
    ],
)
def test_nothing_makes_an_emergency_number_harder_to_dial(config: dict[str, object], problem: str) -> None:
    controls = plan_outbound(found(route()), {**CONFIG, **config}, State.REPLACED)
    assert any(each.startswith(problem) for control in controls for each in control.problems)


def test_a_route_of_its_own_keeps_emergency_calls_going_where_another_is_narrowed() -> None:
    config = {
        **CONFIG,
        "emergency_trunks": ["Provider"],
        "outbound_routes": [{"name": "Everywhere", "extensions": ["1001"]}],
    }
    controls = plan_outbound(found(route()), config, State.REPLACED)
    assert [each for control in controls for each in control.problems] == []
    paths = [
        (operation.path, (operation.body or {}).get("name")) for control in controls for operation in control.operations
    ]
    assert paths.index(("outbound_route/create", "voipsec_emergency")) < paths.index(("outbound_route/update", None))
    assert paths[0] == ("allow_numbers/create", EMERGENCY)


def test_a_list_of_others_that_bars_an_emergency_number_is_told_and_left_alone() -> None:
    theirs = NumberList(7, "Somebody's", "both", ("1.",))
    controls = plan_outbound(found(route(), blocked=(theirs,)), CONFIG, State.REPLACED)
    notes = [note for control in controls for note in control.notes if "Somebody's" in note]
    assert len(notes) == 2
    assert all(note.startswith("EMERGENCY CALLS: the list 'Somebody's'") for note in notes)
    assert not any("Somebody's" in str(operation.body) for control in controls for operation in control.operations)


def test_a_number_that_the_pbx_makes_another_of_is_told() -> None:
    have = found(route(patterns=(("9.", 1, ""),)))
    notes = [note for control in plan_outbound(have, CONFIG, State.REPLACED) for note in control.notes]
    assert any("the outbound route Everywhere makes 99 of 999" in note for note in notes)


def test_what_was_made_by_others_stays_and_ours_goes_when_deleted() -> None:
    ours, theirs = (
        NumberList(1, "voipsec countries", "outbound", ("001.",)),
        NumberList(2, "Theirs", "outbound", ("0190.",)),
    )
    controls = plan_outbound(found(route(), blocked=(ours, theirs)), CONFIG, State.DELETED)
    operations = [operation for control in controls for operation in control.operations]
    assert [(each.method, each.path, each.body) for each in operations] == [("GET", "block_numbers/delete", {"id": 1})]


def test_a_route_reads_as_the_guide_shows_it() -> None:
    row = {
        "id": 19,
        "name": "Office",
        "dial_pattern_list": [{"id": 1, "pattern": "9.", "strip": 1, "prepend": ""}],
        "trunk_list": [{"id": 11, "name": "Provider", "type": "register"}],
        "ext_list": [{"id": 60, "ext_number": "1001", "ext_name": "Anna", "type": "extension"}],
        "pos": 2,
        "pin_protect": "single_pin",
        "pin": "1234",
        "pin_list": 0,
    }
    (parsed,) = parse_routes([row])
    assert parsed.sends("90147") == "0147"
    assert (parsed.position, parsed.pin_list, str(parsed.pin)) == (2, None, "********")
