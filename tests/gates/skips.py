# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pytest plugin: nobody overlooks a skipped test.

VOIPSEC_SKIPS names a file that gets the reason of each, a line for a test; gates.stages reads it. Where everything is
installed, as in CI, VOIPSEC_NO_SKIPS=1 forbids them: a skipped test, or none at all, fails the session.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

FORBIDDEN = "skipped tests are forbidden here (VOIPSEC_NO_SKIPS=1)"
_skipped: list[tuple[str, str]] = []
"""Test and reason."""


def _forbidden() -> bool:
    return os.environ.get("VOIPSEC_NO_SKIPS") == "1"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test, or its fixture, skipped itself."""
    # An expected failure (xfail) is reported as skipped too, but it ran.
    if report.skipped and not hasattr(report, "wasxfail"):
        where = report.longrepr
        reason = where[2] if isinstance(where, tuple) else str(where)
        _skipped.append((report.nodeid, reason.removeprefix("Skipped: ")))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole file skips itself (importorskip): an error, as only the process that collects sees it."""
    report = yield
    if report.skipped and _forbidden():
        where = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid}: {where[2] if isinstance(where, tuple) else where}. {FORBIDDEN}"
    return report


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """The same where that is allowed."""
    if report.skipped:
        where = report.longrepr
        reason = where[2] if isinstance(where, tuple) else str(where)
        _skipped.append((report.nodeid, reason.removeprefix("Skipped: ")))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the reasons down, or turn a good session with skips into a failed one."""
    # With pytest-xdist only the process that the user started knows of every test.
    if hasattr(session.config, "workerinput"):
        return
    if path := os.environ.get("VOIPSEC_SKIPS"):
        with Path(path).open("a") as file:
            file.writelines(f"{' '.join(reason.split())}\n" for _test, reason in _skipped)
    if _skipped and _forbidden() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was skipped."""
    if _skipped and _forbidden():
        terminalreporter.section(FORBIDDEN, red=True)
        for test, reason in _skipped:
            terminalreporter.write_line(f"{test}: {reason}")
