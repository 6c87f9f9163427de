# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged answer is the PBX's mistake and says so; a mistake of ours is never taken for one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    Device,
    HardeningError,
    Outcome,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import Reply
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import (
    UnexpectedAnswer,
    checked,
    naming_the_pbx,
    reading,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import call_history as threecx_calls
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import client, security_plan, singletons
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import extensions as threecx_extensions
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import info as threecx_info
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import reprovision as threecx_reprovision
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import security as threecx_security
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import call_history as yeastar_calls
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import extensions as yeastar_extensions
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import info as yeastar_info
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import outbound, token_client
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import reprovision as yeastar_reprovision
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import security as yeastar_security

Answers = Mapping[str, Any]
SECRET = "canary-4711"


def broken(*_arguments: Any, **_options: Any) -> Any:
    """A mistake of ours, as a wrong name in a table is."""
    return {}["ours"]


@pytest.mark.parametrize(
    "fault",
    [lambda: {}["x"], lambda: int("x"), lambda: len(5), lambda: None.x],  # type: ignore[arg-type,attr-defined]
)
def test_what_reading_an_answer_can_fail_with_is_an_unexpected_answer(fault: Callable[[], Any]) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"Error in <lambda>, test_pbx_answers\.py line \d+\Z"), reading():
        fault()


def test_the_value_that_was_not_understood_is_not_shown() -> None:
    @reading()
    def number(text: str) -> int:
        return int(text)

    with pytest.raises(HardeningError) as caught, naming_the_pbx("192.0.2.1:5001", "the document"):
        number(SECRET)
    assert caught.value.message.startswith("192.0.2.1:5001: an answer is not what the document says (ValueError in ")
    assert SECRET not in caught.value.message
    assert number("12") == 12


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), naming_the_pbx("pbx", "document"), reading():
        1 / 0  # noqa: B018
    with pytest.raises(KeyError), naming_the_pbx("pbx", "document"):
        broken()
    with pytest.raises(HardeningError, match=r"\Aa refusal\Z"), naming_the_pbx("pbx", "document"), reading():
        raise HardeningError("a refusal")


def test_properties_are_of_their_kind_or_left_out() -> None:
    kinds = {"a": int, "b": list, "c": str, "d": (str, int)}
    assert checked({"a": 1, "b": [], "c": None, "other": 5}, kinds) == {"a": 1, "b": []}
    assert checked({"d": 0, "c": ""}, kinds) == {"d": 0, "c": ""}
    with pytest.raises(UnexpectedAnswer, match=r"\Ab is of the type str\Z"):
        checked({"a": 1, "b": SECRET}, kinds)


class FakeSession:
    """Answers by path, without its query; empty lists and objects where nothing is said."""

    where = "192.0.2.1:5001"
    answers: ClassVar[Answers] = {}
    sent: ClassVar[list[tuple[str, str]]]

    def __init__(self, *_connection: Any) -> None:
        pass

    def close(self) -> None:
        pass

    def request(self, method: str, path: str, _headers: Any = None, body: bytes | None = None) -> Reply:
        url = urlsplit(path)
        name = unquote(url.path)
        for start in ("/xapi/v1", "/openapi/v1.0", "/openapi/v2.0", "/api/v2.0.0"):
            name = name.removeprefix(start)
        FakeSession.sent.append((method, name))
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        answer = self.answers.get(name, {})
        if callable(answer):
            answer = answer(query)
        content = {"access_token": "token-of-this-run", "errcode": 0, "value": [], "data": [], "status": "Success"}
        content |= {"token": "token-of-this-run"} | answer
        return Reply(200, {"x-3cx-version": "20.0.10"}, json.dumps(content).encode())


def run(monkeypatch: pytest.MonkeyPatch, core: Core, answers: Answers, **params: Any) -> Outcome:
    """A core against a PBX that gives these answers."""
    monkeypatch.setattr(client, "HttpsSession", FakeSession)
    monkeypatch.setattr(token_client, "HttpsSession", FakeSession)
    monkeypatch.setattr(FakeSession, "answers", answers)
    FakeSession.sent = []
    context = RunContext(False, Masker(), lambda _text: None, Device("192.0.2.1", 5001, "client", "key"))
    return core.run(params, context)


