# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated P-Series answers as docs/devices/yeastar.md says: contract, firmwares, refusals, faults, phones."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from lab.pki import Pki, make_pki
from lab.yeastar import FIRMWARES, PSeriesFaults, SimulatedPSeries
from lab.yeastar.dialling import matches
from lab.yeastar.passwords import user_password_is_good
from lab.yeastar.profiles import Firmware

TESTS = Path(__file__).resolve().parents[2]
NEW = {
    "type": "SIP",
    "number": "1006",
    "user_password": "Gruene7Wiese",
    "reg_name": "aX8kQ2",
    "reg_password": "vT9x-Lq4mWz7Rb2K",
    "concurrent_registrations": 1,
    "presence_status": "available",
}
ROUTE = {
    "name": "National",
    "dial_pattern_list": [{"pattern": "0Z.", "strip": 0, "prepend": ""}],
    "trunk_list": [{"id": 12}],
    "ext_list": [{"id": 61, "type": "extension"}, {"id": 3, "type": "ext_group"}],
    "pin_protect": "disable",
}
SECURITY = (
    "allow_reg_remotely",
    "enb_user_agent_ident",
    "enb_ip_rstr",
    "disable_outb_call",
    "disable_office_time_outb_call",
    "max_outb_call_duration",
    "transport",
    "enb_srtp",
    "enb_nat",
)

Make = Callable[..., SimulatedPSeries]


