# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When phones count as registered again, how long they are waited for, and who is missed."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.watch import OTHERS_WAIT, Watch, look_until_over


def watch(waiting_for: Collection[str], needed: Collection[str] = (), lifetime: float = 180.0) -> Watch:
    return Watch(frozenset(waiting_for), frozenset(needed), lifetime)


def test_a_registration_counts_once_it_was_gone() -> None:
    found = watch({"201"}, {"201"})
    found.saw({"201"}, 0.0)
    assert (found.missing, found.back) == (["201"], set())
    found.saw(set(), 1.0)
    assert found.gone == {"201"}
    found.saw({"201"}, 2.0)
    assert (found.missing, found.back) == ([], {"201"})


@pytest.mark.parametrize(("elapsed", "counts"), [(179.0, False), (180.0, False), (180.1, True)])
def test_a_registration_counts_after_its_longest_lifetime(elapsed: float, counts: bool) -> None:
    found = watch({"201"}, {"201"})
    found.saw({"201"}, elapsed)
    assert (found.back == {"201"}) is counts


def test_who_goes_again_is_missed_again() -> None:
    found = watch({"201"}, {"201"})
    found.saw(set(), 0.0)
    found.saw({"201"}, 1.0)
    found.saw(set(), 2.0)
    assert found.missing == ["201"]


def test_others_do_not_count() -> None:
    found = watch({"201"}, {"201"})
    found.saw({"202"}, 0.0)
    found.saw({"201", "202"}, 1.0)
    assert found.back == {"201"}


def test_phones_that_did_not_come_back_are_an_error_that_names_them() -> None:
    found = watch({"201", "202", "203"}, {"203", "201"})
    found.saw(set(), 0.0)
    found.saw({"202"}, 1.0)
    with pytest.raises(HardeningError) as caught:
        found.require(300, ["a note"])
    assert "within 300 seconds: 201, 203. " in caught.value.message
    assert caught.value.details == {"unregistered": ["201", "203"], "registered": ["202"], "notes": ["a note"]}
    found.saw({"201", "203"}, 2.0)
    found.require(300, [])


def test_phones_that_need_not_come_back_are_no_error() -> None:
    found = watch({"201", "202"}, {"201"})
    found.saw(set(), 0.0)
    found.saw({"201"}, 1.0)
    found.require(300, [])


def back(found: Watch, *numbers: str) -> Watch:
    found.saw(set(), 0.0)
    found.saw(numbers, 0.5)
    return found


@pytest.mark.parametrize(
    ("found", "elapsed", "over"),
    [
        (back(watch({"201"}, {"201"}), "201"), 1.0, True),
        (back(watch({"201"}, {"201"})), 299.0, False),
        (back(watch({"201"}, {"201"})), 300.0, False),
        (back(watch({"201"}, {"201"})), 300.1, True),
        # 202 was gone, is not needed, and may be switched off.
        (back(watch({"201", "202"}, {"201"}), "201"), OTHERS_WAIT, False),
        (back(watch({"201", "202"}, {"201"}), "201"), OTHERS_WAIT + 0.1, True),
        (back(watch({"201", "202"}, {"201"}, lifetime=10.0), "201"), 10.1, True),
        (back(watch({"201", "202"}, {"201"}, lifetime=10.0), "201"), 9.9, False),
        # 202 is needed.
        (back(watch({"201", "202"}, {"202"}), "201"), OTHERS_WAIT + 0.1, False),
    ],
)
def test_when_waiting_is_over(found: Watch, elapsed: float, over: bool) -> None:
    assert found.over(elapsed, 300.0) is over


@pytest.mark.parametrize(("elapsed", "over"), [(OTHERS_WAIT + 1, False), (180.0, False), (180.1, True)])
def test_who_is_still_registered_from_before_is_waited_for_as_long_as_that_lasts(elapsed: float, over: bool) -> None:
    found = watch({"201", "202"}, {"201"})
    found.saw({"202"}, 0.0)
    found.saw({"201", "202"}, 1.0)
    assert found.over(elapsed, 300.0) is over


class Clock:
    """A time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


def test_the_pbx_is_asked_again_and_again_until_everybody_is_back() -> None:
    clock = Clock()
    answers = [{"201"}, set(), set(), {"201"}]
    found = watch({"201"}, {"201"})
    look_until_over(found, lambda: answers.pop(0), wait=300, poll=3.0, clock=clock, pause=clock.pause)
    assert clock.waited == [3.0, 3.0, 3.0]
    assert found.back == {"201"}
    assert not answers


def test_the_pbx_is_not_asked_for_ever() -> None:
    clock = Clock()
    found = watch({"201"}, {"201"})
    look_until_over(found, set, wait=10, poll=3.0, clock=clock, pause=clock.pause)
    assert len(clock.waited) == 4
    assert found.missing == ["201"]


def test_nobody_to_wait_for_is_nothing_to_ask() -> None:
    look_until_over(watch(()), lambda: pytest.fail("asked"), wait=300, poll=3.0)
