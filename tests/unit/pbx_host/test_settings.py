# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role pbx_host refuses before it reaches its host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.settings import ROLE_DEFAULTS, problems_of

DEFAULTS = Path(__file__).resolve().parents[3] / "roles" / "pbx_host" / "defaults" / "main.yml"
GOOD: dict[str, Any] = {
    "management": ["198.51.100.7/32"],
    "local_networks": ["192.168.10.0/24"],
    "lockout": {"failed_attempts": 5, "within": 600, "block_for": "24h"},
    "recidive": {"bans": 3, "within": "28d", "block_for": "7d"},
    "web_log": "/var/log/nginx/access.log",
    "web_login_paths": ["/webclient/api/Login/GetAccessToken"],
    "sip_log": "",
    "sip_filter": "asterisk",
    "time_servers": ["time.example.net", "2001:db8::1"],
    "journal_max": "1G",
    "syslog": {"host": "192.168.10.20"},
}


def test_good_settings_are_taken() -> None:
    assert problems_of(GOOD) == []


@pytest.mark.parametrize("attempts", [1, "1", 10, "10"])
def test_the_limits_of_the_lockout_are_taken(attempts: Any) -> None:
    assert problems_of({**GOOD, "lockout": {"failed_attempts": attempts, "within": "1", "block_for": "30m"}}) == []


def test_what_is_left_out_is_not_checked() -> None:
    assert problems_of({"management": ["198.51.100.7/32"], "local_networks": []}) == []


def test_the_checked_defaults_are_those_of_the_role() -> None:
    shipped = yaml.safe_load(DEFAULTS.read_text())
    assert {name: shipped[f"pbx_host_{name}"] for name in ROLE_DEFAULTS} == ROLE_DEFAULTS


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lockout": {"failed_attempts": 0}}, "lockout.failed_attempts (pbx_host_lockout.failed_attempts) is '0'"),
        ({"lockout": {"failed_attempts": 11}}, "it must be from 1 to 10"),
        ({"lockout": {"failed_attempts": "1\nx"}}, "lockout.failed_attempts"),
        ({"lockout": {"within": "soon"}}, "lockout.within (pbx_host_lockout.within) is 'soon'; it must be a duration"),
        ({"lockout": {"block_for": "0"}}, "lockout.block_for (pbx_host_lockout.block_for) is '0'"),
        ({"lockout": {"within": "10m\n[x]"}}, "lockout.within"),
        ({"recidive": {"within": "28 days"}}, "pbx_host_recidive.within is '28 days'"),
        ({"recidive": {"block_for": ""}}, "pbx_host_recidive.block_for is ''"),
        ({"web_log": "log"}, "pbx_host_web_log is 'log'; it must be an absolute path"),
        ({"web_log": "/var/log/a b"}, "pbx_host_web_log"),
        ({"sip_log": "/var/log/%d"}, "pbx_host_sip_log"),
        ({"sip_filter": "../x"}, "pbx_host_sip_filter is '../x'; it must be the name of a fail2ban filter"),
        ({"journal_max": "much"}, "pbx_host_journal_max is 'much'; it must be a size such as 1G"),
        (
            {"web_login_paths": ["/login", "login"]},
            "pbx_host_web_login_paths must list paths such as /login; not valid: login",
        ),
        ({"time_servers": ["a b"]}, "pbx_host_time_servers must list host names or addresses; not valid: a b"),
        ({"syslog": {"host": "a\nb"}}, "pbx_host_syslog.host is 'a\nb'"),
        ({"syslog": {"port": 514}}, "pbx_host_syslog.host is ''; it must be"),
        ({"management": []}, "site.management (pbx_host_management) is empty"),
        ({"open_ports": [{"ports": ["22"]}]}, "opens tcp port 22 to everyone"),
    ],
)
def test_each_mistake_is_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    (problem,) = problems_of({**GOOD, **changes})
    assert sentence in problem


def test_all_problems_are_reported_at_once() -> None:
    assert len(problems_of({**GOOD, "lockout": {"within": "x"}, "journal_max": "x", "management": []})) == 3
