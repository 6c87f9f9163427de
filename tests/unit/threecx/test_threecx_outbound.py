# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Emergency numbers stay dialable, whatever the rules and whatever is barred."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.outbound import (
    ATTESTED,
    BARRED_RULE,
    MOVE,
    Rule,
    emergency_problem,
    is_move,
    parse_rules,
    plan_outbound,
)

EMERGENCY = ("999", "112", "18000")
GROUPS = {"DEFAULT": 20, "Office": 21}


def row(key: int, name: str, prefix: str = "", **changes: Any) -> dict[str, Any]:
    route = [{"TrunkId": 10, "TrunkName": "kestrel"}]
    return {"Id": key, "Name": name, "Prefix": prefix, "Priority": key, "Routes": route, **changes}


LIVED_IN = [row(1, "Emergency", "999,112,18000", EmergencyRule=True), row(2, "All calls")]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (LIVED_IN, None),
        ([row(1, "All calls")], None),
        ([row(1, "National", "0")], "no outbound rule lets every extension dial 999"),
        ([row(1, "Block", "9", Routes=[]), row(2, "All")], "the outbound rule 'Block' bars 999"),
        ([row(1, "Block", "9", Routes=[], GroupIds=[21]), row(2, "All")], "'Block' bars 999 for some extensions"),
        ([row(1, "Sales", "", GroupIds=[21]), row(2, "All")], None),
        ([row(1, "Block", "900-999", Routes=[]), row(2, "All")], "bars 999"),
        ([row(1, "Long", "", NumberLengthRanges="5-20"), row(2, "All")], None),
        ([row(1, "Long", "", NumberLengthRanges="5-20")], "no outbound rule lets every extension dial 999"),
        ([row(2, "All"), row(1, "Block", "9", Routes=[])], "'Block' bars 999"),
    ],
)
def test_who_can_dial_999(rows: list[dict[str, Any]], problem: str | None) -> None:
    found = emergency_problem("999", parse_rules(rows))
    assert (found is None) if problem is None else (found is not None and problem in found)


def test_restricting_the_only_rule_for_999_is_refused() -> None:
    rules = parse_rules([row(1, "All calls")])
    control = plan_outbound(
        rules, GROUPS, None, [{"name": "All calls", "groups": ["Office"]}], EMERGENCY, State.REPLACED
    )
    assert any("emergency calls: no outbound rule lets every extension dial 999" in text for text in control.problems)
    assert not control.operations


def test_our_rule_is_changed_and_not_doubled() -> None:
    ours = row(3, BARRED_RULE, "0909", Routes=[])
    rules = parse_rules([*LIVED_IN, ours])
    control = plan_outbound(rules, GROUPS, ["0909", "118"], [], EMERGENCY, State.REPLACED)
    sent = [(operation.method, operation.path, operation.body) for operation in control.operations]
    assert sent == [
        ("PATCH", "/OutboundRules(3)", {"Prefix": "0909,118", "Routes": []}),
        ("POST", "/OutboundRules/Pbx.MoveUpDown", {"id": 3, "up": True}),
    ]
    assert control.outcome == "attested"


@pytest.mark.parametrize("state", [State.REPLACED, State.DELETED])
def test_our_rule_goes_when_nothing_is_barred(state: State) -> None:
    rules = parse_rules([*LIVED_IN, row(3, BARRED_RULE, "0909", Routes=[])])
    control = plan_outbound(rules, GROUPS, [], [], EMERGENCY, state)
    assert [(operation.method, operation.path) for operation in control.operations] == [("DELETE", "/OutboundRules(3)")]


def test_merged_leaves_our_rule_where_nothing_is_said_of_it() -> None:
    rules = parse_rules([*LIVED_IN, row(3, BARRED_RULE, "0909", Routes=[])])
    assert not plan_outbound(rules, GROUPS, None, [], EMERGENCY, State.MERGED).operations


def applied(rows: list[dict[str, Any]], operations: list[Operation]) -> list[dict[str, Any]]:
    """The PBX's rules after these requests: a new rule comes last, MoveUpDown changes places with the one before."""
    found = [dict(each) for each in sorted(rows, key=lambda each: each["Priority"])]
    for operation in operations:
        body = dict(operation.body or {})
        if operation.path == "/OutboundRules":
            found.append({"Id": 900, **body})
        elif operation.path == MOVE:
            assert body["up"] is True
            place = next(index for index, each in enumerate(found) if each["Id"] == body["id"])
            found[place - 1], found[place] = found[place], found[place - 1]
        else:
            place = next(index for index, each in enumerate(found) if operation.path == f"/OutboundRules({each['Id']})")
            if operation.method == "DELETE":
                del found[place]
            else:
                found[place].update(body)
    return [{**each, "Priority": place} for place, each in enumerate(found, 1)]


