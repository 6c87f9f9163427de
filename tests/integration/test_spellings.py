# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every spelling that the declaration allows means the same to the roles for hosts: they take compiled data only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from lab.playbook import ROOT, PlaybookRun, run_playbook

ROLES = ("pbx_host", "yealink_provisioning", "antivirus")
RENDERED = {
    "firewall": "pbx_host/templates/firewall.nft.j2",
    "pbx_jail": "pbx_host/templates/jail.d.j2",
    "phones_jail": "yealink_provisioning/templates/jail.conf.j2",
    "nginx": "yealink_provisioning/templates/nginx.conf.j2",
    "timer": "antivirus/templates/scan.timer.j2",
}
MANAGEMENT = "198.51.100.7/32"
LAN = "192.168.10.0/24"
PLAIN: dict[str, Any] = {
    "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": [MANAGEMENT]},
    "pbx": {
        "address": "192.168.10.10",
        "server_name": "pbx.acme.example",
        "sip_ports": [5060, 5061],
        "rtp_ports": "9000-10999",
        "local_networks": [LAN],
    },
    "trunk_providers": [{"name": "gamma", "signalling": ["203.0.113.0/26"]}],
    "provisioning": {"url": "https://prov.acme.example/phones/", "access": "phone_password"},
    "extensions": [
        {"number": "201", "name": "Reception", "phone": {"mac": "805ec0aab201", "model": "T46U"}},
    ],
    "lockout": {"failed_attempts": 5, "within": "10m", "block_for": "24h"},
    "concurrent_calls": 12,
    "antivirus": {"product": "clamav", "scan_at": "03:00", "acknowledge_unsupported": ["clamav"]},
}
SPELLED: dict[str, Any] = {
    "site": {**PLAIN["site"], "management": MANAGEMENT},
    "pbx": {**PLAIN["pbx"], "sip_ports": "5060,5061", "rtp_ports": "9000 - 10999", "local_networks": LAN},
    "lockout": {"failed_attempts": "5", "within": "10 m", "block_for": "024h"},
    "concurrent_calls": "12",
    "antivirus": {"acknowledge_unsupported": "clamav"},
}
"""The same in other words, all of which the declaration allows."""
ALONE: dict[str, Any] = {
    "pbx_host_management": [MANAGEMENT],
    "pbx_host_local_networks": [LAN],
    "yealink_provisioning_host": "prov.acme.example",
    "yealink_provisioning_networks": [LAN],
    "yealink_provisioning_phones": [{"mac": "805ec0aab201"}],
}
"""The roles' own variables, without a declaration."""


def play(folder: Path, hosts: dict[str, dict[str, Any]]) -> PlaybookRun:
    """Check the settings of the three roles and render their files, for each host. It goes nowhere."""
    checks = [
        {
            "name": role,
            "ansible.builtin.import_role": {"name": f"voipsec.hardening.{role}", "tasks_from": "settings.yml"},
        }
        for role in ROLES
    ]
    parts = {
        name: f"{{{{ lookup('ansible.builtin.template', '{ROOT}/roles/{path}') }}}}" for name, path in RENDERED.items()
    }
    written = {
        "name": "What is rendered",
        "ansible.builtin.copy": {
            "content": "{{ rendered | to_json }}",
            "dest": f"{folder}/{{{{ inventory_hostname }}}}.json",
            "mode": "0600",
        },
        "vars": {"rendered": {**parts, "acknowledged": "{{ antivirus_acknowledge_unsupported }}"}},
    }
    tasks = [*checks, written]
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    common = {**local, "yealink_provisioning_local_ca": True}
    entries = {name: {**common, **own} for name, own in hosts.items()}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": entries}}))
    (folder / "play.yml").write_text(
        yaml.safe_dump([{"name": "Look", "hosts": "all", "gather_facts": False, "tasks": tasks}])
    )
    return run_playbook(folder, ["-i", str(folder / "hosts.yml"), str(folder / "play.yml")])


def test_spellings_mean_the_same_and_a_declaration_is_whole_or_not_there(tmp_path: Path) -> None:
    half = {**ALONE, "lockout": {"failed_attempts": 4}}
    run = play(tmp_path, {"plain": PLAIN, "spelled": {**PLAIN, **SPELLED}, "alone": ALONE, "half": half})
    assert {host: counts["failed"] for host, counts in run.recap.items()} == {
        "plain": 0,
        "spelled": 0,
        "alone": 0,
        "half": 1,
    }, run.output
    assert "site: is not declared; add" in " ".join(run.output.split())
    plain, spelled, alone = (
        json.loads((tmp_path / f"{name}.json").read_text()) for name in ("plain", "spelled", "alone")
    )
    assert "udp dport { 9000-10999 } jump speech" in plain["firewall"]
    for jail in ("pbx_jail", "phones_jail"):
        assert "findtime = 600\nbantime = 86400\n" in plain[jail]
    assert f"    {LAN} 0;\n" in plain["nginx"]
    assert "OnCalendar=*-*-* 03:00:00 Europe/London" in plain["timer"]
    assert plain["acknowledged"] == ["clamav"]
    assert spelled == plain
    # The defaults are those of the declaration.
    assert "maxretry = 5\nfindtime = 600\nbantime = 86400\n" in alone["pbx_jail"]
    assert "dport { 5060, 5061 } jump signalling" in alone["firewall"]
    assert "OnCalendar=*-*-* 03:00:00\n" in alone["timer"]
