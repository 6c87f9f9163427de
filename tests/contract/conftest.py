# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the recordings are, and the table at the end of the run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from contract.documents import ROOT

TABLE = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def recordings() -> list[Path]:
    """What the integration tests recorded; ``make integration`` makes them."""
    folder = Path(os.environ.get("VOIPSEC_XAPI_RECORD") or ROOT / ".cache" / "xapi-record")
    found = sorted(folder.glob("*.jsonl"))
    if not found:
        pytest.fail(f"nothing is recorded in {folder}: run `make integration` first, then `make contract`")
    return found


@pytest.fixture
def table(request: pytest.FixtureRequest) -> list[str]:
    """Lines that are printed at the end of the run, whether or not output is captured."""
    return request.config.stash.setdefault(TABLE, [])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the table."""
    lines = config.stash.get(TABLE, [])
    if lines:
        terminalreporter.section("requests of our code, validated against 3CX's API documents")
        for line in lines:
            terminalreporter.write_line(line)
