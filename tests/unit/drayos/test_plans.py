# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the planner sends, in which order, and how it is taken back: one story a file in golden/, read like a log.

After an intended change look at the difference of ``UPDATE_GOLDEN=1 pytest tests/unit/drayos/test_plans.py``.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    VIGOR_2862,
    VIGOR_2927,
    VIGOR_3912,
    Dialect,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.planner import plan_firewall
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import wanted_from
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from lab.drayos.fixtures import lived_in_state
from lab.drayos.in_memory import InMemoryVigor
from lab.drayos.state import DmzHost, FilterSet, General, Group, IpObject, Ipv6Object, OpenPort, PortMap, Rule

GOLDEN = Path(__file__).parent / "golden"
DIALECTS = {"vigor2927": VIGOR_2927, "vigor3912": VIGOR_3912, "vigor2862": VIGOR_2862}
CONFIG: dict[str, Any] = {
    "address_objects": [
        {"name": "vs_gamma_1", "network": "203.0.113.0/26"},
        {"name": "vs_home", "network": "192.0.2.10"},
        {"name": "vs_not", "network": "192.0.2.16/28", "inverted": True},
        {"name": "vs_six", "network": "2001:db8::/32"},
    ],
    "address_groups": [
        {"name": "vs_peers", "members": ["vs_gamma_1", "vs_home"]},
        {"name": "vs_any_six", "members": ["vs_six"]},
    ],
    "country_objects": [{"name": "vs_far", "countries": [222, 241]}],
    "service_objects": [
        {"name": "vs_sip", "ports": "5060-5061"},
        {"name": "vs_web", "ports": "443", "protocol": "tcp", "source_ports": ">1023"},
    ],
    "service_groups": [{"name": "vs_svc", "members": ["vs_sip", "vs_web"]}],
    "rules": [
        {"comment": "vs_allow", "action": "pass", "sources": "vs_peers", "services": "vs_sip"},
        {
            "comment": "vs_wan1",
            "action": "pass",
            "sources": "vs_home",
            "services": "vs_svc",
            "destinations": "vs_not",
            "source_interfaces": ["WAN1"],
            "destination_interfaces": ["LAN1", "RT"],
        },
        {"comment": "vs_far", "action": "block_if_no_further_match", "sources": "vs_far", "log": False},
        {"comment": "vs_out", "action": "pass", "direction": "lan_to_wan"},
        {"comment": "vs_off", "action": "block", "direction": "lan_to_lan", "services": "vs_web", "enabled": False},
        {"comment": "vs_night", "action": "block", "services": "vs_web", "schedules": [3, 7], "clear_sessions": True},
        {
            "comment": "vs_six",
            "action": "block",
            "sources": "vs_any_six",
            "services": "vs_svc",
            "fragments": "fragmented",
        },
        {"comment": "vs_block", "action": "block", "services": "vs_svc"},
    ],
    "general": {"strict": True, "large_fragments": False, "transparent": False, "block_routing_v4": False},
    "sip_alg": False,
}


