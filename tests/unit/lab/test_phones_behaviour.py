# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a simulated phone behaves with its settings: calls, NOTIFY, web page, accounts."""

from __future__ import annotations

import pytest

from lab.phones import Phone

MAC = "805ec0aabbcc"
PBX, PROXY, STRANGER = "192.0.2.10", "192.0.2.20", "203.0.113.66"
ACCOUNT = {
    "account.1.enable": "1",
    "account.1.user_name": "201",
    "account.1.password": "sip-s3cret",
    "account.1.sip_server.1.address": "pbx.example.net",
    "account.1.sip_server.1.port": "5061",
}


def phone(firmware: str = "108.86.0.20", account: bool = True, **options: object) -> Phone:
    settings = {**(ACCOUNT if account else {}), **options.pop("settings", {})}  # type: ignore[dict-item]
    hosts = {"pbx.example.net": [PBX]}
    return Phone(MAC, "T46U", firmware, settings=settings, hosts=hosts, **options)  # type: ignore[arg-type]


# trust, direct IP calls, source, called user -> answer (yealink.md 3)
INVITES = [
    ("0", "1", STRANGER, "100", "ring"),
    ("0", "0", STRANGER, "100", "404"),
    ("0", "0", STRANGER, "201", "ring"),
    ("1", "1", STRANGER, "201", "drop"),
    ("1", "0", STRANGER, "201", "drop"),
    ("1", "0", PBX, "201", "ring"),
    ("1", "0", PBX, "999", "404"),
]


@pytest.mark.parametrize(("trust", "direct", "source", "user", "answer"), INVITES)
def test_invite(trust: str, direct: str, source: str, user: str, answer: str) -> None:
    settings = {"sip.trust_ctrl": trust, "features.direct_ip_call_enable": direct}
    assert phone(settings=settings).answers_invite(source, user) == answer
    early = {"account.1.sip_trust_ctrl": trust, "features.direct_ip_call_enable": direct}
    assert phone("28.73.0.50", settings=early).answers_invite(source, user) == answer


def test_a_factory_phone_rings_for_anybody() -> None:
    assert phone().answers_invite(STRANGER, "100") == "ring"


def test_without_an_account_nobody_is_trusted() -> None:
    assert phone(account=False, settings={"sip.trust_ctrl": "1"}).answers_invite(PBX, "201") == "drop"


def test_choices_the_reference_leaves_open() -> None:
    hard = {"sip.trust_ctrl": "1"}
    assert phone(settings=hard, trust_action="403").answers_invite(STRANGER, "201") == "403"
    by_port = phone(settings=hard, trust_compare="ip_port")
    assert by_port.answers_invite(PBX, "201", 5061) == "ring"
    assert by_port.answers_invite(PBX, "201", 5060) == "drop"
    assert phone(settings=hard).answers_invite(PBX, "201", 5060) == "ring"


@pytest.mark.parametrize(("enabled", "answer"), [("1", "ring"), ("0", "drop")])
def test_the_outbound_proxy_is_trusted_if_used(enabled: str, answer: str) -> None:
    proxy = {"account.1.outbound_proxy_enable": enabled, "account.1.outbound_proxy.1.address": PROXY}
    assert phone(settings={**proxy, "sip.trust_ctrl": "1"}).answers_invite(PROXY, "201") == answer


NOTIFIES = [
    ("0", "check-sync", "provision"),
    ("0", "check-sync;reboot=false", "provision"),
    ("0", "check-sync;reboot=true", "reboot"),
    ("1", "check-sync", "reboot"),
    ("1", "check-sync;reboot=false", "reboot"),
    ("1", "check-sync;reboot=true", "reboot"),
    ("2", "check-sync", "ignored"),
    ("2", "check-sync;reboot=false", "ignored"),
    ("2", "check-sync;reboot=true", "ignored"),
    ("0", "message-summary", "ignored"),
]


@pytest.mark.parametrize(("mode", "event", "result"), NOTIFIES)
def test_notify(mode: str, event: str, result: str) -> None:
    settings = {"sip.notify_reboot_enable": mode}
    assert phone(settings=settings).on_notify(STRANGER, event) == result
    trusting = phone(settings={**settings, "sip.trust_ctrl": "1"})
    assert trusting.on_notify(PBX, event) == result
    assert trusting.on_notify(STRANGER, event) == "drop"


def test_action_uri_notify_follows_its_switch() -> None:
    assert phone().on_notify(STRANGER, "ACTION-URI") == "action"
    assert phone(settings={"features.action_uri.enable": "0"}).on_notify(STRANGER, "ACTION-URI") == "ignored"


@pytest.mark.parametrize(
    ("limit", "source", "allowed"),
    [
        (None, "192.0.2.7", False),
        ("any", "203.0.113.1", True),
        ("10.10.*.*,192.0.2.7", "192.0.2.7", True),
        ("10.10.*.*,192.0.2.7", "10.10.3.4", True),
        ("10.10.*.*,192.0.2.7", "10.11.3.4", False),
        ("192.0.2.7", "192.0.2.70", False),
    ],
)
def test_action_uri(limit: str | None, source: str, allowed: bool) -> None:
    settings = {"features.action_uri_limit_ip": limit} if limit else {}
    assert phone(settings=settings).action_uri(source) == allowed
    assert not phone(settings={**settings, "features.action_uri.enable": "0"}).action_uri(source)


def test_factory_web_logins() -> None:
    fresh = phone()
    assert fresh.web_login("admin", "admin")
    assert fresh.web_login("user", "user")
    assert not fresh.web_login("var", "var")
    assert not fresh.web_login("admin", "user")
    assert phone(settings={"static.security.var_enable": "1"}).web_login("var", "var")
    closed = phone(settings={"static.wui.http_enable": "0", "static.wui.https_enable": "0"})
    assert not closed.web_login("admin", "admin")


@pytest.mark.parametrize(
    ("firmware", "settings", "transport", "srtp"),
    [
        ("108.86.0.20", {}, "udp", "off"),
        (
            "108.86.0.20",
            {"account.1.sip_server.1.transport_type": "2", "account.1.srtp_encryption": "2"},
            "tls",
            "compulsory",
        ),
        ("28.73.0.50", {"account.1.transport": "2", "account.1.srtp_encryption": "2"}, "tls", "optional"),
        ("28.73.0.50", {"account.1.srtp_encryption": "1"}, "udp", "compulsory"),
    ],
)
def test_accounts_show_what_calls_will_use(firmware: str, settings: dict[str, str], transport: str, srtp: str) -> None:
    fitted = phone(firmware, settings=settings)
    (account,) = fitted.sip_accounts()
    assert (account.server, account.port, account.user) == ("pbx.example.net", 5061, "201")
    assert (account.transport, account.srtp) == (transport, srtp)
    assert fitted.sip_password(1) == "sip-s3cret"
    assert "s3cret" not in repr(account) + repr(fitted) + repr(fitted.state) + str(
        fitted.effective("account.1.password")
    )
