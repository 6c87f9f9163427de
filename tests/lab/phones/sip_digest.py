# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Digest authentication of SIP, both sides (RFC 2617 with MD5, as SIP phones and servers of this age speak it)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping


def fields(header: str) -> dict[str, str]:
    """The parts of an Authorization or WWW-Authenticate header; empty if it is not Digest."""
    scheme, _space, rest = header.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    found = re.findall(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))', rest)
    return {name.lower(): quoted or bare for name, quoted, bare in found}


def answer(challenge: Mapping[str, str], user: str, password: str, method: str, uri: str, cnonce: str) -> str:
    """The value of Authorization that answers a challenge."""
    said = {"username": user, "realm": challenge.get("realm", ""), "nonce": challenge.get("nonce", ""), "uri": uri}
    if "auth" in [option.strip() for option in challenge.get("qop", "").split(",")]:
        said |= {"qop": "auth", "nc": "00000001", "cnonce": cnonce}
    said["response"] = _response(said, password, method)
    said["algorithm"] = "MD5"
    if "opaque" in challenge:
        said["opaque"] = challenge["opaque"]
    bare = ("qop", "nc", "algorithm")
    return "Digest " + ", ".join(f"{key}={value}" if key in bare else f'{key}="{value}"' for key, value in said.items())


def challenge(realm: str, nonce: str) -> str:
    """The value of WWW-Authenticate."""
    return f'Digest realm="{realm}", nonce="{nonce}", algorithm=MD5, qop="auth"'


def is_right(header: str, nonce: str, realm: str, user: str, password: str, method: str, uri: str) -> bool:
    """Whether an Authorization header answers our challenge for this request."""
    said = fields(header)
    wanted = {"username": user, "realm": realm, "nonce": nonce, "uri": uri}
    if any(said.get(key) != value for key, value in wanted.items()):
        return False
    return hmac.compare_digest(said.get("response", "").encode(), _response(said, password, method).encode())


def _response(said: Mapping[str, str], password: str, method: str) -> str:
    secret = _md5(f"{said['username']}:{said['realm']}:{password}")
    request = _md5(f"{method}:{said['uri']}")
    if said.get("qop") == "auth":
        return _md5(f"{secret}:{said['nonce']}:{said.get('nc', '')}:{said.get('cnonce', '')}:auth:{request}")
    return _md5(f"{secret}:{said['nonce']}:{request}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
