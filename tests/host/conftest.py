# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A booted Debian for the session, and the role run on it by ansible-playbook."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from host_support import Pbx

from lab.debian_host import DebianHost, why_unavailable


@pytest.fixture(scope="session")
def pbx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pbx]:
    """The PBX host, without anything on it at first."""
    reason = why_unavailable()
    if reason and os.environ.get("VOIPSEC_NO_SKIPS") == "1":
        pytest.fail(f"VOIPSEC_NO_SKIPS is set. {reason}")
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("pbx")
    with DebianHost(folder / "machine") as machine:
        yield Pbx(machine, folder)
