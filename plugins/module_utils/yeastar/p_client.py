# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of the P-Series' OpenAPI. Only this file speaks to a P-Series PBX. Facts: yeastar.md b, (c), (g)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import Reply
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import UnexpectedAnswer, reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import without_secrets
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json, Operation, revealed
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import (
    FULL,
    NEVER_AGAIN,
    NOT_FOUND,
    OVERLOAD,
    PROCESSING,
    TOKEN_EXPIRED,
    UNKNOWN_ENDPOINT,
    Refused,
    p_refusal,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.token_client import (
    TokenClient,
    Verdict,
    connected,
)

USER_AGENT = "OpenAPI"
"""Needed on every request; this is the one of the vendor's own examples."""
VERSION = "v1.0"
PAGE = 1000
"""Rows of a listing at a time; a PBX that gives fewer is asked again."""
SECRET_FIELDS = frozenset({"user_password", "reg_password", "vm_pin", "reg_name", "pin", "pin_list", "password"})


class PSeries(TokenClient):
    """``get``, ``entry``, ``rows``, ``post``, ``delete``, and ``send`` for a plan's operations."""

    ADVICE = (
        "ansible_user (the API's client id) and ansible_password (its client secret) are needed. Both are shown on the "
        "PBX under Integrations, API, once the API is switched on."
    )
    DOCUMENT = "Yeastar's developer guide"

    def get(self, endpoint: str, query: Mapping[str, str | int] | None = None, *, version: str = VERSION) -> Json:
        """The whole answer of a reading endpoint, such as ``extension/get``."""
        return self._exchange(
            lambda token: self._send("GET", endpoint, query or {}, None, token, version),
            f"reading {endpoint}",
            reading=True,
            again=True,
        )

    def rows(
        self,
        endpoint: str,
        query: Mapping[str, str | int] | None = None,
        *,
        limit: int | None = None,
        version: str = VERSION,
    ) -> list[Json]:
        """All rows of a listing, or the first ``limit``."""
        found: list[Json] = []
        page = 1
        while True:
            answer = self.get(endpoint, {**(query or {}), "page": page, "page_size": PAGE}, version=version)
            with reading():
                total = int(answer.get("total_number") or 0)
            rows = answer.get("data", [] if not total else None)
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise HardeningError(f"reading {endpoint}: the PBX's answer is not a list.")
            found += rows
            if not rows or len(found) >= total or (limit is not None and len(found) >= limit):
                return found[:limit]
            page += 1

    def entry(self, endpoint: str, key: int) -> Json:
        """The one entry that a reading endpoint shows for an id; empty where it shows none."""
        data = self.get(endpoint, {"id": key}).get("data")
        # The guide's table calls it an array, its example shows one mapping [D].
        if isinstance(data, list):
            data = data[0] if data else None
        if not isinstance(data, dict | None):
            raise UnexpectedAnswer(f"{endpoint} shows no entry")
        return data or {}

    def ids(self, endpoint: str) -> list[int]:
        """The ids of all rows of a listing."""
        rows = self.rows(endpoint)
        with reading():
            return [int(row["id"]) for row in rows]

    def send(self, operation: Operation) -> None:
        """Carry out one operation of a plan."""
        body = revealed(operation.body or {})
        if operation.method == "GET":
            self.delete(operation.path, int(body["id"]), operation.what)
        else:
            self.post(operation.path, body, operation.what)

    def post(self, endpoint: str, body: Json, what: str) -> Json:
        """Add, change or carry out. A lost answer is followed by a second try only where the same change is sent
        again: an ``update``."""
        self.writes += 1
        return self._exchange(
            lambda token: self._send("POST", endpoint, {}, body, token),
            what,
            reading=False,
            again=endpoint.endswith("/update"),
            body=body,
        )

    def delete(self, endpoint: str, key: int, what: str) -> None:
        """Remove. It is a GET on this API, and must not be taken for one: it is never sent twice. Not there any more
        is as good."""
        self.writes += 1
        try:
            self._exchange(
                lambda token: self._send("GET", endpoint, {"id": key}, None, token), what, reading=False, again=False
            )
        except Refused as error:
            if error.code != NOT_FOUND:
                raise

    def _ask_for_token(self) -> Reply:
        return self._send("POST", "get_token", {}, {"username": self._client, "password": self._key}, None)

    def _give_back(self, token: str) -> Reply:
        return self._send("GET", "del_token", {}, None, token)

    def _send(
        self,
        method: str,
        endpoint: str,
        query: Mapping[str, str | int],
        body: Json | None,
        token: str | None,
        version: str = VERSION,
    ) -> Reply:
        """One request. The token is part of the address, so no address is ever in a message."""
        asked = {**query, **({"access_token": token} if token else {})}
        path = f"/openapi/{version}/{endpoint}" + (f"?{urlencode(asked)}" if asked else "")
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        return self._session.request(method, path, headers, content)

    def _content(self, what: str, reply: Reply) -> Json:
        if reply.status != 200:
            more = ", a redirection, which is not followed" if 300 <= reply.status < 400 else ""
            raise HardeningError(
                f"{what}: the answer is HTTP {reply.status}{more}; this API always answers 200. Is this a Yeastar "
                "P-Series, and is this its HTTPS port?"
            )
        try:
            found = json.loads(reply.body)
        except ValueError:
            raise HardeningError(f"{what}: the PBX's answer is not JSON.") from None
        if not isinstance(found, dict) or not isinstance(found.get("errcode"), int):
            raise HardeningError(f"{what}: the PBX's answer has no errcode. Is this a Yeastar P-Series?")
        return found

    def _verdict(self, answer: Json, *, reading: bool) -> Verdict:
        code = answer["errcode"]
        if code == 0 or (code == PROCESSING and not reading):
            # "Processing" a change: it was taken. The reading after all changes tells whether it was done.
            return Verdict.DONE
        if code == TOKEN_EXPIRED:
            return Verdict.TOKEN_ENDED
        return Verdict.BUSY if code in (OVERLOAD, PROCESSING) else Verdict.REFUSED

    def _refusal(self, what: str, answer: Json, body: Json | None) -> Refused:
        text = without_secrets(str(answer.get("errmsg") or ""), body, SECRET_FIELDS)
        return p_refusal(what, answer["errcode"], text)

    def _token_of(self, what: str, answer: Json) -> str:
        code = answer["errcode"]
        if code in NEVER_AGAIN or code == UNKNOWN_ENDPOINT:
            raise self._refusal(what, answer, None)
        if code == FULL:
            raise HardeningError(
                f"{what}: all eight access tokens of this PBX are in use ({code}). Each ends after 30 minutes, or when "
                "its owner gives it back, as this collection does after every run; something else that uses the API "
                "may not. Wait, then run again."
            )
        if code:
            raise HardeningError(
                f"{what}: the PBX refuses the client id or the client secret ({code} {answer.get('errmsg')}). Compare "
                "ansible_user and ansible_password with Integrations, API, on the PBX. It is not tried again: five "
                "failures block this controller's address, which only the PBX's web page undoes."
            )
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise HardeningError(f"{what}: the PBX gives none. Is this a Yeastar P-Series?")
        if answer.get("refresh_token"):
            self._remember(Secret(str(answer["refresh_token"])))
        return token


@contextlib.contextmanager
def p_series(params: Mapping[str, Any], context: RunContext) -> Iterator[PSeries]:
    """The P-Series of the task's host."""
    with connected(PSeries, params, context) as client:
        yield client
