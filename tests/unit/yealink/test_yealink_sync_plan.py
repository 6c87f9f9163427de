# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told, who is left in peace, and what is said of the others."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import Answer
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.sync_plan import (
    Phone,
    Served,
    check_times,
    entry,
    missing,
    names,
    plan,
    read_phones,
    with_reasons,
)

ONE, TWO, THREE = (Phone(f"805ec000000{number}", f"20{number}") for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("written", "fetched", "current"),
    [(10.0, 10.0, True), (10.0, 11.0, True), (10.0, 9.999, False), (10.0, None, False), (None, 10.0, False)],
)
def test_a_phone_is_current_when_it_fetched_at_or_after_the_writing(
    written: float | None, fetched: float | None, current: bool
) -> None:
    served = Served(
        {ONE.mac: written} if written is not None else {}, {ONE.mac: fetched} if fetched is not None else {}
    )
    assert served.is_current(ONE.mac) == current


def test_phones_are_told_by_what_they_have() -> None:
    served = Served({ONE.mac: 10.0, TWO.mac: 10.0}, {ONE.mac: 12.0, TWO.mac: 8.0, THREE.mac: 12.0})
    phones = (ONE, TWO, THREE)
    stale = plan(phones, served, only_stale=True, expect_files=False)
    assert (stale.tell, stale.current, stale.without_file) == ((TWO,), (ONE,), (THREE,))
    everybody = plan(phones, served, only_stale=False, expect_files=False)
    assert (everybody.tell, everybody.current, everybody.without_file) == ((ONE, TWO), (), (THREE,))
    before_writing = plan(phones, served, only_stale=True, expect_files=True)
    assert (before_writing.tell, before_writing.without_file) == ((TWO, THREE), ())
    assert plan(phones, None, only_stale=True, expect_files=False).tell == phones


def test_who_is_missing() -> None:
    assert missing((ONE, TWO), {ONE.mac: 5.0, TWO.mac: 5.0}, {ONE.mac: 5.0}) == [TWO]


@pytest.mark.parametrize(
    ("answer", "asked", "reason", "detail"),
    [
        (Answer(200, "OK"), True, "did_not_fetch", "it answered 200 OK and did not download its file within 7 s"),
        (Answer(404, "Not Found"), True, "refused", "it was answered 404 Not Found"),
        (Answer(407, "", "why"), True, "refused", "it was answered 407 (why)"),
        (Answer(None, "", "no answer within 1 s", lost=True), True, "no_answer", "no answer within 1 s"),
        (Answer(None, "", "refused"), True, "not_sent", "refused"),
        (
            None,
            False,
            "stale",
            "its file was written 1970-01-01 00:01:40 UTC, its last download was 1970-01-01 00:00:40 UTC",
        ),
    ],
)
def test_why_a_phone_has_not_fetched(answer: Answer | None, asked: bool, reason: str, detail: str) -> None:
    served = Served({ONE.mac: 100.0}, {ONE.mac: 40.0})
    found = entry(ONE, answer, served, asked=asked, waited=7)
    assert found == {"number": "201", "mac": ONE.mac, "reason": reason, "detail": detail}


def test_a_phone_without_a_file_is_one() -> None:
    assert entry(ONE, None, Served({}, {}), asked=True, waited=0)["reason"] == "no_file"


def test_sentences_name_a_few() -> None:
    many = [Phone("0" * 12, str(number)) for number in range(12)]
    assert names(many) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    entries = [{"number": "1", "mac": "m", "detail": "d"}] * 11
    assert with_reasons(entries).endswith("1 (m: d) and 1 more")


def test_phones_are_read_and_those_without_mac_left_out() -> None:
    entries: list[dict[str, Any]] = [
        {"number": "201", "mac": "80:5E:C0:00:00:01", "address": "192.0.2.1", "port": 5070},
        {"number": "202"},
    ]
    assert read_phones(entries, addressed=True) == ([Phone(ONE.mac, "201", "192.0.2.1", 5070)], ["202"])


def test_all_mistakes_are_told_at_once() -> None:
    entries: list[dict[str, Any]] = [
        {"number": "2@1", "mac": ONE.mac},
        {"number": "202", "mac": "x"},
        {"number": "203", "mac": ONE.mac, "port": 0},
    ]
    with pytest.raises(HardeningError) as failure:
        read_phones(entries, addressed=True)
    for part in ("'2@1'", "mac 'x'", "declared twice", "port 0", "address is missing"):
        assert part in failure.value.message


def test_files_from_the_future_are_refused() -> None:
    check_times(Served({ONE.mac: 104.0}, {}), 100.0)
    with pytest.raises(HardeningError, match=ONE.mac):
        check_times(Served({ONE.mac: 200.0}, {}), 100.0)
