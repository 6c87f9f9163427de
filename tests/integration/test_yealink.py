# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yealink_config's promises, kept by simulated phones that fetch its files over HTTPS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.testing import patch_module_args
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Outcome, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker, Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    CredentialStore,
    Entry,
    ExtensionSecrets,
    serialise,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import CORE
from ansible_collections.voipsec.hardening.plugins.modules import yealink_config
from lab.phones import FetchReport, Phone
from lab.pki import Pki, make_pki
from lab.playbook import run_playbook
from lab.provisioning_server import ProvisioningServer

MAC = "805ec0aabbcc"
PBX, STRANGER = "192.0.2.1", "198.51.100.9"
HOST = "prov.example.net"
SECRETS = {
    "auth_id": "AuthName4711",
    "sip_password": "SipPassword=4711#x",
    "admin_password": "AdminPassword4711",
    "user_password": "UserPassword4711",
}
PROVISIONING_PASSWORD = "ProvisioningPassword4711"
MODELS = [
    ("T46U", "108.86.0.118"),
    ("T46S", "66.84.0.15"),
    ("T48S", "66.83.0.35"),
    ("T46G", "28.82.0.20"),
    ("T46G", "28.81.0.25"),
    ("T46G", "28.80.0.95"),
    ("T46G", "28.73.0.50"),
    ("T28P", "2.70.0.140"),
    ("W60B", "77.85.0.20"),
    ("W70B", "146.87.188.1"),
]


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """An authority and the provisioning server's certificates."""
    return make_pki(tmp_path_factory.mktemp("pki"), names=(HOST,))


class Site:
    """A served directory, the module that fills it, and phones that fetch from it."""

    def __init__(self, folder: Path, pki: Pki) -> None:
        self.directory = folder / "phones"
        self.directory.mkdir(mode=0o750)
        self.pki = pki
        self.server = ProvisioningServer(self.directory, pki, credentials=("phones", PROVISIONING_PASSWORD))

    def phone(self, model: str, firmware: str) -> Phone:
        """A phone whose installer typed in the server's credentials."""
        static = "static." if int(firmware.split(".")[1]) >= 81 else ""
        typed = {
            f"{static}auto_provision.server.username": "phones",
            f"{static}auto_provision.server.password": PROVISIONING_PASSWORD,
        }
        authority = [self.pki.ca_file]
        return Phone(MAC, model, firmware, settings=typed, built_in_cas=authority, hosts={"pbx.example.net": [PBX]})

    def sync(self, phone: Phone, url: str | None = None) -> FetchReport:
        """One fetch; without ``url`` from where the phone was told to."""
        return phone.sync(url, resolver={HOST: (self.server.address, self.server.port)})

    def declared(self, model: str, firmware: str, **settings: Any) -> dict[str, Any]:
        """The phone as the task declares it."""
        account = {"number": "201", "server": "pbx.example.net", "port": 5061, "transport": "tls", "srtp": "compulsory"}
        return {
            "mac": MAC,
            "model": model,
            "firmware": firmware,
            "outside_lan": True,
            "accounts": [account],
            "provisioning": {"url": self.server.url(HOST), "username": "phones"},
            "settings": settings,
        }

    def write(self, *phones: dict[str, Any], **options: Any) -> Outcome:
        """Run the task."""
        bundle = {"extensions": {"201": SECRETS}, "provisioning_password": PROVISIONING_PASSWORD}
        arguments = {"phones": list(phones), "directory": str(self.directory), "credentials": json.dumps(bundle)}
        validated = ArgumentSpecValidator(CORE.argument_spec).validate({**arguments, **options})
        return CORE.run(validated.validated_parameters, RunContext(False, Masker(), lambda _text: None))


@pytest.fixture
def site(tmp_path: Path, pki: Pki) -> Iterator[Site]:
    """A site whose provisioning server runs."""
    made = Site(tmp_path, pki)
    with made.server:
        yield made


