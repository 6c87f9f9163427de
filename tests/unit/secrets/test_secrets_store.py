# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file on disk: private, encrypted, and whole whatever happens. With core's real vault."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils import files
from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import credentials_core, vault_file
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import CredentialStore


class Vault:
    """A cipher with one secret, as a play has it."""

    def __init__(self, password: bytes = b"vault-password") -> None:
        self._vault = VaultLib([("default", VaultSecret(password))])

    def encrypt(self, plaintext: bytes) -> bytes:
        return bytes(self._vault.encrypt(plaintext))

    def decrypt(self, vaulttext: bytes) -> bytes:
        try:
            return bytes(self._vault.decrypt(vaulttext))
        except AnsibleError as error:
            raise HardeningError("cannot be decrypted") from error


def run(
    path: Path,
    *,
    check_mode: bool = False,
    warn: Callable[[str], None] = pytest.fail,
    masker: Masker | None = None,
    **options: Any,
) -> Any:
    given = {
        "path": str(path),
        "extensions": [{"number": "201"}, {"number": "202"}],
        "password_length": 20,
        "pin_length": 6,
        "generation": 1,
        "rotate": [],
        "confirm": [],
        "revert": [],
        "remove_orphaned": False,
        **options,
    }
    return credentials_core.run(given, RunContext(check_mode, masker or Masker(), warn, cipher=Vault()))


def book(path: Path) -> CredentialStore:
    loaded = vault_file.load(str(path), Vault())
    assert loaded is not None
    return loaded


