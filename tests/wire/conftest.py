# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of the wire tests, and the table that it ends with."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from phones_support import PhoneStory
from phones_support import tell as tell_of_phones
from wire_support import Story, tell

from lab.net.needs import why_unavailable

TABLE = pytest.StashKey[list[str]]()
PHONES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session", autouse=True)
def _root() -> None:
    reason = why_unavailable()
    if reason and os.environ.get("VOIPSEC_NO_SKIPS") == "1":
        pytest.fail(f"VOIPSEC_NO_SKIPS is set. {reason}")
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def story(_root: None, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Story]:
    """The demo customer, attacked before, after the playbook, and after a power cut."""
    with tell(tmp_path_factory.mktemp("wire")) as told:
        pytestconfig.stash[TABLE] = told.table()
        yield told


@pytest.fixture(scope="session")
def phone_story(
    _root: None, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[PhoneStory]:
    """The demo customer's phones, attacked before and after the playbook."""
    with tell_of_phones(tmp_path_factory.mktemp("phones")) as told:
        pytestconfig.stash[PHONES] = told.table()
        yield told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was reached from where."""
    for title, key in (("on the wire", TABLE), ("phones on the wire", PHONES)):
        if key in config.stash:
            terminalreporter.section(title)
            for line in config.stash[key]:
                terminalreporter.write_line(line)
