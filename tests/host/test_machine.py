# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's Debian itself: nothing of it stays on the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from host_support import Pbx, unavailable

from lab.debian_host.container import Container, control_groups, is_ours
from lab.debian_host.machine_apt import debootstrap_mirror
from lab.playbook import ROOT


def test_the_installed_debootstrap_says_which_mirror_it_uses() -> None:
    unavailable()
    assert debootstrap_mirror().startswith("http")


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line of the lab's host."""
    environment = {"PYTHONPATH": str(ROOT / "tests"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    run = [sys.executable, "-m", "lab.debian_host", *arguments]
    return subprocess.run(run, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """The folder of a second host, which is taken down however the test ends."""
    yield tmp_path / "state"
    command("down", "--state-dir", str(tmp_path / "state"))


def test_a_host_of_its_own_goes_up_is_replaced_and_goes_down_without_a_trace(pbx: Pbx, state: Path) -> None:
    name, ready = Container(state).name, state.with_name("ready.json")
    first = command("up", "--state-dir", str(state), "--ready-file", str(ready))
    assert first.returncode == 0, first.stderr
    before = json.loads(ready.read_text())["pid"]
    assert is_ours(before, name)
    assert pbx.inside.run("true").rc == 0, "two hosts run beside each other"

    again = command("up", "--state-dir", str(state), "--ready-file", str(ready))
    assert again.returncode == 0, again.stderr
    after = json.loads(ready.read_text())["pid"]
    assert not is_ours(before, name)
    assert is_ours(after, name)

    down = command("down", "--state-dir", str(state))
    assert down.returncode == 0, down.stderr
    assert not is_ours(after, name)
    assert not state.exists()
    assert not [group for group in control_groups(name) if group.exists()]
    assert pbx.inside.run("true").rc == 0


def test_what_a_killed_run_left_is_removed_by_the_next(pbx: Pbx, state: Path) -> None:
    name = Container(state).name
    assert command("up", "--state-dir", str(state)).returncode == 0
    (state / "host.json").write_text("{")
    assert command("down", "--state-dir", str(state)).returncode == 0
    assert not state.exists()
    assert not [path for path in Path("/proc").glob("[0-9]*") if is_ours(int(path.name), name)]
