# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a phone answers a SIP request, by its trust settings (yealink.md 3 and 4.1). Pure functions."""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Names the phone's DNS would answer: all addresses count as trusted (G2).
Hosts = Mapping[str, Sequence[str]]
Source = tuple[str, int | None]


@dataclass(frozen=True)
class SipAccount:
    """An enabled account. Its password is not part of it: see Phone.sip_password."""

    index: int
    user: str
    auth_name: str
    server: str
    port: int
    transport: str
    srtp: str
    # (address, port) of every server and outbound proxy the account uses
    peers: tuple[tuple[str, int], ...] = ()
    # the pre-V81 switch, which belongs to the account
    trust: bool = False
    # where its requests go: the outbound proxy if it uses one, else the server
    via: tuple[str, int] = ("", 0)

    @property
    def registered(self) -> bool:
        """An account with a server and a user is taken to be registered."""
        return bool(self.server and self.user)


@dataclass(frozen=True)
class TrustSettings:
    """What decides about an incoming request."""

    accounts: tuple[SipAccount, ...]
    trust_all: bool  # sip.trust_ctrl, V81 and later: for the whole phone
    direct_ip_call: bool
    action: str = "drop"
    compare: str = "ip"
    hosts: Hosts = field(default_factory=dict)


def answer_invite(settings: TrustSettings, source: Source, request_user: str) -> str:
    """ring, 404, or what the phone does with an untrusted source (drop unless set otherwise: G1)."""
    if not is_trusted(settings, source, request_user):
        return settings.action
    if settings.direct_ip_call or any(account.user == request_user for account in settings.accounts):
        return "ring"
    return "404"


def answer_notify(settings: TrustSettings, source: Source, event: str, reboot_mode: str, action_uri: bool) -> str:
    """reboot, provision, ignored, action (an ACTION-URI is carried out); or as for an untrusted INVITE (G3)."""
    if not is_trusted(settings, source, ""):
        return settings.action
    name, *options = [part.strip() for part in event.split(";")]
    if name.upper() == "ACTION-URI":
        return "action" if action_uri else "ignored"
    if name.lower() != "check-sync" or reboot_mode == "2":
        return "ignored"
    if reboot_mode == "1" or "reboot=true" in [option.lower().replace(" ", "") for option in options]:
        return "reboot"
    return "provision"


def answer_other(settings: TrustSettings, source: Source, request_user: str) -> str:
    """answer, or as for an untrusted INVITE: trust is taken to filter every request out of dialogs (G3)."""
    return "answer" if is_trusted(settings, source, request_user) else settings.action


def is_trusted(settings: TrustSettings, source: Source, request_user: str) -> bool:
    """Whether the source may talk to the phone at all."""
    if settings.trust_all:
        # No registered account: the trusted set is empty and everything is dropped (yealink.md 3).
        return any(_is_peer(settings, account, source) for account in settings.accounts)
    # Before V81 the switch is the account's. A request for nobody's number is taken as one for the first account.
    account = next((item for item in settings.accounts if item.user == request_user), None)
    account = account or next(iter(settings.accounts), None)
    return account is None or not account.trust or _is_peer(settings, account, source)


def allows_address(pattern_list: str, source_ip: str) -> bool:
    """features.action_uri_limit_ip: blank rejects all, any allows all, else addresses with * for an octet."""
    if pattern_list == "any":
        return True
    patterns = [item.strip() for item in pattern_list.split(",") if item.strip()]
    return any(re.fullmatch(fnmatch.translate(pattern), source_ip) for pattern in patterns)


def _is_peer(settings: TrustSettings, account: SipAccount, source: Source) -> bool:
    if not account.registered:
        return False
    address, port = source
    for host, peer_port in account.peers:
        if settings.compare == "ip_port" and port is not None and port != peer_port:
            continue
        if any(_same_address(item, address) for item in (host, *settings.hosts.get(host, ()))):
            return True
    return False


def _same_address(one: str, other: str) -> bool:
    try:
        return ipaddress.ip_address(one) == ipaddress.ip_address(other)
    except ValueError:
        return False
