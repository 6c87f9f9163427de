# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small HTTPS file server, as a firm would run one for its phones.

It serves the files of one directory, read-only and without listings. It can be told to misbehave, so that a test can
see what a phone does then.
"""

from __future__ import annotations

import argparse
import base64
import hmac
import json
import os
import re
import signal
import ssl
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from lab.pki import KeyPair, Pki, load_pki, make_pki

# yealink.md 1.2: a phone uploads its local changes as <mac>-local.cfg with PUT.
_UPLOAD = re.compile(r"^(?:/[^/]+)*/([0-9a-f]{12}-local\.cfg)$")
_MAX_UPLOAD = 1024 * 1024


@dataclass
class Faults:
    """How the server misbehaves: patterns are searched for in the request path."""

    not_found: list[str] = field(default_factory=list)
    server_error: list[str] = field(default_factory=list)
    slow: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class AccessRecord:
    """One answered request. Neither credentials nor contents are kept."""

    time: float
    method: str
    path: str
    status: int
    user_agent: str
    bytes: int


class ProvisioningServer:
    """Serve a directory over HTTPS while the context lasts.

    `credentials` is (user, password) for Basic authentication. `upload_dir` allows PUT of <mac>-local.cfg into it.
    `certificate` is server, wrong-name or expired.
    """

    def __init__(
        self,
        directory: Path | str,
        pki: Pki,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        credentials: tuple[str, str] | None = None,
        upload_dir: Path | str | None = None,
        log: Path | str | None = None,
        faults: Faults | None = None,
        certificate: str = "server",
    ) -> None:
        self.directory = Path(directory).resolve()
        self.pki = pki
        self.credentials = credentials
        self.upload_dir = Path(upload_dir) if upload_dir else None
        self.log = Path(log) if log else None
        self.faults = faults or Faults()
        self.requests: list[AccessRecord] = []
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._context = _tls_context(pki.certificate(certificate))
        self._http = _HttpServer((address, port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self) -> str:
        """The address it listens on."""
        return str(self._http.server_address[0])

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._http.server_address[1])

    def url(self, name: str = "provision.example.net", path: str = "/") -> str:
        """The address for phones that resolve `name` to this server."""
        return f"https://{name}:{self.port}{path}"

    def use_certificate(self, kind: str) -> None:
        """Present another certificate from the next connection on."""
        self._context = _tls_context(self.pki.certificate(kind))

    def start(self) -> ProvisioningServer:
        """Start to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop, also in the middle of a slow answer."""
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> ProvisioningServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wrap(self, connection: Any) -> ssl.SSLSocket:
        """Begin TLS on an accepted connection; the handshake happens in the thread of the request."""
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)

    def record(self, record: AccessRecord) -> None:
        """Keep and log one access."""
        with self._lock:
            self.requests.append(record)
            if self.log:
                with self.log.open("a", encoding="utf-8") as handle:
                    handle.write(json.dumps(asdict(record)) + "\n")

    def find(self, path: str) -> Path | None:
        """The file for a request path, or None. Nothing outside the directory, nothing hidden, no directories."""
        parts = [part for part in unquote(path).split("/") if part]
        if not parts or any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        target = self.directory.joinpath(*parts).resolve()
        return target if target.is_relative_to(self.directory) and target.is_file() else None

    def store(self, name: str, body: bytes) -> None:
        """Keep an upload. Such files hold clear-text passwords (yealink.md 2.4, G6)."""
        if self.upload_dir is None:
            return
        self.upload_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = self.upload_dir / f".{name}.part"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(body)
        partial.replace(self.upload_dir / name)


def _tls_context(pair: KeyPair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(pair.certificate, pair.key)
    return context


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], owner: ProvisioningServer) -> None:
        self.owner = owner
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Without asking a name server what this address is called: in a namespace nobody answers."""
        TCPServer.server_bind(self)

    def finish_request(self, request: Any, client_address: Any) -> None:
        connection = self.owner.wrap(request)
        try:
            connection.settimeout(10)
            connection.do_handshake()
        except OSError:  # includes ssl.SSLError: the client refused our certificate, or spoke no TLS
            connection.close()
            return
        try:
            super().finish_request(connection, client_address)
        finally:
            connection.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lab"
    sys_version = ""
    server: _HttpServer

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self._stopped_early(path):
            return
        found = self.server.owner.find(path)
        if found is None:
            self._answer(404)
        else:
            self._answer(200, found.read_bytes())

    do_HEAD = do_GET

    def do_PUT(self) -> None:
        path = urlsplit(self.path).path
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _MAX_UPLOAD:
            self.close_connection = True
            self._answer(413 if length.isdigit() else 411)
            return
        body = self.rfile.read(int(length))
        if self._stopped_early(path):
            return
        name = _UPLOAD.match(path)
        if self.server.owner.upload_dir is None or name is None:
            self._answer(403)
            return
        self.server.owner.store(name[1], body)
        self._answer(201)

    def _stopped_early(self, path: str) -> bool:
        owner = self.server.owner
        for pattern, seconds in owner.faults.slow.items():
            if re.search(pattern, path):
                owner.stopping.wait(seconds)
        if not self._authorised():
            self._answer(401)
        elif any(re.search(pattern, path) for pattern in owner.faults.server_error):
            self._answer(500)
        elif any(re.search(pattern, path) for pattern in owner.faults.not_found):
            self._answer(404)
        else:
            return False
        return True

    def _authorised(self) -> bool:
        wanted = self.server.owner.credentials
        if wanted is None:
            return True
        expected = b"Basic " + base64.b64encode(":".join(wanted).encode())
        return hmac.compare_digest(expected, self.headers.get("Authorization", "").encode("utf-8", "replace"))

    def _answer(self, status: int, body: bytes = b"") -> None:
        # Recorded first: whoever has the answer can rely on finding the record.
        agent = self.headers.get("User-Agent", "")
        record = AccessRecord(time.time(), self.command, urlsplit(self.path).path, status, agent, len(body))
        self.server.owner.record(record)
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="provisioning"')
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The access log is written by the server itself."""


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m lab.provisioning_server", description=__doc__)
    parser.add_argument("--dir", required=True, help="directory to serve")
    parser.add_argument("--pki", required=True, help="directory of the lab's certificates; filled if it has none")
    parser.add_argument("--name", action="append", help="server name for new certificates (repeatable)")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ready-file", help="written as JSON once the server listens")
    parser.add_argument("--log", help="access log, one JSON object a line")
    parser.add_argument("--auth-file", help="file with one line user:password (so that no process list shows it)")
    parser.add_argument("--upload-dir", help="where PUT of <mac>-local.cfg is kept")
    parser.add_argument("--certificate", choices=("server", "wrong-name", "expired"), default="server")
    parser.add_argument("--fault-404", action="append", default=[], metavar="REGEX")
    parser.add_argument("--fault-500", action="append", default=[], metavar="REGEX")
    parser.add_argument("--slow", action="append", default=[], metavar="REGEX=SECONDS")
    options = parser.parse_args(arguments)

    pki_dir = Path(options.pki)
    if (pki_dir / "ca.pem").exists():
        pki = load_pki(pki_dir)
    else:
        pki = make_pki(pki_dir, options.name) if options.name else make_pki(pki_dir)
    slow = {pattern: float(seconds) for pattern, _sep, seconds in (item.rpartition("=") for item in options.slow)}
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with ProvisioningServer(
        options.dir,
        pki,
        address=options.address,
        port=options.port,
        credentials=_read_credentials(options.auth_file),
        upload_dir=options.upload_dir,
        log=options.log,
        faults=Faults(options.fault_404, options.fault_500, slow),
        certificate=options.certificate,
    ) as server:
        if options.ready_file:
            ready = {"address": server.address, "port": server.port, "pid": os.getpid(), "ca": str(pki.ca_file)}
            partial = Path(f"{options.ready_file}.part")
            partial.write_text(json.dumps(ready), encoding="utf-8")
            partial.replace(options.ready_file)
        stop.wait()
    return 0


def _read_credentials(file: str | None) -> tuple[str, str] | None:
    if file is None:
        return None
    user, _separator, password = Path(file).read_text(encoding="utf-8").rstrip("\r\n").partition(":")
    return user, password


if __name__ == "__main__":
    sys.exit(main())