class Client:
    """A plain client; it repeats nothing."""

    def __init__(self, pbx: SimulatedPSeries) -> None:
        self.pbx = pbx
        self.token = ""
        self.refresh = ""
        self.headers: http.client.HTTPMessage = http.client.HTTPMessage()

    def send(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        context = ssl.create_default_context(cafile=str(self.pbx.ca_file))
        connection = http.client.HTTPSConnection(self.pbx.host, self.pbx.port, timeout=10, context=context)
        try:
            connection.request(method, path, body, {"User-Agent": "OpenAPI"} if headers is None else headers)
            response = connection.getresponse()
            self.headers = response.headers
            return response.status, response.read().decode()
        finally:
            connection.close()

    def call(self, method: str, endpoint: str, body: Any = None, version: str = "v1.0", **query: Any) -> dict[str, Any]:
        if self.token and endpoint not in ("get_token", "refresh_token"):
            query["access_token"] = self.token
        raw = None if body is None else json.dumps(body)
        status, text = self.send(method, f"/openapi/{version}/{endpoint}?{urlencode(query)}", raw)
        assert status == 200
        answer: dict[str, Any] = json.loads(text)
        assert isinstance(answer["errmsg"], str)
        return answer

    def get(self, endpoint: str, **query: Any) -> dict[str, Any]:
        return self.call("GET", endpoint, **query)

    def post(self, endpoint: str, body: Any = None) -> dict[str, Any]:
        return self.call("POST", endpoint, body)

    def login(self, secret: str | None = None) -> int:
        body = {"username": self.pbx.client_id, "password": secret or self.pbx.client_secret}
        answer = self.post("get_token", body)
        self.token = answer.get("access_token", self.token)
        self.refresh = answer.get("refresh_token", self.refresh)
        return int(answer["errcode"])


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def make(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    monkeypatch.delenv("VOIPSEC_YEASTAR_RECORD", raising=False)
    started: list[SimulatedPSeries] = []

    def start(firmware: str = "37.23.0.123", **more: Any) -> SimulatedPSeries:
        started.append(SimulatedPSeries(firmware, pki=pki, **more).start())
        return started[-1]

    yield start
    for pbx in started:
        pbx.stop()


@pytest.fixture
def pbx(make: Make) -> SimulatedPSeries:
    return make()


@pytest.fixture
def client(pbx: SimulatedPSeries) -> Client:
    return logged_in(pbx)


def logged_in(pbx: SimulatedPSeries) -> Client:
    client = Client(pbx)
    assert client.login() == 0
    return client


# Tokens and transport (section c).


def test_token_reply_is_the_documented_one(pbx: SimulatedPSeries) -> None:
    answer = Client(pbx).post("get_token", {"username": pbx.client_id, "password": pbx.client_secret})
    assert (answer["errcode"], answer["errmsg"]) == (0, "SUCCESS")
    assert (answer["access_token_expire_time"], answer["refresh_token_expire_time"]) == (1800, 86400)
    assert len(answer["access_token"]) == len(answer["refresh_token"]) == 32
    assert pbx.live_tokens == [answer["access_token"]]
    assert pbx.tokens_given == 1


def test_certificate_is_the_announced_one(pbx: SimulatedPSeries) -> None:
    der = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((pbx.host, pbx.port)))
    assert hashlib.sha256(der).hexdigest() == pbx.certificate_sha256


def test_connection_is_closed_after_each_reply(client: Client) -> None:
    client.get("system/information")
    assert client.headers["Connection"] == "close"


def test_token_lives_half_an_hour_and_can_be_refreshed_for_a_day(client: Client) -> None:
    client.pbx.advance(1799)
    assert client.get("extension/list")["errcode"] == 0
    client.pbx.advance(2)
    assert client.get("extension/list")["errcode"] == 10004
    answer = client.post("refresh_token", {"refresh_token": client.refresh})
    assert answer["access_token"] != client.token
    assert client.post("refresh_token", {"refresh_token": client.refresh})["errcode"] == 10004
    client.token, client.refresh = answer["access_token"], answer["refresh_token"]
    assert client.get("extension/list")["errcode"] == 0
    client.pbx.advance(86401)
    assert client.post("refresh_token", {"refresh_token": client.refresh})["errcode"] == 10004


def test_refreshing_voids_the_old_access_token(client: Client) -> None:
    assert client.post("refresh_token", {"refresh_token": client.refresh})["errcode"] == 0
    assert client.get("extension/list")["errcode"] == 10004
    assert len(client.pbx.live_tokens) == 1


def test_eight_tokens_at_most_until_one_is_revoked_or_expires(pbx: SimulatedPSeries) -> None:
    client = Client(pbx)
    assert [client.login() for _ in range(9)] == [0] * 8 + [60002]
    assert client.get("del_token")["errcode"] == 0
    assert client.get("extension/list")["errcode"] == 10004
    assert [client.login(), client.login()] == [0, 60002]
    pbx.advance(1801)
    assert client.login() == 0
    assert pbx.tokens_given == 10


def test_token_belongs_in_the_query(client: Client) -> None:
    headers = {"User-Agent": "OpenAPI", "Authorization": f"Bearer {client.token}"}
    assert json.loads(client.send("GET", "/openapi/v1.0/extension/list", None, headers)[1])["errcode"] == 10004


def test_user_agent_is_required(client: Client) -> None:
    path = f"/openapi/v1.0/extension/list?access_token={client.token}"
    assert json.loads(client.send("GET", path, None, {})[1])["errcode"] == 40002
    assert json.loads(client.send("GET", path, None, {"User-Agent": "x"})[1])["errcode"] == 0


@pytest.mark.parametrize(
    ("method", "endpoint"),
    [
        ("POST", "extension/list"),
        ("GET", "extension/update"),
        ("DELETE", "extension/delete"),
        ("PUT", "extension/update"),
        ("GET", "get_token"),
        ("GET", "security/list"),
        ("GET", "pbx/apply"),
        ("GET", ""),
    ],
)
def test_unknown_endpoint_or_wrong_method(client: Client, method: str, endpoint: str) -> None:
    assert client.call(method, endpoint)["errcode"] == 10001


def test_versions(client: Client) -> None:
    assert client.call("GET", "extension/list", version="v2.0")["errcode"] == 10001
    assert client.call("GET", "extension/list", version="v9.0")["errcode"] == 10003
    assert client.send("GET", "/")[0] == 404


def test_five_failures_in_a_row_block_the_address(pbx: SimulatedPSeries) -> None:
    client = logged_in(pbx)
    for _ in range(2):
        assert [client.login("wrong") for _ in range(4)] == [40002] * 4
        assert client.login() == 0
    assert [client.login("wrong") for _ in range(5)] == [40002] * 5
    assert client.login() == 70004
    assert client.get("extension/list")["errcode"] == 70004
    assert pbx.blocked_api == {"127.0.0.1"}
    pbx.caller_address = "192.0.2.9"
    assert client.login() == 0


def test_ip_restriction(client: Client) -> None:
    client.pbx.permitted = ["192.0.2.0/24"]
    assert client.login() == 70087
    assert client.get("extension/list")["errcode"] == 70087
    client.pbx.caller_address = "192.0.2.7"
    assert client.get("extension/list")["errcode"] == 0
    assert client.pbx.exchanges[-1].client_address == "192.0.2.7"


def test_bodies(client: Client) -> None:
    path = f"/openapi/v1.0/extension/update?access_token={client.token}"
    assert json.loads(client.send("POST", path, "{")[1])["errcode"] == 40001
    assert json.loads(client.send("POST", path, "[]")[1])["errcode"] == 40002
    assert client.post("get_token", {"username": "x"})["errcode"] == 40002
    assert client.pbx.blocked_api == set()


def test_exchanges_tell_what_was_said(client: Client) -> None:
    client.get("extension/get", id=61)
    last = client.pbx.exchanges[-1]
    assert (last.method, last.version, last.endpoint) == ("GET", "v1.0", "extension/get")
    assert last.query == {"id": "61"}
    assert (last.token, last.errcode, last.answered, last.fault) == (client.token, 0, True, None)
    assert last.headers["User-Agent"] == "OpenAPI"
    assert last.reply["data"]["number"] == "1001"


def test_writes_are_told_by_endpoint(client: Client) -> None:
    client.get("block_numbers/delete", id=5)
    client.post("phone/batchreboot", {"batch_id_list": [75]})
    client.post("system/sendemail", {})
    client.post("extension/send_welcome_email", {"id": 61})
    client.get("extension/getpassword", id=61, type="vm_pin")
    client.get("del_token")
    assert [each.endpoint for each in client.pbx.writes] == [
        "block_numbers/delete",
        "phone/batchreboot",
        "system/sendemail",
        "extension/send_welcome_email",
    ]


# Extensions (a.3, a.4).


def test_list_pages_and_sorts(client: Client) -> None:
    client.pbx.add_extensions(100)
    answer = client.get("extension/list", page=2, page_size=10, sort_by="number", order_by="desc")
    assert answer["total_number"] == 106
    assert [row["number"] for row in answer["data"]] == [str(1095 - place) for place in range(10)]
    assert len(client.get("extension/list")["data"]) == 20
    assert len(client.get("extension/list", page_size=10000)["data"]) == 106
    assert client.get("extension/list", page=99)["data"] == []


@pytest.mark.parametrize(
    "query", [{"page": 0}, {"page": "x"}, {"page_size": 0}, {"page_size": 10001}, {"sort_by": "x"}, {"order_by": "up"}]
)
def test_list_refuses_bad_parameters(client: Client, query: dict[str, Any]) -> None:
    assert client.get("extension/list", **query)["errcode"] == 40002


def test_list_row_has_the_documented_columns(client: Client) -> None:
    row = client.get("extension/list")["data"][0]
    assert set(row) == {
        "id",
        "online_status",
        "presence_status",
        "custom_presence_status",
        "number",
        "caller_id_name",
        "role_name",
        "email_addr",
        "mobile_number",
    }
    assert (row["role_name"], row["caller_id_name"]) == ("Administrator", "Ada Admin")


def test_search(client: Client) -> None:
    assert [row["number"] for row in client.get("extension/search", search_value="CARL")["data"]] == ["1002"]
    assert client.get("extension/search")["total_number"] == 6


def test_get_and_query(client: Client) -> None:
    data = client.get("extension/get", id=61)["data"]
    assert not {"user_password", "reg_password", "vm_pin"} & set(data)
    assert data["allow_reg_remotely"] == 1
    assert data["online_status"]["sip_phone"]["status"] == 0
    rows = client.get("extension/query", ids="61,62")["data"]
    assert [row["id"] for row in rows] == [61, 62]
    assert {row["user_password"] for row in rows} == {"******"}
    assert client.get("extension/get", id=999)["errcode"] == 60001
    assert client.get("extension/query", ids="61,999")["errcode"] == 60001
    assert client.get("extension/get")["errcode"] == client.get("extension/query", ids="a")["errcode"] == 40002


def test_no_secret_is_shown_by_reading(client: Client) -> None:
    for endpoint, query in (
        ("extension/list", {}),
        ("extension/search", {}),
        ("extension/get", {"id": 61}),
        ("extension/query", {"ids": "60,61,62"}),
    ):
        text = json.dumps(client.get(endpoint, **query))
        for row in client.pbx.state["extensions"]:
            assert row["reg_password"] not in text
            assert row["user_password"] not in text


def test_getpassword(client: Client) -> None:
    answer = client.get("extension/getpassword", id=61, type="reg_password")
    assert base64.b64decode(answer["password"]).decode() == "10011234"
    assert base64.b64decode(client.get("extension/getpassword", id=61, type="vm_pin")["password"]) == b"1001"
    assert client.get("extension/getpassword", id=61, type="user_password")["errcode"] == 40002
    assert client.get("extension/getpassword", id=99, type="vm_pin")["errcode"] == 60001


def test_create_an_extension(client: Client) -> None:
    new = client.post("extension/create", NEW)
    assert new["errcode"] == 0
    data = client.get("extension/get", id=new["id"])["data"]
    assert (data["number"], data["allow_reg_remotely"], data["transport"], data["enb_nat"]) == ("1006", 0, "udp", 1)
    assert client.get("extension/delete", id=new["id"])["errcode"] == 0
    assert client.get("extension/get", id=new["id"])["errcode"] == 60001
    assert client.post("extension/create", NEW)["id"] > new["id"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "1001"}, 40003),
        ({"email_addr": "1001@example.net"}, 40003),
        ({"number": "12345678"}, 40002),
        ({"number": 1006}, 40002),
        ({"nonsense": 1}, 40002),
        ({"type": "FXS"}, 40002),
        ({"allow_reg_remotely": True}, 40002),
        ({"allow_reg_remotely": 2}, 40002),
        ({"allow_reg_remotely": "0"}, 40002),
        ({"presence_status": "asleep"}, 40002),
        ({"role_id": 77}, 40002),
        ({"reg_password": "short-1"}, 40002),
        ({"reg_password": "x" * 64}, 40002),
        ({"user_password": "Short7Wie"}, 40002),
        ({"user_password": "Gruene1234Wiese"}, 40002),
        ({"user_password": "Gruene7777Wiese"}, 40002),
        ({"user_password": "Gruene1006Wiese"}, 40002),
        ({"first_name": "wiese"}, 40002),
        ({"organization_list": [{"id": 9}]}, 40002),
    ],
)
def test_create_refuses(client: Client, change: dict[str, Any], code: int) -> None:
    before = len(client.pbx.state["extensions"])
    assert client.post("extension/create", NEW | change)["errcode"] == code
    assert len(client.pbx.state["extensions"]) == before


