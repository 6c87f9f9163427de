# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of these tests stand at the end of the run, also with ``-q``."""

from __future__ import annotations

import pytest
from _pytest.terminal import TerminalReporter
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

FIGURES: list[str] = []


@pytest.fixture(scope="session")
def figures() -> list[str]:
    """Lines for the end of the run."""
    return FIGURES


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    for line in FIGURES:
        terminalreporter.write_line(f"safety: {line}")


@pytest.fixture(autouse=True, scope="session")
def _cases_of_their_own() -> None:
    """Hypothesis tries numbers that stand in the project's own modules, so that a change of any of them, however far
    away, would make other cases of these derandomised tests. Their cases depend on themselves alone."""
    providers._get_local_constants = lambda: NOTHING_LOCAL


NOTHING_LOCAL = Constants()
