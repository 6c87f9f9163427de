# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders of commands that are wrong on purpose: the rules of test_prefixes notice every one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

from . import states
from .checks import MUTATIONS, Mutation, Tally, check

kills = st.lists(st.integers(0, 9999), min_size=2, max_size=2)


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=MUTATIONS.keys())
def test_a_wrong_order_is_caught(mutation: Mutation) -> None:
    """The rules themselves can fail: a plan spoilt on purpose breaks one of them from some start."""

    def broken(case: tuple[states.Start, states.Declared, Sequence[int]]) -> bool:
        return bool(check(*case, Tally(), mutation)) and not check(*case, Tally())

    find(
        st.tuples(states.starts(), states.declarations(), kills),
        broken,
        settings=settings(
            max_examples=300,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
