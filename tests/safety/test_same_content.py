# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two profiles with the same content, on a router that prints addresses where a rule refers to a profile: which of the
two it refers to cannot be told. Any of them may be in force."""

from __future__ import annotations

import dataclasses

import pytest

from lab.drayos.fixtures import lived_in_state

from . import states
from .adapter import carry_out, clone, plan_for
from .checks import Tally, check

PROFILE = "vigor3912"
STYLES = ("index", "name", "expanded")
SHARED, OTHER = "203.0.113.0/26", "198.18.8.0/21"
BEFORE = states.Declared(
    providers=(
        ("gamma", ("203.0.113.64/28",), (SHARED,), (5060,)),
        ("twilio", ("203.0.113.96/29", SHARED), (OTHER,), (5060,)),
        ("bt", ("203.0.113.10/32",), (SHARED, OTHER), (5060,)),
    ),
    sites=(("home1", "192.0.2.10/32", "tls"), ("home2", "192.0.2.16/29", "udp")),
    sip_ports=(5070, 5061),
    tls_port=5061,
    rtp=(10000, 10100),
)
ANOTHER_OWNER = dataclasses.replace(
    BEFORE,
    providers=(BEFORE.providers[0], ("twilio", ("203.0.113.96/29", SHARED), (SHARED,), (5060,)), BEFORE.providers[2]),
)
"""The same networks in all; who is named first with one has changed, and so have the objects' names."""
OTHERS = states.Declared(
    providers=(
        ("gamma", ("198.18.4.0/22",), ("203.0.113.128/26",), (5060,)),
        ("twilio", (SHARED,), ("203.0.113.128/26",), (5080,)),
    ),
    sites=(("home1", "192.0.2.11/32", "tls"),),
    sip_ports=(5060, 5061),
    tls_port=5061,
    rtp=(9000, 10999),
)
KILLS = (3, 7, 13, 22, 25, 31, 36)


def after(style: str, *declared: states.Declared) -> states.Start:
    """A router that these declarations were applied to, one after the other, as a run does it."""
    state = lived_in_state(PROFILE, states.PBX)
    habits = {"reference_style": style}
    start = states.Start(PROFILE, state, clone(state), ["lived in"], habits=habits)
    router = start.router()
    for each in declared:
        carry_out(router, each.wanted())
    return states.Start(
        PROFILE, router.state, router.flash, [*start.story, *("a run" for _ in declared)], declared, habits
    )


@pytest.mark.parametrize("style", STYLES)
def test_networks_that_change_owner_only_change_their_names(style: str) -> None:
    start = after(style, BEFORE)
    assert not [str(violation) for violation in check(start, ANOTHER_OWNER, KILLS, Tally())]
    commands = plan_for(start.router().run, PROFILE, ANOTHER_OWNER.wanted()).commands
    assert not [command for command in commands if command.startswith(("ipf rule", "srv nat", "object ip grp"))]


@pytest.mark.parametrize("style", STYLES)
def test_what_rules_depend_on_is_not_called_free(style: str) -> None:
    start = after(style, BEFORE, ANOTHER_OWNER)
    rules = [rule for entry in start.state.sets.values() for rule in entry.rules.values() if rule.enabled]
    used = {index for rule in rules if rule.comment.startswith("vs_") for index in rule.source.groups.values()}
    assert used
    assert not [index for index in used if start.state.ip_groups[index].name == "vs_free"]


@pytest.mark.parametrize("style", STYLES)
def test_a_profile_in_force_that_is_called_free_is_not_changed(style: str) -> None:
    """As earlier versions of this collection may have left it."""
    start = after(style, BEFORE)
    router = start.router()
    used = [index for index, group in router.state.ip_groups.items() if group.name.startswith("vs_")]
    for index in used:
        group = router.state.ip_groups[index]
        twin = index - len(used)
        router.run_all(
            [
                f"object ip grp {index} -n vs_free",
                f"object ip grp {twin} -n {group.name}",
                f'object ip grp {twin} -a "{" ".join(str(member) for member in group.members)}"',
            ]
        )
    start = states.Start(PROFILE, router.state, router.flash, [*start.story, "called free"], (BEFORE,), start.habits)
    for declared in (BEFORE, ANOTHER_OWNER, OTHERS):
        assert not [str(violation) for violation in check(start, declared, KILLS, Tally())]


@pytest.mark.parametrize("style", STYLES)
def test_what_is_somebody_elses_keeps_its_name_though_it_has_the_content(style: str) -> None:
    router = after(style, BEFORE).router()
    theirs = next(index for index in range(1, 192) if index not in router.state.ip_objects)
    rule = next(
        (number, slot)
        for number, entry in router.state.sets.items()
        for slot, rule in entry.rules.items()
        if rule.comment == "vs_allow_2"
    )
    router.run_all(
        [
            f"object ip obj {theirs} -n theirs",
            f"object ip obj {theirs} -a 1 192.0.2.11",
            f'ipf rule {rule[0]} {rule[1]} -s "g 1 0"',
            f'ipf rule {rule[0]} {rule[1]} -s "o 1 {theirs}"',
        ]
    )
    assert not router.refused
    moved = dataclasses.replace(BEFORE, sites=(("home1", "192.0.2.11/32", "tls"), BEFORE.sites[1]))
    carry_out(router, moved.wanted())
    assert router.state.ip_objects[theirs].name == "theirs"
    assert not plan_for(router.run, PROFILE, moved.wanted()).commands