@pytest.mark.parametrize("name", sorted(NEW))
def test_create_needs(client: Client, name: str) -> None:
    assert client.post("extension/create", {key: NEW[key] for key in NEW if key != name})["errcode"] == 40002


def test_update_is_partial(client: Client) -> None:
    before = dict(client.pbx.extension("1001"))
    assert client.post("extension/update", {"id": 61, "allow_reg_remotely": 0}) == {"errcode": 0, "errmsg": "SUCCESS"}
    assert client.pbx.extension("1001") == before | {"allow_reg_remotely": 0}
    assert client.post("extension/update", {"id": 999, "title": "x"})["errcode"] == 60001
    assert client.post("extension/update", {"title": "x"})["errcode"] == 40002
    assert client.post("extension/update", {"id": "61", "title": "x"})["errcode"] == 40002
    assert client.post("extension/update", {"id": 61, "title": "x", "foo": 1})["errcode"] == 40002
    assert client.pbx.extension("1001")["title"] == ""


def test_extension_of_a_route_is_not_deleted(client: Client) -> None:
    assert client.get("extension/delete", id=65)["errcode"] == 70091
    client.pbx.state["outbound_routes"][0]["ext_list"].pop()
    assert client.get("extension/delete", id=65)["errcode"] == 0


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Gruene7Wiese", True),
        ("Gruene7Wies", True),
        ("Gruene7Wi", False),
        ("gruene7wiese", False),
        ("GRUENE7WIESE", False),
        ("GrueneXWiese", False),
        ("Gruene123Wiese", True),
        ("Gruene4321Wiese", False),
        ("Gruene0000Wiese", False),
        ("G7" + "x" * 61, True),
        ("G7" + "x" * 62, False),
        ("Gruene42Wiese", False),
        ("GrueneANNA7Wi", False),
    ],
)
def test_user_password(password: str, good: bool) -> None:
    assert user_password_is_good(password, "42", "Anna", "") is good


