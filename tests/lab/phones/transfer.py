# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone's HTTP client: plain requests, Basic credentials, and TLS checks as the phone is set (yealink.md 4.5)."""

from __future__ import annotations

import base64
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

Resolver = Mapping[str, tuple[str, int]]
_TRIES = 2  # yealink.md 4.5: one retry


class TransferFailed(Exception):
    """There was no HTTP answer. The text says why."""


@dataclass(frozen=True)
class TlsChecks:
    """What the phone checks: the chain by trust_certificates, the name by cn_validation (yealink.md 2.3)."""

    check_chain: bool
    check_name: bool
    trusted: tuple[str, ...]  # PEM
    ssl_method: str = "3"


@dataclass
class Client:
    """Requests with one set of checks. `resolver` maps a host name to the address and port to use instead."""

    checks: TlsChecks
    user_agent: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    credentials_for: str = ""  # the host that may see them; nothing is known about others, so they do not
    resolver: Resolver = field(default_factory=dict)
    timeout: float = 5.0

    def get(self, url: str) -> tuple[int, bytes]:
        """GET: status and body."""
        return self._request("GET", url, None)

    def put(self, url: str, body: bytes) -> int:
        """PUT: status."""
        return self._request("PUT", url, body)[0]

    def _request(self, method: str, url: str, body: bytes | None) -> tuple[int, bytes]:
        for attempt in range(_TRIES):
            try:
                return self._once(method, url, body)
            except ssl.SSLCertVerificationError as error:
                raise TransferFailed(f"TLS: {error.verify_message or error.reason}") from error
            except ValueError as error:  # a malformed address
                raise TransferFailed("not an address") from error
            except ssl.SSLError as error:
                raise TransferFailed(f"TLS: {error.reason or 'failed'}") from error
            except TimeoutError as error:
                if attempt == _TRIES - 1:
                    raise TransferFailed("no answer in time") from error
            except (OSError, http.client.HTTPException) as error:
                if attempt == _TRIES - 1:
                    raise TransferFailed(f"no connection ({type(error).__name__})") from error
        raise AssertionError("not reached")

    def _once(self, method: str, url: str, body: bytes | None) -> tuple[int, bytes]:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise TransferFailed(f"a {parts.scheme or 'nameless'} address is not simulated")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=self.timeout)
        address = self.resolver.get(parts.hostname, (parts.hostname, port))
        plain = socket.create_connection(address, timeout=self.timeout)
        try:
            connection.sock = self._secure(plain, parts.hostname) if parts.scheme == "https" else plain
            headers = {"User-Agent": self.user_agent, "Accept": "*/*", "Connection": "close"}
            credentials = self._credentials(parts.username, parts.password, parts.hostname)
            if credentials:
                headers["Authorization"] = "Basic " + base64.b64encode(":".join(credentials).encode()).decode()
            connection.request(method, parts.path or "/", body=body, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()
            plain.close()

    def _credentials(self, user: str | None, password: str | None, host: str) -> tuple[str, str] | None:
        if user:
            return unquote(user), unquote(password or "")
        return self.credentials if host == self.credentials_for else None

    def _secure(self, plain: socket.socket, host: str) -> ssl.SSLSocket:
        name = None if _is_address(host) else host
        secured = tls_context(self.checks).wrap_socket(plain, server_hostname=name)
        certificate = secured.getpeercert(binary_form=True)
        if self.checks.check_name and (certificate is None or not matches(certificate, host)):
            secured.close()
            raise TransferFailed("TLS: the certificate is for another name")
        return secured


def tls_context(checks: TlsChecks) -> ssl.SSLContext:
    """All but the name, which :func:`matches` is for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    if checks.check_chain:
        for pem in checks.trusted:
            context.load_verify_locations(cadata=pem)
    else:
        context.verify_mode = ssl.CERT_NONE
    _limit_version(context, checks.ssl_method)
    return context


def matches(certificate: bytes, host: str) -> bool:
    """The name check of RFC 2818: the alternative names, or the common name where there are none."""
    parsed = x509.load_der_x509_certificate(certificate)
    try:
        san = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        names = [str(item.value) for item in parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        return any(_same_name(name, host) for name in names)
    if _is_address(host):
        return ipaddress.ip_address(host) in san.get_values_for_type(x509.IPAddress)
    return any(_same_name(name, host) for name in san.get_values_for_type(x509.DNSName))


def _same_name(pattern: str, host: str) -> bool:
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:] != ""
    return pattern == host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _limit_version(context: ssl.SSLContext, method: str) -> None:
    # yealink.md 2.3: 0 TLS 1.0, 3 automatic, 4 TLS 1.1, 5 TLS 1.2. The old ones are there to be seen to fail.
    only = {"0": ssl.TLSVersion.TLSv1, "4": ssl.TLSVersion.TLSv1_1, "5": ssl.TLSVersion.TLSv1_2}.get(method)
    if only is None:
        return
    if only is not ssl.TLSVersion.TLSv1_2:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = min(only, context.minimum_version)
    context.maximum_version = only
    context.minimum_version = only
