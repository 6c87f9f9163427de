# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures that tests report are printed at the end of the run, also with ``-q`` and with pytest-xdist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

FIGURE = "figure"
_figures: list[str] = []


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Lines for the end of the run."""
    lines: list[str] = []
    yield lines
    # Reports take these from a worker of pytest-xdist to the process that prints.
    request.node.user_properties += [(FIGURE, line) for line in lines]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the figures of a test that has ended."""
    if report.when == "teardown":
        folder = report.nodeid.split("/")[1]
        _figures.extend(f"{folder}: {line}" for name, line in report.user_properties if name == FIGURE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print them."""
    for line in _figures:
        terminalreporter.write_line(line)