# Firmwares (g 8).


@pytest.mark.parametrize(
    ("firmware", "getpassword", "security", "groups", "webhook", "v2"),
    [
        ("37.7.0.16", False, False, False, False, False),
        ("37.23.0.123", True, True, False, True, True),
        ("83.24.0.30", True, True, True, True, True),
        ("84.21.0.117", True, True, True, True, True),
        ("83.20.0.1", False, False, False, False, False),
        ("84.21.0.116", True, True, True, True, False),
    ],
)
def test_firmwares(
    make: Make, firmware: str, getpassword: bool, security: bool, groups: bool, webhook: bool, v2: bool
) -> None:
    client = logged_in(make(firmware))
    assert client.get("system/information")["data"]["firmware_version"] == firmware

    def has(answer: dict[str, Any]) -> bool:
        assert answer["errcode"] in (0, 10001)
        return bool(answer["errcode"] == 0)

    assert has(client.get("extension/getpassword", id=61, type="vm_pin")) is getpassword
    data = client.get("extension/get", id=61)["data"]
    assert [name in data for name in SECURITY] == [security] * len(SECURITY)
    for name in SECURITY:
        value = client.pbx.extension("1001")[name]
        code = client.post("extension/update", {"id": 61, name: value})["errcode"]
        assert code == (0 if security else 40002)
    assert has(client.get("extension_group/list")) is groups
    assert has(client.get("webhook/query")) is webhook
    assert has(client.call("GET", "cdr/list", version="v2.0")) is v2


def test_firmwares_are_known() -> None:
    assert [Firmware(text).edition for text in FIRMWARES] == ["Appliance", "Appliance", "Software", "Cloud"]
    for text in ("30.15.0.1", "37.23", "x"):
        with pytest.raises(ValueError):
            Firmware(text)


def test_restriction_lists_are_shown_on_demand(make: Make) -> None:
    hidden, shown = logged_in(make()), logged_in(make(restriction_lists=True))
    body = {"id": 61, "user_agent_list": [{"user_agent": "Snom"}], "ip_rstr_list": []}
    assert "user_agent_list" not in hidden.get("extension/get", id=61)["data"]
    assert hidden.post("extension/update", body)["errcode"] == 40002
    assert shown.get("extension/get", id=61)["data"]["user_agent_list"] == [{"user_agent": "Yealink"}]
    assert shown.post("extension/update", body)["errcode"] == 0
    assert shown.get("extension/get", id=61)["data"]["ip_rstr_list"] == []
    assert shown.post("extension/update", {"id": 61, "ip_rstr_list": [{"ip": "10.0.0.0"}]})["errcode"] == 40002


# Routes, PINs, numbers (a.6, a.7).


def test_route_list_and_details(client: Client) -> None:
    answer = client.get("outbound_route/list")
    assert (answer["total_number"], answer["last_pos"]) == (1, 1)
    assert answer["data"] == [
        {
            "id": 21,
            "name": "Everywhere",
            "dial_pattern": ["X."],
            "trunk": [{"id": 11, "name": "Provider"}],
            "pos": 1,
        }
    ]
    data = client.get("outbound_route/get", id=21)["data"]
    assert data["ext_list"][0] == {"id": 60, "ext_number": "1000", "ext_name": "Ada Admin", "type": "extension"}
    assert data["trunk_list"] == [{"id": 11, "name": "Provider", "type": "register"}]
    assert client.get("outbound_route/query", ids="21")["data"] == [data]
    assert client.get("outbound_route/search", search_value="every")["total_number"] == 1


def test_route_life(client: Client) -> None:
    new = client.post("outbound_route/create", ROUTE)["id"]
    data = client.get("outbound_route/get", id=new)["data"]
    assert (data["pos"], data["outbound_cid"], data["pin"], data["pin_list"]) == (2, "", "", 0)
    assert data["dial_pattern_list"] == [{"id": 1, "pattern": "0Z.", "strip": 0, "prepend": ""}]
    assert data["ext_list"][1] == {"id": 3, "ext_number": "", "ext_name": "Office", "type": "ext_group"}
    change = {"id": new, "dial_pattern_list": [{"pattern": "9X."}, {"pattern": "8."}]}
    assert client.post("outbound_route/update", change)["errcode"] == 0
    assert [item["pattern"] for item in client.get("outbound_route/get", id=new)["data"]["dial_pattern_list"]] == [
        "9X.",
        "8.",
    ]
    assert client.get("outbound_route/delete", id=21)["errcode"] == 0
    assert client.get("outbound_route/list")["last_pos"] == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Everywhere"}, 40003),
        ({"name": "with space"}, 40002),
        ({"name": "x" * 64}, 40002),
        ({"pos": 1}, 40002),
        ({"pin_protect": "single_pin"}, 40002),
        ({"pin_protect": "pin_list"}, 40002),
        ({"pin_protect": "pin_list", "pin_list": 9}, 60001),
        ({"pin_protect": "pin_list", "pin_list": "9"}, 40002),
        ({"trunk_list": [{"id": 99}]}, 60001),
        ({"trunk_list": [99]}, 40002),
        ({"ext_list": [{"id": 61}]}, 40002),
        ({"ext_list": [{"id": 99, "type": "extension"}]}, 60001),
        ({"dial_pattern_list": [{"strip": 1}]}, 40002),
    ],
)
def test_route_refusals(client: Client, change: dict[str, Any], code: int) -> None:
    assert client.post("outbound_route/create", ROUTE | change)["errcode"] == code
    assert len(client.pbx.state["outbound_routes"]) == 1