SECURE, EXTEND = threecx_security.CORE, threecx_extensions.CORE
SECURITY: dict[str, Any] = {
    "state": "merged",
    "update_password": "on_create",
    "config": {
        "anti_hacking": {"failed_authentications": 5, "rate_green": 10},
        "ip_list": [],
        "countries": {"allowed": [{"country": "GB", "calling_code": "44"}], "list_holds": "allowed"},
        "barred_numbers": [],
        "emergency_numbers": [],
        "console": {"networks": ["192.0.2.0/24"]},
        "notifications": {"recipients": ["a@b.example"], "events": ["address_blocked"]},
        "syslog": {"server": "192.0.2.9", "port": 514, "protocol": "udp"},
    },
}
THREECX_EXTENSIONS: dict[str, Any] = {
    "state": "merged",
    "extensions": [{"number": "201"}],
    "web_password": "never",
    "require_2fa_for_administrators": True,
}
CALLS: dict[str, Any] = {
    "since": "24h",
    "until": None,
    "extension": None,
    "direction": "any",
    "destination_prefix": None,
    "limit": 10,
    "source": "auto",
    "series": "p",
}
VIEW = CALLS | {"source": "call_history_view"}
EVENTS = {"gather_subset": ["events"], "events_since": 1}
PHONES: dict[str, Any] = {
    "phones": [{"number": "201"}],
    "expected": [],
    "wait": 0,
    "poll": 0,
    "binding_lifetime": 0,
    "release_guard": True,
    "series": "p",
}
YEASTAR_SECURITY: dict[str, Any] = {
    "series": "p",
    "state": "merged",
    "edition": None,
    "manual_controls": [],
    "config": {"barred_numbers": ["0909"], "emergency_numbers": ["999"]},
}
YEASTAR_EXTENSIONS: dict[str, Any] = {
    "state": "merged",
    "extensions": [{"number": "201"}],
    "web_password": "never",
    "update_password": "on_create",
    "unconfirmed": [],
}
P_EXTENSIONS = YEASTAR_EXTENSIONS | {"series": "p"}
FIRMWARE = {"/system/information": {"data": {"firmware_version": "37.23.0.123"}}}
ONE = {"total_number": 1}


