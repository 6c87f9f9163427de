# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Digest answers are those of the RFCs, and a challenge gets nothing into a request but itself."""

from __future__ import annotations

import itertools
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.digest import (
    Authentication,
    CannotAnswerError,
    Challenge,
    Credentials,
    authorization,
    parse_challenge,
    user_problem,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import NotSipError, parse_response

WWW, PROXY = "www-authenticate", "proxy-authenticate"
RFC2617 = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
    'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
RFC2069 = 'Digest realm="testrealm@host.com",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
RFC7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
MUFASA = Credentials("Mufasa", Secret("Circle of Life"))


@pytest.mark.parametrize(
    ("challenge", "password", "cnonce", "response"),
    [
        (RFC2617, "Circle Of Life", "0a4f113b", "6629fae49393a05397450978507c4ef1"),
        (RFC2069, "CircleOfLife", "", "1949323746fe6a43ef61f9606e7febea"),
        (RFC7616.format("MD5"), "Circle of Life", CNONCE, "8ca523f5e9506fed4657c9700eebdbec"),
        (
            RFC7616.format("SHA-256"),
            "Circle of Life",
            CNONCE,
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ],
    ids=["RFC 2617 3.5", "RFC 2069 2.4 with its erratum", "RFC 7616 3.9.1 MD5", "RFC 7616 3.9.1 SHA-256"],
)
def test_the_examples_of_the_rfcs(challenge: str, password: str, cnonce: str, response: str) -> None:
    said = Credentials("Mufasa", Secret(password))
    header = authorization(parse_challenge(WWW, challenge), said, "GET", "/dir/index.html", cnonce=cnonce, count=1)
    assert header.startswith('Authorization: Digest username="Mufasa", realm="')
    assert f'response="{response}"' in header
    assert ("qop=auth, nc=00000001" in header) == ("qop" in challenge)
    assert password not in header


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ('Basic realm="x"', "not of the scheme Digest"),
        ('Digest nonce="x"', "no realm or no nonce"),
        ('Digest realm="x", nonce=""', "no realm or no nonce"),
        ('Digest realm="x", nonce="y", algorithm=SHA-512-256', "an algorithm other than"),
        ('Digest realm="x", nonce="y", algorithm=MD5-sess', "an algorithm other than"),
        ('Digest realm="x", nonce="y", qop="auth-int"', "no qop=auth"),
        ('Digest realm="x" nonce="y"', "not a list of parameters"),
        ('Digest realm="x, nonce="y"', "not a list of parameters"),
        # Between quotes, in the answer, it would end the quotes too late.
        ('Digest realm="x", nonce="y", opaque=\\', "not a list of parameters"),
        ('Digest realm="x\rEvent: y", nonce="y"', "control characters"),
        ('Digest realm="' + "x" * 2000 + '", nonce="y"', "too long"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(value: str, problem: str) -> None:
    with pytest.raises(NotSipError, match=problem):
        parse_challenge(WWW, value)


SAFE = st.text(st.characters(exclude_characters='"\\', exclude_categories=["C", "Z"]), min_size=1, max_size=30)
"""Text that a server may put between quotes."""
HOSTILE = st.text(st.sampled_from('aé0 ,;:="\\\r\n\t\x00\x7f\u2028')) | st.text()
"""Text that would end the quotes, the line or the header."""
EXTRA = st.lists(
    st.sampled_from(
        ["algorithm=MD5", 'algorithm="SHA-256"', 'qop="auth"', "qop=auth", 'charset="UTF-8"', "stale=FALSE"]
    )
)


def fields(line: str) -> dict[str, str]:
    """The parameters of a header line, taken apart by the grammar of RFC 2617 and not by the code under test."""
    name, _colon, value = line.partition(": Digest ")
    assert name in ("Authorization", "Proxy-Authorization")
    pattern = re.compile(r'([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9-]+))(?:, |$)')
    found, position = {}, 0
    while position < len(value):
        match = pattern.match(value, position)
        assert match, value[position:]
        assert match[1] not in found, "a parameter is there twice"
        found[match[1]] = match[2] if match[3] is None else match[3]
        position = match.end()
    return found


@given(SAFE, SAFE, st.none() | SAFE, EXTRA, st.sampled_from([",", ", ", " ,  "]), st.sampled_from([WWW, PROXY]))
def test_every_proper_challenge_is_answered_with_what_it_asked_for(
    realm: str, nonce: str, opaque: str | None, extra: list[str], comma: str, header: str
) -> None:
    parts = [f'nonce="{nonce}"', f'realm="{realm}"', *extra, *([f'opaque="{opaque}"'] if opaque is not None else [])]
    challenge = parse_challenge(header, f"Digest {comma.join(parts)}")
    line = authorization(challenge, MUFASA, "NOTIFY", "sip:a@b", cnonce="c", count=17)
    found = fields(line)
    assert (found["realm"], found["nonce"], found.get("opaque")) == (realm, nonce, opaque)
    assert (found["username"], found["uri"]) == ("Mufasa", "sip:a@b")
    asks = any(each.startswith("qop") for each in extra)
    assert (found.get("qop"), found.get("nc"), found.get("cnonce")) == (
        ("auth", "00000011", "c") if asks else (None, None, None)
    )
    assert line.startswith("Proxy-" if header == PROXY else "Authorization")
    assert "Circle" not in line


@given(SAFE | HOSTILE, SAFE | HOSTILE, SAFE | HOSTILE, st.booleans())
def test_a_hostile_challenge_gets_no_more_than_itself_into_the_answer(
    realm: str, nonce: str, more: str, quoted: bool
) -> None:
    mark = '"' if quoted else ""
    text = f'Digest realm="{realm}", nonce="n{nonce}", opaque={mark}{more}{mark}'
    try:
        challenge = parse_challenge(PROXY, text)
    except NotSipError:
        # Refused only for a reason: what has none is taken, as the test above shows.
        assert not text.isprintable() or set(realm + nonce + more) & set('"\\,; =') or not more
        return
    line = authorization(challenge, MUFASA, "NOTIFY", "sip:a@b", cnonce="c", count=1)
    assert line.isprintable()
    assert set(fields(line)) <= {
        *("username", "realm", "nonce", "uri", "response", "algorithm", "opaque", "qop", "nc", "cnonce"),
    }


@given(st.binary(max_size=60), st.text(string.printable, max_size=60), SAFE)
def test_an_answer_with_any_challenge_is_read_and_the_proper_one_is_answered(
    noise: bytes, text: str, realm: str
) -> None:
    flat = text.replace("\r", "").replace("\n", "")
    noisy = noise.replace(b"\r", b"").replace(b"\n", b"")
    data = (
        b"SIP/2.0 407 No\r\nProxy-Authenticate: " + noisy
        + b"\r\nWWW-Authenticate: Digest " + flat.encode()
        + f'\r\nWWW-Authenticate: Digest realm="{realm}", nonce="n"\r\n\r\n'.encode()
    )  # fmt: skip
    response = parse_response(data)
    assert response is not None
    assert len(response.challenges) == 3
    authentication = Authentication(MUFASA, "", lambda: "c")
    authentication.take(response.challenges)
    lines = authentication.headers("NOTIFY", "sip:a@b")
    assert all(line.isprintable() for line in lines)
    assert realm in {fields(line)["realm"] for line in lines if line.startswith("Authorization")}


@pytest.mark.parametrize("length", [1999, 2000, 2001])
def test_a_challenge_of_two_thousand_characters_is_the_longest(length: int) -> None:
    text = 'Digest realm="", nonce="y"'
    text = text.replace('realm=""', f'realm="{"x" * (length - len(text))}"')
    assert len(text) == length
    if length > 2000:
        with pytest.raises(NotSipError, match="too long"):
            parse_challenge(WWW, text)
    else:
        assert parse_challenge(WWW, text).nonce == "y"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('Digest realm="", nonce="y"', Challenge(WWW, "", "y")),
        ('DIGEST  REALM="x" ,Nonce="y"', Challenge(WWW, "x", "y")),
        ('Digest\trealm="x",\tnonce="y"', Challenge(WWW, "x", "y")),
        ("Digest realm=x, nonce=y", Challenge(WWW, "x", "y")),
        ('Digest realm="x", realm="z", nonce="y", nonce="w"', Challenge(WWW, "x", "y")),
        ('Digest realm="x", nonce="y", algorithm=md5', Challenge(WWW, "x", "y", "MD5")),
        ('Digest realm="x", nonce="y", qop="auth-int, AUTH"', Challenge(WWW, "x", "y", qop=True)),
        ('Digest realm="x", nonce="y", qop=""', Challenge(WWW, "x", "y")),
        ('Digest realm="x", nonce="y", opaque=""', Challenge(WWW, "x", "y", opaque="")),
        ('Digest realm="x", nonce="y", stale="True"', Challenge(WWW, "x", "y", stale=True)),
        ('Digest realm="x", nonce="y", stale=maybe', Challenge(WWW, "x", "y")),
        ('Digest realm="a \\"b\\"", nonce="y"', Challenge(WWW, 'a \\"b\\"', "y")),
    ],
)
def test_what_a_challenge_says(value: str, expected: Challenge) -> None:
    assert parse_challenge(WWW, value) == expected


def conversation(credentials: Credentials | None = MUFASA) -> Authentication:
    numbers = itertools.count()
    return Authentication(credentials, "no credentials", lambda: f"c{next(numbers)}")


def digest(realm: str = "r", nonce: str = "n", more: str = ', qop="auth"') -> str:
    return f'Digest realm="{realm}", nonce="{nonce}"{more}'


def test_nothing_is_said_before_it_is_asked_for() -> None:
    assert conversation().headers("NOTIFY", "sip:a@b") == []


def test_the_first_challenge_of_a_realm_that_is_understood_counts() -> None:
    asked = conversation()
    algorithms = ("SHA-512-256", "SHA-256", "MD5")
    asked.take([(PROXY, digest(more=f", algorithm={each}")) for each in algorithms])
    (line,) = asked.headers("NOTIFY", "sip:a@b")
    assert "algorithm=SHA-256" in line


def test_a_proxy_and_the_phone_behind_it_are_both_answered_and_uses_are_counted() -> None:
    asked = conversation()
    asked.take([(PROXY, digest("pbx", "n1"))])
    (first,) = asked.headers("NOTIFY", "sip:a@b")
    asked.take([(WWW, digest("phone", "n2"))])
    second = asked.headers("NOTIFY", "sip:a@b")
    assert 'nonce="n1"' in first
    assert "nc=00000001" in first
    assert [line.partition(":")[0] for line in second] == ["Proxy-Authorization", "Authorization"]
    assert "nc=00000002" in second[0]
    assert 'cnonce="c0"' in first
    assert 'cnonce="c1"' in second[0]
    assert "nc=00000001" in second[1]


def test_a_stale_nonce_is_replaced_and_a_second_challenge_otherwise_is_a_refusal() -> None:
    asked = conversation()
    asked.take([(PROXY, digest(nonce="old"))])
    asked.take([(PROXY, digest(nonce="new", more=", stale=TRUE"))])
    (line,) = asked.headers("NOTIFY", "sip:a@b")
    assert 'nonce="new"' in line
    with pytest.raises(CannotAnswerError, match="the credentials were refused"):
        asked.take([(PROXY, digest(nonce="newer"))])


def test_what_is_missing_is_told() -> None:
    with pytest.raises(CannotAnswerError, match="no credentials"):
        conversation(None).take([(PROXY, digest())])
    with pytest.raises(CannotAnswerError, match="without a challenge"):
        conversation().take([])
    with pytest.raises(CannotAnswerError, match="scheme Digest"):
        conversation().take([(WWW, "Negotiate")])


@pytest.mark.parametrize(
    ("user", "valid"), [("a b@c", True), ("", False), ('a"b', False), ("a\\b", False), ("a\nb", False)]
)
def test_a_users_name_fits_a_header(user: str, valid: bool) -> None:
    assert (user_problem(user) is None) == valid
