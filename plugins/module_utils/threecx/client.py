# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of 3CX's configuration API: one token, one connection, no secret in any message.

Only this file speaks to the PBX. What is asked and why is decided in the pure parts.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import urlencode

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import (
    HttpsSession,
    NotConnected,
    Reply,
    Unanswered,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.lock import one_at_a_time
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import naming_the_pbx
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import (
    LOCK_WAIT,
    trust_of,
    without_secrets,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json, Operation, revealed
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.errors import REFUSED_LOGIN, refusal
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import (
    VERSION_HEADER,
    Release,
    parse_release,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import PAGE, selecting, url

DEFAULT_PORT = 5001
"""Self-hosted; 443 where 3CX hosts (threecx.md a.1)."""
LOGIN_PATH = "/connect/token"
TOKENS_LOST = 3
"""How often another client may take the token away before this run gives up (quirk 1: one active token)."""
PAUSES = (0.5, 2.0, 5.0, 10.0)
"""Seconds before a request is tried again, while a PBX restarts."""
LONGEST_RETRY_AFTER = 60.0
SECRET_PROPERTIES = frozenset(
    {"AccessPassword", "AuthID", "AuthPassword", "Contents", "DeskphonePassword", "Value", "VMPIN"}
)


class Connection:
    """A PBX that a token was got from. ``get``, ``pages``, ``patch``, ``post``, ``delete``."""

    def __init__(
        self, open_session: Callable[[], HttpsSession], client: str, key: str, *, pause: Callable[[float], None]
    ) -> None:
        self._open_session = open_session
        self._session = open_session()
        self._client = client
        self._key = key
        self._pause = pause
        self._token: str | None = None
        self._tokens = 0
        self._release: Release | None = None
        self.requests = 0
        """Sent so far, token requests included."""
        self.writes = 0
        """Those of them that were meant to change something."""

    @property
    def release(self) -> Release:
        """What the PBX runs; asked with 3CX's own recipe where no answer has told it yet."""
        if self._release is None:
            self.get("/Defs", selecting(("Id",)))
        if self._release is None:
            raise HardeningError(
                f"{self._session.where} does not report its version (header X-3CX-Version). Is this a 3CX V20?"
            )
        return self._release

    def get(self, path: str, query: Mapping[str, str | int]) -> Json:
        """An entity, a singleton or the answer of a function. The query must select: see odata.selecting."""
        reply = self._request("GET", path, query)
        return self._content(f"reading {path}", reply)

    def pages(
        self, path: str, query: Mapping[str, str | int], *, limit: int | None = None, count: bool = True
    ) -> list[Json]:
        """All rows of a collection, or the first ``limit``, a hundred at a time.

        Without ``count`` a last, empty page is asked for where the rows fill their pages exactly.
        """
        rows: list[Json] = []
        total: int | None = None
        while True:
            asked: dict[str, str | int] = {**query, "$top": PAGE}
            if rows:
                asked["$skip"] = len(rows)
            elif count:
                asked["$count"] = "true"
            answer = self.get(path, asked)
            page = answer.get("value")
            if not isinstance(page, list) or not all(isinstance(row, dict) for row in page):
                raise HardeningError(f"reading {path}: the PBX's answer is not a list.")
            rows += page
            if isinstance(answer.get("@odata.count"), int):
                total = answer["@odata.count"]
            if len(page) < PAGE or (total is not None and len(rows) >= total):
                return rows[:limit]
            if limit is not None and len(rows) >= limit:
                return rows[:limit]

    def send(self, operation: Operation) -> None:
        """Carry out one operation of a plan."""
        body = revealed(operation.body or {})
        if operation.method == "PATCH":
            self.patch(operation.path, body, operation.what)
        elif operation.method == "DELETE":
            self.delete(operation.path, operation.what)
        else:
            self.post(operation.path, body, operation.what)

    @property
    def counts(self) -> dict[str, int]:
        """Requests so far, for a result."""
        return {"sent": self.requests, "writing": self.writes}

    def patch(self, path: str, body: Json, what: str) -> None:
        """Set what is named. Sent again after a lost answer: the same values twice are the same."""
        self.writes += 1
        self._request("PATCH", path, None, body, what)

    def post(self, path: str, body: Json, what: str) -> Json:
        """Create, or call an action. A lost answer is never followed by a second try."""
        self.writes += 1
        reply = self._request("POST", path, None, body, what)
        return self._content(what, reply) if reply.body else {}

    def delete(self, path: str, what: str) -> None:
        """Remove. Not there any more is as good."""
        self.writes += 1
        self._request("DELETE", path, None, None, what, accept=(404,))

    def login(self) -> None:
        """Take a token now: a wrong key is reported before anything else is done."""
        if self._token is None:
            self._token = self._new_token()

    def fresh_login(self) -> None:
        """Prove that one can still come in: another connection, a new token, one answer. Raises HardeningError.

        Where it fails, this connection still has its own token, as long as the PBX gave no other.
        """
        with contextlib.closing(Connection(self._open_session, self._client, self._key, pause=self._pause)) as other:
            try:
                other.get("/Defs", selecting(("Id",)))
            finally:
                self.requests += other.requests
            self._token, other._token = other._token, None

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        body: Json | None = None,
        what: str = "",
        accept: Sequence[int] = (),
    ) -> Reply:
        what = what or f"reading {path}"
        target = url(path, query)
        content = None if body is None else json.dumps(body).encode()
        lost = 0
        while True:
            self.login()
            reply = self._send(method, target, content, what)
            version = reply.headers.get(VERSION_HEADER)
            if version and self._release is None:
                self._release = parse_release(version)
            if reply.status == 401:
                lost += 1
                self._token = None
                if lost > 1 or self._tokens > TOKENS_LOST:
                    raise HardeningError(
                        f"{what}: the PBX does not accept the token that it has just given (401). Only one token at a "
                        f"time is valid: something else is using the API client {self._client}. Give this "
                        "collection a client of its own, then run again."
                    )
                continue
            if 200 <= reply.status < 300 or reply.status in accept:
                return reply
            self._refuse(what, reply, body)

    def _send(self, method: str, target: str, content: bytes | None, what: str) -> Reply:
        """One request, tried again where that is safe: nothing was sent, the PBX was too busy, or nothing changes by
        doing it twice."""
        pauses = iter(PAUSES)
        while True:
            headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
            if content is not None:
                headers["Content-Type"] = "application/json"
            try:
                self.requests += 1
                reply = self._session.request(method, target, headers, content)
            except NotConnected as error:
                self._pause_or_raise(pauses, error, what)
                continue
            except Unanswered as error:
                if method not in ("GET", "PATCH"):
                    raise HardeningError(
                        f"{what}: {error.message} It may have been done or not. Run again: what is there is read first."
                    ) from None
                self._pause_or_raise(pauses, error, what)
                continue
            if reply.status != 429:
                return reply
            wait = _retry_after(reply)
            if next(pauses, None) is None or wait > LONGEST_RETRY_AFTER:
                raise HardeningError(f"{what}: the PBX takes no more requests for now (429). Run again later.")
            self._pause(wait)

    def _pause_or_raise(self, pauses: Iterator[float], error: HardeningError, what: str) -> None:
        pause = next(pauses, None)
        if pause is None:
            raise HardeningError(f"{what}: {error.message}") from None
        self._pause(pause)

    def _new_token(self) -> str:
        form = {"client_id": self._client, "client_secret": self._key, "grant_type": "client_credentials"}
        self._tokens += 1
        pauses = iter(PAUSES)
        while True:
            try:
                self.requests += 1
                reply = self._session.request(
                    "POST",
                    LOGIN_PATH,
                    {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
                    urlencode(form).encode(),
                )
                break
            except NotConnected as error:
                self._pause_or_raise(pauses, error, "logging in")
            # A login whose answer was lost is not sent again: it may have counted as a failed one.
        if reply.status in (400, 401, 403):
            raise HardeningError(f"{self._session.where}: {REFUSED_LOGIN}.")
        if reply.status != 200:
            raise HardeningError(
                f"{self._session.where}: logging in is answered with {reply.status}. Is this a 3CX V20?"
            )
        token = self._content("logging in", reply).get("access_token")
        if not isinstance(token, str) or not token:
            raise HardeningError(f"{self._session.where}: logging in gives no token. Is this a 3CX V20?")
        return token

    @staticmethod
    def _content(what: str, reply: Reply) -> Json:
        try:
            found = json.loads(reply.body)
        except ValueError:
            raise HardeningError(f"{what}: the PBX's answer is not JSON ({reply.status}).") from None
        if not isinstance(found, dict):
            raise HardeningError(f"{what}: the PBX's answer is not what its API document says.")
        return found

    @staticmethod
    def _refuse(what: str, reply: Reply, body: Json | None) -> NoReturn:
        error = refusal(what, reply.status, reply.body)
        error.message = without_secrets(error.message, body, SECRET_PROPERTIES)
        error.args = (error.message,)
        raise error


def _retry_after(reply: Reply) -> float:
    try:
        return max(0.0, float(reply.headers.get("retry-after", "1")))
    except ValueError:
        return 1.0


@contextlib.contextmanager
def connected(params: Mapping[str, Any], context: RunContext) -> Iterator[Connection]:
    """The PBX of the task's host: ansible_host, ansible_port, ansible_user (client id), ansible_password (API key)."""
    device = context.device
    if device is None or not device.user or not device.password:
        raise HardeningError(
            "ansible_user (the API client's id, a number) and ansible_password (its API key) are needed. Create the "
            "client "
            "in the Admin Console under Integrations, API, with the role System Owner."
        )
    trust = trust_of(params)
    port = device.port or DEFAULT_PORT
    name = f"{device.host}:{port} as API client {device.user}"

    def open_session() -> HttpsSession:
        return HttpsSession(device.host, port, trust, float(params.get("timeout") or 30))

    with one_at_a_time(name, name, LOCK_WAIT):
        connection = Connection(open_session, device.user, device.password, pause=time.sleep)
        with contextlib.closing(connection), naming_the_pbx(name, "3CX's API document"):
            connection.login()
            yield connection
