# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens of the OpenAPI (yeastar.md c): eight at most, 30 minutes; refresh tokens last a day."""

from __future__ import annotations

import datetime as dt
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.yeastar.replies import LIMIT, TOKEN_EXPIRED, ApiError

ACCESS_LIFE = 1800
REFRESH_LIFE = 86400
MOST = 8
_ALPHABET = string.ascii_letters + string.digits


@dataclass
class _Pair:
    access: str
    refresh: str
    since: dt.datetime
    void: bool = False
    """The access token is void; the refresh token may still be good."""


class Tokens:
    """Which tokens are good now."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._pairs: list[_Pair] = []

    @property
    def live(self) -> list[str]:
        """Access tokens that are valid now."""
        return [pair.access for pair in self._pairs if self._is_live(pair)]

    def issue(self, *, only_one: bool = False) -> dict[str, Any]:
        """A new pair, as get_token answers it."""
        if only_one:
            self._pairs.clear()
        if len(self.live) >= MOST:
            raise ApiError(LIMIT)
        pair = _Pair(random_text(32), random_text(32), self._clock())
        self._pairs.append(pair)
        return {
            "access_token_expire_time": ACCESS_LIFE,
            "access_token": pair.access,
            "refresh_token_expire_time": REFRESH_LIFE,
            "refresh_token": pair.refresh,
        }

    def renew(self, refresh: str) -> dict[str, Any]:
        """A new pair for a refresh token, which is void then, as is its access token [I]."""
        now = self._clock()
        for pair in self._pairs:
            if pair.refresh == refresh and (now - pair.since).total_seconds() < REFRESH_LIFE:
                self._pairs.remove(pair)
                try:
                    return self.issue()
                except ApiError:
                    self._pairs.append(pair)
                    raise
        raise ApiError(TOKEN_EXPIRED)

    def revoke(self, access: str) -> None:
        """As del_token: the refresh token goes too [I]."""
        self._pairs = [pair for pair in self._pairs if pair.access != access]

    def expire(self, access: str) -> None:
        """Void before its time; it can still be refreshed, as one that lived to its end."""
        for pair in self._pairs:
            if pair.access == access:
                pair.void = True

    def void(self) -> None:
        """Nobody is signed in any more."""
        self._pairs.clear()

    def _is_live(self, pair: _Pair) -> bool:
        return not pair.void and (self._clock() - pair.since).total_seconds() < ACCESS_LIFE


def random_text(length: int) -> str:
    """Letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
