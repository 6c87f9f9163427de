# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine that all PBX families share, against a PBX that is a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState
from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.converge import (
    MAX_DIFFERENCES,
    Converged,
    Transaction,
    apply_all,
    converge,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, ControlPlan, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret

Settings = dict[str, int]


@dataclass
class FakePbx:
    """Keeps what it is sent, but for what it ``loses`` or ``refuses``."""

    settings: Settings = field(default_factory=dict)
    loses: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()
    log: list[str] = field(default_factory=list)

    def gather(self) -> Settings:
        self.log.append("read")
        return dict(self.settings)

    def send(self, operation: Operation) -> None:
        name = operation.path
        if name in self.refuses:
            raise HardeningError(f"setting {name}: the PBX refuses it.")
        self.log.append(f"set {name}")
        if name not in self.loses:
            self.settings[name] = int((operation.body or {})["value"])


def plan_for(want: Settings, *, problems: Mapping[str, str] | None = None) -> Callable[[Settings], ControlPlan]:
    """Bring the settings to ``want``; ``problems``: setting -> why it must not be as it is found."""

    def plan(have: Settings) -> ControlPlan:
        controls = []
        for name, value in want.items():
            control = Control(name, have.get(name), value)
            if have.get(name) != value:
                control.operations.append(Operation("PATCH", name, {"value": value}, f"setting {name}"))
            controls.append(control)
        for name, text in (problems or {}).items():
            if name in have:
                controls.append(Control(name, problems=[text]))
        return ControlPlan(controls)

    return plan


def run(pbx: FakePbx, want: Settings, *, check_mode: bool = False, **options: Any) -> Converged[Settings, ControlPlan]:
    plan = options.pop("plan", plan_for(want))
    work = Transaction(
        gather=pbx.gather, plan=plan, settle=options.pop("settle", plan), send=pbx.send, page="the page", **options
    )
    return converge(work, check_mode=check_mode)


def test_everything_is_sent_in_order_and_read_back() -> None:
    pbx = FakePbx({"a": 1, "c": 3})
    done = run(pbx, {"a": 1, "b": 2, "c": 4})
    assert pbx.log == ["read", "set b", "set c", "read"]
    assert pbx.settings == {"a": 1, "b": 2, "c": 4}
    assert (done.before, done.after) == ({"a": 1, "c": 3}, pbx.settings)
    assert [operation.path for operation in done.sent] == ["b", "c"]
    assert done.plan.operations == done.sent
    assert not done.settled.operations


def test_what_is_correct_already_is_read_once_and_not_touched() -> None:
    pbx = FakePbx({"a": 1})
    done = run(pbx, {"a": 1})
    assert pbx.log == ["read"]
    assert not done.sent
    assert done.after == {"a": 1}


def test_check_mode_shows_what_would_be_sent_and_sends_nothing() -> None:
    pbx = FakePbx()
    done = run(pbx, {"a": 1}, check_mode=True)
    assert pbx.log == ["read"]
    assert [operation.path for operation in done.sent] == ["a"]
    assert done.settled is done.plan


def test_one_problem_keeps_everything_from_being_sent_and_all_are_named() -> None:
    pbx = FakePbx({"x": 1, "y": 1})
    plan = plan_for({"a": 1}, problems={"x": "x is wrong.", "y": "y is wrong."})
    for check_mode in (False, True):
        with pytest.raises(HardeningError, match=r"\Ax is wrong\.\ny is wrong\.\Z"):
            run(pbx, {}, plan=plan, check_mode=check_mode)
    assert pbx.log == ["read", "read"]


def test_a_change_that_the_pbx_does_not_keep_is_an_error() -> None:
    pbx = FakePbx(loses=frozenset({"b"}))
    with pytest.raises(HardeningError, match=r"reads differently afterwards: setting b\. Check the page\.") as caught:
        run(pbx, {"a": 1, "b": 2})
    assert caught.value.details["not_kept"] == [
        {"request": "PATCH b", "what": "setting b", "body": {"value": 2}},
    ]
    assert pbx.log == ["read", "set a", "set b", "read"], "it is not tried again"


def test_a_long_list_of_differences_is_cut() -> None:
    names = [f"s{place:02}" for place in range(MAX_DIFFERENCES + 1)]
    with pytest.raises(HardeningError) as caught:
        run(FakePbx(loses=frozenset(names)), dict.fromkeys(names, 1))
    assert f"setting {names[MAX_DIFFERENCES - 1]}." in caught.value.message
    assert names[MAX_DIFFERENCES] not in caught.value.message


def test_a_problem_that_appears_only_afterwards_is_an_error_too() -> None:
    pbx = FakePbx()
    with pytest.raises(HardeningError, match=r"\Aa must not be there\.\Z"):
        run(pbx, {}, plan=plan_for({"a": 1}, problems={"a": "a must not be there."}))


def test_what_is_known_only_afterwards_is_sent_in_a_second_round_once() -> None:
    pbx = FakePbx()
    settle = plan_for({"a": 1, "number of a": 7})
    done = run(pbx, {"a": 1}, settle=settle, second_round=lambda _first, left: len(left.operations) == 1)
    assert pbx.log == ["read", "set a", "read", "set number of a", "read"]
    assert [operation.path for operation in done.sent] == ["a", "number of a"]
    assert [operation.path for operation in done.plan.operations] == ["a"]
    assert done.after == {"a": 1, "number of a": 7}

    stubborn = FakePbx(loses=frozenset({"number of a"}))
    with pytest.raises(HardeningError, match="reads differently afterwards: setting number of a"):
        run(stubborn, {"a": 1}, settle=settle, second_round=lambda _first, _left: True)
    assert stubborn.log.count("set number of a") == 1


def test_a_second_round_that_is_not_expected_is_not_sent() -> None:
    pbx = FakePbx()
    with pytest.raises(HardeningError, match="reads differently afterwards"):
        run(pbx, {"a": 1}, settle=plan_for({"a": 1, "b": 2}), second_round=lambda _first, _left: False)
    assert "set b" not in pbx.log


def test_a_family_may_send_a_part_first() -> None:
    pbx = FakePbx()
    run(pbx, {"a": 1, "b": 2}, first=lambda plan: plan.operations[1:], second_round=lambda _first, _left: True)
    assert pbx.log == ["read", "set b", "read", "set a", "read"]


def test_a_second_round_with_a_problem_is_not_sent() -> None:
    pbx = FakePbx()
    plan = plan_for({"a": 1, "b": 2}, problems={"a": "a is in the way."})
    with pytest.raises(HardeningError, match="a is in the way"):
        run(pbx, {}, plan=plan, first=lambda plan: plan.operations[:1], second_round=lambda _first, _left: True)
    assert pbx.log == ["read", "set a", "read"]


def test_the_proof_comes_after_everything_and_before_any_complaint() -> None:
    seen: list[tuple[Settings, list[str], int]] = []
    pbx = FakePbx(loses=frozenset({"b"}))

    def prove(found: Settings, operations: Sequence[Operation]) -> None:
        seen.append((found, [operation.path for operation in operations], len(pbx.log)))

    with pytest.raises(HardeningError, match="reads differently"):
        run(pbx, {"a": 1, "b": 2}, prove=prove)
    assert seen == [({}, ["a", "b"], 4)]
    run(FakePbx({"a": 1}), {"a": 1}, prove=prove)
    run(FakePbx(), {"a": 1}, prove=prove, check_mode=True)
    assert len(seen) == 1, "nothing was sent, so there is nothing to prove"

    def fail(_found: Settings, _operations: Sequence[Operation]) -> None:
        raise HardeningError("a fresh login failed.")

    with pytest.raises(HardeningError, match=r"\Aa fresh login failed"):
        run(FakePbx(loses=frozenset({"b"})), {"b": 2}, prove=fail)


def test_a_refusal_says_how_far_it_came_and_shows_no_secret() -> None:
    pbx = FakePbx(refuses=frozenset({"b"}))
    operations = [
        Operation("PATCH", "a", {"value": 1, "password": Secret("canary-password")}, "setting a"),
        Operation("PATCH", "b", {"value": 2, "password": Secret("canary-password")}, "setting b"),
        Operation("PATCH", "c", {"value": 3}, "setting c"),
    ]
    with pytest.raises(HardeningError) as caught:
        apply_all(pbx.send, operations)
    assert caught.value.message == (
        "setting b: the PBX refuses it. 1 of 3 changes were made and stay; run again to continue."
    )
    assert [each["request"] for each in caught.value.details["applied"]] == ["PATCH a"]
    assert caught.value.details["failed"]["request"] == "PATCH b"
    assert "canary" not in repr(caught.value.details)
    assert pbx.log == ["set a"]


def test_a_mistake_of_ours_is_not_taken_for_a_refusal() -> None:
    def broken(_have: Settings) -> ControlPlan:
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        run(FakePbx(), {}, plan=broken)


@pytest.mark.parametrize(
    ("control", "outcome"),
    [
        (Control("c"), ControlState.VERIFIED),
        (Control("c", operations=[Operation("PATCH", "c", {}, "setting c")]), ControlState.ENFORCED),
        (Control("c", state=ControlState.ATTESTED), ControlState.ATTESTED),
        (
            Control("c", state=ControlState.MANUAL, operations=[Operation("PATCH", "c", {}, "setting c")]),
            ControlState.MANUAL,
        ),
    ],
)
def test_a_control_has_one_state(control: Control, outcome: ControlState) -> None:
    assert control.outcome is outcome


def test_the_result_of_all_controls() -> None:
    plan = ControlPlan(
        [
            Control("a", "before", "after", [Operation("PATCH", "a", {"pin": Secret("4711")}, "setting a")]),
            Control("b", state=ControlState.ATTESTED, reason="it is not shown", notes=["by its name"]),
            Control("c", "same", "same", notes=["EMERGENCY CALLS: nobody can dial 999", "BLOCKED NOW: the office"]),
            Control("d", notes=["STILL OPEN: a list", "about BLOCKED NOW"]),
        ]
    )
    assert plan.results() == {
        "controls": {"a": "enforced", "b": "attested", "c": "verified", "d": "verified"},
        "reasons": {"b": "it is not shown"},
        "operations": [{"request": "PATCH a", "what": "setting a", "body": {"pin": "********"}}],
        "notes": [
            "b: by its name",
            "c: EMERGENCY CALLS: nobody can dial 999",
            "c: BLOCKED NOW: the office",
            "d: STILL OPEN: a list",
            "d: about BLOCKED NOW",
        ],
    }
    assert list(plan.urgent()) == [
        "c: EMERGENCY CALLS: nobody can dial 999",
        "c: BLOCKED NOW: the office",
        "d: STILL OPEN: a list",
    ]
    assert plan.diff() == [{"before_header": "a", "after_header": "a", "before": "before\n", "after": "after\n"}]
