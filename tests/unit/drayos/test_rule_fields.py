# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule's field is one row of a table: it is written, printed, parsed, compared, gathered and shown without loss."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import VIGOR_2927
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.found import as_found
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import gather
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.planner import plan_firewall
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_field import RuleField
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_fields import (
    FIELDS,
    check_table,
    documentation,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import rule_line
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted, wanted_from
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.modules import draytek_firewall
from lab.drayos.in_memory import InMemoryVigor

PROFILES: dict[str, Any] = {
    "address_objects": [
        {"name": "vs_one", "network": "192.0.2.1", "inverted": False},
        {"name": "vs_range", "network": "203.0.113.0-203.0.113.63", "inverted": False},
        {"name": "vs_not", "network": "198.51.100.7", "inverted": True},
        {"name": "vs_six", "network": "2001:db8::-2001:db8::ff", "inverted": False},
    ],
    "address_groups": [{"name": "vs_g4", "members": ["vs_one", "vs_range"]}, {"name": "vs_g6", "members": ["vs_six"]}],
    "country_objects": [{"name": "vs_far", "countries": [222, 241]}],
    "service_objects": [
        {"name": "vs_sip", "protocol": "tcp/udp", "ports": "5060"},
        {"name": "vs_web", "protocol": "tcp", "ports": "443", "source_ports": ">1023"},
    ],
    "service_groups": [{"name": "vs_svc", "members": ["vs_sip", "vs_web"]}],
}
ADDRESSES = ("vs_one", "vs_range", "vs_not", "vs_six", "vs_g4", "vs_g6", "vs_far")
INTERFACES = st.lists(st.sampled_from(["WAN1", "WAN2", "LAN1", "LAN8", "RT", "VPN"]), max_size=3, unique=True)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "direction": st.sampled_from(["wan_to_lan", "lan_to_wan", "lan_to_lan"]),
    "source_interfaces": INTERFACES,
    "destination_interfaces": INTERFACES,
    "sources": st.sampled_from(ADDRESSES),
    "destinations": st.none() | st.sampled_from(ADDRESSES),
    "services": st.none() | st.sampled_from(["vs_sip", "vs_web", "vs_svc"]),
    "fragments": st.sampled_from(["any", "unfragmented", "fragmented", "too_short"]),
    "action": st.sampled_from(["pass", "block", "pass_if_no_further_match", "block_if_no_further_match"]),
    "log": st.booleans(),
    "branch": st.integers(0, 12),
    "schedules": st.lists(st.integers(1, 15), max_size=4),
    "clear_sessions": st.booleans(),
    "enabled": st.booleans(),
}
SIDES = {
    "wan_to_lan": ("WAN1 WAN2", "LAN1 LAN8 RT VPN"),
    "lan_to_wan": ("LAN1 LAN8 RT VPN", "WAN1 WAN2"),
    "lan_to_lan": ("LAN1 LAN8 RT VPN", "LAN1 LAN8 RT VPN"),
}


@st.composite
def rules(draw: st.DrawFn) -> list[dict[str, Any]]:
    entries = [draw(st.fixed_dictionaries(VALUES)) for _ in range(draw(st.integers(1, 8)))]
    for number, entry in enumerate(entries, start=1):
        entry["comment"] = f"vs_rule_{number}"
        for end, name in enumerate(("source_interfaces", "destination_interfaces")):
            entry[name] = sorted(set(entry[name]) & set(SIDES[entry["direction"]][end].split()))
    return [*entries, {"comment": "vs_block", "action": "block", "services": "vs_svc"}]


def declared(entries: list[dict[str, Any]]) -> Wanted:
    return wanted_from({**PROFILES, "rules": entries})


def apply(router: InMemoryVigor, wanted: Wanted, state: State = State.REPLACED) -> None:
    _have, plan = plan_firewall(router.run, VIGOR_2927, wanted, state)
    router.carry_out(plan)


def gathered(router: InMemoryVigor) -> Any:
    return as_found(gather(router.run, VIGOR_2927, None), VIGOR_2927)["config"]


def test_every_field_is_tried() -> None:
    assert {*VALUES, "comment"} == {row.name for row in FIELDS}


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rules(), rules(), st.sampled_from(["index", "name"]))
def test_what_is_declared_is_what_is_gathered(
    before: list[dict[str, Any]], entries: list[dict[str, Any]], style: str
) -> None:
    """Also over what an earlier declaration has left in the same slots."""
    router = InMemoryVigor(reference_style=style)
    apply(router, declared(before))
    wanted = declared(entries)
    apply(router, wanted)
    again = plan_firewall(router.run, VIGOR_2927, wanted)[1]
    assert again.commands == [], "the router reads back as declared"
    config = gathered(router)
    assert wanted_from(config).rules == wanted.rules
    assert plan_firewall(router.run, VIGOR_2927, wanted_from(config))[1].commands == []
    assert plan_firewall(router.run, VIGOR_2927, wanted_from({}), State.MERGED)[1].commands == []


