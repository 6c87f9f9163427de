# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declarations that would leave phones without their files, or with less than was asked for, are not passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.playbook import ROOT, PlaybookRun, run_playbook

LOOK = {
    "name": "What the role says to a declaration",
    "ansible.builtin.import_role": {
        "name": "voipsec.hardening.yealink_provisioning",
        "tasks_from": "settings.yml",
    },
}
BLOCK = {
    "name": "The block for the template of a PBX",
    "ansible.builtin.debug": {"msg": "{{ lookup('voipsec.hardening.phone_block', 'text') }}"},
}
LAN = {"local_networks": ["192.168.10.0/24"]}
VPN_NETWORK = "192.168.20.0/24"
ADDED = {"yealink_provisioning_networks": f"{{{{ yealink_provisioning_declared.networks + ['{VPN_NETWORK}'] }}}}"}
BY_HAND = {"yealink_provisioning_networks": ["192.168.10.0/24", VPN_NETWORK]}


def site(pbx: Mapping[str, Any] | None = None, *extensions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A site's declaration. Without other extensions there is one phone, on the LAN."""
    return {
        "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": ["198.51.100.7/32"]},
        "pbx": {"address": "192.168.10.10", "server_name": "pbx.acme.example", **(pbx or {})},
        "provisioning": {"url": "https://prov.acme.example/phones/", "access": "phone_password"},
        "trunk_providers": [
            {"name": "gamma", "signalling": ["203.0.113.0/26"], "ports": [5060], "transport": "udp"},
        ],
        "extensions": [dict(entry) for entry in extensions or (extension("201"),)],
        "allowed_countries": ["GB"],
        "yealink_provisioning_local_ca": True,
        **more,
    }


def extension(number: str, **more: Any) -> dict[str, Any]:
    """One with a phone."""
    phone = {"mac": f"805ec0aab{number}", "model": "T46U", "firmware": "108.86.0.118"}
    return {"number": number, "name": number, "phone": phone, **more}


def with_vpn(**more: Any) -> dict[str, Any]:
    """A site whose second phone comes in through the VPN."""
    remote = [{"name": "warehouse", "vpn": True, "extensions": ["204"]}]
    return site(LAN, extension("201"), extension("204"), remote_sites=remote, **more)


def play(folder: Path, task: Mapping[str, Any], hosts: Mapping[str, Mapping[str, Any]]) -> PlaybookRun:
    """Run a task for declarations, each of them a host's variables. It goes nowhere."""
    entries = {name: {"ansible_connection": "local", **own} for name, own in hosts.items()}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": entries}}))
    (folder / "play.yml").write_text(
        yaml.safe_dump([{"name": "Look", "hosts": "all", "gather_facts": False, "tasks": [dict(task)]}])
    )
    return run_playbook(folder, ["-i", str(folder / "hosts.yml"), str(folder / "play.yml")])


def failure(run: PlaybookRun, host: str) -> str:
    """What a host's run failed with."""
    assert run.recap[host]["failed"] == 1, run.output
    text = re.split(rf"(?:fatal|failed): \[{host}\]", run.output, maxsplit=1)[1]
    return " ".join(re.split(r"\n(?:\S|\n)", text, maxsplit=1)[0].split())


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "lan": (site(), "Extension 201: on the LAN, and pbx.local_networks is not declared."),
    "vpn": (
        with_vpn(),
        "Extension 204: at remote site warehouse with vpn: true, so no variable holds its network.",
    ),
    "outside": (
        site(LAN, extension("201"), extension("205", outside_lan=True)),
        "Extension 205: outside_lan: true without a remote site, so no variable holds its address.",
    ),
    "two": (
        {**with_vpn(), "pbx": site()["pbx"]},
        "Extension 204: at remote site warehouse with vpn: true, so no variable holds its network. "
        "Extension 201: on the LAN, and pbx.local_networks is not declared. Declare",
    ),
    "many": (
        site(None, *(extension(str(number)) for number in range(201, 209))),
        "Extension 201, 202, 203, 204, 205 and 3 more: on the LAN, and pbx.local_networks is not declared.",
    ),
}
SERVED: dict[str, dict[str, Any]] = {
    "declared": site(LAN),
    "no_phone": site(None, {"number": "205", "name": "App"}, yealink_provisioning_phones=[{"mac": "805ec0999999"}]),
    "added": with_vpn(**ADDED),
    "by_hand": with_vpn(**BY_HAND),
    "other_phones": with_vpn(yealink_provisioning_phones=[{"mac": "805ec0aab201"}]),
}


def test_a_server_that_would_turn_declared_phones_away_is_not_made(tmp_path: Path) -> None:
    hosts = {host: own for host, (own, _text) in REFUSED.items()}
    run = play(tmp_path, LOOK, {**hosts, **SERVED})
    failures = {host: failure(run, host) for host in REFUSED}
    missing = {host: text for host, (_own, text) in REFUSED.items() if text not in failures[host]}
    assert not missing, failures
    assert not [text for text in failures.values() if "Declare pbx.local_networks for the LAN" not in text]
    assert [host for host in SERVED if run.recap[host]["failed"]] == [], run.output


@pytest.mark.parametrize("role", ["yealink", "yealink_provisioning"])
def test_the_site_of_a_roles_page_serves_its_phones(tmp_path: Path, role: str) -> None:
    page = (ROOT / "roles" / role / "README.md").read_text()
    text = page.partition("group_vars/all/site.yml\n")[2].partition("\n\n")[0].partition("```")[0]
    declared = {**site(), **yaml.safe_load(text), "yealink_provisioning_local_ca": True}
    run = play(tmp_path, LOOK, {"prov": declared})
    assert run.returncode == 0, run.output


def test_a_lock_that_a_pbx_cannot_give_a_pin_is_told_once(tmp_path: Path) -> None:
    lock = {"phone_policy": {"lock": {"after": "10m", "keys": "menu"}}}
    by_pbx = {"provisioning": {"by": "pbx"}}
    declared = site(LAN, extension("201"), extension("202"), **by_pbx, **lock)
    run = play(tmp_path, BLOCK, {"first": declared, "second": declared})
    assert run.returncode == 0, run.output
    assert " ".join(run.output.split()).count("phone_policy.lock is not in the block") == 1, run.output
    assert "sip.trust_ctrl" in run.output
    assert "phone_lock.enable" not in run.output
