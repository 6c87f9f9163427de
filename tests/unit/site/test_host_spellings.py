# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every spelling that the declaration allows means the same to the roles for hosts."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.filter.host_problems import ROLES
from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.compilers import compile_for
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import parse

TERMS = {"pbx_host": "pbx_host", "provisioning": "yealink_provisioning", "antivirus": "antivirus"}
"""What is compiled, and the role that takes it."""
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
SPELLINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "management": {"site": {"management": MANAGEMENT}},
    "address_alone": {"site": {"management": [MANAGEMENT.partition("/")[0]]}},
    "sip_ports": {"pbx": {"sip_ports": "5060,5061"}},
    "sip_ports_text": {"pbx": {"sip_ports": ["5060", "5061"]}},
    "sip_ports_default": {"pbx": {"sip_ports": None}},
    "local_networks": {"pbx": {"local_networks": LAN}},
    "rtp_ports": {"pbx": {"rtp_ports": "9000 - 10999"}},
    "within": {"lockout": {"within": "10 m"}},
    "within_seconds": {"lockout": {"within": 600}},
    "block_for": {"lockout": {"block_for": "024h"}},
    "failed_attempts": {"lockout": {"failed_attempts": "5"}},
    "lockout_default": {"lockout": None},
    "concurrent_calls": {"concurrent_calls": "12"},
    "mac": {"extensions": [{"number": "201", "name": "R", "phone": {"mac": "80:5E:C0:AA:B2:01", "model": "T46U"}}]},
    "signalling": {"trunk_providers": [{"name": "gamma", "signalling": "203.0.113.0/26"}]},
    "acknowledged": {"antivirus": {"acknowledge_unsupported": "clamav"}},
    "antivirus_default": {"antivirus": {"product": None, "scan_at": None}},
}


def declared(changes: dict[str, Any]) -> dict[str, Any]:
    """The plain declaration with some values spelled otherwise."""
    found = dict(PLAIN)
    for name, value in changes.items():
        found[name] = {**PLAIN[name], **value} if isinstance(value, dict) else value
    return found


def compiled(changes: dict[str, Any]) -> dict[str, Any]:
    """What the roles are given."""
    declaration, problems = parse(declared(changes), datetime.date(2026, 11, 30))
    assert declaration, problems
    return {term: compile_for(term, declaration) for term in TERMS}


@pytest.mark.parametrize("changes", SPELLINGS.values(), ids=SPELLINGS)
def test_a_spelling_means_the_same_and_no_role_refuses_it(changes: dict[str, Any]) -> None:
    given = compiled(changes)
    assert given == compiled({})
    assert {term: ROLES[role](given[term]) for term, role in TERMS.items()} == {term: [] for term in TERMS}


def test_what_the_roles_are_given() -> None:
    given = compiled({})
    assert given["pbx_host"] == {
        "management": [MANAGEMENT],
        "local_networks": [LAN],
        "peers": [{"name": "gamma", "signalling": ["203.0.113.0/26"], "media": ["203.0.113.0/26"]}],
        "vpn_sites": [],
        "sip_ports": [5060, 5061],
        "rtp_ports": "9000-10999",
        "concurrent_calls": 12,
        "lockout": {"failed_attempts": 5, "within": 600, "block_for": 86400},
    }
    assert given["antivirus"] == {
        "declared": True,
        "product": "clamav",
        "scan_at": "03:00",
        "acknowledge_unsupported": ["clamav"],
        "time_zone": "Europe/London",
    }
    provisioning = given["provisioning"]
    assert provisioning["lockout"] == given["pbx_host"]["lockout"]
    assert provisioning["management"] == [MANAGEMENT]
    assert provisioning["networks"] == [LAN, MANAGEMENT]


def test_without_a_declaration_there_are_only_defaults() -> None:
    lockout = {"failed_attempts": 5, "within": 600, "block_for": 86400}
    assert compile_for("pbx_host", None) == {"sip_ports": [5060, 5061], "lockout": lockout}
    assert compile_for("provisioning", None) == {"lockout": lockout}
    assert compile_for("antivirus_mail", None) == {}
    assert compile_for("antivirus", None) == {
        "declared": False,
        "product": "clamav",
        "scan_at": "03:00",
        "acknowledge_unsupported": [],
        "time_zone": "",
    }


@pytest.mark.parametrize("term", ["router", "phones", "nonsense"])
def test_what_cannot_be_without_a_declaration_is_refused(term: str) -> None:
    with pytest.raises(HardeningError):
        compile_for(term, None)


def test_what_is_not_declared_is_not_made_up() -> None:
    bare = {"concurrent_calls": None, "antivirus": None, "pbx": {"local_networks": None, "rtp_ports": None}}
    given = compiled({**bare, "provisioning": None, "extensions": None})
    assert given["pbx_host"]["concurrent_calls"] == 0
    assert given["pbx_host"]["rtp_ports"] == ""
    assert "local_networks" not in given["pbx_host"]
    assert given["antivirus"]["declared"] is False
    assert set(given["provisioning"]) == {"management", "lockout"}
    (problem,) = ROLES["pbx_host"](given["pbx_host"])
    assert "pbx.local_networks (pbx_host_local_networks) is not declared" in problem
