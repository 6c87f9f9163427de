# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provisioning server, a PBX that relays, running phones, and yealink_sync between them."""

from __future__ import annotations

import contextlib
import itertools
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Outcome, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker, Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    CredentialStore,
    Entry,
    ExtensionSecrets,
    serialise,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.sync import CORE
from lab.phones import Phone, SipPhone
from lab.pki import Pki
from lab.provisioning_server import ProvisioningServer
from lab.sip_relay import SipRelay

HOST = "prov.example.net"
MAC, OTHER = "805ec0aabbcc", "805ec0aabbdd"
AUTH, PASSWORD = "AuthName4711", "SipPassword=4711#x"
HARD = {"sip.trust_ctrl": "1", "features.direct_ip_call_enable": "0", "sip.notify_reboot_enable": "0"}
FACTORY: dict[str, str] = {}


class Site:
    """A provisioning server with its files and log, a PBX, phones, and the task."""

    def __init__(self, folder: Path, pki: Pki, stack: contextlib.ExitStack) -> None:
        self.directory, self.log = folder / "phones", folder / "access.log"
        self.directory.mkdir()
        self.pki = pki
        self.stack = stack
        self.server = stack.enter_context(ProvisioningServer(self.directory, pki, log=self.log))
        self.pbx = stack.enter_context(
            SipRelay({"201": (AUTH, PASSWORD), "202": (AUTH, PASSWORD)}, tls=server_context(pki, "server"))
        )
        self.warnings: list[str] = []
        self.labels = itertools.count(1)

    def phone(
        self, number: str = "201", mac: str = MAC, *, settings: dict[str, str] = HARD, **options: Any
    ) -> SipPhone:
        """A running phone that the PBX knows, and a file for it."""
        account = {
            "account.1.enable": "1",
            "account.1.user_name": number,
            "account.1.auth_name": AUTH,
            "account.1.password": PASSWORD,
            "account.1.sip_server.1.address": "pbx.example.net",
            "account.1.sip_server.1.port": str(self.pbx.ports["udp"]),
        }
        phone = Phone(
            mac,
            "T46U",
            "108.86.0.118",
            settings={**account, **settings},
            built_in_cas=[self.pki.ca_file],
            hosts={"pbx.example.net": [self.pbx.address, "127.0.0.1"]},
        )
        options = {"registers": False, **options}
        resolver = {HOST: (self.server.address, self.server.port)}
        side = self.stack.enter_context(SipPhone(phone, resolver=resolver, url=self.server.url(HOST), **options))
        self.pbx.bindings[number] = ("127.0.0.1", side.port)
        self.write(mac)
        return side

    def write(self, mac: str = MAC) -> None:
        """The phone's file changes."""
        text = f"#!version:1.0.0.1\naccount.1.label = label {next(self.labels)}\nsip.notify_reboot_enable = 0\n"
        (self.directory / f"{mac}.cfg").write_text(text)

    def arguments(self, *sides: SipPhone, **options: Any) -> dict[str, Any]:
        """The task's arguments."""
        phones = [
            {"number": side.phone.sip_accounts()[0].user, "mac": side.phone.mac, "address": "127.0.0.1", "port": port}
            for side in sides
            for port in [side.port]
        ]
        common = {"phones": phones, "directory": str(self.directory), "access_log": str(self.log), "wait": 10}
        return {**common, "poll": 0.05, "stagger": 0, "timeout": 5, **self.through(), **options}

    def through(self, transport: str = "udp") -> dict[str, Any]:
        """Arguments of a task that goes through the PBX."""
        return {"via": "pbx", "pbx": self.pbx.address, "pbx_port": self.pbx.ports[transport], "transport": transport}

    def sync(self, *sides: SipPhone, check: bool = False, **options: Any) -> Outcome:
        """Run the task."""
        validated = ArgumentSpecValidator(CORE.argument_spec).validate(self.arguments(*sides, **options))
        assert not validated.error_messages
        context = RunContext(check, Masker(), self.warnings.append)
        return CORE.run(validated.validated_parameters, context)


def straight() -> dict[str, Any]:
    return {"via": "phone", "pbx": None, "pbx_port": None}


def bundle(user: str = AUTH, password: str = PASSWORD, number: str = "201") -> str:
    """What the controller hands over."""
    return json.dumps({number: {"user": user, "password": password}})


@contextlib.contextmanager
def meanwhile(action: Callable[[], object]) -> Iterator[None]:
    """Something that happens while the task runs; what goes wrong in it fails the test."""
    problems: list[BaseException] = []

    def act() -> None:
        try:
            action()
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=act)
    thread.start()
    yield
    thread.join(30)
    assert not problems, problems


def server_context(pki: Pki, kind: str) -> ssl.SSLContext:
    """For a server with one of the lab's certificates."""
    pair = pki.certificate(kind)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    return context


def write_credentials(folder: Path, *numbers: str) -> Path:
    """The customer's credentials file, encrypted with the password in the file beside it."""
    (folder / "vault-password").write_text("vault password of the test")
    current = ExtensionSecrets(
        auth_id=Secret(AUTH),
        sip_password=Secret(PASSWORD),
        voicemail_pin=Secret("482915"),
        phone_admin_password=Secret("AdminPassword4711"),
        phone_user_password=Secret("UserPassword4711"),
    )
    book = CredentialStore({number: Entry(1, current) for number in numbers}, Secret("ProvisioningPassword4711"))
    vault = VaultLib(secrets=[("default", VaultSecret(b"vault password of the test"))])
    file = folder / "credentials.vault.txt"
    file.write_bytes(vault.encrypt(serialise(book)))
    return file