@pytest.mark.parametrize(("model", "firmware"), MODELS)
def test_a_phone_of_each_firmware_becomes_hardened(site: Site, model: str, firmware: str) -> None:
    phone = site.phone(model, firmware)
    assert phone.answers_invite(STRANGER, "201") == "ring", "a phone from the box is open"
    assert phone.web_login("admin", "admin")
    site.write(site.declared(model, firmware))
    report = site.sync(phone, site.server.url(HOST))
    assert report.aborted is None
    assert report.refused == []
    assert phone.answers_invite(STRANGER, "201") == "drop"
    assert phone.answers_invite(PBX, "201") == "ring"
    assert phone.on_notify(STRANGER, "check-sync;reboot=true") == "drop"
    assert phone.on_notify(PBX, "check-sync") == "provision"
    assert phone.on_notify(PBX, "check-sync;reboot=true") == "reboot"
    assert not phone.action_uri(PBX)
    assert phone.web_schemes() == ("https",)
    assert not phone.web_login("admin", "admin")
    assert not phone.web_login("user", "user")
    assert phone.web_login("admin", SECRETS["admin_password"])
    assert phone.web_login("user", SECRETS["user_password"])
    (account,) = phone.sip_accounts()
    assert (account.user, account.auth_name, account.server) == ("201", SECRETS["auth_id"], "pbx.example.net")
    assert (account.transport, account.port, account.srtp) == ("tls", 5061, "compulsory")
    assert phone.sip_password(1) == SECRETS["sip_password"]


@pytest.mark.parametrize(("model", "firmware"), [pair for pair in MODELS if int(pair[1].split(".")[1]) >= 81])
def test_current_firmware_knows_every_name(site: Site, model: str, firmware: str) -> None:
    site.write(site.declared(model, firmware))
    assert site.sync(site.phone(model, firmware), site.server.url(HOST)).ignored == []


@pytest.mark.parametrize(("model", "firmware"), MODELS)
def test_a_second_run_and_a_second_fetch_do_nothing(site: Site, model: str, firmware: str) -> None:
    phone = site.phone(model, firmware)
    site.write(site.declared(model, firmware))
    assert site.sync(phone, site.server.url(HOST)).updated
    assert not site.write(site.declared(model, firmware)).changed
    again = site.sync(phone)
    assert again.aborted is None, "the phone found the server by itself"
    assert not again.updated
    assert phone.reboots == 1


@pytest.mark.parametrize(
    ("settings", "reboots"),
    [
        ({"features.relog_offtime": 10}, False),
        ({"account.1.label": "Desk"}, False),
        ({"static.network.vlan.internet_port_vid": 20}, True),
        ({"static.network.port.https": 8443}, True),
    ],
)
def test_the_prediction_of_reboots_comes_true(site: Site, settings: dict[str, Any], reboots: bool) -> None:
    phone = site.phone("T46U", "108.86.0.118")
    site.write(site.declared("T46U", "108.86.0.118"))
    site.sync(phone, site.server.url(HOST))
    for declared in (site.declared("T46U", "108.86.0.118", **settings), site.declared("T46U", "108.86.0.118")):
        outcome = site.write(declared)
        assert outcome.result["rebooting"] == ([MAC] if reboots else [])
        report = site.sync(phone)
        assert report.changed == outcome.result["phones"][0]["changed_parameters"]
        assert report.rebooted is reboots


def test_a_change_by_hand_is_undone_when_the_declaration_changes(site: Site) -> None:
    phone = site.phone("T46U", "108.86.0.118")
    site.write(site.declared("T46U", "108.86.0.118"))
    site.sync(phone, site.server.url(HOST))
    phone.set_locally("sip.trust_ctrl", "0")
    phone.set_locally("account.2.enable", "1")
    assert phone.answers_invite(STRANGER, "201") != "drop"
    site.write(site.declared("T46U", "108.86.0.118", **{"features.relog_offtime": 6}))
    site.sync(phone)
    assert phone.answers_invite(STRANGER, "201") == "drop"
    assert phone.effective("account.2.enable") == "0"


