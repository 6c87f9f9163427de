# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Typed data as plain data and as the text of a diff."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import diff_entry, plain
from ansible_collections.voipsec.hardening.plugins.module_utils.nested import leaves, mapped
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK, Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State


@dataclass(frozen=True)
class Phone:
    name: str
    pin: Secret
    note: str | None = None
    numbers: tuple[int, ...] = ()
    enabled: bool = False


def test_plain_data_of_everything_that_a_declaration_holds() -> None:
    assert plain(
        {
            "phone": Phone("Reception", Secret("123456")),
            "state": State.MERGED,
            "address": ipaddress.ip_address("203.0.113.1"),
            "set": frozenset({"b", "a"}),
            "type": [None, True, 1, 1.5, "x"],
            7: ("seven",),
        }
    ) == {
        "phone": {"name": "Reception", "pin": MASK, "enabled": False},
        "state": "merged",
        "address": "203.0.113.1",
        "set": ["a", "b"],
        "type": [None, True, 1, 1.5, "x"],
        "7": ["seven"],
    }
    assert type(plain(State.MERGED)) is str
    assert plain(Phone) == str(Phone)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("one", "one\n"),
        (5, "5\n"),
        ({"a": None, "b": True, "c": False, "d": 1}, "a: -\nb: yes\nc: no\nd: 1\n"),
        ({"list": [1, "two"], "none": [], "nothing": {}}, "list: [1, two]\nnone: []\nnothing: {}\n"),
        ({"a": {"b": {"c": 1}}}, "a:\n  b:\n    c: 1\n"),
        ({"rows": [{"a": 1, "b": 2}, {"a": 3}]}, "rows:\n  - a: 1\n    b: 2\n  - a: 3\n"),
        ({"rows": [[1, 2], 3]}, "rows:\n  - - 1\n    - 2\n  - 3\n"),
        ([{}, [], "x"], "- {}\n- []\n- x\n"),
        ({"pin": Secret("123456")}, f"pin: {MASK}\n"),
    ],
)
def test_the_text_of_a_diff(value: Any, text: str) -> None:
    assert diff_entry("rule 1", None, value) == {
        "before_header": "rule 1",
        "after_header": "rule 1",
        "before": "",
        "after": text,
    }
    assert diff_entry("rule 1", value, {})["before"] == text


def test_a_diff_masks_secrets_inside_data() -> None:
    entry = diff_entry("x", {"pin": Secret("123456")}, {"pin": Secret("654321"), "list": [{"a": 1, "b": [2]}]})
    assert "123456" not in str(entry)
    assert "654321" not in str(entry)


def test_a_walk_tells_the_name_that_each_value_is_kept_under() -> None:
    data = {"a": [1, {"b": 2}], "c": Phone("x", Secret("y"))}
    assert list(leaves(data)) == [("a", 1), ("b", 2), ("name", "x"), ("pin", Secret("y")), ("enabled", False)]
    assert mapped(data["a"], lambda item, name: f"{name}{item}", name="top") == ["top1", {"b": "b2"}]
