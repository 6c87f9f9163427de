# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small PBX on loopback that registers phones and relays NOTIFY to them, asking who is there. Knows RFC 3261 only."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import re
import secrets
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType

from lab.phones.sip_digest import fields
from lab.phones.sip_text import Message, NotSip, parse, respond, split_stream, write

REALM = "pbx"
_DIGESTS = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass
class Behaviour:
    """May be changed while it runs."""

    asks: Sequence[str] = ()
    """Algorithms with which NOTIFY is challenged, the preferred one first. None: everybody is believed."""
    stale: int = 0
    """That many right answers are told that their nonce has run out."""
    silent: bool = False
    """Takes everything and says nothing."""
    refuses: dict[str, int] = field(default_factory=dict)
    """Number -> status."""


@dataclass(frozen=True)
class Seen:
    """A NOTIFY that came."""

    time: float
    message: Message
    transport: str
    algorithm: str
    """Of its credentials; empty without any."""


class SipRelay:
    """``with SipRelay({"201": ("auth", "password")}) as pbx: pbx.bindings["201"] = ("127.0.0.1", port)``"""

    def __init__(
        self,
        users: Mapping[str, tuple[str, str]] | None = None,
        *,
        address: str = "127.0.0.2",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.users = dict(users or {})
        self.address = address
        self.behaviour = Behaviour()
        self.bindings: dict[str, tuple[str, int]] = {}
        self.seen: list[Seen] = []
        self.ports: dict[str, int] = {}
        self._tls = tls
        self._nonces: dict[str, int] = {}
        self._ways_back: dict[str, _Peer] = {}
        self._udp: asyncio.DatagramTransport | None = None
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> SipRelay:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def told(self) -> list[str]:
        """The numbers that were asked for, retransmissions not counted."""
        branches = {each.message.branch: each.message.user for each in self.seen}
        return list(branches.values())

    # ---- from here on in the thread of the loop

    async def _start(self) -> None:
        for _attempt in range(20):
            udp, _protocol = await self._loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(self.address, 0)
            )
            port = udp.get_extra_info("sockname")[1]
            try:
                self._servers.append(await asyncio.start_server(self._tcp, self.address, port))
            except OSError:
                udp.close()  # somebody has the number in TCP
                continue
            break
        self._udp = udp
        self.ports = {"udp": port, "tcp": port}
        if self._tls:
            secured = await asyncio.start_server(self._over_tls, self.address, 0, ssl=self._tls)
            self._servers.append(secured)
            self.ports["tls"] = secured.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._udp:
            self._udp.close()
        await asyncio.sleep(0)

    async def _tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._converse(reader, writer, "tcp")

    async def _over_tls(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._converse(reader, writer, "tls")

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, transport: str) -> None:
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        peer = _Peer(writer.get_extra_info("peername")[:2], transport, writer=writer)
        buffer = b""
        with contextlib.suppress(OSError, NotSip):
            while data := await reader.read(65535):
                found, buffer = split_stream(buffer + data)
                for each in found:
                    self.receive(parse(each), peer)
        writer.close()

    def datagram(self, data: bytes, source: tuple[str, int]) -> None:
        """What came by UDP."""
        with contextlib.suppress(NotSip):
            self.receive(parse(data), _Peer(source, "udp", udp=self._udp))

    def receive(self, message: Message, peer: _Peer) -> None:
        """A request, or the answer of a phone."""
        if message.status:
            self._pass_back(message)
        elif message.method == "NOTIFY":
            said = fields(message.get("proxy-authorization"))
            algorithm = said.get("algorithm", "MD5") if said else ""
            self.seen.append(Seen(time.monotonic(), message, peer.transport, algorithm))
            if not self.behaviour.silent:
                self._notify(message, peer)
        elif message.method == "REGISTER":
            self._register(message, peer)

    def _notify(self, request: Message, peer: _Peer) -> None:
        number = request.user
        if self.behaviour.asks:
            verdict = self._judge(request, "proxy-authorization")
            if verdict == "right" and self.behaviour.stale > 0 and request.branch not in self._ways_back:
                self.behaviour.stale -= 1
                verdict = "stale"
            if verdict != "right":
                self._challenge(request, peer, stale=verdict == "stale")
                return
        status = self.behaviour.refuses.get(number, 0)
        if status or number not in self.bindings:
            peer.answer(request, status or 404)
            return
        # The same request makes the same branch, so that the phone knows a retransmission (RFC 3261, 16.11).
        branch = "z9hG4bK" + hashlib.sha256(f"{request.branch}{request.get('cseq')}".encode()).hexdigest()[:20]
        self._ways_back[branch] = self._ways_back[request.branch] = peer
        target = self.bindings[number]
        top = ("Via", f"SIP/2.0/UDP {self.address}:{self.ports['udp']};branch={branch}")
        hops = ("Max-Forwards", str(int(request.get("max-forwards")) - 1))
        left_out = ("max-forwards", "proxy-authorization", "content-length")
        kept = [(_title(name), value) for name, value in request.headers if name not in left_out]
        if self._udp:
            first = f"NOTIFY sip:{number}@{target[0]}:{target[1]} SIP/2.0"
            self._udp.sendto(write(first, [top, hops, *kept], request.body), target)

    def _pass_back(self, response: Message) -> None:
        peer = self._ways_back.get(response.branch)
        if peer:
            vias = [("Via", via) for via in response.all("via")[1:]]
            skipped = ("via", "content-length")
            others = [(_title(name), value) for name, value in response.headers if name not in skipped]
            peer.send(write(response.first, [*vias, *others], response.body))

    def _register(self, request: Message, peer: _Peer) -> None:
        if self._judge(request, "authorization") != "right":
            self._challenge(request, peer, header="WWW-Authenticate", status=401, asks=("MD5",))
            return
        found = re.search(r"sip:([^@>]+)@([\d.]+):(\d+)", request.get("contact"))
        if found:
            self.bindings[found[1]] = (found[2], int(found[3]))
        peer.answer(request, 200, [("Contact", request.get("contact")), ("Expires", "3600")])

    # ---- who is there

    def _challenge(
        self,
        request: Message,
        peer: _Peer,
        *,
        stale: bool = False,
        header: str = "Proxy-Authenticate",
        status: int = 407,
        asks: Sequence[str] = (),
    ) -> None:
        nonce = secrets.token_hex(16)
        self._nonces[nonce] = 0
        more = ", stale=true" if stale else ""
        peer.answer(
            request,
            status,
            [
                (header, f'Digest realm="{REALM}", nonce="{nonce}", algorithm={each}, qop="auth", opaque="o p"{more}')
                for each in asks or self.behaviour.asks
            ],
        )

    def _judge(self, request: Message, header: str) -> str:
        """right, or wrong."""
        said = fields(request.get(header))
        number = re.sub(r"^.*?sip:([^@]+)@.*$", r"\1", request.get("from"))
        user, password = self.users.get(number, ("", ""))
        nonce, count, algorithm = said.get("nonce", ""), said.get("nc", ""), said.get("algorithm", "MD5")
        if not user or said.get("username") != user or nonce not in self._nonces or said.get("uri") != request.uri:
            return "wrong"
        if header == "proxy-authorization" and algorithm != self.behaviour.asks[0]:
            return "wrong"  # it understands the better one, so nobody in between has taken it away
        digest = _DIGESTS[algorithm]

        def hashed(*parts: str) -> str:
            return digest(":".join(parts).encode()).hexdigest()

        wanted = hashed(
            hashed(user, REALM, password),
            nonce,
            count,
            said.get("cnonce", ""),
            said.get("qop", ""),
            hashed(request.method, request.uri),
        )
        retransmitted = request.branch in self._ways_back
        if not hmac.compare_digest(wanted, said.get("response", "")) or said.get("opaque", "") not in ("o p", ""):
            return "wrong"
        if not retransmitted and int(count, 16) <= self._nonces[nonce]:
            return "wrong"  # said before: a replay
        self._nonces[nonce] = int(count, 16)
        return "right"


@dataclass
class _Peer:
    """Who sent a request, and the way back."""

    source: tuple[str, int]
    transport: str
    udp: asyncio.DatagramTransport | None = None
    writer: asyncio.StreamWriter | None = None

    def send(self, data: bytes) -> None:
        if self.udp:
            self.udp.sendto(data, self.source)
        elif self.writer:
            self.writer.write(data)

    def answer(self, request: Message, status: int, headers: Sequence[tuple[str, str]] = ()) -> None:
        # A registrar's phrases are its own; 407 is none that a phone says.
        data = respond(request, 401 if status == 407 else status, self.source, tag="relay", headers=headers)
        if status == 407:
            data = data.replace(b"SIP/2.0 401 Unauthorized", b"SIP/2.0 407 Proxy Authentication Required", 1)
        self.send(data)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, relay: SipRelay) -> None:
        self._relay = relay

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._relay.datagram(data, addr)


def _title(name: str) -> str:
    """Call-id is as good as Call-ID (RFC 3261, 7.3.1)."""
    return name.title()
