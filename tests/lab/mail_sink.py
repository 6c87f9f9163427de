# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server that keeps what it gets: STARTTLS and a password are needed, as with a provider's."""

from __future__ import annotations

import email
import email.policy
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from lab.debian_host.host import free_port
from lab.pki import KeyPair


class MailSink:
    """``with MailSink(certificate, user, password) as sink:`` listens on a port of the loopback address.

    ``stop`` and ``start`` are a server that is away for a while; it comes back at the same port.
    """

    def __init__(self, certificate: KeyPair, user: str, password: str) -> None:
        self.messages: list[EmailMessage] = []
        self.port = free_port()
        self._arrived = threading.Condition()
        self._user, self._password = user.encode(), password.encode()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate.certificate, certificate.key)
        self._controller: Controller | None = None

    def __enter__(self) -> MailSink:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            server_hostname="sink.example",
            require_starttls=True,
            tls_context=self._tls,
            auth_required=True,
            auth_require_tls=True,
            authenticator=self._known,
        )
        self._controller.start()

    def stop(self) -> None:
        """No longer listen."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    def wait(self, wanted: Callable[[EmailMessage], bool], timeout: float = 30) -> EmailMessage:
        """The first message that is wanted, when it has come."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: any(map(wanted, self.messages)), timeout):
                subjects = [str(message["Subject"]) for message in self.messages]
                raise AssertionError(f"no such mail within {timeout:g} s; there are {subjects}")
            return next(filter(wanted, self.messages))

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """aiosmtpd calls this for each message."""
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()
        return "250 kept"

    def _known(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (self._user, self._password)
        return AuthResult(success=right)