NOT_EMERGENCY = ["00", "0909", "07", "0871", "118", "123", "19", "2", "98", "1801"]
PREFIXES = st.sampled_from(["", "", "0", "9", "99", "999", "1", "11", "112", "1-9", "900-999", "180", "00", "118"])
RULES = st.lists(
    st.builds(
        lambda prefix, lengths, routes, groups, emergency: {
            "Prefix": prefix,
            "NumberLengthRanges": lengths,
            "Routes": [{"TrunkId": 10}] if routes else [],
            "GroupIds": [21] if groups else [],
            "EmergencyRule": emergency,
        },
        PREFIXES,
        st.sampled_from(["", "", "", "3", "2-3", "4-", "5-20"]),
        st.sampled_from([True, True, True, False]),
        st.sampled_from([False, False, True]),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=200)
@given(
    RULES,
    st.lists(st.sampled_from(NOT_EMERGENCY), min_size=1, max_size=3, unique=True),
    st.sampled_from([[], [], [{"name": "rule 1", "groups": ["Office"]}], [{"name": "rule 1", "extensions": ["201"]}]]),
    st.booleans(),
)
def test_a_plan_never_bars_an_emergency_number(
    rows: list[dict[str, Any]], barred: list[str], restricted: list[dict[str, Any]], ours: bool
) -> None:
    """Both rounds of requests are carried out, and 999, 112 and 18000 are dialled on what comes of them."""
    named = [{**each, "Id": place, "Name": f"rule {place}", "Priority": place} for place, each in enumerate(rows, 1)]
    if ours:
        named.append(row(99, BARRED_RULE, "0898", Routes=[]))
    before = parse_rules(named)
    first = plan_outbound(before, GROUPS, barred, restricted, EMERGENCY, State.REPLACED)
    if first.problems:
        assert not first.operations
        return
    after = applied(named, first.operations)
    second = plan_outbound(parse_rules(after), GROUPS, barred, restricted, EMERGENCY, State.REPLACED)
    assert all(is_move(operation) for operation in second.operations)
    reached = parse_rules(applied(after, second.operations))
    assert next(rule.name for rule in reached if not rule.emergency) == BARRED_RULE
    for number in EMERGENCY:
        if emergency_problem(number, before) is None:
            assert emergency_problem(number, reached) is None
    for number in barred:
        hit = next(rule for rule in reached if rule.matches(f"{number}5551234") and not rule.emergency)
        assert not hit.has_route
    if restricted:
        rule = next(rule for rule in reached if rule.name == "rule 1")
        assert (rule.groups, rule.extensions) == (
            ((21,), ()) if "groups" in restricted[0] else (rule.groups, (("201", "201"),))
        )


@pytest.mark.parametrize(
    ("routes", "has_route"),
    [
        ([], False),
        ([{"TrunkId": 10}], True),
        ([{"TrunkName": "kestrel"}], True),
        ([{"TrunkId": 0}], False),
        ([{"TrunkId": -1}], False),
        ([{"TrunkId": None}], False),
        ([{"TrunkId": None, "TrunkName": ""}], False),
        ([{"TrunkId": -1}, {"TrunkId": 11}], True),
    ],
)
def test_a_rule_has_a_way_out_when_a_route_names_a_trunk(routes: list[dict[str, Any]], has_route: bool) -> None:
    (rule,) = parse_rules([row(1, "All", Routes=routes)])
    assert rule.has_route is has_route
    assert (emergency_problem("999", [rule]) is None) is has_route


@pytest.mark.parametrize(
    ("lengths", "matching"),
    [
        ("", {1, 2, 3, 4, 5, 9}),
        ("3", {3}),
        ("2-3", {2, 3}),
        ("3,5-9", {3, 5, 9}),
        (" 4 ", {4}),
        ("2-x", {1, 2, 3, 4, 5, 9}),
        ("x", {1, 2, 3, 4, 5, 9}),
        ("4-", {1, 2, 3, 4, 5, 9}),
        ("3, ", {3}),
    ],
)
def test_lengths_that_are_not_understood_count_as_every_length(lengths: str, matching: set[int]) -> None:
    (rule,) = parse_rules([row(1, "Block", "", NumberLengthRanges=lengths)])
    assert {length for length in (1, 2, 3, 4, 5, 9) if rule.matches("9" * length)} == matching


@pytest.mark.parametrize(
    ("prefix", "number", "hit"),
    [
        ("", "999", True),
        ("99", "999", True),
        ("999", "999", True),
        ("9990", "999", False),
        ("1,99", "999", True),
        ("1, 99 ", "999", True),
        ("1,", "999", False),
        ("900-999", "999", True),
        ("900-998", "999", False),
        ("999-1000", "999", True),
        ("1000-9999", "999", False),
        ("0-8", "999", False),
        ("0-9", "999", True),
        ("900-", "999", False),
        ("a-b", "999", False),
    ],
)
def test_prefixes_and_ranges_of_prefixes(prefix: str, number: str, hit: bool) -> None:
    (rule,) = parse_rules([row(1, "Rule", prefix)])
    assert rule.matches(number) is hit


def test_a_rule_reads_as_3cx_shows_it() -> None:
    shown = row(7, "Sales", "00", Priority=3, NumberLengthRanges="5-20", GroupIds=[21, 20])
    shown |= {"DNRanges": [{"From": "201", "To": "205"}, {}], "EmergencyRule": True}
    first, second = parse_rules([shown, row(1, "First", Priority=2)])
    assert (first.name, second) == (
        "First",
        Rule(7, "Sales", "00", "5-20", 3, (("201", "205"), ("", "")), (21, 20), True, True),
    )
    assert parse_rules([{}]) == [Rule(0, "", "", "", 0, (), (), False, False)]
    assert not second.for_everybody
    assert first.for_everybody


def restrict(given: dict[str, Any], rows: list[dict[str, Any]] = LIVED_IN) -> Control:
    return plan_outbound(parse_rules(rows), GROUPS, None, [given], (), State.REPLACED)


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"groups": ["Office"]}, {"GroupIds": [21]}),
        ({"groups": ["Office", "DEFAULT"]}, {"GroupIds": [20, 21]}),
        (
            {"extensions": ["201", "203-205"]},
            {"DNRanges": [{"From": "201", "To": "201"}, {"From": "203", "To": "205"}]},
        ),
        (
            {"groups": ["Office"], "extensions": ["201 - 203"]},
            {"GroupIds": [21], "DNRanges": [{"From": "201", "To": "203"}]},
        ),
    ],
)
def test_what_is_sent_to_restrict_a_rule(given: dict[str, Any], body: dict[str, Any]) -> None:
    control = restrict({"name": "All calls", **given})
    assert [(each.method, each.path, each.body) for each in control.operations] == [
        ("PATCH", "/OutboundRules(2)", body)
    ]
    assert control.outcome == "enforced"
    changed = [LIVED_IN[0], {**LIVED_IN[1], **body}]
    assert not restrict({"name": "All calls", **given}, changed).operations, "the same again changes nothing"


