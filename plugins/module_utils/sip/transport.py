# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking one target: UDP, TCP and TLS sockets. Every function returns Evidence, whatever the network does."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import select
import socket
import ssl
import time
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.sip import icmp
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import (
    MAX_MESSAGE,
    NotSipError,
    Request,
    Response,
    answers,
    build_options,
    first_message,
    harmless,
    parse_response,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import (
    ANSWERED,
    REFUSED,
    SILENT,
    UNREACHABLE,
    Evidence,
    Settings,
    Target,
    host_port,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.sockets import (
    T1,
    T2,
    left,
    local_name,
    reason,
    source_address,
)

MAX_STRAYS = 100
"""Datagrams that are read; a target that sends more is answering."""
NOT_SIP = "something that is not SIP answered"


def ask(target: Target, settings: Settings, tls: ssl.SSLContext) -> Evidence:
    """Probe one target for at most ``settings.timeout`` seconds; less where the outcome is certain before."""
    started = time.monotonic()
    try:
        if target.transport == "udp":
            evidence = _ask_udp(target, settings, started)
        else:
            evidence = _ask_stream(target, settings, started, tls)
    except OSError as error:
        # Before the first packet left: no route, no such address family, no free port.
        evidence = Evidence(UNREACHABLE, reason(error))
    return dataclasses.replace(evidence, elapsed=round(time.monotonic() - started, 2))


def send_times(settings: Settings) -> list[float]:
    """Seconds after the start at which a datagram leaves: 0, then T1 doubling up to T2, within the timeout."""
    times, wait = [0.0], T1
    while len(times) <= settings.retransmissions and times[-1] + wait < settings.timeout:
        times.append(times[-1] + wait)
        wait = min(2 * wait, T2)
    return times


def _ask_udp(target: Target, settings: Settings, started: float) -> Evidence:
    family = socket.AF_INET6 if target.address.version == 6 else socket.AF_INET
    destination = (str(target.address), target.port)
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        icmp.enable(sock)
        sock.bind((source_address(family, destination), 0))
        sock.setblocking(False)
        local = host_port(*sock.getsockname()[:2])
        request = _request("UDP", target, local, settings)
        conversation = _Conversation(request, destination, Evidence(SILENT, "no answer", local=local))
        poller = select.poll()
        poller.register(sock, select.POLLIN)
        pending = [started + offset for offset in send_times(settings)]
        deadline = started + settings.timeout
        while (now := time.monotonic()) < deadline and conversation.final is None:
            if pending and now >= pending[0]:
                pending.pop(0)
                conversation.send(sock)
                continue
            wake = min([*pending[:1], deadline])
            if poller.poll(max(1.0, (wake - now) * 1000)):
                conversation.receive(sock)
        return conversation.outcome()


class _Conversation:
    """What one UDP probe has sent and heard."""

    def __init__(self, request: Request, destination: tuple[str, int], silence: Evidence) -> None:
        self.request = request
        self.destination = destination
        self.silence = silence
        self.final: Evidence | None = None
        self.sent = 0
        self.strays = 0
        self.not_sip = ""
        self.unreachable = ""

    def send(self, sock: socket.socket) -> None:
        """One datagram. An error that is reported here belongs to an earlier datagram, or to this machine."""
        try:
            sock.sendto(build_options(self.request), self.destination)
            self.sent += 1
        except OSError as error:
            if not self._network_errors(sock):
                self.final = Evidence(UNREACHABLE, reason(error))

    def receive(self, sock: socket.socket) -> None:
        """Everything that is there."""
        self._network_errors(sock)
        while self.final is None:
            try:
                data, source = sock.recvfrom(MAX_MESSAGE)
            except BlockingIOError:
                return
            except OSError:
                self._network_errors(sock)
                return
            self._datagram(data, source)

    def outcome(self) -> Evidence:
        """The evidence after the last wait."""
        found = self.final
        if found is None and self.not_sip:
            found = Evidence(ANSWERED, self.not_sip)
        if found is None and self.unreachable:
            found = Evidence(UNREACHABLE, self.unreachable)
        return dataclasses.replace(found or self.silence, sent=self.sent, strays=self.strays, local=self.silence.local)

    def _datagram(self, data: bytes, source: tuple[Any, ...]) -> None:
        from_target = (source[0], source[1]) == self.destination
        try:
            response = parse_response(data)
        except NotSipError as error:
            if from_target:
                # Nobody else knows this port: a target that answers anything is not silent.
                self.not_sip = f"{NOT_SIP}: {error}"
            self._stray()
            return
        if response is None or not answers(response, self.request):
            self._stray()
            return
        # Only who received the request knows its Call-ID and branch, so another source is the same target.
        detail = "SIP answer" if from_target else f"SIP answer, from {host_port(source[0], source[1])}"
        self.final = _sip_answer(response, detail)

    def _stray(self) -> None:
        self.strays += 1
        if self.strays >= MAX_STRAYS:
            self.final = Evidence(ANSWERED, f"{MAX_STRAYS} datagrams came, none an answer to the probe")

    def _network_errors(self, sock: socket.socket) -> bool:
        errors = icmp.drain(sock)
        for error in errors:
            if error.port_unreachable and error.reporter == self.destination[0]:
                self.final = Evidence(REFUSED, error.detail)
            else:
                # May pass: an answer to a later datagram counts. And a firewall on the way, perhaps this vantage
                # point's own, that says "port unreachable" has not asked the target.
                self.unreachable = error.detail
        return bool(errors)


def _ask_stream(target: Target, settings: Settings, started: float, tls: ssl.SSLContext) -> Evidence:
    family = socket.AF_INET6 if target.address.version == 6 else socket.AF_INET
    deadline = started + settings.timeout
    destination = (str(target.address), target.port)
    source_address(family, destination)
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(settings.timeout)
        try:
            sock.connect(destination)
        except TimeoutError:
            return Evidence(SILENT, "no answer", sent=1, local=local_name(sock))
        except ConnectionRefusedError:
            return Evidence(REFUSED, "TCP reset or ICMP port unreachable", sent=1)
        except OSError as error:
            return Evidence(UNREACHABLE, reason(error), sent=1)
        opened = Evidence(ANSWERED, "TCP connection opened, no SIP answer", sent=1, local=local_name(sock))
        if target.transport == "tcp_connect":
            return dataclasses.replace(opened, detail="TCP connection opened, nothing sent")
        if target.transport == "tls":
            return _speak_tls(sock, target, settings, deadline, tls, opened)
        return _speak(sock, target, settings, deadline, opened)


def _speak_tls(
    sock: socket.socket, target: Target, settings: Settings, deadline: float, tls: ssl.SSLContext, opened: Evidence
) -> Evidence:
    try:
        sock.settimeout(left(deadline))
        with tls.wrap_socket(sock, server_hostname=target.server_name) as secured:
            certificate = _certificate(secured, verified=tls.verify_mode == ssl.CERT_REQUIRED)
            return _speak(secured, target, settings, deadline, dataclasses.replace(opened, certificate=certificate))
    except ssl.SSLCertVerificationError as error:
        problem = harmless(error.verify_message)
        return dataclasses.replace(
            opened,
            detail=f"TCP connection opened; its certificate does not verify, so OPTIONS was not sent: {problem}",
            certificate={"verified": False, "problem": problem},
        )
    except (OSError, ValueError) as error:
        return dataclasses.replace(opened, detail=f"TCP connection opened, no TLS: {reason(error)}")


def _speak(sock: socket.socket, target: Target, settings: Settings, deadline: float, opened: Evidence) -> Evidence:
    """OPTIONS over a connection that is open; whatever comes of it, the target has answered."""
    request = _request(target.transport.upper(), target, opened.local, settings)
    stream = b""
    try:
        sock.settimeout(left(deadline))
        sock.sendall(build_options(request))
        while True:
            found = first_message(stream)
            if found is not None:
                message, stream = found
                response = parse_response(message)
                if response is not None and answers(response, request):
                    answer = _sip_answer(response, "SIP answer")
                    return dataclasses.replace(
                        answer, sent=opened.sent, local=opened.local, certificate=opened.certificate
                    )
                continue
            sock.settimeout(left(deadline))
            data = sock.recv(16384)
            if not data:
                return dataclasses.replace(opened, detail="TCP connection opened, then closed without a SIP answer")
            stream += data
    except NotSipError as error:
        return dataclasses.replace(opened, detail=f"TCP connection opened, {NOT_SIP}: {error}")
    except TimeoutError:
        return opened
    except OSError as error:
        return dataclasses.replace(opened, detail=f"TCP connection opened, then lost: {reason(error)}")


def _sip_answer(response: Response, detail: str) -> Evidence:
    return Evidence(ANSWERED, detail, status=response.status, phrase=response.phrase, server=response.server)


def _request(transport: str, target: Target, local: str, settings: Settings) -> Request:
    return Request(
        transport=transport,
        target=host_port(target.address, target.port),
        local=local,
        call_id=f"{secrets.token_hex(16)}@site-audit.invalid",
        branch=f"z9hG4bK{secrets.token_hex(12)}",
        tag=secrets.token_hex(8),
        user_agent=settings.user_agent,
    )


def _certificate(secured: ssl.SSLSocket, *, verified: bool) -> dict[str, Any]:
    """Which certificate it was. Only a verified one is read by the standard library; of others there is the digest."""
    der = secured.getpeercert(binary_form=True) or b""
    read: dict[str, Any] = dict(secured.getpeercert() or {})
    return {
        "verified": verified,
        "problem": "" if verified else "not verified, as the task asked",
        "sha256": hashlib.sha256(der).hexdigest(),
        "subject": _distinguished_name(read.get("subject", ())),
        "issuer": _distinguished_name(read.get("issuer", ())),
        "names": [harmless(str(value)) for _kind, value in read.get("subjectAltName", ())],
        "not_after": harmless(str(read.get("notAfter", ""))),
    }


def _distinguished_name(parts: Any) -> str:
    return harmless(", ".join(f"{name}={value}" for part in parts for name, value in part))
