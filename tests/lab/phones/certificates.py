# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates a phone is given by configuration (yealink.md 2.3). Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_LARGEST = 5 * 1024 * 1024
_MOST_TRUSTED = 10
_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")


class NotTaken(ValueError):
    """The phone does not take this file. The text says why."""


def trust(known: Sequence[str], body: bytes) -> list[str]:
    """The custom trusted certificates (PEM), with those of a file that was fetched."""
    result = list(known)
    for pem in (certificate.public_bytes(Encoding.PEM).decode() for certificate in _certificates(body)):
        if pem in result:
            continue
        if len(result) >= _MOST_TRUSTED:
            raise NotTaken(f"more than {_MOST_TRUSTED} custom certificates")
        result.append(pem)
    return result


def own(body: bytes) -> str:
    """The phone's own server certificate, from a file that was fetched: PEM, with its key."""
    _certificates(body)
    # The reference says PEM or CER and nothing of a key file: the key is taken to be in the same file.
    if not _KEY.search(body):
        raise NotTaken("a server certificate without its key")
    return body.decode("ascii", "replace")


def _certificates(body: bytes) -> list[x509.Certificate]:
    if len(body) > _LARGEST:
        raise NotTaken("larger than 5 MB")
    try:
        if b"-----BEGIN" in body:
            return x509.load_pem_x509_certificates(body)
        return [x509.load_der_x509_certificate(body)]
    except ValueError as problem:
        raise NotTaken("not a certificate") from problem
