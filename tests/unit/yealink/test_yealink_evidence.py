# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent to phones without good evidence is named in the documentation, and nothing else is."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import (
    below_template_evidence,
    placeholders,
    table,
)

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "yealink-parameters.md").read_text(encoding="utf-8")
FIRMWARES = (70, 73, 79, 80, 81, 82, 83, 84, 85, 86, 87)
TLS = {"transport": "tls", "port": 5061, "srtp": "compulsory"}
OPTIONS: list[dict[str, Any]] = [
    {},
    {"outside_lan": True, "account": TLS, "web_interface": "off", "check_sync": "ignore", "enrolled": False},
    {"provisioning": {"url": "https://p.example/", "access": "phone_password"}, "lock": {"after": 60, "keys": "menu"}},
    {"vlan": {"id": 2, "priority": 5, "pc_id": 3, "pc_priority": 0}, "blocked_beginnings": ["0088"]},
    {
        "dot1x": {
            "method": "tls",
            "ca_url": "https://p.example/ca.crt",
            "client_certificate_url": "https://p.example/client.pem",
        }
    },
    {"trusted_certificate": "https://p.example/ca.crt", "server_certificate": "https://p.example/phone.pem"},
    {"model": "W60B"},
]


def test_parameters_below_template_evidence_are_listed_as_unverified(task: Any, phone: Any) -> None:
    emitted: set[str] = set()
    for firmware in FIRMWARES:
        for options in OPTIONS:
            version = f"{77 if 'model' in options else 108}.{firmware}.0.1"
            outcome = task.run(phone(firmware=version, **options), action_uri_from=["192.0.2.1"])
            names = {placeholders(name)[0] for name in task.values()}
            weak = {name for name in names if below_template_evidence(name)}
            assert set(outcome.result["unverified"]) == weak
            emitted |= names
    weak = {name for name in emitted if below_template_evidence(name)}
    assert len(emitted) > 80
    assert weak == set(listed("Sent, and not verified"))


def test_the_counts_are_those_of_the_table() -> None:
    tool = ROOT / "tools" / "build_yealink_parameters.py"
    printed = subprocess.run([sys.executable, str(tool), "--counts"], capture_output=True, text=True, check=True).stdout
    counts = dict(line.split(": ") for line in printed.splitlines())
    told = re.findall(r"^\| `?\[?([a-z-]+)\]?`? \| (\d+) \|", section("How well parameters are known"), re.MULTILINE)
    assert dict(told) == counts
    assert int(counts["all"]) == len(table())


def section(title: str) -> str:
    """The text below a heading of the page."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/yealink-parameters.md has no heading {title!r}"
    return found[1]


def listed(title: str) -> Iterator[str]:
    """The names in the first column of the table below a heading."""
    for row in re.findall(r"^\| (`[^|]+) \|", section(title), re.MULTILINE):
        yield from re.findall(r"`([^`]+)`", row)