def test_restrictions_that_name_what_is_not_there_say_what_is() -> None:
    rows = [*LIVED_IN, row(3, BARRED_RULE, Routes=[])]
    assert restrict({"name": "Al calls", "groups": ["Office"]}, rows).problems == [
        "outbound_rules: the PBX has no rule named 'Al calls'; it has 'Emergency', 'All calls'."
    ]
    assert restrict({"name": "x"}, []).problems == ["outbound_rules: the PBX has no rule named 'x'; it has none."]
    assert restrict({"name": "All calls", "groups": ["Offce"]}).problems == [
        "outbound_rules: All calls: the PBX has no department named 'Offce'; it has DEFAULT, Office."
    ]


@pytest.mark.parametrize("given", [{"groups": ["Office"]}, {"extensions": ["201"]}])
def test_a_restriction_to_some_takes_emergency_calls_from_the_others(given: dict[str, Any]) -> None:
    """And is refused with its reason, where it was possible before; where it was not, it is a loud note."""
    rules = parse_rules([row(1, "All calls")])
    control = plan_outbound(rules, GROUPS, None, [{"name": "All calls", **given}], EMERGENCY, State.REPLACED)
    assert len(control.problems) == 3
    assert not control.operations
    already = parse_rules([row(1, "All calls", GroupIds=[20], DNRanges=[{"From": "1", "To": "2"}])])
    control = plan_outbound(already, GROUPS, None, [{"name": "All calls", **given}], EMERGENCY, State.REPLACED)
    assert not control.problems
    assert control.notes[0].startswith("EMERGENCY CALLS: no outbound rule lets every extension dial 999.")
    assert control.operations


