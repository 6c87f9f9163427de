# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's own probe: can this door be reached from here, and does SIP answer?

``python -m lab.net.probe '[{"transport": "udp", "host": "192.0.2.1", "port": 5060}]'`` prints the results as JSON.
Transports: udp, tcp and tls send an OPTIONS request; ``connect`` only opens a TCP connection.
It shares nothing with the collection's probe, which is tested against it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import secrets
import select
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

RESEND_AFTER = (0.0, 0.3, 0.9)  # seconds: nothing is lost in the lab, but a busy machine may be late
ANSWERED, CONNECTED, REFUSED, UNREACHABLE, SILENT, BROKEN = (
    *("answered", "connected", "refused", "unreachable", "silent", "broken"),
)


@dataclass(frozen=True)
class Door:
    """Where to knock."""

    transport: str  # udp | tcp | tls | connect
    host: str
    port: int
    source_port: int = 0  # UDP only; 0: any

    @property
    def label(self) -> str:
        """For example ``udp/5060 v6``."""
        family = " v6" if ":" in self.host else ""
        return f"{'tcp' if self.transport == 'connect' else self.transport}/{self.port}{family}"


@dataclass(frozen=True)
class Answer:
    """What came back. ``status`` is the SIP status code, 0 for none."""

    outcome: str
    status: int = 0
    detail: str = ""

    def __str__(self) -> str:
        return str(self.status) if self.status else self.outcome


def knock(door: Door, timeout: float = 2.5) -> Answer:
    """Never raises for anything the network does. ``timeout``: seconds until no answer is silence."""
    try:
        return _udp(door, timeout) if door.transport == "udp" else _stream(door, timeout)
    except TimeoutError:
        return Answer(SILENT)
    except ConnectionRefusedError:
        return Answer(REFUSED)
    except ssl.SSLError as problem:
        return Answer(BROKEN, detail=str(problem))
    except ConnectionError as problem:
        return Answer(BROKEN, detail=str(problem))
    except OSError as problem:  # an ICMP error, or no route from here
        return Answer(UNREACHABLE, detail=str(problem))


def _udp(door: Door, timeout: float) -> Answer:
    with _socket(door.host, socket.SOCK_DGRAM) as sock:
        if door.source_port:
            sock.bind(("::" if ":" in door.host else "0.0.0.0", door.source_port))
        sock.connect((door.host, door.port))
        call_id = secrets.token_hex(8)
        request = options(door, sock, call_id)
        begun = time.monotonic()
        sends = [begun + delay for delay in RESEND_AFTER]
        while (now := time.monotonic()) < begun + timeout:
            if sends and now >= sends[0]:
                sends.pop(0)
                sock.send(request)
            until = min([begun + timeout, *sends])
            if select.select([sock], [], [], max(0.0, until - time.monotonic()))[0]:
                answer = _read(sock.recv(65535), call_id)
                if answer:
                    return answer
    return Answer(SILENT)


def _stream(door: Door, timeout: float) -> Answer:
    deadline = time.monotonic() + timeout
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(_socket(door.host, socket.SOCK_STREAM))
        sock.settimeout(timeout)
        sock.connect((door.host, door.port))
        if door.transport == "connect":
            return Answer(CONNECTED)
        if door.transport == "tls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False  # an attacker does not ask who it is
            context.verify_mode = ssl.CERT_NONE
            sock = stack.enter_context(context.wrap_socket(sock))
        call_id = secrets.token_hex(8)
        sock.sendall(options(door, sock, call_id))
        received = b""
        try:
            while b"\r\n\r\n" not in received:
                sock.settimeout(max(0.01, deadline - time.monotonic()))
                piece = sock.recv(65535)
                if not piece:
                    break
                received += piece
        except TimeoutError:
            pass  # connected, but mute: a door all the same
        return _read(received, call_id) or Answer(CONNECTED)


def _socket(host: str, kind: int) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)


def options(door: Door, sock: socket.socket, call_id: str) -> bytes:
    """An OPTIONS request (RFC 3261 11)."""
    host = f"[{door.host}]" if ":" in door.host else door.host
    local, local_port = sock.getsockname()[:2]
    local = f"[{local}]" if ":" in local else local
    lines = [
        f"OPTIONS sip:{host}:{door.port} SIP/2.0",
        f"Via: SIP/2.0/{door.transport.upper()} {local}:{local_port};branch=z9hG4bK{call_id};rport",
        "Max-Forwards: 70",
        f"From: <sip:lab@{local}>;tag={call_id}",
        f"To: <sip:{host}>",
        f"Call-ID: {call_id}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:lab@{local}:{local_port}>",
        "User-Agent: voipsec-lab-probe",
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def _read(data: bytes, call_id: str) -> Answer | None:
    """The final answer to our request, if this is one."""
    text = data.decode("utf-8", "replace")
    status = re.match(r"SIP/2\.0 ([1-6]\d\d) ([^\r\n]*)", text)
    # Header names may be written short (RFC 3261 7.3.3).
    if not status or not re.search(rf"(?mi)^(?:call-id|i)[ \t]*:[ \t]*{call_id}\r$", text):
        return None
    return Answer(ANSWERED, int(status[1]), status[2])


def main() -> None:
    """Knock at all doors at once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("doors", type=json.loads)
    parser.add_argument("--timeout", type=float, default=2.5)
    arguments = parser.parse_args()
    doors = [Door(**door) for door in arguments.doors]
    with ThreadPoolExecutor(max_workers=max(1, len(doors))) as pool:
        answers = list(pool.map(lambda door: knock(door, arguments.timeout), doors))
    print(json.dumps([asdict(answer) for answer in answers]))


if __name__ == "__main__":
    main()
