# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations and plans for extensions: what is shown, what is sent, and what a result says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.extensions import (
    ExtensionChange,
    ExtensionPlan,
    number_problems,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Operation, revealed
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret, redacted

BODY = {
    "plain": "text",
    "secret": Secret("canary-1"),
    "nested": {"Value": Secret("canary-2")},
    "list": [Secret("canary-3"), {"deep": Secret("canary-4")}, 5],
    "tuple": (Secret("canary-5"), False),
}


def test_secrets_are_masked_wherever_they_are() -> None:
    assert redacted(BODY) == {
        "plain": "text",
        "secret": "********",
        "nested": {"Value": "********"},
        "list": ["********", {"deep": "********"}, 5],
        "tuple": ["********", False],
    }


def test_secrets_are_sent_as_they_are_wherever_they_are() -> None:
    assert revealed(BODY) == {
        "plain": "text",
        "secret": "canary-1",
        "nested": {"Value": "canary-2"},
        "list": ["canary-3", {"deep": "canary-4"}, 5],
        "tuple": ["canary-5", False],
    }


@pytest.mark.parametrize(
    ("operation", "shown"),
    [
        (
            Operation("PATCH", "/Users(1)", BODY | {"nested": 1, "list": 2, "tuple": 3}, "changing extension 201"),
            {
                "request": "PATCH /Users(1)",
                "what": "changing extension 201",
                "body": {"plain": "text", "secret": "********", "nested": 1, "list": 2, "tuple": 3},
            },
        ),
        (Operation("DELETE", "/A(1)", None, "removing"), {"request": "DELETE /A(1)", "what": "removing"}),
        (Operation("POST", "/A", {}, "adding"), {"request": "POST /A", "what": "adding", "body": {}}),
        (
            Operation("PATCH", "/T('t')", {"Content": "whole"}, "setting", {"Content": "our block"}),
            {"request": "PATCH /T('t')", "what": "setting", "body": {"Content": "our block"}},
        ),
    ],
)
def test_what_is_shown_of_an_operation(operation: Operation, shown: dict[str, Any]) -> None:
    assert operation.shown() == shown


@dataclass(frozen=True)
class Extension:
    registered: bool


def change(number: str, **more: Any) -> ExtensionChange:
    operation = Operation("PATCH", f"/{number}", {"a": 1}, f"changing extension {number}")
    return ExtensionChange(number, {"b": 0}, {"b": 1, "a": 1}, operation, **more)


def test_a_plan_for_extensions_sends_its_guard_first_and_says_what_becomes_of_whom() -> None:
    plan: ExtensionPlan[str] = ExtensionPlan()
    plan.want("201", "wanted 201", {"transport": "no name for it"})
    plan.want("202", "wanted 202", {"transport": "no name for it", "srtp": "not shown"})
    plan.want("203", "wanted 203", {})
    plan.changes = [change("201", secrets=("AuthPassword",)), change("202", created=True)]
    plan.guard = [Operation("POST", "/Blocklist", {"IPAddrMask": "192.0.2.10"}, "allowing 192.0.2.10")]
    assert [operation.path for operation in plan.operations] == ["/Blocklist", "/201", "/202"]
    assert plan.differences() == ["201: a, b", "202: a, b"]
    assert plan.rotated == ["201"]
    assert plan.lacking_notes() == [
        "transport is not set: no name for it: 201, 202",
        "srtp is not set: not shown: 202",
    ]
    before = {"201": Extension(True), "203": Extension(False), "801": Extension(True)}
    assert plan.results(before, plan.operations[1:], ["203", "201"]) == {
        "created": ["202"],
        "updated": ["201"],
        "unchanged": ["203"],
        "credentials_changed": ["201"],
        "in_force": ["201", "203"],
        "registered_before": ["201", "801"],
        "undeclared": ["801"],
        "operations": [operation.shown() for operation in plan.operations[1:]],
    }
    assert [(each["before_header"], each["before"], each["after"]) for each in plan.diff()] == [
        ("extension 201", "b: 0\n", "b: 1\na: 1\n"),
        ("extension 202", "b: 0\n", "b: 1\na: 1\n"),
        ("allowing 192.0.2.10", "", "IPAddrMask: 192.0.2.10\n"),
    ]


@pytest.mark.parametrize(
    ("numbers", "most", "problems"),
    [
        (["201", "202"], None, []),
        (["201", "202", "201"], None, ["extensions[2].number: '201' is listed twice."]),
        (["2o1"], None, ["extensions[0].number: '2o1' is not digits, such as '201'."]),
        (["٢٠١"], None, ["extensions[0].number: '٢٠١' is not digits, such as '201'."]),
        ([""], 7, ["extensions[0].number: '' is not 1 to 7 digits, such as '201'."]),
        (["1234567"], 7, []),
        (["12345678"], 7, ["extensions[0].number: '12345678' is not 1 to 7 digits, such as '201'."]),
        (["12345678"], None, []),
    ],
)
def test_numbers_are_digits_and_listed_once(numbers: list[str], most: int | None, problems: list[str]) -> None:
    assert number_problems([{"number": number} for number in numbers], most) == problems
