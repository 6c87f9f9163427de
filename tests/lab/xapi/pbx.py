# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated PBX: token endpoint, XAPI, faults, phones and the record of what was said."""

from __future__ import annotations

import ipaddress
import itertools
import json
from collections.abc import Callable
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from lab.https_device import HttpsDevice
from lab.https_server import Received, Reply
from lab.pki import Pki
from lab.xapi import credentials, fixtures
from lab.xapi.actions import Actions
from lab.xapi.api import Api
from lab.xapi.defence import WRONG_LOGINS, Defence, network
from lab.xapi.faults import Exchange, Faults
from lab.xapi.replies import ApiError
from lab.xapi.rules import Rules
from lab.xapi.schema import Schema
from lab.xapi.store import Store
from lab.xapi.tokens import Tokens
from lab.xapi.writing import Writer

BASE = "/xapi/v1"
TOKEN = "/connect/token"
CONTENT_TYPE = "application/json; odata.metadata=minimal; charset=utf-8"
RECORD = "VOIPSEC_XAPI_RECORD"
"""Environment variable: a directory in which every instance records its exchanges."""

_instances = itertools.count(1)


class SimulatedPbx(HttpsDevice):
    """A 3CX V20 that speaks its configuration API on loopback while the context lasts. README.md says what it assumes.

    `state` holds collections as lists of rows and singletons as one row, secrets in clear; hold `lock` while editing.
    """

    def __init__(
        self,
        release: str = "20.0.10",
        client_id: str = "900",
        client_secret: str | None = None,
        role: str = "system_owners",
        pki: Pki | None = None,
        folder: Path | None = None,
        country_polarity: str = "allowed",
        record: Path | None = None,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        if country_polarity not in fixtures.POLARITIES:
            raise ValueError(f"{country_polarity!r} is none of {', '.join(fixtures.POLARITIES)}")
        super().__init__(
            folder=folder,
            pki=pki,
            names=(fixtures.FQDN, "localhost"),
            address=address,
            port=port,
            record=record,
            record_variable=RECORD,
            content_type=CONTENT_TYPE,
        )
        self.release = release
        self.schema = Schema(release)
        self.client_id = client_id
        self.client_secret = client_secret or credentials.secret(32)
        self.clients = {client_id: self.client_secret}
        """Every API client and its secret; more may be added."""
        self.role = role
        self.faults = Faults()
        self.lan_networks: list[str] = ["192.168.0.0/16", "10.0.0.0/8"]
        self.on_reprovision: Callable[[str], object] | None = None
        """Called with the twelve hex digits of a phone that is told to fetch its configuration, before the reply."""
        self.registration_survives_change = False
        self.mail_error: str | None = None
        """What a test e-mail fails with."""
        self.exchanges: list[Exchange] = []
        self.tokens_given = 0
        self.state = fixtures.seed(self.schema, country_polarity, client_id, role)
        store = Store(self.schema, self.state, country_polarity)
        rules = Rules(store, self._time, lambda: self.faults.reject_masks)
        writer = Writer(store, rules, lambda: self.faults.ignored_writes, lambda: self.registration_survives_change)
        actions = Actions(store, writer, lambda: self.mail_error)
        self._api = Api(store, writer, actions, lambda: self.role, lambda: self.faults)
        self._defence = Defence(self.state, self._time, self.lan_networks)
        self._tokens = Tokens(self._time)

    @property
    def writes(self) -> list[Exchange]:
        """Exchanges that are neither GET nor the token's; status 0 among them was not carried out."""
        return [each for each in self.exchanges if each.method != "GET" and each.path != TOKEN]

    def reset_counters(self) -> None:
        """Forget the exchanges and count requests from 1 again."""
        with self.lock:
            self.exchanges.clear()
            self._count = 0

    def restart(self) -> None:
        """As a reboot: all tokens are void, all connections closed."""
        with self.lock:
            self._tokens.void()
        self._server.close_connections()

    def user(self, number: str) -> dict[str, Any]:
        """An extension's row."""
        return next(row for row in self.state["Users"] if row["Number"] == number)

    def add_users(self, n: int, first: int = 1000) -> None:
        """Many plain extensions, weak as the rest."""
        with self.lock:
            kinds = ("Users", "Groups", "Trunks", "ServicePrincipals")
            start = max(row["Id"] for kind in kinds for row in self.state[kind])
            for place in range(n):
                row = fixtures.user(start + 1 + place, str(first + place), "User", str(first + place))
                self.state["Users"].append(fixtures.known(self.schema, "User", row))

    def register(
        self, number: str, auth_id: str, password: str, address: str = "192.168.10.51", mac: str = "805ec0aabbcc"
    ) -> bool:
        """A phone registers; whether it may."""
        with self.lock:
            self._defence.lan = self.lan_networks
            return self._defence.register(number, auth_id, password, address, mac)

    def is_blocked(self, address: str) -> bool:
        """Whether the PBX hears nothing from this address."""
        with self.lock:
            return self._defence.is_blocked(address)

    # The HTTP side.

    def answer(self, received: Received) -> tuple[Reply | None, bool]:
        """One request of any kind; None closes the connection."""
        faults = self.faults
        caller = self.caller_address or received.address
        is_token = received.path == TOKEN
        is_api = received.path == BASE or received.path.startswith(BASE + "/")
        path = received.path.removeprefix(BASE) if is_api else received.path
        with self.lock:
            number = self._count = self._count + 1 if is_api else self._count
        if is_token and received.method == "POST":
            body, refusal = _form(received)
        else:
            body, refusal = _json(received)
        reply, fault, sent = self._outcome(received.method, path, received, body, refusal, caller, number, faults)
        if faults.slow:
            self._stopping.wait(faults.slow)
        if reply is not None and is_api and not faults.no_version:
            reply.headers["X-3CX-Version"] = f"{self.release}.1"
        if reply is not None and reply.status >= 400 and reply.body is None:
            fault = fault or f"empty_{reply.status}"
        if reply is not None and is_api and faults.keep_nulls:
            fault = fault or "keep_nulls"
        self._keep(
            Exchange(
                received.method,
                path,
                received.query,
                body,
                reply.status if reply else 0,
                reply.body if reply else None,
                dict(received.headers.items()),
                caller,
                sent,
                fault,
            )
        )
        return (reply if sent else None), fault == "broken_json_at"

    def _outcome(
        self,
        method: str,
        path: str,
        received: Received,
        body: Any,
        refusal: ApiError | None,
        caller: str,
        number: int,
        faults: Faults,
    ) -> tuple[Reply | None, str | None, bool]:
        """Reply (None: nothing done), the fault at work, and whether the reply is sent."""
        is_api = received.path.startswith(BASE)
        # A request for a token has no number of its own: it is cut when the next request would be.
        place = number if is_api else number + 1
        if faults.cut_before is not None and place >= faults.cut_before:
            return None, "cut_before", False
        if faults.cut_after is not None and place > faults.cut_after:
            return None, "cut_after", False
        if is_api and faults.restart_at == number:
            self.restart()
            return None, "restart_at", False
        try:
            with self.lock:
                if self._defence.is_blocked(caller):
                    return None, "blocked", False
                if self._locked_out(caller):
                    raise ApiError(403)
                if refusal is not None:
                    raise refusal
                if path == TOKEN:
                    return self._token(method, body, caller, faults), None, True
                if not is_api:
                    raise ApiError(404)
                refused = self._refused(path, received, number, faults)
                if refused is not None:
                    return (*refused, True)
                reply, phones = self._api.handle(method, path, received.query, body, caller)
        except ApiError as error:
            return error.reply, None, True
        for mac in phones:
            if self.on_reprovision is not None:
                self.on_reprovision(mac)
        if faults.cut_after == number:
            return reply, "cut_after", False
        if number in faults.broken_json_at:
            return Reply(200, reply.body or {}), "broken_json_at", True
        return reply, None, True

    def _refused(self, path: str, received: Received, number: int, faults: Faults) -> tuple[Reply, str | None] | None:
        if faults.token_stolen_at == number:
            self._tokens.issue(self.client_id, self.role)
        token = (received.headers.get("Authorization") or "").removeprefix("Bearer ")
        if faults.void_tokens_always or not self._tokens.is_good(token):
            stolen = "token_stolen_at" if faults.token_stolen_at == number else None
            body = None if faults.empty_401 else {"error": {"code": "", "message": "Unauthorized"}}
            reply = Reply(401, body, {"WWW-Authenticate": "Bearer"})
            return reply, "void_tokens_always" if faults.void_tokens_always else stolen
        if number in faults.rate_limited_at:
            return Reply(429, None, {"Retry-After": str(faults.rate_limited_at[number])}), "rate_limited_at"
        if number in faults.fail_500_at:
            return Reply(500), "fail_500_at"
        if faults.forbidden and path.startswith(faults.forbidden):
            return Reply(403), "forbidden"
        return None

    def _locked_out(self, caller: str) -> bool:
        """Console restriction: who is not on the list gets 403 for everything."""
        row = self.state["ConsoleRestrictions"]
        if not row.get("AccessRestricted"):
            return False
        ip = ipaddress.ip_address(caller)
        nets = [network(item) for item in row.get("IpWhitelist") or []]
        return not any(ip.version == net.version and ip in net for net in nets)

    def _token(self, method: str, form: dict[str, str], caller: str, faults: Faults) -> Reply:
        """threecx.md c.1 and c.4."""
        if method != "POST":
            return Reply(405)
        if form.get("grant_type") != "client_credentials":
            return Reply(400, {"error": "unsupported_grant_type"})
        client = form.get("client_id") or ""
        if client not in self.clients or self.clients[client] != form.get("client_secret"):
            self._defence.wrong("login", caller, WRONG_LOGINS, "Too many failed logins")
            text = "The request requires valid user authentication."
            return Reply(401, {"error": "unauthorized", "error_description": text})
        if faults.no_licence:
            return Reply(403)
        token = self._tokens.issue(client, self.role, only_one=faults.one_token_per_pbx)
        self.tokens_given += 1
        # Minutes up to 20.0.8, seconds from 20.0.9 on [D].
        life = 3600 if self.schema.update >= 9 else 60
        return Reply(200, {"token_type": "Bearer", "expires_in": life, "access_token": token, "refresh_token": None})

    def _keep(self, exchange: Exchange) -> None:
        with self.lock:
            self.exchanges.append(exchange)
            form = exchange.path == TOKEN
            line = {
                "release": self.release,
                "method": exchange.method,
                "path": exchange.path,
                "query": exchange.query,
                "body": exchange.body,
                "form": form,
                "status": exchange.status,
                "reply": exchange.reply,
                "headers": {"Content-Type": exchange.headers.get("Content-Type", "")},
                "fault": exchange.fault,
            }
            self._write_down(line)


def _form(received: Received) -> tuple[dict[str, str], ApiError | None]:
    """Both kinds of form are taken (threecx.md c.1 [D])."""
    kind = received.headers.get_content_type()
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(received.raw.decode("utf-8", "replace"), keep_blank_values=True)), None
    if kind == "multipart/form-data":
        head = f"Content-Type: {received.headers['Content-Type']}\r\n\r\n".encode()
        fields = {}
        for part in BytesParser().parsebytes(head + received.raw).walk():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(content, bytes):
                fields[name] = content.decode("utf-8", "replace")
        return fields, None
    return {}, ApiError(415)


def _json(received: Received) -> tuple[Any, ApiError | None]:
    if not received.raw:
        return None, None
    if received.headers.get_content_type() != "application/json":
        return None, ApiError(415)
    try:
        return json.loads(received.raw), None
    except ValueError:
        return None, ApiError(400, "The body is not valid JSON.")
