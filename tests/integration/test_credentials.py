# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credentials role as an installer runs it, with the play's own vault secrets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from lab.playbook import PlaybookRun, run_playbook

DECLARED = {
    "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": ["198.51.100.7"]},
    "pbx": {"address": "192.168.1.10", "server_name": "pbx.acme.example"},
    "trunk_providers": [{"name": "gamma", "signalling": ["203.0.113.0/26"]}],
    "extensions": [{"number": "201", "name": "Reception"}, {"number": "202", "name": "Accounts"}],
}
PLAY = [{"hosts": "all", "gather_facts": False, "roles": [{"role": "voipsec.hardening.credentials"}]}]

Run = Callable[..., PlaybookRun]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """One customer's play; ``vault`` is the vault password, None for none."""
    variables = {"ansible_connection": "local", "credentials_file": str(tmp_path / "credentials.vault.yml"), **DECLARED}
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"customer": variables}}}))
    (tmp_path / "play.yml").write_text(yaml.safe_dump(PLAY))

    def play(*arguments: str, vault: str | None = "a-vault-password") -> PlaybookRun:
        password = tmp_path / "vault-password"
        password.write_text(vault or "")
        secret = ["--vault-password-file", str(password)] if vault else []
        return run_playbook(
            tmp_path, ["-i", str(tmp_path / "hosts.yml"), *secret, *arguments, str(tmp_path / "play.yml")]
        )

    return play


def test_first_second_rotating_and_confirming_run(run: Run, tmp_path: Path) -> None:
    assert run("--check").changed == 1
    assert not (tmp_path / "credentials.vault.yml").exists()
    assert run().changed == 1
    assert run().changed == 0
    rotated = run("--diff", "-e", '{"credentials_rotate": ["202"]}')
    assert rotated.changed == 1
    assert "extension 202" in rotated.output
    assert "extension 201" not in rotated.output
    assert run("-e", '{"credentials_confirm": ["202"]}').changed == 1
    assert run().changed == 0


def test_without_a_vault_secret_the_remedy_is_named(run: Run, tmp_path: Path) -> None:
    outcome = run(vault=None)
    assert outcome.returncode != 0
    assert "no vault secret is loaded" in outcome.output
    assert "--vault-password-file" in outcome.output
    assert not (tmp_path / "credentials.vault.yml").exists()


def test_another_vault_password_changes_nothing(run: Run, tmp_path: Path) -> None:
    run()
    before = (tmp_path / "credentials.vault.yml").read_bytes()
    outcome = run(vault="another-vault-password")
    assert outcome.returncode != 0
    assert "cannot be decrypted with the vault secrets of this run" in " ".join(outcome.output.split())
    assert "vault-password" not in outcome.output.replace("--vault-password-file", "")
    assert (tmp_path / "credentials.vault.yml").read_bytes() == before


def test_an_undeclared_extension_cannot_be_rotated(run: Run) -> None:
    outcome = run("-e", '{"credentials_rotate": ["999"]}')
    assert outcome.returncode != 0
    assert "rotate: '999' is not a declared extension" in " ".join(outcome.output.split())
