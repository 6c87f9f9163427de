# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The views of the data filter: what is half printed, or printed in another way, is not taken for something else."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import VIGOR_2927, VIGOR_3912
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.compare import sides
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.filter import (
    GeneralSetup,
    SetHead,
    parse_general,
    parse_set_head,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.found import as_found
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import Snapshot, gather
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.planner import plan_firewall
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import RuleView
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_fields import FIELDS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import parse_rule
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import room_problems, wanted_from
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from lab.drayos.fixtures import lived_in_state
from lab.drayos.in_memory import InMemoryVigor

PRINTED = {
    "Status": "Enable",
    "Comments": "vs_rule",
    "Index(1-15) in Schedule Setup": "<null>, 3, 0, 15",
    "Clear sessions when schedule is ON": "Enable",
    "Direction": "WAN -> LAN/DMZ/RT/VPN",
    "Src Interface": "WAN1, WAN2,",
    "Dst Interface": "LAN1, Routed",
    "Source IP": "IP Group 31",
    "Destination IP": "Any",
    "Service Type": "Any",
    "Fragments": "Too Short",
    "Pass or Block": "Block If No Further Match",
    "Branch to Other Filter Set": "Set 7",
    "Log": "Enable",
}
PARSED: dict[str, Any] = {
    "enabled": True,
    "comment": "vs_rule",
    "schedules": (3, 15),
    "clear_sessions": True,
    "direction": "wan_to_lan",
    "source_interfaces": frozenset({"WAN1", "WAN2"}),
    "destination_interfaces": frozenset({"LAN1", "ROUTED"}),
    "sources": "IP Group 31",
    "destinations": "Any",
    "services": "Any",
    "fragments": "too_short",
    "action": "block_if_no_further_match",
    "branch": 7,
    "log": True,
}


def view(**changes: str | None) -> RuleView | None:
    printed = {**PRINTED, **{name.replace("_", " "): text for name, text in changes.items()}}
    return parse_rule("\n".join(f" {label}: {text}" for label, text in printed.items() if text is not None))


def test_every_field_of_a_printed_rule() -> None:
    assert view() == RuleView(**PARSED)


@pytest.mark.parametrize("label", PRINTED)
def test_half_a_view_is_no_rule(label: str) -> None:
    left = parse_rule("\n".join(f" {other}: {text}" for other, text in PRINTED.items() if other != label))
    assert (left is None) is (label not in ("Index(1-15) in Schedule Setup", "Clear sessions when schedule is ON"))


@pytest.mark.parametrize(
    ("label", "text", "field", "value"),
    [
        ("Status", "Disable", "enabled", False),
        ("Comments", "<null>", "comment", ""),
        ("Direction", "LAN/DMZ/RT/VPN -> WAN", "direction", "lan_to_wan"),
        ("Direction", "LAN/DMZ/RT/VPN -> LAN/DMZ/RT/VPN", "direction", "lan_to_lan"),
        ("Direction", "WAN > Localhost", "direction", "WAN > Localhost"),
        ("Fragments", "Don't Care", "fragments", "any"),
        ("Fragments", "Odd Ones", "fragments", "odd ones"),
        ("Pass or Block", "Pass Immediately", "action", "pass"),
        ("Pass or Block", "Block Immediately", "action", "block"),
        ("Pass or Block", "Pass If No Further Match", "action", "pass_if_no_further_match"),
        ("Branch to Other Filter Set", "None", "branch", 0),
        ("Branch to Other Filter Set", "12", "branch", 12),
        ("Branch to Other Filter Set", "the other", "branch", None),
        ("Log", "Disable", "log", False),
        ("Index(1-15) in Schedule Setup", "<null>, <null>", "schedules", ()),
        ("Index(1-15) in Schedule Setup", "night", "schedules", (0,)),
    ],
)
def test_one_field(label: str, text: str, field: str, value: Any) -> None:
    found = view(**{label.replace(" ", "_"): text})
    assert getattr(found, field) == value


@pytest.mark.parametrize("text", ["", "on", "enabled", "Enable it"])
def test_a_status_of_another_form_is_no_rule(text: str) -> None:
    assert view(Status=text) is None


@pytest.mark.parametrize(
    ("changes", "untouched", "in_use"),
    [
        ({}, False, True),
        ({"Status": "Disable"}, False, True),
        ({"Status": "Disable", "Comments": "vs_free"}, False, False),
        ({"Status": "Disable", "Comments": "house rule", "Source_IP": "Any"}, False, False),
        ({"Status": "Disable", "Comments": "<null>", "Source_IP": "Any"}, True, False),
        ({"Status": "Enable", "Comments": "<null>", "Source_IP": "Any"}, False, True),
        ({"Status": "Disable", "Comments": "<null>"}, False, False),
        ({"Status": "Disable", "Comments": "<null>", "Source_IP": "Any", "Service_Type": "x"}, False, False),
    ],
)
def test_what_a_slot_is_used_for(changes: dict[str, str], untouched: bool, in_use: bool) -> None:
    found = view(**changes)
    assert found is not None
    assert (found.untouched, found.in_use) == (untouched, in_use)


GENERAL = """ Data Filter: Enable (Start Filter Set = 12)
 Pass or Block     : Block
 Accept large incoming fragmented UDP or ICMP packets: Enable
 Transparent Mode  : Disable
   [ ] IPv4
   [v] IPv6
   [v] Enable Strict Security Firewall l
"""


@pytest.mark.parametrize(
    ("text", "setup"),
    [
        (GENERAL, GeneralSetup(12, "block", False, True, True, True, False)),
        (GENERAL.replace("Block\n", "Reset\n"), GeneralSetup(12, None, False, True, True, True, False)),
        (
            GENERAL.replace("[v] Enable Strict", "[ ] Enable Strict"),
            GeneralSetup(12, "block", False, True, False, True, False),
        ),
        (
            GENERAL.replace("Mode  : Disable", "Mode  : Enable"),
            GeneralSetup(12, "block", False, True, True, True, True),
        ),
        ("Data Filter: Disabled", GeneralSetup(0)),
        ("Data Filter: Enable", None),
        ("Data Filter: off", None),
        ("Call Filter: Disable", None),
    ],
)
def test_general_setup(text: str, setup: GeneralSetup | None) -> None:
    assert parse_general(text) == setup


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Comments: house\nNext Filter Set: 3", SetHead("house", 3)),
        ("Comments: <null>\nNext Filter Set: None", SetHead("", 0)),
        ("Set comment: a\nAnother comment: b\nNext: Set 12\nNext but one: 4", SetHead("a", 12)),
        ("Comments: house", None),
        ("Next Filter Set: 3", None),
    ],
)
def test_set_head(text: str, head: SetHead | None) -> None:
    assert parse_set_head(text) == head