def test_pin_list_in_use_is_not_deleted(client: Client) -> None:
    new = client.post("pin_list/create", {"name": "Staff", "pin_list": "2283,3301"})["id"]
    assert client.get("pin_list/get", id=new)["data"]["enb_record_cdr"] == 0
    assert client.post("outbound_route/update", {"id": 21, "pin_protect": "pin_list", "pin_list": new})["errcode"] == 0
    assert client.get("pin_list/delete", id=new)["errcode"] == 70091
    assert client.post("outbound_route/update", {"id": 21, "pin_protect": "disable"})["errcode"] == 0
    assert client.get("pin_list/delete", id=new)["errcode"] == 0
    assert client.post("pin_list/create", {"name": "Staff", "pin_list": "a"})["errcode"] == 40002


@pytest.mark.parametrize("family", ["block_numbers", "allow_numbers"])
def test_numbers(client: Client, family: str) -> None:
    body = {"name": "Premium", "limit_type": "outbound", "number_list": "0900.&00882."}
    new = client.post(f"{family}/create", body)["id"]
    assert client.get(f"{family}/get", id=new)["data"] == {"id": new, **body}
    assert client.post(f"{family}/create", body)["errcode"] == 40003
    assert client.post(f"{family}/create", body | {"name": "P2", "limit_type": "in"})["errcode"] == 40002
    assert client.post(f"{family}/create", body | {"name": "P2", "number_list": "1,2"})["errcode"] == 40002
    long = "&".join(["1"] * 101)
    assert client.post(f"{family}/create", body | {"name": "P2", "number_list": long})["errcode"] == 40002
    assert client.post(f"{family}/update", {"id": new, "limit_type": "both"})["errcode"] == 0
    assert client.get(f"{family}/search", search_value="prem")["data"][0]["limit_type"] == "both"
    assert client.get(f"{family}/delete", id=new)["errcode"] == 0
    assert client.get(f"{family}/delete", id=new)["errcode"] == 60001


@pytest.mark.parametrize(("model", "most"), [("P550", 256), ("P570", 512)])
def test_quota_of_number_lists(make: Make, model: str, most: int) -> None:
    client = logged_in(make(model=model))
    row = client.pbx.state["block_numbers"][0]
    client.pbx.state["block_numbers"] += [row | {"id": 100 + n, "name": f"n{n}"} for n in range(most - 2)]
    body = {"name": "last", "limit_type": "both", "number_list": "1"}
    assert client.post("block_numbers/create", body)["errcode"] == 0
    assert client.post("block_numbers/create", body | {"name": "more"})["errcode"] == 60002


def test_extension_groups(make: Make) -> None:
    client = logged_in(make("83.24.0.30"))
    new = client.post("extension_group/create", {"name": "Sales", "members": [61]})["id"]
    assert client.post("extension_group/create", {"name": "X", "members": [999]})["errcode"] == 60001
    assert client.post("outbound_route/create", ROUTE)["errcode"] == 0
    assert client.get("extension_group/delete", id=3)["errcode"] == 70091
    assert client.get("extension_group/delete", id=new)["errcode"] == 0


def test_trunks_backups_calls(client: Client) -> None:
    assert [row["name"] for row in client.get("trunk/list")["data"]] == ["Provider", "Backup"]
    assert client.get("trunk/get", id=11)["data"]["password"] == "trunk-11-secret"
    assert client.get("trunk/delete", id=11)["errcode"] == 70091
    assert client.post("trunk/update", {"id": 11, "transport": "tls"})["errcode"] == 0
    new = client.post("backup/create", {})["id"]
    assert client.get("backup/list")["total_number"] == 2
    assert client.get("backup/delete", id=new)["errcode"] == 0
    rows = client.get("cdr/list")["data"]
    assert len(rows) == 30
    assert any("00882" in row["call_to"] for row in rows)
    later = client.get("cdr/search", start_time=rows[10]["timestamp"], call_from="<1002>")["data"]
    assert 0 < len(later) < 30
    assert client.get("cdr/search", start_time=rows[10]["time"], call_from="<1002>")["data"] == later
    assert client.get("cdr/search", start_time="yesterday")["errcode"] == 40002
    assert client.call("GET", "cdr/list", version="v2.0")["data"][0]["last_status"] == "ANSWERED"


# Phones (a.8).


def test_phones(client: Client) -> None:
    row = client.get("phone/search", search_value="1002")["data"][0]
    assert (row["mac"], row["assigned_ext_num"], row["assigned_ext_status"]) == (
        "80:5e:c0:aa:bb:02",
        "1002",
        "Unregistered",
    )
    assert client.get("phone/get", id=75)["data"]["assigned_extension"] == "61"
    body = {
        "vendor": "Yealink",
        "model": "SIP-T53W",
        "template_name": "YSDP_YealinkT5",
        "provisioning_method": "rps",
        "enb_rps_auth": 1,
        "phone_list": [{"mac": "805EC0AABB03", "ext_id": 63}, {"mac": "80-5e-c0-aa-bb-04"}],
    }
    assert client.post("phone/batchcreate", body)["errcode"] == 0
    assert client.post("phone/batchcreate", body)["errcode"] == 40003
    rows = client.get("phone/search")["data"]
    assert [row["assigned_ext_num"] for row in rows] == ["1001", "1002", "1003", "Unassigned"]
    assert client.post("phone/batchupdate", {"batch_id_list": [75, 76], "enb_rps_auth": 1})["errcode"] == 0
    assert client.get("phone/get", id=76)["data"]["enb_rps_auth"] == 1
    assert client.post("phone/batchdelete", {"batch_id_list": [rows[3]["id"], 999]})["errcode"] == 1
    assert client.post("phone/batchdelete", {"batch_id_list": [999]})["errcode"] == 60001
    assert len(client.pbx.state["phones"]) == 3


