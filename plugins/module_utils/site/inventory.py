# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the check of a declaration knows of the inventory: groups, hosts, and what their logins are. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DEVICES = ("draytek", "threecx", "yeastar")
"""Groups of hosts that are logged in to by user and password of the inventory."""


@dataclass(frozen=True)
class Undefined:
    """A variable of a host whose value cannot be had."""

    host: str
    name: str
    reason: str
    missing: str = ""
    """The variable that its template names and that is not defined."""
    file: str = "hosts.yml"


@dataclass(frozen=True)
class Inventory:
    """The hosts of one run."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of hosts by group, `all` and `ungrouped` included."""
    variables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Of hosts of this collection's groups: their connection and the options of roles, as plain data."""
    unread: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By host, the names of such options that take what only the role knows."""
    undefined: tuple[Undefined, ...] = ()
    customers: tuple[str, ...] = ()
    """Inventories of this run that declare a site of their own."""
    names: tuple[str, ...] = ()
    """Every variable of the play."""
    duplicates: tuple[tuple[str, str], ...] = ()
    """Keys that are given twice in one mapping of a file, each with file and line."""
    shipped: bool = False
    """The inventory is one of this collection's own: the demonstration or the example."""

    def hosts(self, group: str) -> tuple[str, ...]:
        """The hosts of a group; none where there is no such group."""
        return tuple(self.groups.get(group, ()))

    def with_devices(self) -> bool:
        """Whether there is anything here that this collection logs in to or writes to."""
        return any(self.hosts(group) for group in (*DEVICES, "pbx_hosts", "provisioning_servers"))
