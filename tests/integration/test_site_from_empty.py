# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo customer, each time from an empty folder: check mode, no vault password, failures, and no secret shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from lab.customer import CustomerSite
from lab.playbook import run_playbook

CANARY = "canary-smtp-password-7731"
ROUTER_CANARY = "canary-router-password-3"
PHONE_CANARY = "canary-8021x-password-4471"
EXTENSIONS = 12


@pytest.fixture
def site(tmp_path: Path) -> Iterator[CustomerSite]:
    with CustomerSite(tmp_path) as customer:
        assert customer.enrol().returncode == 0
        yield customer


def credentials_of(customer: CustomerSite) -> dict[str, Any]:
    """What the vault file holds."""
    secret = VaultSecret(customer.vault_password_file.read_bytes())
    text = VaultLib([("default", secret)]).decrypt(customer.credentials_file.read_bytes())
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def every_secret(value: Any) -> set[str]:
    """All leaves of the vault file that are long enough to be told from ordinary numbers."""
    if isinstance(value, dict):
        return set().union(*(every_secret(item) for item in value.values()), set())
    if isinstance(value, list):
        return set().union(*(every_secret(item) for item in value), set())
    return {value} if isinstance(value, str) and len(value) >= 6 and any(c.isdigit() for c in value) else set()


def test_a_play_without_vault_password_is_told_how_to_do_without_the_backup(site: CustomerSite) -> None:
    play = site.folder / "router.yml"
    play.write_text("- {hosts: draytek, gather_facts: false, roles: [voipsec.hardening.draytek]}\n")
    arguments = ["-i", str(site.inventory), "-i", str(site.overlay), str(play)]
    refused = run_playbook(site.folder, arguments)
    assert refused.returncode != 0
    assert "draytek_backup_file" in refused.output
    assert site.router.counters.writes == 0
    assert run_playbook(site.folder, [*arguments, "-e", "draytek_backup_file="]).returncode == 0


def test_check_mode_before_the_first_run_writes_nothing(site: CustomerSite) -> None:
    site.router.faults.update({"read_only": True})
    before = site.router.snapshot()
    checked = site.playbook("site.yml", "--check", "--diff")
    assert checked.returncode == 0, checked.output
    site.router.assert_clean()
    assert site.router.snapshot() == before
    assert not site.credentials_file.exists()
    assert list(site.provisioning_directory.iterdir()) == []
    assert "ipf set -d 12" in checked.output
    assert "would be sent" in checked.output


def test_no_secret_is_ever_shown(site: CustomerSite) -> None:
    """First run, changed run, and runs that fail at each device, at the highest verbosity with diffs."""
    alerts = {"to": ["noc@example.net"], "smtp": {"host": "mail.example.net", "username": "u", "password": CANARY}}
    phones = {"static.network.802_1x.md5_password": PHONE_CANARY}
    router = {"smtp_address": "192.0.2.25"}
    site.write_overlay({"alerts": alerts, "yealink_secret_settings": phones, "router": router})
    secrets = {CANARY, ROUTER_CANARY, PHONE_CANARY, site.router_password, site.vault_password_file.read_text()}

    def run(*more: str, fails: bool) -> str:
        outcome = site.playbook("site.yml", "-vvv", "--diff", *more)
        assert (outcome.returncode != 0) is fails, outcome.output
        secrets.update(every_secret(credentials_of(site)))
        return outcome.output

    outputs = [run(fails=False), run(fails=False)]
    assert site.router.state.mail_alert["p"] == CANARY
    outputs.append(run("-e", '{"credentials": {"generation": 2}}', fails=False))
    wrong = {"to": "nobody", "smtp": {"host": "mail.example.net", "password": [CANARY], "passwd": CANARY}}
    outputs.append(run("-e", json.dumps({"alerts": wrong}), fails=True))
    site.router.faults.update({"password_changed": True})
    outputs.append(run(fails=True))
    site.router.faults.update({"password_changed": False, "corrupt_writes_matching": "^object ip obj"})
    outputs.append(run("-e", '{"trunk_providers": [{"name": "other", "signalling": ["203.0.113.99"]}]}', fails=True))
    site.router.faults.update({"corrupt_writes_matching": ""})
    site.provisioning_directory.rename(site.folder / "moved")
    site.provisioning_directory.write_text("a file where the folder should be")
    outputs.append(run("-e", '{"credentials": {"generation": 3}}', fails=True))
    vault_password = site.vault_password_file.read_text()
    site.vault_password_file.write_text("another-vault-password-1")
    outputs.append(site.playbook("site.yml", "-vvv", "--diff").output)
    site.vault_password_file.write_text(vault_password)
    site.provisioning_directory.unlink()
    (site.folder / "moved").rename(site.provisioning_directory)
    outputs.append(run("-e", json.dumps({"draytek_new_password": ROUTER_CANARY}), fails=False))
    assert site.router.device.password == ROUTER_CANARY
    assert len(secrets) > EXTENSIONS * 4
    for position, output in enumerate(outputs):
        shown = {secret for secret in secrets if secret in output}
        assert not shown, f"{len(shown)} secrets are shown by run {position}"
