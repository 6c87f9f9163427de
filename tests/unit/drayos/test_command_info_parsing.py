# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``sys cfg status`` and ``sys iface`` as the manual prints them."""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.info.interfaces import (
    parse_interfaces,
    parse_state,
)

INTERFACES = """
Interface 0 Ethernet:
Status: UP
IP Address: 192.168.1.1          Netmask: 0xFFFFFF00 (Private)

IP Address: 0.0.0.0               Netmask: 0xFFFFFFFF
MAC: 00-50-7F-00-00-00
Interface 4 Ethernet:
Status: DOWN
IP Address: 0.0.0.0               Netmask: 0x00000000
MAC: 00-50-7F-00-00-02
"""


def test_interfaces() -> None:
    lan, wan = parse_interfaces(INTERFACES)
    assert (lan.number, lan.up, lan.addresses, lan.mac) == (0, True, ["192.168.1.1/24"], "00:50:7f:00:00:00")
    assert (wan.number, wan.up, wan.addresses) == (4, False, [])


def test_state_marker() -> None:
    assert parse_state("Profile version: 3.0.0        Status: 1 (0x491E5e6c)") == {
        "profile_version": "3.0.0",
        "status": 1,
        "mark": "0x491e5e6c",
    }


def test_other_forms_are_nothing() -> None:
    assert parse_state("invalid command !!") is None
    assert parse_interfaces("invalid command !!") == []
