# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes of new users under a real run of the whole site: each is refused by the check, and no device is reached."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.playbook import ROOT, PlaybookRun, run_playbook

SITE = """
site:
  name: bakery
  country: GB
  time_zone: Europe/London
  management: [198.51.100.7/32]
alerts:
  to: [support@example.net]
credentials_file: "{{ inventory_dir }}/credentials.vault.txt"
"""
NETWORK = """
pbx:
  address: 192.168.10.10
  server_name: pbx.bakery.example
  sip_ports: [5060, 5061]
  tls_port: 5061
  rtp_ports: "9000-10999"
  local_networks: [192.168.10.0/24]
  product: threecx
trunk_providers:
  - name: linnet
    signalling: [203.0.113.0/29]
    media: [203.0.113.64/26]
    ports: [5060]
    transport: udp
remote_sites:
  - name: branch
    address: 192.0.2.10
    extensions: ["202"]
    transport: tls
concurrent_calls: 8
barred_numbers: ["09", "070"]
allowed_countries: [GB, IE]
"""
PEOPLE = """
extensions:
  - {number: "201", name: Counter, phone: {mac: "805ec0c0ff01", model: T46U, firmware: "108.86.0.118"}}
  - {number: "202", name: Branch counter, phone: {mac: "805ec0c0ff02", model: T33G, firmware: "124.86.0.75"}}
provisioning:
  url: https://provision.bakery.example/yealink/
  username: phones
"""
HOSTS = """
all:
  hosts:
    provisioning:
      ansible_connection: local
      ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
      yealink_provisioning_directory: /srv/phones
  children:
    draytek:
      hosts:
        router:
          ansible_host: 127.0.0.1
          ansible_port: {port}
          ansible_user: admin
          ansible_password: "{{{{ vault_router_password }}}}"
    threecx:
      hosts:
        phone_system:
          ansible_host: 127.0.0.1
          ansible_port: {port}
          ansible_user: "900"
          ansible_password: "{{{{ vault_threecx_api_key }}}}"
"""
PASSWORDS = ["-e", "vault_router_password=hunter2-hunter2", "-e", "vault_threecx_api_key=hunter2-hunter2"]


