# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Yeastar S-Series answers as the reference says (yeastar.md e)."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import http.client
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.pki import Pki, make_pki
from lab.yeastar.s_series import SExchange, SimulatedSSeries, SSeriesFaults
from lab.yeastar.s_series.rules import has_run, is_strong
from lab.yeastar.s_series.versions import api_version

STRONG = "Kx7mQz2vLp9wRt4b"
LOGIN = "Gh5kTw8nPq"
SUCCESS = {"status": "Success"}
GONE = (OSError, http.client.HTTPException)

Make = Callable[..., SimulatedSSeries]


class Client:
    """A plain client; it repeats nothing."""

    def __init__(self, pbx: SimulatedSSeries, version: str = "2.0.0") -> None:
        self.pbx = pbx
        self.version = version
        self.token: str | None = None
        self.headers: http.client.HTTPMessage = http.client.HTTPMessage()

    def send(
        self, method: str, path: str, body: str | None = None, kind: str = "application/json; charset=utf-8"
    ) -> tuple[int, Any]:
        context = ssl.create_default_context(cafile=str(self.pbx.ca_file))
        connection = http.client.HTTPSConnection(self.pbx.host, self.pbx.port, timeout=10, context=context)
        try:
            connection.request(method, path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        self.headers = answer.headers
        return answer.status, json.loads(content) if content else None

    def __call__(self, endpoint: str, body: Any = None) -> Any:
        """The reply of one call, which is always HTTP 200."""
        path = f"/api/v{self.version}/{endpoint}" + (f"?token={self.token}" if self.token is not None else "")
        status, reply = self.send("POST", path, None if body is None else json.dumps(body))
        assert status == 200
        return reply

    def errno(self, endpoint: str, body: Any = None) -> str:
        """Code of a refusal."""
        reply = self(endpoint, body)
        assert reply["status"] == "Failed"
        assert reply.keys() == {"status", "errno"}
        return str(reply["errno"])

    def login(self, password: str | None = None, **more: str) -> Any:
        digest = hashlib.md5((password or self.pbx.password).encode(), usedforsecurity=False).hexdigest()
        self.token = None
        reply = self("login", {"username": self.pbx.username, "password": digest} | more)
        self.token = reply.get("token")
        return reply

    def infos(self, number: str) -> list[dict[str, str]]:
        reply = self("extension/query", {"number": number})
        assert reply["status"] == "Success"
        return list(reply["extinfos"])


@pytest.fixture(autouse=True)
def _no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask wrongly on purpose."""
    monkeypatch.delenv("VOIPSEC_YEASTAR_RECORD", raising=False)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("s-series") / "pki")


@pytest.fixture
def make(pki: Pki, tmp_path: Path) -> Iterator[Make]:
    running: list[SimulatedSSeries] = []

    def start(**options: Any) -> SimulatedSSeries:
        pbx = SimulatedSSeries(pki=pki, folder=tmp_path, **options)
        running.append(pbx)
        return pbx.start()

    yield start
    for pbx in running:
        pbx.close()


@pytest.fixture
def pbx(make: Make) -> SimulatedSSeries:
    return make()


@pytest.fixture
def call(pbx: SimulatedSSeries) -> Client:
    client = Client(pbx)
    assert client.login(port="8260", version="2.0.0")["status"] == "Success"
    return client


# Transport.


def test_certificate_and_headers(call: Client) -> None:
    assert call("deviceinfo/query")["status"] == "Success"
    assert call.headers["Server"] == "Boa/0.94.14rc21"
    assert call.headers["Connection"] == "close"
    assert call.headers["Access-control-allow-origin"] == "*"
    assert call.headers["Access-control-allow-methods"] == "GET, POST, OPTIONS, PUT, DELETE"
    der = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((call.pbx.host, call.pbx.port)))
    assert hashlib.sha256(der).hexdigest() == call.pbx.certificate_sha256


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post(call: Client, method: str) -> None:
    path = f"/api/v2.0.0/extension/delete?token={call.token}"
    assert call.send(method, path, '{"number": "all"}') == (200, {"status": "Failed", "errno": "20001"})
    assert len(call.pbx.state["extensions"]) == 6


def test_only_json(call: Client) -> None:
    path = f"/api/v2.0.0/extension/query?token={call.token}"
    refusal = (200, {"status": "Failed", "errno": "20000"})
    assert call.send("POST", path, "number=1000") == refusal
    assert call.send("POST", path, '{"number": "1000"}', "text/plain") == refusal


def test_blank_bodies_and_unknown_calls(call: Client) -> None:
    assert call.errno("extension/query") == "20009"
    assert call.errno("extension/query", {}) == "20007"
    assert call.errno("extension/query", []) == "20007"
    assert call.errno("extension/query", {"number": ""}) == "10004"
    assert call.errno("login/none") == "10003"
    assert call.send("GET", "/index.html") == (404, None)


@pytest.mark.parametrize(
    ("firmware", "version"),
    [
        ("30.5.0.19", None),
        ("30.6.0.1", None),
        ("30.7.0.1", "1.1.0"),
        ("30.11.0.62", "1.1.0"),
        ("30.12.0.10", None),
        ("30.13.0.29", None),
        ("30.13.0.30", "2.0.0"),
        ("30.14.0.20", "2.0.0"),
    ],
)
def test_versions(firmware: str, version: str | None) -> None:
    assert api_version(firmware) == version


def test_other_version_is_unsupported(make: Make) -> None:
    body = {"username": "api", "password": "x"}
    assert Client(make(), "1.1.0").errno("login", body) == "10003"
    old = make(firmware="30.8.0.8")
    assert Client(old, "2.0.0").errno("login", body) == "10003"
    assert Client(make(firmware="30.12.0.10"), "1.1.0").errno("login", body) == "10003"
    client = Client(old, "1.1.0")
    assert client.login(version="2.0.0")["errno"] == "10003"
    assert client.login()["status"] == "Success"


# Logins.


def test_login(pbx: SimulatedSSeries) -> None:
    client = Client(pbx)
    reply = client.login()
    assert reply.keys() == {"status", "token"}
    assert len(reply["token"]) == 32
    assert pbx.live_tokens == [reply["token"]]
    assert client.login(password="wrong") == {"status": "Failed", "errno": "20003"}
    digest = hashlib.md5(pbx.password.encode(), usedforsecurity=False).hexdigest()
    for password in (digest.upper(), pbx.password):
        assert client.errno("login", {"username": "api", "password": password}) == "20003"
    assert client.errno("login", {"username": "other", "password": digest}) == "20003"
    assert client.errno("login", {"username": "api"}) == "10004"
    assert client.errno("login", {"username": "api", "password": digest, "port": "70000"}) == "20008"


def test_five_failures_lock_the_address(pbx: SimulatedSSeries) -> None:
    client = Client(pbx)
    assert [client.login("wrong")["errno"] for _ in range(5)] == ["20003"] * 5
    assert client.login()["errno"] == "20002"
    assert pbx.blocked_api.keys() == {"127.0.0.1"}
    pbx.caller_address = "192.0.2.7"
    assert client.login()["status"] == "Success"
    pbx.caller_address = None
    pbx.advance(540)
    assert client.login()["errno"] == "20002"
    pbx.advance(60)
    assert client.login()["status"] == "Success"
    assert pbx.blocked_api == {}


def test_a_good_login_forgets_failures_and_the_lock_can_be_deleted(pbx: SimulatedSSeries) -> None:
    client = Client(pbx)
    for _ in range(2):
        for _ in range(4):
            client.login("wrong")
        assert client.login()["status"] == "Success"
    for _ in range(5):
        client.login("wrong")
    assert client.login()["errno"] == "20002"
    del pbx.blocked_api["127.0.0.1"]
    assert client.login()["status"] == "Success"


def test_tokens(call: Client) -> None:
    good = call.token
    call.token = None
    assert call.errno("extension/list") == "20005"
    call.token = ""
    assert call.errno("extension/list") == "20005"
    call.token = "0" * 32
    assert call.errno("extension/list") == "20004"
    call.token = good
    assert call("logout") == SUCCESS
    assert call.errno("extension/list") == "20004"


def test_token_ends_when_idle(call: Client) -> None:
    pbx = call.pbx
    pbx.advance(1700)
    assert call("heartbeat", {"ipaddr": "192.0.2.1", "port": "8260", "url": "", "version": "2.0.0"}) == SUCCESS
    pbx.advance(1700)
    assert call("extension/list")["status"] == "Success"
    pbx.advance(1800)
    assert pbx.live_tokens == []
    assert call.errno("heartbeat") == "20006"
    assert call.errno("extension/list") == "20006"
    assert call.login()["status"] == "Success"


def test_restart_voids_tokens(call: Client) -> None:
    call.pbx.restart()
    assert call.errno("extension/list") == "20004"


# Reading.


def test_device(call: Client) -> None:
    call.pbx.register("1001", "1001", "1001abc")
    call.pbx.advance(3725)
    call.login()
    info = call("deviceinfo/query")["deviceinfo"]
    assert info["firmwarever"] == "30.14.0.20"
    assert info["extensionstatus"] == "1/6"
    assert info["uptime"].startswith("01:02:0")


def test_query_extensions(call: Client) -> None:
    (row,) = call.infos("1001")
    assert row == call.pbx.extension("1001")
    assert row["registerpassword"] == "1001abc"
    assert (row["loginpassword"], row["vmsecret"]) == ("Password1", "1001")
    assert [each["number"] for each in call.infos("1000,1001")] == ["1000", "1001"]
    assert len(call.infos("all")) == 6
    assert call.errno("extension/query", {"number": "1999"}) == "10006"
    assert call.errno("extension/query", {"number": "1000,1999"}) == "10006"
    rows = call("extension/list")["extlist"]
    assert rows[0] == {"number": "1000", "status": "Unavailable", "type": "SIP", "username": "Reception", "agentid": ""}


def test_lists(call: Client) -> None:
    assert call("trunk/list")["trunklist"] == call.pbx.state["trunks"]
    assert call("extensiongroup/query", {"name": "office"})["extensiongroups"] == call.pbx.state["groups"]
    assert call("extensiongroup/query")["extensiongroups"] == call.pbx.state["groups"]
    (route,) = call("outroute/query", {"name": "all"})["outroutes"]
    assert (route["id"], route["prefix"]) == ("1", "X.")
    assert route["extensions"] == "1000,1001,1002,1003,1004,1005"


# Writing.


def test_partial_update(call: Client) -> None:
    before = dict(call.pbx.extension("1001"))
    change = {"registerpassword": STRONG, "loginpassword": LOGIN, "callrestriction": "off", "vmsecret": 481516}
    assert call("extension/update", {"number": "1001", **change}) == SUCCESS
    assert call.infos("1001") == [before | change | {"vmsecret": "481516"}]
    assert [each.endpoint for each in call.pbx.writes] == ["extension/update"]
    assert call("apply") == SUCCESS
    assert len(call.pbx.writes) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"registerpassword": STRONG[:15]},
        {"registerpassword": STRONG.lower()},
        {"registerpassword": STRONG.upper()},
        {"registerpassword": "KxImQzZvLpIwRtAb"},
        {"registerpassword": STRONG + "!"},
        {"registerpassword": "Kx1001Qz2vLp9wRt"},
        {"registerpassword": "KxAnna BauerQz2v"},
        {"registerpassword": "Kx4321Qz2vLp9wRt"},
        {"registerpassword": ""},
        {"loginpassword": LOGIN[:9]},
        {"loginpassword": "Password1"},
        {"dnd": "yes"},
        {"dnd": True},
        {"callrestriction": 1},
        {"enablevmtoemail": "maybe"},
        {"maxregistrations": "6"},
        {"registername": "a b"},
        {"registername": "a" * 32},
        {"username": "Anna@home"},
        {"vmsecret": "12a4"},
        {"email": "nobody"},
        {"status": "Registered"},
        {"enablesrtp": "on"},
    ],
)
def test_refused_values(call: Client, change: dict[str, Any]) -> None:
    before = dict(call.pbx.extension("1001"))
    assert call.errno("extension/update", {"number": "1001", "callerid": "1", **change}) == "10017"
    assert call.pbx.extension("1001") == before


def test_passwords() -> None:
    assert all(has_run(each) for each in ("a1234", "4321b", "a1111", "19234567"))
    assert not any(has_run(each) for each in ("a123b123", "1212", "135790", "1223", "abcd", ""))
    row = {"number": "1001", "username": "Kurz"}
    assert is_strong("Aa1~^*-_?A", 10, row)
    assert not is_strong("AkURZ1~^*-_", 10, row)


def test_add_and_delete(call: Client) -> None:
    new = {"number": "1010", "username": "New", "registername": "r1010", "registerpassword": STRONG}
    assert call("extension/add", new | {"dnd": "on"}) == SUCCESS
    (row,) = call.infos("1010")
    assert row.items() >= (new | {"dnd": "on", "callerid": "1010", "maxregistrations": "1"}).items()
    assert call.errno("extension/add", new) == "10017"
    for key in new:
        assert call.errno("extension/add", {**new, "number": "1011", key: ""}) == "10004"
    assert call.errno("extension/add", new | {"number": "12345678"}) == "10017"
    assert call.errno("extension/delete", {"number": "1010,1999"}) == "10006"
    assert call("extension/delete", {"number": "1010,1005"}) == SUCCESS
    assert call.errno("extension/query", {"number": "1010"}) == "10006"
    assert call.pbx.state["outroutes"][0]["extensions"] == "1000,1001,1002,1003,1004"
    assert call.errno("extension/update", {"number": "1010", "dnd": "on"}) == "10006"
    assert call.errno("extension/update", {"number": "all", "dnd": "on"}) == "10006"
    assert call.errno("extension/update", {"dnd": "on"}) == "10004"


def test_routes(call: Client) -> None:
    new = {"name": "local", "prefix": "9X.", "strip": "1", "trunks": "provider", "extensions": "1000,1001"}
    assert call("outroute/add", new) == {"status": "Success", "id": "2"}
    assert call.errno("outroute/add", new) == "10033"
    assert call.errno("outroute/add", new | {"name": ""}) == "10004"
    assert call.errno("outroute/add", new | {"name": "other", "extensions": ""}) == "10004"
    assert call.errno("outroute/add", new | {"name": "other", "extensions": "1999"}) == "10033"
    assert call.errno("outroute/add", new | {"name": "other", "trunks": "none"}) == "10033"
    assert call.errno("outroute/add", new | {"name": "an other"}) == "10033"
    assert call("outroute/update", {"id": "2", "extensions": "1000", "extensionsgroup": "office"}) == SUCCESS
    (route,) = call("outroute/query", {"name": "local"})["outroutes"]
    assert route == {**new, "id": "2", "prepend": "", "extensions": "1000", "extensionsgroup": "office"}
    assert call.errno("outroute/update", {"id": "2", "extensions": "", "extensionsgroup": ""}) == "10033"
    assert call.errno("outroute/update", {"id": "9", "extensions": "1000"}) == "10033"
    assert call.errno("outroute/update", {"extensions": "1000"}) == "10004"
    assert call.errno("outroute/delete", {"id": "9"}) == "10033"
    assert call("outroute/delete", {"id": "2"}) == SUCCESS
    assert call("outroute/query", {"name": "local"})["outroutes"] == []


def test_old_api(make: Make) -> None:
    pbx = make(firmware="30.10.0.9")
    call = Client(pbx, "1.1.0")
    call.login(version="1.1.0")
    assert call("extensionlist/query")["extlist"][0]["extnumber"] == "1000"
    assert call("trunklist/query")["trunklist"] == pbx.state["trunks"]
    (row,) = call("extension/query", {"extid": "1001"})["extinfos"]
    assert (row["extnumber"], row["registerpassword"]) == ("1001", "1001abc")
    assert "number" not in row
    assert len(call("extension/query")["extinfos"]) == 6
    assert call("extension/update", {"extid": "1001", "extnumber": "1101", "registerpassword": "short"}) == SUCCESS
    assert pbx.extension("1101")["registerpassword"] == "short"
    assert call.errno("extension/update", {"extid": "1101", "registerpassword": "a" * 32}) == "10017"
    assert call.errno("extension/update", {"extid": "1101", "extnumber": "1000"}) == "10017"
    for endpoint in ("extension/add", "extension/list", "trunk/list", "extensiongroup/query"):
        assert call.errno(endpoint, {"number": "1000"}) == "10003"


# Faults.


def test_token_timeout(call: Client) -> None:
    call.pbx.reset_counters()
    call.pbx.faults = SSeriesFaults(token_timeout_at=2)
    assert call("extension/list")["status"] == "Success"
    assert call.errno("extension/update", {"number": "1001", "dnd": "on"}) == "20006"
    assert call.pbx.extension("1001")["dnd"] == "off"
    assert call.errno("extension/list") == "20006"
    call.login()
    assert call("extension/update", {"number": "1001", "dnd": "on"}) == SUCCESS
    call.pbx.faults = SSeriesFaults(always_timeout=True)
    assert call.login()["status"] == "Success"
    assert call.errno("extension/list") == "20006"
    assert call.pbx.exchanges[-1].fault == "always_timeout"


def test_apply_interval(call: Client) -> None:
    call.pbx.faults = SSeriesFaults(apply_interval=5)
    assert call("extension/update", {"number": "1001", "dnd": "on"}) == SUCCESS
    assert call.errno("extension/update", {"number": "1002", "dnd": "on"}) == "10025"
    assert call.pbx.extension("1002")["dnd"] == "off"
    assert call("extension/list")["status"] == "Success"
    assert call("apply") == SUCCESS
    call.pbx.advance(5)
    assert call("extension/update", {"number": "1002", "dnd": "on"}) == SUCCESS


def test_errors_and_http_500(call: Client) -> None:
    call.pbx.reset_counters()
    call.pbx.faults = SSeriesFaults(errors_at={1: "20010"}, http_500_at={2})
    change = {"number": "1001", "dnd": "on"}
    assert call.errno("extension/update", change) == "20010"
    assert call.send("POST", f"/api/v2.0.0/extension/update?token={call.token}", json.dumps(change)) == (500, None)
    assert call.pbx.extension("1001")["dnd"] == "off"
    assert call("extension/update", change) == SUCCESS
    assert [each.fault for each in call.pbx.exchanges] == ["errors_at", "http_500_at", None]


def test_cut_before(call: Client) -> None:
    call.pbx.reset_counters()
    call.pbx.faults = SSeriesFaults(cut_before=2)
    assert call("extension/list")["status"] == "Success"
    with pytest.raises(GONE):
        call("extension/update", {"number": "1001", "dnd": "on"})
    with pytest.raises(GONE):
        call.login()
    assert call.pbx.extension("1001")["dnd"] == "off"
    assert [(each.reply, each.answered) for each in call.pbx.exchanges[1:]] == [(None, False)] * 2


def test_cut_after(call: Client) -> None:
    call.pbx.reset_counters()
    call.pbx.faults = SSeriesFaults(cut_after=1)
    for number in ("1001", "1002"):
        with pytest.raises(GONE):
            call("extension/update", {"number": number, "dnd": "on"})
    assert [call.pbx.extension(number)["dnd"] for number in ("1001", "1002")] == ["on", "off"]
    assert [(each.reply, each.answered) for each in call.pbx.writes] == [(SUCCESS, False), (None, False)]


def test_restart_at(call: Client) -> None:
    call.pbx.reset_counters()
    call.pbx.faults = SSeriesFaults(restart_at=1)
    with pytest.raises(GONE):
        call("extension/update", {"number": "1001", "dnd": "on"})
    assert call.errno("extension/list") == "20004"
    assert call.pbx.extension("1001")["dnd"] == "off"
    call.login()
    assert call("extension/list")["status"] == "Success"


def test_broken_json_and_ignored_writes(call: Client) -> None:
    call.pbx.reset_counters()
    call.pbx.faults = SSeriesFaults(broken_json_at={1}, ignored_writes=("extension.registerpassword",))
    change = {"number": "1001", "registerpassword": STRONG, "dnd": "on"}
    with pytest.raises(ValueError):
        call("extension/update", change)
    assert call.pbx.extension("1001")["dnd"] == "on"
    assert call("extension/update", change) == SUCCESS
    assert call.pbx.extension("1001")["registerpassword"] == "1001abc"


def test_slow_reply_ends_with_the_pbx(make: Make) -> None:
    pbx = make()
    pbx.faults = SSeriesFaults(slow=300)
    threading.Timer(0.2, pbx.close).start()
    began = time.monotonic()
    with contextlib.suppress(*GONE):
        Client(pbx).login()
    assert time.monotonic() - began < 10


# Phones, record.


def test_registering(call: Client) -> None:
    pbx = call.pbx
    assert pbx.register("1001", "1001", "1001abc")
    assert not pbx.register("1001", "1001", "1001abc", "192.168.10.52"), "only one registration is allowed"
    assert call.infos("1001")[0]["status"] == "Registered"
    assert call("extension/update", {"number": "1001", "registerpassword": STRONG}) == SUCCESS
    assert call.infos("1001")[0]["status"] == "Unavailable"
    assert not pbx.register("1001", "1001", "1001abc")
    assert pbx.register("1001", "1001", STRONG)
    pbx.unregister("1001")
    assert pbx.extension("1001")["status"] == "Unavailable"


def test_guessing_blocks_an_address(pbx: SimulatedSSeries) -> None:
    for _ in range(5):
        assert not pbx.is_blocked("203.0.113.9")
        assert not pbx.register("1001", "1001", "guess", "203.0.113.9")
    assert pbx.is_blocked("203.0.113.9")
    assert not pbx.register("1001", "1001", "1001abc", "203.0.113.9")
    assert pbx.register("1001", "1001", "1001abc")


def test_many_extensions(pbx: SimulatedSSeries) -> None:
    pbx.add_extensions(200)
    numbers = [row["number"] for row in pbx.state["extensions"]]
    assert len(numbers) == len(set(numbers)) == 200
    assert pbx.extension("1199")["registerpassword"] == "1199abc"
    assert pbx.extension("1001")["username"] == "Anna Bauer"


def test_exchanges_and_record(make: Make, tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    pbx = make(record=record, password="secret")
    pbx.caller_address = "192.0.2.5"
    call = Client(pbx)
    call.login()
    call.send("POST", f"/api/v2.0.0/extension/query?token={call.token}&x=1", '{"number": "1999"}')
    exchange = pbx.exchanges[-1]
    assert isinstance(exchange, SExchange)
    assert (exchange.method, exchange.endpoint, exchange.query) == ("POST", "extension/query", {"x": "1"})
    assert (exchange.body, exchange.errno, exchange.token) == ({"number": "1999"}, "10006", call.token)
    assert (exchange.client_address, exchange.answered, exchange.fault) == ("192.0.2.5", True, None)
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    assert [line["endpoint"] for line in lines] == ["login", "extension/query"]
    assert record.stat().st_mode & 0o777 == 0o600
    pbx.reset_counters()
    assert pbx.exchanges == []


def test_clock_may_be_replaced(pbx: SimulatedSSeries) -> None:
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    pbx.clock = lambda: moment
    client = Client(pbx)
    client.login()
    pbx.advance(60)
    assert pbx.clock() == moment + dt.timedelta(minutes=1)
    assert client("deviceinfo/query")["deviceinfo"]["systemtime"] == "2026-01-02 03:05:05 UTC+0"
