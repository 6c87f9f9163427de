# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A booted Debian for the session, and the role run on it by ansible-playbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from host_support import Pbx, unavailable
from xdist.scheduler import LoadFileScheduling

from lab.debian_host import DebianHost

LONGEST_FIRST = ("test_pbx_host.py", "test_antivirus.py", "test_provisioning.py", "test_antivirus_products.py")
"""So that no worker of pytest-xdist is left with a long file at the end."""


class ByMachine(LoadFileScheduling):
    """A file's tests stay together, as they share a machine; those of test_antivirus.py have one for each release."""

    def _split_scope(self, nodeid: str) -> str:
        release = re.search(r"\[.*(bookworm|trixie)", nodeid) if "/test_antivirus.py" in nodeid else None
        return f"{super()._split_scope(nodeid)}{release[1] if release else ''}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByMachine:
    """With ``-n 2``."""
    return ByMachine(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only the order of files changes."""
    items.sort(key=lambda item: LONGEST_FIRST.index(item.path.name) if item.path.name in LONGEST_FIRST else 9)


@pytest.fixture(scope="session")
def pbx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pbx]:
    """The PBX host, without anything on it at first."""
    unavailable()
    folder = tmp_path_factory.mktemp("pbx")
    with DebianHost(folder / "machine") as machine:
        yield Pbx(machine, folder)
