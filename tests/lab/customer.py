# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole simulated customer site: the declared router, phones and, with root, PBX host, all on loopback.

The customer's inventory is copied as it is; a second inventory, written here, leads Ansible to the simulated devices.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import yaml

from lab.debian_host import DebianHost
from lab.drayos import SimulatedVigor
from lab.drayos.fixtures import lived_in_state
from lab.drayos.posture import Probe
from lab.phone_systems import KINDS
from lab.phones import FetchReport, Phone
from lab.pki import make_pki
from lab.playbook import ROOT, PlaybookRun, run_playbook
from lab.provisioning_server import ProvisioningServer

DEMO = ROOT / "inventories" / "demo"
STRANGER = "198.51.100.250"
ROUTER_USER = "admin"


class CustomerSite:
    """``with CustomerSite(folder) as site: site.playbook("site.yml")``."""

    def __init__(
        self,
        folder: Path,
        inventory: Path = DEMO,
        *,
        pbx_host: DebianHost | None = None,
        product: str = "threecx",
        firmware: str | None = None,
    ) -> None:
        """``product``: the PBX, as the declaration names it; ``firmware``: what it runs, the lab's choice without."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.inventory = folder / "inventory"
        shutil.copytree(inventory, self.inventory)
        if product != "threecx":
            exchange_pbx(self.inventory, product)
        self.declared = load_declaration(self.inventory)
        self.served = folder / "www"
        self.provisioning_directory = self.served / urlsplit(self.declared["provisioning"]["url"]).path.strip("/")
        self.credentials_file = self.inventory / "credentials.vault.txt"
        self.vault_password_file = folder / "vault-password"
        self.overlay = folder / "simulated" / "hosts.yml"
        self.router_password = secrets.token_urlsafe(12)
        self.pbx_host = pbx_host
        self.router = SimulatedVigor(
            "vigor2927",
            ROUTER_USER,
            self.router_password,
            lived_in_state("vigor2927", self.declared["pbx"]["address"]),
            probes=probes(self.declared),
            open_ports=forwarded(self.declared),
            log_path=folder / "router.log.jsonl",
        )
        version = [firmware] if firmware else []
        self.switchboard = KINDS[product](folder / "phone-system", self.declared, *version)
        self.phone_system = self.switchboard.device
        self.phone_system.on_reprovision = self.phone_is_told
        self.phones: list[Phone] = []
        self.provisioning: ProvisioningServer | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> CustomerSite:
        self.provisioning_directory.mkdir(parents=True)
        self.overlay.parent.mkdir(parents=True)
        write_private(self.vault_password_file, secrets.token_urlsafe(24))
        self._stack.enter_context(self.router)
        self._stack.enter_context(self.phone_system)
        url = urlsplit(self.declared["provisioning"]["url"])
        pki = make_pki(self.folder / "pki", names=(str(url.hostname), "localhost"))
        self.provisioning = self._stack.enter_context(
            ProvisioningServer(self.served, pki, log=self.folder / "provisioning.log.jsonl")
        )
        for entry in self.declared["extensions"]:
            phone = entry.get("phone")
            if phone:
                self.phones.append(
                    Phone(
                        phone["mac"],
                        phone["model"],
                        phone["firmware"],
                        built_in_cas=[pki.ca_file],
                        hosts={self.declared["pbx"]["server_name"]: [self.declared["pbx"]["address"]]},
                    )
                )
        self.write_overlay()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def write_overlay(self, extra: Mapping[str, Any] | None = None) -> None:
        """Where the simulated devices are. ``extra`` adds variables to every host."""
        common = dict(extra or {})
        hosts: dict[str, dict[str, Any]] = {
            "router": {
                **common,
                "ansible_host": self.router.host,
                "ansible_port": self.router.port,
                "ansible_user": ROUTER_USER,
                "ansible_password": self.router_password,
            },
            "phone_system": {**common, **self.switchboard.variables()},
            "provisioning": {
                **common,
                "yealink_provisioning_directory": str(self.provisioning_directory),
                "yealink_sync_access_log": str(self.folder / "provisioning.log.jsonl"),
                # These phones have no network of their own; the simulated PBX tells them.
                "yealink_sync_via": "none",
                "yealink_sync_wait": 0,
            },
            # The machine that the lab runs on may be smaller than a PBX host.
            "pbx": {**common, "antivirus_accept_low_memory": True},
        }
        if self.pbx_host is not None:
            hosts["pbx"].update(self.pbx_host.inventory_variables())
        write_private(self.overlay, yaml.safe_dump({"all": {"hosts": hosts}}))

    def playbook(self, name: str, *arguments: str, echo: bool = False) -> PlaybookRun:
        """Run one of the collection's playbooks for this customer."""
        return run_playbook(self.folder, [*self.arguments(), *arguments, str(ROOT / "playbooks" / name)], echo=echo)

    def arguments(self) -> list[str]:
        """What every ansible-playbook of this customer is started with."""
        arguments = ["-i", str(self.inventory), "-i", str(self.overlay)]
        arguments += ["--vault-password-file", str(self.vault_password_file)]
        return arguments if self.pbx_host is not None else [*arguments, "--limit", "!pbx_hosts"]

    def enrol(self) -> PlaybookRun:
        """The explicit step that trusts the router's host key, with its fingerprint compared."""
        fingerprint = self.router.host_key.get_fingerprint("sha256")
        return self.playbook("enrol.yml", "-e", f"enrol_fingerprint={fingerprint}")

    def phone_is_told(self, mac: str) -> None:
        """The PBX tells a phone to fetch its configuration; it does, and registers with what it has then."""
        phone = next((each for each in self.phones if each.mac == mac), None)
        if phone is None:
            return
        self.fetch(phone)
        self.register(phone)

    def register(self, phone: Phone) -> bool:
        """The phone registers its account with the PBX, from where it stands."""
        entry = next(each for each in self.declared["extensions"] if (each.get("phone") or {}).get("mac") == phone.mac)
        place = int(entry["number"][-2:])
        address = f"192.168.10.{100 + place}"
        for site in self.declared["remote_sites"]:
            if entry["number"] in site["extensions"]:
                address = str(next(iter(ipaddress.IPv4Network(site["address"]))))
        auth_id = phone.effective("account.1.auth_name") or ""
        return self.switchboard.register(entry["number"], auth_id, phone.sip_password(1), address, phone.mac)

    def sync_phones(self) -> list[FetchReport]:
        """Every phone fetches its configuration now."""
        return [self.fetch(phone) for phone in self.phones]

    def fetch(self, phone: Phone) -> FetchReport:
        """One phone fetches its configuration now."""
        if self.provisioning is None:
            raise RuntimeError("the site is not up")
        url = self.declared["provisioning"]["url"]
        place = (self.provisioning.address, self.provisioning.port)
        return phone.sync(url, resolver={str(urlsplit(url).hostname): place})


