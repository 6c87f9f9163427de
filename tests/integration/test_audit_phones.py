# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/audit_phones.yml: what phones are really served, asked as phones ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.access_log import read
from lab.customer import CustomerSite
from lab.pbx_provisioning import PbxProvisioning
from lab.pki import make_pki
from lab.playbook import PlaybookRun, run_playbook


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CustomerSite]:
    """A customer whose phones' files are written and served on loopback."""
    with CustomerSite(tmp_path_factory.mktemp("audit")) as customer:
        assert customer.provisioning is not None
        # One password for all, as this server has none: what is served is the point here.
        address = f"https://localhost:{customer.provisioning.port}/yealink/"
        customer.write_overlay({"provisioning": {"url": address, "username": "phones"}})
        written = customer.playbook("rotate_credentials.yml", "--limit", "provisioning")
        assert written.returncode == 0, written.output
        yield customer


def audit(site: CustomerSite) -> PlaybookRun:
    ca_file = site.folder / "pki" / "ca.pem"
    more = ("--limit", "provisioning", "--tags", "served", "-e", f"phone_audit_ca_file={ca_file}", "-v")
    return site.playbook("audit_phones.yml", *more)


def test_files_that_everybody_can_fetch_are_not_what_was_declared(site: CustomerSite) -> None:
    """The lab's server asks nobody for a password, and the audit says so."""
    run = audit(site)
    assert run.returncode != 0
    said = " ".join(run.output.split())
    assert "10 phones download what is declared" in said
    assert "is served without a user and a password too" in said


def test_a_changed_file_is_found(site: CustomerSite) -> None:
    path: Path = site.provisioning_directory / "805ec0a1b201.cfg"
    text = path.read_text()
    path.write_text(text.replace("sip.trust_ctrl = 1", "sip.trust_ctrl = 0"))
    run = audit(site)
    path.write_text(text)
    assert run.returncode != 0
    assert "sip.trust_ctrl" in run.output
    password = next(line.split(" = ")[1] for line in text.splitlines() if line.startswith("account.1.password"))
    assert password not in run.output


def test_an_audit_is_no_phone_that_has_fetched(site: CustomerSite) -> None:
    """yealink_sync reads this log to see which phones have their files."""
    log = site.folder / "provisioning.log.jsonl"
    log.unlink(missing_ok=True)
    audit(site)
    served = [line for line in log.read_text().splitlines() if '.cfg"' in line and '"status": 200' in line]
    assert len(served) >= 10
    assert read(log.read_bytes()) == {}
    assert site.sync_phones()
    assert len(read(log.read_bytes())) == 10


def uploads(site: CustomerSite, folder: Path) -> PlaybookRun:
    more = ("--limit", "provisioning", "--tags", "uploads", "-e", f"yealink_uploads_directory={folder}")
    return site.playbook("audit_phones.yml", *more)


@pytest.mark.parametrize("made", [True, False])
def test_phones_that_send_nothing_are_not_known_to_be_unchanged(site: CustomerSite, tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "quarantine"
    if made:
        folder.mkdir()
    run = uploads(site, folder)
    assert run.returncode == 0, run.output
    said = " ".join(run.output.split())
    reason = f"no phone has uploaded anything to {folder}" if made else f"not all of {folder} could be read"
    assert f"UNKNOWN whether settings were changed on the phones: {reason}" in said
    assert "static.auto_provision.custom.protect = 1 and static.auto_provision.custom.sync = 1" in said
    assert "all as declared" not in said


def test_what_a_phone_sends_is_compared(site: CustomerSite, tmp_path: Path) -> None:
    upload = tmp_path / "805ec0a1b201-local.cfg"
    upload.write_text("#!version:1.0.0.1\nfeatures.relog_offtime = 5\n")
    same = uploads(site, tmp_path)
    assert same.returncode == 0, same.output
    said = " ".join(same.output.split())
    assert "1 uploads, all as declared" in said
    assert "UNKNOWN" not in said
    upload.write_text("#!version:1.0.0.1\nsip.trust_ctrl = 0\n")
    changed = uploads(site, tmp_path)
    assert changed.returncode != 0
    assert "805ec0a1b201 sip.trust_ctrl" in " ".join(changed.output.split())


def pbx_block(site: CustomerSite) -> str:
    """What the role yeastar writes for the PBX's template, and the role threecx puts there."""
    target = site.folder / "block.cfg"
    copy = {"dest": str(target), "content": "{{ lookup('voipsec.hardening.phone_block', 'text') }}"}
    play = site.folder / "block.yml"
    task = {"name": "The block", "ansible.builtin.copy": copy, "delegate_to": "localhost"}
    play.write_text(yaml.safe_dump([{"hosts": "provisioning", "gather_facts": False, "tasks": [task]}]))
    run = run_playbook(site.folder, [*site.arguments(), str(play)])
    assert run.returncode == 0, run.output
    return target.read_text()


@pytest.mark.parametrize("product", ["threecx", "yeastar_appliance"])
def test_phones_of_a_pbx_with_the_default_block_are_served_what_was_declared(tmp_path: Path, product: str) -> None:
    site = CustomerSite(tmp_path / "site", product=product)
    pki = make_pki(tmp_path / "pki", names=("localhost",))
    with site, PbxProvisioning(pki, {}) as server:
        people = site.inventory / "group_vars" / "all" / "people.yml"
        declared = yaml.safe_load(people.read_text())
        declared["provisioning"] = {"by": "pbx"}
        people.write_text(yaml.safe_dump(declared))
        passwords = "".join(
            f"static.security.user_password = {user}:Canary-{user}-4711\n" for user in ("admin", "user", "var")
        )
        text = f"#!version:1.0.0.1\n{passwords}{pbx_block(site)}"
        urls = {}
        for number, phone in enumerate(site.phones):
            path = f"/provisioning/canary{number}folder7x/phone.cfg"
            server.files[path] = text.encode()
            urls[phone.mac] = server.url(path)
        common = {
            "phone_audit_urls": urls,
            "phone_audit_ca_file": str(pki.ca_file),
            # For files of our own; the PBX's block has neither.
            "yealink_settings": {"features.relog_offtime": "4"},
            "yealink_action_uri_from": ["192.168.10.9"],
        }
        site.write_overlay(common)
        as_declared = site.playbook("audit_phones.yml", "--limit", "provisioning", "--tags", "served")
        assert as_declared.returncode == 0, as_declared.output
        said = " ".join(as_declared.output.split())
        assert "10 phones download what is declared. Check certificates: not compared" in said
        family = "threecx" if product == "threecx" else "yeastar"
        hosts = yaml.safe_load(site.overlay.read_text())
        hosts["all"]["hosts"]["phone_system"][f"{family}_phone_certificates"] = True
        site.overlay.write_text(yaml.safe_dump(hosts))
        without = site.playbook("audit_phones.yml", "--limit", "provisioning", "--tags", "served", "-v")
        assert without.returncode != 0, "the template still has the block without them"
        assert "static.security.trust_certificates" in without.output