class Story:
    """A router, what it is asked for one after the other, and what the planner makes of it."""

    def __init__(self, profile: str = "vigor2927", change: Callable[[Any], None] | None = None, **habits: Any) -> None:
        state = lived_in_state(profile)
        if change is not None:
            change(state)
        self.router = InMemoryVigor(profile, state, **habits)
        self.dialect: Dialect = DIALECTS[profile]
        self.lines: list[str] = []

    def has(self, config: Any) -> None:
        """What an earlier run has left."""
        self.router.carry_out(plan_firewall(self.router.run, self.dialect, wanted_from(config))[1])

    def asks(self, title: str, config: Any, state: State = State.REPLACED, *, sent: bool = True, **more: Any) -> Any:
        """Plan, write the plan down and carry it out; afterwards nothing is left to do."""
        self.lines.append(f"# {title}")
        try:
            _have, plan = plan_firewall(self.router.run, self.dialect, wanted_from(config), state, **more)
        except HardeningError as error:
            self.lines += [f"refused: {error.message}", ""]
            return None
        for number, step in enumerate(plan.steps):
            prepared = "prepared, " if number < plan.prepared else ""
            seen = "" if step.readable else ", not shown by the router"
            self.lines.append(f"{prepared}{step.what}{seen}")
            self.lines += [f"    {command}" for command in step.commands]
            self.lines += [f"    back: {command}" for command in step.undo]
            self.lines += [f"    stays: {step.kept}"] if step.kept else []
        for step in plan.late:
            self.lines += [f"late, {step.what}", *(f"    {command}" for command in step.commands)]
        self.lines += [f"save: {command}" for command in plan.save]
        self.lines += [f"note: {note}" for note in plan.notes]
        self.lines += [f"unsupported: {reason}" for reason in plan.unsupported]
        self.lines += [f"unknown: {exposure.label}" for exposure in plan.unknown]
        self.lines += [f"chain {plan.chain} then {plan.tail}, rules {'' if plan.rules_changed else 'un'}changed", ""]
        if sent:
            self.router.carry_out(plan)
            again = plan_firewall(self.router.run, self.dialect, wanted_from(config), state)[1]
            assert again.commands == [], f"{title}: a second run has something left to do"
        return plan


def changed(*edits: tuple[list[Any], Any]) -> dict[str, Any]:
    config = copy.deepcopy(CONFIG)
    for path, value in edits:
        target: Any = config
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
    return config


def rules(count: int) -> list[dict[str, Any]]:
    passing = [
        {"comment": f"vs_p{n}", "action": "pass", "sources": "vs_peers", "services": "vs_web"} for n in range(1, count)
    ]
    return [*passing, {"comment": "vs_block", "action": "block", "services": "vs_svc"}]


def a_first_run() -> Story:
    story = Story()
    story.router.state.alg["sip"] = 1
    story.asks("on a router that somebody else has set up", CONFIG)
    return story


def a_set_is_exchanged() -> Story:
    story = Story()
    story.asks("fifteen rules in three sets", {**CONFIG, "rules": rules(15)})
    story.asks(
        "the second set only", {**CONFIG, "rules": [*rules(8)[:-1], {**rules(9)[7], "log": False}, *rules(15)[8:]]}
    )
    story.asks("the last set goes", {**CONFIG, "rules": rules(14)})
    story.asks("a few rules are left", {**CONFIG, "rules": rules(3)})
    return story


def sets_only_go() -> Story:
    story = Story()
    story.has({**CONFIG, "rules": rules(15)})
    story.asks("the third set is not needed", {**CONFIG, "rules": rules(15)[:14]})
    story.asks("nor is the second", {**CONFIG, "rules": rules(15)[:7]})
    story.asks("a set is added at the end", {**CONFIG, "rules": rules(15)[:10]})
    return story


def a_longer_run_was_cut() -> Story:
    story = Story()
    plan = plan_firewall(story.router.run, story.dialect, wanted_from({**CONFIG, "rules": rules(12)}))[1]
    for step in plan.steps[: plan.prepared]:
        story.router.run_all(step.commands)
    story.asks("taken out", {}, State.DELETED, sent=False)
    story.asks("fewer rules", {**CONFIG, "rules": rules(3)})
    return story


def profiles_change() -> Story:
    story = Story()
    story.has(CONFIG)
    story.asks("a network moves", changed((["address_objects", 0, "network"], "203.0.113.64/26")))
    story.asks(
        "a peer has another name",
        changed(
            (["address_objects", 1, "name"], "vs_office"),
            (["address_groups", 0, "members"], ["vs_gamma_1", "vs_office"]),
            (["rules", 1, "sources"], "vs_office"),
        ),
    )
    story.asks(
        "ports and countries change",
        changed((["service_objects", 0, "ports"], "5070"), (["country_objects", 0, "countries"], [222])),
    )
    return story