def test_the_phone_refuses_a_server_under_another_name(site: Site) -> None:
    phone = site.phone("T46U", "108.86.0.118")
    site.write(site.declared("T46U", "108.86.0.118"))
    site.sync(phone, site.server.url(HOST))
    site.server.use_certificate("wrong-name")
    assert "TLS" in (site.sync(phone).aborted or "")


def test_names_of_other_firmware_would_be_ignored(site: Site) -> None:
    """Why the firmware is declared: the simulated phone shows what a wrong declaration does."""
    phone = site.phone("T46G", "28.73.0.50")
    site.write(site.declared("T46G", "28.86.0.1"))
    report = site.sync(phone, site.server.url(HOST))
    assert "sip.trust_ctrl" in report.ignored
    assert phone.answers_invite(STRANGER, "201") != "drop"


def test_on_another_host_it_runs_as_a_module_and_shows_no_secret(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """Short secrets too: 201 is an auth_id here and must not be masked where it is the extension's number."""
    short = {**SECRETS, "auth_id": "201", "user_password": "u"}
    bundle = {"extensions": {"201": short}, "provisioning_password": PROVISIONING_PASSWORD}
    arguments = {
        "directory": str(site.directory),
        "phones": [site.declared("T46U", "108.86.0.118")],
        "credentials": json.dumps(bundle),
    }
    with patch_module_args({**arguments, "_ansible_diff": True}), pytest.raises(SystemExit) as end:
        yealink_config.main()
    shown = capsys.readouterr().out
    result = json.loads(shown)
    assert end.value.code == 0
    assert result["changed"]
    assert result["phones"][0]["extensions"] == ["201"]
    assert [secret for secret in (*SECRETS.values(), PROVISIONING_PASSWORD) if secret in shown] == []
    assert site.sync(site.phone("T46U", "108.86.0.118"), site.server.url(HOST)).ignored == []


def test_a_playbook_at_the_highest_verbosity_shows_no_secret(site: Site, tmp_path: Path) -> None:
    bundle = {"extensions": {"201": SECRETS}, "provisioning_password": PROVISIONING_PASSWORD}
    variables = tmp_path / "secret.json"
    variables.write_text(json.dumps({"bundle": json.dumps(bundle)}))
    task = {
        "voipsec.hardening.yealink_config": {
            "directory": str(site.directory),
            "credentials": "{{ bundle }}",
            "phones": [site.declared("T46U", "108.86.0.118")],
        }
    }
    play = tmp_path / "play.yml"
    play.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    arguments = ["-i", "localhost,", "-c", "local", "-e", f"@{variables}", str(play), "--diff", "-vvvv"]
    planned = run_playbook(tmp_path, [*arguments, "--check"])
    assert (planned.returncode, planned.changed) == (0, 1), planned.output
    assert list(site.directory.iterdir()) == []
    done = run_playbook(tmp_path, arguments)
    assert (done.returncode, done.changed) == (0, 1), done.output
    again = run_playbook(tmp_path, arguments)
    assert (again.returncode, again.changed) == (0, 0), again.output
    for secret in (*SECRETS.values(), PROVISIONING_PASSWORD):
        assert secret in (site.directory / f"{MAC}.cfg").read_text()
        assert [run for run in (planned, done, again) if secret in run.output] == []
    report = site.sync(site.phone("T46U", "108.86.0.118"), site.server.url(HOST))
    assert report.rebooted


LOCK_PIN = "86421357"


def write_credentials(folder: Path, *numbers: str) -> Path:
    """The customer's credentials file, encrypted with the password in the file beside it."""
    (folder / "vault-password").write_text("vault password of the test")
    current = ExtensionSecrets(
        auth_id=Secret(SECRETS["auth_id"]),
        sip_password=Secret(SECRETS["sip_password"]),
        voicemail_pin=Secret("482915"),
        phone_admin_password=Secret(SECRETS["admin_password"]),
        phone_user_password=Secret(SECRETS["user_password"]),
    )
    book = CredentialStore({number: Entry(1, current) for number in numbers}, Secret(PROVISIONING_PASSWORD))
    vault = VaultLib(secrets=[("default", VaultSecret(b"vault password of the test"))])
    file = folder / "credentials.vault.txt"
    file.write_bytes(vault.encrypt(serialise(book)))
    return file


def write_inventory(folder: Path, site: Site) -> Path:
    """A customer with two phones, one of them in a remote office."""
    phone = {"mac": MAC, "model": "T46U", "firmware": "108.86.0.118"}
    variables = {
        "credentials_file": str(folder / "credentials.vault.txt"),
        "yealink_secret_settings": {"phone_setting.phone_lock.unlock_pin": LOCK_PIN},
        "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": ["198.51.100.7/32"]},
        "pbx": {"address": "192.168.10.10", "server_name": "pbx.example.net", "rtp_ports": "9000-10999"},
        "provisioning": {"url": site.server.url(HOST), "username": "phones"},
        "trunk_providers": [{"name": "gamma", "signalling": ["203.0.113.0/26"], "ports": [5060], "transport": "udp"}],
        "remote_sites": [{"name": "ipswich", "address": "192.0.2.10", "extensions": ["202"], "transport": "tls"}],
        "extensions": [
            {"number": "201", "name": "Reception", "phone": phone},
            {"number": "202", "name": "Ipswich", "phone": {**phone, "mac": "805ec0ddeeff"}},
        ],
        "allowed_countries": ["GB"],
        "concurrent_calls": 12,
    }
    host = {"ansible_connection": "local", "yealink_provisioning_directory": str(site.directory)}
    file = folder / "inventory.yml"
    file.write_text(yaml.safe_dump({"all": {"hosts": {"provisioning": host}, "vars": variables}}))
    return file