def test_all_interfaces_of_a_model() -> None:
    wans, lans = {f"WAN{n}" for n in range(1, 10)}, {f"LAN{n}" for n in range(1, 9)}
    assert sides(VIGOR_2927) == {"wan_to_lan": (wans, lans), "lan_to_wan": (lans, wans), "lan_to_lan": (lans, lans)}
    assert {len(end) for end in sides(VIGOR_3912)["wan_to_lan"]} == {12, 100}


CONFIG: dict[str, Any] = {
    "address_objects": [{"name": "vs_one", "network": "192.0.2.1"}, {"name": "vs_two", "network": "192.0.2.2"}],
    "address_groups": [{"name": "vs_both", "members": ["vs_one", "vs_two"]}],
    "service_objects": [{"name": "vs_sip", "ports": "5060"}],
    "rules": [
        {"comment": "vs_allow", "action": "pass", "sources": "vs_both", "services": "vs_sip"},
        {"comment": "vs_block", "action": "block", "services": "vs_sip"},
    ],
}


def applied(**habits: Any) -> tuple[InMemoryVigor, int]:
    router = InMemoryVigor(state=lived_in_state("vigor2927"), **habits)
    router.carry_out(plan_firewall(router.run, VIGOR_2927, wanted_from(CONFIG))[1])
    return router, next(number for number, entry in router.state.sets.items() if entry.comment == "voipsec")


def have(router: InMemoryVigor) -> Snapshot:
    return gather(router.run, VIGOR_2927, None)


@pytest.mark.parametrize(
    ("command", "differs"),
    [
        ('ipf rule {set} 2 -I "d all" -I "e WAN1"', "rule {set}:2 vs_block: incoming interfaces differed"),
        ('ipf rule {set} 2 -O "d LAN2"', "rule {set}:2 vs_block: outgoing interfaces differed"),
        ("ipf rule {set} 2 -e 0", "rule {set}:2 vs_block: enabled differed"),
        ('ipf rule {set} 1 -s "g 1 0" -s "o 1 191"', "rule {set}:1 vs_allow: source differed"),
        ('ipf rule {set} 1 -d "o 1 7"', "rule {set}:1 vs_allow: destination differed"),
        ('ipf rule {set} 1 -S "o 1"', "rule {set}:1 vs_allow: service differed"),
        ('ipf rule {set} 2 -F "0 1" -N 3', "rule {set}:2 vs_block: action, branch differed"),
        ('ipf rule {set} 5 -D 1 -F "0 1" -M mine -e 1', "rule {set}:5 (mine) is not declared"),
        ('ipf rule {set} 5 -D 1 -F "0 1" -e 1', "rule {set}:5 (no comment) is not declared"),
        ("ipf rule {set} 5 -M vs_late -e 0", "rule {set}:5 (vs_late) is not declared"),
    ],
)
@pytest.mark.parametrize("style", ["index", "name"])
def test_a_hand_edit_is_named(command: str, differs: str, style: str) -> None:
    router, number = applied(reference_style=style)
    router.run(command.format(set=number))
    steps = [step.what for step in plan_firewall(router.run, VIGOR_2927, wanted_from(CONFIG))[1].steps]
    (switch,) = (what for what in steps if what.startswith("activate"))
    assert switch.endswith(f"({differs.format(set=number)})")


