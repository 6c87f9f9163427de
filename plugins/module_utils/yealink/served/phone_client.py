# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetching files as a phone does: over HTTPS with a verified certificate, or over plain HTTP without secrets."""

from __future__ import annotations

import base64
import http.client
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import HttpsSession, Trust
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served.phone_requests import Answer

MAX_BYTES = 4 * 1024 * 1024
"""Bytes of one file."""


class PhoneClient:
    """Requests of one phone to one server. Redirections are not followed, and no secret goes over plain HTTP."""

    def __init__(
        self, trust: Trust, user_agent: str, credentials: tuple[str, Secret] | None = None, timeout: float = 10.0
    ) -> None:
        self._trust, self._timeout = trust, timeout
        self._agent = user_agent
        self._credentials = credentials
        self._sessions: dict[tuple[str, int], HttpsSession] = {}

    def __enter__(self) -> PhoneClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            session.close()

    def get(self, url: str, *, with_credentials: bool = True) -> Answer:
        """One file. A failure is an answer too."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return Answer(url, 0, problem="is no address")
        if parts.scheme not in ("http", "https") or not host:
            return Answer(url, 0, problem=f"is not fetched here: only http and https are, not {parts.scheme or 'that'}")
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        headers = {"User-Agent": self._agent, "Accept": "*/*"}
        try:
            if parts.scheme == "http":
                return self._plain(url, host, port or 80, path, headers)
            if with_credentials and self._credentials:
                user, password = self._credentials
                pair = base64.b64encode(f"{user}:{password.reveal()}".encode()).decode("ascii")
                headers["Authorization"] = f"Basic {pair}"
            reply = self._session(host, port or 443).request("GET", path, headers)
        except HardeningError as error:
            return Answer(url, 0, problem=error.message.rstrip("."))
        if len(reply.body) > MAX_BYTES:
            return Answer(url, 0, problem=f"has more than {MAX_BYTES} bytes")
        return Answer(url, reply.status, reply.body)

    def _session(self, host: str, port: int) -> HttpsSession:
        if (host, port) not in self._sessions:
            self._sessions[host, port] = HttpsSession(host, port, self._trust, self._timeout)
        return self._sessions[host, port]

    def _plain(self, url: str, host: str, port: int, path: str, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(host, port, timeout=self._timeout)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            body = response.read(MAX_BYTES + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            return Answer(url, 0, problem=f"{host}:{port} does not answer over HTTP: {reason}")
        finally:
            connection.close()
        if len(body) > MAX_BYTES:
            return Answer(url, 0, problem=f"has more than {MAX_BYTES} bytes")
        return Answer(url, response.status, body)
