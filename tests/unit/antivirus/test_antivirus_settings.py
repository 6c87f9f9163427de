# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role antivirus refuses before it reaches its host."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.settings import problems_of

GOOD: dict[str, Any] = {
    "state": "present",
    "product": "clamav",
    "scan_at": "03:00",
    "largest_mb": 2000,
    "scan_paths": ["/srv", "/"],
    "exclude_paths": ["/var/lib/3cxpbx"],
    "excluded": ["/var/lib/3cxpbx", "/srv/live"],
    "quarantine_from": ["/srv", "/var/www"],
    "on_access_paths": ["/srv/uploads/"],
    "mail": {"to": ["office@acme.example"], "host": "localhost", "security": "none"},
    "local_signatures": [{"name": "site.hdb", "content": "x"}],
}
AVAST: dict[str, Any] = {"product": "avast", "avast_license": True, "avast_package_files": ["avast.deb"]}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        AVAST,
        {**AVAST, "avast_package_files": [], "avast_repository": {"uri": "u", "suite": "s", "key": "k"}},
        {"product": "avast", "state": "absent"},
        {"product": "off_host", "off_host_scanner": "other", "off_host_scan_paths": ["/srv"]},
        {"product": "off_host", "off_host_scanner": ""},
        {"largest_mb": "1"},
        {"mail": {}},
        {"mail": {"to": [], "host": "mail.example.net", "security": "tls", "user": "u", "password": "p"}},
        {"on_access_paths": ["/srv/live-uploads"]},
    ],
)
def test_good_settings_are_taken(changes: dict[str, Any]) -> None:
    assert problems_of({**GOOD, **changes}) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"product": "other"},
            "antivirus.product (antivirus_product) is 'other'; it must be clamav, avast or off_host.",
        ),
        ({"scan_at": 180}, "antivirus.scan_at (antivirus_scan_at) is '180'; it must be a time of day in quotes"),
        ({"scan_at": "24:00"}, "antivirus.scan_at"),
        ({"largest_mb": 2001}, "antivirus_largest_mb is '2001'; it must be a number of megabytes from 1 to 2000."),
        ({"largest_mb": 0}, "antivirus_largest_mb is '0'"),
        ({"scan_paths": []}, "antivirus_scan_paths is empty"),
        ({"scan_paths": ["srv"]}, "antivirus_scan_paths must list absolute paths"),
        ({"exclude_paths": ['/a"b']}, 'not valid: /a"b.'),
        ({"quarantine_from": ["/etc"]}, "antivirus_quarantine_from must list paths below /home"),
        ({"quarantine_from": ["/var"]}, "not valid: /var."),
        ({"on_access_paths": ["/usr/local"]}, "antivirus_on_access_paths must list paths below /home"),
        ({"on_access_paths": ["/srv"]}, "antivirus_on_access_paths: /srv/live is excluded from scans"),
        ({"on_access_paths": ["/srv/live/today"]}, "antivirus_on_access_paths: /srv/live/today is excluded from scans"),
        ({"on_access_paths": ["/srv/live"]}, "antivirus_on_access_paths: /srv/live is excluded"),
        ({"mail": {"to": ["office"]}}, "antivirus_mail: not a plain address such as office@acme.example: office."),
        ({"mail": {"from": "a b@c"}}, "antivirus_mail: not a plain address"),
        ({"mail": {"host": "192.0.2.1", "security": "none"}}, "security may be none only where host is this host"),
        ({"mail": {"user": "u"}}, "antivirus_mail: user and password belong together"),
        ({"mail": {"password": "hunter2hunter2"}}, "antivirus_mail: user and password belong together"),
        ({"local_signatures": [{"name": "../lab.hdb", "content": "x"}]}, "'../lab.hdb' must be a plain file name"),
        ({"local_signatures": [{"name": "lab.txt", "content": "x"}]}, "'lab.txt' must be"),
        ({"local_signatures": [{"name": "lab.hdb"}]}, "with either content or src"),
        ({"local_signatures": [{"name": "lab.hdb", "content": "x", "src": "y"}]}, "with either content or src"),
        ({**AVAST, "avast_license": False}, "needs either antivirus_avast_license or antivirus_avast_license_src"),
        ({**AVAST, "avast_license_src": "file"}, "needs either antivirus_avast_license or antivirus_avast_license_src"),
        ({**AVAST, "avast_package_files": []}, "needs either antivirus_avast_repository (uri, suite and key) or"),
        ({**AVAST, "avast_package_files": [], "avast_repository": {"uri": "u"}}, "(uri, suite and key)"),
        ({"product": "off_host", "off_host_scanner": "x"}, "antivirus_off_host_scan_paths is empty"),
    ],
)
def test_each_mistake_is_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    (problem,) = problems_of({**GOOD, **changes})
    assert sentence in problem
    assert "hunter2" not in problem


def test_what_is_left_out_is_not_checked() -> None:
    assert problems_of({}) == []
