# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the provisioning server's log says, and that nothing else in it says anything."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.access_log import (
    Fetch,
    parse_line,
    read,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.sync_log import PIECE, LogReader

MAC, OTHER = "805ec0aabbcc", "805ec0aabbdd"
AGENT = "Yealink SIP-T46U 108.86.0.118 80:5e:c0:aa:bb:cc"


def line(mac: str = MAC, time: Any = 100.5, **changes: Any) -> bytes:
    entry = {"time": time, "method": "GET", "path": f"/phones/{mac}.cfg", "status": 200, "bytes": 7}
    return json.dumps({**entry, **changes}).encode() + b"\n"


def test_a_fetch_is_read() -> None:
    assert parse_line(line()) == Fetch(MAC, 100.5)
    assert parse_line(line(time=100, path=f"{MAC}.cfg").strip()) == Fetch(MAC, 100.0)


@pytest.mark.parametrize(
    "other",
    [
        line(status=401),
        line(status=206),
        line(status="200"),
        line(status=True),
        line(method="HEAD"),
        line(method="PUT"),
        line(path=f"/{MAC}.cfg/"),
        line(path=f"/{MAC}.cfg\n"),
        line(path=f"/{MAC}.boot"),
        line(path=f"/{MAC}-local.cfg"),
        line(path=f"/{MAC.upper()}.cfg"),
        line(path="/y000000000028.cfgs"),
        line(path=f"/x{MAC}.cfg"),
        line(path=None),
        line(path=[f"{MAC}.cfg"]),
        line(time="100"),
        line(time=None),
        line(time=False),
        line(time=float("nan")),
        line(time=float("inf")),
        line(time=10**400),
        line()[:-3],
        b"[" * 9000 + b".cfg",
        b'"' + line() + b'"',
        json.dumps([json.loads(line())]).encode(),
        line(agent="x" * 20000),
        line(user_agent=f"{AGENT} voipsec-audit"),
        b".cfg\xff\x00",
        b"",
    ],
)
def test_every_other_line_is_passed_over(other: bytes) -> None:
    assert parse_line(other) is None


@given(st.binary(max_size=300), st.integers(0, 120), st.binary(max_size=20))
def test_hostile_bytes_raise_nothing_and_do_not_hide_a_whole_line(noise: bytes, cut: int, inserted: bytes) -> None:
    damaged = line()[:cut] + inserted + line()[cut:]
    parse_line(noise)
    parse_line(damaged)
    assert read(noise + b"\n" + line(OTHER) + damaged)[OTHER] == 100.5


@pytest.mark.parametrize("agent", [AGENT, "", None, 7, ["voipsec-audit"], {"voipsec-audit": 1}])
def test_every_other_agent_is_a_phones(agent: Any) -> None:
    assert parse_line(line(user_agent=agent)) == Fetch(MAC, 100.5)


def test_the_last_fetch_counts() -> None:
    audited = line(time=10, user_agent=f"{AGENT} voipsec-audit")
    assert read(line(time=5, user_agent=AGENT) + audited) == {MAC: 5.0}
    assert read(line(time=5) + line(time=9) + line(time=7) + line(OTHER, time=1)) == {MAC: 9.0, OTHER: 1.0}


def test_only_what_is_new_is_read_again(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    reader = LogReader(str(log))
    assert reader.look() == {}
    assert not reader.found
    log.write_bytes(line(time=1) + line(OTHER, time=2)[:20])
    assert reader.look() == {MAC: 1.0}, "the second line is still being written"
    with log.open("ab") as handle:
        handle.write(line(OTHER, time=2)[20:-1])
    assert reader.look() == {MAC: 1.0, OTHER: 2.0}, "its end is missing, but it is whole"
    with log.open("r+b") as handle:  # what was read is not read again
        handle.write(b"x" * len(line(time=1)[:-1]))
    with log.open("ab") as handle:
        handle.write(b"\n" + line(time=3))
    assert reader.look() == {MAC: 3.0, OTHER: 2.0}
    assert reader.found


def test_the_log_before_is_read_and_read_on(tmp_path: Path) -> None:
    log, before = tmp_path / "access.log", tmp_path / "access.log.1"
    before.write_bytes(line(time=1))
    reader = LogReader(str(log))
    assert reader.look() == {MAC: 1.0}
    log.write_bytes(line(time=2))
    assert reader.look() == {MAC: 2.0}
    log.rename(before)
    with before.open("ab") as handle:  # the server has not opened its new log yet
        handle.write(line(time=3))
    assert reader.look() == {MAC: 3.0}
    log.write_bytes(b"")
    with before.open("ab") as handle:
        handle.write(line(time=4))
    assert reader.look() == {MAC: 4.0}
    with log.open("ab") as handle:
        handle.write(line(time=5))
    assert reader.look() == {MAC: 5.0}


def test_a_log_that_is_copied_and_emptied_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(line(time=1) * 3)
    reader = LogReader(str(log))
    reader.look()
    os.truncate(log, 0)
    with log.open("ab") as handle:
        handle.write(line(OTHER, time=2))
    assert reader.look() == {MAC: 1.0, OTHER: 2.0}


def test_a_line_without_end_is_not_kept_and_its_rest_is_no_line(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(b"x" * (3 * PIECE) + line(time=9) + line(OTHER, time=2) + b"y" * (PIECE + 5))
    reader = LogReader(str(log))
    assert reader.look() == {OTHER: 2.0}
    with log.open("ab") as handle:
        handle.write(line(time=9) + line(time=3))
    assert reader.look() == {OTHER: 2.0, MAC: 3.0}


def test_a_log_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(HardeningError, match="access_log: .*none/log is not there, and neither is .*none"):
        LogReader(str(tmp_path / "none" / "log")).look()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(HardeningError, match="access_log: .*pipe is not an ordinary file"):
        LogReader(str(tmp_path / "pipe")).look()
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(HardeningError, match="access_log: .*loop cannot be read: Too many levels of symbolic links"):
        LogReader(str(tmp_path / "loop")).look()
