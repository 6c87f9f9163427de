# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated PBX: transport, tokens, faults, phones and the record of what was said."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.https_device import HttpsDevice
from lab.https_server import Received, Reply
from lab.pki import Pki
from lab.yeastar import api as interface
from lab.yeastar import fixtures, web_pages
from lab.yeastar.defence import Defence, is_in
from lab.yeastar.dialling import Dialling
from lab.yeastar.events import LEVELS, EventHandler, Hub
from lab.yeastar.extensions import KIND
from lab.yeastar.faults import Exchange, PSeriesFaults
from lab.yeastar.profiles import Firmware
from lab.yeastar.registrar import Registrar, digits
from lab.yeastar.replies import (
    ACCESS_DENIED,
    BLOCKED,
    IP_FORBIDDEN,
    LIMIT,
    NO_INTERFACE,
    OVERLOAD,
    PARAMETER,
    PARTIAL,
    PROCESSING,
    SYNTAX,
    TOKEN_EXPIRED,
    ApiError,
    envelope,
)
from lab.yeastar.site import Request, Row, Site
from lab.yeastar.tokens import Tokens, random_text

RECORD = "VOIPSEC_YEASTAR_RECORD"
"""Environment variable: a directory in which every instance records its exchanges."""
SERIAL = "3631A0000001"
ELSEWHERE = "https://elsewhere.example.net:8088"
_UNCOUNTED = ("get_token", "refresh_token")

_instances = itertools.count(1)


class _Cut(Exception):
    """The connection is closed and nothing is done."""


class _Http(Exception):
    """An answer that is none of the API."""

    def __init__(self, reply: Reply, fault: str | None = None) -> None:
        super().__init__(str(reply.status))
        self.reply = reply
        self.fault = fault


