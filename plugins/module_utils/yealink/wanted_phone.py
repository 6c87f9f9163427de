# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One phone as it should be, as typed data: what its files are made from."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import Model


@dataclass(frozen=True)
class Account:
    """One SIP account."""

    number: str
    label: str
    display_name: str
    server: str
    port: int
    transport: str
    srtp: str
    auth_id: str
    password: Secret


@dataclass(frozen=True)
class Provisioning:
    """Where the phone fetches its files."""

    url: str
    """Holds the phone's own path, which is as good as a password, where there is one."""
    username: str | None
    password: Secret | None


@dataclass(frozen=True)
class Vlan:
    """802.1Q tags of the phone's own traffic, and of a computer behind it."""

    id: int
    priority: int | None = None
    pc_id: int | None = None
    pc_priority: int | None = None


@dataclass(frozen=True)
class Dot1x:
    """How the phone proves itself to the switch. The password is a secret setting."""

    method: str
    """md5, tls or peap."""
    identity: str
    ca_url: str | None = None
    client_certificate_url: str | None = None


@dataclass(frozen=True)
class Lock:
    """The keypad lock."""

    after: int
    """Seconds; 0 locks by hand only."""
    keys: str
    """all, function or menu."""


@dataclass(frozen=True)
class WantedPhone:
    """Everything that one phone's files are made from."""

    mac: str
    model: Model
    firmware: int
    outside_lan: bool
    accounts: tuple[Account, ...]
    admin_password: Secret
    user_password: Secret
    provisioning: Provisioning
    emergency_numbers: tuple[str, ...]
    action_uri_from: tuple[str, ...] = ()
    var_password: Secret | None = None
    """Of the third user, who exists once somebody switches him on."""
    unlock_pin: Secret | None = None
    listen_port: int | None = None
    """None for the usual one."""
    web_interface: str = "https"
    """https or off."""
    check_sync: str = "reload"
    """reload or ignore."""
    enrolled: bool = True
    """False while it still looks for its provisioning server by DHCP and PnP."""
    lock: Lock | None = None
    vlan: Vlan | None = None
    dot1x: Dot1x | None = None
    block_out: tuple[str, ...] = ()
    """Patterns of the dial plan that cannot be dialled."""
    trusted_certificate: str | None = None
    """Address of an own authority's certificate."""
    server_certificate: str | None = None
    """Address of the phone's own certificate and key."""
