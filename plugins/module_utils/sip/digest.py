# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Digest authentication as a SIP client (RFC 3261 section 22, RFC 2617, RFC 8760). Pure: no sockets, no randomness.

A challenge comes from the network and parts of it are sent back, so one with control characters, or too long to be
one, is refused. The password goes into the digest and nowhere else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import NotSipError

MAX_CHALLENGE = 2000
"""Characters. The answer repeats them and has to fit a datagram."""
PARAMETER = re.compile(
    r' *(?P<name>[A-Za-z0-9_-]+) *= *(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^ "\\,;]+)) *(?:,|$)'
)
ANSWERS = {"www-authenticate": "Authorization", "proxy-authenticate": "Proxy-Authorization"}
HASHES: dict[str, Callable[[bytes], str]] = {
    # MD5 is what most servers of this age ask with; it is sent only where a server asks for it first.
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}


class CannotAnswerError(Exception):
    """No answer to a challenge is possible. The text says why and is fit for the user."""


@dataclass(frozen=True)
class Credentials:
    """Who answers."""

    user: str
    password: Secret


@dataclass(frozen=True)
class Challenge:
    """One that can be answered. Texts are those between the quotes, as they came (RFC 2617, 1.2: unq)."""

    header: str
    """www-authenticate or proxy-authenticate."""
    realm: str
    nonce: str
    algorithm: str = ""
    """One of HASHES; empty where the challenge does not say, which means MD5."""
    opaque: str | None = None
    qop: bool = False
    """Whether qop=auth is offered; without it the answer is that of RFC 2069."""
    stale: bool = False


def user_problem(user: str) -> str | None:
    """What keeps a text from being a user's name in a header; the text itself is not repeated."""
    if not user or not user.isprintable() or set(user) & set('"\\'):
        return "must be one line without quotes and backslashes"
    return None


def parse_challenge(header: str, value: str) -> Challenge:
    """Raises NotSipError for one that cannot be understood, or asks for what is not known here."""
    text = value.replace("\t", " ").strip()
    scheme, _space, rest = text.partition(" ")
    if len(text) > MAX_CHALLENGE or not text.isprintable():
        raise NotSipError("a challenge has control characters or is too long")
    if scheme.lower() != "digest":
        raise NotSipError("a challenge is not of the scheme Digest")
    found = _parameters(rest)
    if "realm" not in found or not found.get("nonce"):
        raise NotSipError("a challenge has no realm or no nonce")
    algorithm = found.get("algorithm", "").upper()
    if algorithm and algorithm not in HASHES:
        raise NotSipError("a challenge asks for an algorithm other than MD5 and SHA-256")
    offered = [option.strip().lower() for option in found.get("qop", "").split(",") if option.strip()]
    if offered and "auth" not in offered:
        raise NotSipError("a challenge offers no qop=auth")
    return Challenge(
        header=header,
        realm=found["realm"],
        nonce=found["nonce"],
        algorithm=algorithm,
        opaque=found.get("opaque"),
        qop=bool(offered),
        stale=found.get("stale", "").lower() == "true",
    )


def authorization(
    challenge: Challenge, credentials: Credentials, method: str, uri: str, *, cnonce: str, count: int
) -> str:
    """The whole header line that answers the challenge. ``count``: how often its nonce has been used, this time too."""
    digest = HASHES[challenge.algorithm or "MD5"]

    def hashed(*parts: str) -> str:
        return digest(":".join(parts).encode("utf-8"))

    secret = hashed(credentials.user, challenge.realm, credentials.password.reveal())
    request = hashed(method, uri)
    times = f"{count:08x}"
    middle = (challenge.nonce, times, cnonce, "auth") if challenge.qop else (challenge.nonce,)
    fields = [
        f'username="{credentials.user}"',
        f'realm="{challenge.realm}"',
        f'nonce="{challenge.nonce}"',
        f'uri="{uri}"',
        f'response="{hashed(secret, *middle, request)}"',
    ]
    if challenge.algorithm:
        fields.append(f"algorithm={challenge.algorithm}")
    if challenge.opaque is not None:
        fields.append(f'opaque="{challenge.opaque}"')
    if challenge.qop:
        fields += ["qop=auth", f"nc={times}", f'cnonce="{cnonce}"']
    return f"{ANSWERS[challenge.header]}: Digest {', '.join(fields)}"


class Authentication:
    """What one conversation has been asked for and has answered: a proxy and the phone behind it may both ask."""

    def __init__(self, credentials: Credentials | None, missing: str, make_cnonce: Callable[[], str]) -> None:
        """``missing``: what to tell the user where there are no credentials."""
        self._credentials = credentials
        self._missing = missing
        self._make_cnonce = make_cnonce
        self._asked: dict[tuple[str, str], Challenge] = {}
        self._uses: dict[str, int] = {}

    def take(self, challenges: Sequence[tuple[str, str]]) -> None:
        """The challenges of an answer 401 or 407. Raises CannotAnswerError where asking again makes no sense."""
        fresh = self._answerable(challenges)
        if self._credentials is None:
            raise CannotAnswerError(self._missing)
        for key, challenge in fresh.items():
            # Asked again with a new nonce only because the old one ran out; otherwise what was said was not believed.
            if key in self._asked and not challenge.stale:
                raise CannotAnswerError("the credentials were refused")
        self._asked.update(fresh)

    def headers(self, method: str, uri: str) -> list[str]:
        """The header lines of the next request."""
        if self._credentials is None:
            return []
        lines = []
        for challenge in self._asked.values():
            count = self._uses[challenge.nonce] = self._uses.get(challenge.nonce, 0) + 1
            cnonce = self._make_cnonce()
            lines.append(authorization(challenge, self._credentials, method, uri, cnonce=cnonce, count=count))
        return lines

    @staticmethod
    def _answerable(challenges: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Challenge]:
        """For each realm the first that is understood: servers put what they like best first (RFC 8760, 2.4)."""
        found: dict[tuple[str, str], Challenge] = {}
        problem = "it asks for a password without a challenge"
        for header, value in challenges:
            try:
                challenge = parse_challenge(header, value)
            except NotSipError as error:
                problem = str(error)
            else:
                found.setdefault((header, challenge.realm), challenge)
        if not found:
            raise CannotAnswerError(problem)
        return found


def _parameters(text: str) -> dict[str, str]:
    """By lower-case name, the first of each. Raises NotSipError where the text is not a list of parameters."""
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = PARAMETER.match(text, position)
        if match is None or match.end() == position:
            raise NotSipError("a challenge is not a list of parameters")
        value = match["quoted"] if match["quoted"] is not None else match["bare"]
        found.setdefault(match["name"].lower(), value)
        position = match.end()
    return found
