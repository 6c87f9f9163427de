# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo customer from an empty folder to hardened, as an installer runs it: ansible-playbook against the whole
lab."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import VIGOR_2927
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.transcript import snapshot_of
from lab.customer import STRANGER, CustomerSite
from lab.playbook import run_playbook

CANARY = "canary-smtp-password-7731"
ROUTER_CANARY = "canary-router-password-3"
PHONE_CANARY = "canary-8021x-password-4471"
EXTENSIONS, PHONES, MODELS = 12, 10, 4


@pytest.fixture
def site(tmp_path: Path) -> Iterator[CustomerSite]:
    with CustomerSite(tmp_path) as customer:
        assert customer.enrol().returncode == 0
        yield customer


@pytest.fixture(scope="module")
def hardened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CustomerSite]:
    """A customer after its first run, for tests that change nothing."""
    with CustomerSite(tmp_path_factory.mktemp("customer")) as customer:
        assert customer.enrol().returncode == 0
        first = customer.playbook("site.yml")
        assert first.returncode == 0, first.output
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


def test_the_demo_customer_is_as_complete_as_it_says(hardened: CustomerSite) -> None:
    declared = hardened.declared
    phones = [extension["phone"] for extension in declared["extensions"] if extension.get("phone")]
    assert len(declared["extensions"]) == EXTENSIONS
    assert len(phones) == PHONES
    assert len({phone["model"] for phone in phones}) >= MODELS
    assert (len(declared["trunk_providers"]), len(declared["remote_sites"]), len(declared["allowed_countries"])) == (
        2,
        2,
        3,
    )


def test_strangers_are_out_and_providers_in(hardened: CustomerSite) -> None:
    reached = hardened.router.postures[-1].reached()
    assert not {label for label in reached if label.startswith("stranger")}
    for provider in hardened.declared["trunk_providers"]:
        assert any(label.startswith(provider["name"]) for label in reached)


def test_second_run_changes_nothing_and_writes_nothing(hardened: CustomerSite) -> None:
    hardened.router.reset_counters()
    files = {path: path.stat().st_mtime_ns for path in hardened.provisioning_directory.iterdir()}
    vault = hardened.credentials_file.read_bytes()
    second = hardened.playbook("site.yml")
    assert second.returncode == 0, second.output
    assert all(counts["changed"] == 0 for counts in second.recap.values())
    counters = hardened.router.counters
    assert (counters.logins, counters.writes, counters.commits) == (2, 0, 0), "one login for each of the two tasks"
    assert hardened.credentials_file.read_bytes() == vault
    assert {path: path.stat().st_mtime_ns for path in hardened.provisioning_directory.iterdir()} == files


def test_the_run_says_no_warning_and_no_deprecation(hardened: CustomerSite) -> None:
    hardened.sync_phones()  # before that there is one, with reason
    output = hardened.playbook("site.yml").output
    assert "WARNING" not in output, output
    assert "DEPRECATION" not in output, output


def test_the_summary_says_who_may_reach_sip(hardened: CustomerSite) -> None:
    output = hardened.playbook("site.yml").output
    assert "router: may come in:" in output
    assert "nothing to change" in output
    assert "IPv6: closed for voice too" in output
    assert "management: read and right: management networks" in output
    assert "set by an earlier run; the router does not show it: snmp" in output


def test_what_was_read_before_the_change_is_kept_encrypted(hardened: CustomerSite) -> None:
    (kept,) = hardened.inventory.glob("*.before.vault.txt")
    assert kept.name == "router.before.vault.txt"
    assert kept.read_bytes().startswith(b"$ANSIBLE_VAULT")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    vault = VaultLib([("default", VaultSecret(hardened.vault_password_file.read_bytes()))])
    before = snapshot_of(vault.decrypt(kept.read_bytes()).decode(), VIGOR_2927)
    assert (before.start_set, before.chain) == (1, []), "as it was before anything was ours"
    assert any("5060" in way.label for way in before.exposures or ())


def test_a_play_without_vault_password_is_told_how_to_do_without_the_backup(site: CustomerSite) -> None:
    play = site.folder / "router.yml"
    play.write_text("- {hosts: draytek, gather_facts: false, roles: [voipsec.hardening.draytek]}\n")
    arguments = ["-i", str(site.inventory), "-i", str(site.overlay), str(play)]
    site.enrol()
    refused = run_playbook(site.folder, arguments)
    assert refused.returncode != 0
    assert "draytek_backup_file" in refused.output
    assert site.router.counters.writes == 0
    assert run_playbook(site.folder, [*arguments, "-e", "draytek_backup_file="]).returncode == 0


def test_the_router_is_managed_from_the_declared_networks_only(hardened: CustomerSite) -> None:
    management = hardened.router.state.management
    objects = [hardened.router.state.ip_objects[index] for index in management.access_list.values()]
    assert [entry.start for entry in objects] == ["198.51.100.7"]
    assert management.bfp_enabled
    assert {name for name, on in management.remote_services.items() if on} == {"https", "ssh", "enforce_https"}
    assert hardened.router.state.switches == {"snmp": 0, "ftpd": 0, "upnp": 0}


def test_phones_take_every_setting_and_obey_nobody_else(tmp_path: Path) -> None:
    with CustomerSite(tmp_path) as customer:
        assert all(phone.answers_invite(STRANGER, "201") == "ring" for phone in customer.phones)
        assert customer.enrol().returncode == 0
        assert customer.playbook("site.yml").returncode == 0
        for report in customer.sync_phones():
            assert report.aborted is None
            assert report.updated
            assert not report.ignored
            assert not report.refused
        for phone in customer.phones:
            assert phone.answers_invite(STRANGER, "201") != "ring"
            assert phone.on_notify(STRANGER, "check-sync;reboot=true") not in ("reboot", "provision")
            assert not phone.web_login("admin", "admin")
            assert not phone.web_login("user", "user")
            assert not phone.action_uri(STRANGER)
        assert not any(report.updated for report in customer.sync_phones())


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


def test_files_with_secrets_are_private(hardened: CustomerSite) -> None:
    assert stat.S_IMODE(hardened.credentials_file.stat().st_mode) == 0o600
    assert hardened.credentials_file.read_bytes().startswith(b"$ANSIBLE_VAULT")
    for path in hardened.provisioning_directory.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0, path.name
