# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A booted Debian as provisioning server in a network of its own, and who knocks at it from where."""

from __future__ import annotations

import base64
import json
import shlex
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import testinfra
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    CredentialStore,
    serialise,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import phone_password, phone_path
from lab.debian_host import DebianHost
from lab.https_client import Answer, Request
from lab.net.namespaces import Namespaces, python_module
from lab.phones import Phone
from lab.playbook import PlaybookRun, run_playbook

HOST, SERVER = "prov.example.net", "192.0.2.1"
PLACES = {
    "office": "192.0.2.10",
    "branch": "192.0.2.20",
    "depot": "192.0.2.30",
    "management": "198.51.100.7",
    "stranger": "203.0.113.66",
}
"""All but the stranger are declared. In the office are only phones that are set up; management is never shut out."""
A, B = "805ec0aabbcc", "001565ddeeff"
"""The second begins with zeros: as Yealink's older addresses do."""
UNKNOWN = "805ec0999999"
SITE_SECRET = "ProvisioningSecretOfTheSite4711"
SIP_PASSWORDS = {A: "SipPassword=aabbcc#4711", B: "SipPassword=ddeeff#4711"}
SETS = "/srv/yealink-provisioning"
LOG = "/var/log/nginx/yealink-provisioning.log"
QUARANTINE = "/var/lib/yealink-provisioning/quarantine"
DECLARATION = """\
- name: What the role says to a declaration
  hosts: all
  gather_facts: false
  tasks:
    - name: Look at it
      ansible.builtin.import_role:
        name: voipsec.hardening.yealink_provisioning
        tasks_from: settings.yml
"""
PLAYBOOK = """\
- name: The role
  hosts: all
  gather_facts: {gather_facts}
  roles:
    - role: voipsec.hardening.yealink_provisioning
- name: What it said
  hosts: all
  gather_facts: false
  tasks:
    - name: Summary
      ansible.builtin.debug:
        msg: "{{{{ yealink_provisioning_result.lines }}}}"
    - name: The authority
      ansible.builtin.copy:
        content: "{{{{ yealink_provisioning_result.ca_certificate }}}}"
        dest: "{ca}"
        mode: "0600"
      delegate_to: localhost
      vars: {{ansible_connection: local}}
      when: yealink_provisioning_result.ca_certificate != ""
      check_mode: false
      changed_when: false
"""


def wait_for(what: str, condition: Callable[[], Any], timeout: float = 20.0) -> Any:
    """What the condition returns, as soon as that is something."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {timeout:.0f} s: {what}")


def lay_wires(spaces: Namespaces) -> None:
    """The server's namespace, and one for each place, on a wire of its own to it."""
    spaces.add("host")
    spaces.ip("host", f"address add {SERVER}/32 dev lo")
    for number, (place, address) in enumerate(PLACES.items()):
        spaces.add(place)
        spaces.ip("host", f"link add to{number} type veth peer name eth0 netns {{{place}}}", f"link set to{number} up")
        spaces.ip("host", f"route add {address}/32 dev to{number}")
        spaces.ip(place, f"address add {address}/32 dev eth0", "link set eth0 up", f"route add {SERVER}/32 dev eth0")


