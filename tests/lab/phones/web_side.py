# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone's web page, as far as attackers and tools use it: the login and the action URI (yealink.md 4.2 and 4.3).

One login is offered to all models, that of the newer user interface; older models encrypt the password on the page.
"""

from __future__ import annotations

import base64
import binascii
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lab.phones.events import EventLog
from lab.phones.phone import Phone
from lab.phones.state import write_private
from lab.pki import LabCA

_ACTION_PATHS = ("/servlet", "/cgi-bin/ConfigManApp.com", "/cgi-bin/cgiServer.exx")
# yealink.md 4.3, seen on the classic user interface; taken to be so on the newer one.
_FAILURES, _LOCKED_FOR = 3, 600.0
_MAX_BODY = 4096


@dataclass(frozen=True)
class Answer:
    """What a request is told. `asks` asks for credentials."""

    status: int
    body: str = ""
    asks: bool = False


class WebPages:
    """Decides; knows no sockets. `act` gets the keys of an action URI that is let in, and where it came from."""

    def __init__(self, phone: Phone, events: EventLog, act: Callable[[str, str], None]) -> None:
        self._phone, self._events, self._act = phone, events, act
        self.clock: Callable[[], float] = time.monotonic
        self._failures = 0
        self._locked_until = 0.0
        self._lock = threading.Lock()

    def post(self, path: str, query: Mapping[str, str], form: Mapping[str, str], source: str) -> Answer:
        """A form."""
        if path != "/api/auth/login" or query.get("p") != "Login":
            return Answer(404)
        outcome = self._log_in(form.get("username", ""), form.get("pwd", ""), source)
        if outcome == "ok":
            return Answer(200, '{"ret": "ok"}')
        if outcome == "locked":
            return Answer(200, f'{{"ret": "failed", "error": {{"webStatus": "lock", "lockTime": {int(_LOCKED_FOR)}}}}}')
        return Answer(200, '{"ret": "failed", "error": {"msg": "error_username_or_password_is_wrong"}}')

    def get(self, path: str, query: Mapping[str, str], authorization: str, source: str) -> Answer:
        """An action URI; no other page is simulated."""
        keys = query.get("key")
        if path not in _ACTION_PATHS or not keys:
            return Answer(404)
        if not self._phone.action_uri(source):
            self._events.add("action_refused", keys=keys, source=source)
            return Answer(403)
        user, password = _basic(authorization) or (query.get("username", ""), query.get("pwd", ""))
        if not user or self._log_in(user, password, source) != "ok":
            return Answer(401, asks=True)
        self._act(keys, source)
        return Answer(200)

    def _log_in(self, user: str, password: str, source: str) -> str:
        with self._lock:
            if self.clock() < self._locked_until:
                outcome = "locked"
            elif self._phone.web_login(user, password):
                outcome, self._failures = "ok", 0
            else:
                outcome, self._failures = "wrong", self._failures + 1
                if self._failures >= _FAILURES:
                    self._failures, self._locked_until = 0, self.clock() + _LOCKED_FOR
        self._events.add("web_login", user=user, outcome=outcome, source=source)
        return outcome


class WebDoors:
    """HTTP and HTTPS on an address, as the phone's settings say; with `any_port` on any free ones."""

    def __init__(self, phone: Phone, address: str, pages: WebPages, *, any_port: bool = False) -> None:
        self._phone, self._address, self._pages, self._any_port = phone, address, pages, any_port
        self._servers: dict[str, _Server] = {}
        self._shown = ""

    @property
    def ports(self) -> dict[str, int]:
        """Scheme -> port of what listens."""
        return {scheme: int(server.server_address[1]) for scheme, server in self._servers.items()}

    @property
    def is_current(self) -> bool:
        """Whether it listens, with the certificate of now. Its other settings need a restart (yealink.md 2.2)."""
        return bool(self._servers) and self._shown == self._phone.state.server_certificate

    def open(self) -> None:
        """Listen as the settings say now."""
        self.close()
        self._shown = self._phone.state.server_certificate
        for scheme, port in self._phone.web_ports().items():
            context = _certificate(self._phone, self._address) if scheme == "https" else None
            server = _Server((self._address, 0 if self._any_port else port), self._pages, context)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            self._servers[scheme] = server

    def close(self) -> None:
        """Listen no more."""
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
        self._servers.clear()


def _certificate(phone: Phone, address: str) -> ssl.SSLContext:
    """The one it was given; without one that of the factory, with its MAC as name and from nobody you would trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory(prefix="voipsec-lab-") as folder:
        if phone.state.server_certificate:
            given = Path(folder) / "given.pem"
            write_private(given, phone.state.server_certificate)
            context.load_cert_chain(given)
        else:
            pair = LabCA.create(Path(folder) / "pki").issue("phone", names=[phone.mac], addresses=[address])
            context.load_cert_chain(pair.certificate, pair.key)
    return context


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _space, encoded = header.partition(" ")
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if scheme.lower() == "basic" and colon else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], pages: WebPages, context: ssl.SSLContext | None) -> None:
        self.pages = pages
        self.context = context
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Without asking a name server what this address is called: in a namespace nobody answers."""
        TCPServer.server_bind(self)

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(10)
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "yealink embed httpd"
    sys_version = ""
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        authorization = self.headers.get("Authorization", "")
        self._send(self.server.pages.get(parts.path, _pairs(parts.query), authorization, self._source))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _MAX_BODY:
            self._send(Answer(413))
            return
        form = _pairs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        parts = urlsplit(self.path)
        self._send(self.server.pages.post(parts.path, _pairs(parts.query), form, self._source))

    @property
    def _source(self) -> str:
        return str(self.client_address[0])

    def _send(self, answer: Answer) -> None:
        self.close_connection = True
        body = answer.body.encode()
        self.send_response(answer.status)
        if answer.asks:
            self.send_header("WWW-Authenticate", 'Basic realm="phone"')
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The phone writes its own events."""


def _pairs(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))
