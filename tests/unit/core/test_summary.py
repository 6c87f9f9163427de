# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary tells a run in plain sentences."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.summary import summarise

OPEN = {"closed": False, "blocked_ports": [], "allowed": []}
CLOSED = {
    "closed": True,
    "ipv6_closed": True,
    "blocked_ports": ["tcp/udp 5060"],
    "allowed": ["vs_gamma_1 203.0.113.0 to tcp/udp 5060"],
}


def router(before: dict[str, Any], *, changed: bool) -> dict[str, Any]:
    return {
        "inventory_hostname": "router",
        "draytek_result": {
            "changed": changed,
            "router": {"model": "Vigor2927", "firmware": "4.4.0"},
            "commands": ["x"] * 42 if changed else [],
            "posture": {"before": before, "after": CLOSED},
            "notes": [],
            "unknown_exposures": ["redirection 2: tcp 443 to 192.168.10.20"],
        },
        "draytek_system_result": {"controls": {"upnp": "attested", "ssh_port": "verified"}, "notes": []},
    }


def test_what_is_not_known_for_sure_is_not_told_as_done() -> None:
    text = "\n".join(summarise([router(CLOSED, changed=False)]))
    assert "STILL OPEN, and nobody declared it: redirection 2: tcp 443 to 192.168.10.20" in text
    assert "set by an earlier run; the router does not show it: upnp" in text
    assert "read and right: ssh port" in text


def test_first_run() -> None:
    text = "\n".join(summarise([router(OPEN, changed=True)]))
    assert "router: was open" in text
    assert "router: closed now: tcp/udp 5060 for everybody else" in text
    assert "router: may come in: vs_gamma_1 203.0.113.0" in text
    assert "42 commands sent, read back, proved" in text


def test_check_mode_claims_nothing() -> None:
    text = "\n".join(summarise([router(OPEN, changed=True)], check_mode=True))
    assert "would be closed" in text
    assert "would be sent" in text
    assert "IPv6: would be closed" in text
    assert "closed now" not in text


def test_second_run() -> None:
    text = "\n".join(summarise([router(CLOSED, changed=False)]))
    assert "was open" not in text
    assert "nothing to change" in text


def test_credentials_are_told_once_for_the_customer() -> None:
    result = {"created": ["201", "202"], "rotated": [], "unchanged": [], "orphaned": []}
    hosts = [{"inventory_hostname": name, "credentials_result": result} for name in ("router", "pbx")]
    assert summarise(hosts) == ["credentials: 2 extensions (201, 202) had no credentials; random ones made."]


def test_a_failed_or_skipped_device_is_not_told_as_done() -> None:
    failed = {"inventory_hostname": "router", "draytek_result": {"failed": True, "msg": "x"}}
    skipped = {"inventory_hostname": "pbx", "antivirus_result": {"skipped": True}}
    assert summarise([failed, skipped]) == ["router: failed, see above. What it did before stays as the message says."]