class ProvisioningHost:
    """The host, the runs of the role on it, and requests to it."""

    def __init__(self, machine: DebianHost, spaces: Namespaces, folder: Path) -> None:
        self.machine = machine
        self.spaces = spaces
        self.folder = folder
        self.ca_file = folder / "ca.crt"
        config = folder / "ssh_config"
        config.write_text(machine.ssh_config(keep_open=True))
        self.inside = testinfra.get_host("ssh://pbx", ssh_config=str(config), sudo=True)
        (folder / "vault-password").write_text("vault password of the test")
        self.write_vault(SITE_SECRET)
        self.outputs: list[str] = []

    def write_vault(self, site_secret: str) -> None:
        """The customer's credentials file."""
        vault = VaultLib(secrets=[("default", VaultSecret(b"vault password of the test"))])
        (self.folder / "credentials.vault.txt").write_bytes(
            vault.encrypt(serialise(CredentialStore({}, Secret(site_secret))))
        )

    def play(
        self,
        variables: Mapping[str, Any],
        *arguments: str,
        hosts: Mapping[str, Mapping[str, Any]] | None = None,
        gather_facts: bool = True,
    ) -> PlaybookRun:
        """Run the role as an installer would, at the highest verbosity.

        ``hosts`` are other names for the same machine, each with variables of its own.
        """
        connection = self.machine.inventory_variables()
        entries = {name: {**connection, **own} for name, own in (hosts or {"prov": {}}).items()}
        inventory, playbook = self.folder / "hosts.yml", self.folder / "provisioning.yml"
        inventory.write_text(yaml.safe_dump({"all": {"hosts": entries, "vars": dict(variables)}}))
        playbook.write_text(PLAYBOOK.format(gather_facts=str(gather_facts).lower(), ca=self.ca_file))
        vault = ["--vault-password-file", str(self.folder / "vault-password")]
        run = run_playbook(self.folder, ["-i", str(inventory), *vault, *arguments, str(playbook)])
        self.outputs.append(run.output)
        return run

    def look(self, hosts: Mapping[str, Mapping[str, Any]], variables: Mapping[str, Any]) -> PlaybookRun:
        """Let the role look at declarations, each as a host, without going anywhere."""
        inventory, playbook = self.folder / "declarations.yml", self.folder / "declaration.yml"
        entries = {name: {"ansible_connection": "local", **own} for name, own in hosts.items()}
        inventory.write_text(yaml.safe_dump({"all": {"hosts": entries, "vars": dict(variables)}}))
        playbook.write_text(DECLARATION)
        return run_playbook(self.folder, ["-i", str(inventory), str(playbook)])

    def ask(self, place: str, *requests: Request, together: int = 1, until_unanswered: bool = False) -> list[Answer]:
        """The answers that requests from a place get, in order."""
        more = ["--until-unanswered"] if until_unanswered else ["--together", str(together)]
        text = json.dumps([asdict(request) for request in requests])
        answers = self.spaces.run(place, *python_module("lab.https_client", *more), stdin=text, timeout=120)
        return [Answer(**answer) for answer in json.loads(answers)]

    def statuses(self, place: str, *requests: Request) -> list[int]:
        """Their statuses."""
        return [answer.status for answer in self.ask(place, *requests)]

    def request(self, path: str, mac: str | None = None, **options: Any) -> Request:
        """A request with the credentials of a phone, or without."""
        own = {"user": mac, "password": phone_password(SITE_SECRET, mac)} if mac else {}
        return Request(**{"address": SERVER, "port": 443, "path": path, "name": HOST, **own, **options})

    def sync(self, place: str, phones: Iterable[Mapping[str, Any]], url: str, state: str) -> list[dict[str, Any]]:
        """Let simulated phones fetch from a place: their reports."""
        folder = self.folder / state
        folder.mkdir(exist_ok=True)
        (folder / "phones.json").write_text(json.dumps(list(phones)))
        command = ["--phones", str(folder / "phones.json"), "--url", url, "--built-in-ca", str(self.ca_file)]
        command += ["--state-dir", str(folder), "--resolve", f"{HOST}={SERVER}:443", "--report", str(folder / "report")]
        argv = python_module("lab.phones", "sync", *command)
        self.spaces.run(place, "sh", "-c", f"{shlex.join(argv)} || true", timeout=120)
        return list(json.loads((folder / "report").read_text()))

    def change_by_hand(self, mac: str, state: str, name: str, value: str) -> None:
        """Somebody changes a setting at a simulated phone."""
        phone = Phone.load(self.folder / state, mac)
        phone.set_locally(name, value)
        phone.save(self.folder / state)

    def serve(self, name: str, files: Mapping[str, str]) -> None:
        """Make another set of files and switch to it, as yealink_config does."""
        folder = f"{SETS}/sets/{name}"
        self.inside.check_output(f"install -d -m 0750 -o root -g www-data {folder}")
        for file, text in files.items():
            self.put(f"{folder}/{file}", text)
        self.inside.check_output(f"chown root:www-data {folder}/*; chmod 0640 {folder}/*")
        self.inside.check_output(f"ln -s sets/{name} {SETS}/next; mv -T {SETS}/next {SETS}/current")

    def put(self, path: str, content: str) -> None:
        """Write a file."""
        self.machine.inside(f"cat >{shlex.quote(path)}", content)

    def log(self) -> list[dict[str, Any]]:
        """The access log."""
        return [json.loads(line) for line in self.inside.file(LOG).content_string.splitlines()]

    def banned(self, jail: str = "yealink-provisioning") -> list[str]:
        """Who is shut out now."""
        return self.inside.check_output(f"fail2ban-client get {jail} banip").split()

    def lines(self, folder: str) -> list[str]:
        """What ``find`` tells of a folder: mode, owner and group, and path below it."""
        return sorted(self.inside.check_output(f"find {folder} -printf '%m %u:%g %P\\n'").splitlines())

    def packages(self) -> set[str]:
        """All packages that are installed, or have left configuration behind."""
        return set(self.inside.check_output("dpkg-query --show --showformat '${Package}\\n'").split())

    def files(self) -> set[str]:
        """Every file where the role could write."""
        found = (
            "find /etc /usr/local /var/lib /var/log /srv -xdev ! -path '/var/log/apt/*' ! -path '/var/log/journal/*'"
        )
        return set(self.inside.check_output(found).splitlines())


def phone_entry(mac: str, method: str = "phone_password") -> dict[str, Any]:
    """A phone as an installer sets it up: it checks the chain and the name, and uploads what is changed by hand."""
    return {"mac": mac, "model": "T46U", "firmware": "108.86.0.118", "settings": first_settings(mac, method)}


def first_settings(mac: str, method: str) -> dict[str, str]:
    """What is typed in at the phone, and stands in its files too."""
    settings = {
        "static.security.trust_certificates": "1",
        "static.security.cn_validation": "1",
        "static.auto_provision.custom.protect": "1",
        "static.auto_provision.custom.sync": "1",
    }
    if method == "phone_password":
        settings["static.auto_provision.server.username"] = mac
        settings["static.auto_provision.server.password"] = phone_password(SITE_SECRET, mac)
    return settings


def phone_files(mac: str, method: str = "phone_password") -> dict[str, str]:
    """What a phone fetches."""
    account = {"enable": "1", "user_name": "201", "password": SIP_PASSWORDS[mac]}
    settings = {**first_settings(mac, method), **{f"account.1.{name}": value for name, value in account.items()}}
    head = "#!version:1.0.0.1\n"
    return {
        f"{mac}.boot": f'{head}include:config "{mac}.cfg"\noverwrite_mode = 1\n',
        f"{mac}.cfg": head + "".join(f"{name} = {value}\n" for name, value in settings.items()),
    }


def secrets() -> list[str]:
    """What may stand in no log and in no output."""
    derived = [derive(SITE_SECRET, mac) for mac in (A, B) for derive in (phone_password, phone_path)]
    sent = [base64.b64encode(f"{mac}:{phone_password(SITE_SECRET, mac)}".encode()).decode() for mac in (A, B)]
    return [SITE_SECRET, *SIP_PASSWORDS.values(), *derived, *sent]
