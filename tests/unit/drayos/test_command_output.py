# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords in a router's output are masked, other lines stay as they are."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.redact_output import (
    without_secrets,
)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Password for SMTP Authentication: hidden-1", "Password for SMTP Authentication: ********"),
        (" Community:[public-1]", " Community:********"),
        ("InternetGatewayDevice.ManagementServer.Password hidden 1", None),
        (
            "InternetGatewayDevice.ManagementServer.Password = hidden-1",
            "InternetGatewayDevice.ManagementServer.Password = ********",
        ),
        (
            "InternetGatewayDevice.ManagementServer.Password hidden-1",
            "InternetGatewayDevice.ManagementServer.Password ********",
        ),
        (" User Password:\n 0F1AD8240CF4F7566E75F78B6113E1A8", " User Password:\n ********"),
    ],
)
def test_masked(line: str, shown: str | None) -> None:
    assert "hidden" not in without_secrets(line)
    if shown is not None:
        assert without_secrets(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "Username for SMTP Authentication:",
        "Password for SMTP Authentication:",
        " Name   :[marketing]",
        "Profile version: 4.0.0        Status: 1 (0x9de81d8f)",
        "Revision: 3075_6ffc5c5 drayos2015_V2927_440",
    ],
)
def test_left_alone(line: str) -> None:
    assert without_secrets(line) == line
