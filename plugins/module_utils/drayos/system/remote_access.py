# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services answer on the internet side (draytek.md 4, ``mngt rmtcfg``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VIEW = "mngt rmtcfg status"
SERVICES = ("http", "https", "ftp", "telnet", "ssh", "tr069", "snmp", "enforce_https")
SAFE_SERVICES = ("https", "ssh", "enforce_https")
"""What may be declared: the others send passwords in clear, or hand the router to somebody else."""
MASTER = re.compile(r"Remote configure function has been (?P<state>enabled|disabled)", re.IGNORECASE)
SERVICE = re.compile(r"(?P<name>[A-Za-z0-9_]+) server has been (?P<state>enabled|disabled)", re.IGNORECASE)


@dataclass(frozen=True)
class RemoteAccess:
    """What answers. A service that the router did not name is not in the mapping."""

    enabled: bool
    services: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class WantedRemoteAccess:
    """Off, or on for these services only."""

    enabled: bool
    services: tuple[str, ...] = ()


def remote_access_from(config: Mapping[str, Any], problems: list[str]) -> WantedRemoteAccess:
    """The option ``config.remote_access`` in typed form; what is wrong goes to ``problems``."""
    services = tuple(config.get("services") or ())
    problems.extend(
        f"config.remote_access.services: {name!r} does not belong on the internet side; valid are "
        f"{', '.join(SAFE_SERVICES)}."
        for name in services
        if name not in SAFE_SERVICES
    )
    return WantedRemoteAccess(bool(config["enabled"]), services)


def parse_remote_access(output: str) -> RemoteAccess | None:
    """``mngt rmtcfg status``. Its form is not printed in the manual, so the words of the replies are looked for; None
    where they are not found."""
    master = MASTER.search(output)
    if not master:
        return None
    services = {
        match["name"].lower(): match["state"].lower() == "enabled"
        for match in SERVICE.finditer(output)
        if match["name"].lower() in SERVICES
    }
    return RemoteAccess(master["state"].lower() == "enabled", services)


def remote_access_commands(wanted: WantedRemoteAccess, found: RemoteAccess | None) -> list[str]:
    """The master switch first: while it is off the router refuses to change a service. None found: everything is
    sent."""
    if not wanted.enabled:
        return [] if found and not found.enabled else ["mngt rmtcfg disable"]
    commands = [] if found and found.enabled else ["mngt rmtcfg enable"]
    for name in SERVICES:
        on = name in wanted.services
        if found is None or found.services.get(name, on) is not on:
            commands.append(f"mngt rmtcfg {name} {'on' if on else 'off'}")
    return commands


def unseen_services(wanted: WantedRemoteAccess, found: RemoteAccess) -> list[str]:
    """Services that the router did not name: they are set, and cannot be read back."""
    if not wanted.enabled:
        return []
    return [
        f"mngt rmtcfg {name} {'on' if name in wanted.services else 'off'}"
        for name in SERVICES
        if name not in found.services
    ]


def undo_remote_access(found: RemoteAccess | None) -> list[str]:
    """Back to what was found; nothing where that is not known."""
    if found is None:
        return []
    if not found.enabled:
        return ["mngt rmtcfg disable"]
    services = [f"mngt rmtcfg {name} {'on' if on else 'off'}" for name, on in found.services.items()]
    return ["mngt rmtcfg enable", *services]
