# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Yeastar's extensions: what is sent, in the words of each series, and when a secret that cannot be read goes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import ExtensionSecrets
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.dialects import P_DIALECT, S_DIALECT, Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.extension import (
    Extension,
    Wanted,
    in_force,
    plan_extension,
    refused_secrets,
    wanted,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.restrictions import ListForm

SECRETS = ExtensionSecrets(
    auth_id=Secret("kD3nZ8qW2x"),
    sip_password=Secret("vT7pQ2mR9sX4wL6yB3nH"),
    voicemail_pin=Secret("830417"),
    phone_user_password=Secret("pL4kR8wN2tX6mQ9vB3zD"),
    phone_admin_password=Secret("hG5rW9tK2mP7xV4cQ8nJ"),
    web_password=Secret("Zb6yN1fD8sM3kT5wR9pL"),
)
ALL_SHOWN = frozenset(
    {"allow_reg_remotely", "enb_srtp", "transport", "disable_outb_call", "disable_office_time_outb_call"}
    | {"max_outb_call_duration", "enb_ip_rstr", "enb_user_agent_ident"}
)
FORMS = {"allowed_networks": ListForm("permit_ip_list", "ip", "mask"), "user_agents": ListForm("agent_list", "agent")}


def in_p_words(entry: dict[str, Any], shown: frozenset[str] = ALL_SHOWN) -> tuple[dict[str, Any], dict[str, str]]:
    want, lacking = wanted({"number": "1001", **entry}, None, P_DIALECT, shown, FORMS)
    return dict(want.properties), lacking


@pytest.mark.parametrize(
    ("entry", "properties"),
    [
        ({"concurrent_registrations": 2}, {"concurrent_registrations": 2}),
        ({"voicemail": True}, {"enb_vm": 1}),
        ({"voicemail": False}, {"enb_vm": 0}),
        ({"voicemail_asks_pin": True}, {"enb_vm_pin": 1}),
        ({"remote_registration": False}, {"allow_reg_remotely": 0}),
        ({"remote_registration": True}, {"allow_reg_remotely": 1}),
        ({"srtp": True}, {"enb_srtp": 1}),
        ({"transport": "tls"}, {"transport": "tls"}),
        ({"outbound_disabled": True}, {"disable_outb_call": 1}),
        ({"outbound_office_hours_only": True}, {"disable_office_time_outb_call": 1}),
        ({"max_call_seconds": 3600}, {"max_outb_call_duration": 3600}),
        ({"name": "Reception", "mac": "805ec0aabb01", "srtp": None}, {}),
        ({"allowed_networks": []}, {"enb_ip_rstr": 0}),
        (
            {"allowed_networks": ["192.168.10.0/24"]},
            {"enb_ip_rstr": 1, "permit_ip_list": [{"ip": "192.168.10.0", "mask": "255.255.255.0"}]},
        ),
        ({"user_agents": ["Yealink"]}, {"enb_user_agent_ident": 1, "agent_list": [{"agent": "Yealink"}]}),
    ],
)
def test_options_in_the_words_of_a_p_series(entry: dict[str, Any], properties: dict[str, Any]) -> None:
    assert in_p_words(entry) == (properties, {})


@pytest.mark.parametrize(
    ("option", "given", "key"),
    [
        ("remote_registration", False, "allow_reg_remotely"),
        ("srtp", True, "enb_srtp"),
        ("transport", "tls", "transport"),
        ("outbound_disabled", True, "disable_outb_call"),
        ("max_call_seconds", 60, "max_outb_call_duration"),
        ("allowed_networks", ["192.0.2.1/32"], "enb_ip_rstr"),
        ("user_agents", ["Yealink"], "enb_user_agent_ident"),
    ],
)
def test_a_name_that_the_pbx_does_not_show_is_not_sent(option: str, given: Any, key: str) -> None:
    properties, lacking = in_p_words({option: given}, frozenset())
    assert properties == {}
    assert lacking == {option: f"this PBX's firmware does not show {key}, so it is not sent"}


def test_documented_names_are_sent_to_a_pbx_that_shows_nothing_yet() -> None:
    entry = {"voicemail": True, "voicemail_asks_pin": True, "concurrent_registrations": 1}
    properties, lacking = in_p_words(entry, frozenset())
    assert properties == {"enb_vm": 1, "enb_vm_pin": 1, "concurrent_registrations": 1}
    assert lacking == {}


def test_options_in_the_words_of_an_s_series() -> None:
    entry = {
        "number": "1001",
        "concurrent_registrations": 2,
        "voicemail": True,
        "outbound_disabled": False,
        "srtp": True,
        "remote_registration": False,
        "allowed_networks": ["192.0.2.1/32"],
        "user_agents": [],
    }
    want, lacking = wanted(entry, SECRETS, S_DIALECT, frozenset(), FORMS)
    assert dict(want.properties) == {"maxregistrations": "2", "hasvoicemail": "on", "callrestriction": "off"}
    assert set(lacking) == {"srtp", "remote_registration", "allowed_networks"}
    assert set(lacking.values()) == {S_DIALECT.missing}
    assert dict(want.secrets) == {
        "registername": SECRETS.auth_id,
        "registerpassword": SECRETS.sip_password,
        "vmsecret": SECRETS.voicemail_pin,
    }


def test_secrets_in_the_words_of_a_p_series() -> None:
    want, _lacking = wanted({"number": "1001", "name": "Reception"}, SECRETS, P_DIALECT, (), {})
    assert (want.number, want.name, want.login) == ("1001", "Reception", SECRETS.web_password)
    assert dict(want.secrets) == {
        "reg_name": SECRETS.auth_id,
        "reg_password": SECRETS.sip_password,
        "vm_pin": SECRETS.voicemail_pin,
    }
    bare, _lacking = wanted({"number": "1001"}, None, P_DIALECT, (), {})
    assert (bare.name, bare.login, dict(bare.secrets)) == ("", None, {})
    assert "kD3n" not in repr(want) + repr(Extension(1, "1001", "", {}, want.secrets))


A, B, PIN, LOGIN = Secret("canary-a"), Secret("canary-b"), Secret("canary-pin"), Secret("canary-login")
WANT = Wanted("1001", "Anna", {"enb_srtp": 1}, {"reg_name": A, "reg_password": B}, LOGIN)


def have(properties: dict[str, Any] | None = None, **secrets: Secret) -> Extension:
    return Extension(7, "1001", "Anna", {"enb_srtp": 1} if properties is None else properties, secrets)


def body_of(want: Wanted, found: Extension | None, dialect: Dialect = P_DIALECT, **how: str) -> Any:
    change = plan_extension(want, found, dialect, **{"unreadable": "on_create", "login": "never", **how})
    return None if change is None else change.operation.body


def test_an_extension_as_declared_is_not_touched() -> None:
    assert body_of(WANT, have(reg_name=A, reg_password=B)) is None
    assert body_of(WANT, have(reg_name=A, reg_password=B, vm_pin=PIN)) is None


@pytest.mark.parametrize(
    ("found", "value", "same"),
    [
        (1, 1, True),
        ("1", 1, True),
        (1, "1", True),
        ("0", 1, False),
        (None, 1, False),
        (None, 0, False),
        ("True", True, False),
        (True, True, True),
        ("tls", "tls", True),
        ("udp", "tls", False),
    ],
)
def test_numbers_may_come_as_text(found: Any, value: Any, same: bool) -> None:
    want = Wanted("1001", "", {"x": value})
    assert (body_of(want, have({"x": found})) is None) is same


def test_lists_are_compared_as_lists() -> None:
    want = Wanted("1001", "", {"permit_ip_list": [{"ip": "192.0.2.1"}]})
    assert body_of(want, have({"permit_ip_list": [{"ip": "192.0.2.1", "id": 5}]})) is None
    assert body_of(want, have({"permit_ip_list": [{"ip": "192.0.2.1"}, {"ip": "192.0.2.9"}]})) is not None
    assert body_of(want, have({})) is not None


def test_only_what_differs_is_sent_and_secrets_are_not_shown() -> None:
    change = plan_extension(
        WANT, have({"enb_srtp": 0}, reg_name=A, reg_password=A), P_DIALECT, unreadable="never", login="never"
    )
    assert change is not None
    assert (change.operation.method, change.operation.path) == ("POST", "extension/update")
    assert change.operation.body == {"id": 7, "enb_srtp": 1, "reg_password": B}
    assert (change.number, change.created, change.secrets) == ("1001", False, ("reg_password",))
    assert change.before == {"enb_srtp": 0, "reg_password": A}
    assert change.after == {"enb_srtp": 1, "reg_password": B}
    assert "canary" not in repr(change) + repr(change.operation.shown())


@pytest.mark.parametrize(("unreadable", "sent"), [("never", False), ("on_create", False), ("always", True)])
def test_secrets_that_cannot_be_read_go_all_or_none(unreadable: str, sent: bool) -> None:
    """A new registration name with an old password would shut the phone out."""
    for found in (have(), have(reg_name=A), have(reg_name=B)):
        body = body_of(WANT, found, unreadable=unreadable)
        assert (body is not None) is sent
        if body:
            assert body == {"id": 7, "reg_name": A, "reg_password": B}


@pytest.mark.parametrize(
    ("known", "login", "sent"),
    [
        (None, "never", False),
        (None, "on_create", False),
        (None, "always", True),
        (LOGIN, "always", False),
        (LOGIN, "on_create", False),
        (A, "on_create", True),
        (A, "always", True),
        (A, "never", False),
    ],
)
def test_when_the_login_password_is_sent(known: Secret | None, login: str, sent: bool) -> None:
    secrets = {"reg_name": A, "reg_password": B, **({"user_password": known} if known else {})}
    body = body_of(WANT, have(**secrets), login=login)
    assert (body is not None) is sent
    if body:
        assert body == {"id": 7, "user_password": LOGIN}
    nobody = Wanted("1001", "", {}, {})
    assert body_of(nobody, have(), login="always") is None


def test_an_s_series_names_an_extension_by_its_number() -> None:
    want = Wanted("1001", "", {"hasvoicemail": "on"})
    found = Extension("1001", "1001", "", {"hasvoicemail": "off"})
    assert body_of(want, found, S_DIALECT) == {"number": "1001", "hasvoicemail": "on"}


@pytest.mark.parametrize(("login", "sent"), [("never", False), ("on_create", True), ("always", True)])
def test_a_new_extension_of_a_p_series(login: str, sent: bool) -> None:
    change = plan_extension(WANT, None, P_DIALECT, unreadable="never", login=login)
    assert change is not None
    assert change.created
    assert (change.operation.method, change.operation.path) == ("POST", "extension/create")
    assert change.operation.body == {
        "number": "1001",
        "first_name": "Anna",
        "last_name": "",
        "caller_id": "1001",
        "type": "SIP",
        "concurrent_registrations": 1,
        "presence_status": "available",
        "enb_vm": 1,
        "enb_vm_pin": 1,
        "enb_srtp": 1,
        "reg_name": A,
        "reg_password": B,
        **({"user_password": LOGIN} if sent else {}),
    }
    assert change.before == {}
    assert "number" not in change.after
    assert set(change.after) == set(change.operation.body) - {"number"}


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Anna Smith Jones", "Anna", "Smith Jones"),
        ("", "1001", ""),
        ("x" * 70 + " " + "y" * 70, "x" * 63, "y" * 63),
    ],
)
def test_names_of_a_new_extension_of_a_p_series(name: str, first: str, last: str) -> None:
    body = body_of(Wanted("1001", name, {}), None)
    assert (body["first_name"], body["last_name"]) == (first, last)


