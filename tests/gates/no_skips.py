# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pytest plugin for CI, where everything is installed: a skipped test, or none at all, fails the session.

The Makefile loads it (-p gates.no_skips) when VOIPSEC_NO_SKIPS=1.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

FORBIDDEN = "skipped tests are forbidden here (VOIPSEC_NO_SKIPS=1)"
_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test, or its fixture, skipped itself."""
    # An expected failure (xfail) is reported as skipped too, but it ran.
    if report.skipped and not hasattr(report, "wasxfail"):
        where = report.longrepr
        reason = where[2] if isinstance(where, tuple) else str(where)
        _skipped.append(f"{report.nodeid}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole file skips itself (importorskip): an error, as only the process that collects sees it."""
    report = yield
    if report.skipped:
        where = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid}: {where[2] if isinstance(where, tuple) else where}. {FORBIDDEN}"
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a good session with skips into a failed one."""
    if _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was skipped."""
    if _skipped:
        terminalreporter.section(FORBIDDEN, red=True)
        for line in _skipped:
            terminalreporter.write_line(line)