def test_reprovisioning_is_told_without_the_lock(client: Client) -> None:
    pbx, told = client.pbx, []

    def fetch(mac: str) -> None:
        told.append((mac, pbx.provisioned(mac)["reg_password"]))
        # Another thread may talk to the PBX meanwhile.
        assert Client(pbx).login() == 0

    pbx.on_reprovision = fetch
    assert client.post("extension/update", {"id": 61, "reg_password": "vT9x-Lq4mWz7Rb2K"})["errcode"] == 0
    assert client.post("phone/batchreprovision", {"batch_id_list": [75, 76]})["errcode"] == 0
    assert told == [("805ec0aabb01", "vT9x-Lq4mWz7Rb2K"), ("805ec0aabb02", "10021234")]


def test_registration(pbx: SimulatedPSeries) -> None:
    assert pbx.register("1001", "1001", "10011234", mac="805ec0aabb01")
    assert pbx.extension("1001")["online_status"]["sip_phone"]["status"] == 1
    assert [phone["assigned_ext_status"] for phone in pbx.state["phones"]] == ["Registered", "Unregistered"]
    assert not pbx.register("1001", "1001", "wrong")
    pbx.unregister("1001")
    assert pbx.extension("1001")["online_status"]["sip_phone"]["status"] == 0
    assert pbx.state["phones"][0]["assigned_ext_status"] == "Unregistered"


def test_registration_restrictions(pbx: SimulatedPSeries) -> None:
    row = pbx.extension("1001")

    def may(address: str = "192.168.10.51", user_agent: str = "Yealink SIP-T54W") -> bool:
        return pbx.register("1001", "1001", "10011234", address, user_agent)

    assert may("203.0.113.5")
    row["allow_reg_remotely"] = 0
    assert not may("203.0.113.5")
    assert may("192.168.99.1")
    row["enb_ip_rstr"] = 1
    assert not may("192.168.99.1")
    assert may()
    row["enb_user_agent_ident"] = 1
    assert may(user_agent="yealink sip-t46u")
    assert not may(user_agent="friendly-scanner")


def test_sixth_wrong_registration_blocks_the_address(pbx: SimulatedPSeries) -> None:
    for _ in range(5):
        assert not pbx.register("1001", "1001", "guess", "203.0.113.5")
    assert not pbx.is_blocked("203.0.113.5")
    assert not pbx.register("9999", "x", "y", "203.0.113.5")
    assert pbx.is_blocked("203.0.113.5")
    assert not pbx.register("1001", "1001", "10011234", "203.0.113.5")
    client = logged_in(pbx)
    assert client.get("system_log/list")["data"][0]["event_name"] == "extension_registration_block_out"


@pytest.mark.parametrize("survives", [False, True])
def test_new_credentials_end_the_registration(client: Client, survives: bool) -> None:
    client.pbx.registration_survives_change = survives
    assert client.pbx.register("1001", "1001", "10011234")
    client.post("extension/update", {"id": 61, "title": "x", "reg_password": "10011234"})
    assert client.pbx.state["phones"][0]["assigned_ext_status"] == "Registered"
    client.post("extension/update", {"id": 61, "reg_password": "vT9x-Lq4mWz7Rb2K"})
    assert client.pbx.extension("1001")["online_status"]["sip_phone"]["status"] == int(survives)
    assert client.pbx.state["phones"][0]["assigned_ext_status"] == ("Registered" if survives else "Unregistered")


@pytest.mark.parametrize(
    ("pattern", "dialled", "fits"),
    [
        ("X.", "030", True),
        ("X.", "0", False),
        ("X!", "0", True),
        ("0Z.", "0301", True),
        ("0Z.", "00301", False),
        ("N", "1", False),
        ("[1-3]5", "25", True),
        ("[^1]5", "25", False),
        ("00.", "0049", True),
        ("112", "1123", False),
        ("+49.", "+4930", True),
        ("[9-1]", "9", False),
    ],
)
def test_patterns(pattern: str, dialled: str, fits: bool) -> None:
    assert matches(pattern, dialled) is fits


def test_dialling(client: Client) -> None:
    pbx = client.pbx
    assert pbx.dial("1001", "00882135550") == "trunk:Provider"
    assert pbx.dial("1001", "49800555111") == "trunk:Provider"  # blocked inbound only
    block = {"name": "International", "limit_type": "outbound", "number_list": "00.&+."}
    client.post("block_numbers/create", block)
    assert pbx.dial("1001", "00882135550") == "blocked"
    client.post("allow_numbers/create", {"name": "Vienna", "limit_type": "outbound", "number_list": "00431."})
    assert pbx.dial("1001", "00431555") == "trunk:Provider"
    client.post("outbound_route/create", ROUTE)
    client.post("outbound_route/update", {"id": 21, "ext_list": [{"id": 60, "type": "extension"}]})
    assert pbx.dial("1002", "0305550100") == "trunk:Backup"  # by its group
    assert pbx.dial("1005", "0305550100") == "no route"
    pbx.extension("1001")["disable_outb_call"] = 1
    assert pbx.dial("1001", "0305550100") == "barred"
    assert pbx.dial("1001", "1002") == "internal"
    assert pbx.dial("1001", "112") == pbx.dial("1005", "999") == "trunk:Provider"
    pbx.emergency_handled = False
    assert pbx.dial("1001", "112") == "barred"
    assert pbx.dial("1005", "999") == "no route"


# Events (a.13).


