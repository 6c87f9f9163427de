# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The share of ``python -m fuzz`` that every run of the tests can afford; always the same replies."""

from __future__ import annotations

from .run import Result, corpus, fuzz
from .targets import PARSERS, undiscovered
from .whole import fuzz_whole

REPLIES = 20_000
PLANS = 400


def failures(result: Result) -> list[str]:
    return [f"{count} x {result.examples[kind]}" for kind, count in result.failures.most_common()]


def test_every_parser_of_the_router_family_is_fuzzed() -> None:
    assert undiscovered() == set()


def test_every_parser_reads_a_real_reply() -> None:
    """Otherwise its spoilt replies would all be of another form, and prove nothing."""
    unread = {parse.__name__ for _pattern, parse in PARSERS}
    for _command, reply, parsers in corpus():
        unread -= {parse.__name__ for parse in parsers if parse(reply) is not None}
    assert unread == set()


def test_spoilt_replies_are_read_rightly_or_refused(figures: list[str]) -> None:
    result = fuzz(REPLIES, seed=1)
    figures.append(f"{result.count} spoilt replies: {dict(result.outcomes)}, {result.failures.total()} failures")
    assert failures(result) == []
    assert min(result.outcomes["read"], result.outcomes["not of this form"]) > REPLIES / 10


def test_a_run_on_spoilt_replies_plans_or_stops_and_writes_nothing(figures: list[str]) -> None:
    result = fuzz_whole(PLANS, seed=1)
    figures.append(f"{result.count} readings with spoilt answers: {dict(result.outcomes)}")
    assert failures(result) == []
    assert min(result.outcomes["planned"], result.outcomes["refused"]) > PLANS / 20