def test_a_new_extension_of_an_s_series() -> None:
    change = plan_extension(
        Wanted("1001", 'Anna & Tom: "desk"', {"maxregistrations": "2"}, {"registername": A}, LOGIN),
        None,
        S_DIALECT,
        unreadable="never",
        login="always",
    )
    assert change is not None
    assert change.operation.path == "extension/add"
    assert change.operation.body == {
        "number": "1001",
        "username": "Anna   Tom   desk",
        "callerid": "1001",
        "maxregistrations": "2",
        "hasvoicemail": "on",
        "registername": A,
        "loginpassword": LOGIN,
    }


@pytest.mark.parametrize(
    ("found", "written", "expected"),
    [
        (None, {"1001"}, False),
        (have(reg_name=A, reg_password=B), set(), True),
        (have(reg_name=A, reg_password=A), {"1001"}, False),
        (have(reg_name=A), set(), False),
        (have(reg_name=A), {"1001"}, True),
        (have(reg_name=B), {"1001"}, False),
        (have(), {"1002"}, False),
        (have(), {"1001"}, True),
    ],
)
def test_whose_secrets_the_pbx_has(found: Extension | None, written: set[str], expected: bool) -> None:
    assert in_force(WANT, found, written) is expected
    assert not in_force(Wanted("1001", "", {}), found, written)


def credentials(**changes: str) -> ExtensionSecrets:
    return ExtensionSecrets(**{**vars(SECRETS), **{name: Secret(value) for name, value in changes.items()}})


@pytest.mark.parametrize(
    ("secrets", "refused"),
    [
        (SECRETS, []),
        (credentials(sip_password="short"), ["SIP password"]),
        (credentials(sip_password="vT7pQ21001R9sX4wL6yB"), ["SIP password"]),
        (credentials(sip_password="vT7pReceptionX4wL6yB"), ["SIP password"]),
        (credentials(web_password="short"), ["web password"]),
        (credentials(web_password="Zb6y1001D8sM3kT5wR9p"), ["web password"]),
        (credentials(web_password=""), []),
        (credentials(voicemail_pin="1234"), ["voicemail PIN"]),
        (credentials(voicemail_pin="1001", sip_password="1"), ["SIP password", "voicemail PIN"]),
    ],
)
def test_credentials_that_a_yeastar_would_refuse(secrets: ExtensionSecrets, refused: list[str]) -> None:
    assert refused_secrets("1001", "Reception", secrets) == refused