class SimulatedPSeries(HttpsDevice):
    """A P-Series that speaks its OpenAPI on loopback while the context lasts. README.md says what it assumes.

    `state` holds lists of rows with the fields of the API, secrets in clear; hold `lock` while editing.
    """

    def __init__(
        self,
        firmware: str = "37.23.0.123",
        model: str = "P550",
        client_id: str = "yeastar-client",
        client_secret: str | None = None,
        pki: Pki | None = None,
        folder: Path | None = None,
        record: Path | None = None,
        address: str = "127.0.0.1",
        port: int = 0,
        *,
        restriction_lists: bool = False,
    ) -> None:
        super().__init__(
            folder=folder,
            pki=pki,
            names=("pbx.example.net", "localhost"),
            address=address,
            port=port,
            record=record,
            record_variable=RECORD,
            # "New TCP connection per request, PBX closes after reply" (section c).
            keep_alive=False,
        )
        self._server.RequestHandlerClass = EventHandler
        self.firmware = firmware
        self.client_id = client_id
        self.client_secret = client_secret or random_text(32)
        self.faults = PSeriesFaults()
        self.permitted: list[str] | None = None
        """The API's IP restriction: networks."""
        self.on_reprovision: Callable[[str], object] | None = None
        """Called with the twelve hex digits of a phone that is told to fetch its configuration, before the reply."""
        self.registration_survives_change = False
        self.emergency_numbers = ["999", "112"]
        self.emergency_handled = True
        """False: emergency numbers are ordinary ones."""
        self.exchanges: list[Exchange] = []
        self.tokens_given = 0
        self.state: dict[str, list[Row]] = fixtures.seed(self.clock())
        version = Firmware(firmware)
        if version.family != 37 and model == "P550":
            model = f"P-Series {version.edition} Edition"  # [I]
        self._site = Site(
            self.state,
            version,
            model,
            SERIAL,
            restriction_lists,
            self._time,
            lambda: self.faults,
            lambda: self.registration_survives_change,
        )
        self._api = interface.Api(self._site)
        self._defence = Defence(self._event)
        self._dialling = Dialling(self._site)
        self.hub = Hub(SERIAL)
        """Clients that listen to events."""
        self._registrar = Registrar(self._site, self._defence, self.hub.publish)
        self._tokens = Tokens(self._time)

    @property
    def model(self) -> str:
        """As system/information says."""
        return self._site.model

    @property
    def writes(self) -> list[Exchange]:
        """Exchanges of endpoints that change something, carried out or not."""
        return [each for each in self.exchanges if each.version and interface.changes_something(each.endpoint)]

    @property
    def live_tokens(self) -> list[str]:
        """Access tokens that are valid now."""
        with self.lock:
            return self._tokens.live

    @property
    def blocked_api(self) -> set[str]:
        """Addresses that failed to authenticate too often."""
        return self._defence.blocked_api

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

    def extension(self, number: str) -> Row:
        """An extension's row."""
        return next(row for row in self.state[KIND] if row["number"] == number)

    def add_extensions(self, n: int, first: int = 1000) -> None:
        """So many more extensions, weak as the rest; numbers that exist are passed over."""
        with self.lock:
            taken = {row["number"] for row in self.state[KIND]}
            free = (str(number) for number in itertools.count(first) if str(number) not in taken)
            for number in itertools.islice(free, n):
                self.state[KIND].append(fixtures.weak_extension(self._site.new_id(KIND), number))

    def register(
        self,
        number: str,
        reg_name: str,
        reg_password: str,
        address: str = "192.168.10.51",
        user_agent: str = "Yealink SIP-T54W",
        mac: str | None = None,
    ) -> bool:
        """A phone registers; whether it may."""
        with self.lock:
            return self._registrar.register(number, reg_name, reg_password, address, user_agent, mac)

    def unregister(self, number: str) -> None:
        """Its phone is gone."""
        with self.lock:
            self._registrar.unregister(self.extension(number))

    def import_file(self, kind: str, text: str) -> int:
        """A person imports a file on the web page of static_defence, auto_defence or outbound_frequency; how many rows
        it has. Raises ValueError for what the page would refuse."""
        rows = web_pages.read(kind, text, self._site.firmware.edition)
        with self.lock:
            if kind == "static_defence":
                self._defence.accepted += web_pages.accepted(rows)
        return len(rows)

    def is_blocked(self, address: str) -> bool:
        """Whether the defence of registrations has blocked an address."""
        with self.lock:
            return address in self._defence.blocked

    def provisioned(self, mac: str) -> dict[str, Any]:
        """What a phone would be served now; nothing for one without an extension."""
        with self.lock:
            phone = next(row for row in self.state["phones"] if digits(row["mac"]) == digits(mac))
            if not phone["assigned_extension"]:
                return {}
            row = self._site.find(KIND, int(phone["assigned_extension"]))
            return {
                "number": row["number"],
                "reg_name": row["reg_name"],
                "reg_password": row["reg_password"],
                "transport": row["transport"],
                "srtp": bool(row["enb_srtp"]),
            }

    def dial(self, number_of_extension: str, dialled: str) -> str:
        """Where a call goes: "trunk:NAME", "blocked", "no route", "barred", or "internal"."""
        with self.lock:
            emergency = self.emergency_numbers if self.emergency_handled else []
            return self._dialling.dial(self.extension(number_of_extension), dialled, emergency)

    def _event(self, name: str, content: str) -> None:
        """A security event, as frames 30034 to 30036 describe one (a.13)."""
        level = "warn"
        event = {
            "event_name": name,
            "event_type": "security",
            "event_level": level,
            "event_content": content,
            "create_time": self._time().strftime(fixtures.TIME_FORMAT),
        }
        self.state["system_log"].append({"id": self._site.new_id("system_log"), **event})
        self.hub.publish(LEVELS[level], event)

    # The HTTP side.

    def answer(self, received: Received) -> tuple[Reply | None, bool]:
        """One request of any kind; None closes the connection."""
        faults = self.faults
        caller = self.caller_address or received.address
        version, endpoint = interface.split(received.path)
        counted = bool(version) and endpoint not in _UNCOUNTED
        with self.lock:
            number = self._count = self._count + 1 if counted else self._count
        body, is_json = _body(received)
        phones: list[str] = []
        fault: str | None = None
        code: int | None = None
        content: Any = None
        reply: Reply | None
        try:
            self._before(faults, number, counted)
            self._http_fault(faults, number, counted, received.path)
            with self.lock:
                content, fault = self._content(received, version, endpoint, body, is_json, caller, number, faults)
                phones = self._after()
            code = content["errcode"]
            reply = Reply(200, content)
        except ApiError as error:
            fault, code = error.fault, error.code
            content = envelope(code)
            reply = Reply(200, content)
        except _Http as error:
            fault, reply = error.fault, error.reply
        except _Cut as error:
            fault, reply = str(error), None
        for mac in phones:
            if self.on_reprovision is not None:
                self.on_reprovision(mac)
        if faults.slow:
            self._stopping.wait(faults.slow)
        sent = reply is not None
        if counted and code is not None and faults.cut_after == number:
            fault, sent = "cut_after", False
        elif endpoint == "get_token" and code == 0 and faults.drop_get_token_reply:
            fault, sent = "drop_get_token_reply", False
        broken = sent and counted and code is not None and number in faults.broken_json_at
        if broken:
            fault = "broken_json_at"
        query = dict(received.query)
        token = query.pop("access_token", None)
        headers = dict(received.headers.items())
        self._keep(
            Exchange(
                received.method, version, endpoint, query, body, code, content, headers, caller, token, sent, fault
            )
        )
        return (reply if sent else None), broken

    def _before(self, faults: PSeriesFaults, number: int, counted: bool) -> None:
        """Faults that leave nothing but a closed connection."""
        if faults.cut_before is not None and number >= faults.cut_before:
            raise _Cut("cut_before")
        if faults.cut_after is not None and (number > faults.cut_after or (number == faults.cut_after and not counted)):
            raise _Cut("cut_after")
        if counted and faults.restart_at == number:
            self.restart()
            raise _Cut("restart_at")

    def _http_fault(self, faults: PSeriesFaults, number: int, counted: bool, path: str) -> None:
        """Answers of something between, not of the API."""
        if counted and number in faults.http_500_at:
            raise _Http(Reply(500), "http_500_at")
        if counted and number in faults.redirect_at:
            raise _Http(Reply(302, None, {"Location": ELSEWHERE + path}), "redirect_at")

    def _content(
        self,
        received: Received,
        version: str,
        endpoint: str,
        body: Any,
        is_json: bool,
        caller: str,
        number: int,
        faults: PSeriesFaults,
    ) -> tuple[dict[str, Any], str | None]:
        """What the API answers, and the fault at work. In which order it refuses is not documented [I]."""
        self._admit(received, version, caller)
        method = received.method
        if endpoint in interface.TOKEN_ENDPOINTS and version == "v1.0":
            if method != ("GET" if endpoint == "del_token" else "POST"):
                raise ApiError(NO_INTERFACE)
            handler = None
        else:
            handler = self._api.handler(version, method, endpoint)
        if endpoint in _UNCOUNTED:
            _refuse(faults, endpoint)
            if not is_json:
                raise ApiError(SYNTAX)
            return envelope(**self._token(endpoint, body, caller, faults)), None
        token = received.query.get("access_token", "")
        self._authorise(token, number, faults)
        _refuse_numbered(faults, number)
        _refuse(faults, endpoint)
        if handler is None:
            self._tokens.revoke(token)
            return envelope(), None
        if method == "POST" and not is_json:
            raise ApiError(SYNTAX)
        more = handler(Request(received.query, body))
        code = more.pop("errcode", 0)
        if number in faults.partial_at:
            return envelope(PARTIAL, **more), "partial_at"
        return envelope(code, **more), None

    def _admit(self, received: Received, version: str, caller: str) -> None:
        """Who may ask at all."""
        if self.permitted is not None and not is_in(caller, self.permitted):
            raise ApiError(IP_FORBIDDEN)
        if not version:
            raise _Http(Reply(404))
        if caller in self.blocked_api:
            raise ApiError(BLOCKED)
        if not received.headers.get("User-Agent"):
            raise ApiError(PARAMETER)

    def subscription(self, received: Received) -> tuple[dict[str, Any], Callable[[], bool]]:
        """A client that wants to listen to events (a.13). It is recorded, but not counted."""
        caller = self.caller_address or received.address
        query = dict(received.query)
        token = query.pop("access_token", "")
        code = 0
        with self.lock:
            try:
                self._admit(received, "v1.0", caller)
                self._authorise(token, 0, self.faults)
            except ApiError as error:
                code = error.code
        headers = dict(received.headers.items())
        self._keep(
            Exchange("GET", "v1.0", "subscribe", query, None, code, envelope(code), headers, caller, token or None)
        )
        return envelope(code), lambda: token in self.live_tokens

    def _authorise(self, token: str, number: int, faults: PSeriesFaults) -> None:
        """The token is in the query; a header Authorization is ignored (section c)."""
        name = None
        if faults.always_10004:
            name = "always_10004"
        elif faults.token_expired_at == number:
            self._tokens.expire(token)
            name = "token_expired_at"
        if name is not None or token not in self._tokens.live:
            raise ApiError(TOKEN_EXPIRED, name)

    def _token(self, endpoint: str, body: Any, caller: str, faults: PSeriesFaults) -> dict[str, Any]:
        """get_token and refresh_token (section c)."""
        names = ("username", "password") if endpoint == "get_token" else ("refresh_token",)
        if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in names):
            raise ApiError(PARAMETER)
        if endpoint == "refresh_token":
            return self._tokens.renew(body["refresh_token"])
        if (body["username"], body["password"]) != (self.client_id, self.client_secret):
            self._defence.wrong_authentication(caller)
            raise ApiError(faults.wrong_credentials_code)
        self._defence.good_authentication(caller)
        given = self._tokens.issue(only_one=faults.new_token_voids_old)
        self.tokens_given += 1
        return given

    def _after(self) -> list[str]:
        """What a request sets off."""
        for row in self._site.changed_registrations:
            self._registrar.unregister(row)
        self._site.changed_registrations.clear()
        phones = [digits(mac) for mac in self._site.to_reprovision]
        self._site.to_reprovision.clear()
        return phones

    def _keep(self, exchange: Exchange) -> None:
        with self.lock:
            self.exchanges.append(exchange)
            names = ("User-Agent", "Content-Type", "Authorization")
            line = {
                "firmware": self.firmware,
                "method": exchange.method,
                "version": exchange.version,
                "endpoint": exchange.endpoint,
                "query": exchange.query,
                "body": exchange.body,
                "errcode": exchange.errcode,
                "reply": exchange.reply,
                "headers": {name: value for name, value in exchange.headers.items() if name in names},
                "token": exchange.token is not None,
                "answered": exchange.answered,
                "fault": exchange.fault,
            }
            self._write_down(line)


def _refuse(faults: PSeriesFaults, endpoint: str) -> None:
    """Faults of one endpoint."""
    if endpoint in faults.errors:
        raise ApiError(faults.errors[endpoint], "errors")
    if faults.denied and endpoint.startswith(faults.denied):
        raise ApiError(ACCESS_DENIED, "denied")
    if endpoint in faults.full:
        raise ApiError(LIMIT, "full")


def _refuse_numbered(faults: PSeriesFaults, number: int) -> None:
    """Faults of one request."""
    if any(start <= number < start + length for start, length in faults.overload_at.items()):
        raise ApiError(OVERLOAD, "overload_at")
    if number in faults.processing_at:
        raise ApiError(PROCESSING, "processing_at")
    if number in faults.errors_at:
        raise ApiError(faults.errors_at[number], "errors_at")


def _body(received: Received) -> tuple[Any, bool]:
    """The body and whether it is JSON; an empty one of a POST is no JSON."""
    if not received.raw:
        return None, received.method == "GET"
    try:
        return json.loads(received.raw), True
    except ValueError:
        return received.raw.decode("utf-8", "replace"), False
