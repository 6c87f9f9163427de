# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run may end after any command: the line breaks, the router restarts, somebody presses Ctrl-C."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from . import states
from .checks import Tally, check, check_taken_out

CASES = 300
ENOUGH = 20_000
TALLY = Tally()
kills = st.lists(st.integers(0, 9999), min_size=2, max_size=2)


@settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(states.starts(), states.declarations(), kills)
def test_after_every_command_the_router_is_safe(
    start: states.Start, declared: states.Declared, choices: list[int]
) -> None:
    """Rules a to g of checks.Case: from every start, after every command, however the run ends."""
    assert not [str(violation) for violation in check(start, declared, choices, TALLY)]


def test_so_many_states_were_looked_at(figures: list[str]) -> None:
    """Runs after the test above, on its figures; many cases that refuse, or have nothing to do, would prove little."""
    figures.append(
        f"{TALLY.looks} states after a command, {len(TALLY.seen)} of them different, in {TALLY.cases} cases: "
        f"{TALLY.runs} runs, {TALLY.undone} taken back, {TALLY.restarts} restarts; {TALLY.refused} refused, "
        f"{TALLY.idle} with nothing to do, {TALLY.given_up} given up at the read-back"
    )
    assert TALLY.looks >= ENOUGH
    assert TALLY.refused + TALLY.idle < TALLY.cases / 3


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(states.starts(runs=0), states.declarations())
def test_taken_out_again_the_router_lets_in_whom_it_did_before(start: states.Start, declared: states.Declared) -> None:
    assert not [str(violation) for violation in check_taken_out(start, declared, TALLY)]
