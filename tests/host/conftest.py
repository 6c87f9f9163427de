# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A booted Debian for the session, and the role run on it by ansible-playbook."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from host_support import Pbx, unavailable

from lab.debian_host import DebianHost


@pytest.fixture(scope="session")
def pbx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pbx]:
    """The PBX host, without anything on it at first."""
    unavailable()
    folder = tmp_path_factory.mktemp("pbx")
    with DebianHost(folder / "machine") as machine:
        yield Pbx(machine, folder)
