# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated devices for the tests of the modules."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from draytek_support import PASSWORD, Bench
from threecx_support import MANAGEMENT
from threecx_support import Bench as PhoneSystemBench
from yeastar_support import Bench as YeastarBench

from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import client
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import token_client
from lab.drayos import SimulatedVigor
from lab.drayos.fixtures import lived_in_state
from lab.xapi import SimulatedPbx
from lab.yeastar import SimulatedPSeries
from lab.yeastar.s_series import SimulatedSSeries


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Makes routers of a profile, used for years by others if nothing else is said; ended after the test."""
    routers: list[SimulatedVigor] = []

    def make(profile: str = "vigor2927", state: Any = lived_in_state, **options: Any) -> Bench:
        router = SimulatedVigor(profile, password=PASSWORD, state=state(profile), **options).start()
        routers.append(router)
        known_hosts = tmp_path / f"known_hosts_{len(routers)}"
        known_hosts.write_text(router.known_hosts_line + "\n")
        return Bench(router, known_hosts)

    yield make
    for router in routers:
        router.stop()


@pytest.fixture
def phone_system(tmp_path: Path) -> Iterator[Callable[..., PhoneSystemBench]]:
    """Makes simulated 3CX of a release; ended after the test."""
    with contextlib.ExitStack() as stack:

        def make(release: str = "20.0.10", **options: Any) -> PhoneSystemBench:
            pbx = stack.enter_context(SimulatedPbx(release, folder=tmp_path / f"pbx-{release}", **options))
            pbx.caller_address = MANAGEMENT
            return PhoneSystemBench(pbx)

        yield make


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that do not wait before they try again."""
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(token_client, "PAUSES", (0.0, 0.0))


@pytest.fixture
def yeastar(tmp_path: Path) -> Iterator[Callable[..., YeastarBench]]:
    """Makes simulated Yeastars: of a P-Series firmware, or an S-Series; ended after the test."""
    with contextlib.ExitStack() as stack:

        def make(firmware: str = "37.23.0.123", **options: Any) -> YeastarBench:
            kind = SimulatedSSeries if firmware == "s" or firmware.startswith("30.") else SimulatedPSeries
            version = {} if firmware == "s" else {"firmware": firmware}
            return YeastarBench(stack.enter_context(kind(folder=tmp_path / f"pbx-{firmware}", **version, **options)))

        yield make
