# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTPS on loopback for simulated devices, and connections that can be torn down."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

_MAX_BODY = 16 * 1024 * 1024


@dataclass
class Reply:
    """An answer; body None is an empty one."""

    status: int
    body: Any = None
    """Sent as JSON."""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    raw: bytes
    headers: Message
    address: str


class Answerer(Protocol):
    """Whoever knows the answers. None closes the connection; second is whether the body is cut in half."""

    def answer(self, received: Received) -> tuple[Reply | None, bool]:
        """One request."""
        ...


class Server(ThreadingHTTPServer):
    """The listening side."""

    daemon_threads = True
    block_on_close = False
    # Benches open many connections at once.
    request_queue_size = 64

    def __init__(
        self,
        address: tuple[str, int],
        context: ssl.SSLContext,
        owner: Answerer,
        *,
        product: str = "nginx",
        content_type: str = "application/json",
        keep_alive: bool = True,
    ) -> None:
        self.context = context
        self.product = product
        """What the header Server says."""
        self.content_type = content_type
        self.keep_alive = keep_alive
        """False: the device closes after each reply."""
        self.owner = owner
        self._open: dict[ssl.SSLSocket, threading.Thread] = {}
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        connection = self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        with self._guard:
            self._open[connection] = threading.current_thread()
        try:
            connection.settimeout(60)
            connection.do_handshake()
            super().finish_request(connection, client_address)
        except OSError:  # includes ssl.SSLError: the client refused our certificate, or spoke no TLS
            pass
        finally:
            with self._guard:
                self._open.pop(connection, None)
            connection.close()

    def close_connections(self) -> None:
        """Tear down what is open, but for the connection of the request that asks for it: its client would go on
        while others are still served. It is closed for want of a reply."""
        own = threading.current_thread()
        with self._guard:
            connections = [connection for connection, thread in self._open.items() if thread is not own]
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave together; in two writes they would wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _MAX_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._send(Reply(411), cut=False)
            return
        parts = urlsplit(self.path)
        received = Received(
            self.command,
            unquote(parts.path),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            self.rfile.read(int(length)),
            self.headers,
            str(self.client_address[0]),
        )
        reply, cut = self.server.owner.answer(received)
        if reply is None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._send(reply, cut=cut)

    do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = do_GET

    def _send(self, reply: Reply, *, cut: bool) -> None:
        content = b"" if reply.body is None else json.dumps(reply.body).encode()
        if cut:
            content = content[: max(1, len(content) // 2)] or b"{"
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", self.server.content_type)
        if not self.server.keep_alive:
            self.send_header("Connection", "close")
            self.close_connection = True
        if reply.status != 204 or content:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def version_string(self) -> str:
        return self.server.product

    def log_message(self, format: str, *args: Any) -> None:
        """Exchanges are recorded by the PBX itself."""
