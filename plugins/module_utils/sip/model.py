# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of whom, and what came of it: plain data that the pure and the socket side share."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any, Union

IPAddress = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

TRANSPORTS = ("udp", "tcp", "tls", "tcp_connect")
"""tcp_connect opens a TCP connection and sends nothing: for ports that are not SIP."""

ANSWERED = "answered"
REFUSED = "refused"
UNREACHABLE = "unreachable"
SILENT = "silent"


@dataclass(frozen=True)
class Target:
    """One probe target: an address, a port and a transport."""

    host: str
    """As the task has it: an address or a name."""
    address: IPAddress
    port: int
    transport: str
    """One of TRANSPORTS."""
    expect: str | None = None
    """ANSWERED, SILENT, or None where the probe is only to tell."""
    server_name: str = ""
    """The name that the TLS certificate must bear."""
    control: bool = False
    """A positive control: it must answer, or silence elsewhere means nothing."""

    @property
    def door(self) -> str:
        """For the user, for example ``203.0.113.5 udp 5060``."""
        named = f"{self.host} ({self.address})" if self.host != str(self.address) else str(self.address)
        return f"{named} {TRANSPORT_NAMES[self.transport]} {self.port}"


TRANSPORT_NAMES = {"udp": "udp", "tcp": "tcp", "tls": "tls", "tcp_connect": "tcp"}


@dataclass(frozen=True)
class Settings:
    """How a run probes."""

    timeout: float
    """Seconds for each target, all at the same time."""
    retransmissions: int
    """UDP datagrams after the first, as far as the timeout has room for them."""
    user_agent: str


@dataclass(frozen=True)
class Evidence:
    """What happened at one target."""

    state: str
    """ANSWERED, REFUSED, UNREACHABLE or SILENT."""
    detail: str
    sent: int = 0
    """UDP datagrams, or for TCP and TLS connections that were tried (the system repeats the SYN by itself)."""
    elapsed: float = 0.0
    """Seconds until the state was known."""
    local: str = ""
    """The address and port that were sent from; empty where there is no route."""
    status: int | None = None
    """Of the SIP answer; None where nothing that opened spoke SIP."""
    phrase: str = ""
    server: str = ""
    certificate: dict[str, Any] | None = None
    """TLS only: verified, problem, sha256, subject, issuer, names, not_after."""
    strays: int = 0
    """Datagrams that came to the probe's port and were no answer to it."""


@dataclass(frozen=True)
class Peer:
    """Where a request goes that is no probe."""

    address: IPAddress
    port: int
    transport: str
    """udp, tcp or tls."""
    server_name: str = ""
    """The name that the TLS certificate must bear."""


@dataclass(frozen=True)
class Answer:
    """What came of such a request."""

    status: int | None
    """None: no final answer."""
    phrase: str = ""
    detail: str = ""
    """What else is to be said: why a challenge was not answered, or what was seen instead of an answer."""
    sent: int = 0
    """Requests, repetitions not counted."""
    lost: bool = False
    """There was no final answer, but the request may have arrived."""

    @property
    def accepted(self) -> bool:
        """Whether it is a 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def told(self) -> bool:
        """Whether the other side knows, as far as can be said."""
        return self.accepted or self.lost


def host_port(address: object, port: int) -> str:
    """``203.0.113.5:5060`` or ``[2001:db8::5]:5060``."""
    return f"[{address}]:{port}" if ":" in str(address) else f"{address}:{port}"
