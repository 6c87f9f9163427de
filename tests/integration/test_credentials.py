# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credentials role as an installer runs it, with the play's own vault secrets."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from lab.playbook import ROOT, PlaybookRun, run_playbook

EXTENSIONS = [{"number": "201", "name": "Reception"}, {"number": "202", "name": "Accounts"}]
DECLARED = {
    "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": ["198.51.100.7"]},
    "pbx": {"address": "192.168.1.10", "server_name": "pbx.acme.example"},
    "trunk_providers": [{"name": "gamma", "signalling": ["203.0.113.0/26"]}],
    "extensions": EXTENSIONS,
}
SHOWN = {"ansible.builtin.debug": {"var": "credentials_result"}}
PLAY = [
    {
        "hosts": "all",
        "gather_facts": False,
        "roles": [{"role": "voipsec.hardening.credentials"}],
        "post_tasks": [SHOWN],
    }
]
VAULT = "a-vault-password"

Run = Callable[..., PlaybookRun]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """One customer's play; ``vault`` is the vault password, None for none."""
    variables = {"ansible_connection": "local", **DECLARED}
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"customer": variables}}}))
    (tmp_path / "play.yml").write_text(yaml.safe_dump(PLAY))

    def play(*arguments: str, vault: str | None = VAULT, playbook: Path = tmp_path / "play.yml") -> PlaybookRun:
        password = tmp_path / "vault-password"
        password.write_text(vault or "")
        secret = ["--vault-password-file", str(password)] if vault else []
        return run_playbook(tmp_path, ["-i", str(tmp_path / "hosts.yml"), *secret, *arguments, str(playbook)])

    return play


def opened(path: Path) -> dict[str, Any]:
    """What the file holds."""
    content = VaultLib([("default", VaultSecret(VAULT.encode()))]).decrypt(path.read_bytes())
    loaded: dict[str, Any] = json.loads(content)
    return loaded


def secrets(content: Any) -> Iterator[str]:
    """All texts in the file, however deep."""
    if isinstance(content, dict):
        for value in content.values():
            yield from secrets(value)
    elif isinstance(content, str):
        yield content


def test_first_second_rotating_and_confirming_run(run: Run, tmp_path: Path) -> None:
    assert run("--check").changed == 1
    assert not (tmp_path / "credentials.vault.txt").exists()
    assert run().changed == 1
    assert run().changed == 0
    rotated = run("--diff", "-e", '{"credentials_rotate": ["202"]}')
    assert rotated.changed == 1
    assert "extension 202" in rotated.output
    assert "extension 201" not in rotated.output
    assert run("-e", '{"credentials_confirm": ["202"]}').changed == 1
    assert run().changed == 0


@pytest.mark.parametrize("mode", [[], ["--check"]], ids=["run", "check"])
def test_without_a_vault_secret_the_remedy_is_named(run: Run, tmp_path: Path, mode: list[str]) -> None:
    outcome = run(*mode, vault=None)
    assert outcome.returncode != 0
    assert "no vault secret is loaded" in outcome.output
    assert "--vault-password-file" in outcome.output
    assert not (tmp_path / "credentials.vault.txt").exists()


def test_another_vault_password_changes_nothing(run: Run, tmp_path: Path) -> None:
    run()
    before = (tmp_path / "credentials.vault.txt").read_bytes()
    outcome = run(vault="another-vault-password")
    assert outcome.returncode != 0
    assert "cannot be decrypted with the vault secrets of this run" in " ".join(outcome.output.split())
    assert "vault-password" not in outcome.output.replace("--vault-password-file", "")
    assert (tmp_path / "credentials.vault.txt").read_bytes() == before


def test_an_undeclared_extension_cannot_be_rotated(run: Run) -> None:
    outcome = run("-e", '{"credentials_rotate": ["999"]}')
    assert outcome.returncode != 0
    assert "rotate: '999' is not a declared extension" in " ".join(outcome.output.split())


