# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For every test: how pytest-xdist spreads them over the cores, and figures that are printed at the end of the run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

# Both go by the clock on the wall, so they fail where the machine has other things to do.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

SLOWEST_FIRST = (
    *("test_pbx_host.py", "test_antivirus.py", "test_provisioning.py", "test_antivirus_products.py"),
    *("test_rotation.py", "test_yeastar_site.py", "test_site_from_empty.py", "test_draytek_transaction.py"),
    *("test_phones_of_the_pbx.py", "test_sip_probe.py", "test_site.py", "test_audit_phones.py", "test_credentials.py"),
    *("test_prefixes.py", "test_same_content.py", "test_wrong_orders.py"),
)
"""So that no core is left with a slow file at the end."""
SPLIT = {
    "test_antivirus.py": re.compile(r"\[(bookworm|trixie)"),
    "test_rotation.py": re.compile(r"\[((?:threecx|yeastar_[a-z]+)(?:-[\d.]+)?)"),
    "test_yeastar_site.py": re.compile(r"\[(yeastar_[a-z]+)"),
}
"""Files whose tests share something for each value of a parameter, not for the whole file."""
FIGURE = "figure"
_figures: list[str] = []


class ByFile(LoadFileScheduling):
    """A file's tests stay in one process, as they share what is slow to make."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        shared = SPLIT.get(file.rpartition("/")[2])
        found = shared.search(nodeid) if shared else None
        return f"{file} {found[1]}" if found else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """In place of pytest-xdist's own for ``--dist loadfile``."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest files first; the tests of a file keep their order."""
    places = {name: place for place, name in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


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
