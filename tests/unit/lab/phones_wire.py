# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bare SIP user on loopback who writes requests by hand and keeps what comes back."""

from __future__ import annotations

import itertools
import socket
from types import TracebackType

from lab.phones.sip_text import Message, parse

_numbers = itertools.count(1)


class Caller:
    """``with Caller(port) as caller: caller.ask("OPTIONS")``. `address` is where its packets come from."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        self.target = ("127.0.0.1", port)
        self.address = address
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((address, 0))

    def __enter__(self) -> Caller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sock.close()

    def request(
        self,
        method: str,
        user: str = "201",
        *,
        headers: tuple[str, ...] = (),
        body: str = "",
        to_tag: str = "",
        branch: str = "",
        call_id: str = "",
        transport: str = "UDP",
    ) -> bytes:
        """A request as text."""
        number = next(_numbers)
        own = f"{self.address}:{self.sock.getsockname()[1]}"
        tag = f";tag={to_tag}" if to_tag else ""
        lines = [
            f"{method} sip:{user}@127.0.0.1 SIP/2.0",
            f"Via: SIP/2.0/{transport} {own};branch=z9hG4bK{branch or number};rport",
            f"From: <sip:caller@{own}>;tag=from{call_id or number}",
            f"To: <sip:{user}@127.0.0.1>{tag}",
            f"Call-ID: call{call_id or number}",
            f"CSeq: 1 {method}",
            f"Contact: <sip:caller@{own}>",
            "Max-Forwards: 70",
            *headers,
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", body]).encode()

    def send(self, data: bytes) -> None:
        """To the phone."""
        self.sock.sendto(data, self.target)

    def hear(self, within: float = 5.0) -> Message:
        """What comes next."""
        self.sock.settimeout(within)
        return parse(self.sock.recv(65535))

    def hears_nothing(self, within: float = 0.3) -> bool:
        """For a while. A positive control has to stand beside it."""
        self.sock.settimeout(within)
        try:
            self.sock.recv(65535)
        except TimeoutError:
            return True
        return False

    def ask(self, method: str, user: str = "201", **parts: object) -> int:
        """The status of the first answer."""
        self.send(self.request(method, user, **parts))  # type: ignore[arg-type]
        return self.hear().status
