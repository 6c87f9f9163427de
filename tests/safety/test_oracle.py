# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle against the sentences of draytek.md 2.5, and against the simulator's own reading of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.drayos import semantics
from lab.drayos.state import (
    AddressMatch,
    FilterSet,
    Group,
    IpObject,
    OpenPort,
    Rule,
    ServiceMatch,
    ServiceObject,
    State,
)

from . import states
from .oracle import TCP, UDP, WAN_TO_LAN, Flow, Knock, Oracle

PROVIDER, STRANGER, PBX = "203.0.113.10", "198.51.100.66", "192.168.1.10"
SIP = {"provider": Flow(WAN_TO_LAN, PROVIDER, PBX, UDP, 5060), "stranger": Flow(WAN_TO_LAN, STRANGER, PBX, UDP, 5060)}
PASS, BLOCK, PASS_UNLESS, BLOCK_UNLESS = range(4)


def rule(action: int, whom: int = 0, **changes: Any) -> Rule:
    """WAN to LAN, SIP only; from IP object ``whom``, or from anybody."""
    values: dict[str, Any] = {
        "enabled": 1,
        "direction": 1,
        "action": action,
        "service": ServiceMatch(object=1),
        "source": AddressMatch(objects={"1": whom} if whom else {}),
    }
    return Rule(**{**values, **changes})


def state(*rules: Rule, following: int = 0, second: tuple[Rule, ...] = (), **general: int) -> State:
    """Set 1 with these rules, and set 2; IP object 1 is the provider."""
    made = State()
    made.ip_objects[1] = IpObject("provider", 0, 0, "203.0.113.0", "255.255.255.192")
    made.service_objects[1] = ServiceObject("sip", 255, destination_start=5060, destination_end=5061)
    made.sets[1] = FilterSet("", following, dict(enumerate(rules, start=1)))
    made.sets[2] = FilterSet("", 0, dict(enumerate(second, start=1)))
    for name, value in general.items():
        setattr(made.general, name, value)
    return made


def passing(made: State) -> set[str]:
    oracle = Oracle(SIP.values())
    passed = oracle.passed(made)
    return {name for at, name in enumerate(SIP) if passed >> at & 1}


READS_V6 = hasattr(semantics, "from_internet6")
BOTH, NOBODY, DECLARED = {"provider", "stranger"}, set[str](), {"provider"}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(state(), BOTH, id="no rule: the default rule passes"),
        pytest.param(state(default_action=1), NOBODY, id="no rule: the default rule blocks"),
        pytest.param(state(rule(BLOCK), start_set=0), BOTH, id="the data filter is off"),
        pytest.param(state(rule(PASS, 1), rule(BLOCK)), DECLARED, id="pass immediately, below it block immediately"),
        pytest.param(state(rule(BLOCK), rule(PASS, 1)), NOBODY, id="order decides"),
        pytest.param(state(rule(BLOCK, enabled=0)), BOTH, id="a disabled rule"),
        pytest.param(state(rule(BLOCK, direction=0)), BOTH, id="a rule for the other direction"),
        pytest.param(state(rule(BLOCK, incoming_off=["WAN1"])), BOTH, id="a rule for another interface"),
        pytest.param(state(rule(BLOCK, fragments=2)), BOTH, id="a rule for fragments"),
        pytest.param(state(rule(BLOCK_UNLESS), rule(PASS, 1)), DECLARED, id="block if no further match"),
        pytest.param(state(rule(PASS_UNLESS, 1), rule(BLOCK_UNLESS)), NOBODY, id="the later of two remembered decides"),
        pytest.param(state(rule(PASS_UNLESS, 1), default_action=1), DECLARED, id="remembered, not the default"),
        pytest.param(state(rule(PASS, 1), following=2, second=(rule(BLOCK),)), DECLARED, id="on to the next set"),
        pytest.param(
            state(rule(PASS_UNLESS, branch=2), rule(BLOCK), second=(rule(PASS, 1),)),
            BOTH,
            id="a branch does not return",
        ),
        pytest.param(state(rule(BLOCK_UNLESS), following=1), NOBODY, id="a set that leads to itself ends"),
    ],
)
def test_the_sentences_of_the_reference(made: State, expected: set[str]) -> None:
    assert passing(made) == expected


def test_an_inverted_object_and_a_group_of_two() -> None:
    made = state(rule(BLOCK, source=AddressMatch(groups={"1": 1})))
    made.ip_objects[2] = IpObject("all but the stranger", 0, 1, STRANGER, "0.0.0.0", invert=1)
    made.ip_groups[1] = Group("group", members=[2])
    assert passing(made) == {"stranger"}
    made.ip_groups[1].members.append(1)
    assert passing(made) == {"stranger"}


def test_nat_stops_what_no_open_port_lets_in_and_an_open_port_may_be_limited_to_sources() -> None:
    oracle = Oracle([], [Knock(PROVIDER, UDP, 5060), Knock(STRANGER, UDP, 5060), Knock(PROVIDER, TCP, 5060)])
    made = state()
    assert oracle.reached(made) == 0b000
    made.open_ports[1] = {1: OpenPort(1, "PBX", PBX, 1, "UDP", 5060, 5061)}
    assert oracle.reached(made) == 0b011
    made.open_ports[1][1].source_index = 1
    assert oracle.reached(made) == 0b001
    made.sets[1].rules[1] = rule(BLOCK)
    assert oracle.reached(made) == 0b000


@settings(
    max_examples=120, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(states.starts(), states.declarations(), st.integers(0, 12))
def test_two_readings_of_the_reference_agree(start: states.Start, declared: states.Declared, sample: int) -> None:
    """Every thirteenth packet of the table, in any state that a router may have."""
    oracle = Oracle(
        [*states.inbound(declared, start), *states.MANAGEMENT],
        [Knock(k.source, k.protocol, k.port, wan=0) for k in states.knocks(declared, start)],
    )
    reached, passed = oracle.reached(start.state), oracle.passed(start.state)
    for at, flow in enumerate(oracle.flows):
        if at % 13 == sample and (not flow.v6 or READS_V6):
            packet = semantics.Packet(
                flow.direction,
                flow.source,
                flow.destination,
                flow.protocol,
                flow.sport,
                flow.dport,
                flow.incoming,
                flow.outgoing,
                flow.fragment,
            )
            assert semantics.verdict(start.state, packet).passed == bool(passed >> at & 1), flow
    for at, knock in enumerate(oracle.knocks):
        if at % 13 == sample:
            found = semantics.from_internet(start.state, knock.source, knock.protocol, knock.port, knock.sport)
            assert found.reached == bool(reached >> at & 1), knock
