# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One whole site: ansible-playbook hardens the demo customer, runs again, and the phones download their files.

`make site` runs this file alone.
"""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import VIGOR_2927
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.transcript import snapshot_of
from lab.customer import STRANGER, CustomerSite
from lab.demo import command
from lab.phones import FetchReport
from lab.playbook import ROOT, PlaybookRun

EXTENSIONS, PHONES, MODELS = 12, 10, 4


@pytest.fixture(scope="module")
def hardened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CustomerSite]:
    """A customer after its first run, for tests that change nothing."""
    with CustomerSite(tmp_path_factory.mktemp("customer")) as customer:
        assert all(phone.answers_invite(STRANGER, "201") == "ring" for phone in customer.phones)
        assert customer.enrol().returncode == 0
        first = customer.playbook("site.yml")
        assert first.returncode == 0, first.output
        yield customer


@dataclass(frozen=True)
class Rerun:
    """A run on the hardened site, and what it left."""

    run: PlaybookRun
    logins: int
    writes: int
    commits: int
    files_before: dict[Path, int]
    files: dict[Path, int]
    vault_before: bytes
    vault: bytes


def rerun(customer: CustomerSite, run: Callable[[], PlaybookRun]) -> Rerun:
    """Run, and note what may have changed."""

    def files() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in customer.provisioning_directory.iterdir()}

    customer.router.reset_counters()
    files_before, vault_before = files(), customer.credentials_file.read_bytes()
    done, counters = run(), customer.router.counters
    return Rerun(
        done,
        counters.logins,
        counters.writes,
        counters.commits,
        files_before,
        files(),
        vault_before,
        customer.credentials_file.read_bytes(),
    )


@pytest.fixture(scope="module")
def second(hardened: CustomerSite) -> Rerun:
    """The second run, before any phone has downloaded its files."""
    return rerun(hardened, lambda: hardened.playbook("site.yml"))


@pytest.fixture(scope="module")
def fetched(hardened: CustomerSite, second: Rerun) -> list[FetchReport]:
    """Every phone downloads its files."""
    return hardened.sync_phones()


@pytest.fixture(scope="module")
def third(hardened: CustomerSite, fetched: list[FetchReport]) -> Rerun:
    """A run after that, by the command that ``make demo KEEP=1`` prints, typed in another terminal."""

    def run() -> PlaybookRun:
        line = command(hardened, "site.yml").replace(".venv/bin", str(Path(sys.executable).parent))
        terminal = {"PATH": "/usr/bin:/bin", "HOME": str(hardened.folder), "ANSIBLE_NOCOLOR": "1"}
        done = subprocess.run(
            ["sh", "-c", f"{line} 2>&1"], cwd=ROOT, env=terminal, capture_output=True, text=True, check=False
        )
        return PlaybookRun(done.returncode, done.stdout)

    return rerun(hardened, run)


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


@pytest.mark.parametrize("name", ["second", "third"])
def test_later_runs_change_nothing_and_write_nothing(request: pytest.FixtureRequest, name: str) -> None:
    later: Rerun = request.getfixturevalue(name)
    assert later.run.returncode == 0, later.run.output
    assert later.run.recap
    assert all(counts["changed"] == 0 for counts in later.run.recap.values())
    assert (later.logins, later.writes, later.commits) == (2, 0, 0), "one login for each of the two tasks"
    assert later.vault == later.vault_before
    assert later.files == later.files_before


def test_the_run_says_no_warning_and_no_deprecation(third: Rerun) -> None:
    output = third.run.output  # before the phones' downloads there is one, with reason
    assert "WARNING" not in output, output
    assert "DEPRECATION" not in output, output


def test_the_summary_says_who_may_reach_sip(third: Rerun) -> None:
    output = third.run.output
    assert "router: allowed in:" in output
    assert "nothing to change" in output
    assert "IPv6: closed for voice too" in output
    assert "management: already correct: management networks" in output
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


def test_the_router_is_managed_from_the_declared_networks_only(hardened: CustomerSite) -> None:
    management = hardened.router.state.management
    objects = [hardened.router.state.ip_objects[index] for index in management.access_list.values()]
    assert [entry.start for entry in objects] == ["198.51.100.7"]
    assert management.bfp_enabled
    assert {name for name, on in management.remote_services.items() if on} == {"https", "ssh", "enforce_https"}
    assert hardened.router.state.switches == {"snmp": 0, "ftpd": 0, "upnp": 0}


def test_the_phone_system_is_as_the_declaration_says(hardened: CustomerSite) -> None:
    pbx, declared = hardened.phone_system, hardened.declared
    state = pbx.state
    assert state["NetworkSettings"]["DirectSIPAllowExternal"] is False
    assert state["GeneralSettingsForPbx"]["EnableVMenuOutboundCalls"] is False
    hacking = state["AntiHackingSettings"]
    assert (hacking["HackAuthRequests"], hacking["HackBlacklistDuration"]) == (5, 24 * 3600)
    assert hacking["SecurityDefenseProgram"] is True
    assert state["ConsoleRestrictions"]["AccessRestricted"] is True
    assert state["ConsoleRestrictions"]["IpWhitelist"] == ["198.51.100.7"]
    notified = state["NotificationSettings"]
    assert notified["EmailAddresses"] == "support@example.net"
    assert {"IPBlocked", "CallDenied", "EmergencyNumberDialed", "RequestAntiHacked"} <= set(notified["NotifyCodes"])
    assert state["MailSettings"]["MailServer"] == "mail.example.net"
    away = {number for site in declared["remote_sites"] for number in site.get("extensions", ())}
    for number in (extension["number"] for extension in declared["extensions"]):
        user = pbx.user(number)
        assert user["AllowLanOnly"] is (number not in away), number
        assert user["BlockTunnel"] is (number not in away), number
        assert (user["SRTPMode"] == "SRTPEnforced") is (number in away), number
        assert not user["VMDisablePinAuth"], number
    allowed = [row for row in state["Blocklist"] if row["BlockType"] == "Allow"]
    assert not [row for row in allowed if row["Description"].startswith("voipsec:")], "no guard is left behind"


def test_phones_take_every_setting_and_obey_nobody_else(hardened: CustomerSite, fetched: list[FetchReport]) -> None:
    assert len(fetched) == PHONES
    for report in fetched:
        assert report.aborted is None
        assert report.updated
        assert not report.ignored
        assert not report.refused
    for phone in hardened.phones:
        assert phone.answers_invite(STRANGER, "201") != "ring"
        assert phone.on_notify(STRANGER, "check-sync;reboot=true") not in ("reboot", "provision")
        assert not phone.web_login("admin", "admin")
        assert not phone.web_login("user", "user")
        assert not phone.action_uri(STRANGER)


def test_phones_that_download_again_change_nothing(hardened: CustomerSite, third: Rerun) -> None:
    assert not any(report.updated for report in hardened.sync_phones())


def test_files_with_secrets_are_private(hardened: CustomerSite) -> None:
    assert stat.S_IMODE(hardened.credentials_file.stat().st_mode) == 0o600
    assert hardened.credentials_file.read_bytes().startswith(b"$ANSIBLE_VAULT")
    for path in hardened.provisioning_directory.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0, path.name
