# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone's SIP doors, UDP and TCP on the same number, and its own connections to servers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ssl
from collections.abc import Callable
from typing import cast

from lab.phones.sip_text import Message, NotSip, parse, split_stream
from lab.phones.transfer import TlsChecks, TransferFailed, matches, tls_context

Receive = Callable[[Message, "UdpPeer | StreamPeer"], None]
_TRIES = 20


class UdpPeer:
    """Somebody who sent a datagram, or to whom one is sent."""

    reliable = False

    def __init__(self, transport: asyncio.DatagramTransport, source: tuple[str, int]) -> None:
        self.source = source
        self._transport = transport
        self.gone = asyncio.Event()
        address, port = transport.get_extra_info("sockname")[:2]
        self.contact = f"{address}:{port}"

    def send(self, data: bytes) -> None:
        """To where it came from, whatever Via says: that is where an attacker listens too."""
        if not self._transport.is_closing():
            self._transport.sendto(data, self.source)


class StreamPeer:
    """The other end of a connection."""

    reliable = True

    def __init__(self, writer: asyncio.StreamWriter, transport: str, contact_port: int | None = None) -> None:
        self.source = writer.get_extra_info("peername")[:2]
        self._writer = writer
        self.gone = asyncio.Event()
        address, port = writer.get_extra_info("sockname")[:2]
        self.contact = f"{address}:{contact_port or port};transport={transport}"

    def send(self, data: bytes) -> None:
        """Nothing, if the connection is gone."""
        if not self._writer.is_closing():
            self._writer.write(data)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)  # asyncio's own class does not derive from it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.transport is not None:
            with contextlib.suppress(NotSip):  # noise is not answered
                self._receive(parse(data), UdpPeer(self.transport, addr[:2]))


class Doors:
    """What is bound, and what is connected. All of it goes away with close()."""

    def __init__(self, address: str, receive: Receive) -> None:
        self.address = address
        self._receive = receive
        self._udp: dict[int, asyncio.DatagramTransport] = {}
        self._tcp: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections: dict[tuple[str, str, int], StreamPeer] = {}
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def is_open(self) -> bool:
        """Whether it listens at all."""
        return bool(self._udp)

    async def open(self, port: int) -> int:
        """Bind a port; 0 is any that is free. The port it is."""
        if port in self._udp:
            return port
        for attempt in range(_TRIES):
            loop = asyncio.get_running_loop()
            udp, _protocol = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self._receive), local_addr=(self.address, port)
            )
            bound = int(udp.get_extra_info("sockname")[1])
            try:
                tcp = await asyncio.start_server(self._accepted, self.address, bound)
            except OSError as problem:
                udp.close()
                if port or problem.errno != errno.EADDRINUSE or attempt == _TRIES - 1:
                    raise
                continue  # somebody has the number in TCP
            self._udp[bound] = udp
            self._tcp.append(tcp)
            return bound
        raise AssertionError("not reached")

    def to(self, source: tuple[str, int], port: int) -> UdpPeer:
        """The way to somebody by UDP, from one of our ports."""
        return UdpPeer(self._udp[port], source)

    async def connect(self, target: tuple[str, int], host: str, checks: TlsChecks | None, port: int) -> StreamPeer:
        """A connection to a server, the one that is there if it is. `checks`: over TLS."""
        transport = "tls" if checks else "tcp"
        known = self._connections.get((transport, *target))
        if known is not None and not known.gone.is_set():
            return known
        context = tls_context(checks) if checks else None
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection(*target, ssl=context, server_hostname=host if context else None), 5.0
        )
        secured: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
        if checks and checks.check_name and secured is not None:
            certificate = secured.getpeercert(binary_form=True)
            if certificate is None or not matches(certificate, host):
                writer.close()
                raise TransferFailed("TLS: the certificate is for another name")
        peer = StreamPeer(writer, transport, port)
        self._connections[transport, *target] = peer
        task = asyncio.ensure_future(self._converse(reader, writer, peer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return peer

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._converse(reader, writer, StreamPeer(writer, "tcp"))

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: StreamPeer) -> None:
        self._writers.add(writer)
        buffer = b""
        try:
            with contextlib.suppress(OSError, NotSip):
                while data := await reader.read(65535):
                    messages, buffer = split_stream(buffer + data)
                    for message in messages:
                        self._receive(parse(message), peer)
        finally:
            self._writers.discard(writer)
            writer.close()
            peer.gone.set()

    async def close(self) -> None:
        """As if the power were cut."""
        for udp in self._udp.values():
            udp.close()
        for tcp in self._tcp:
            tcp.close()
        for writer in list(self._writers):
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # transports close in the next round of the loop
        self._udp.clear()
        self._tcp.clear()
        self._connections.clear()