def names_swap_their_content() -> Story:
    story = Story()
    story.has(CONFIG)
    swapped = changed(
        (["address_objects", 0, "network"], "192.0.2.10"), (["address_objects", 1, "network"], "203.0.113.0/26")
    )
    story.asks("two objects exchange their networks", swapped)
    return story


def what_rules_do_not_show_is_corrected_in_place() -> Story:
    story = Story(reference_style="expanded")
    plain = changed((["address_objects", 2, "inverted"], False), (["service_objects", 1, "source_ports"], None))
    plain["rules"] = [rule for rule in plain["rules"] if rule["comment"] not in ("vs_six", "vs_far")]
    story.has(plain)
    state = story.router.state
    number = next(index for index, item in state.ip_objects.items() if item.name == "vs_home")
    story.router.run(f"object ip obj {number} -s 1")
    story.asks("somebody inverted an address", plain)
    story.router.run(f"object ip obj {number} -a 3 192.0.2.10 192.0.2.20")
    story.asks("somebody made it a range", plain)
    number = next(index for index, item in state.ip_objects.items() if item.name == "vs_home")
    story.router.run(f"object ip obj {number} -a 3 192.0.2.10 192.0.2.10")
    story.asks("somebody made the address a range of one", plain)
    return story


def others_rules_lose_their_effect() -> Story:
    def exposed(state: Any) -> None:
        state.open_ports[9] = {1: OpenPort(1, "web", "192.168.1.20", 1, "TCP", 443, 443)}
        state.port_maps[3] = PortMap(1, "sip2", "UDP", 5062, 0, 0, "192.168.1.30", 5060)
        state.port_maps[4] = PortMap(1, "pbx", "UDP", 15060, 0, 0, "192.168.1.10", 5060)
        state.dmz[2] = {1: DmzHost(1, "192.168.1.40")}
        state.dos.passing += ["192.0.2.99", "192.0.2.1"]

    config: dict[str, Any] = {
        **CONFIG,
        "nat": {
            "address": "192.168.1.10",
            "ports": ["5060", "5061"],
            "sources": "vs_peers",
            "known": [{"address": "192.168.1.77", "ports": "8443"}],
            "watched": ["443", "5060-5062"],
        },
        "dos": {
            "udp_flood": {"threshold": 2000, "timeout": 10},
            "attacks": ["land", "smurf"],
            "log": False,
            "allow": ["192.0.2.1", "192.0.2.2"],
            "block": ["192.0.2.66"],
        },
    }
    story = Story("vigor3912", exposed)
    story.asks("undeclared forwards are reported", config)
    story.asks("the DoS settings once more", config, sent=False, dos_always=True)
    story.asks("overridden", config, State.OVERRIDDEN)
    story.asks(
        "the group of the open ports changes",
        {
            **config,
            "address_objects": [{"name": "vs_gamma_1", "network": "203.0.113.0/27"}, *CONFIG["address_objects"][1:]],
        },
    )
    story.asks("taken out", {}, State.DELETED)
    return story


def a_model_that_cannot_limit_open_ports() -> Story:
    story = Story("vigor2862")
    story.asks(
        "nat on a Vigor 2862",
        {
            **CONFIG,
            "nat": {"address": "192.168.1.10", "ports": ["5060"], "sources": "vs_peers", "watched": ["10000-10100"]},
        },
    )
    return story


def merged_and_taken_out() -> Story:
    story = Story()
    story.has(CONFIG)
    more = {
        "address_objects": [{"name": "vs_hq", "network": "198.51.100.8/29"}],
        "service_objects": [{"name": "vs_camera", "ports": "8080", "protocol": "tcp"}],
        "rules": [
            {"comment": "vs_camera", "action": "pass", "sources": "vs_hq", "services": "vs_camera"},
            {"comment": "vs_nocamera", "action": "block", "services": "vs_camera"},
        ],
    }
    story.asks("a camera beside them", more, State.MERGED)
    story.asks("nothing new", {}, State.MERGED)
    story.asks("taken out", {}, State.DELETED)
    story.asks("and back again", CONFIG)
    return story


