# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a PBX that provisions its phones serves over HTTPS: 3CX's folders and Yeastar's file addresses.

Written from yealink.md 5.1 and 5.2. A 3CX makes one file with a common name for each phone, in a folder of the phone's
own, from the CDATA parts of a phone template with %%variables%% and {IF network=...}. A Yeastar has one file address
for each phone and fills in {{.Variables}}.
"""

from __future__ import annotations

import base64
import re
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from lab.pki import KeyPair, Pki

_DEVICECONFIG = re.compile(
    r'<deviceconfig\b[^>]*filename="(?P<name>[^"]+)"[^>]*>\s*<!\[CDATA\[\r?\n?(?P<text>.*?)\]\]>', re.DOTALL
)
_CONDITION = re.compile(
    r"\{IF network=(?P<network>\w+)\}\n?(?P<yes>.*?)(?:\{ELSE\}\n?(?P<no>.*?))?\{ENDIF\}\n?", re.DOTALL
)
_GO_IF = re.compile(r"\{\{if \.(?P<name>\w+)\}\}\n?(?P<yes>.*?)\{\{end\}\}\n?", re.DOTALL)


def from_3cx_template(content: str, variables: Mapping[str, str], network: str = "LOCALLAN") -> dict[str, bytes]:
    """The files that a phone finds in its folder, by name. Variables that are not given become empty."""
    files = {}
    for match in _DEVICECONFIG.finditer(content):
        text = _CONDITION.sub(
            lambda part: (part["yes"] if part["network"] == network else part["no"]) or "", match["text"]
        )
        text = re.sub(r"%%(\w+)%%", lambda part: variables.get(part[1], ""), text)
        files[match["name"]] = text.encode("utf-8")
    return files


def from_yeastar_template(content: str, variables: Mapping[str, str]) -> bytes:
    """The file of one phone."""
    text = _GO_IF.sub(lambda part: part["yes"] if variables.get(part["name"]) else "", content)
    return re.sub(r"\{\{\.(\w+)\}\}", lambda part: variables.get(part[1], ""), text).encode("utf-8")


@dataclass(frozen=True)
class Access:
    """One answered request."""

    scheme: str
    path: str
    status: int
    user_agent: str
    authorised: bool
    """Whether it bore credentials, right or wrong."""


@dataclass
class Behaviour:
    """What may be wrong with the server."""

    credentials: tuple[str, str] | None = None
    """For Basic authentication over HTTPS."""
    http_needs_credentials: bool = False
    statuses: dict[str, int] = field(default_factory=dict)
    """Another status for a path that ends so."""
    redirect: str = ""
    """Every request is sent there."""


class PbxProvisioning:
    """Serve files by path while the context lasts. ``http``: the same files over plain HTTP on a second port."""

    def __init__(
        self, pki: Pki, files: Mapping[str, bytes], *, http: bool = False, behaviour: Behaviour | None = None
    ) -> None:
        self.files = dict(files)
        self.behaviour = behaviour or Behaviour()
        self.accesses: list[Access] = []
        self.lock = threading.Lock()
        self._pki = pki
        self._servers = [_Server(self, _tls(pki.server))]
        if http:
            self._servers.append(_Server(self, None))
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            for server in self._servers
        ]

    def put_folder(self, folder: str, files: Mapping[str, bytes]) -> None:
        """One phone's folder, as 3CX has them."""
        self.files.update({f"/provisioning/{folder}/{name}": content for name, content in files.items()})

    def use_certificate(self, kind: str) -> None:
        """Present server, wrong-name or expired from the next connection on."""
        self._servers[0].tls = _tls(self._pki.certificate(kind))

    @property
    def port(self) -> int:
        """Of HTTPS."""
        return int(self._servers[0].server_address[1])

    @property
    def http_port(self) -> int:
        """Of plain HTTP."""
        return int(self._servers[1].server_address[1])

    def url(self, path: str) -> str:
        """An address for clients on this machine."""
        return f"https://localhost:{self.port}{path}"

    def __enter__(self) -> PbxProvisioning:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


def _tls(pair: KeyPair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(pair.certificate, pair.key)
    return context


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, owner: PbxProvisioning, tls: ssl.SSLContext | None) -> None:
        self.owner, self.tls = owner, tls
        super().__init__(("127.0.0.1", 0), _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        connection = request
        try:
            if self.tls:
                connection = self.tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
                connection.settimeout(10)
                connection.do_handshake()
            super().finish_request(connection, client_address)
        except OSError:  # includes ssl.SSLError: the client refused our certificate, or went away
            pass
        finally:
            connection.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lab"
    sys_version = ""
    server: _Server

    def do_GET(self) -> None:
        owner = self.server.owner
        path = unquote(urlsplit(self.path).path)
        status, content = self._answer(owner, path)
        given = self.headers.get("Authorization")
        scheme = "https" if self.server.tls else "http"
        with owner.lock:
            owner.accesses.append(Access(scheme, path, status, self.headers.get("User-Agent", ""), given is not None))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", owner.behaviour.redirect)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="phones"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, owner: PbxProvisioning, path: str) -> tuple[int, bytes]:
        behaviour = owner.behaviour
        if behaviour.redirect:
            return 302, b""
        needed = behaviour.credentials if self.server.tls or behaviour.http_needs_credentials else None
        if needed:
            wanted = base64.b64encode(":".join(needed).encode()).decode()
            if self.headers.get("Authorization") != f"Basic {wanted}":
                return 401, b""
        for end, status in behaviour.statuses.items():
            if path.endswith(end):
                return status, b""
        content = owner.files.get(path)
        return (404, b"") if content is None else (200, content)

    def log_message(self, format: str, *args: Any) -> None:
        """Accesses are kept by the server."""
