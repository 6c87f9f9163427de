# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the router sends its log (draytek.md annex sys syslog). One server; nothing shows the settings again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import is_ipv4
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import is_port

TOPICS = {"firewall": "f", "vpn": "v", "user_access": "e", "call": "c", "wan": "w", "wlan": "l", "router": "r"}
"""What is logged, and the command's letters. ``-v`` is the VPN log here, not a view."""
DEFAULT_TOPICS = ("firewall", "vpn", "user_access", "wan", "router")


@dataclass(frozen=True)
class WantedSyslog:
    """The collector and what it gets."""

    server: str
    port: int = 514
    topics: tuple[str, ...] = DEFAULT_TOPICS


def syslog_from(config: Mapping[str, Any], problems: list[str]) -> WantedSyslog:
    """The option ``config.syslog`` in typed form; what is wrong goes to ``problems``."""
    server, port = str(config["server"]), 514 if config.get("port") is None else config["port"]
    if not is_ipv4(server):
        problems.append(f"config.syslog.server: {server!r} is not an IPv4 address; the router takes no name.")
    if not is_port(port):
        problems.append(f"config.syslog.port: {port} is not a port from 1 to 65535.")
    topics = config.get("topics")
    return WantedSyslog(server, port, DEFAULT_TOPICS if topics is None else tuple(topics))


def syslog_commands(wanted: WantedSyslog) -> list[str]:
    """One line that switches everything on or off, so that nothing is left from before."""
    topics = " ".join(f"-{letter} {int(name in wanted.topics)}" for name, letter in TOPICS.items())
    return [f"sys syslog -a 1 -s 1 -i {wanted.server} -d {wanted.port} {topics}"]