class Listener:
    """A client of RFC 6455, as far as needed."""

    def __init__(self, pbx: SimulatedPSeries, token: str) -> None:
        context = ssl.create_default_context(cafile=str(pbx.ca_file))
        raw = socket.create_connection((pbx.host, pbx.port), timeout=10)
        self.socket = context.wrap_socket(raw, server_hostname=pbx.host)
        lines = (
            f"GET /openapi/v1.0/subscribe?access_token={token} HTTP/1.1",
            f"Host: {pbx.host}",
            "User-Agent: OpenAPI",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "\r\n",
        )
        self.socket.sendall("\r\n".join(lines).encode())
        self.file = self.socket.makefile("rb")
        self.head = b"".join(iter(self.file.readline, b"\r\n")).decode()

    def say(self, text: str, kind: int = 1) -> None:
        self.socket.sendall(bytes([0x80 | kind, 0x80 | len(text)]) + bytes(4) + text.encode())

    def hear(self) -> tuple[int, str]:
        kind, length = self.file.read(2)
        if length == 126:
            length = int.from_bytes(self.file.read(2), "big")
        return kind & 15, self.file.read(length).decode()

    def close(self) -> None:
        self.file.close()
        self.socket.close()


def test_events(client: Client) -> None:
    pbx = client.pbx
    with contextlib.closing(Listener(pbx, client.token)) as listener:
        assert "101" in listener.head.splitlines()[0]
        assert "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in listener.head  # the example of RFC 6455
        listener.say("heartbeat")
        assert listener.hear() == (1, "heartbeat response")
        listener.say("x")
        assert json.loads(listener.hear()[1])["errcode"] == 40001
        listener.say('{"topic_list": [1]}')
        assert json.loads(listener.hear()[1])["errcode"] == 40002
        listener.say("ping", kind=9)
        assert listener.hear() == (10, "ping")
        listener.say('{"topic_list": [30007, 30035]}')
        assert json.loads(listener.hear()[1]) == {"errcode": 0, "errmsg": "SUCCESS"}
        pbx.register("1001", "1001", "10011234")
        frame = json.loads(listener.hear()[1])
        assert (frame["type"], json.loads(frame["msg"])["status"]) == (30007, "Registered")
        for _ in range(6):
            pbx.register("1001", "1001", "guess", "203.0.113.5")
        frame = json.loads(listener.hear()[1])
        assert (frame["type"], frame["msg"]["event_name"]) == (30035, "extension_registration_block_out")
        assert client.get("del_token")["errcode"] == 0
        listener.say("heartbeat")
        assert listener.hear() == (8, "")
    assert "subscribe" in [each.endpoint for each in pbx.exchanges]


def test_events_want_a_token(pbx: SimulatedPSeries) -> None:
    with contextlib.closing(Listener(pbx, "none")) as listener:
        assert "200" in listener.head.splitlines()[0]
        assert json.loads(listener.file.read())["errcode"] == 10004


def test_silent_listener_is_closed(client: Client) -> None:
    client.pbx.hub.silence = 0.05
    with contextlib.closing(Listener(client.pbx, client.token)) as listener:
        assert listener.hear() == (8, "")


# Faults.


def numbered(client: Client, requests: int) -> list[int]:
    client.pbx.reset_counters()
    return [client.get("extension/list")["errcode"] for _ in range(requests)]


@pytest.mark.parametrize(
    ("faults", "codes"),
    [
        (PSeriesFaults(token_expired_at=2), [0, 10004, 10004]),
        (PSeriesFaults(always_10004=True), [10004] * 3),
        (PSeriesFaults(overload_at={2: 2}), [0, 70082, 70082, 0]),
        (PSeriesFaults(processing_at={1}), [2, 0]),
        (PSeriesFaults(errors={"extension/list": 70084}), [70084, 70084]),
        (PSeriesFaults(errors_at={2: -1}), [0, -1, 0]),
        (PSeriesFaults(partial_at={1}), [1, 0]),
        (PSeriesFaults(hidden_endpoints=("extension",)), [10001]),
        (PSeriesFaults(denied=("extension/",)), [10005]),
        (PSeriesFaults(full=("extension/list",)), [60002]),
    ],
)
def test_codes_of_faults(client: Client, faults: PSeriesFaults, codes: list[int]) -> None:
    client.pbx.faults = faults
    assert numbered(client, len(codes)) == codes
    client.pbx.faults = PSeriesFaults()
    if faults.token_expired_at:
        assert client.pbx.live_tokens == []


def test_faults_are_named_and_do_nothing(client: Client) -> None:
    body = {"id": 61, "title": "x"}
    client.pbx.reset_counters()
    client.pbx.faults = PSeriesFaults(overload_at={1: 1}, processing_at={2}, errors_at={3: -1}, partial_at={4})
    for _ in range(3):
        client.post("extension/update", body)
        assert client.pbx.extension("1001")["title"] == ""
    client.post("extension/update", body)
    assert client.pbx.extension("1001")["title"] == "x"
    assert [each.fault for each in client.pbx.exchanges] == ["overload_at", "processing_at", "errors_at", "partial_at"]


def closed(client: Client, endpoint: str = "extension/update", body: Any = None) -> bool:
    try:
        client.post(endpoint, body or {"id": 61, "title": "x"})
    except (OSError, http.client.HTTPException):
        return True
    return False


def test_cut_before(client: Client) -> None:
    pbx = client.pbx
    pbx.reset_counters()
    pbx.faults = PSeriesFaults(cut_before=2)
    assert client.login() == 0
    assert [closed(client) for _ in range(3)] == [False, True, True]
    with pytest.raises((OSError, http.client.HTTPException)):
        client.get("del_token")
    with pytest.raises((OSError, http.client.HTTPException)):
        client.login()
    assert [each.errcode for each in pbx.exchanges] == [0, 0, None, None, None, None]


