# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of the S-Series' API 2.0.0: POST only, MD5 login. Only this file speaks to an S-Series. yeastar.md e."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import Reply
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json, Operation, revealed
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import (
    S_LOGIN_REFUSED,
    S_TOKEN_GONE,
    S_TOO_FAST,
    Refused,
    s_refusal,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.token_client import (
    TokenClient,
    Verdict,
    connected,
)

BASE = "/api/v2.0.0"
API_VERSION = "2.0.0"
EVENTS_PORT = "8260"
"""Where the PBX would send events; the login wants it, nothing of ours listens there."""
USER_AGENT = "OpenAPI"


class SSeries(TokenClient):
    """``call`` for reading, ``change`` for writing."""

    ADVICE = (
        "ansible_user (the API's user name) and ansible_password are needed. Both are set on the PBX under Settings, "
        "PBX, General, API."
    )
    DOCUMENT = "Yeastar's S-Series API guide"

    def call(self, endpoint: str, body: Json | None = None) -> Json:
        """The answer of a reading endpoint, such as ``extension/query``."""
        return self._exchange(
            lambda token: self._send(endpoint, body or {}, token), f"reading {endpoint}", reading=True, again=True
        )

    def change(self, endpoint: str, body: Json, what: str) -> Json:
        """Add, change or remove; an ``update`` whose answer is lost is sent again. Changes that come faster than the
        PBX applies them (10025) wait."""
        self.writes += 1
        return self._exchange(
            lambda token: self._send(endpoint, body, token),
            what,
            reading=False,
            again=endpoint.endswith("/update"),
            body=body,
        )

    def send(self, operation: Operation) -> None:
        """Carry out one operation of a plan."""
        self.change(operation.path, revealed(operation.body or {}), operation.what)

    def _ask_for_token(self) -> Reply:
        # The API wants the MD5 of the password [D]; TLS is what protects it.
        digest = hashlib.md5(self._key.encode(), usedforsecurity=False).hexdigest()
        body = {"username": self._client, "password": digest, "port": EVENTS_PORT, "version": API_VERSION}
        return self._send("login", body, None)

    def _give_back(self, token: str) -> Reply:
        return self._send("logout", {}, token)

    def _send(self, endpoint: str, body: Json, token: str | None) -> Reply:
        """One request. The token is part of the address, so no address is ever in a message."""
        path = f"{BASE}/{endpoint}" + (f"?{urlencode({'token': token})}" if token else "")
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
            "Content-Type": "application/json; charset=utf-8",
        }
        return self._session.request("POST", path, headers, json.dumps(body).encode())

    def _content(self, what: str, reply: Reply) -> Json:
        if reply.status != 200:
            raise HardeningError(
                f"{what}: the answer is HTTP {reply.status}; this API always answers 200. Is this a Yeastar S-Series, "
                "and is this its HTTPS port?"
            )
        try:
            found = json.loads(reply.body)
        except ValueError:
            raise HardeningError(f"{what}: the PBX's answer is not JSON.") from None
        if not isinstance(found, dict) or found.get("status") not in ("Success", "Failed"):
            raise HardeningError(f"{what}: the PBX's answer has no status. Is this a Yeastar S-Series?")
        return found

    def _verdict(self, answer: Json, *, reading: bool) -> Verdict:
        if answer["status"] == "Success":
            return Verdict.DONE
        code = _errno(answer)
        if code in S_TOKEN_GONE:
            return Verdict.TOKEN_ENDED
        return Verdict.BUSY if code == S_TOO_FAST else Verdict.REFUSED

    def _refusal(self, what: str, answer: Json, body: Json | None) -> Refused:
        return s_refusal(what, _errno(answer))

    def _token_of(self, what: str, answer: Json) -> str:
        if answer["status"] != "Success":
            refusal = self._refusal(what, answer, None)
            if refusal.code in S_LOGIN_REFUSED:
                raise HardeningError(
                    f"{refusal.message} Compare ansible_user and ansible_password with Settings, PBX, General, API."
                )
            raise refusal
        token = answer.get("token")
        if not isinstance(token, str) or not token:
            raise HardeningError(f"{what}: the PBX gives none. Is this a Yeastar S-Series?")
        return token


def _errno(answer: Json) -> int:
    text = str(answer.get("errno") or "")
    return int(text) if text.isdigit() else 0


@contextlib.contextmanager
def s_series(params: Mapping[str, Any], context: RunContext) -> Iterator[SSeries]:
    """The S-Series of the task's host."""
    with connected(SSeries, params, context) as client:
        yield client