def test_a_disabled_rule_survives_when_others_are_merged() -> None:
    router = InMemoryVigor()
    off = {"comment": "vs_off", "action": "block", "services": "vs_sip", "enabled": False}
    block = {"comment": "vs_block", "action": "block", "services": "vs_svc"}
    for entries in ([off, block], [block, off]):
        apply(router, declared(entries))
        assert [rule["enabled"] for rule in gathered(router)["rules"]] == [entry is block for entry in entries]
        new = {"comment": "vs_new", "action": "pass", "sources": "vs_one", "services": "vs_sip"}
        apply(router, declared([new]), State.MERGED)
        found = {rule["comment"]: rule["enabled"] for rule in gathered(router)["rules"]}
        assert found == {"vs_off": False, "vs_block": True, "vs_new": True}


def test_a_disabled_rule_that_is_not_declared_any_more_is_forgotten() -> None:
    router = InMemoryVigor()
    off = {"comment": "vs_off", "action": "block", "services": "vs_sip", "enabled": False}
    block = {"comment": "vs_block", "action": "block", "services": "vs_svc"}
    apply(router, declared([block, off]))
    apply(router, declared([block]))
    assert [rule["comment"] for rule in gathered(router)["rules"]] == ["vs_block"]
    apply(router, wanted_from({}), State.DELETED)
    left = [rule for entry in router.state.sets.values() for rule in entry.rules.values()]
    assert not [rule for rule in left if rule.comment.startswith("vs_") and (rule.enabled or rule.comment != "vs_free")]


def test_a_rule_disabled_by_hand_is_reported_and_set_right() -> None:
    router = InMemoryVigor()
    block = {"comment": "vs_block", "action": "block", "services": "vs_svc"}
    apply(router, declared([block]))
    (number,) = (number for number, entry in router.state.sets.items() if entry.comment == "voipsec")
    router.run(f"ipf rule {number} 1 -e 0")
    plan = plan_firewall(router.run, VIGOR_2927, declared([block]))[1]
    assert "vs_block: enabled differed" in " ".join(step.what for step in plan.steps)


OTHER: dict[str, Any] = {
    "direction": "lan_to_lan",
    "source_interfaces": ["LAN2"],
    "destination_interfaces": ["LAN1"],
    "sources": "vs_g4",
    "destinations": "vs_range",
    "services": "vs_web",
    "fragments": "too_short",
    "action": "pass",
    "log": False,
    "branch": 4,
    "schedules": [3],
    "clear_sessions": True,
    "comment": "vs_other",
    "enabled": False,
}
PLAIN = {"comment": "vs_rule", "action": "block", "sources": "vs_one", "services": "vs_sip"}


@pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.name)
def test_a_field_that_differs_is_noticed_named_and_shown(row: RuleField) -> None:
    """Interfaces alone do not differ where the direction does: then the other side's are all meant."""
    block = {"comment": "vs_block", "action": "block", "services": "vs_svc"}
    before, after = declared([PLAIN, block]), declared([{**PLAIN, row.name: OTHER[row.name]}, block])
    router = InMemoryVigor()
    apply(router, before)
    plan = plan_firewall(router.run, VIGOR_2927, after)[1]
    (switch,) = (step.what for step in plan.steps if step.what.startswith("activate"))
    assert f"{row.word}" in switch.partition("(")[2]
    assert rule_line(before.rules[0]) != rule_line(after.rules[0])


def test_the_module_documents_the_table() -> None:
    documented = yaml.safe_load(draytek_firewall.DOCUMENTATION)["options"]["config"]["suboptions"]["rules"]
    expected = documentation()
    assert documented["suboptions"] == expected, f"put this there:\n{yaml.safe_dump(expected, sort_keys=False)}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "Source"}, "the name is no option's"),
        ({"description": ""}, "no description"),
        ({"label": "Source"}, "no label in lower case"),
        ({"word": ""}, "no word"),
        ({"render": None}, "or nowhere"),
        ({"rendered_by": "log"}, "rendered here and elsewhere"),
        ({"render": None, "rendered_by": "field"}, "rendered by itself"),
        ({"required": True, "default": "a"}, "required and a default"),
        ({"type": "float"}, "no such type"),
        ({"type": "list", "default": []}, "a list without"),
        ({"elements": "str"}, "elements and no list"),
        ({"type": "int", "default": 0, "choices": ("a",)}, "choices of something else"),
        ({"choices": ("a", "b"), "default": "c"}, "the default is no choice"),
        ({"type": "bool", "default": "yes"}, "the default has another type"),
        ({"type": "int"}, "the default has another type"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(changes: dict[str, Any], message: str) -> None:
    row = RuleField("field", "A field.", label="field", parse=str, word="field", render=lambda _rule, _found: [])
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(row, **changes)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (FIELDS[1:], "direction"),
        ((*FIELDS, FIELDS[0]), "twice"),
        ((dataclasses.replace(FIELDS[0], label="log"), *FIELDS[1:]), "the same label"),
        (
            tuple(dataclasses.replace(row, rendered_by="nobody") if row.rendered_by else row for row in FIELDS),
            "'nobody' does not render it",
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(rows: tuple[RuleField, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_table(rows)
