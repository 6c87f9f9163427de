# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may fetch: the file, its changes, and what is shown of it."""

from __future__ import annotations

import grp
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from passlib.hash import sha512_crypt

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, Outcome, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import phone_password, phone_path
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.provisioning.access_files import (
    CORE,
    declared_macs,
    entries,
    prepare,
)

A, B, C = "001565aabbcc", "805ec0ddeeff", "805ec0123456"
SECRET = "SecretOfTheSite4711"
GROUP = grp.getgrgid(os.getgid()).gr_name


@dataclass
class Task:
    """yealink_access on one file, as the action plugin runs it."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "access"

    def run(
        self,
        *phones: str,
        method: str = "phone_password",
        secret: str | None = SECRET,
        check: bool = False,
        **more: Any,
    ) -> Outcome:
        option = "path_map_file" if method == "phone_path" else "htpasswd_file"
        arguments = {"phones": list(phones), "method": method, option: str(self.file), **more}
        if secret:
            arguments["access"] = json.dumps(entries(method, declared_macs(list(phones)), more.get("username"), secret))
        validated = ArgumentSpecValidator(CORE.argument_spec, required_if=CORE.required_if).validate(arguments)
        assert not validated.error_messages
        return CORE.run(validated.validated_parameters, RunContext(check, Masker(), lambda _text: None))

    def users(self) -> dict[str, str]:
        return dict(line.split(":", 1) for line in self.file.read_text().splitlines())


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return Task(tmp_path)


def test_each_phone_has_a_password_of_its_own(task: Task) -> None:
    outcome = task.run("80:5E:C0:DD:EE:FF", A)
    assert (outcome.changed, outcome.result["added"]) == (True, [A, B])
    users = task.users()
    assert list(users) == [A, B]
    assert sha512_crypt.verify(phone_password(SECRET, A), users[A])
    assert not sha512_crypt.verify(phone_password(SECRET, B), users[A])
    assert stat.S_IMODE(task.file.stat().st_mode) == 0o640


def test_each_phone_has_a_path_of_its_own(task: Task) -> None:
    task.run(B, A, method="phone_path")
    lines = [line for line in task.file.read_text().splitlines() if not line.startswith("#")]
    assert lines == [f'"{phone_path(SECRET, mac)}" "{mac}";' for mac in (A, B)]


def test_all_phones_share_one_user(task: Task) -> None:
    task.run(A, B, method="shared", username="phones")
    users = task.users()
    assert list(users) == ["phones"]
    assert sha512_crypt.verify(SECRET, users["phones"])


@pytest.mark.parametrize("method", ["phone_password", "phone_path"])
def test_a_second_run_changes_nothing_in_whatever_order_and_spelling(task: Task, method: str) -> None:
    task.run(A, B, method=method)
    before = task.file.stat().st_mtime_ns
    outcome = task.run("80-5e-c0-dd-ee-ff", A.upper(), A, method=method)
    assert (outcome.changed, list(outcome.diff)) == (False, [])
    assert task.file.stat().st_mtime_ns == before


@pytest.mark.parametrize("method", ["phone_password", "phone_path"])
def test_the_diff_tells_who_and_never_with_what(task: Task, method: str) -> None:
    task.run(A, B, method=method)
    old = task.file.read_text()
    outcome = task.run(A, C, method=method, secret="AnotherSecretOfTheSite")
    assert {name: outcome.result[name] for name in ("added", "removed", "renewed")} == {
        "added": [C],
        "removed": [B],
        "renewed": [A],
    }
    (diff,) = outcome.diff
    assert diff["before"] == f"mode: 0640\nmay fetch: {A}\nmay fetch: {B}\n"
    assert diff["after"] == f"mode: 0640\nmay fetch: {A} (renewed)\nmay fetch: {C}\n"
    assert B not in task.file.read_text()
    assert old != task.file.read_text()


def test_what_somebody_added_by_hand_loses_its_access(task: Task) -> None:
    task.run(A)
    text = task.file.read_text()
    task.file.write_text(f"{text}intruder:$apr1$x$y\nno sense at all\n")
    outcome = task.run(A)
    assert outcome.result["removed"] == ["intruder"]
    assert task.file.read_text() == text


def test_mode_and_group_are_put_right(task: Task) -> None:
    task.run(A)
    task.file.chmod(0o644)
    outcome = task.run(A, group=GROUP)
    assert outcome.changed
    assert (outcome.diff[0]["before"][:11], outcome.diff[0]["after"][:11]) == ("mode: 0644\n", "mode: 0640\n")
    assert stat.S_IMODE(task.file.stat().st_mode) == 0o640
    assert not task.run(A, group=GROUP).changed


def test_check_mode_tells_the_same_and_writes_nothing(task: Task) -> None:
    planned = task.run(A, check=True)
    assert not task.file.exists()
    done = task.run(A)
    assert (planned.changed, planned.result, planned.diff) == (done.changed, done.result, done.diff)


def test_a_check_run_without_credentials_tells_names_only(task: Task) -> None:
    assert task.run(A, secret=None, check=True).result["added"] == [A]
    task.run(A)
    assert not task.run(A, secret=None, check=True).changed
    assert task.run(A, B, secret=None, check=True).result["added"] == [B]
    with pytest.raises(HardeningError, match="access is missing"):
        task.run(A, secret=None)


@pytest.mark.parametrize(
    ("phones", "options", "problem"),
    [
        (["805ec0"], {}, "phones: '805ec0' is not a MAC address"),
        ([A], {"mode": "0644"}, "lets every user of the host read"),
        ([A], {"group": "no-such-group"}, "group 'no-such-group' is not a group"),
    ],
)
def test_what_cannot_be_right_is_refused(task: Task, phones: list[str], options: dict[str, Any], problem: str) -> None:
    with pytest.raises(HardeningError, match=problem):
        task.run(*phones, **options)
    assert not task.file.exists()


@pytest.mark.parametrize("name", ["a:b", "", "two words", "line\nbreak", "x" * 65])
def test_a_shared_name_that_breaks_the_file_is_refused(name: str) -> None:
    with pytest.raises(HardeningError, match="is not a name for the web server"):
        entries("shared", [A], name, SECRET)


def test_a_link_in_the_place_of_the_file_is_not_followed(task: Task, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("x")
    task.file.symlink_to(precious)
    with pytest.raises(HardeningError, match="cannot be read"):
        task.run(A)
    assert precious.read_text() == "x"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(HardeningError, match="cannot be written: No such file"):
        Task(tmp_path / "nowhere").run(A)


def test_a_vault_that_is_not_there_is_an_error_but_in_check_mode(tmp_path: Path) -> None:
    params = {"phones": [A], "method": "phone_password", "username": None, "credentials_file": str(tmp_path / "none")}
    told: list[str] = []
    planned = prepare(params, RunContext(True, Masker(), told.append))
    assert "access" not in planned
    assert len(told) == 1
    with pytest.raises(HardeningError, match="does not exist. The role voipsec.hardening.credentials creates it"):
        prepare(params, RunContext(False, Masker(), told.append))
    with pytest.raises(HardeningError, match="credentials_file is missing"):
        prepare({**params, "credentials_file": None}, RunContext(False, Masker(), told.append))
