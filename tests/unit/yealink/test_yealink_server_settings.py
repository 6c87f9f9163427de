# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role yealink_provisioning refuses before it reaches its host."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.provisioning.server_settings import problems_of

MAC = "805ec0aabbcc"
GOOD: dict[str, Any] = {
    "host": "prov.example.net",
    "port": 443,
    "path": "/phones/",
    "directory": "/srv/yealink-provisioning/current",
    "networks": ["192.168.10.0/24", "192.0.2.10", "198.51.100.0/28", "2001:db8::/32", "10.0.0.0/8"],
    "management": ["198.51.100.7/32"],
    "phones": [{"mac": MAC, "number": "201"}, {"mac": "80:5E:C0:AA:BB:CD"}],
    "unserved": [],
    "method": "phone_password",
    "username": "phones",
    "certificate": "",
    "certificate_file": "",
    "key": False,
    "key_file": "",
    "local_ca": True,
    "public_files": [{"name": "T46U.rom", "src": "/x"}],
    "lockout": {"failed_attempts": 5, "within": 600, "block_for": "24h"},
}
OWN = {"local_ca": False, "certificate_file": "a.pem", "key_file": "a.key"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        OWN,
        {**OWN, "certificate_file": "", "certificate": "PEM", "key_file": "", "key": True},
        {"host": "192.0.2.1", "port": "65535", "path": "a"},
        {"method": "phone_path", "username": ""},
        {"method": "shared", "username": "a.b_c@d-e"},
        {"public_files": [{"name": "ca.crt", "content": "x"}], **OWN},
    ],
)
def test_good_settings_are_taken(changes: dict[str, Any]) -> None:
    assert problems_of({**GOOD, **changes}) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"host": ""},
            "provisioning.url (yealink_provisioning_host): the host is ''; it must be the server's name or IPv4",
        ),
        ({"host": "https://prov.example.net"}, "the host is 'https://prov.example.net'"),
        (
            {"port": 70000},
            "provisioning.url (yealink_provisioning_port): the port is '70000'; it must be from 1 to 65535",
        ),
        ({"port": 0}, "the port is '0'"),
        ({"path": "/a/b/"}, "provisioning.url (yealink_provisioning_path): the path is 'a/b'; it must be one name"),
        ({"path": "/"}, "the path is ''"),
        ({"method": "none"}, "provisioning.access (yealink_provisioning_method) is 'none'; it must be phone_password"),
        ({"method": "shared", "username": "a b"}, "provisioning.username (yealink_provisioning_username) is 'a b'"),
        ({"phones": []}, "no phone is listed"),
        ({"phones": [{"mac": MAC}, {"mac": "805ec0"}]}, "not a MAC address, or listed twice: 805ec0."),
        ({"phones": [{"mac": MAC}, {"mac": MAC.upper()}]}, f"listed twice: {MAC}."),
        ({"networks": []}, "no network is listed, so no phone could fetch its files"),
        ({"networks": ["0.0.0.0/0"]}, "none wider than /8 (/16 for IPv6); not valid: 0.0.0.0/0."),
        ({"networks": ["8.0.0.0/7"]}, "not valid: 8.0.0.0/7."),
        ({"networks": ["2000::/15"]}, "not valid: 2000::/15."),
        ({"networks": ["192.0.2.256"]}, "not valid: 192.0.2.256."),
        ({"networks": ["192.0.2.0/255.255.255.0"]}, "not valid: 192.0.2.0/255.255.255.0."),
        ({"management": ["office"]}, "site.management (yealink_provisioning_management) must list"),
        ({"lockout": {"failed_attempts": 0}}, "lockout.failed_attempts (yealink_provisioning_lockout) is '0'"),
        ({"lockout": {"within": "soon"}}, "lockout.within (yealink_provisioning_lockout) is 'soon'"),
        ({"lockout": {"block_for": "1 day"}}, "lockout.block_for (yealink_provisioning_lockout) is '1 day'"),
        ({"local_ca": False}, "Given: no certificate; no key."),
        ({**OWN, "key_file": ""}, "Given: yealink_provisioning_certificate_file; no key."),
        ({"certificate": "x", "key": True}, "yealink_provisioning_certificate, yealink_provisioning_local_ca; yealink"),
        ({"key_file": "x"}, "Given: yealink_provisioning_local_ca; yealink_provisioning_key_file."),
        ({"public_files": [{"name": f"{MAC}.cfg", "content": "x"}]}, "not that of a phone's own file"),
        ({"public_files": [{"name": "y000000000000.boot", "content": "x"}]}, "not that of a phone's own file"),
        ({"public_files": [{"name": "a/b", "content": "x"}]}, "'a/b' must be a plain file name"),
        ({"public_files": [{"name": "x"}]}, "with either content or src"),
        ({"public_files": [{"name": "ca.crt", "content": "x"}]}, "The name ca.crt is taken"),
        ({"directory": "/current"}, "it must be an absolute path of at least three plain names"),
        ({"directory": "/srv/a/../b"}, "yealink_provisioning_directory is"),
    ],
)
def test_each_mistake_is_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    (problem,) = problems_of({**GOOD, **changes})
    assert sentence in problem


def test_phones_that_would_be_turned_away_are_listed_by_reason() -> None:
    unserved = [{"mac": "x", "number": str(number), "why": "on the LAN"} for number in range(201, 208)]
    unserved.append({"mac": "x", "number": "300", "why": "at a VPN site"})
    (problem,) = problems_of({"unserved": unserved})
    assert "Extension 300: at a VPN site. Extension 201, 202, 203, 204, 205 and 2 more: on the LAN." in problem
    (five,) = problems_of({"unserved": unserved[:5]})
    assert "Extension 201, 202, 203, 204, 205: on the LAN." in five


def test_what_is_left_out_is_not_checked() -> None:
    assert problems_of({}) == []


def test_the_access_of_a_declaration_is_its_method() -> None:
    (problem,) = problems_of({"access": "none"})
    assert "provisioning.access (yealink_provisioning_method) is 'none'" in problem
