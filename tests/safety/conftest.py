# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same generated cases in every run."""

from __future__ import annotations

import pytest
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants


@pytest.fixture(autouse=True, scope="session")
def _cases_of_their_own() -> None:
    """Hypothesis tries numbers that stand in the project's own modules, so that a change of any of them, however far
    away, would make other cases of these derandomised tests. Their cases depend on themselves alone."""
    providers._get_local_constants = lambda: NOTHING_LOCAL


NOTHING_LOCAL = Constants()
