# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches of the router that it does not show again (draytek.md 4 and annex)."""

from __future__ import annotations

from collections.abc import Mapping

SWITCHES: Mapping[str, tuple[str, str]] = {
    "snmp": ("mngt snmp -e 2", "mngt snmp -e 1"),
    "ftp_server": ("sys ftpd off", "sys ftpd on"),
    "upnp": ("upnp off", "upnp on"),
    "ipv6_management": ("ip6 mngt internet off", "ip6 mngt internet on"),
    "answer_ping": ("mngt echoicmp disable", "mngt echoicmp enable"),
}
"""Off and on. For SNMP 1 is on and 2 is off, unlike everything else. UPnP lets any machine inside open a way in."""


def switch_commands(wanted: Mapping[str, bool]) -> list[str]:
    """In a stable order."""
    return [commands[int(wanted[name])] for name, commands in SWITCHES.items() if name in wanted]