def merged_with_a_rule_that_refers_elsewhere() -> Story:
    story = Story()
    story.has(CONFIG)
    number = next(number for number, entry in story.router.state.sets.items() if entry.comment == "voipsec")
    story.router.run(f'ipf rule {number} 1 -s "g 1 0" -s "o 1 7"')
    story.asks("merged", {}, State.MERGED)
    story.asks("replaced", CONFIG)
    return story


def the_filter_was_off_with_a_default_of_block() -> Story:
    def off(state: Any) -> None:
        state.general = General(start_set=0, default_action=1, strict=0)

    story = Story(change=off)
    story.asks("the default must not take effect with our rules", CONFIG)
    story.asks("taken out", {}, State.DELETED)
    return story


def the_default_is_declared() -> Story:
    story = Story()
    story.asks("block", {**CONFIG, "general": {"default_action": "block", "block_routing_v6": False}})
    return story


def a_run_was_cut() -> Story:
    story = Story()
    plan = plan_firewall(story.router.run, story.dialect, wanted_from(CONFIG))[1]
    for step in plan.steps:
        story.router.run_all(step.commands)
    story.asks("everything was sent and nothing saved", CONFIG)
    other = Story()
    for step in plan.steps[: plan.prepared - 3]:
        other.router.run_all(step.commands)
    other.asks("the first set was begun", CONFIG)
    story.lines += other.lines
    return story


def somebody_leads_to_our_set() -> Story:
    story = Story()
    story.has(CONFIG)
    chain = [number for number, entry in story.router.state.sets.items() if entry.comment.startswith("voipsec")]
    story.router.run_all(["ipf set -d 2", f"ipf set 2 -n {max(chain)}"])
    story.asks("their set leads to ours", changed((["rules", 7, "log"], False)))
    story.router.run_all([f"ipf set -d {max(chain)}", f"ipf set {min(chain)} -n 2", f"ipf set 2 -n {max(chain)}"])
    story.asks("ours leads to theirs and back", changed((["rules", 7, "log"], False)), sent=False)
    return story


def sets_of_others_in_a_loop() -> Story:
    def loop(state: Any) -> None:
        state.sets[3] = FilterSet("house", 2, {1: Rule(1, "house", action=2, branch=5)})
        state.sets[2].next_set = 3
        state.sets[5] = FilterSet("", 0)
        state.sets[6] = FilterSet("", 7)
        state.sets[7] = FilterSet("", 6)
        state.sets[12] = FilterSet("", 0, {4: Rule(1, "lonely", action=2)})

    story = Story(change=loop)
    story.asks("sets 2 and 3, 6 and 7 lead to one another; set 12 has a rule", CONFIG)
    return story


def no_room() -> Story:
    def full(state: Any) -> None:
        for index in range(1, 193):
            state.ip_objects[index] = IpObject(f"theirs{index}", 0, 1, "198.51.100.1", "0.0.0.0")
        del state.ip_objects[100]

    def two_sets(state: Any) -> None:
        for index in range(3, 12):
            state.sets[index] = FilterSet(f"house {index}", 0)

    story = Story(change=full)
    story.asks("one IP object is free", CONFIG)
    other = Story(change=two_sets)
    other.asks("one filter set is free", CONFIG)
    third = Story()
    members = [{"name": f"vs_m{n}", "network": f"203.0.113.{n}"} for n in range(1, 51)]
    third.asks(
        "a command that is too long",
        {
            **CONFIG,
            "address_objects": [*members, *CONFIG["address_objects"]],
            "rules": [
                *CONFIG["rules"][:1],
                {
                    **CONFIG["rules"][1],
                    "source_interfaces": [f"WAN{n}" for n in range(1, 10)],
                    "destination_interfaces": [f"LAN{n}" for n in range(1, 9)] + [f"LAN{n}" for n in range(10, 60)],
                },
                *CONFIG["rules"][2:],
            ],
        },
    )
    fourth = Story()
    fourth.has(CONFIG)
    for index in range(1, 32):
        fourth.router.state.ip_groups[index] = Group(f"theirs{index}", members=[1])
    fourth.router.run("object ip grp 32 -n vs_free")
    fourth.asks("the one group that is not theirs is in use", changed((["address_groups", 0, "members"], ["vs_home"])))
    story.lines += other.lines + third.lines + fourth.lines
    return story


