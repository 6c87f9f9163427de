# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTPS connection, kept open; the certificate is judged before anything is sent."""

from __future__ import annotations

import hashlib
import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import (
    HttpsSession,
    NotConnected,
    Trust,
    Unanswered,
    normal_fingerprint,
)
from lab.pki import Pki, make_pki


class Server(http.server.ThreadingHTTPServer):
    """Counts connections and requests."""

    daemon_threads = True
    connections = 0
    requests = 0

    def get_request(self) -> Any:
        self.connections += 1
        return super().get_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust the certificate goes away."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Says hello, or goes away in the middle."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.requests += 1
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        if self.path == "/half":
            self.wfile.write(b"he")
            self.close_connection = True
        else:
            self.wfile.write(b"hello")

    def log_message(self, format: str, *args: Any) -> None:
        """Not on the screen."""


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"), names=("pbx.example",))


@pytest.fixture
def serve(pki: Pki) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(kind: str | None = "server") -> Server:
        server = Server(("127.0.0.1", 0), Handler)
        if kind:
            pair = pki.certificate(kind)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pair.certificate, pair.key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def session(server: Server, **trust: Any) -> HttpsSession:
    return HttpsSession("127.0.0.1", server.server_address[1], Trust(**trust), 5)


def test_many_requests_go_over_one_connection(serve: Callable[..., Server], pki: Pki) -> None:
    server = serve()
    with session(server, ca_file=str(pki.ca_file)) as client:
        assert {client.request("GET", "/").body for _ in range(20)} == {b"hello"}
        client.close()
        assert client.request("GET", "/").status == 200
    assert (server.connections, server.requests) == (2, 21)


@pytest.mark.parametrize("kind", ["wrong-name", "expired"])
def test_a_bad_certificate_gets_no_request(serve: Callable[..., Server], pki: Pki, kind: str) -> None:
    server = serve(kind)
    with session(server, ca_file=str(pki.ca_file)) as client, pytest.raises(HardeningError, match="is not trusted"):
        client.request("GET", "/")
    assert server.requests == 0


def test_a_name_and_a_fingerprint_are_compared(serve: Callable[..., Server], pki: Pki) -> None:
    server = serve()
    pem = pki.server.certificate.read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----"
    right = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    with session(server, fingerprint=right) as client:
        assert client.request("GET", "/").status == 200
    with session(server, ca_file=str(pki.ca_file), server_name="pbx.example") as client:
        assert client.request("GET", "/").status == 200
    for trust in ({"fingerprint": "0" * 64}, {"ca_file": str(pki.ca_file), "server_name": "other.example"}, {}):
        with session(server, **trust) as client, pytest.raises(HardeningError, match="is not trusted"):
            client.request("GET", "/")
    assert server.requests == 2


def test_a_port_without_tls_is_called_so(serve: Callable[..., Server], pki: Pki) -> None:
    server = serve(None)
    told = "TLS cannot be set up .* Is this its HTTPS port"
    with session(server, ca_file=str(pki.ca_file)) as client, pytest.raises(HardeningError, match=told):
        client.request("GET", "/")
    assert server.requests == 0


def test_nobody_there_and_half_an_answer_are_told_apart(serve: Callable[..., Server], pki: Pki) -> None:
    server = serve()
    with session(server, ca_file=str(pki.ca_file)) as client:
        with pytest.raises(Unanswered, match="did not answer in full"):
            client.request("GET", "/half")
        assert client.request("GET", "/").body == b"hello"
    server.shutdown()
    server.server_close()
    with session(server, ca_file=str(pki.ca_file)) as client, pytest.raises(NotConnected, match="does not accept"):
        client.request("GET", "/")


def test_a_ca_file_that_cannot_be_used_is_named(serve: Callable[..., Server], tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing")
    for path in (empty, tmp_path / "none.pem"):
        with pytest.raises(HardeningError, match=f"tls_ca_file: {path} cannot be used"):
            session(serve(), ca_file=str(path))


@pytest.mark.parametrize("text", ["AB:" * 31 + "AB", "SHA256:" + "ab" * 32, "sha256 Fingerprint=" + "AB:" * 31 + "AB"])
def test_fingerprints_as_people_paste_them(text: str) -> None:
    assert normal_fingerprint(text) == "ab" * 32
