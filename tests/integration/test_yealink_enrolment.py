# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new phone, the encrypted sheet, and what somebody types in from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from lab.customer import DEMO
from lab.phones import Phone
from lab.pki import make_pki
from lab.playbook import ROOT, PlaybookRun, run_playbook
from lab.provisioning_server import ProvisioningServer

HOST = "provision.harbour.example"
VAULT_PASSWORD = "vault-password-of-the-test"
MAC = "805ec0a1b201"


class Customer:
    """The demo customer with another kind of access, and where its files are."""

    def __init__(self, folder: Path, access: str) -> None:
        self.folder = folder
        self.served = folder / "www" / "yealink"
        self.sheet_file = folder / "sheet.vault.txt"
        (folder / "vault").write_text(VAULT_PASSWORD)
        provisioning = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "yealink_provisioning_directory": str(self.served),
        }
        variables = {
            "credentials_file": str(folder / "credentials.vault.txt"),
            "enrolment_file": str(self.sheet_file),
            "provisioning": {"url": f"https://{HOST}/yealink/", "access": access},
        }
        overlay = {"all": {"hosts": {"provisioning": {**provisioning, **variables}}}}
        (folder / "hosts.yml").write_text(yaml.safe_dump(overlay))

    def play(self, name: str, *more: str) -> PlaybookRun:
        arguments = ["-i", str(DEMO), "-i", str(self.folder / "hosts.yml"), "--limit", "provisioning"]
        arguments += ["--vault-password-file", str(self.folder / "vault"), *more]
        return run_playbook(self.folder, [*arguments, str(ROOT / "playbooks" / name)])

    def sheet(self) -> dict[str, Any]:
        vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))])
        found: dict[str, Any] = json.loads(vault.decrypt(self.sheet_file.read_bytes()))
        return found


@pytest.mark.parametrize("access", ["phone_password", "phone_path"])
def test_what_is_typed_into_a_new_phone_lets_it_fetch_its_file(tmp_path: Path, access: str) -> None:
    customer = Customer(tmp_path, access)
    assert customer.play("rotate_credentials.yml").returncode == 0
    checked = customer.play("enrol_phones.yml", "--check", "--diff")
    assert checked.returncode == 0, checked.output
    assert not customer.sheet_file.exists()
    run = customer.play("enrol_phones.yml", "-vvv", "--diff")
    assert run.returncode == 0, run.output
    assert customer.play("enrol_phones.yml").changed == 0
    sheet = customer.sheet()
    assert len(sheet) == 10
    entry = sheet[MAC]
    assert entry["extension"] == "201"
    secret = entry.get("password") or entry["url"].rstrip("/").rpartition("/")[2]
    assert len(secret) >= 24
    assert secret not in run.output + checked.output
    assert customer.sheet_file.stat().st_mode & 0o777 == 0o600
    typed = {"static.auto_provision.server.url": entry["url"]}
    if access == "phone_password":
        typed["static.auto_provision.server.username"] = entry["user"]
        typed["static.auto_provision.server.password"] = entry["password"]
        credentials = (MAC, entry["password"])
    else:
        credentials = None
        files = customer.served.rename(customer.served.with_name("files"))
        customer.served.mkdir()
        files.rename(customer.served / secret)
    pki = make_pki(tmp_path / "pki", names=(HOST,))
    phone = Phone(MAC, "T57W", "96.86.0.70", settings=typed, built_in_cas=[pki.ca_file])
    # The lab's server takes one name and password for all; it stands for any server that knows this phone's.
    with ProvisioningServer(tmp_path / "www", pki, credentials=credentials) as server:
        resolver = {HOST: (server.address, server.port)}
        report = phone.sync(resolver=resolver)
        assert report.aborted is None
        assert phone.effective("account.1.user_name") == "201"
        # And again, with what is in its file now.
        assert phone.secret("static.auto_provision.server.url") == entry["url"]
        assert phone.sync(resolver=resolver).aborted is None
