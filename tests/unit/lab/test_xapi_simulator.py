# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated 3CX answers as docs/devices/threecx.md says: contract, releases, refusals, faults, phones."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from lab.pki import LabCA, Pki, make_pki
from lab.xapi import RELEASES, Faults, SimulatedPbx, fixtures
from lab.xapi.make_schema import schema_text
from lab.xapi.odata import parse, run
from lab.xapi.replies import ApiError
from lab.xapi.routing import Router, literal
from lab.xapi.schema import Schema
from lab.xapi.templates import BUILT_IN, CUSTOM

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = Path(os.environ.get("VOIPSEC_XAPI_DOCUMENTS", ROOT.parent / "shared" / "reference" / "3cx-xapi"))
FORM = "application/x-www-form-urlencoded"
CALL_LOG = (
    "/ReportCallLogData/Pbx.GetCallLogData(periodFrom=2026-09-01T00:00:00Z,periodTo=2026-09-02T00:00:00Z,"
    "sourceType=0,sourceFilter='',destinationType=0,destinationFilter='',callsType=0,callTimeFilterType=0,"
    "callTimeFilterFrom='0:00:0',callTimeFilterTo='0:00:0',hidePcalls=true)"
)

Make = Callable[..., SimulatedPbx]


class Client:
    """A plain client on one connection; it repeats nothing."""

    def __init__(self, pbx: SimulatedPbx) -> None:
        self.pbx = pbx
        self.token = ""
        self.headers: http.client.HTTPMessage = http.client.HTTPMessage()
        self._connection: http.client.HTTPSConnection | None = None

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, Any]:
        if self._connection is None:
            context = ssl.create_default_context(cafile=str(self.pbx.ca_file))
            self._connection = http.client.HTTPSConnection(self.pbx.host, self.pbx.port, timeout=10, context=context)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self.headers = answer.headers
        return answer.status, json.loads(content) if content else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def sign_in(self, secret: str | None = None, client: str | None = None) -> tuple[int, Any]:
        form = {
            "client_id": client or self.pbx.client_id,
            "client_secret": secret or self.pbx.client_secret,
            "grant_type": "client_credentials",
        }
        status, reply = self.send("POST", "/connect/token", urlencode(form), {"Content-Type": FORM})
        if status == 200:
            self.token = reply["access_token"]
        return status, reply

    def __call__(self, method: str, path: str, body: Any = None, **options: str | int) -> tuple[int, Any]:
        url = "/xapi/v1" + quote(path, safe="/()'=,$")
        if options:
            url += "?" + urlencode({f"${name}": value for name, value in options.items()}, quote_via=quote)
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return self.send(method, url, None if body is None else json.dumps(body), headers)

    def code(self, method: str, path: str, body: Any = None) -> tuple[str, str]:
        """Code and target of a refusal."""
        status, reply = self(method, path, body)
        assert status == 400, reply
        (detail,) = reply["error"]["details"]
        assert reply["error"]["code"] == ""
        return detail["message"], detail["target"]


