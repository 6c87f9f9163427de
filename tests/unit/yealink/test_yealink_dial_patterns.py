# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of a phone's dial plan: which numbers they stop, and how beginnings of numbers become few of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.dial_patterns import (
    MAX_PATTERNS,
    fold,
    matches,
)


@pytest.mark.parametrize(
    ("pattern", "number", "stopped"),
    [
        ("112", "112", True),
        ("11", "112", False),
        ("12", "112", False),
        ("1123", "112", False),
        ("9.", "999", True),
        ("9.", "9", True),
        ("9x", "99", True),
        ("9X", "99", True),
        ("9x", "9", False),
        ("9x", "999", False),
        ("1[0-3]x", "112", True),
        ("1[2-3]x", "112", False),
        ("1[0,1]2", "112", True),
        ("(112)", "112", True),
        ("+44.", "+441234", True),
        ("+44.", "441234", False),
        ("*1", "*1", True),
        ("*1", "1", False),
        ("1?2", "1?2", True),
        ("1?2", "12", False),
        ("1|2", "1", False),
        ("1|2", "1|2", True),
        ("^1", "^1", True),
        ("\\d", "1", False),
        ("\\d", "\\d", True),
        ("1[2", "112", False),
        ("1[2", "1[2", True),
    ],
)
def test_which_numbers_a_pattern_stops(pattern: str, number: str, stopped: bool) -> None:
    assert matches(pattern, number) is stopped


FOLDED = [
    (["001"], ("001.",)),
    (["001", "002", "003", "005"], ("00[1-3,5].",)),
    (["001", "002"], ("00[1-2].",)),
    (["001", "003"], ("00[1,3].",)),
    (["003", "001", "002"], ("00[1-3].",)),
    (["0011", "002"], ("002.", "0011.")),
    (["0011", "0012", "0013", "0014", "0015", "002"], ("002.", "001[1-5].")),
    (["+1", "001"], ("001.", "+1.")),
    (["5", "001"], ("5.", "001.")),
    (["+11", "0011"], ("0011.", "+11.")),
    ([], ()),
]


@pytest.mark.parametrize(("beginnings", "patterns"), FOLDED)
def test_beginnings_become_few_patterns_the_widest_first(beginnings: list[str], patterns: tuple[str, ...]) -> None:
    assert fold(beginnings) == (patterns, ())


def test_what_does_not_fit_is_named() -> None:
    beginnings = [f"00{first}{second}" for first in "123456" for second in "13"]
    most = fold(beginnings)
    assert (len(most[0]), most[1]) == (6, ())
    some = fold(beginnings, 4)
    assert some == (most[0][:4], most[0][4:])
    eleven = [f"{first}{first}1" for first in "0123456789*"]
    assert [len(part) for part in fold(eleven)] == [MAX_PATTERNS, 1] == [10, 1]


DIGITS = "0123456789"


@given(st.lists(st.text(DIGITS, min_size=1, max_size=3), min_size=1, max_size=8), st.text(DIGITS, max_size=5))
def test_the_patterns_stop_what_begins_so_and_nothing_else(beginnings: list[str], number: str) -> None:
    patterns, left_out = fold(beginnings)
    stopped = any(matches(pattern, number) for pattern in (*patterns, *left_out))
    assert stopped == any(number.startswith(beginning) for beginning in beginnings)
