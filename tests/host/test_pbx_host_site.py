# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A customer's PBX host, from the declaration: site.yml runs both of its roles, and providers and sites are let in."""

from __future__ import annotations

from pathlib import Path

import yaml
from host_support import unavailable
from pbx_host_support import MANAGEMENT, Machine, wire

from lab.customer import DEMO
from lab.debian_host import DebianHost
from lab.net.namespaces import Namespaces
from lab.playbook import ROOT, PlaybookRun, run_playbook

SUITE = "bookworm"


def test_the_declaration_is_what_the_host_lets_in(tmp_path: Path) -> None:
    unavailable()
    with Namespaces() as spaces:
        wire(spaces, SUITE)
        namespaces = Path("/run/netns")
        with DebianHost(
            tmp_path / "m",
            suite=SUITE,
            network_namespace=namespaces / spaces.full(SUITE),
            address=f"{MANAGEMENT[SUITE]}.1",
            reached_from=namespaces / spaces.full(f"{SUITE}-management"),
        ) as host:
            machine = Machine(SUITE, host, spaces, tmp_path)
            checked = site(machine, tmp_path, "--check", "--diff")
            assert checked.returncode == 0, checked.output
            assert "voipsec-firewall" not in machine.root("ls /etc/systemd/system")
            first = site(machine, tmp_path)
            assert first.returncode == 0, first.output
            rules = machine.rules("inet voipsec")
            for network in ("203.0.113.0/27", "203.0.113.64/29", "192.0.2.10", "192.0.2.48/29", "192.168.10.0/24"):
                assert network in rules, rules
            assert "9000-10999" in rules
            second = site(machine, tmp_path)
            assert second.returncode == 0, second.output
            assert second.changed == 0, second.output


def site(machine: Machine, folder: Path, *more: str) -> PlaybookRun:
    """site.yml for the demo customer's PBX host only."""
    (folder / "vault").write_text("vault password of the test")
    host = {
        **machine.host.inventory_variables(),
        "ansible_connection": "ssh",
        "ansible_become": True,
        # Other tests have hosts of this address: connections that Ansible keeps are not shared with them.
        "ansible_control_path": str(folder / "cp"),
        "pbx_host_managed": True,
        # The controller of the test is in another network than the declared one.
        "pbx_host_ssh_networks": [f"{MANAGEMENT[SUITE]}.0/24"],
        "antivirus_accept_low_memory": True,
        "credentials_file": str(folder / "credentials.vault.txt"),
    }
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"pbx": host}}}))
    arguments = ["-i", str(DEMO), "-i", str(folder / "hosts.yml"), "--limit", "pbx"]
    arguments += ["--vault-password-file", str(folder / "vault"), *more]
    return run_playbook(folder, [*arguments, str(ROOT / "playbooks" / "site.yml")])