@pytest.fixture(autouse=True)
def _no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask wrongly on purpose: no record for the contract tests."""
    monkeypatch.delenv("VOIPSEC_XAPI_RECORD", raising=False)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("xapi") / "pki", names=(fixtures.FQDN, "localhost"))


@pytest.fixture
def make(pki: Pki, tmp_path: Path) -> Iterator[Make]:
    running: list[SimulatedPbx] = []

    def start(**options: Any) -> SimulatedPbx:
        pbx = SimulatedPbx(pki=pki, folder=tmp_path, **options).start()
        running.append(pbx)
        return pbx

    yield start
    for pbx in running:
        pbx.close()


@pytest.fixture
def pbx(make: Make) -> SimulatedPbx:
    return make()


@pytest.fixture
def api(pbx: SimulatedPbx) -> Iterator[Client]:
    client = signed_in(pbx)
    yield client
    client.close()


def signed_in(pbx: SimulatedPbx) -> Client:
    client = Client(pbx)
    assert client.sign_in()[0] == 200
    pbx.reset_counters()
    return client


# The table and the seed


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"the official documents are not in {DOCUMENTS}")
def test_the_table_is_what_the_documents_say() -> None:
    table = (ROOT / "tests" / "lab" / "xapi" / "schema.json").read_text(encoding="utf-8")
    assert table == schema_text(DOCUMENTS)


@pytest.mark.parametrize("release", RELEASES)
def test_the_seed_fits_the_release(release: str) -> None:
    schema = Schema(release)
    for name, value in fixtures.seed(schema, "allowed", "900", "system_owners").items():
        for row in value if isinstance(value, list) else [value]:
            schema.check({key: item for key, item in row.items() if item is not None}, fixtures.entity_of(name, schema))


def test_the_seed_names_only_properties_of_some_release(monkeypatch: pytest.MonkeyPatch) -> None:
    every: dict[str, set[str]] = {}
    for release in RELEASES:
        for entity, properties in Schema(release).entities.items():
            every.setdefault(entity, set()).update(properties)
    misspelled: set[tuple[str, str]] = set()
    known = fixtures.known

    def watched(schema: Schema, entity: str, row: dict[str, Any]) -> dict[str, Any]:
        misspelled.update((entity, name) for name in set(row) - every[entity])
        return known(schema, entity, row)

    monkeypatch.setattr(fixtures, "known", watched)
    fixtures.seed(Schema("20.0.10"), "allowed", "900", "system_owners")
    assert misspelled == set()


@pytest.mark.parametrize("release", RELEASES)
def test_everything_without_an_argument_can_be_read(make: Make, release: str) -> None:
    pbx = make(release=release)
    api = signed_in(pbx)
    count = 0
    for template, methods in pbx.schema.operations.items():
        if "GET" not in methods or "{" in template:
            continue
        status, reply = api("GET", f"/{template}")
        assert status == 200, template
        assert api.headers["X-3CX-Version"] == f"{release}.1"
        kind = methods["GET"].reply
        rows = reply["value"] if methods["GET"].collection else [reply]
        if kind in pbx.schema.entities:
            for row in rows:
                pbx.schema.check(row, kind)
        count += 1
    assert count >= 38
    assert api("GET", CALL_LOG)[0] == 200


def test_the_seed_is_weak(pbx: SimulatedPbx) -> None:
    users = pbx.state["Users"]
    assert [user["Number"] for user in users] == ["100", "201", "202", "203", "204", "205"]
    assert all(user["AuthID"] == user["Number"] and user["AuthPassword"] == "1234" for user in users)
    assert not any(user["AllowLanOnly"] for user in users)
    assert users[0]["Groups"][0]["Rights"]["RoleName"] == "system_owners"
    assert pbx.state["NetworkSettings"]["DirectSIPAllowExternal"] is True
    assert pbx.state["ConsoleRestrictions"]["AccessRestricted"] is False
    assert {row["AddedBy"] for row in pbx.state["Blocklist"]} == {"AutoBlacklist", "Manual"}
    assert len(pbx.state["Countries"]) >= 30
    assert [row["Name"] for row in pbx.state["Countries"] if row["CountryCode"] == "1"] == ["Canada", "United States"]


# Tokens


@pytest.mark.parametrize(("release", "life"), [("20.0.4", 60), ("20.0.8", 60), ("20.0.9", 3600), ("20.0.10", 3600)])
def test_token(make: Make, release: str, life: int) -> None:
    pbx = make(release=release)
    client = Client(pbx)
    status, reply = client.sign_in()
    assert status == 200
    assert {**reply, "access_token": ""} == {
        "token_type": "Bearer",
        "expires_in": life,
        "access_token": "",
        "refresh_token": None,
    }
    part = reply["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert 3500 < claims["exp"] - time.time() < 3700
    assert claims["MaxRole"] == "system_owners"


def test_wrong_secret(pbx: SimulatedPbx) -> None:
    status, reply = Client(pbx).sign_in("wrong")
    assert status == 401
    assert reply == {
        "error": "unauthorized",
        "error_description": "The request requires valid user authentication.",
    }


def test_multipart_form(pbx: SimulatedPbx) -> None:
    fields = {"client_id": "900", "client_secret": pbx.client_secret, "grant_type": "client_credentials"}
    parts = [f'--X\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    kind = {"Content-Type": "multipart/form-data; boundary=X"}
    assert Client(pbx).send("POST", "/connect/token", "".join(parts) + "--X--\r\n", kind)[0] == 200


def test_a_token_request_needs_a_form_and_the_right_grant(pbx: SimulatedPbx) -> None:
    client = Client(pbx)
    assert client.send("POST", "/connect/token", "{}", {"Content-Type": "application/json"})[0] == 415
    assert client.send("POST", "/connect/token", "grant_type=password", {"Content-Type": FORM})[0] == 400
    assert client.send("GET", "/connect/token", None, {})[0] == 405


def test_a_new_token_supersedes_that_of_the_same_client_only(pbx: SimulatedPbx) -> None:
    pbx.clients["901"] = "another"
    one, two = signed_in(pbx), Client(pbx)
    two.sign_in("another", "901")
    assert one("GET", "/Defs")[0] == two("GET", "/Defs")[0] == 200
    signed_in(pbx)
    assert (one("GET", "/Defs")[0], two("GET", "/Defs")[0]) == (401, 200)
    pbx.faults = Faults(one_token_per_pbx=True)
    signed_in(pbx)
    assert two("GET", "/Defs")[0] == 401


def test_a_token_lasts_an_hour(pbx: SimulatedPbx, api: Client) -> None:
    now = dt.datetime.now(dt.UTC)
    pbx.clock = lambda: now + dt.timedelta(minutes=59)
    assert api("GET", "/Defs")[0] == 200
    pbx.clock = lambda: now + dt.timedelta(minutes=61)
    assert api("GET", "/Defs")[0] == 401


def test_without_a_token(pbx: SimulatedPbx) -> None:
    client = Client(pbx)
    assert client("GET", "/Defs") == (401, None)
    assert client.headers["WWW-Authenticate"] == "Bearer"
    assert client.headers["X-3CX-Version"] == "20.0.10.1"


def test_certificate(pbx: SimulatedPbx) -> None:
    pem = ssl.get_server_certificate((pbx.host, pbx.port))
    assert pbx.certificate_sha256 == hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


# Reading


def test_secrets_come_back_as_live(api: Client) -> None:
    row = api("GET", "/Users")[1]["value"][1]
    assert (row["AuthPassword"], row["VMPIN"], row["DeskphonePassword"]) == ("1234", "201", "admin")
    assert "AccessPassword" not in row
    assert "AccessPassword" not in api("GET", "/Users(201)", select="Id,AccessPassword")[1]
    assert api("GET", "/Trunks")[1]["value"][0]["AuthPassword"] == {"Concealed": True}
    assert api("GET", "/SecureSipSettings")[1]["PrivateKey"] == {"Concealed": True}
    assert api("GET", "/MailSettings")[1]["MailPassword"] == {"Concealed": True}


def test_navigation_only_when_expanded(api: Client) -> None:
    plain = api("GET", "/Users(201)")[1]
    assert not {"Groups", "Phones", "ForwardingProfiles"} & set(plain)
    assert "Settings" in api("GET", "/Users(201)", expand="Phones")[1]["Phones"][0]
    group = api("GET", "/Users(201)", select="Id", expand="Groups")[1]["Groups"][0]
    assert (group["Name"], group["GroupId"]) == ("DEFAULT", 20)
    assert "Rights" not in group
    nested = api("GET", "/Users(201)", select="Id", expand="Groups($expand=Rights;$select=Name)")[1]
    assert nested["Groups"][0]["Rights"]["RoleName"] == "users"
    assert set(nested) == {"@odata.context", "Id", "Groups"}
    assert set(nested["Groups"][0]) == {"Name", "Rights"}


def test_members_of_a_group(api: Client) -> None:
    group = api("GET", "/Groups(20)", expand="Members,Rights")[1]
    assert [member["Number"] for member in group["Members"]] == ["100", "201", "202", "203", "204", "205"]
    assert "users" in [item["RoleName"] for item in group["Rights"]]
    assert len(api("GET", "/Groups(20)/Members")[1]["value"]) == 6
    assert api("GET", "/Groups(21)")[1]["HasMembers"] is False


def test_context(api: Client) -> None:
    base = "https://pbx.harbour.example/xapi/v1/$metadata#"
    assert api("GET", "/Users", top=1)[1]["@odata.context"] == f"{base}Users"
    assert api("GET", "/Users(201)")[1]["@odata.context"] == f"{base}Users/$entity"
    assert api("GET", "/AntiHackingSettings")[1]["@odata.context"] == f"{base}AntiHackingSettings"
    assert api("GET", "/Defs", select="Id")[1]["@odata.context"] == f"{base}Defs(Id)"


def test_nulls_are_left_out(pbx: SimulatedPbx, api: Client) -> None:
    pbx.user("201")["EmailAddress"] = None
    assert "EmailAddress" not in api("GET", "/Users(201)")[1]
    pbx.faults = Faults(keep_nulls=True)
    row = api("GET", "/Users(201)")[1]
    assert row["EmailAddress"] is None
    assert row["Mobile"] is None


def test_paging(pbx: SimulatedPbx, api: Client) -> None:
    pbx.add_users(230)
    first = api("GET", "/Users", top=100, select="Number", count="true")[1]
    third = api("GET", "/Users", top=100, skip=200, select="Number")[1]
    assert (first["@odata.count"], len(first["value"]), len(third["value"])) == (236, 100, 36)
    assert "@odata.count" not in third
    assert third["value"][-1] == {"Number": "1229"}


def test_top_has_a_limit(api: Client) -> None:
    status, reply = api("GET", "/Users", top=500)
    assert status == 400
    assert reply["error"]["message"] == (
        "The query specified in the URI is not valid. The limit of '100' for Top query has been exceeded. "
        "The value from the incoming request is '500'."
    )


@pytest.mark.parametrize(
    ("option", "value"),
    [("select", "Id,Nope"), ("filter", "Nope eq 'x'"), ("expand", "Nope"), ("orderby", "Nope desc")],
)
def test_unknown_property_in_a_query(api: Client, option: str, value: str) -> None:
    status, reply = api("GET", "/Users", **{option: value})
    assert status == 400
    assert reply["error"]["message"] == (
        "The query specified in the URI is not valid. Could not find a property named 'Nope' on type 'Pbx.User'."
    )


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Number eq '201'", "201"),
        ("Number ne '201' and Enabled eq true", "100 202 203"),
        ("Number eq '201' or Number eq '203'", "201 203"),
        ("not (Number eq '201')", "100 202 203"),
        ("contains(EmailAddress,'203@')", "203"),
        ("startswith(Number,'20')", "201 202 203"),
        ("endswith(Number,'0')", "100"),
        ("tolower(EmailAddress) eq '201@harbour.example'", "201"),
        ("toupper(FirstName) eq 'ALICE'", "201"),
        ("SRTPMode eq 'SRTPEnforced'", "203"),
        ("Tags/any(tag: tag eq 'WeakID')", "100 201"),
        ("Tags/any()", "100 201"),
        ("Groups/any(g: g/GroupId eq 20 and g/Rights/RoleName eq 'system_owners')", "100"),
        ("Id gt 201 and Id le 203", "202 203"),
        ("Mobile eq null", "100 201 202 203"),
        ("LastName eq 'O''Brien'", "202"),
        ("Number eq '201' and Number eq '202' or Number eq '203'", "203"),
    ],
)
def test_filter(pbx: SimulatedPbx, text: str, numbers: str) -> None:
    users = pbx.state["Users"][:4]
    users[2]["LastName"], users[3]["SRTPMode"] = "O'Brien", "SRTPEnforced"
    users[2]["Tags"] = users[3]["Tags"] = []
    rows, _total = run(users, parse({"$filter": text}, pbx.schema, "User", collection=True))
    assert [row["Number"] for row in rows] == numbers.split()


@pytest.mark.parametrize(
    "text",
    [
        "Number eq",
        "Number eq 201",
        "Enabled eq 'x'",
        "(Number eq '201'",
        "Number",
        "foo(Number) eq '1'",
        "Number = '1'",
        "SRTPMode eq 'Nope'",
        "contains(Id,'2')",
        "Number eq '201",
        "Number eq '1' Number",
        "Number eq 'a' and",
    ],
)
def test_bad_filter(api: Client, text: str) -> None:
    status, reply = api("GET", "/Users", filter=text)
    assert status == 400
    assert reply["error"]["message"].startswith("The query specified in the URI is not valid. ")


@pytest.mark.parametrize(
    "options",
    [
        {"top": "-1"},
        {"skip": "x"},
        {"count": "yes"},
        {"orderby": "Number up"},
        {"nope": "1"},
        {"expand": "Number"},
        {"expand": "Groups(Rights())"},
        {"expand": "Groups($expand=Rights"},
    ],
)
def test_bad_option(api: Client, options: dict[str, str]) -> None:
    assert api("GET", "/Users", **options)[0] == 400


def test_collection_options_are_refused_on_an_entity(api: Client) -> None:
    assert api("GET", "/Users(201)", top=1)[0] == 400
    assert api("GET", "/AntiHackingSettings", filter="HackAuthRequests eq 1")[0] == 400


def test_order_and_search(api: Client) -> None:
    rows = api("GET", "/Users", orderby="Number desc", top=2, select="Number")[1]["value"]
    assert rows == [{"Number": "205"}, {"Number": "204"}]
    assert [row["Number"] for row in api("GET", "/Users", search="bruno")[1]["value"]] == ["202"]


def test_timestamps_in_filters(api: Client) -> None:
    assert len(api("GET", "/EventLogs", filter="TimeGenerated ge 2026-09-02T00:00:00Z")[1]["value"]) == 1
    assert len(api("GET", "/EventLogs", filter="EventId eq 30031 and Type eq 'Warning'")[1]["value"]) == 1
    assert api("GET", "/CallHistoryView", filter="SegmentStartTime ge 2026-09-02T00:00:00Z") == (500, None)
    assert len(api("GET", "/CallHistoryView", filter="date(SegmentStartTime) ge 2026-09-02")[1]["value"]) == 1


def test_call_log_wants_all_arguments(api: Client) -> None:
    assert [row["CallId"] for row in api("GET", CALL_LOG)[1]["value"]] == [1]
    assert api("GET", CALL_LOG.replace(",hidePcalls=true", "")) == (404, None)


def test_reports_that_dislike_count(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(empty_reports_with_count=True)
    assert api("GET", CALL_LOG, count="true")[1]["value"] == []
    assert len(api("GET", CALL_LOG)[1]["value"]) == 1


def test_keys(api: Client) -> None:
    assert api("GET", "/Users(Number='201')", select="Id")[1]["Id"] == 201
    assert api("GET", "/Users(Number=201)")[0] == 400
    assert api("GET", f"/PhoneTemplates('{CUSTOM}')", select="IsCustom")[1]["IsCustom"] is True
    assert api("GET", "/BlackListNumbers(1)")[0] == 400
    assert api("GET", "/Sbcs('SBC1')")[1]["Password"] == "sbc-password"
    status, reply = api("GET", "/Users(9999)")
    assert status == 404
    assert reply["error"]["details"][0] == {"code": "", "message": "WARNINGS.XAPI.NOT_FOUND", "target": "Id"}
    for path in ("/Nope", "/Users(", "/Users(x y)", "/Users('201", "/Users(201)/Nope", "/Users(Nope='1')", "/"):
        assert api("GET", path) == (404, None), path


def test_quotes_in_a_key_are_doubled() -> None:
    assert literal("'O''Brien'") == "O'Brien"
    found = Router(Schema("20.0.10")).find("GET", "/PhoneTemplates('a''b/c,d=e(f)')")
    assert found.arguments == {"Id": "a'b/c,d=e(f)"}
    with pytest.raises(ValueError):
        literal("'O'Brien'")
    with pytest.raises(ApiError):
        Router(Schema("20.0.10")).find("GET", "/Users()")


def test_peers(api: Client) -> None:
    rows = api("GET", "/Peers", select="Number,Name,Type")[1]["value"]
    assert {"Number": "201", "Name": "Alice Ahlberg", "Type": "Extension"} in rows
    assert {"Number": "10000", "Name": "kestrel", "Type": "ExternalLine"} in rows
    assert api("GET", "/Peers(Number='201')")[1]["Name"] == "Alice Ahlberg"


def test_system_status(api: Client) -> None:
    status = api("GET", "/SystemStatus")[1]
    assert (status["Version"], status["ExtensionsTotal"], status["TrunksTotal"]) == ("20.0.10.1", 6, 2)
    assert status["LicenseKey"]
    assert set(api("GET", "/SystemStatus", select="FQDN")[1]) == {"@odata.context", "FQDN"}
    assert api("GET", "/SystemStatus/Pbx.GetRemoteAccessStatus()")[1]["value"] == "None"
    assert api("GET", "/Defs/Pbx.GetSystemParameters()")[1]["License"]["IsEnterprise"] is True


# Releases


@pytest.mark.parametrize(
    ("path", "since", "until"),
    [
        ("/Users(Number='201')", 8, 10),
        ("/Users/Pbx.GetByNumber(number='201')", 4, 7),
        ("/MailSettings", 7, 10),
        ("/SyslogSettings", 9, 10),
        ("/SystemStatus/Pbx.GetRemoteAccessStatus()", 7, 10),
    ],
)
@pytest.mark.parametrize("release", RELEASES)
def test_paths_of_releases(make: Make, release: str, path: str, since: int, until: int) -> None:
    update = int(release.rpartition(".")[2])
    assert signed_in(make(release=release))("GET", path)[0] == (200 if since <= update <= until else 404)


def test_properties_of_releases(make: Make) -> None:
    old, new = signed_in(make(release="20.0.8")), signed_in(make(release="20.0.9"))
    assert old("PATCH", "/Users(201)", {"BlockTunnel": True})[0] == 400
    assert new("PATCH", "/Users(201)", {"BlockTunnel": True})[0] == 204
    assert "BlockTunnel" not in old("GET", "/Users(201)")[1]
    assert old("GET", "/Users", select="BlockTunnel")[0] == 400


def test_notifications_of_releases(make: Make) -> None:
    old, new = signed_in(make(release="20.0.6")), signed_in(make(release="20.0.7"))
    assert old("PATCH", "/NotificationSettings", {"NotifyIPBlocked": True})[0] == 204
    assert old("PATCH", "/NotificationSettings", {"NotifyCodes": ["IPBlocked"]})[0] == 400
    assert new("PATCH", "/NotificationSettings", {"NotifyIPBlocked": True})[0] == 400
    assert new("PATCH", "/NotificationSettings", {"NotifyCodes": ["IPBlocked"]})[0] == 204
    assert "MailServer" in old("GET", "/NotificationSettings")[1]
    assert "MailServer" not in new("GET", "/NotificationSettings")[1]


def test_weak_tags_since_20_0_6(make: Make) -> None:
    assert make(release="20.0.5").user("201")["Tags"] == []
    assert make(release="20.0.6").user("201")["Tags"] == ["WeakID", "WeakPass"]


def test_regenerate_of_releases(make: Make) -> None:
    old, new = signed_in(make(release="20.0.4")), signed_in(make(release="20.0.5"))
    assert old("POST", "/Users(201)/Pbx.Regenerate", {"SipAuth": True})[0] == 204
    assert old("POST", "/Users(201)/Pbx.Regenerate", {"opts": {"SipAuth": True}})[0] == 400
    assert new("POST", "/Users(201)/Pbx.Regenerate", {"SipAuth": True})[0] == 400
    assert new("POST", "/Users(201)/Pbx.Regenerate", {"opts": {"SipAuth": True}})[0] == 204
    for client in (old, new):
        assert len(client.pbx.user("201")["AuthPassword"]) == 10


def test_unknown_release() -> None:
    with pytest.raises(ValueError, match="20.0.3"):
        SimulatedPbx("20.0.3")


# Writing


def test_patch(pbx: SimulatedPbx, api: Client) -> None:
    assert api("PATCH", "/Users(201)", {"AllowLanOnly": True, "Mobile": None}) == (204, None)
    assert pbx.user("201")["AllowLanOnly"] is True
    assert pbx.user("201")["VMPIN"] == "201"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"Nope": 1}, "The property 'Nope' does not exist on type 'Pbx.User'."),
        ({"Enabled": "yes"}, "'Enabled'"),
        ({"PinProtectTimeout": "5"}, "'PinProtectTimeout'"),
        ({"PinProtectTimeout": True}, "'PinProtectTimeout'"),
        ({"Number": 201}, "'Number'"),
        ({"SRTPMode": "Sometimes"}, "'Pbx.SRTPModeType'"),
        ({"Groups": None}, "'Groups'"),
        ({"Groups": {}}, "'Groups'"),
        ({"Groups": [{"Nope": 1}]}, "'Pbx.UserGroup'"),
        ({"Groups": ["20"]}, "'Pbx.UserGroup'"),
        ([], "'Pbx.User'"),
        ("x", "'Pbx.User'"),
    ],
)
def test_wrong_bodies(pbx: SimulatedPbx, api: Client, body: Any, word: str) -> None:
    before = json.dumps(pbx.state)
    status, reply = api("PATCH", "/Users(201)", body)
    assert status == 400
    assert word in reply["error"]["message"]
    assert json.dumps(pbx.state) == before


def test_a_body_must_be_json(api: Client) -> None:
    bearer = {"Authorization": f"Bearer {api.token}"}
    path = "/xapi/v1/Users(201)"
    assert api.send("PATCH", path, "{}", bearer)[0] == 415
    assert api.send("PATCH", path, "a=b", {**bearer, "Content-Type": FORM})[0] == 415
    assert api.send("PATCH", path, "{", {**bearer, "Content-Type": "application/json"})[0] == 400
    assert api.send("PATCH", path, None, bearer)[0] == 400
    assert api.send("PATCH", path, "{}", {**bearer, "Content-Type": "application/json; charset=utf-8"})[0] == 204
    assert api("PUT", "/Users(201)", {})[0] == 405


def test_number_cannot_be_changed(api: Client) -> None:
    assert api("PATCH", "/Users(201)", {"Number": "201"})[0] == 204
    assert api.code("PATCH", "/Users(201)", {"Number": "299"}) == ("WARNINGS.XAPI.FORBIDDEN_CHANGE", "Number")


@pytest.mark.parametrize(
    ("body", "code", "target"),
    [
        ({"VMPIN": "12"}, "WARNINGS.XAPI.INVALID_PIN_NUMBER", "VMPIN"),
        ({"VMPIN": "12ab"}, "WARNINGS.XAPI.INVALID_PIN_NUMBER", "VMPIN"),
        ({"AuthPassword": ""}, "WARNINGS.XAPI.CAN_NOT_BE_EMPTY_STRING", "AuthPassword"),
        ({"AuthID": "x" * 51}, "WARNINGS.LENGTH_NOT_MORE_50_CHARS", "AuthID"),
        ({"Groups": [{"GroupId": 99}]}, "WARNINGS.XAPI.NOT_FOUND", "GroupId"),
        ({"Groups": [{"GroupId": 20, "Rights": {"RoleName": "king"}}]}, "WARNINGS.INVALID", "RoleName"),
    ],
)
def test_refused_users(api: Client, body: Any, code: str, target: str) -> None:
    assert api.code("PATCH", "/Users(201)", body) == (code, target)


def test_create_user(pbx: SimulatedPbx, api: Client) -> None:
    status, row = api("POST", "/Users", {})
    assert status == 201
    assert row["Number"] == "101"
    assert re.fullmatch(r"[A-Za-z0-9]{10}", row["AuthPassword"])
    assert re.fullmatch(r"[0-9]{4}", row["VMPIN"])
    assert row["Tags"] == []
    status, row = api("POST", "/Users", {"Number": "333", "FirstName": "New", "Id": 0, "AccessPassword": "Web12345"})
    assert (status, row["Number"], "AccessPassword" in row) == (201, "333", False)
    assert pbx.user("333")["AccessPassword"] == "Web12345"
    assert api.code("POST", "/Users", {"Number": "201"}) == ("WARNINGS.XAPI.ALREADY_IN_USE", "Number")
    assert api("POST", "/Users", {"Number": "201"})[1]["error"]["message"] == "Number:\nWARNINGS.XAPI.ALREADY_IN_USE"


def test_delete_user(pbx: SimulatedPbx, api: Client) -> None:
    assert api("DELETE", "/Users(205)") == (204, None)
    assert api("DELETE", "/Users(205)")[0] == 404
    assert api.code("DELETE", "/Users(100)")[0] == "WARNINGS.XAPI.USER_ROLE_DOWNGRADE"
    status, reply = api("POST", "/Users/Pbx.BatchDelete", {"ids": [204, 100, 7]})
    assert status == 200
    assert [row["ExtensionNumber"] for row in reply["value"]] == ["100", "7"]
    assert [user["Number"] for user in pbx.state["Users"]] == ["100", "201", "202", "203"]


def test_groups_are_replaced_whole(pbx: SimulatedPbx, api: Client) -> None:
    groups = [{"GroupId": 21, "Rights": {"RoleName": "managers"}}]
    assert api("PATCH", "/Users(201)", {"Groups": groups})[0] == 204
    found = api("GET", "/Users(201)", select="Id", expand="Groups($expand=Rights)")[1]["Groups"]
    assert [(group["Name"], group["Rights"]["RoleName"]) for group in found] == [("Office", "managers")]
    assert api("PATCH", "/Groups(21)", {"Members": [{"Number": "202"}, {"Id": 203}]})[0] == 204
    members = api("GET", "/Groups(21)/Members")[1]["value"]
    assert [member["Number"] for member in members] == ["202", "203"]
    assert api("PATCH", "/Groups(21)", {"Members": [{"Number": "9999"}]})[0] == 400
    assert len(api("GET", "/Groups(21)/Members")[1]["value"]) == 2


def test_the_last_owner_stays(pbx: SimulatedPbx, api: Client) -> None:
    before = json.dumps(pbx.state)
    lower = {"Groups": [{"GroupId": 20, "Rights": {"RoleName": "users"}}]}
    assert api.code("PATCH", "/Users(100)", lower) == ("WARNINGS.XAPI.USER_ROLE_DOWNGRADE", "Groups")
    assert api("POST", "/Users/Pbx.BulkUpdate", {"ids": [100, 201], "user": lower})[0] == 400
    assert api("PATCH", "/Groups(20)", {"Members": []})[0] == 400
    assert json.dumps(pbx.state) == before


def test_bulk_update_is_all_or_nothing(pbx: SimulatedPbx, api: Client) -> None:
    assert api("POST", "/Users/Pbx.BulkUpdate", {"ids": [201, 202], "user": {"AllowLanOnly": True}}) == (204, None)
    assert [user["Number"] for user in pbx.state["Users"] if user["AllowLanOnly"]] == ["201", "202"]
    assert api("POST", "/Users/Pbx.BulkUpdate", {"ids": [203, 9999], "user": {"AllowLanOnly": True}})[0] == 400
    assert pbx.user("203")["AllowLanOnly"] is False
    assert api("POST", "/Users/Pbx.BulkUpdate", {"Ids": [203], "user": {}})[0] == 400


def test_multi_user_update(pbx: SimulatedPbx, api: Client) -> None:
    assert api("POST", "/Users/Pbx.MultiUserUpdate", {"ids": [201], "user": {"SRTPMode": "SRTPEnforced"}})[0] == 204
    assert pbx.user("201")["SRTPMode"] == "SRTPEnforced"
    assert api("POST", "/Users/Pbx.MultiUserUpdate", {"ids": [201], "user": {"Require2FA": True}})[0] == 400


def test_regenerate_passwords(pbx: SimulatedPbx, api: Client) -> None:
    old = {number: dict(pbx.user(number)) for number in ("201", "202", "203")}
    options = {"SipAuth": True, "VoicemailPIN": True, "DeskphonePassword": True, "WebclientPassword": False}
    assert api("POST", "/Users/Pbx.RegeneratePasswords", {"ids": [201], "opts": options})[0] == 400
    assert api("POST", "/Users/Pbx.RegeneratePasswords", {"Ids": [201, 202], "opts": options})[0] == 204
    for number in ("201", "202"):
        new = pbx.user(number)
        assert all(new[key] != old[number][key] for key in ("AuthID", "AuthPassword", "VMPIN", "DeskphonePassword"))
        assert new["AccessPassword"] == old[number]["AccessPassword"]
        assert new["Tags"] == []
    assert pbx.user("203") == old["203"]


def test_new_credentials_end_the_registration(pbx: SimulatedPbx, api: Client) -> None:
    assert pbx.register("201", "201", "1234")
    api("PATCH", "/Users(201)", {"Mobile": "1"})
    assert pbx.user("201")["IsRegistered"] is True
    api("PATCH", "/Users(201)", {"AuthPassword": "Abcdef1234567"})
    assert pbx.user("201")["IsRegistered"] is False
    assert pbx.user("201")["Tags"] == ["WeakID"]
    assert not pbx.register("201", "201", "1234")
    assert pbx.register("201", "201", "Abcdef1234567")
    pbx.registration_survives_change = True
    api("PATCH", "/Users(201)", {"AuthPassword": "Bcdef12345678"})
    assert pbx.user("201")["IsRegistered"] is True


def test_anti_hacking(pbx: SimulatedPbx, api: Client) -> None:
    assert api("GET", "/AntiHackingSettings")[1]["HackAuthRequests"] == 25
    assert api("PATCH", "/AntiHackingSettings", {"HackAuthRequests": 5, "SecurityDefenseProgram": True})[0] == 204
    assert pbx.state["AntiHackingSettings"]["HackAuthRequests"] == 5
    assert pbx.state["AntiHackingSettings"]["HackBarrierRed"] == 5000
    refused = api.code("PATCH", "/AntiHackingSettings", {"HackAuthRequests": -1})
    assert refused == ("WARNINGS.XAPI.OUT_OF_THE_RANGE", "HackAuthRequests")


def test_blocklist(pbx: SimulatedPbx, api: Client) -> None:
    entry = {"IPAddrMask": "192.168.10.0/24", "BlockType": "Allow", "Description": "site", "Id": 0}
    status, row = api("POST", "/Blocklist", {**entry, "AddedBy": "Mcu"})
    assert status == 201
    assert (row["Id"], row["AddedBy"], row["IPAddrMask"]) == (3, "Manual", "192.168.10.0/24")
    again = {**entry, "IPAddrMask": "192.168.10.0/255.255.255.0"}
    assert api.code("POST", "/Blocklist", again) == ("WARNINGS.XAPI.DUPLICATE", "IPAddrMask")
    bad = {**entry, "IPAddrMask": "192.168.10.x"}
    assert api.code("POST", "/Blocklist", bad) == ("WARNINGS.INVALID_IP_MASK", "IPAddrMask")
    gone = {**entry, "IPAddrMask": "192.0.2.1", "ExpiresAt": "2020-01-01T00:00:00Z"}
    assert api.code("POST", "/Blocklist", gone) == ("WARNINGS.ALREADY_EXPIRED", "ExpiresAt")
    assert api("POST", "/Blocklist", {**entry, "ExpiresAt": "tomorrow"})[0] == 400
    assert api("PATCH", "/Blocklist(3)", {"Description": "the site"})[0] == 204
    assert api.code("PATCH", "/Blocklist(3)", {"AddedBy": "Mcu"})[1] == "AddedBy"
    assert api("POST", "/Blocklist/Pbx.BulkIpsDelete", {"ids": [3, 99]})[0] == 400
    assert api("POST", "/Blocklist/Pbx.BulkIpsDelete", {"ids": [3]}) == (204, None)
    assert [row["Id"] for row in pbx.state["Blocklist"]] == [1, 2]
    assert api("DELETE", "/Blocklist(2)")[0] == 204


def test_an_address_can_be_moved(api: Client) -> None:
    assert api("GET", "/Blocklist(1)")[1]["AddedBy"] == "AutoBlacklist"
    # That the PBX blocked it does not stand in the way of an entry by hand.
    assert api("POST", "/Blocklist", {"IPAddrMask": "203.0.113.250", "BlockType": "Block"})[0] == 201


def test_blacklist_numbers(pbx: SimulatedPbx, api: Client) -> None:
    status, row = api("POST", "/BlackListNumbers", {"CallerId": "0900123456", "Description": "nuisance"})
    assert (status, row["Id"]) == (201, "2")
    assert api.code("POST", "/BlackListNumbers", {"CallerId": "0900123456"})[0] == "WARNINGS.XAPI.ALREADY_IN_USE"
    assert api.code("POST", "/BlackListNumbers", {"Description": "x"}) == ("WARNINGS.XAPI.REQUIRED", "CallerId")
    assert api("PATCH", "/BlackListNumbers('2')", {"Description": "more"})[0] == 204
    assert api("POST", "/BlackListNumbers/Pbx.BulkNumbersDelete", {"ids": [2]})[0] == 400
    assert api("POST", "/BlackListNumbers/Pbx.BulkNumbersDelete", {"ids": ["2"]})[0] == 204
    assert len(pbx.state["BlackListNumbers"]) == 1


def test_outbound_rules(pbx: SimulatedPbx, api: Client) -> None:
    rules = api("GET", "/OutboundRules")[1]["value"]
    assert [(rule["Name"], rule["Routes"][0]["TrunkName"]) for rule in rules] == [
        ("Emergency", "kestrel"),
        ("All calls", "kestrel"),
    ]
    emergency = api("GET", "/OutboundRules/Pbx.GetEmergencyOutboundRules()")[1]["value"]
    assert [rule["Prefix"] for rule in emergency] == ["999,112,18000"]
    body = {"Name": "National", "Prefix": "0", "Routes": [{"TrunkId": 11}], "GroupIds": [21]}
    status, row = api("POST", "/OutboundRules", body)
    assert (status, row["Priority"], row["GroupNames"]) == (201, 3, ["Office"])
    wrong = {"Routes": [{"TrunkId": 5}]}
    assert api.code("PATCH", f"/OutboundRules({row['Id']})", wrong) == ("WARNINGS.XAPI.NOT_FOUND", "TrunkId")
    assert api("POST", "/OutboundRules/Pbx.MoveUpDown", {"id": row["Id"], "up": True})[0] == 204
    assert [(rule["Name"], rule["Priority"]) for rule in pbx.state["OutboundRules"]] == [
        ("Emergency", 1),
        ("All calls", 3),
        ("National", 2),
    ]
    assert api("PATCH", f"/OutboundRules({row['Id']})", {"Routes": []})[0] == 204
    assert api("DELETE", f"/OutboundRules({row['Id']})")[0] == 204


def test_concealed_values(pbx: SimulatedPbx, api: Client) -> None:
    def kept() -> Any:
        return pbx.state["Trunks"][0]["AuthPassword"]["Value"]

    assert api("PATCH", "/Trunks(10)", {"AuthPassword": {"Concealed": True}})[0] == 204
    assert kept() == "trunk-password-kestrel"
    assert api("PATCH", "/Trunks(10)", {"AuthPassword": {"Value": "Another1"}})[0] == 204
    assert kept() == "Another1"
    assert api("PATCH", "/Trunks(10)", {"Gateway": {"SRTPMode": "SRTPEnabled"}})[0] == 204
    assert pbx.state["Trunks"][0]["Gateway"]["Host"] == "sip.kestrel.example"


@pytest.mark.parametrize("polarity", ["allowed", "blocked", "undecidable"])
def test_polarity_of_country_codes(make: Make, polarity: str) -> None:
    api = signed_in(make(country_polarity=polarity))

    def read() -> tuple[set[str], set[str]]:
        codes = api("GET", "/CountryCodes")[1]["CountryCodes"]
        value = api("GET", "/Parameters/Pbx.GetParameterByName(name='NOTALLOWED_COUNTRYCODES')")[1]["Value"]
        return set(codes), set(filter(None, value.split(",")))

    def verdict(codes: set[str], parameter: set[str]) -> str:
        if codes == parameter:
            return "blocked"
        return "undecidable" if codes & parameter else "allowed"

    assert verdict(*read()) == polarity
    assert api("PATCH", "/CountryCodes", {"CountryCodes": ["44", "353"]})[0] == 204
    codes, parameter = read()
    assert codes == {"44", "353"}
    if polarity != "undecidable":
        assert verdict(codes, parameter) == polarity


def test_the_parameter_and_the_list_are_one(pbx: SimulatedPbx, api: Client) -> None:
    assert api("PATCH", "/Parameters(1)", {"Value": "53,252"})[0] == 204
    assert not {"53", "252"} & set(api("GET", "/CountryCodes")[1]["CountryCodes"])
    rows = api("GET", "/Parameters", filter="Name eq 'NOTALLOWED_COUNTRYCODES'")[1]["value"]
    assert set(rows[0]["Value"].split(",")) == {"53", "252"}
    assert api("GET", "/Parameters/Pbx.GetParameterByName(name='NOPE')")[0] == 404


def test_country_codes_need_a_prefix_and_digits(api: Client) -> None:
    assert api.code("PATCH", "/CountryCodes", {"CountryCodes": ["GB"]})[0] == "WARNINGS.INVALID"
    assert api("PATCH", "/E164Settings", {"InternationalCode": ""})[0] == 204
    refused = api.code("PATCH", "/CountryCodes", {"CountryCodes": ["44"]})
    assert refused == ("WARNINGS.INTERNATIONALPREFIX_IS_MISSING", "CountryCodes")


def test_console_restriction_locks_out(pbx: SimulatedPbx, api: Client) -> None:
    pbx.caller_address = "192.168.10.20"
    assert api("GET", "/ConsoleRestrictions")[1]["MyIpAddress"] == "192.168.10.20"
    bad = {"IpWhitelist": ["192.168.10.0/99"]}
    assert api.code("PATCH", "/ConsoleRestrictions", bad) == ("WARNINGS.INVALID_IP_MASK", "IpWhitelist")
    restricted = {"AccessRestricted": True, "IpWhitelist": ["192.168.10.0/24"], "MyIpAddress": "1.2.3.4"}
    assert api("PATCH", "/ConsoleRestrictions", restricted)[0] == 204
    assert api("GET", "/ConsoleRestrictions")[1]["MyIpAddress"] == "192.168.10.20"
    pbx.caller_address = "192.168.11.20"
    assert api("GET", "/Defs") == (403, None)
    assert api.sign_in()[0] == 403
    with pbx.lock:
        pbx.state["ConsoleRestrictions"]["AccessRestricted"] = False
    assert api.sign_in()[0] == 200


def test_secure_sip(pbx: SimulatedPbx, api: Client, pki: Pki, tmp_path: Path) -> None:
    ca = LabCA.create(tmp_path / "ca")
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    good = ca.issue("good", [fixtures.FQDN])
    other = ca.issue("other", ["other.example"])
    old = ca.issue("old", [fixtures.FQDN], (), past - dt.timedelta(days=9), past)

    def body(certificate: Path, key: Path, encode: bool = False) -> dict[str, Any]:
        texts = [certificate.read_text(), key.read_text()]
        if encode:
            texts = [base64.b64encode(text.encode()).decode() for text in texts]
        names = ("Certificate", "PrivateKey")
        return {name: {"Name": f"{name}.pem", "Contents": text} for name, text in zip(names, texts, strict=True)}

    def code(value: dict[str, Any]) -> str:
        return api.code("PATCH", "/SecureSipSettings", value)[0]

    assert api("PATCH", "/SecureSipSettings", body(good.certificate, good.key))[0] == 204
    assert api("PATCH", "/SecureSipSettings", body(good.certificate, good.key, encode=True))[0] == 204
    assert code(body(good.certificate, other.key)) == "WARNINGS.XAPI.SBC_KEY_CERT_MISMATCH"
    assert code(body(other.certificate, other.key)) == "WARNINGS.XAPI.SBC_CERT_FQDN_MISMATCH"
    assert code(body(old.certificate, old.key)) == "WARNINGS.XAPI.CERTIFICATE_EXPIRED"
    assert code({"Certificate": {"Contents": "x"}}) == "WARNINGS.XAPI.FILE_FORMAT_IS_INCORRECT"


def test_mail(pbx: SimulatedPbx, api: Client) -> None:
    body = {"email": "admin@harbour.example", "settings": {"MailServer": "smtp.harbour.example"}}
    assert api("POST", "/MailSettings/Pbx.TestEmail", body)[1]["Success"] is True
    pbx.mail_error = "refused"
    reply = api("POST", "/MailSettings/Pbx.TestEmail", body)[1]
    assert (reply["Success"], reply["Error"]) == (False, "refused")
    assert pbx.state["MailSettings"]["MailServer"] == ""


def test_phone_templates(pbx: SimulatedPbx, api: Client) -> None:
    content = api("GET", f"/PhoneTemplates('{CUSTOM}')")[1]["Content"]
    assert "#!version:1.0.0.1" in content
    changed = {"Content": content.replace("action_uri_limit_ip = any", "action_uri_limit_ip = %NULL%")}
    assert api("PATCH", f"/PhoneTemplates('{CUSTOM}')", changed)[0] == 204
    refused = api.code("PATCH", f"/PhoneTemplates('{BUILT_IN}')", changed)
    assert refused == ("WARNINGS.XAPI.FORBIDDEN_CHANGE", "Content")
    torn = {"Content": content[:-20]}
    assert api.code("PATCH", f"/PhoneTemplates('{CUSTOM}')", torn)[0] == "WARNINGS.XAPI.FILE_FORMAT_IS_INCORRECT"
    new = {"Id": "mine.ph.xml", "Content": content}
    assert api("POST", "/PhoneTemplates", new)[1]["IsCustom"] is True
    assert api.code("POST", "/PhoneTemplates", new)[0] == "WARNINGS.XAPI.DUPLICATE"
    assert api.code("DELETE", f"/PhoneTemplates('{BUILT_IN}')")[0] == "WARNINGS.CANNOT_BE_DELETED"
    assert api("DELETE", "/PhoneTemplates('mine.ph.xml')")[0] == 204


def test_groups_and_other_collections(pbx: SimulatedPbx, api: Client) -> None:
    status, row = api("POST", "/Groups", {"Name": "Branch", "Members": [{"Number": "201"}]})
    assert (status, row["Number"], row["HasMembers"]) == (201, "GRP0002", True)
    refused = api.code("DELETE", f"/Groups({row['Id']})")[0]
    assert refused == "WARNINGS.GROUP_WITH_MEMBERS_CANNOT_BE_DELETED"
    assert api.code("DELETE", "/Groups(20)")[0] == "WARNINGS.GROUP_CANNOT_BE_DELETED"
    assert api("POST", "/Groups", {"Name": "X", "Members": [{"Number": "1"}]})[0] == 400
    assert len(pbx.state["Groups"]) == 3
    assert api("POST", "/ServicePrincipals", {"Number": "905"})[0] == 201
    assert api("POST", "/Parameters", {"Name": "MINE", "Value": "1"})[0] == 201
    assert api("POST", "/Sbcs", {"Name": "SBC1"})[0] == 400
    assert api("POST", "/Sbcs", {"Name": "SBC2"})[0] == 201
    assert api("POST", "/Sbcs('SBC2')/Pbx.PushConfig", {})[0] == 204
    assert api("POST", "/Sbcs('SBC3')/Pbx.PushConfig")[0] == 404
    assert api("POST", "/SecurityTokens(1)/Pbx.RevokeToken")[0] == 204
    assert pbx.state["SecurityTokens"] == []
    assert api("POST", "/EventLogs/Pbx.PurgeEventLog")[0] == 204
    assert api("PATCH", "/NetworkSettings", {"SipPort": 0})[0] == 400


def test_services(api: Client) -> None:
    options = {"options": {"ServiceNames": ["3CXPhoneSystem01"]}}
    assert api("POST", "/Services/Pbx.Restart", options) == (204, None)
    assert api("POST", "/Services/Pbx.Restart", {"options": {"ServiceNames": ["nope"]}})[0] == 400
    assert api("POST", "/Services/Pbx.RestartAll")[0] == 404


def test_if_match_is_ignored(api: Client) -> None:
    headers = {"Authorization": f"Bearer {api.token}", "If-Match": "*"}
    assert api.send("DELETE", "/xapi/v1/Users(205)", None, headers)[0] == 204


# Roles


@pytest.mark.parametrize(
    ("role", "users", "call_log", "defs"),
    [("system_owners", 200, 200, 200), ("system_admins", 200, 403, 200), ("users", 403, 403, 200)],
)
def test_roles(make: Make, role: str, users: int, call_log: int, defs: int) -> None:
    api = signed_in(make(role=role))
    found = [api("GET", path)[0] for path in ("/Users", CALL_LOG, "/Defs")]
    assert found == [users, call_log, defs]
    assert api.headers["X-3CX-Version"]


# Phones and addresses


def test_registration(pbx: SimulatedPbx, api: Client) -> None:
    assert pbx.register("201", "201", "1234", "192.168.10.51", "805ec0aabbcc")
    assert api("GET", "/Users(201)", select="IsRegistered")[1]["IsRegistered"] is True
    path = "/Users/Pbx.GetPhoneRegistrar(mac='80:5E:C0:AA:BB:CC')"
    assert api("GET", path)[1]["IpAddress"] == "192.168.10.51"
    reply = api("POST", "/Users/Pbx.GetPhoneRegistrars", {"macs": ["805ec0aabbcc", "000000000000"]})[1]
    assert [row["MAC"] for row in reply["value"]] == ["805ec0aabbcc"]
    assert api("GET", "/Users/Pbx.GetPhoneRegistrar(mac='000000000000')")[0] == 404
    devices = api("GET", "/SipDevices", expand="DN")[1]["value"]
    assert devices[0]["Registrar"]["IpAddress"] == "192.168.10.51"
    assert devices[0]["DN"]["Number"] == "201"


def test_who_may_register(pbx: SimulatedPbx) -> None:
    assert pbx.register("201", "201", "1234", "203.0.113.9")
    pbx.user("201")["AllowLanOnly"] = True
    assert not pbx.register("201", "201", "1234", "203.0.113.9")
    assert pbx.register("201", "201", "1234", "10.9.9.9")
    pbx.lan_networks = ["172.16.0.0/12"]
    assert not pbx.register("201", "201", "1234", "10.9.9.9")
    pbx.user("202")["Enabled"] = False
    assert not pbx.register("202", "202", "1234")
    assert not pbx.is_blocked("203.0.113.9")


def test_wrong_registrations_block_the_address(pbx: SimulatedPbx) -> None:
    for _ in range(5):
        assert not pbx.register("201", "201", "wrong", "203.0.113.9")
    assert not pbx.is_blocked("203.0.113.9")
    assert not pbx.register("9999", "9999", "guess", "203.0.113.9")
    assert pbx.is_blocked("203.0.113.9")
    assert not pbx.register("201", "201", "1234", "203.0.113.9")
    row, event = pbx.state["Blocklist"][-1], pbx.state["EventLogs"][-1]
    assert (row["AddedBy"], row["BlockType"], row["IPAddrMask"]) == ("AutoBlacklist", "Block", "203.0.113.9")
    assert (event["EventId"], event["Params"][:2]) == (12290, ["203.0.113.9", "1800"])
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1801)
    pbx.clock = lambda: later
    assert pbx.register("201", "201", "1234", "203.0.113.9")


def test_a_good_registration_forgets_the_wrong_ones(pbx: SimulatedPbx) -> None:
    for _ in range(3):
        for _ in range(4):
            pbx.register("201", "201", "wrong")
        assert pbx.register("201", "201", "1234")


def test_the_smaller_network_wins(pbx: SimulatedPbx, api: Client) -> None:
    api("POST", "/Blocklist", {"IPAddrMask": "203.0.112.0/22", "BlockType": "Block"})
    assert pbx.is_blocked("203.0.113.9")
    api("POST", "/Blocklist", {"IPAddrMask": "203.0.113.9", "BlockType": "Allow"})
    assert not pbx.is_blocked("203.0.113.9")
    for _ in range(20):
        pbx.register("201", "201", "wrong", "203.0.113.9")
    assert pbx.register("201", "201", "1234", "203.0.113.9")
    assert not pbx.is_blocked("2001:db8::1")


def test_wrong_logins_block_the_client(pbx: SimulatedPbx) -> None:
    client = Client(pbx)
    for _ in range(11):
        assert client.sign_in("wrong")[0] == 401
    assert pbx.is_blocked("127.0.0.1")
    assert pbx.state["EventLogs"][-1]["EventId"] == 12290
    with pytest.raises((OSError, http.client.HTTPException)):
        client.sign_in()


def test_reprovision(pbx: SimulatedPbx, api: Client) -> None:
    told: list[str] = []

    def fetch(mac: str) -> None:
        # From another thread, as the handsets of a test would: the lock must be free.
        def register() -> None:
            assert pbx.register("201", "201", "1234")
            told.append(mac)

        thread = threading.Thread(target=register)
        thread.start()
        thread.join(5)

    pbx.on_reprovision = fetch
    assert api("POST", "/Users/Pbx.ReprovisionPhone", {"mac": "80-5E-C0-AA-BB-CC"}) == (204, None)
    assert told == ["805ec0aabbcc"]
    assert api("POST", "/Users/Pbx.RebootPhone", {"mac": "805ec0aabbcd"})[0] == 204
    assert api("POST", "/Users/Pbx.ReprovisionAllPhones", {"ids": [201, 202, 203]})[0] == 204
    assert api("POST", "/DeviceInfos(1)/Pbx.Provision", {"reprovision": True, "userId": 201})[0] == 204
    assert told == ["805ec0aabbcc", "805ec0aabbcd", "805ec0aabbcc", "805ec0aabbcd", "805ec0aabbcc"]
    assert api("POST", "/Users/Pbx.ReprovisionPhone", {"mac": "000000000000"})[0] == 400
    assert pbx.user("201")["IsRegistered"] is True


# Faults


def lost(call: Callable[[], object]) -> bool:
    """Whether the connection was closed without an answer."""
    try:
        call()
    except (OSError, http.client.HTTPException):
        return True
    return False


def test_token_stolen(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(token_stolen_at=2)
    assert [api("GET", "/Defs")[0] for _ in range(3)] == [200, 401, 401]
    api.sign_in()
    assert api("GET", "/Defs")[0] == 200
    assert pbx.exchanges[1].fault == "token_stolen_at"


def test_tokens_always_void(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(void_tokens_always=True, empty_401=False)
    api.sign_in()
    status, reply = api("GET", "/Defs")
    assert status == 401
    assert reply["error"]["code"] == ""


def test_forbidden_rate_limited_and_500(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(forbidden=("/Users", "/Groups"), rate_limited_at={4: 7}, fail_500_at={5})
    assert [api("GET", path) for path in ("/Users", "/Groups(20)")] == [(403, None)] * 2
    assert api("GET", "/Trunks")[0] == 200
    assert api("GET", "/Trunks")[0] == 429
    assert api.headers["Retry-After"] == "7"
    assert api("PATCH", "/AntiHackingSettings", {"HackAuthRequests": 3}) == (500, None)
    assert pbx.state["AntiHackingSettings"]["HackAuthRequests"] == 25
    assert api("GET", "/Trunks")[0] == 200


def test_cut_before(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(cut_before=2)
    assert api("PATCH", "/AntiHackingSettings", {"HackAuthRequests": 3})[0] == 204
    assert lost(lambda: api("PATCH", "/AntiHackingSettings", {"HackAuthRequests": 4}))
    assert lost(api.sign_in)
    assert pbx.state["AntiHackingSettings"]["HackAuthRequests"] == 3
    assert [(each.status, each.answered) for each in pbx.writes] == [(204, True), (0, False)]
    pbx.faults = Faults()
    assert api("GET", "/Defs")[0] == 200


def test_cut_after(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(cut_after=2)
    assert api("GET", "/AntiHackingSettings")[0] == 200
    assert lost(lambda: api("PATCH", "/AntiHackingSettings", {"HackAuthRequests": 4}))
    assert lost(lambda: api("PATCH", "/AntiHackingSettings", {"HackAuthRequests": 5}))
    assert pbx.state["AntiHackingSettings"]["HackAuthRequests"] == 4
    assert [(each.status, each.answered) for each in pbx.writes] == [(204, False), (0, False)]


def test_restart(pbx: SimulatedPbx, api: Client) -> None:
    other = signed_in(pbx)
    api.sign_in()
    pbx.reset_counters()
    pbx.faults = Faults(restart_at=2)
    assert api("GET", "/Defs")[0] == 200
    assert lost(lambda: api("GET", "/Defs"))
    assert lost(lambda: other("GET", "/Defs"))
    assert api("GET", "/Defs")[0] == 401
    assert api.sign_in()[0] == 200
    assert api("GET", "/Defs")[0] == 200


def test_slow_replies_do_not_hold_up_the_end(make: Make, pki: Pki, tmp_path: Path) -> None:
    pbx = SimulatedPbx(pki=pki, folder=tmp_path).start()
    pbx.faults = Faults(slow=60)
    thread = threading.Thread(target=lambda: lost(Client(pbx).sign_in))
    thread.start()
    while not pbx.tokens_given:
        thread.join(0.01)
    start = time.monotonic()
    pbx.close()
    thread.join(10)
    assert not thread.is_alive()
    assert time.monotonic() - start < 10


def test_ignored_writes(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(ignored_writes=("AntiHackingSettings.HackAuthRequests", "Users.AllowLanOnly"))
    assert api("PATCH", "/AntiHackingSettings", {"HackAuthRequests": 3, "HackBarrierRed": 9})[0] == 204
    assert pbx.state["AntiHackingSettings"]["HackAuthRequests"] == 25
    assert pbx.state["AntiHackingSettings"]["HackBarrierRed"] == 9
    api("POST", "/Users/Pbx.BulkUpdate", {"ids": [201], "user": {"AllowLanOnly": True}})
    assert pbx.user("201")["AllowLanOnly"] is False


def test_no_licence(pbx: SimulatedPbx) -> None:
    pbx.faults = Faults(no_licence=True)
    assert Client(pbx).sign_in() == (403, None)
    assert not pbx.is_blocked("127.0.0.1")


def test_broken_json(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(broken_json_at={1, 2})
    for method, body in (("GET", None), ("PATCH", {"HackAuthRequests": 3})):
        with pytest.raises(ValueError):
            api(method, "/AntiHackingSettings", body)
    assert pbx.state["AntiHackingSettings"]["HackAuthRequests"] == 3
    assert api("GET", "/AntiHackingSettings")[0] == 200


def test_reject_masks_and_no_version(pbx: SimulatedPbx, api: Client) -> None:
    pbx.faults = Faults(reject_masks=True, no_version=True)
    assert api.code("POST", "/Blocklist", {"IPAddrMask": "192.0.2.1"})[0] == "WARNINGS.INVALID_IP_MASK"
    assert "X-3CX-Version" not in api.headers
    assert api.code("PATCH", "/ConsoleRestrictions", {"IpWhitelist": ["192.0.2.1"]})[0] == "WARNINGS.INVALID_IP_MASK"


# Records and command line


def test_exchanges(pbx: SimulatedPbx, api: Client) -> None:
    api("GET", "/Users", filter="Number eq '201'", select="Id")
    api("PATCH", "/Users(201)", {"Mobile": "1"})
    read, written = pbx.exchanges
    assert (read.method, read.path, read.status, read.body) == ("GET", "/Users", 200, None)
    assert read.query == {"$filter": "Number eq '201'", "$select": "Id"}
    assert read.reply["value"] == [{"Id": 201}]
    assert (written.body, written.reply, written.client_address) == ({"Mobile": "1"}, None, "127.0.0.1")
    assert pbx.writes == [written]
    api.sign_in()
    assert pbx.exchanges[-1].path == "/connect/token"
    assert pbx.exchanges[-1].body["client_id"] == "900"
    assert pbx.writes == [written]
    pbx.user("201")["Mobile"] = "2"
    assert written.body == {"Mobile": "1"}
    pbx.reset_counters()
    assert pbx.exchanges == []


def test_record(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOIPSEC_XAPI_RECORD", str(tmp_path / "record"))
    one, two = make(release="20.0.9"), make()
    api = signed_in(one)
    api("PATCH", "/Users(201)", {"Mobile": "1"})
    one.faults = Faults(forbidden=("/Users",))
    api("GET", "/Users")
    signed_in(two)
    files = sorted((tmp_path / "record").iterdir(), key=lambda file: file.stat().st_size)
    assert len(files) == 2
    assert files[1].stat().st_mode & 0o077 == 0
    lines = [json.loads(line) for line in files[1].read_text().splitlines()]
    assert [(line["form"], line["path"], line["fault"]) for line in lines] == [
        (True, "/connect/token", None),
        (False, "/Users(201)", None),
        (False, "/Users", "forbidden"),
    ]
    assert lines[1] == {
        "release": "20.0.9",
        "method": "PATCH",
        "path": "/Users(201)",
        "query": {},
        "body": {"Mobile": "1"},
        "form": False,
        "status": 204,
        "reply": None,
        "headers": {"Content-Type": "application/json"},
        "fault": None,
    }


def test_many_at_once(pbx: SimulatedPbx) -> None:
    token = signed_in(pbx).token
    found: list[int] = []

    def work() -> None:
        client = Client(pbx)
        client.token = token
        for _ in range(10):
            found.append(client("GET", "/Users", select="Id")[0])
        client.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [200] * 80
    assert len(pbx.exchanges) == 80


def test_command_line() -> None:
    command = [sys.executable, "-m", "lab.xapi", "--release", "20.0.9"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = dict(process.stdout.readline().split() for _ in range(6))
        assert set(told) == {"host", "port", "client_id", "client_secret", "ca_file", "certificate_sha256"}
        connection = http.client.HTTPSConnection(
            told["host"], int(told["port"]), timeout=10, context=ssl.create_default_context(cafile=told["ca_file"])
        )
        connection.request("GET", "/xapi/v1/Defs")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["X-3CX-Version"]) == (401, "20.0.9.1")
        connection.close()
        process.terminate()
        assert process.wait(10) == 0
