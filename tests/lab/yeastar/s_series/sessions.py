# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API logins: MD5 of the password, tokens that end when idle, addresses that are locked out (yeastar.md e)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable

from lab.yeastar.s_series.replies import BAD_LOGIN, LOCKED, NO_SUCH_TOKEN, NO_TOKEN, TOKEN_TIMEOUT, Refusal

IDLE = dt.timedelta(minutes=30)
"""A token unused for so long has timed out; every request and every heartbeat begins the time anew."""
LOCK = dt.timedelta(minutes=10)
WRONG_LOGINS = 5
"""So many wrong logins in a row lock their address; the right password is refused as well."""

Clock = Callable[[], dt.datetime]


class Sessions:
    """Who is logged in, and who may not try."""

    def __init__(self, username: str, password: str, clock: Clock) -> None:
        self.username = username
        self.password = password
        self._clock = clock
        self._blocked: dict[str, dt.datetime] = {}
        self._failures: dict[str, int] = {}
        self._until: dict[str, dt.datetime] = {}
        self._timed_out: set[str] = set()

    @property
    def live(self) -> list[str]:
        """Tokens that are good now."""
        now = self._clock()
        return [token for token, until in self._until.items() if now < until]

    @property
    def blocked(self) -> dict[str, dt.datetime]:
        """Locked addresses and until when; the dictionary itself, without those whose time is over."""
        for address in [address for address, until in self._blocked.items() if self._clock() >= until]:
            del self._blocked[address]
        return self._blocked

    def login(self, username: str, digest: str, address: str) -> str:
        """A new token; those of earlier logins stay good [I]."""
        if address in self.blocked:
            raise Refusal(LOCKED)
        # The API knows no salt: the digest in lower case is all that is compared.
        wanted = hashlib.md5(self.password.encode(), usedforsecurity=False).hexdigest()
        good = hmac.compare_digest(digest.encode(), wanted.encode())
        if username != self.username or not good:
            self._failed(address)
            raise Refusal(BAD_LOGIN)
        self._failures.pop(address, None)
        token = secrets.token_hex(16)
        self._until[token] = self._clock() + IDLE
        return token

    def use(self, token: str | None) -> None:
        """Refuse whoever has no good token; the good one lives on."""
        if not token:
            raise Refusal(NO_TOKEN)
        if token in self._until and self._clock() >= self._until[token]:
            self.time_out(token)
        if token in self._timed_out:
            raise Refusal(TOKEN_TIMEOUT)
        if token not in self._until:
            raise Refusal(NO_SUCH_TOKEN)
        self._until[token] = self._clock() + IDLE

    def time_out(self, token: str) -> None:
        """As if it had been idle for too long."""
        if self._until.pop(token, None) is not None:
            self._timed_out.add(token)

    def logout(self, token: str) -> None:
        """The token is not known any more."""
        self._until.pop(token, None)

    def void(self) -> None:
        """As after a restart: no token is known, not even as a timed-out one. Locked addresses stay locked [I]."""
        self._until.clear()
        self._timed_out.clear()

    def _failed(self, address: str) -> None:
        count = self._failures[address] = self._failures.get(address, 0) + 1
        if count >= WRONG_LOGINS:
            del self._failures[address]
            self.blocked[address] = self._clock() + LOCK
