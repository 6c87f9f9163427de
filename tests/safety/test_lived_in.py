# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What generated starts seldom meet, one router each: hand edits that only show on one interface or not at all, sets of
others in a loop, others' rules that lose their effect, and a firewall that is taken out again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.drayos.state import FilterSet, Rule, State

from .adapter import HardeningError, Target, clone, plan_for, plan_without
from .checks import Case, Tally, check
from .states import PBX, Declared, Start
from .test_same_content import BEFORE, PROFILE, STYLES, after


def own_rule(start: Start, comment: str) -> tuple[int, int]:
    """Set and slot."""
    return next(
        (number, slot)
        for number, entry in start.state.sets.items()
        for slot, rule in entry.rules.items()
        if rule.comment == comment and rule.enabled
    )


def edited(start: Start, *commands: str) -> Start:
    """The same router after somebody typed this at it."""
    router = start.router()
    router.run_all(commands)
    assert not router.refused
    return Start(start.profile, router.state, router.flash, [*start.story, *commands], start.earlier, start.habits)


@pytest.mark.parametrize("edit", ['-I "d all" -I "e WAN1"', '-I "d WAN2"', "-e 0", '-F "0 1"'])
def test_a_block_rule_that_leaves_something_open_is_put_right(edit: str) -> None:
    start = after("index", BEFORE)
    number, slot = own_rule(start, "vs_block")
    start = edited(start, f"ipf rule {number} {slot} {edit}")
    assert plan_for(start.router().run, PROFILE, BEFORE.wanted()).commands
    assert not [str(violation) for violation in check(start, BEFORE, (3, 13), Tally())]


@pytest.mark.parametrize("style", STYLES)
def test_an_address_that_somebody_inverted_is_put_right(style: str) -> None:
    """By one command, in the profile itself: the one change of something active."""
    start = after(style, BEFORE)
    index = next(index for index, item in start.state.ip_objects.items() if item.name == "vs_home1_1")
    start = edited(start, f"object ip obj {index} -s 1")
    plan = plan_for(start.router().run, PROFILE, BEFORE.wanted())
    assert [step.commands for step in plan.steps[plan.prepared :]] == [(f"object ip obj {index} -s 0",)]
    router = start.router()
    router.run_all(plan.commands)
    case = Case(start, BEFORE)
    assert not case.unfinished(router.state, "at the end")
    assert not plan_for(router.run, PROFILE, BEFORE.wanted()).commands


def looped(*chain: int, start_set: int = 2) -> Callable[[State], None]:
    def change(state: State) -> None:
        state.general.start_set = start_set
        for number, following in zip(chain, (*chain[1:], chain[0]), strict=True):
            state.sets[number] = FilterSet(f"house {number}", following, {1: Rule(1, "house", direction=1, action=2)})

    return change


@pytest.mark.parametrize("chain", [(2,), (2, 3), (2, 12, 4)])
def test_sets_of_others_in_a_loop_stay_as_they_are(chain: tuple[int, ...]) -> None:
    start = after("index")
    looped(*chain)(start.state)
    start = Start(PROFILE, start.state, clone(start.state), [*start.story, f"loop {chain}"])
    assert not [str(violation) for violation in check(start, BEFORE, (5,), Tally())]


def test_sets_of_others_that_lead_to_ours_are_refused_and_nothing_is_written() -> None:
    start = after("index", BEFORE)
    first = own_rule(start, "vs_allow_1")[0]
    start = edited(start, "ipf set -d 2", f"ipf set 2 -n {first}")
    router = start.router()
    with pytest.raises(HardeningError, match="must come first"):
        plan_for(router.run, PROFILE, BEFORE.wanted())
    assert not router.written()


@pytest.mark.parametrize("earlier", [(), (BEFORE,)])
def test_overridden_nobody_but_the_declared_gets_in_at_any_command(earlier: tuple[Declared, ...]) -> None:
    start = after("index", *earlier)
    number = start.state.sets[2].next_set or 2
    start.state.sets[number].rules[3] = Rule(1, "house", direction=1, action=0)  # lets everything in that ours leave
    start = Start(PROFILE, start.state, clone(start.state), start.story, earlier, start.habits)
    case, router = Case(start, BEFORE), start.router()
    plan = plan_for(router.run, PROFILE, case.wanted, Target.OVERRIDDEN)
    before = case.look(router.state)
    for command in plan.commands:
        router.run(command)
        wrong = [violation for violation in case.unsafe(router.state, before, before, command) if violation.kind != "g"]
        assert not wrong
    assert not case.unfinished(router.state, "at the end")
    ours = {index for index, entry in router.state.sets.items() if entry.comment.startswith("voipsec")}
    assert {entry.next_set for index, entry in router.state.sets.items() if index in ours} <= {*ours, 0}
    assert not plan_for(router.run, PROFILE, case.wanted, Target.OVERRIDDEN).commands


@pytest.mark.parametrize("killed", [None, 1, 4])
def test_taken_out_open_ports_stay_limited_and_their_profiles_named(killed: int | None) -> None:
    start = after("index", BEFORE)
    router = start.router()
    commands = plan_without(router.run, PROFILE).commands
    router.run_all(commands[:killed])
    router.run_all(plan_without(router.run, PROFILE).commands)
    assert not plan_without(router.run, PROFILE).commands
    limited = [item for items in router.state.open_ports.values() for item in items.values() if item.source_is_group]
    assert limited
    assert all(item.address == PBX for item in limited)
    for item in limited:
        group = router.state.ip_groups[item.source_index]
        assert group.name == "vs_all_peers"
        assert {router.state.ip_objects[member].name[:7] for member in group.members} & {"vs_gamm", "vs_home"}
        assert "vs_free" not in {router.state.ip_objects[member].name for member in group.members}


def test_while_a_change_is_not_saved_the_first_set_says_so() -> None:
    """A run that dies there is continued by the next, which must save."""
    start = after("index", BEFORE)
    index = next(index for index, item in start.state.ip_objects.items() if item.name == "vs_home1_1")
    start = edited(start, f"object ip obj {index} -a 1 192.0.2.99")
    router = start.router()
    plan = plan_for(router.run, PROFILE, BEFORE.wanted())
    for step in plan.steps:
        router.run_all(step.commands)
    first = router.state.sets[router.state.general.start_set]
    assert first.comment == "voipsec_dirty"
    assert plan_for(router.run, PROFILE, BEFORE.wanted()).save
