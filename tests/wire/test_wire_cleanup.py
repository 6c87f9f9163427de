# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab made is gone when it ends, however it ends."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lab.customer import DEMO, load_declaration
from lab.net.namespaces import NamespaceError
from lab.net.site import PBX, ROUTER, SiteNetwork
from lab.net.topology import topology


def network(folder: Path) -> SiteNetwork:
    return SiteNetwork(topology(load_declaration(DEMO)), folder)


def running(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_after_a_failure_inside(tmp_path: Path) -> None:
    lab = network(tmp_path)
    pids: list[int] = []

    def fail() -> None:
        with lab:
            pids.extend([*lab.spaces.pids(PBX), *lab.spaces.pids(ROUTER)])
            assert lab.spaces.prefix in lab.spaces.list_all()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert len(pids) > 2
    assert running(pids) == []
    assert lab.spaces.prefix not in lab.spaces.list_all()


def test_after_a_failure_half_way_up(tmp_path: Path) -> None:
    lab = SiteNetwork(dataclasses.replace(topology(load_declaration(DEMO)), pbx6="none"), tmp_path)
    with pytest.raises(NamespaceError, match="prefix is expected"), lab:
        pass
    assert lab.spaces.prefix not in lab.spaces.list_all()


def test_a_program_that_will_not_go(tmp_path: Path) -> None:
    with network(tmp_path) as lab:
        lab.spaces.patience = 0.2
        stubborn = lab.spaces.start(PBX, "sh", "-c", "trap '' TERM; while :; do sleep 60; done")
    assert stubborn.wait(5) != 0
    assert lab.spaces.prefix not in lab.spaces.list_all()