def test_a_rule_that_somebody_else_disabled_in_our_set_is_left_alone() -> None:
    router, number = applied()
    router.run(f"ipf rule {number} 5 -M house -e 0")
    assert plan_firewall(router.run, VIGOR_2927, wanted_from(CONFIG))[1].commands == []


def test_what_is_found_around_the_configuration() -> None:
    router, number = applied()
    found = as_found(have(router), VIGOR_2927)
    assert {name: value for name, value in found.items() if name != "config"} == {
        "start_set": number,
        "sets": [number],
        "next_set": 1,
        "saved": True,
        "exposures": [
            "open port 1.1 (PBX): udp 5060 to 192.168.1.10",
            "open port 1.2 (PBX): tcp 5060 to 192.168.1.10",
            "open port 1.3 (PBX): udp 10000-10100 to 192.168.1.10",
        ],
    }
    assert found["config"]["general"] == {
        "default_action": "pass",
        "block_routing_v4": True,
        "block_routing_v6": True,
        "strict": True,
        "large_fragments": True,
        "transparent": False,
    }
    assert found["config"]["sip_alg"] is not None
    router.run(f"ipf set {number} -m voipsec_dirty")
    assert as_found(have(router), VIGOR_2927)["saved"] is False


def test_merged_places_new_rules_where_they_have_an_effect() -> None:
    router, _number = applied()
    new = {
        **CONFIG,
        "rules": [
            {"comment": "vs_stop", "action": "block_if_no_further_match", "services": "vs_sip"},
            {"comment": "vs_more", "action": "pass", "sources": "vs_one", "services": "vs_sip"},
            {"comment": "vs_allow", "action": "pass", "sources": "vs_one", "services": "vs_sip"},
        ],
    }
    router.carry_out(plan_firewall(router.run, VIGOR_2927, wanted_from(new), State.MERGED)[1])
    rules = as_found(have(router), VIGOR_2927)["config"]["rules"]
    assert [(rule["comment"], rule.get("sources")) for rule in rules] == [
        ("vs_allow", "vs_one"),
        ("vs_more", "vs_one"),
        ("vs_block", None),
        ("vs_stop", None),
    ]


@pytest.mark.parametrize(("count", "refused"), [(32, False), (33, True)])
def test_a_limit_of_the_model_is_known_before_it_is_reached(count: int, refused: bool) -> None:
    groups = [{"name": f"vs_g{n}", "members": ["vs_one"]} for n in range(count)]
    wanted = wanted_from({**CONFIG, "address_groups": groups, "rules": []})
    text = "config.address_groups: 33 IP groups; a Vigor2927 takes 32."
    assert room_problems(wanted, VIGOR_2927) == ([text] if refused else [])
    if refused:
        router = InMemoryVigor()
        with pytest.raises(HardeningError, match="33 IP groups"):
            plan_firewall(router.run, VIGOR_2927, wanted)
        assert router.typed == []


@pytest.mark.parametrize(("count", "refused"), [(50, False), (51, True)])
def test_a_group_takes_fifty_members(count: int, refused: bool) -> None:
    objects = [{"name": f"vs_m{n}", "network": f"192.0.2.{n}"} for n in range(1, count + 1)]
    config = {
        "address_objects": objects,
        "address_groups": [{"name": "vs_all", "members": [o["name"] for o in objects]}],
    }
    if refused:
        with pytest.raises(
            HardeningError, match=r"config.address_groups\[0\].members: 51 members; the router takes 50"
        ):
            wanted_from(config)
    else:
        wanted = wanted_from(config)
        router = InMemoryVigor()
        router.carry_out(plan_firewall(router.run, VIGOR_2927, wanted)[1])
        assert plan_firewall(router.run, VIGOR_2927, wanted)[1].commands == []


def test_the_labels_are_those_of_the_print() -> None:
    labels = {label.lower() for label in PRINTED}
    assert all(row.label in labels or any(label.endswith(row.label) for label in labels) for row in FIELDS)