@pytest.mark.parametrize("state", [State.MERGED, State.REPLACED, State.OVERRIDDEN])
def test_a_new_rule_bars_and_has_no_way_out(state: State) -> None:
    control = plan_outbound(parse_rules(LIVED_IN), GROUPS, ["118", "0909"], [], EMERGENCY, state)
    (operation,) = control.operations
    assert (operation.method, operation.path) == ("POST", "/OutboundRules")
    assert operation.body == {"Name": BARRED_RULE, "Prefix": "0909,118", "Routes": []}
    assert (control.outcome, control.reason) == ("attested", ATTESTED)


def test_our_rule_with_a_way_out_is_mended() -> None:
    """Somebody has given it a trunk: it would let through what it must bar."""
    rules = parse_rules([LIVED_IN[0], row(3, BARRED_RULE, "0909", Priority=2), row(4, "All", Priority=3)])
    (operation,) = plan_outbound(rules, GROUPS, ["0909"], [], EMERGENCY, State.REPLACED).operations
    assert (operation.path, operation.body) == ("/OutboundRules(3)", {"Prefix": "0909", "Routes": []})


def test_our_rule_in_its_place_is_left_alone() -> None:
    rules = parse_rules([LIVED_IN[0], row(3, BARRED_RULE, "0909", Priority=2, Routes=[]), row(4, "All", Priority=3)])
    control = plan_outbound(rules, GROUPS, ["0909"], [], EMERGENCY, State.REPLACED)
    assert not control.operations
    assert (
        control.before
        == control.after
        == [
            "Emergency: 999,112,18000, everybody",
            f"{BARRED_RULE}: 0909, everybody: barred",
            "All: all numbers, everybody",
        ]
    )


@pytest.mark.parametrize(
    ("state", "barred", "goes"),
    [
        (State.MERGED, None, False),
        (State.MERGED, [], True),
        (State.REPLACED, None, True),
        (State.OVERRIDDEN, [], True),
        (State.DELETED, ["0909"], True),
    ],
)
def test_when_our_rule_goes(state: State, barred: list[str] | None, goes: bool) -> None:
    rules = parse_rules([*LIVED_IN, row(3, BARRED_RULE, "0909", Routes=[])])
    control = plan_outbound(rules, GROUPS, barred, [], EMERGENCY, state)
    assert bool(control.operations) is goes
    assert any(BARRED_RULE in text for text in control.after) is not goes
    nobody = plan_outbound(parse_rules(LIVED_IN), GROUPS, None, [], EMERGENCY, state)
    assert not nobody.operations


def test_an_emergency_rule_behind_others_is_not_counted_as_the_first() -> None:
    """Only our rule is moved: to restrict the rule before a block would take 999 from the others."""
    rules = parse_rules(
        [row(1, "All calls"), row(2, "Block", Routes=[]), row(3, "Emergency", "999", EmergencyRule=True)]
    )
    given = [{"name": "All calls", "groups": ["Office"]}]
    control = plan_outbound(rules, GROUPS, ["0909"], given, ("999",), State.REPLACED)
    assert control.problems == ["emergency calls: the outbound rule 'Block' bars 999. Nothing was changed."]
    assert not control.operations


def test_deleted_restricts_nothing() -> None:
    given = [{"name": "All calls", "groups": ["Office"]}]
    assert not plan_outbound(parse_rules(LIVED_IN), GROUPS, [], given, (), State.DELETED).operations


@pytest.mark.parametrize(("barred", "number"), [("9", "999"), ("999", "999"), ("9995", "999"), ("18", "18000")])
def test_a_barred_number_that_touches_an_emergency_number_is_refused(barred: str, number: str) -> None:
    control = plan_outbound(parse_rules(LIVED_IN), GROUPS, ["0909", barred], [], EMERGENCY, State.REPLACED)
    assert f"barred_numbers: '{barred}' would bar the emergency number {number}." in control.problems
    assert not control.operations


def test_how_a_rule_is_shown() -> None:
    rows = [row(1, "Some", "0", NumberLengthRanges="3", GroupIds=[21], DNRanges=[{"From": "201", "To": "202"}])]
    control = plan_outbound(parse_rules(rows), GROUPS, None, [], (), State.MERGED)
    assert control.before == ["Some: 0 of length 3, groups [21], extensions [('201', '202')]"]
