# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad inventory under real ansible-playbook: one run tells every mistake, and nothing else is done."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from lab.playbook import ROOT, PlaybookRun, run_playbook

PLAYBOOK = """
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - name: Check the declaration
      voipsec.hardening.site_declaration:
      run_once: true
      register: checked
    - name: Summary
      ansible.builtin.debug:
        var: checked.summary
      run_once: true
    - name: A device is touched
      ansible.builtin.file:
        path: "{{ playbook_dir }}/touched"
        state: touch
        mode: "0600"
      run_once: true
"""
LOOKUP = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - name: Compile
      ansible.builtin.debug:
        msg: "{{ lookup('voipsec.hardening.desired', what) }}"
"""
GOOD = """
site: {name: acme, country: GB, time_zone: Europe/London, management: [198.51.100.7/32]}
pbx: {address: 192.168.10.10, server_name: pbx.acme.example}
trunk_providers: [{name: gamma, signalling: ["{{ gamma_network }}"]}]
gamma_network: 203.0.113.0/26
extensions: [{number: 201, name: "Tom {{ '{{' }} Sons", outside_lan: "{{ yes_or_no }}"}]
yes_or_no: "no"
alerts:
  to: [support@example.net]
  smtp: {host: mail.example.net, username: acme, password: "{{ mail_password }}"}
mail_password: hunter2-hunter2
"""
BAD = """
site: {name: acme, country: UK, time_zone: Europe/London, management: [0.0.0.0/0]}
pbx: {address: 192.168.10.10, server_name: pbx.acme.example}
trunk_providers:
  - {name: gamma, signalling: [10.0.0.0/8], transport: sctp}
  - {name: voiceway, signalling: [203.0.113.0/25]}
  - {name: other, signalling: [203.0.113.64/26]}
extensions:
  - {number: "112", name: Reception}
  - {number: "202", name: Sales, phone: {mac: "805ec0aabb01", model: T46U}}
  - {number: "202", name: Stock, phone: {mac: "80:5e:c0:aa:bb:01", model: T46U}}
allowed_countries: [XX]
concurrent_calls: many
flood: {udp_packets_per_second: 100}
alerts: {to: [x], smtp: {host: mail.example.net, passwrd: hunter2-hunter2}}
remote_site: []
"""
HOSTS = """
all:
  hosts:
    localhost:
      ansible_connection: local
      ansible_python_interpreter: "{{ ansible_playbook_python }}"
"""
LINES = [
    "site.country: UK is not a country",
    "site.management[0]: 0.0.0.0/0 is too wide",
    "trunk_providers[0].signalling[0]: 10.0.0.0/8 is a private network",
    "trunk_providers[0].transport: sctp is not valid; use udp, tcp or tls",
    "trunk_providers[2].signalling[0]: 203.0.113.64/26 overlaps 203.0.113.0/25 of trunk_providers[1].signalling[0]",
    "extensions[0].number: 112 is an emergency number",
    "extensions[2].number: 202 is declared already as extensions[1].number",
    "extensions[2].phone.mac: 805ec0aabb01 is declared already as extensions[1].phone.mac",
    "allowed_countries[0]: XX is not a country",
    "concurrent_calls: many is text; use a whole number such as 12",
    "alerts.to[0]: x is not a mail address",
    "alerts.smtp.passwrd: no such variable; did you mean password?",
    "provisioning: nothing is declared, but extensions[1].phone is",
]
NEAR = "remote_site: there is no such variable, so it is not read; did you mean remote_sites?"


def play(folder: Path, variables: str, *arguments: str, playbook: str = PLAYBOOK) -> PlaybookRun:
    variables_folder = folder / "group_vars"
    variables_folder.mkdir()
    (variables_folder / "all.yml").write_text(variables)
    (folder / "hosts.yml").write_text(HOSTS)
    (folder / "play.yml").write_text(textwrap.dedent(playbook))
    return run_playbook(folder, ["-i", str(folder / "hosts.yml"), str(folder / "play.yml"), *arguments])


def unwrapped(run: PlaybookRun) -> str:
    """The output without the line breaks that the terminal's width makes."""
    return " ".join(run.output.split())


@pytest.mark.parametrize("options", [[], ["--check"], ["-vvv"]])
def test_one_run_tells_every_mistake_and_nothing_else_is_done(tmp_path: Path, options: list[str]) -> None:
    run = play(tmp_path, BAD, *options)
    assert run.returncode != 0
    assert [line for line in [*LINES, NEAR] if unwrapped(run).count(line) != 1] == []
    assert f"declaration has {len(LINES) + 1} problems; no device was touched" in unwrapped(run)
    assert not (tmp_path / "touched").exists()
    assert "hunter2" not in run.output
    assert "Traceback" not in run.output


def test_a_good_declaration_is_summarised_without_secrets_and_warnings(tmp_path: Path) -> None:
    run = play(tmp_path, GOOD, "-vvv")
    assert run.returncode == 0, run.output
    assert "203.0.113.0/26 (trunk provider gamma): ports 5060" in unwrapped(run)
    assert "everyone else: no access to ports 5060, 5061" in unwrapped(run)
    assert "hunter2" not in run.output
    assert "WARNING" not in run.output
    assert (tmp_path / "touched").exists()


@pytest.mark.parametrize(
    ("what", "part"),
    [
        ("router", "network: 203.0.113.0/26"),
        ("declaration", "name: Tom {{ Sons"),
        ("declaration", "outside_lan: false"),
        ("antivirus", "declared: false"),
    ],
)
def test_the_lookup_returns_what_the_declaration_means(tmp_path: Path, what: str, part: str) -> None:
    run = play(tmp_path, GOOD, "-e", f"what={what}", playbook=LOOKUP)
    assert run.returncode == 0, run.output
    assert part in unwrapped(run)
    assert "hunter2" not in run.output


def test_the_lookup_refuses_a_bad_declaration_with_everything_that_is_wrong(tmp_path: Path) -> None:
    run = play(tmp_path, BAD, "-e", "what=router", playbook=LOOKUP)
    assert run.returncode != 0
    assert [line for line in LINES if line not in unwrapped(run)] == []
    assert "hunter2" not in run.output


def test_an_undefined_variable_is_named(tmp_path: Path) -> None:
    run = play(tmp_path, GOOD.replace("gamma_network: 203.0.113.0/26\n", ""))
    assert run.returncode != 0
    assert "trunk_providers: variable gamma_network is not defined; add it to group_vars/all" in unwrapped(run)
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize("inventory", ["demo", "example"])
def test_the_shipped_inventories_are_valid(tmp_path: Path, inventory: str) -> None:
    (tmp_path / "play.yml").write_text(PLAYBOOK)
    # The password is nobody's: what the vault of a real customer holds.
    arguments = [
        "-i",
        str(ROOT / "inventories" / inventory),
        "-e",
        "vault_router_password=unused",
        "--limit",
        "provisioning",
    ]
    run = run_playbook(tmp_path, [*arguments, str(tmp_path / "play.yml")])
    assert run.returncode == 0, run.output
    assert "WARNING" not in run.output