def test_the_role_from_declaration_and_vault_to_hardened_phones(site: Site, tmp_path: Path) -> None:
    inventory = write_inventory(tmp_path, site)
    play = tmp_path / "play.yml"
    roles = ["voipsec.hardening.yealink"]
    play.write_text(yaml.safe_dump([{"hosts": "provisioning", "gather_facts": False, "roles": roles}]))
    password = tmp_path / "vault-password"
    arguments = ["-i", str(inventory), "--vault-password-file", str(password), str(play), "--diff", "-vvvv"]

    write_credentials(tmp_path, "201")
    missing = run_playbook(tmp_path, arguments)
    assert missing.returncode != 0
    assert "no phone credentials" in missing.output
    assert "extension 202" in missing.output
    assert list(site.directory.iterdir()) == []

    write_credentials(tmp_path, "201", "202")
    done = run_playbook(tmp_path, arguments)
    assert (done.returncode, done.changed) == (0, 1), done.output
    again = run_playbook(tmp_path, arguments)
    assert (again.returncode, again.changed) == (0, 0), again.output
    assert "[WARNING]" not in done.output + again.output
    shown = [*SECRETS.values(), PROVISIONING_PASSWORD, LOCK_PIN]
    assert [secret for secret in shown if secret in missing.output + done.output + again.output] == []

    reception = site.phone("T46U", "108.86.0.118")
    site.sync(reception, site.server.url(HOST))
    assert reception.answers_invite(STRANGER, "201") == "drop"
    assert reception.secret("phone_setting.phone_lock.unlock_pin") == LOCK_PIN
    (account,) = reception.sip_accounts()
    assert (account.transport, account.port, account.srtp) == ("udp", 5060, "off")
    assert "account.1.sip_server.1.transport_type = 2\n" in (site.directory / "805ec0ddeeff.cfg").read_text()
    assert "account.1.srtp_encryption = 2\n" in (site.directory / "805ec0ddeeff.cfg").read_text()