def exchange_pbx(inventory: Path, product: str) -> None:
    """The same customer with another PBX."""
    path = inventory / "hosts.yml"
    hosts = yaml.safe_load(path.read_text())
    host = hosts["all"]["children"].pop("threecx")["hosts"]["phone_system"]
    kept = {name: value for name, value in host.items() if not name.startswith("threecx_")}
    hosts["all"]["children"]["yeastar"] = {"hosts": {"phone_system": kept}}
    path.write_text(yaml.safe_dump(hosts))
    for path in sorted((inventory / "group_vars" / "all").glob("*.yml")):
        variables = yaml.safe_load(path.read_text()) or {}
        if "pbx" in variables:
            variables["pbx"]["product"] = product
            path.write_text(yaml.safe_dump(variables))


def load_declaration(inventory: Path) -> dict[str, Any]:
    """The customer's variables, as plain data."""
    declared: dict[str, Any] = {}
    for path in sorted((inventory / "group_vars" / "all").glob("*.yml")):
        declared.update(yaml.safe_load(path.read_text()) or {})
    return declared


def forwarded(declared: Mapping[str, Any]) -> list[tuple[str, int | tuple[int, int], str]]:
    """What the administrator before us forwarded to the PBX, besides SIP: secure SIP and audio."""
    pbx = declared["pbx"]
    first, _dash, last = str(pbx["rtp_ports"]).partition("-")
    return [("tcp", pbx["tls_port"], pbx["address"]), ("udp", (int(first), int(last)), pbx["address"])]


def probes(declared: Mapping[str, Any]) -> Sequence[Probe]:
    """Packets from the internet whose fate the simulated router reports: a stranger's and each declared peer's."""
    pbx = declared["pbx"]
    sip = pbx.get("sip_ports", [5060, 5061])
    media = int(str(pbx["rtp_ports"]).split("-", maxsplit=1)[0])
    found = [Probe(f"stranger {proto}/{port}", STRANGER, proto, port) for port in sip for proto in ("udp", "tcp")]
    found.append(Probe(f"stranger udp/{media}", STRANGER, "udp", media))
    for provider in declared["trunk_providers"]:
        source = str(next(iter(ipaddress.IPv4Network(provider["signalling"][0]))))
        found += [Probe(f"{provider['name']} udp/{port}", source, "udp", port) for port in provider["ports"]]
    for site in declared["remote_sites"]:
        source = str(next(iter(ipaddress.IPv4Network(site["address"]))))
        found.append(Probe(f"{site['name']} tcp/{pbx['tls_port']}", source, "tcp", pbx["tls_port"]))
    return found


def write_private(path: Path, text: str) -> None:
    """A file that only its owner reads."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