def test_first_second_and_rotating_run(tmp_path: Path) -> None:
    path = tmp_path / "customer" / "credentials.vault.txt"
    assert run(path).result["created"] == ["201", "202"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert content.startswith(vault_file.VAULT_HEADER)
    assert not run(path).changed
    assert path.read_bytes() == content, "encryption is salted, so equal content must not be written again"
    assert run(path, generation=2).result["rotated"] == ["201", "202"]
    assert run(path, generation=2).result["unconfirmed"] == ["201", "202"]
    assert run(path, generation=2, confirm=["all"]).result["confirmed"] == ["201", "202"]
    assert not run(path, generation=2).changed


def test_check_mode_leaves_no_trace(tmp_path: Path) -> None:
    assert run(tmp_path / "new" / "file", check_mode=True).changed
    assert list(tmp_path.iterdir()) == []


def test_check_mode_of_a_rotation_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(path)
    path.chmod(0o640)
    before = path.read_bytes(), path.stat()
    outcome = run(path, check_mode=True, rotate=["all"])
    assert outcome.result["rotated"] == ["201", "202"]
    assert (path.read_bytes(), path.stat()) == before


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
    assert (outcome.diff[0]["before"], outcome.diff[0]["after"]) == ("mode: 0644\n", "mode: 0600\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def values(path: Path) -> set[str]:
    """Every credential in the file, found without the collection's help."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for item in value.values():
                yield from texts(item)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)
        elif isinstance(value, str):
            yield value

    return set(texts(json.loads(Vault().decrypt(path.read_bytes()))))


def test_the_masker_knows_what_was_and_what_is_in_the_file(tmp_path: Path) -> None:
    """The second net, should a later failure of the task quote something."""
    path = tmp_path / "file"
    run(path)
    run(path, rotate=["201"])
    run(path, rotate=["201"])  # now one generation is current, one previous, one between
    masker, before = Masker(), values(path)
    run(path, masker=masker, extensions=[{"number": "203"}], remove_orphaned=True)
    known = {value for value in before | values(path) if len(value) >= 8}
    assert len(known) > 3 * 5 + 5 + 5  # three generations of one extension, one of another, and of the new one
    assert not [value for value in known if value in masker.text(f"Traceback: {value}")]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real" / "file", tmp_path / "file"
    target.parent.mkdir()
    link.symlink_to(target)
    run(link)
    assert link.is_symlink()
    assert target.read_bytes().startswith(vault_file.VAULT_HEADER)


def test_a_plain_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("password: hunter2hunter2")
    with pytest.raises(HardeningError, match="is not encrypted with ansible-vault") as error:
        run(path)
    assert "hunter2" not in str(error.value)
    assert path.read_text() == "password: hunter2hunter2"


def test_weak_values_from_elsewhere_are_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(path)
    content = json.loads(Vault().decrypt(path.read_bytes()))
    content["extensions"]["202"]["current"]["voicemail_pin"] = "202202"
    path.write_bytes(Vault().encrypt(json.dumps(content).encode()))
    warnings: list[str] = []
    outcome = run(path, warn=warnings.append)
    assert (outcome.changed, outcome.result["weak"]) == (False, ["202"])
    assert "202. Rotate them." in warnings[0]
    assert "202202" not in warnings[0]
    assert run(path, rotate=["202"]).result["weak"] == []


@pytest.mark.parametrize("damage", ["half", "one character", "header only", "nothing"])
def test_a_damaged_file_is_named_and_left(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "file"
    run(path)
    content = path.read_bytes()
    middle = len(content) // 2
    damaged = {
        "half": content[:middle],
        "one character": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "header only": content.splitlines()[0],
        "nothing": b"",
    }[damage]
    path.write_bytes(damaged)
    with pytest.raises(HardeningError, match=str(path)):
        run(path, rotate=["all"])
    assert path.read_bytes() == damaged


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"password_length": 8}, "password_length: 8 is not 16 to 50"),
        ({"password_length": 64}, "password_length: 64 is not 16 to 50"),
        ({"pin_length": 4}, "pin_length: 4 is not 6 to 10 digits"),
        ({"rotate": ["999"]}, "rotate: '999' is not a declared extension"),
        ({"confirm": ["all", "201"]}, "confirm: 'all' is not a declared extension"),
        ({"extensions": [{"number": "2a1"}]}, r"extensions\[0\].number: '2a1' is not digits"),
        ({"extensions": [{"number": "201"}] * 2}, r"extensions\[1\].number: '201' is listed twice"),
        ({"extensions": [{"number": "٢٠١"}]}, r"extensions\[0\].number: '٢٠١' is not digits"),
        (
            {"extensions": [{"number": "201", "generation": 0}]},
            r"extensions\[0\].generation: 0 is not a whole number from 1",
        ),
        ({"generation": 0}, "generation: 0 is not a whole number from 1 up"),
    ],
)
def test_bad_options_are_named_and_nothing_is_written(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(HardeningError, match=message):
        run(tmp_path / "file", **options)
    assert list(tmp_path.iterdir()) == []


STEPS = {files.__file__, vault_file.__file__}
"""The code that touches the disk: every one of its lines makes one system call at most."""


def _die_at(path: Path, step: int, counted: Any) -> None:
    """In a child: rotate, and be killed before the step-th line that is run of STEPS; count the lines."""

    def tracer(frame: Any, event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename not in STEPS:
            return None
        if event == "line":
            counted.value += 1
            if counted.value == step:
                os.kill(os.getpid(), signal.SIGKILL)
        return tracer

    sys.settrace(tracer)
    run(path, rotate=["all"])


def _in_child(target: Callable[..., None], *arguments: Any) -> int | None:
    """How the child ended: 0, or the signal that killed it as a negative number."""
    child = multiprocessing.get_context("fork").Process(target=target, args=arguments)
    child.start()
    child.join(60)
    return child.exitcode


@pytest.mark.parametrize("there_before", [True, False])
def test_killed_at_any_step_the_old_or_the_new_file_is_whole(tmp_path: Path, there_before: bool) -> None:
    path = tmp_path / "file"
    seen: set[bytes | str | None] = set()
    for step in range(1, 1000):
        path.unlink(missing_ok=True)
        if there_before:
            run(path)
        old = path.read_bytes() if there_before else None
        generation = 2 if there_before else 1
        exitcode = _in_child(_die_at, path, step, multiprocessing.get_context("fork").Value("i", 0))
        now = path.read_bytes() if path.exists() else None
        if now == old:
            seen.add("old")
        else:
            assert {entry.generation for entry in book(path).extensions.values()} == {generation}
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            seen.add("new")
        for each in tmp_path.iterdir():
            assert stat.S_IMODE(each.stat().st_mode) == 0o600
            assert each.name in ("file", ".file.lock") or b"password" not in each.read_bytes()
        if exitcode == 0:
            break
        assert exitcode == -signal.SIGKILL
        run(path)
        assert sorted(each.name for each in tmp_path.iterdir()) == [".file.lock", "file"], "what it left is removed"
    assert exitcode == 0
    assert step > 30, "hardly any step was tried: the test tests nothing"
    assert seen == {"old", "new"}


def _write_at_most(path: Path, size: int, deadly: bool) -> None:
    """In a child: rotate while no file may grow beyond a size; the write that does ends half way."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if deadly else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    if deadly:
        run(path, rotate=["all"])
    else:
        with pytest.raises(HardeningError, match="was not written: File too large. The file that was there before"):
            run(path, rotate=["all"])


@pytest.mark.parametrize("deadly", [True, False])
def test_a_write_that_ends_half_way_leaves_the_old_file(tmp_path: Path, deadly: bool) -> None:
    path = tmp_path / "file"
    run(path)
    before = path.read_bytes()
    for size in (0, 1, 100, len(before) // 2, len(before)):
        assert _in_child(_write_at_most, path, size, deadly) == (-signal.SIGXFSZ if deadly else 0)
        assert path.read_bytes() == before
    assert not run(path).changed
    assert sorted(each.name for each in tmp_path.iterdir()) == [".file.lock", "file"]


def _in_a_folder_of_others(path: Path) -> None:
    """In a child: rotate where the folder is read-only, as nobody if this is root."""
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
        os.chown(path.with_name(f".{path.name}.lock"), 65534, 65534)
        os.setuid(65534)
    with pytest.raises(HardeningError, match="was not written: Permission denied. The file that was there before"):
        run(path, rotate=["all"])


def test_a_folder_that_may_not_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(path)
    before = path.read_bytes()
    modes = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in (tmp_path, *tmp_path.parents)}
    # pytest keeps its folders from other users
    folders = {folder: mode for folder, mode in modes.items() if folder == tmp_path or mode & 0o005 != 0o005}
    try:
        for folder in folders:
            folder.chmod(0o555)
        assert _in_child(_in_a_folder_of_others, path) == 0
    finally:
        for folder, mode in folders.items():
            folder.chmod(mode)
    assert path.read_bytes() == before


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
    assert sorted(each.name for each in small_disk.iterdir()) == [".file.lock", "file", "filler"]


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
    monkeypatch.setattr(vault_file, "LOCK_WAIT", 0.0)
    with vault_file.locked(str(path)), pytest.raises(HardeningError, match="another run has held .*file.lock"):
        run(path)


def test_devices_are_told_which_role_makes_the_file(tmp_path: Path) -> None:
    with pytest.raises(HardeningError, match="The role voipsec.hardening.credentials creates it"):
        vault_file.load_for_devices(str(tmp_path / "none"), Vault())


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


class Forgetful(Vault):
    """A vault that cannot read what it wrote, as with a password that is typed twice."""

    def decrypt(self, vaulttext: bytes) -> bytes:
        return b"something else"


def test_a_file_that_could_not_be_decrypted_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    with pytest.raises(HardeningError, match="file was not written: what was encrypted could not be decrypted again"):
        vault_file.save(str(path), CredentialStore(), Forgetful())
    assert list(tmp_path.iterdir()) == []


def test_a_new_folder_is_private_and_the_file_as_well(tmp_path: Path) -> None:
    path = tmp_path / "customer" / "file"
    vault_file.save(str(path), CredentialStore(), Vault())
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    vault_file.save(str(path), CredentialStore(), Vault())  # the folder is there already
    assert vault_file.load(str(path), Vault()) == CredentialStore()


@pytest.mark.parametrize(
    ("mode", "too_wide"), [(0o600, False), (0o400, False), (0o640, True), (0o610, True), (0o604, True), (0o601, True)]
)
def test_a_mode_is_too_wide_where_anybody_else_may_do_anything(tmp_path: Path, mode: int, too_wide: bool) -> None:
    path = tmp_path / "file"
    path.touch()
    path.chmod(mode)
    assert vault_file.too_wide_mode(str(path)) == (mode if too_wide else None)


def test_what_is_not_there_has_no_mode_and_no_content(tmp_path: Path) -> None:
    assert vault_file.too_wide_mode(str(tmp_path / "none")) is None
    assert vault_file.load(str(tmp_path / "none"), Vault()) is None
    with pytest.raises(HardeningError, match="its mode cannot be set to 0600: No such file"):
        vault_file.make_private(str(tmp_path / "none"))


def test_without_a_cipher_nothing_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(path)
    with pytest.raises(HardeningError, match="can be read on the controller only"):
        vault_file.load(str(path), None)


def test_a_wrong_vault_password_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(path)
    with pytest.raises(HardeningError, match=f"{path}: cannot be decrypted"):
        vault_file.load(str(path), Vault(b"another"))


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(HardeningError, match="cannot be read: Is a directory"):
        vault_file.load(str(tmp_path), Vault())
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "below", tmp_path / "file" / "deep" / "below"):
        with (
            pytest.raises(HardeningError, match="cannot be created: (File exists|Not a directory)"),
            vault_file.locked(str(path)),
        ):
            pytest.fail("there is no such folder")


def test_a_lock_ends_with_its_block_and_clears_what_a_killed_run_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    left = Path(f"{path.parent}/.file.abc{files.UNFINISHED}")
    left.touch()
    with vault_file.locked(str(path)):
        assert not left.exists()
    with vault_file.locked(str(path)):
        pass
    assert [each.name for each in tmp_path.iterdir()] == [".file.lock"]
    assert stat.S_IMODE((tmp_path / ".file.lock").stat().st_mode) == 0o600


def test_devices_get_the_current_generation(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(path)
    first = vault_file.load_for_devices(str(path), Vault())
    run(path, rotate=["201"])
    second = vault_file.load_for_devices(str(path), Vault())
    assert second.extensions["201"] != first.extensions["201"]
    assert second.extensions["202"] == first.extensions["202"]
    assert second.provisioning_password == first.provisioning_password
    assert len(second.provisioning_password.reveal()) == 24
