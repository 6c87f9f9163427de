# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both Yeastar APIs have in common: one token for a run, given back at the end, and when a request is sent again.

The two dialects (p_client.py, s_client.py) say how a token is got, how an answer reads and what its codes mean.
"""

from __future__ import annotations

import abc
import contextlib
import enum
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import (
    HttpsSession,
    NotConnected,
    Reply,
    Unanswered,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.lock import one_at_a_time
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import naming_the_pbx
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import LOCK_WAIT, trust_of
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import Refused
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.sigterm import Ended, ending_cleanly

PAUSES = (1.0, 3.0, 8.0, 20.0)
"""Seconds before a request is tried again: no connection, a lost answer to a reading, or a busy PBX."""
RELOGINS = 1
"""How often a token that the PBX has ended is replaced in one run."""


class Verdict(enum.Enum):
    """What an answer means for the request."""

    DONE = "done"
    TOKEN_ENDED = "token ended"  # noqa: S105
    BUSY = "busy"
    REFUSED = "refused"


class TokenClient(abc.ABC):
    """A PBX that a token was got from."""

    DEFAULT_PORT = 8088
    ADVICE = ""
    """What to do where user or password are missing from the inventory."""
    DOCUMENT = ""
    """The API's document, against which answers are checked."""

    def __init__(
        self,
        session: HttpsSession,
        client: str,
        key: str,
        *,
        pause: Callable[[float], None] = time.sleep,
        remember: Callable[[Secret], None] = lambda _secret: None,
        ended: Ended | None = None,
    ) -> None:
        self._session = session
        self._client = client
        self._key = key
        self._pause = pause
        self._remember = remember
        self._ended = ended or Ended()
        self._token: str | None = None
        self._relogins = 0
        self.requests = 0
        """Sent so far, those for tokens included."""
        self.writes = 0
        """Those of them that were meant to change something."""

    @abc.abstractmethod
    def _ask_for_token(self) -> Reply:
        """Send the credentials."""

    @abc.abstractmethod
    def _give_back(self, token: str) -> Reply:
        """End the token."""

    @abc.abstractmethod
    def _content(self, what: str, reply: Reply) -> Json:
        """The answer as data. Raises HardeningError for what is no answer of this API."""

    @abc.abstractmethod
    def _verdict(self, answer: Json, *, reading: bool) -> Verdict:
        """What the answer's code means."""

    @abc.abstractmethod
    def _refusal(self, what: str, answer: Json, body: Json | None) -> Refused:
        """The refusal in words."""

    @abc.abstractmethod
    def _token_of(self, what: str, answer: Json) -> str:
        """The token in the answer to the credentials. Raises HardeningError with what an installer can do."""

    @property
    def counts(self) -> dict[str, int]:
        """Requests so far, for a result."""
        return {"sent": self.requests, "writing": self.writes}

    def login(self) -> None:
        """Take a token now: wrong credentials are reported before anything else is done, and never tried again."""
        if self._token is None:
            self._token = self._new_token()

    def close(self) -> bool:
        """Give the token back and end the connection. False where the PBX could not be told."""
        token, self._token = self._token, None
        if token is None:
            self._session.close()
            return True
        pauses = iter(PAUSES)
        try:
            while True:
                try:
                    self.requests += 1
                    answer = self._content("giving the token back", self._give_back(token))
                    verdict = self._verdict(answer, reading=True)
                except Unanswered as error:
                    self._wait_or_raise(pauses, error)
                    continue
                if verdict is not Verdict.BUSY:
                    return verdict in (Verdict.DONE, Verdict.TOKEN_ENDED)
                self._wait_or_raise(pauses, self._refusal("giving the token back", answer, None))
        except HardeningError:
            return False
        finally:
            self._session.close()

    def _exchange(
        self, send: Callable[[str], Reply], what: str, *, reading: bool, again: bool, body: Json | None = None
    ) -> Json:
        """One request until it is answered. ``again``: twice is as good as once, so a lost answer is no harm."""
        pauses = iter(PAUSES)
        while True:
            self._ended.check()
            self.login()
            try:
                self.requests += 1
                answer = self._content(what, send(self._token or ""))
            except NotConnected as error:
                self._wait_or_raise(pauses, HardeningError(f"{what}: {error.message}"))
                continue
            except Unanswered as error:
                if not again:
                    raise HardeningError(
                        f"{what}: {error.message} It may have been done or not. Run again: what is there is read first."
                    ) from None
                self._wait_or_raise(pauses, HardeningError(f"{what}: {error.message}"))
                continue
            verdict = self._verdict(answer, reading=reading)
            if verdict is Verdict.DONE:
                return answer
            if verdict is Verdict.TOKEN_ENDED:
                self._token = None
                if self._relogins >= RELOGINS:
                    raise HardeningError(
                        f"{what}: the PBX ended the token twice in one run. Is something else using the API as "
                        f"{self._client}? Give this collection a client of its own."
                    )
                self._relogins += 1
                continue
            refusal = self._refusal(what, answer, body)
            if verdict is Verdict.REFUSED:
                raise refusal
            self._wait_or_raise(pauses, refusal)

    def _new_token(self) -> str:
        pauses = iter(PAUSES)
        what = f"{self._session.where}: getting a token"
        while True:
            try:
                self.requests += 1
                answer = self._content(what, self._ask_for_token())
            except NotConnected as error:
                self._wait_or_raise(pauses, error)
                continue
            except Unanswered as error:
                # Not sent again: it may have counted as a failed one, and five of those block this controller.
                raise HardeningError(f"{what}: {error.message} A token that it gave ends within 30 minutes.") from None
            if self._verdict(answer, reading=True) is Verdict.BUSY:
                self._wait_or_raise(pauses, self._refusal(what, answer, None))
                continue
            token = self._token_of(what, answer)
            self._remember(Secret(token))
            return token

    def _wait_or_raise(self, pauses: Iterator[float], error: HardeningError) -> None:
        pause = next(pauses, None)
        if pause is None:
            raise error
        self._pause(pause)


Client = TypeVar("Client", bound=TokenClient)


@contextlib.contextmanager
def connected(kind: type[Client], params: Mapping[str, Any], context: RunContext) -> Iterator[Client]:
    """The PBX of the task's host: ansible_host, ansible_port, ansible_user, ansible_password. The token is given back
    in the end, whatever happens."""
    device = context.device
    if device is None or not device.user or not device.password:
        raise HardeningError(kind.ADVICE)
    port = device.port or kind.DEFAULT_PORT
    name = f"{device.host}:{port} as API client {device.user}"
    session = HttpsSession(device.host, port, trust_of(params), float(params.get("timeout") or 30))
    with one_at_a_time(name, name, LOCK_WAIT), ending_cleanly() as ended:
        client = kind(session, device.user, device.password, remember=context.masker.add, ended=ended)
        try:
            with naming_the_pbx(name, kind.DOCUMENT):
                client.login()
                yield client
        finally:
            if not client.close():
                context.warn(f"{name}: the access token could not be given back. It ends within 30 minutes.")
