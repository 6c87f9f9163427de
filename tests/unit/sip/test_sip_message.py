# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the network says is read or refused, and never believed to be for us when it is not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import (
    MAX_TEXT,
    NotSipError,
    Request,
    answers,
    build_options,
    first_message,
    parse_response,
)

REQUEST = Request("TLS", "[2001:db8::5]:5061", "[2001:db8::9]:40000", "1@x", "z9hG4bKab", "t", "audit/1 (+a@b)")
ANSWER = (
    b"SIP/2.0 401 Unauthorized\r\n"
    b"v: SIP/2.0/TLS [2001:db8::9]:40000;received=::1;Branch = z9hG4bKab;rport=1\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKlower\r\n"
    b"I:1@x\r\nCSeq: 1\r\n\tOPTIONS\r\nUser-Agent: PBX\x1b[31m 20\r\nl: 4\r\n\r\nbody"
)
HOSTILE = st.one_of(
    st.binary(max_size=400),
    st.text(alphabet=string.printable, max_size=400).map(str.encode),
    st.tuples(st.integers(0, len(ANSWER)), st.binary(max_size=30)).map(
        lambda at: ANSWER[: at[0]] + at[1] + ANSWER[at[0] :]
    ),
)


def test_the_request_is_whole_and_can_be_told_from_an_attack() -> None:
    lines = build_options(REQUEST).decode().split("\r\n")
    assert lines[0] == "OPTIONS sip:[2001:db8::5]:5061;transport=tls SIP/2.0"
    assert "Via: SIP/2.0/TLS [2001:db8::9]:40000;rport;branch=z9hG4bKab" in lines
    assert "User-Agent: audit/1 (+a@b)" in lines
    assert {line.split(":")[0] for line in lines[1:-2]} >= {
        "Max-Forwards",
        "From",
        "To",
        "Call-ID",
        "CSeq",
        "Content-Length",
    }
    assert lines[-2:] == ["", ""]


def test_short_names_folded_lines_and_the_topmost_via_are_understood() -> None:
    response = parse_response(ANSWER)
    assert response is not None
    assert (response.status, response.phrase) == (401, "Unauthorized")
    assert (response.call_id, response.branch, response.method) == ("1@x", "z9hG4bKab", "OPTIONS")
    assert answers(response, REQUEST)


@pytest.mark.parametrize(
    ("ours", "other"), [(b"1@x", b"2@x"), (b"z9hG4bKab", b"z9hG4bKac"), (b"OPTIONS", b"INVITE"), (b"I:", b"Q:")]
)
def test_an_answer_to_another_request_is_not_ours(ours: bytes, other: bytes) -> None:
    response = parse_response(ANSWER.replace(ours, other))
    assert response is not None
    assert not answers(response, REQUEST)


def test_what_a_server_calls_itself_cannot_write_on_the_terminal() -> None:
    response = parse_response(ANSWER.replace(b"PBX", b"\xe2\x80\xae\x07" + b"x" * 5000))
    assert response is not None
    assert response.server.isprintable()
    assert len(response.server) == MAX_TEXT


def test_a_request_is_sip_but_no_answer() -> None:
    assert parse_response(build_options(REQUEST)) is None


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"SIP/2.0 999 X\r\n\r\n", b"SIP/2.0 20x OK\r\n\r\n", b"\0" * 70000],
)
def test_what_is_not_sip_is_refused(data: bytes) -> None:
    with pytest.raises(NotSipError):
        parse_response(data)


@given(HOSTILE)
def test_any_datagram_is_read_or_refused(data: bytes) -> None:
    try:
        response = parse_response(data)
    except NotSipError:
        return
    if response is not None:
        assert 100 <= response.status <= 699
        assert (response.phrase + response.server).replace(" ", "x").isprintable()


@given(HOSTILE)
def test_any_stream_is_read_refused_or_waited_for(data: bytes) -> None:
    try:
        found = first_message(data)
    except NotSipError:
        return
    if found is not None:
        message, rest = found
        assert data.endswith(message + rest)


@given(st.integers(0, len(ANSWER) * 2))
def test_messages_are_taken_from_a_stream_wherever_it_is_cut(cut: int) -> None:
    stream, rest, found = b"\r\n\r\n" + ANSWER + ANSWER, b"", []
    for piece in (stream[:cut], stream[cut:]):
        rest += piece
        while (message := first_message(rest)) is not None:
            found.append(message[0])
            rest = message[1]
    assert found == [ANSWER, ANSWER]


@pytest.mark.parametrize(
    "stream",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        ANSWER.replace(b"l: 4", b"l: -4"),
        ANSWER.replace(b"l: 4", b"l: 999999"),
        b"x" * 70000,
    ],
)
def test_a_stream_that_cannot_become_sip_is_refused_at_once(stream: bytes) -> None:
    with pytest.raises(NotSipError):
        first_message(stream)
