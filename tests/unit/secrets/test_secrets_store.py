# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file on disk: private, encrypted, and whole whatever happens. With core's real vault."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.masking import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import store, verb
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.book import Book


class Vault:
    """A cipher with one secret, as a play has it."""

    def __init__(self, password: bytes = b"vault-password") -> None:
        self._vault = VaultLib([("default", VaultSecret(password))])

    def encrypt(self, plaintext: bytes) -> bytes:
        return bytes(self._vault.encrypt(plaintext))

    def decrypt(self, vaulttext: bytes) -> bytes:
        return bytes(self._vault.decrypt(vaulttext))


def run(path: Path, *, check_mode: bool = False, **options: Any) -> Any:
    given = {
        "path": str(path),
        "extensions": [{"number": "201"}, {"number": "202"}],
        "password_length": 20,
        "pin_length": 6,
        "generation": 1,
        "rotate": [],
        "confirm": [],
        "remove_orphaned": False,
        **options,
    }
    return verb.run(given, RunContext(check_mode, Masker(), pytest.fail, cipher=Vault()))


def book(path: Path) -> Book:
    loaded = store.load(str(path), Vault())
    assert loaded is not None
    return loaded


def test_first_second_and_rotating_run(tmp_path: Path) -> None:
    path = tmp_path / "customer" / "credentials.vault.yml"
    assert run(path).result["created"] == ["201", "202"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert content.startswith(store.VAULT_HEADER)
    assert not run(path).changed
    assert path.read_bytes() == content, "encryption is salted, so equal content must not be written again"
    assert run(path, generation=2).result["rotated"] == ["201", "202"]
    assert run(path, generation=2).result["unconfirmed"] == ["201", "202"]
    assert run(path, generation=2, confirm=["all"]).result["confirmed"] == ["201", "202"]
    assert not run(path, generation=2).changed


def test_check_mode_leaves_no_trace(tmp_path: Path) -> None:
    assert run(tmp_path / "new" / "file", check_mode=True).changed
    assert list(tmp_path.iterdir()) == []


def test_no_value_stands_in_result_or_diff(tmp_path: Path) -> None:
    path = tmp_path / "file"
    outcomes = [run(path), run(path, rotate=["201"]), run(path, confirm=["201"])]
    shown = str([(outcome.result, outcome.diff) for outcome in outcomes])
    for entry in book(path).extensions.values():
        assert not [value for value in vars(entry.current).values() if value.reveal() in shown]


def test_a_file_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(path)
    path.chmod(0o644)
    outcome = run(path)
    assert outcome.changed
    assert outcome.result["mode_corrected"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real" / "file", tmp_path / "file"
    target.parent.mkdir()
    link.symlink_to(target)
    run(link)
    assert link.is_symlink()
    assert target.read_bytes().startswith(store.VAULT_HEADER)


def test_a_plain_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("password: hunter2hunter2")
    with pytest.raises(HardeningError, match="is not encrypted with ansible-vault") as error:
        run(path)
    assert "hunter2" not in str(error.value)
    assert path.read_text() == "password: hunter2hunter2"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"password_length": 8}, "password_length: 8 is not 16 to 50"),
        ({"password_length": 64}, "password_length: 64 is not 16 to 50"),
        ({"pin_length": 4}, "pin_length: 4 is not 6 to 10 digits"),
        ({"rotate": ["999"]}, "rotate: '999' is not a declared extension"),
        ({"confirm": ["all", "201"]}, "confirm: 'all' is not a declared extension"),
        ({"extensions": [{"number": "2a1"}]}, r"extensions\[0\].number: '2a1' is not digits"),
        ({"extensions": [{"number": "201"}] * 2}, r"extensions\[1\].number: '201' stands there twice"),
        ({"generation": 0}, "generation: 0 is not a number from 1 up"),
    ],
)
def test_bad_options_are_named_and_nothing_is_written(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(HardeningError, match=message):
        run(tmp_path / "file", **options)
    assert list(tmp_path.iterdir()) == []


def _die_at(path: Path, call: str, count: int) -> None:
    """In a child: rotate, and be killed at the count-th use of one system call, before or after it took effect."""
    seen = 0
    original = getattr(os, call)

    def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == count:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **options)
        if seen == count - 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(os, call, counted)
    run(path, rotate=["all"])


@pytest.mark.parametrize("call", ["fchmod", "fsync", "replace", "open", "listdir", "close"])
def test_killed_at_any_point_the_old_or_the_new_file_is_whole(tmp_path: Path, call: str) -> None:
    path = tmp_path / "file"
    context = multiprocessing.get_context("fork")
    killed = 0
    for count in range(1, 6):
        run(path)
        before = book(path)
        child = context.Process(target=_die_at, args=(path, call, count))
        child.start()
        child.join(30)
        killed += child.exitcode == -signal.SIGKILL
        after = book(path)
        generations = {number: entry.generation for number, entry in before.extensions.items()}
        reached = {number: entry.generation for number, entry in after.extensions.items()}
        assert reached in (generations, {number: value + 1 for number, value in generations.items()})
        assert after.provisioning_password == before.provisioning_password
    assert killed, "no run was killed: the test tests nothing"
    run(path, rotate=["all"])
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "file.lock"], (
        "leftovers of killed runs are removed"
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A full disk: a tiny file system of its own where that is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_file_whole(small_disk: Path) -> None:
    path = small_disk / "file"
    run(path)
    before = path.read_bytes()
    (small_disk / "filler").write_bytes(b"x" * 4096)
    numbers = [{"number": str(number)} for number in range(201, 261)]
    with pytest.raises(HardeningError, match="the disk is full. The file that was there before is untouched"):
        run(path, extensions=numbers)
    assert path.read_bytes() == before
    assert sorted(each.name for each in small_disk.iterdir()) == ["file", "file.lock", "filler"]


def _rotate_often(path: Path) -> None:
    for _ in range(5):
        run(path, rotate=["201"])


def test_two_runs_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(path)
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_rotate_often, args=(path,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert book(path).extensions["201"].generation == 1 + 3 * 5


def test_a_lock_that_is_held_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    monkeypatch.setattr(store, "LOCK_WAIT", 0.0)
    with store.locked(str(path)), pytest.raises(HardeningError, match="another run has held .*file.lock"):
        run(path)


def test_devices_are_told_which_role_makes_the_file(tmp_path: Path) -> None:
    with pytest.raises(HardeningError, match="the role voipsec.hardening.credentials makes it"):
        store.load_for_devices(str(tmp_path / "none"), Vault())


def test_without_passlib_the_remedy_is_named() -> None:
    code = (
        "import sys; sys.modules['passlib'] = None\n"
        "from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import generate\n"
        "generate.random_word(8, 'ab')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
    )
    assert "the Python package libpass" in done.stderr
