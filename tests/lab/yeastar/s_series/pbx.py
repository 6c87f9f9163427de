# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated S-Series: HTTPS, logins, faults, phones and the record of what was said."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab.https_device import HttpsDevice
from lab.https_server import Received, Reply
from lab.pki import Pki
from lab.yeastar.s_series import fixtures
from lab.yeastar.s_series.api import Api, Body, needed, parameter, required
from lab.yeastar.s_series.faults import SExchange, SSeriesFaults
from lab.yeastar.s_series.registrar import Registrar
from lab.yeastar.s_series.replies import (
    NOT_JSON,
    NOT_POST,
    TOKEN_TIMEOUT,
    TOO_FREQUENT,
    UNSUPPORTED,
    WRONG_PORT,
    Refusal,
    success,
)
from lab.yeastar.s_series.sessions import Sessions
from lab.yeastar.s_series.versions import api_version

PRODUCT = "Boa/0.94.14rc21"
RECORD = "VOIPSEC_YEASTAR_RECORD"
"""Environment variable: a directory in which every instance records its exchanges."""
_WRITES = ("add", "update", "delete")


class SimulatedSSeries(HttpsDevice):
    """An S-Series that speaks its API on loopback while the context lasts. README.md says what it assumes.

    `state` holds rows as the API shows them, secrets in clear; hold `lock` while editing.
    """

    def __init__(
        self,
        firmware: str = "30.14.0.20",
        username: str = "api",
        password: str | None = None,
        pki: Pki | None = None,
        folder: Path | None = None,
        record: Path | None = None,
        address: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(
            folder=folder,
            pki=pki,
            address=address,
            port=port,
            record=record,
            record_variable=RECORD,
            record_prefix="s-series-",
            product=PRODUCT,
            keep_alive=False,
        )
        self.firmware = firmware
        self.api_version = api_version(firmware)
        self.username = username
        self.password = password or secrets.token_urlsafe(12)
        self.faults = SSeriesFaults()
        self.on_reprovision: Callable[[str], object] | None = None
        """Never called: the API of the S-Series cannot tell a phone to fetch its configuration."""
        self.exchanges: list[SExchange] = []
        self.state = fixtures.seed()
        self._registrar = Registrar(self.state)
        self._sessions = Sessions(self.username, self.password, self._time)
        self._api = Api(
            self.state, self._registrar, self._time, firmware, self.api_version, lambda: self.faults.ignored_writes
        )
        self._last_write: dt.datetime | None = None

    @property
    def writes(self) -> list[SExchange]:
        """Exchanges that ask for a change; those without a reply among them were not carried out."""
        return [each for each in self.exchanges if _is_write(each.endpoint)]

    @property
    def live_tokens(self) -> list[str]:
        """Tokens that are good now."""
        with self.lock:
            return self._sessions.live

    @property
    def blocked_api(self) -> dict[str, dt.datetime]:
        """Addresses that may not log in, and until when. Deleting one is what the web page offers."""
        with self.lock:
            return self._sessions.blocked

    def reset_counters(self) -> None:
        """Forget the exchanges and count requests from 1 again."""
        with self.lock:
            self.exchanges.clear()
            self._count = 0

    def restart(self) -> None:
        """As a reboot: no token is known any more, all connections are closed."""
        with self.lock:
            self._sessions.void()
            self._api.restarted()
        self._server.close_connections()

    def extension(self, number: str) -> dict[str, Any]:
        """An extension's row."""
        return next(row for row in self.state["extensions"] if row["number"] == number)

    def add_extensions(self, n: int, first: int = 1000) -> None:
        """See to it that n extensions from the first on exist; new ones are as weak as the rest."""
        with self.lock:
            known = {row["number"] for row in self.state["extensions"]}
            numbers = [str(first + place) for place in range(n)]
            self.state["extensions"] += [fixtures.extension(number) for number in numbers if number not in known]

    def register(self, number: str, registername: str, registerpassword: str, address: str = "192.168.10.51") -> bool:
        """A phone registers; whether it may."""
        with self.lock:
            return self._registrar.register(number, registername, registerpassword, address)

    def unregister(self, number: str) -> None:
        """All phones of an extension go."""
        with self.lock:
            self._registrar.forget(number)

    def accept(self, addresses: Iterable[str]) -> None:
        """A person adds rules to the firewall, on the web page."""
        with self.lock:
            self._registrar.accepted.update(addresses)

    def is_blocked(self, address: str) -> bool:
        """Whether phones at this address are not heard."""
        with self.lock:
            return address in self._registrar.blocked

    # The HTTP side.

    def answer(self, received: Received) -> tuple[Reply | None, bool]:
        """One request of any kind; None closes the connection."""
        faults = self.faults
        caller = self.caller_address or received.address
        base = f"/api/v{self.api_version}/"
        endpoint = received.path.removeprefix(base)
        token = received.query.get("token")
        body, is_json = _parsed(received)
        call = _Call(received.method, endpoint, endpoint != received.path, token, body, is_json, caller)
        # Below /api everything is answered in the API's own way; the rest would be the web pages.
        is_api = received.path.startswith("/api/")
        reply, fault, sent = self._outcome(call, faults) if is_api else (Reply(404), None, True)
        if faults.slow:
            self._stopping.wait(faults.slow)
        content = reply.body if reply else None
        self._keep(
            SExchange(
                received.method,
                endpoint,
                {key: value for key, value in received.query.items() if key != "token"},
                body,
                content.get("errno") if isinstance(content, dict) else None,
                content,
                dict(received.headers.items()),
                caller,
                token,
                sent,
                fault,
            )
        )
        return (reply if sent else None), fault == "broken_json_at"

    def _outcome(self, call: _Call, faults: SSeriesFaults) -> tuple[Reply | None, str | None, bool]:
        """Reply (None: nothing done), the fault at work, and whether the reply is sent."""
        with self.lock:
            # A request without a good token has no number of its own: it is cut when the next one would be.
            place = self._count + 1
            if faults.cut_before is not None and place >= faults.cut_before:
                return None, "cut_before", False
            if faults.cut_after is not None and place > faults.cut_after:
                return None, "cut_after", False
            try:
                refused = self._refused(call, faults)
                if refused is not None:
                    reply, fault = refused
                    return reply, fault, reply is not None
                reply = self._done(call)
            except Refusal as refusal:
                reply = refusal.reply
            if call.endpoint == "login" or self._count < place:
                return reply, None, True
            if faults.cut_after == place:
                return reply, "cut_after", False
            return reply, "broken_json_at" if place in faults.broken_json_at else None, True

    def _refused(self, call: _Call, faults: SSeriesFaults) -> tuple[Reply | None, str] | None:
        """Everything that is checked before a call is looked at; what a fault answers in its place."""
        if call.method != "POST":
            raise Refusal(NOT_POST)
        if not call.served:
            raise Refusal(UNSUPPORTED)
        if not call.is_json:
            raise Refusal(NOT_JSON)
        if call.endpoint == "login":
            return None
        if faults.always_timeout and call.token:
            return Refusal(TOKEN_TIMEOUT).reply, "always_timeout"
        self._sessions.use(call.token)
        self._count += 1
        number = self._count
        if faults.token_timeout_at == number:
            self._sessions.time_out(call.token or "")
            return Refusal(TOKEN_TIMEOUT).reply, "token_timeout_at"
        if faults.restart_at == number:
            self.restart()
            return None, "restart_at"
        if number in faults.http_500_at:
            return Reply(500), "http_500_at"
        if number in faults.errors_at:
            return Refusal(faults.errors_at[number]).reply, "errors_at"
        if _is_write(call.endpoint) and self._is_too_soon(faults.apply_interval):
            return Refusal(TOO_FREQUENT).reply, "apply_interval"
        return None

    def _is_too_soon(self, interval: float) -> bool:
        """Only changes that were made count; a refused one does not put the next off [I]."""
        return self._last_write is not None and self._time() - self._last_write < dt.timedelta(seconds=interval)

    def _done(self, call: _Call) -> Reply:
        if call.endpoint == "login":
            return self._login(needed(call.body), call.caller)
        if call.endpoint == "heartbeat":
            # Like every request it has begun the token's time anew.
            return success()
        if call.endpoint == "logout":
            self._sessions.logout(call.token or "")
            return success()
        reply = self._api.handle(call.endpoint, call.body)
        if _is_write(call.endpoint):
            self._last_write = self._time()
        return reply

    def _login(self, body: Body, caller: str) -> Reply:
        username, digest = required(body, "username"), required(body, "password")
        port = parameter(body, "port")
        if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise Refusal(WRONG_PORT)
        if (parameter(body, "version") or self.api_version) != self.api_version:
            raise Refusal(UNSUPPORTED)
        return success(token=self._sessions.login(username, digest, caller))

    def _keep(self, exchange: SExchange) -> None:
        with self.lock:
            self.exchanges.append(exchange)
            line = {"firmware": self.firmware, **asdict(exchange)}
            line["headers"] = {"Content-Type": exchange.headers.get("Content-Type", "")}
            self._write_down(line)


@dataclass(frozen=True)
class _Call:
    """A request, as far as it could be read."""

    method: str
    endpoint: str
    served: bool
    """Whether the path is below the base that this firmware serves."""
    token: str | None
    body: Any
    is_json: bool
    caller: str


def _is_write(endpoint: str) -> bool:
    return endpoint.rpartition("/")[2] in _WRITES


def _parsed(received: Received) -> tuple[Any, bool]:
    """The body, and whether it is none or JSON; another content type is none of the API's [I]."""
    if not received.raw:
        return None, True
    content = received.raw.decode("utf-8", "replace")
    try:
        body = json.loads(content)
    except ValueError:
        return content, False
    return body, received.headers.get_content_type() == "application/json"
