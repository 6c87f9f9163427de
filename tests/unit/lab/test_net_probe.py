# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's own probe against servers that behave well and badly, all on loopback."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from lab.net.namespaces import environment
from lab.net.probe import Answer, Door, knock
from lab.pki import make_pki
from lab.sip_server import sip_server

SHORT = 0.4


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize(
    ("behaviour", "udp", "tcp"),
    [
        ("answer", "200", "200"),
        ("swallow", "silent", "connected"),
        ("other-call", "silent", "connected"),
        ("garbage", "silent", "connected"),
    ],
)
def test_what_a_server_does_is_what_is_told(behaviour: str, udp: str, tcp: str, transport: str) -> None:
    with sip_server(behaviour, transport=transport) as server:
        assert str(knock(Door(transport, server.host, server.port), SHORT)) == (udp if transport == "udp" else tcp)


def test_a_lost_request_is_sent_again() -> None:
    with sip_server("second") as server:
        assert knock(Door("udp", server.host, server.port)).status == 200
        assert len(server.requests) == 2


def test_tls(tmp_path: Path) -> None:
    pair = make_pki(tmp_path, names=["pbx.example"]).server
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with sip_server(transport="tcp", tls=context) as server:
        assert knock(Door("tls", server.host, server.port)) == Answer("answered", 200, "OK")


def test_tls_to_a_port_that_speaks_something_else() -> None:
    with sip_server("garbage", transport="tcp") as server:
        assert knock(Door("tls", server.host, server.port), SHORT).outcome in ("silent", "broken")


@pytest.mark.parametrize("transport", ["udp", "tcp", "connect"])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_closed_port_is_not_silence(transport: str, host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(family, kind) as taken:
        taken.bind((host, 0))
        port = taken.getsockname()[1]
    assert knock(Door(transport, host, port), SHORT).outcome == "refused"


def test_the_program_answers_in_the_order_of_its_doors() -> None:
    with sip_server() as good, sip_server("swallow") as mute:
        doors = [{"transport": "udp", "host": one.host, "port": one.port} for one in (mute, good)]
        done = subprocess.run(
            [sys.executable, "-m", "lab.net.probe", json.dumps(doors), "--timeout", str(SHORT)],
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
    assert [answer["outcome"] for answer in json.loads(done.stdout)] == ["silent", "answered"]
