# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token endpoint's tokens (threecx.md c.1): ES256 JWTs, one at a time for each client."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
import uuid
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from lab.xapi.defence import Clock

LIFE = dt.timedelta(hours=1)


class Tokens:
    """Which tokens are good now."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._good: dict[str, tuple[str, dt.datetime]] = {}

    def issue(self, client: str, role: str, *, only_one: bool = False) -> str:
        """A new token; it supersedes that of the same client, or all."""
        until = self.clock() + LIFE
        claims = {
            "sub": client,
            "client_id": client,
            "exp": int(until.timestamp()),
            "nbf": int(self.clock().timestamp()),
            "jti": uuid.uuid4().hex,
            "role": ["Users", "Trunks", "Admin", "Enterprise"],
            "MaxRole": role,
        }
        token = self._signed(claims)
        if only_one:
            self._good.clear()
        self._good[client] = (token, until)
        return token

    def is_good(self, token: str) -> bool:
        """Whether somebody has this token now."""
        now = self.clock()
        return any(hmac.compare_digest(token, good) and now < until for good, until in self._good.values())

    def void(self) -> None:
        """Nobody is signed in any more."""
        self._good.clear()

    def _signed(self, claims: dict[str, Any]) -> str:
        text = f"{_part({'alg': 'ES256', 'typ': 'JWT'})}.{_part(claims)}"
        numbers = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{_base64(b''.join(number.to_bytes(32, 'big') for number in numbers))}"


def _part(content: dict[str, Any]) -> str:
    return _base64(json.dumps(content, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
