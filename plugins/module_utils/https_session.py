# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTPS connection that is kept open, to a device whose certificate is verified or pinned.

The ground floor of all families that speak HTTPS. It knows nothing of any device's API.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

try:
    import urllib3
    from urllib3.exceptions import (
        ConnectTimeoutError,
        HTTPError,
        NewConnectionError,
        SSLError,
    )
except ImportError as error:
    URLLIB3_MISSING: ImportError | None = error
else:
    URLLIB3_MISSING = None

LONGEST_REPLY = 64 * 1024 * 1024
"""Bytes. Nothing that is read here comes near it; a device gone wrong must not fill the controller's memory."""
CHUNK = 65536
LONGEST_CONNECT = 15.0
"""Seconds."""


class NotConnected(HardeningError):
    """No connection was made, so the device has not seen the request."""


class Unanswered(HardeningError):
    """The request went out and no whole answer came back: whether it was done is not known."""


@dataclass(frozen=True)
class Trust:
    """How the device's certificate is judged."""

    ca_file: str | None = None
    """PEM certificates to trust; the system's without it."""
    fingerprint: str | None = None
    """SHA-256 of the certificate, 64 hex digits: exactly this certificate is trusted, whoever signed it."""
    server_name: str | None = None
    """The name that the certificate must bear; the host without it."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = field(repr=False)


def normal_fingerprint(text: str) -> str:
    """64 small hex digits from the forms that people paste (SHA256:AA:BB..., with spaces). Raises HardeningError."""
    digits = re.sub(r"(?i)\A\s*sha-?256[:=\s]*(fingerprint)?[:=\s]*", "", text)
    digits = re.sub(r"[:\s]", "", digits).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise HardeningError(
            f"tls_fingerprint: {text!r} is not a SHA-256 fingerprint, which has 64 hex digits, with or without colons."
        )
    return digits


class HttpsSession:
    """``with HttpsSession(...) as session: session.request("GET", "/path")``. One request at a time."""

    def __init__(self, host: str, port: int, trust: Trust, timeout: float) -> None:
        if URLLIB3_MISSING is not None:
            raise HardeningError(
                "the Python package urllib3 is not installed for the Python that runs this; install the collection's "
                "requirements.txt."
            ) from URLLIB3_MISSING
        self.where = f"{host}:{port}"
        self._host, self._port = host, port
        name = trust.server_name or host
        self._timeout = timeout
        self._options: dict[str, Any] = {
            "maxsize": 1,
            "block": True,
            "retries": False,
            "timeout": urllib3.Timeout(connect=min(timeout, LONGEST_CONNECT), read=timeout),
            "ssl_context": _context(trust),
            "assert_fingerprint": trust.fingerprint,
            "assert_hostname": False if trust.fingerprint else name,
            "server_hostname": name,
        }
        self._pool: Any = None

    def __enter__(self) -> HttpsSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; a later request opens a new one."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        """One request and its whole reply. Raises NotConnected, Unanswered, or HardeningError for a bad certificate.

        ``path`` is sent as it is: the caller has encoded it. Redirections are not followed.
        """
        if self._pool is None:
            self._pool = urllib3.HTTPSConnectionPool(self._host, self._port, **self._options)
        try:
            response = self._pool.request(
                method,
                path,
                body=body,
                headers=dict(headers or {}),
                redirect=False,
                preload_content=False,
                pool_timeout=self._timeout,
            )
            content = bytearray()
            for chunk in response.stream(CHUNK):
                content += chunk
                if len(content) > LONGEST_REPLY:
                    raise HardeningError(f"{self.where} sends an endless answer; it was discarded.")
            response.release_conn()
        except SSLError as error:
            raise HardeningError(_certificate_problem(self.where, error)) from None
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise NotConnected(f"{self.where} does not accept connections: {_reason(error)}.") from None
        except (HTTPError, OSError) as error:
            self.close()
            raise Unanswered(f"{self.where} did not answer in full: {_reason(error)}.") from None
        except BaseException:
            # Cut off in the middle: what comes next, such as a logout, must not wait for the rest of this reply.
            self.close()
            raise
        return Reply(response.status, {name.lower(): value for name, value in response.headers.items()}, bytes(content))


def _context(trust: Trust) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trust.fingerprint:
        # The certificate is judged by its fingerprint, before anything is sent (urllib3's assert_fingerprint).
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif trust.ca_file:
        try:
            context = ssl.create_default_context(cafile=trust.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise HardeningError(f"tls_ca_file: {trust.ca_file} cannot be used: {error}.") from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _certificate_problem(where: str, error: Exception) -> str:
    if not _is_about_trust(error):
        return f"{where}: TLS cannot be set up ({_reason(error)}). Nothing was sent. Is this its HTTPS port?"
    return (
        f"{where}: its certificate is not trusted ({_reason(error)}). Nothing was sent. If it is signed by a CA of "
        f"your "
        "own, give tls_ca_file; if it is self-signed, compare its fingerprint on the device and give tls_fingerprint."
    )


def _is_about_trust(error: BaseException) -> bool:
    """Whether a certificate was shown and not accepted; a port that speaks no TLS shows none."""
    inner = _innermost(error)
    return isinstance(inner, ssl.SSLCertVerificationError) or not isinstance(inner, (ssl.SSLError, OSError))


def _reason(error: BaseException) -> str:
    """The innermost cause in its own words."""
    inner = _innermost(error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return str(inner.verify_message or inner)
    text = inner.strerror if isinstance(inner, OSError) and inner.strerror else str(inner)
    return text.strip().rstrip(".") or type(inner).__name__


def _innermost(error: BaseException) -> BaseException:
    inner = error
    while True:
        deeper = inner.__cause__ or inner.__context__ or getattr(inner, "reason", None)
        if not isinstance(deeper, BaseException) or deeper is inner:
            return inner
        inner = deeper
