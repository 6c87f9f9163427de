# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the declaration to phones that have their files: site.yml makes the server, writes, and sees who has fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from host_support import unavailable
from provisioning_support import HOST, LOG, SERVER, SETS, ProvisioningHost, lay_wires

from lab.customer import DEMO
from lab.debian_host import DebianHost
from lab.https_client import Request
from lab.net.namespaces import Namespaces
from lab.playbook import ROOT, PlaybookRun, run_playbook

URL = f"https://{HOST}/yealink/"
PHONE = {"mac": "805ec0a1b208", "model": "T54W", "firmware": "96.86.0.70"}
"""208, at Ipswich: its address is the office's."""
VAULT_PASSWORD = "vault password of the site"


class Customer:
    """The demo customer with a Debian of its own as provisioning server."""

    def __init__(self, server: ProvisioningHost, folder: Path) -> None:
        self.server = server
        self.folder = folder
        folder.mkdir()
        (folder / "vault").write_text(VAULT_PASSWORD)
        host = {
            **server.machine.inventory_variables(),
            "ansible_connection": "ssh",
            "ansible_become": True,
            "yealink_provisioning_directory": f"{SETS}/current",
            "yealink_file_group": "www-data",
            "yealink_provisioning_local_ca": True,
            "yealink_sync_access_log": LOG,
            "yealink_sync_via": "none",
            "yealink_sync_wait": 0,
        }
        every = {
            "provisioning": {"url": URL, "access": "phone_password"},
            "credentials_file": str(folder / "credentials.vault.txt"),
            "enrolment_file": str(folder / "sheet.vault.txt"),
        }
        group = {"hosts": {"provisioning": {**host, **every}}}
        (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"children": {"provisioning_servers": group}}}))

    def play(self, name: str, *more: str) -> PlaybookRun:
        """One of the collection's playbooks, on this server only."""
        arguments = ["-i", str(DEMO), "-i", str(self.folder / "hosts.yml"), "--limit", "provisioning", *more]
        arguments += ["--vault-password-file", str(self.folder / "vault")]
        return run_playbook(self.folder, [*arguments, str(ROOT / "playbooks" / name)])

    def typed_in(self, mac: str) -> dict[str, Any]:
        """What somebody types into a phone, from the encrypted sheet."""
        vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))])
        entry = json.loads(vault.decrypt((self.folder / "sheet.vault.txt").read_bytes()))[mac]
        return {
            "static.auto_provision.server.username": entry["user"],
            "static.auto_provision.server.password": entry["password"],
        }


@pytest.fixture(scope="module")
def customer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customer]:
    """A server in a network of its own."""
    unavailable()
    folder = tmp_path_factory.mktemp("site")
    with Namespaces() as spaces:
        lay_wires(spaces)
        namespace = Path("/run/netns") / spaces.full("host")
        with DebianHost(folder / "machine", network_namespace=namespace) as machine:
            yield Customer(ProvisioningHost(machine, spaces, folder), folder / "customer")


def test_from_the_declaration_to_a_phone_that_has_its_file(customer: Customer) -> None:
    server = customer.server
    checked = customer.play("site.yml", "--check", "--diff")
    assert checked.returncode == 0, checked.output
    assert not server.inside.file(SETS).exists
    first = customer.play("site.yml", "-vvv", "--diff")
    assert first.returncode == 0, first.output
    assert "NOT HARDENED YET" in " ".join(first.output.split())
    assert customer.play("enrol_phones.yml").returncode == 0

    current = server.inside.file(f"{SETS}/current")
    assert current.is_symlink
    files = server.inside.check_output(f"stat -L -c '%a %U %G %n' {SETS}/current/*.cfg {SETS}/current/*.boot").split(
        "\n"
    )
    assert len(files) == 20
    assert {line.rsplit(" ", 1)[0] for line in files} == {"640 root www-data"}

    server.ca_file.write_text(server.inside.check_output("cat /etc/yealink-provisioning/tls/ca.crt"))
    typed = customer.typed_in(PHONE["mac"])
    (report,) = server.sync("office", [{**PHONE, "settings": typed}], URL, "phones")
    assert report["aborted"] is None, report
    assert report["changed"]
    assert not report["ignored"]
    assert not report["refused"]

    second = customer.play("site.yml")
    assert second.returncode == 0, second.output
    assert second.changed == 0, second.output
    said = " ".join(second.output.split())
    assert "1 phone has fetched the current files" in said
    assert PHONE["mac"] not in said.partition("NOT HARDENED YET")[2].partition("]")[0]
    secret = typed["static.auto_provision.server.password"]
    assert secret not in checked.output + first.output + second.output


def test_another_phones_file_and_no_password_are_refused(customer: Customer) -> None:
    own = customer.typed_in(PHONE["mac"])
    user, password = own["static.auto_provision.server.username"], own["static.auto_provision.server.password"]
    asked = {"address": SERVER, "port": 443, "name": HOST}
    assert customer.server.statuses(
        "office",
        Request(path="/yealink/805ec0a1b208.cfg", user=user, password=password, **asked),
        Request(path="/yealink/805ec0a1b201.cfg", user=user, password=password, **asked),
        Request(path="/yealink/805ec0a1b208.cfg", **asked),
    ) == [200, 403, 401]


def test_what_was_changed_at_a_phone_is_found_in_what_it_sends_back(customer: Customer) -> None:
    own = customer.typed_in(PHONE["mac"])
    user, password = own["static.auto_provision.server.username"], own["static.auto_provision.server.password"]
    clean = customer.play("audit_phones.yml", "--tags", "uploads")
    assert clean.returncode == 0, clean.output
    local = "#!version:1.0.0.1\nsip.trust_ctrl = 0\naccount.1.password = TypedInByHand4711\n"
    upload = Request(
        path=f"/yealink/{PHONE['mac']}-local.cfg",
        address=SERVER,
        port=443,
        name=HOST,
        user=user,
        password=password,
        method="PUT",
        body=local,
    )
    assert customer.server.statuses("office", upload) == [201]
    drifted = customer.play("audit_phones.yml", "--tags", "uploads", "-vvv")
    assert drifted.returncode != 0
    said = " ".join(drifted.output.split())
    assert f"{PHONE['mac']} sip.trust_ctrl" in said
    assert "TypedInByHand4711" not in drifted.output
