# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The set of files is switched as a whole, where the served directory is a link to one of several sets."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink import directory as directory_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.switched import ABANDONED_AFTER

OTHER = "805ec0aabbdd"


@pytest.fixture
def served(task: Any) -> Path:
    """The link, as the role that makes the server leaves it."""
    first = task.directory.parent / "sets" / "first"
    first.mkdir(parents=True, mode=0o750)
    (first / "ca.crt").write_text("public")
    (first / "firmware").mkdir()
    (first / "firmware" / "t46u.rom").write_text("rom")
    task.directory.symlink_to("sets/first")
    link: Path = task.directory
    return link


def sets(served: Path) -> list[str]:
    return sorted(path.name for path in (served.parent / "sets").iterdir())


def test_the_link_leads_to_a_whole_new_set_and_the_old_one_is_gone(task: Any, phone: Any, served: Path) -> None:
    before = served.resolve()
    task.run(phone(), phone(OTHER, account={"number": "202"}))
    assert served.is_symlink()
    assert served.resolve() != before
    assert sets(served) == [served.resolve().name]
    assert served.resolve().stat().st_mode & 0o777 == 0o750
    assert sorted(path.name for path in served.iterdir()) == [
        "805ec0aabbcc.boot",
        "805ec0aabbcc.cfg",
        "805ec0aabbdd.boot",
        "805ec0aabbdd.cfg",
        "ca.crt",
        "firmware",
    ]
    assert (served / "firmware" / "t46u.rom").read_text() == "rom"


def test_what_stays_keeps_its_time_and_what_does_not_change_is_not_switched(
    task: Any, phone: Any, served: Path
) -> None:
    task.run(phone(), phone(OTHER, account={"number": "202"}))
    second = served.resolve()
    stays = (served / f"{OTHER}.cfg").stat()
    assert not task.run(phone(), phone(OTHER, account={"number": "202"})).changed
    assert served.resolve() == second
    task.run(phone(settings={"features.relog_offtime": 10}), phone(OTHER, account={"number": "202"}))
    assert served.resolve() != second
    again = (served / f"{OTHER}.cfg").stat()
    assert (again.st_ino, again.st_mtime_ns) == (stays.st_ino, stays.st_mtime_ns)


def test_a_phone_that_is_gone_is_not_in_the_new_set(task: Any, phone: Any, served: Path) -> None:
    task.run(phone(), phone(OTHER, account={"number": "202"}))
    task.run(phone())
    assert not (served / f"{OTHER}.cfg").exists()
    assert not list((served.parent / "sets").glob(f"*/{OTHER}.*"))


def test_a_reader_meets_the_old_or_the_new_set_and_never_a_mixture(
    task: Any, phone: Any, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at before and after every step that makes a name appear."""
    one, other = phone(), phone(OTHER, account={"number": "202"})
    task.run(one, other)
    seen = set()

    def look(*_names: Any) -> None:
        values = tuple("relog_offtime = 7" in (served / f"{mac}.cfg").read_text() for mac in ("805ec0aabbcc", OTHER))
        seen.add(values)

    replace = os.replace

    def watched(source: Any, target: Any) -> None:
        look()
        replace(source, target)
        look()

    monkeypatch.setattr(os, "replace", watched)
    task.run(one, other, settings={"features.relog_offtime": 7})
    assert seen == {(False, False), (True, True)}


def test_a_full_disk_leaves_the_served_set(
    task: Any, phone: Any, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task.run(phone())
    before, text = served.resolve(), (served / "805ec0aabbcc.cfg").read_text()

    def full(*_arguments: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(directory_module, "write_beside", full)
    with pytest.raises(HardeningError, match="No space left"):
        task.run(phone(settings={"features.relog_offtime": 7}))
    assert served.resolve() == before
    assert (served / "805ec0aabbcc.cfg").read_text() == text
    assert sets(served) == [before.name]


def test_what_a_killed_run_left_is_removed(task: Any, phone: Any, served: Path) -> None:
    abandoned = served.parent / "sets" / "set-0123456789abcdef"
    abandoned.mkdir()
    (abandoned / "805ec0aabbcc.cfg").write_text("passwords")
    old = abandoned.stat().st_mtime - ABANDONED_AFTER - 60
    os.utime(abandoned, (old, old))
    task.run(phone())
    assert sets(served) == [served.resolve().name]


def test_check_mode_switches_nothing(task: Any, phone: Any, served: Path) -> None:
    assert task.run(phone(), check=True).changed
    assert sets(served) == ["first"]


def test_a_link_to_anywhere_else_is_filled_in_place(task: Any, phone: Any) -> None:
    elsewhere = task.directory.parent / "data"
    elsewhere.mkdir()
    task.directory.symlink_to(elsewhere)
    task.run(phone())
    assert task.directory.resolve() == elsewhere
    assert (elsewhere / "805ec0aabbcc.cfg").exists()
