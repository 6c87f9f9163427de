# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events over WebSocket (yeastar.md a.13): subscribe, heartbeats and frames."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, urlsplit

from lab.https_server import Received, Reply, _Handler
from lab.yeastar.replies import PARAMETER, SYNTAX, envelope

PATH = "/openapi/v1.0/subscribe"
REGISTRATION = 30007
LEVELS = {"info": 30034, "warn": 30035, "error": 30036}
TOPICS = range(30005, 30037)
SILENCE = 60.0
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class Gatekeeper(Protocol):
    """Whoever decides on subscriptions."""

    hub: Hub

    def subscription(self, received: Received) -> tuple[dict[str, Any], Callable[[], bool]]:
        """The envelope of a refusal or of success, and whether the token is still good."""
        ...


class _Subscriber:
    """One connection. One thread does all its reading and writing: TLS in Python wants that."""

    def __init__(self, connection: socket.socket, silence: float) -> None:
        self.topics: set[int] = set()
        self.silence = silence
        self._connection = connection
        self._waiting: deque[str] = deque()
        self._bell, self._ring = socket.socketpair()

    def tell(self, text: str) -> None:
        """From any thread."""
        self._waiting.append(text)
        with contextlib.suppress(OSError):
            self._ring.send(b"!")

    def run(self, is_good: Callable[[], bool]) -> None:
        """Until the client goes, is silent for too long or has lost its token [I]."""
        until = time.monotonic() + self.silence
        with self._bell, self._ring:
            while True:
                left = until - time.monotonic()
                pending = cast("Any", self._connection).pending()
                ready = (
                    [self._connection] if pending else select.select([self._connection, self._bell], [], [], left)[0]
                )
                if not ready or not is_good():
                    self._send(_CLOSE, b"")
                    return
                if self._bell in ready:
                    self._bell.recv(4096)
                    while self._waiting:
                        self._send(_TEXT, self._waiting.popleft().encode())
                if self._connection in ready:
                    until = time.monotonic() + self.silence
                    kind, content = self._receive()
                    if kind == _CLOSE:
                        self._send(_CLOSE, content)
                        return
                    if kind == _PING:
                        self._send(_PONG, content)
                    elif kind == _TEXT:
                        self._send(_TEXT, self._answer(content).encode())

    def _answer(self, content: bytes) -> str:
        if content == b"heartbeat":
            return "heartbeat response"
        try:
            wish = json.loads(content)
        except ValueError:
            return json.dumps(envelope(SYNTAX))
        topics = wish.get("topic_list") if isinstance(wish, dict) else None
        if not isinstance(topics, list) or not all(type(topic) is int and topic in TOPICS for topic in topics):
            return json.dumps(envelope(PARAMETER))
        self.topics = set(topics)
        return json.dumps(envelope())

    def _receive(self) -> tuple[int, bytes]:
        head = self._exactly(2)
        length = head[1] & 0x7F
        if length >= 126:
            length = int.from_bytes(self._exactly(2 if length == 126 else 8), "big")
        if length > 65536 or not head[1] & 0x80:  # clients have to mask
            raise ConnectionError
        mask = self._exactly(4)
        content = self._exactly(length)
        return head[0] & 0x0F, bytes(byte ^ mask[place % 4] for place, byte in enumerate(content))

    def _exactly(self, length: int) -> bytes:
        content = b""
        while len(content) < length:
            part = self._connection.recv(length - len(content))
            if not part:
                raise ConnectionError
            content += part
        return content

    def _send(self, kind: int, content: bytes) -> None:
        size = len(content)
        length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
        self._connection.sendall(bytes([0x80 | kind]) + length + content)


class Hub:
    """All who listen."""

    def __init__(self, serial: str) -> None:
        self.silence = SILENCE
        """Seconds after which a silent client is dropped."""
        self._serial = serial
        self._subscribers: list[_Subscriber] = []
        self._guard = threading.Lock()

    def publish(self, topic: int, message: Any) -> None:
        """Tell who asked for it."""
        frame = json.dumps({"type": topic, "sn": self._serial, "msg": message})
        with self._guard:
            for subscriber in self._subscribers:
                if topic in subscriber.topics:
                    subscriber.tell(frame)

    def serve(self, connection: socket.socket, is_good: Callable[[], bool]) -> None:
        """One client, until it is gone."""
        subscriber = _Subscriber(connection, self.silence)
        with self._guard:
            self._subscribers.append(subscriber)
        try:
            subscriber.run(is_good)
        finally:
            with self._guard:
                self._subscribers.remove(subscriber)


class EventHandler(_Handler):
    """The HTTPS side of the PBX, with WebSocket besides."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != PATH or self.headers.get("Upgrade", "").lower() != "websocket":
            super().do_GET()
            return
        query = dict(parse_qsl(parts.query))
        received = Received("GET", parts.path, query, b"", self.headers, str(self.client_address[0]))
        owner = cast("Gatekeeper", self.server.owner)
        answer, is_good = owner.subscription(received)
        self.close_connection = True
        if answer["errcode"]:
            self._send(Reply(200, answer), cut=False)
            return
        digest = hashlib.sha1((self.headers.get("Sec-WebSocket-Key", "") + _GUID).encode(), usedforsecurity=False)
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(digest.digest()).decode())
        self.end_headers()
        self.wfile.flush()
        with contextlib.suppress(OSError, ValueError):
            owner.hub.serve(self.connection, is_good)
