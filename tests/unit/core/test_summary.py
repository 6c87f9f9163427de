# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary reports a run in plain sentences."""

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
    assert "STILL OPEN, not declared: redirection 2: tcp 443 to 192.168.10.20" in text
    assert "set by an earlier run; the router does not show it: upnp" in text
    assert "already correct: ssh port" in text


def test_first_run() -> None:
    text = "\n".join(summarise([router(OPEN, changed=True)]))
    assert "router: before this run anyone on the internet could reach" in text
    assert "router: closed now to everyone else, logged: tcp/udp 5060" in text
    assert "router: allowed in: vs_gamma_1 203.0.113.0" in text
    assert "42 commands sent, read back, proved" in text


def test_check_mode_claims_nothing() -> None:
    text = "\n".join(summarise([router(OPEN, changed=True)], check_mode=True))
    assert "would be closed" in text
    assert "would be sent" in text
    assert "IPv6: would be closed" in text
    assert "closed now" not in text


def test_second_run() -> None:
    text = "\n".join(summarise([router(CLOSED, changed=False)]))
    assert "before this run" not in text
    assert "nothing to change" in text


def test_credentials_are_told_once_for_the_customer() -> None:
    result = {"created": ["201", "202"], "rotated": [], "unchanged": [], "orphaned": []}
    hosts = [{"inventory_hostname": name, "credentials_result": result} for name in ("router", "pbx")]
    assert summarise(hosts) == ["credentials: random ones created for 2 extensions (201, 202)."]


def test_a_failed_or_skipped_device_is_not_told_as_done() -> None:
    failed = {"inventory_hostname": "router", "draytek_result": {"failed": True, "msg": "x"}}
    skipped = {"inventory_hostname": "pbx", "antivirus_result": {"skipped": True}}
    assert summarise([failed, skipped]) == ["router: failed; see the message above."]


def lines(*, check_mode: bool = False, **results: dict[str, Any]) -> list[str]:
    """Of one host, without its name."""
    return [
        line.partition(": ")[2] for line in summarise([{"inventory_hostname": "pbx", **results}], check_mode=check_mode)
    ]


def test_the_words_for_the_controls_of_a_pbx() -> None:
    controls = {"ip_list": "enforced", "calls": "verified", "barred_numbers": "attested", "oauth": "unsupported"}
    result = {
        "controls": controls,
        "pbx": {"release": "20.0.10"},
        "reasons": {"oauth": "since 20.0.10"},
        "notes": ["x"],
    }
    assert lines(threecx_security_result=result) == [
        "3CX 20.0.10.",
        "changed and verified: ip list.",
        "already correct: calls.",
        "set; cannot be verified: barred numbers.",
        "not possible on this PBX: oauth.",
        "oauth: since 20.0.10.",
        "x",
    ]
    assert "would be changed: ip list." in lines(threecx_security_result=result, check_mode=True)


def test_phones_are_named_by_their_extensions() -> None:
    phones = [
        {"mac": "805ec0aabbcc", "extensions": ["201", "202"], "changed": True, "will_reboot": True},
        {"mac": "805ec0ddeeff", "extensions": [], "changed": False, "will_reboot": False},
    ]
    assert lines(yealink_result={"phones": phones}) == [
        "2 phones declared.",
        "new configuration written for 201 202 (805ec0aabbcc).",
        "will reboot when they fetch it: 201 202 (805ec0aabbcc).",
    ]
    waiting = {"not_fetched": [{"mac": "805ec0aabbcc", "extensions": ["201"]}], "fetched": ["1"], "told": ["1"]}
    assert lines(yealink_sync_result=waiting) == [
        "1 phone has fetched the current files.",
        "1 phone asked to fetch them.",
        "NOT HARDENED YET, configuration not downloaded: 201 (805ec0aabbcc).",
    ]
    assert not [line for line in lines(yealink_sync_result=waiting, check_mode=True) if "NOT HARDENED" in line]