class Customer:
    """An inventory folder whose devices are one listening socket, which nobody may call."""

    def __init__(self, folder: Path, listener: socket.socket) -> None:
        self.folder = folder
        self.listener = listener
        variables = folder / "group_vars" / "all"
        variables.mkdir(parents=True)
        for name, text in (("site", SITE), ("network", NETWORK), ("people", PEOPLE)):
            (variables / f"{name}.yml").write_text(text)
        (folder / "hosts.yml").write_text(HOSTS.format(port=listener.getsockname()[1]))

    def change(self, old: str, new: str) -> None:
        """Replace a text wherever it is in the inventory's files."""
        files = [self.folder / "hosts.yml", *(self.folder / "group_vars" / "all").iterdir()]
        before = [file.read_text() for file in files]
        assert any(old in text for text in before)
        for file, text in zip(files, before, strict=True):
            file.write_text(text.replace(old, new))

    def run(self, *arguments: str) -> PlaybookRun:
        """The whole site."""
        return run_playbook(
            self.folder.parent, ["-i", str(self.folder), str(ROOT / "playbooks" / "site.yml"), *arguments]
        )

    def was_reached(self) -> bool:
        """Whether anything has connected to a device."""
        self.listener.setblocking(False)
        try:
            self.listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def customer(tmp_path: Path) -> Iterator[Customer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Customer(tmp_path / "bakery", listener)


def refused(customer: Customer, lines: list[str], *arguments: str) -> None:
    run = customer.run(*(arguments or PASSWORDS))
    assert run.returncode != 0
    output = " ".join(run.output.split())
    assert [line for line in lines if output.count(line) != 1] == []
    assert f"declaration has {'1 problem' if len(lines) == 1 else f'{len(lines)} problems'}; no device" in output
    assert not customer.was_reached()
    assert "hunter2" not in run.output
    assert "Traceback" not in run.output


def test_numbers_without_quotes_are_refused_as_they_are_written(customer: Customer) -> None:
    customer.change('number: "201"', "number: 0201")
    customer.change('["09", "070"]', "[09, 070]")
    customer.change("concurrent_calls: 8", "concurrent_calls: 010")
    refused(
        customer,
        [
            'extensions[0].number: 0201 is read as 129 by YAML (people.yml, line 3); write it in quotes: "0201"',
            'barred_numbers[1]: 070 is read as 56 by YAML (network.yml, line 22); write it in quotes: "070"',
            "concurrent_calls: 010 is read as 8 by YAML (network.yml, line 21); write it without leading zeros",
        ],
    )


def test_names_that_are_nearly_ours_are_refused(customer: Customer) -> None:
    for old, new in (
        ("remote_sites:", "remote_site:"),
        ("concurrent_calls:", "max_calls:"),
        ("allowed_countries:", "allow_countries:"),
    ):
        customer.change(old, new)
    refused(
        customer,
        [
            "remote_site: there is no such variable, so it is not read; did you mean remote_sites?",
            "max_calls: there is no such variable, so it is not read; did you mean concurrent_calls?",
            "allow_countries: there is no such variable, so it is not read; did you mean allowed_countries?",
        ],
    )


def test_a_group_that_no_play_uses_is_refused(customer: Customer) -> None:
    customer.change("draytek:", "vigor:")
    refused(
        customer,
        ["hosts.yml: vigor: no play uses the group vigor, so router would be left out; did you mean draytek?"],
    )


def test_a_password_that_no_vault_holds_is_named(customer: Customer) -> None:
    refused(
        customer,
        [
            "hosts.yml: draytek host router: ansible_password: variable vault_router_password is not defined; "
            "add it to group_vars/all/vault.yml"
        ],
        *PASSWORDS[2:],
    )


def test_a_device_without_a_password_is_named(customer: Customer) -> None:
    customer.change('          ansible_password: "{{ vault_router_password }}"\n', "")
    refused(customer, ["hosts.yml: draytek host router: ansible_password: is not declared; add a password"])


def test_two_customers_are_not_mixed(customer: Customer, tmp_path: Path) -> None:
    other = Customer(tmp_path / "dentist", customer.listener)
    refused(
        customer,
        [
            f"-i: {customer.folder} and {other.folder} declare a site each, and their variables would be mixed; "
            "run one customer at a time"
        ],
        "-i",
        str(other.folder),
        *PASSWORDS,
    )


@pytest.mark.parametrize("configuration", [ROOT / "ansible.cfg", None])
def test_a_key_that_is_given_twice_is_refused(
    customer: Customer, configuration: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By ansible-core with our ansible.cfg, and by the check without."""
    if configuration is None:
        monkeypatch.setenv("ANSIBLE_DUPLICATE_YAML_DICT_KEY", "warn")
    customer.change("  time_zone: Europe/London", "  time_zone: Europe/London\n  country: IE")
    run = customer.run(*PASSWORDS)
    assert run.returncode != 0
    output = " ".join(run.output.split())
    assert "country" in output
    if configuration is None:
        assert "group_vars/all/site.yml, line 6: country is given twice in one mapping" in output
    else:
        assert "Found duplicate mapping key 'country'" in output
    assert not customer.was_reached()


def test_a_site_without_a_router_is_told_first_that_sip_is_open(customer: Customer) -> None:
    play = customer.folder.parent / "check.yml"
    play.write_text(
        "- hosts: all\n  gather_facts: false\n  tasks:\n"
        "    - voipsec.hardening.site_declaration:\n      register: checked\n      run_once: true\n"
        "    - ansible.builtin.debug: {var: checked.summary}\n      run_once: true\n"
    )
    hosts = (customer.folder / "hosts.yml").read_text()
    start, end = hosts.index("    draytek:"), hosts.index("    threecx:")
    (customer.folder / "hosts.yml").write_text(hosts[:start] + hosts[end:])
    run = run_playbook(customer.folder.parent, ["-i", str(customer.folder), str(play), *PASSWORDS])
    assert run.returncode == 0, run.output
    output = " ".join(run.output.split())
    assert "[WARNING]: inventory: ROUTER: not in the inventory, SIP OPEN" in output
    assert "router: 'ROUTER: not in the inventory, SIP OPEN'" in output