@pytest.mark.parametrize(
    ("core", "params", "answers"),
    [
        (SECURE, SECURITY, {"/AntiHackingSettings": {"HackBarrierAmber": "many"}}),
        (SECURE, SECURITY, {"/Blocklist": {"value": [{"IPAddrMask": "192.0.2.1", "Id": "x"}]}}),
        (
            threecx_security.CORE,
            SECURITY,
            {"/Blocklist": {"value": [{"IPAddrMask": "192.0.2.1", "ExpiresAt": 5}]}},
        ),
        (SECURE, SECURITY, {"/CountryCodes": {"CountryCodes": "44"}}),
        (SECURE, SECURITY, {"/Countries": {"value": [{"CountryCodes": 44}]}}),
        (SECURE, SECURITY, {"/OutboundRules": {"value": [{"Routes": [5]}]}}),
        (SECURE, SECURITY, {"/Groups": {"value": [{"Id": "x"}]}}),
        (SECURE, SECURITY, {"/ConsoleRestrictions": {"IpWhitelist": 5}}),
        (SECURE, SECURITY, {"/NotificationSettings": {"NotifyCodes": 5}}),
        (SECURE, SECURITY, {"/NotificationSettings": {"EmailAddresses": ["a"]}}),
        (SECURE, SECURITY, {"/SyslogSettings": {"CustomRelayConfig": "none"}}),
        (EXTEND, THREECX_EXTENSIONS, {"/Users": {"value": [{"Number": "201", "Id": "x"}]}}),
        (EXTEND, THREECX_EXTENSIONS, {"/Users": {"value": [{"Number": "201", "Tags": 5}]}}),
        (
            threecx_info.CORE,
            {"gather_subset": ["events"], "events_since": 1},
            {"/EventLogs": {"value": [{"EventId": "x"}]}},
        ),
        (threecx_reprovision.CORE, PHONES, {"/Users": {"value": [{"Number": "201"}]}}),
        (
            threecx_calls.CORE,
            CALLS | {"source": "call_history_view"},
            {"/CallHistoryView": {"value": [{"SegmentStartTime": "soon"}]}},
        ),
        (yeastar_security.CORE, YEASTAR_SECURITY, {"/system/information": {"data": 5}}),
        (yeastar_security.CORE, YEASTAR_SECURITY, FIRMWARE | {"/outbound_route/list": {**ONE, "data": [{"id": "x"}]}}),
        (yeastar_security.CORE, YEASTAR_SECURITY, FIRMWARE | {"/outbound_route/list": {**ONE, "data": [{"id": 1}]}}),
        (yeastar_security.CORE, YEASTAR_SECURITY, FIRMWARE | {"/block_numbers/list": {**ONE, "data": [{"id": None}]}}),
        (yeastar_security.CORE, YEASTAR_SECURITY, FIRMWARE | {"/extension/list": {**ONE, "data": [{"number": 1}]}}),
        (yeastar_security.CORE, YEASTAR_SECURITY, FIRMWARE | {"/pin_list/list": {"total_number": "some"}}),
        (
            yeastar_extensions.CORE,
            YEASTAR_EXTENSIONS | {"series": "p"},
            {"/extension/list": {**ONE, "data": [{"id": "x"}]}},
        ),
        (
            yeastar_extensions.CORE,
            YEASTAR_EXTENSIONS | {"series": "p"},
            {"/extension/list": {**ONE, "data": [{"id": 1, "number": "201"}]}, "/extension/query": {"data": None}},
        ),
        (
            yeastar_extensions.CORE,
            YEASTAR_EXTENSIONS | {"series": "p"},
            {"/extension/list": {**ONE, "data": [{"id": 1, "number": "201", "online_status": {"sip_phone": 5}}]}},
        ),
        (yeastar_extensions.CORE, YEASTAR_EXTENSIONS | {"series": "s"}, {"/extension/list": {"extlist": [5]}}),
        (yeastar_extensions.CORE, YEASTAR_EXTENSIONS | {"series": "s"}, {"/extension/list": {"extlist": "none"}}),
        (yeastar_info.CORE, {"series": "s", "gather_subset": []}, {"/deviceinfo/query": {"deviceinfo": 5}}),
        (yeastar_calls.CORE, CALLS, FIRMWARE | {"/cdr/search": {**ONE, "data": [5]}}),
        (yeastar_reprovision.CORE, PHONES, {"/phone/search": {**ONE, "data": [{"mac": "00156574b150"}]}}),
    ],
)
def test_a_damaged_answer_is_named_as_one_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, core: Core, params: dict[str, Any], answers: Answers
) -> None:
    with pytest.raises(HardeningError) as caught:
        run(monkeypatch, core, answers, **params)
    assert "an answer is not what" in caught.value.message or "answer is not a list" in caught.value.message
    assert caught.value.message.startswith(("192.0.2.1:5001 as API client client: ", "reading "))
    changed = [path for method, path in FakeSession.sent if method in ("PATCH", "DELETE") or "update" in path]
    assert not changed


@pytest.mark.parametrize(
    ("module", "name", "core", "params", "answers"),
    [
        (security_plan, "plan_singleton", threecx_security.CORE, SECURITY, {}),
        (threecx_extensions, "plan_user", threecx_extensions.CORE, THREECX_EXTENSIONS, {}),
        (outbound.numbers, "plan_lists", yeastar_security.CORE, YEASTAR_SECURITY, FIRMWARE),
        (yeastar_extensions, "plan_extension", yeastar_extensions.CORE, YEASTAR_EXTENSIONS | {"series": "p"}, {}),
        (
            yeastar_extensions,
            "plan_extension",
            yeastar_extensions.CORE,
            YEASTAR_EXTENSIONS | {"series": "s"},
            {"/extension/list": {"extlist": []}},
        ),
    ],
)
def test_a_mistake_in_a_planner_is_a_mistake_in_a_planner(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, core: Core, params: dict[str, Any], answers: Answers
) -> None:
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(KeyError, match="ours"):
        run(monkeypatch, core, answers, **params)


def test_a_singleton_that_the_field_table_lacks_is_refused_when_the_collection_is_loaded() -> None:
    with pytest.raises(ValueError, match="network: the field table of NetworkSettings lacks DirectSIPAllowExternl"):
        singletons.Singleton("network", "NetworkSettings", {"sip_calls_from_outside": ("DirectSIPAllowExternl", bool)})
    with pytest.raises(ValueError, match="the field table of NetworkSetings lacks"):
        singletons.Singleton("network", "NetworkSetings", {"sip_calls_from_outside": ("DirectSIPAllowExternal", bool)})
