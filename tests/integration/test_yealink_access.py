# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yealink_access by ansible-playbook, with the customer's vault, at the highest verbosity."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible.parsing.vault import VaultLib, VaultSecret
from passlib.apache import HtpasswdFile

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    CredentialStore,
    serialise,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import phone_password, phone_path
from ansible_collections.voipsec.hardening.plugins.modules import yealink_access
from lab.playbook import PlaybookRun, run_playbook

A, B = "001565aabbcc", "805ec0ddeeff"
SITE_SECRET = "ProvisioningSecret4711"


class Customer:
    """A vault, and the playbook of one task."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "access"
        (folder / "vault-password").write_text("vault password of the test")
        self.write_vault(SITE_SECRET)

    def write_vault(self, site_secret: str | None) -> None:
        """The credentials file; None: one from before there was a provisioning password."""
        vault = VaultLib(secrets=[("default", VaultSecret(b"vault password of the test"))])
        book = CredentialStore({}, Secret(site_secret) if site_secret else None)
        (self.folder / "credentials.vault.txt").write_bytes(vault.encrypt(serialise(book)))

    def run(self, *arguments: str, **options: Any) -> PlaybookRun:
        """Run the task."""
        given = {"credentials_file": str(self.folder / "credentials.vault.txt"), **options}
        task = {"voipsec.hardening.yealink_access": given}
        play = self.folder / "play.yml"
        play.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
        always = ["-i", "localhost,", "-c", "local", "--vault-password-file", str(self.folder / "vault-password")]
        return run_playbook(self.folder, [*always, "-vvvv", "--diff", *arguments, str(play)])


@pytest.fixture
def customer(tmp_path: Path) -> Customer:
    """A customer."""
    return Customer(tmp_path)


def never_shown(customer: Customer) -> list[str]:
    """Secrets, and what the file has of them."""
    parts = [part for line in customer.file.read_text().splitlines() for part in line.replace('"', ":").split(":")]
    derived = [derive(SITE_SECRET, mac) for mac in (A, B) for derive in (phone_password, phone_path)]
    return [SITE_SECRET, *derived, *(part for part in parts if len(part) > 12 and not part.startswith("#"))]


def test_passwords_of_phones_are_those_that_the_web_server_checks(customer: Customer) -> None:
    options = {"phones": [A, B], "htpasswd_file": str(customer.file)}
    planned = customer.run("--check", **options)
    assert (planned.returncode, planned.changed) == (0, 1), planned.output
    assert not customer.file.exists()
    done = customer.run(**options)
    assert (done.returncode, done.changed) == (0, 1), done.output
    again = customer.run(**options)
    assert (again.returncode, again.changed) == (0, 0), again.output
    users = HtpasswdFile(str(customer.file))
    assert users.users() == [A, B]
    assert users.check_password(A, phone_password(SITE_SECRET, A))
    assert f"+may fetch: {A}" in planned.output
    outputs = [planned.output, done.output, again.output]
    assert [secret for secret in never_shown(customer) if any(secret in output for output in outputs)] == []

    left = customer.run(**{**options, "phones": [B]})
    assert f"-may fetch: {A}" in left.output
    assert HtpasswdFile(str(customer.file)).users() == [B]


def test_paths_of_phones_are_a_table_for_nginx(customer: Customer) -> None:
    options = {"method": "phone_path", "phones": [A, B], "path_map_file": str(customer.file), "mode": "0600"}
    done, again = customer.run(**options), customer.run(**options)
    assert (done.returncode, done.changed, again.changed) == (0, 1, 0), done.output + again.output
    assert f'"{phone_path(SITE_SECRET, B)}" "{B}";\n' in customer.file.read_text()
    shown = done.output + again.output
    assert [secret for secret in never_shown(customer) if secret in shown] == []


def test_failures_show_no_secret(customer: Customer) -> None:
    missing = customer.run(phones=[A], htpasswd_file=str(customer.folder / "nowhere" / "users"))
    assert missing.returncode != 0
    assert "cannot be written: No such file or directory" in missing.output
    customer.write_vault(None)
    without = customer.run(phones=[A], htpasswd_file=str(customer.file))
    assert "has no provisioning_password" in without.output
    assert [secret for secret in (SITE_SECRET, phone_password(SITE_SECRET, A)) if secret in missing.output] == []
    assert "Traceback" not in missing.output + without.output


def test_a_method_needs_its_file(customer: Customer) -> None:
    run = customer.run(method="phone_path", phones=[A], htpasswd_file=str(customer.file))
    assert "method is phone_path but all of the following are missing: path_map_file" in run.output


def test_on_another_host_it_runs_as_a_module_and_shows_no_secret(
    customer: Customer, capsys: pytest.CaptureFixture[str]
) -> None:
    access = {A: "0123456789abcdef0123456789abcdef"}
    arguments = {
        "method": "phone_path",
        "phones": [A],
        "path_map_file": str(customer.file),
        "access": json.dumps(access),
        "_ansible_diff": True,
    }
    with patch_module_args(arguments), pytest.raises(SystemExit) as end:
        yealink_access.main()
    shown = capsys.readouterr().out
    assert (end.value.code, json.loads(shown)["added"]) == (0, [A])
    assert access[A] in customer.file.read_text()
    assert access[A] not in shown