def test_cut_after(client: Client) -> None:
    pbx = client.pbx
    pbx.reset_counters()
    pbx.faults = PSeriesFaults(cut_after=1)
    assert closed(client)
    assert pbx.extension("1001")["title"] == "x"
    assert closed(client, body={"id": 61, "title": "y"})
    assert pbx.extension("1001")["title"] == "x"
    assert [(each.errcode, each.answered) for each in pbx.exchanges] == [(0, False), (None, False)]


def test_restart(client: Client) -> None:
    client.pbx.reset_counters()
    client.pbx.faults = PSeriesFaults(restart_at=1)
    assert closed(client)
    assert client.pbx.live_tokens == []
    assert client.post("refresh_token", {"refresh_token": client.refresh})["errcode"] == 10004
    assert client.login() == 0
    assert client.get("extension/get", id=61)["data"]["title"] == ""


def test_things_between(client: Client) -> None:
    path = f"/openapi/v1.0/extension/delete?access_token={client.token}&id=5"
    client.pbx.reset_counters()
    client.pbx.faults = PSeriesFaults(http_500_at={1}, redirect_at={2}, broken_json_at={3})
    assert client.send("GET", path) == (500, "")
    assert client.send("GET", path)[0] == 302
    assert not client.headers["Location"].startswith(f"https://{client.pbx.host}")
    assert client.token not in client.headers["Location"]
    with pytest.raises(ValueError):
        client.get("extension/list")
    assert [each.errcode for each in client.pbx.exchanges] == [None, None, 0]
    assert [each.fault for each in client.pbx.exchanges] == ["http_500_at", "redirect_at", "broken_json_at"]


def test_ignored_writes(client: Client) -> None:
    client.pbx.faults = PSeriesFaults(ignored_writes=("extension.reg_password", "outbound_route.pin_protect"))
    client.pbx.register("1001", "1001", "10011234")
    answer = client.post("extension/update", {"id": 61, "reg_password": "vT9x-Lq4mWz7Rb2K", "title": "x"})
    assert answer["errcode"] == 0
    row = client.pbx.extension("1001")
    assert (row["reg_password"], row["title"]) == ("10011234", "x")
    assert row["online_status"]["sip_phone"]["status"] == 1
    client.post("outbound_route/update", {"id": 21, "pin_protect": "single_pin", "pin": "9"})
    route = client.pbx.state["outbound_routes"][0]
    assert (route["pin_protect"], route["pin"]) == ("disable", "9")


def test_what_can_be_hidden(client: Client) -> None:
    client.pbx.faults = PSeriesFaults(no_getpassword=True, hidden_fields=("enb_srtp",), hidden_endpoints=("pin_list",))
    assert client.get("extension/getpassword", id=61, type="vm_pin")["errcode"] == 10001
    assert "enb_srtp" not in client.get("extension/get", id=61)["data"]
    assert client.post("extension/update", {"id": 61, "enb_srtp": 1})["errcode"] == 40002
    assert client.get("pin_list/list")["errcode"] == 10001


def test_faults_of_tokens(pbx: SimulatedPSeries) -> None:
    client = logged_in(pbx)
    pbx.faults = PSeriesFaults(new_token_voids_old=True, wrong_credentials_code=10005)
    old = client.token
    assert client.login("wrong") == 10005
    assert client.login() == 0
    assert old not in pbx.live_tokens
    pbx.faults = PSeriesFaults(drop_get_token_reply=True)
    with pytest.raises((OSError, http.client.HTTPException)):
        client.login()
    assert len(pbx.live_tokens) == 2
    assert (pbx.exchanges[-1].errcode, pbx.exchanges[-1].answered) == (0, False)
    pbx.faults = PSeriesFaults(full=("get_token",))
    assert client.login() == 60002


def test_slow_reply_does_not_hold_up_the_end(make: Make) -> None:
    pbx = make()
    pbx.faults = PSeriesFaults(slow=0.05)
    assert logged_in(pbx).get("extension/list")["errcode"] == 0


# Around it.


def test_record(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    client = logged_in(make(record=file))
    client.get("extension/delete", id=999)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["endpoint"] for line in lines] == ["get_token", "extension/delete"]
    assert (lines[1]["query"], lines[1]["errcode"], lines[1]["token"]) == ({"id": "999"}, 60001, True)
    assert file.stat().st_mode & 0o077 == 0


def test_record_by_environment(pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOIPSEC_YEASTAR_RECORD", str(tmp_path / "all"))
    with SimulatedPSeries(pki=pki) as pbx:
        logged_in(pbx)
    assert len(list((tmp_path / "all").glob("*.jsonl"))) == 1


def test_all_secrets_of_the_seed_differ_by_pbx(make: Make) -> None:
    assert make().client_secret != make().client_secret


def test_command_line() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "lab.yeastar", "--firmware", "83.24.0.30"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
    )
    try:
        assert process.stdout is not None
        told = dict(process.stdout.readline().split() for _ in range(6))
        assert set(told) == {"host", "port", "client_id", "client_secret", "ca_file", "certificate_sha256"}
        context = ssl.create_default_context(cafile=told["ca_file"])
        connection = http.client.HTTPSConnection(told["host"], int(told["port"]), timeout=10, context=context)
        body = json.dumps({"username": told["client_id"], "password": told["client_secret"]})
        connection.request("POST", "/openapi/v1.0/get_token", body, {"User-Agent": "OpenAPI"})
        assert json.load(connection.getresponse())["errcode"] == 0
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
