# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NOTIFY check-sync: what makes a phone fetch its configuration (yealink.md 4.1). Pure.

There is no subscription behind it, as with every tool that sends one: the phone does not ask for one, and
Subscription-State says that there is none to come (RFC 6665, 4.1.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import Request

METHOD = "NOTIFY"
USER = re.compile(r"[A-Za-z0-9*+._-]{1,64}")
"""Users of SIP addresses that need no escaping (RFC 3261, 25.1), which extension numbers are."""


@dataclass(frozen=True)
class CheckSync:
    """What one phone is asked to do."""

    user: str
    """The extension; USER matches it."""
    domain: str
    """Of the address: the PBX's name or address, or the phone's own; an IPv6 address in brackets."""
    reboot: bool = False

    @property
    def uri(self) -> str:
        """The request URI."""
        return f"sip:{self.user}@{self.domain}"


def build_notify(told: CheckSync, request: Request, sequence: int, authorization: Sequence[str] = ()) -> bytes:
    """The request. ``authorization``: whole header lines. ``rport`` has the answer come back through NAT (RFC 3581)."""
    contact = f"sip:check-sync@{request.local}"
    if request.transport != "UDP":
        contact += f";transport={request.transport.lower()}"
    lines = [
        f"{METHOD} {told.uri} SIP/2.0",
        f"Via: SIP/2.0/{request.transport} {request.local};rport;branch={request.branch}",
        "Max-Forwards: 70",
        f"From: <{told.uri}>;tag={request.tag}",
        f"To: <{told.uri}>",
        f"Call-ID: {request.call_id}",
        f"CSeq: {sequence} {METHOD}",
        f"Contact: <{contact}>",
        f"Event: check-sync;reboot={'true' if told.reboot else 'false'}",
        "Subscription-State: terminated",
        *authorization,
        f"User-Agent: {request.user_agent}",
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode("utf-8")
