# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NOTIFY that is sent, and which answers are to it."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import Request, answers, parse_response
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.notify import USER, CheckSync, build_notify
from lab.phones.sip_text import parse

REQUEST = Request("UDP", "192.0.2.1:5060", "192.0.2.9:40000", "1@x", "z9hG4bKab", "t", "sync/1", method="NOTIFY")


@pytest.mark.parametrize("reboot", [False, True])
def test_what_a_phone_reads_in_it(reboot: bool) -> None:
    message = parse(build_notify(CheckSync("201", "pbx.example.net", reboot=reboot), REQUEST, 1))
    assert (message.method, message.uri, message.user) == ("NOTIFY", "sip:201@pbx.example.net", "201")
    assert message.get("event") == f"check-sync;reboot={'true' if reboot else 'false'}"
    assert message.get("subscription-state") == "terminated"
    assert message.get("from") == "<sip:201@pbx.example.net>;tag=t"
    assert message.get("to") == "<sip:201@pbx.example.net>"
    assert message.to_tag == "", "a tag would make it part of a dialog"
    assert (message.sequence, message.branch, message.get("max-forwards")) == (1, "z9hG4bKab", "70")
    assert "rport" in message.get("via")
    assert message.get("contact") == "<sip:check-sync@192.0.2.9:40000>"
    assert message.body == b""


def test_credentials_and_transport_are_in_it() -> None:
    request = dataclasses.replace(REQUEST, transport="TLS", local="[2001:db8::9]:40000")
    message = parse(build_notify(CheckSync("201", "[2001:db8::1]"), request, 2, ["Authorization: Digest x", "X: y"]))
    assert message.uri == "sip:201@[2001:db8::1]"
    assert message.get("via").startswith("SIP/2.0/TLS [2001:db8::9]:40000;")
    assert message.get("contact") == "<sip:check-sync@[2001:db8::9]:40000;transport=tls>"
    assert (message.get("authorization"), message.get("x"), message.sequence) == ("Digest x", "y", 2)


@pytest.mark.parametrize(
    ("cseq", "branch", "ours"),
    [("1 NOTIFY", "z9hG4bKab", True), ("1 OPTIONS", "z9hG4bKab", False), ("1 NOTIFY", "z9hG4bKother", False)],
)
def test_an_answer_to_another_request_is_none(cseq: str, branch: str, ours: bool) -> None:
    data = f"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch={branch}\r\nCall-ID: 1@x\r\nCSeq: {cseq}\r\n\r\n"
    response = parse_response(data.encode())
    assert response is not None
    assert answers(response, REQUEST) == ours


def test_every_challenge_is_kept_in_its_order() -> None:
    response = parse_response(
        b"SIP/2.0 407 No\r\nProxy-Authenticate: Digest a\r\nWWW-Authenticate: Digest b\r\n"
        b"proxy-authenticate:Digest c,\r\n d\r\n\r\n"
    )
    assert response is not None
    assert response.challenges == (
        ("proxy-authenticate", "Digest a"),
        ("www-authenticate", "Digest b"),
        ("proxy-authenticate", "Digest c, d"),
    )


@pytest.mark.parametrize(
    ("user", "valid"),
    [("201", True), ("*67+a._-", True), ("", False), ("2 01", False), ("a@b", False), ("1\r\nX: y", False)],
)
def test_extensions_need_no_escaping(user: str, valid: bool) -> None:
    assert bool(USER.fullmatch(user)) == valid