def lists_that_are_full_and_no_place_for_the_mark() -> Story:
    def full(state: Any) -> None:
        state.dos.passing += [f"192.0.2.{n}" for n in range(100, 115)]
        for index in range(1, 65):
            state.ipv6_objects[index] = Ipv6Object(f"six{index}", 3, "2001:db8:66::", "2001:db8:66::ff")
        for index in range(60, 65):
            del state.ipv6_objects[index]

    story = Story(change=full)
    plan = {**CONFIG, "dos": {"udp_flood": {"threshold": 2000, "timeout": 10}, "allow": ["192.0.2.1", "192.0.2.2"]}}
    story.asks("fifteen of sixteen places are taken", plan, sent=False)
    return story


def groups_that_only_grow() -> Story:
    story = Story(group_add="add")
    story.has(CONFIG)
    two = changed((["address_groups", 0, "members"], ["vs_gamma_1"]), (["country_objects", 0, "countries"], [1, 2]))
    story.asks("fewer members", two)
    story.asks("and the former ones again", CONFIG)
    return story


def slots_of_ours_that_somebody_left() -> Story:
    def left(state: Any) -> None:
        state.ip_objects[192] = IpObject("vs_free", 0, 1, "192.0.2.200", "0.0.0.0")
        state.ip_objects[191] = IpObject("vs_old_191", 0, 1, "192.0.2.201", "0.0.0.0")
        state.ip_objects[190] = IpObject("vs_home", 0, 1, "192.0.2.202", "0.0.0.0")
        state.ip_groups[32] = Group("vs_peers", members=[1])
        state.ip_objects[189] = IpObject("vs_mgmt_189", 0, 1, "192.0.2.203", "0.0.0.0")

    story = Story(change=left)
    story.asks("a router with leftovers", CONFIG)
    return story


def profiles_in_use_that_somebody_renamed() -> Story:
    story = Story()
    story.has(CONFIG)
    for command in ("object ip grp 32 -n vs_free", "object ip obj 192 -n vs_free", "object service obj 96 -n theirs"):
        story.router.run(command)
    story.asks("their content is right", CONFIG, sent=False)
    story.asks("and now it is not", changed((["address_objects", 0, "network"], "203.0.113.64/26")))
    return story


STORIES = (
    profiles_in_use_that_somebody_renamed,
    a_first_run,
    a_set_is_exchanged,
    sets_only_go,
    a_longer_run_was_cut,
    profiles_change,
    names_swap_their_content,
    what_rules_do_not_show_is_corrected_in_place,
    others_rules_lose_their_effect,
    a_model_that_cannot_limit_open_ports,
    merged_and_taken_out,
    merged_with_a_rule_that_refers_elsewhere,
    the_filter_was_off_with_a_default_of_block,
    the_default_is_declared,
    a_run_was_cut,
    somebody_leads_to_our_set,
    sets_of_others_in_a_loop,
    no_room,
    lists_that_are_full_and_no_place_for_the_mark,
    groups_that_only_grow,
    slots_of_ours_that_somebody_left,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_plan_is_the_one_that_was_looked_at(story: Callable[[], Story]) -> None:
    text = "\n".join(story().lines)
    golden = GOLDEN / f"{story.__name__}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_no_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {story.__name__ for story in STORIES}
