# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A SIP server that answers OPTIONS on loopback, well or badly, over UDP, TCP or TLS. Knows RFC 3261 only."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

BEHAVIOURS = ("answer", "swallow", "second", "other-call", "other-branch", "garbage", "request", "close")
"""``swallow`` reads and says nothing, ``second`` answers the second request only, ``close`` hangs up after the
first request."""
GARBAGE = b"\x00\xff\x1b[31m220 mail.example.net ESMTP\r\n\r\n"


@dataclass
class SipServer:
    """One that is running, and what it has been sent."""

    transport: str
    host: str
    behaviour: str
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def door(self) -> dict[str, str | int]:
        """As a target of the probe."""
        return {"host": self.host, "port": self.port, "transport": self.transport}


@contextlib.contextmanager
def sip_server(
    behaviour: str = "answer",
    *,
    transport: str = "udp",
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    answer_from: str | None = None,
) -> Iterator[SipServer]:
    """Run a server on a free port. ``answer_from`` has UDP answers leave from another address of this machine."""
    if behaviour not in BEHAVIOURS:
        raise ValueError(f"{behaviour!r} is none of {BEHAVIOURS}")
    server = SipServer(transport, host, behaviour)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        close = asyncio.run_coroutine_threadsafe(_start(server, answer_from, tls), loop).result(10)
        yield server
        loop.call_soon_threadsafe(close)
    finally:
        asyncio.run_coroutine_threadsafe(_end_tasks(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def answer_to(request: bytes, behaviour: str, number: int) -> bytes | None:
    """What is said to the ``number``-th request, counted from 1; None for nothing."""
    if behaviour in ("swallow", "close") or (behaviour == "second" and number != 2):
        return None
    if behaviour == "garbage":
        return GARBAGE
    if behaviour == "request":
        return b"INVITE sip:probe@127.0.0.1 SIP/2.0\r\nCall-ID: ours\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
    headers = dict(re.findall(r"(?m)^([A-Za-z-]+):[ \t]*(.*?)\r$", request.decode()))
    call_id = "somebody-elses@call" if behaviour == "other-call" else headers["Call-ID"]
    via = headers["Via"].replace("z9hG4bK", "z9hG4bKother") if behaviour == "other-branch" else headers["Via"]
    lines = [
        "SIP/2.0 200 OK",
        f"v: {via};received=127.0.0.1",
        f"From: {headers['From']}",
        f"To: {headers['To']};tag=lab",
        f"i: {call_id}",
        f"CSeq: {headers['CSeq']}",
        "Allow: INVITE, ACK, BYE,",
        "  CANCEL, OPTIONS",
        "Server: lab-pbx/1.0",
        "Content-Length: 4",
    ]
    return "\r\n".join([*lines, "", "body"]).encode()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, server: SipServer) -> None:
        self.server = server
        self.own: asyncio.DatagramTransport | None = None
        self.answers: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.own = cast(asyncio.DatagramTransport, transport)  # asyncio's own class does not derive from it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.server.requests.append(data)
        answer = answer_to(data, self.server.behaviour, len(self.server.requests))
        sender = self.answers or self.own
        if answer is not None and sender is not None:
            sender.sendto(answer, addr)


async def _start(server: SipServer, answer_from: str | None, tls: ssl.SSLContext | None) -> Callable[[], None]:
    """What ends it."""
    if server.transport == "udp":
        return (await _start_udp(server, answer_from)).close
    return (await _start_stream(server, tls)).close


async def _start_udp(server: SipServer, answer_from: str | None) -> asyncio.BaseTransport:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(lambda: _Udp(server), local_addr=(server.host, 0))
    server.port = transport.get_extra_info("sockname")[1]
    if answer_from:
        protocol.answers, _unused = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=(answer_from, 0)
        )
    return transport


async def _start_stream(server: SipServer, tls: ssl.SSLContext | None) -> asyncio.Server:
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while server.behaviour != "close" or not server.requests:
                request = await reader.readuntil(b"\r\n\r\n")
                server.requests.append(request)
                answer = answer_to(request, server.behaviour, len(server.requests))
                if answer is not None:
                    middle = len(answer) // 2
                    writer.write(answer[:middle])  # in two pieces: a stream has no message borders
                    await writer.drain()
                    writer.write(answer[middle:])
                    await writer.drain()
        writer.close()

    listening = await asyncio.start_server(converse, server.host, 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    return listening


async def _end_tasks() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
