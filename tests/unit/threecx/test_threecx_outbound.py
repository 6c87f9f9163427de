# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Emergency numbers stay dialable, whatever the rules and whatever is barred."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.outbound import (
    BARRED_RULE,
    Rule,
    emergency_problem,
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


PREFIXES = st.sampled_from(["", "0", "9", "99", "999", "1", "11", "112", "1-9", "900-999", "180", "00", "118"])
RULES = st.lists(
    st.builds(
        lambda prefix, routes, groups, emergency: {
            "Prefix": prefix,
            "Routes": [{"TrunkId": 10}] if routes else [],
            "GroupIds": [21] if groups else [],
            "EmergencyRule": emergency,
        },
        PREFIXES,
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
)


@given(
    RULES, st.lists(st.sampled_from(["0", "00", "09", "9", "99", "1", "118", "18", "1800", "180001", "07"]), max_size=3)
)
def test_a_plan_never_bars_an_emergency_number(rows: list[dict[str, Any]], barred: list[str]) -> None:
    named = [{**each, "Id": place, "Name": f"rule {place}", "Priority": place} for place, each in enumerate(rows, 1)]
    rules = parse_rules(named)
    restricted = [{"name": "rule 1", "groups": ["Office"]}] if rules else []
    control = plan_outbound(rules, GROUPS, barred, restricted, EMERGENCY, State.REPLACED)
    if control.problems:
        assert not control.operations
        return
    after = [
        Rule(**{**vars(rule), "groups": (21,)}) if rule.name == "rule 1" and restricted else rule for rule in rules
    ]
    if barred:
        mine = Rule(9, BARRED_RULE, ",".join(barred), "", 0, (), (), False, False)
        after = [rule for rule in after if rule.emergency] + [mine] + [rule for rule in after if not rule.emergency]
    for number in EMERGENCY:
        if emergency_problem(number, rules) is None:
            assert emergency_problem(number, after) is None
