# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of these tests stand at the end of the run, also with ``-q``."""

from __future__ import annotations

import pytest
from _pytest.terminal import TerminalReporter

FIGURES: list[str] = []


@pytest.fixture(scope="session")
def figures() -> list[str]:
    """Lines for the end of the run."""
    return FIGURES


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    for line in FIGURES:
        terminalreporter.write_line(f"fuzz: {line}")
