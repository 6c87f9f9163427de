# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of the router itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import MANAGEMENT_PREFIX
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.marker import SYSTEM, Mark, read_mark
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import (
    ADDRESSES,
    IpObject,
    parse_ip_object,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system import (
    access_list,
    brute_force,
    clock,
    mail_alert,
    remote_access,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.wanted import WantedSystem
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import Run, parsed, readable

Parsed = TypeVar("Parsed")


@dataclass
class SystemSnapshot:
    """None where it was not read, or not understood; ``unread`` then says so."""

    entries: dict[int, int] | None = None
    """Access list: slot and IP object."""
    objects: dict[int, IpObject] = field(default_factory=dict)
    """The IP objects that were read: those on the list, and some free ones."""
    remote_access: remote_access.RemoteAccess | None = None
    brute_force: brute_force.BruteForce | None = None
    mail_alert: mail_alert.MailAlert | None = None
    clock: clock.Clock | None = None
    mark: Mark | None = None
    unread: list[str] = field(default_factory=list)

    def listed(self) -> dict[int, IpObject | None]:
        """The access list with what its objects are; None for one that is not an IP object."""
        return {slot: self.objects.get(index) for slot, index in (self.entries or {}).items()}


def gather_system(run: Run, dialect: Dialect, wanted: WantedSystem | None) -> SystemSnapshot:
    """Read what ``wanted`` names; None for everything that can be read."""
    snapshot = SystemSnapshot()

    def view(name: str, command: str, parse: Callable[[str], Parsed | None]) -> Parsed | None:
        if wanted is not None and not getattr(wanted, name):
            return None
        return readable(run, command, parse, snapshot.unread)

    snapshot.entries = view("management", access_list.VIEW, access_list.parse_access_list)
    for index in (snapshot.entries or {}).values():
        if not 1 <= index <= dialect.ip_objects:
            continue
        command = f"{ADDRESSES.command} {index} -v"
        if wanted is not None:
            snapshot.objects[index] = parsed(run, command, parse_ip_object)
            continue
        found = readable(run, command, parse_ip_object, snapshot.unread)
        if found is not None:
            snapshot.objects[index] = found
    snapshot.remote_access = view("remote_access", remote_access.VIEW, remote_access.parse_remote_access)
    snapshot.brute_force = view("brute_force", brute_force.VIEW, brute_force.parse_brute_force)
    snapshot.mail_alert = view("mail_alert", mail_alert.VIEW, mail_alert.parse_mail_alert)
    snapshot.clock = view("clock", clock.VIEW, clock.parse_clock)
    if wanted is not None:
        snapshot.mark = read_mark(run, SYSTEM)
    return snapshot


def find_objects(run: Run, snapshot: SystemSnapshot, needed: int) -> None:
    """Find so many IP objects for the access list: ours that are not on it, else free ones, from the middle
    downwards."""
    on_list = set((snapshot.entries or {}).values())
    for index in range(access_list.FIRST_OBJECT, 0, -1):
        if len(usable(snapshot)) >= needed:
            return
        if index not in on_list and index not in snapshot.objects:
            snapshot.objects[index] = parsed(run, f"{ADDRESSES.command} {index} -v", parse_ip_object)


def usable(snapshot: SystemSnapshot) -> list[int]:
    """Objects that may become an entry's, highest first."""
    on_list = set((snapshot.entries or {}).values())
    return sorted(
        (
            index
            for index, item in snapshot.objects.items()
            if index not in on_list and (item.blank or item.name.startswith(MANAGEMENT_PREFIX))
        ),
        reverse=True,
    )


def as_result(snapshot: SystemSnapshot) -> dict[str, Any]:
    """For the states gathered and parsed; what was not read is None."""
    remote, protection = snapshot.remote_access, snapshot.brute_force
    return {
        "management_networks": None
        if snapshot.entries is None
        else [text_of(item) for _slot, item in sorted(snapshot.listed().items())],
        "remote_access": remote
        and {"enabled": remote.enabled, "services": sorted(n for n, on in remote.services.items() if on)},
        "brute_force": protection
        and {
            "enabled": protection.enabled,
            "failures": protection.failures,
            "penalty": protection.penalty,
            "services": sorted(protection.services),
        },
        "mail_alert": snapshot.mail_alert
        and {
            "enabled": snapshot.mail_alert.enabled,
            "smtp_address": snapshot.mail_alert.server,
            "port": snapshot.mail_alert.port,
            "recipient": snapshot.mail_alert.recipient,
            "sender": snapshot.mail_alert.sender,
            "events": list(snapshot.mail_alert.events),
        },
        "clock": snapshot.clock and {"server": snapshot.clock.server, "zone": snapshot.clock.zone},
        "unread": snapshot.unread,
    }


def text_of(item: IpObject | None) -> str:
    """An entry of the access list in words."""
    if item is None:
        return "not an IP object"
    span = item.start if item.start == item.end else f"{item.start}-{item.end}"
    return f"{item.name or '(no name)'} {'not ' if item.inverted else ''}{span}"