def test_generations_in_the_declaration_rotate_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "credentials.vault.txt"
    reception, accounts = EXTENSIONS
    one = json.dumps({"extensions": [{**reception, "generation": 2}, accounts]})
    everybody = ("-e", one, "-e", '{"credentials": {"generation": 3}}')
    assert run().changed == 1
    first = opened(path)["extensions"]
    before = path.read_bytes()
    assert run("-e", one, "--check").changed == 1
    assert path.read_bytes() == before
    assert run("-e", one).changed == 1
    assert run("-e", one).changed == 0
    second = opened(path)["extensions"]
    assert second["201"]["previous"] == first["201"]["current"] != second["201"]["current"]
    assert second["202"] == first["202"]
    assert run(*everybody).changed == 1
    assert run(*everybody).changed == 0
    third = opened(path)["extensions"]
    assert {number: entry["generation"] for number, entry in third.items()} == {"201": 3, "202": 3}


def test_the_playbook_for_rotations(run: Run, tmp_path: Path) -> None:
    playbook = ROOT / "playbooks" / "rotate_credentials.yml"
    run()
    before = opened(tmp_path / "credentials.vault.txt")["extensions"]
    assert run("-e", "credentials_rotate=201", playbook=playbook).changed == 1
    after = opened(tmp_path / "credentials.vault.txt")["extensions"]
    assert after["201"]["previous"] == before["201"]["current"]
    assert after["202"] == before["202"]
    assert run("-e", "credentials_confirm=all", playbook=playbook).changed == 1
    assert "previous" not in opened(tmp_path / "credentials.vault.txt")["extensions"]["201"]
    assert run(playbook=playbook).changed == 0


def test_the_file_is_encrypted_and_private(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "credentials.vault.txt"
    run()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"$ANSIBLE_VAULT;")
    path.chmod(0o644)
    outcome = run("--diff")
    assert outcome.changed == 1
    assert "mode: 0644" in outcome.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_ever_shown(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "credentials.vault.txt"
    # So long a name leaves no room for the unfinished file's: the write fails, with all secrets in memory.
    unwritable = tmp_path / f"{'c' * 240}.yml"
    loud = ("-vvv", "--diff")
    rotate = ("-e", '{"credentials_rotate": ["201"]}')
    outputs = [run(*loud).output]
    known = set(secrets(opened(path)))
    unwritable.write_bytes(path.read_bytes())
    for arguments in (rotate, (*rotate, "--check"), ("-e", '{"credentials_confirm": ["201"]}')):
        outputs.append(run(*loud, *arguments).output)
        known |= set(secrets(opened(path)))
    failed = run(*loud, *rotate, "-e", json.dumps({"credentials_file": str(unwritable)}))
    assert failed.returncode != 0
    assert "was not written: File name too long" in " ".join(failed.output.split())
    assert unwritable.exists()
    wrong = run(*loud, *rotate, vault="another-vault-password")
    assert wrong.returncode != 0
    assert len(known) > 10
    text = "\n".join([*outputs, failed.output, wrong.output])
    # Whole words only, so that a PIN is not found in the digits of a time or a process number.
    assert not [value for value in known if re.search(rf"(?<![\w.]){value}(?!\w)", text)], "a credential was shown"


def test_the_file_stays_with_the_vault_id_that_opened_it(run: Run, tmp_path: Path) -> None:
    for name in ("shared", "acme"):
        (tmp_path / name).write_text(f"{name}-password")
    acme, shared = (("--vault-id", f"{name}@{tmp_path / name}") for name in ("acme", "shared"))
    assert run(*acme, vault=None).changed == 1
    assert run(*shared, *acme, "-e", "credentials_rotate=201", vault=None).changed == 1
    assert (tmp_path / "credentials.vault.txt").read_bytes().startswith(b"$ANSIBLE_VAULT;1.2;AES256;acme")
    assert run(*acme, vault=None).returncode == 0
