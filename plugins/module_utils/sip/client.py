# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One NOTIFY from the first datagram to the last answer: UDP, TCP or TLS, with digest where it is asked for.

A conversation is one transaction after the other (RFC 3261, 17.1.2), never two at once, and ends within its timeout
whatever the network does.
"""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import select
import socket
import ssl
import time
from collections.abc import Iterator

from ansible_collections.voipsec.hardening.plugins.module_utils.sip import icmp
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.digest import (
    Authentication,
    CannotAnswerError,
    Credentials,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import (
    MAX_MESSAGE,
    NotSipError,
    Request,
    Response,
    answers,
    first_message,
    harmless,
    parse_response,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import Answer, Peer, host_port
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.notify import METHOD, CheckSync, build_notify
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.sockets import (
    T1,
    T2,
    left,
    reason,
    source_address,
)

MAX_REQUESTS = 4
"""In one conversation: one that a proxy challenges, one that the phone behind it challenges, one for a nonce that ran
out, and the last."""
CHALLENGED = (401, 407)


class NotDeliveredError(Exception):
    """A request did not arrive. The text says what was seen instead of an answer."""


def tell(
    peer: Peer,
    told: CheckSync,
    credentials: Credentials | None,
    *,
    missing: str,
    user_agent: str,
    timeout: float,
    tls: ssl.SSLContext,
) -> Answer:
    """Send the NOTIFY and wait at most ``timeout`` seconds. ``missing``: why there are no credentials."""
    deadline = time.monotonic() + timeout
    authentication = Authentication(credentials, missing, lambda: secrets.token_hex(8))
    call_id, tag = f"{secrets.token_hex(16)}@check-sync.invalid", secrets.token_hex(8)
    target = host_port(peer.address, peer.port)
    sent, last = 0, Answer(None)
    try:
        with _connected(peer, deadline, tls) as line:
            while sent < MAX_REQUESTS:
                branch = f"z9hG4bK{secrets.token_hex(12)}"
                request = Request(
                    peer.transport.upper(), target, line.local, call_id, branch, tag, user_agent, method=METHOD
                )
                message = build_notify(told, request, sent + 1, authentication.headers(METHOD, told.uri))
                sent += 1
                response = line.ask(message, request)
                last = Answer(response.status, response.phrase)
                if response.status not in CHALLENGED:
                    break
                authentication.take(response.challenges)
        return dataclasses.replace(last, sent=sent)
    except CannotAnswerError as error:
        return dataclasses.replace(last, detail=str(error), sent=sent)
    except NotDeliveredError as error:
        return Answer(None, detail=str(error), sent=sent)
    except TimeoutError:
        return Answer(None, detail=f"no answer within {timeout:g} s", sent=sent, lost=sent > 0)
    except (OSError, ValueError) as error:
        return Answer(None, detail=reason(error), sent=sent, lost=sent > 0)


@contextlib.contextmanager
def _connected(peer: Peer, deadline: float, tls: ssl.SSLContext) -> Iterator[_Datagrams | _Stream]:
    family = socket.AF_INET6 if peer.address.version == 6 else socket.AF_INET
    destination = (str(peer.address), peer.port)
    own = source_address(family, destination)
    if peer.transport == "udp":
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            icmp.enable(sock)
            sock.bind((own, 0))
            sock.setblocking(False)
            yield _Datagrams(sock, destination, deadline)
        return
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(left(deadline))
        try:
            sock.connect(destination)
        except TimeoutError:
            raise NotDeliveredError("the TCP connection does not open") from None
        if peer.transport == "tcp":
            yield _Stream(sock, deadline)
            return
        sock.settimeout(left(deadline))
        try:
            secured = tls.wrap_socket(sock, server_hostname=peer.server_name)
        except ssl.SSLCertVerificationError as error:
            raise NotDeliveredError(f"its certificate does not verify: {harmless(error.verify_message)}") from error
        except ssl.SSLError as error:
            raise NotDeliveredError(f"it does not speak TLS: {reason(error)}") from error
        with secured:
            yield _Stream(secured, deadline)


class _Datagrams:
    """UDP: a request is repeated until something is heard, more slowly each time (RFC 3261, 17.1.2.2)."""

    def __init__(self, sock: socket.socket, destination: tuple[str, int], deadline: float) -> None:
        self.local = host_port(*sock.getsockname()[:2])
        self._sock = sock
        self._destination = destination
        self._deadline = deadline
        self._seen = ""
        """What the network said instead."""

    def ask(self, message: bytes, request: Request) -> Response:
        """The final answer. Raises NotDeliveredError, and TimeoutError where nothing at all was heard."""
        poller = select.poll()
        poller.register(self._sock, select.POLLIN)
        wait, due = T1, time.monotonic()
        while (now := time.monotonic()) < self._deadline:
            if now >= due:
                self._send(message)
                due, wait = now + wait, min(2 * wait, T2)
            if poller.poll(max(1.0, (min(due, self._deadline) - now) * 1000)):
                for response in self._received(request):
                    if response.status >= 200:
                        return response
                    wait = T2  # it is being worked on
        if self._seen:
            raise NotDeliveredError(f"no answer; {self._seen}")
        raise TimeoutError

    def _send(self, message: bytes) -> None:
        try:
            self._sock.sendto(message, self._destination)
        except OSError as error:
            # An error that is reported here may belong to an earlier datagram.
            if not self._network_errors():
                raise NotDeliveredError(reason(error)) from error

    def _received(self, request: Request) -> Iterator[Response]:
        """Answers to this request; whatever else comes is left lying."""
        self._network_errors()
        while True:
            try:
                data = self._sock.recv(MAX_MESSAGE)
            except BlockingIOError:
                return
            except OSError:
                self._network_errors()
                return
            with contextlib.suppress(NotSipError):
                response = parse_response(data)
                if response is not None and answers(response, request):
                    yield response
            left(self._deadline)  # an endless sender holds nobody up

    def _network_errors(self) -> bool:
        errors = icmp.drain(self._sock)
        for error in errors:
            if error.port_unreachable and error.reporter == self._destination[0]:
                raise NotDeliveredError(f"nothing listens there: {error.detail}")
            self._seen = error.detail
        return bool(errors)


class _Stream:
    """TCP or TLS: sent once, and answers follow one another."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self.local = host_port(*sock.getsockname()[:2])
        self._sock = sock
        self._deadline = deadline
        self._stream = b""

    def ask(self, message: bytes, request: Request) -> Response:
        """The final answer. Raises NotDeliveredError or OSError."""
        self._sock.settimeout(left(self._deadline))
        self._sock.sendall(message)
        while True:
            try:
                found = first_message(self._stream)
                if found is not None:
                    data, self._stream = found
                    response = parse_response(data)
                    if response is not None and answers(response, request) and response.status >= 200:
                        return response
                    left(self._deadline)
                    continue
            except NotSipError as error:
                raise NotDeliveredError(f"something that is not SIP answered: {error}") from error
            self._sock.settimeout(left(self._deadline))
            received = self._sock.recv(16384)
            if not received:
                raise ConnectionError("the connection was closed without an answer")
            self._stream += received
