# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weak credentials are refused, and what is generated is never weak."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import generate, policy
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import FIELDS


@pytest.mark.parametrize(
    ("pin", "number", "why"),
    [
        ("201847", "201", "extension number"),
        ("847102", "201", "extension number"),
        ("123495", "201", "sequence"),
        ("958765", "201", "sequence"),
        ("678901", "444", "sequence"),
        ("555839", "201", "repeats a digit"),
        ("838383", "201", "repeats a pattern"),
        ("483483", "201", "repeats a pattern"),
        ("919195", "207", "a year"),
        ("419843", "201", "a year"),
        ("542026", "201", "a year"),
        ("482739", "94827391", "extension number"),
        ("937284", "94827391", "extension number"),
        ("48217", "201", "not 6 to 10 digits"),
        ("48217395041", "201", "not 6 to 10 digits"),
        ("4821x3", "201", "not 6 to 10 digits"),
        ("48217³", "201", "not 6 to 10 digits"),
        ("٤٨٢١٧٣", "201", "not 6 to 10 digits"),
    ],
)
def test_weak_pins(pin: str, number: str, why: str) -> None:
    assert any(why in problem for problem in policy.pin_problems(pin, number)), policy.pin_problems(pin, number)


@pytest.mark.parametrize("pin", ["482739", "730486", "5830461"])
def test_good_pins(pin: str) -> None:
    assert policy.pin_problems(pin, "201") == []


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("aB3" * 5, "length"),
        ("aB3" * 17, "length"),
        ("abcdefghijklmnop1", "lacks"),
        ("Abcdefghijklmnopq", "lacks"),
        ("Abcdefgh:jklmnop1", "other than letters and digits"),
        ("Abcdefgh201lmnopq", "extension number"),
        ("Abcdefgh1234mnopq", "side by side"),
        ("Abcdefgh9999mnopq", "side by side"),
        ("Abcdefgh73ijmnopq", "side by side"),
        ("Abcdefgh7smithnopq", "extension's name"),
        ("Abcdefgh7sMiThnopq", "extension's name"),
    ],
)
def test_weak_passwords(password: str, why: str) -> None:
    assert any(why in problem for problem in policy.password_problems(password, policy.SIP_PASSWORD, "201", "J. Smith"))


@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(r"[0-9]{1,8}", fullmatch=True),
    st.integers(16, 50),
    st.integers(6, 10),
    st.sampled_from(["", "Reception", "Jo Li", "B", "Zoë Müller"]),
    st.integers(),
)
def test_whatever_the_source_gives_only_strong_values_come_out(
    number: str, length: int, pin: int, name: str, seed: int
) -> None:
    source = random.Random(seed)
    made = generate.extension_secrets(
        number, length, pin, name, lambda size, alphabet: "".join(source.choices(alphabet, k=size))
    )
    assert policy.password_problems(made.sip_password.reveal(), policy.SIP_PASSWORD, number, name) == []
    assert len(made.sip_password.reveal()) == length
    assert policy.pin_problems(made.voicemail_pin.reveal(), number) == []
    assert len(made.voicemail_pin.reveal()) == pin
    assert number not in made.auth_id.reveal()
    assert made.auth_id.reveal()[0].isalpha()
    for phone in (made.phone_admin_password, made.phone_user_password):
        assert len(f"admin:{phone.reveal()}") <= 32
        assert ":" not in phone.reveal()
        assert number not in phone.reveal()


@settings(max_examples=50, deadline=None)
@given(st.integers())
def test_a_source_that_repeats_itself_gives_no_value_twice(seed: int) -> None:
    def word() -> generate.Word:
        source = random.Random(seed)
        return lambda size, alphabet: "".join(source.choices(alphabet, k=size))

    first = generate.extension_secrets("201", 20, 6, word=word())
    second = generate.extension_secrets("201", 20, 6, word=word(), used=[first])
    assert not [name for name in FIELDS if getattr(first, name) == getattr(second, name)]


def test_the_real_source_repeats_nothing() -> None:
    made = [generate.extension_secrets("201", 20, 6) for _ in range(200)]
    assert len({each.sip_password for each in made}) == len(made)
    assert len({each.auth_id for each in made}) == len(made)


def test_what_is_made_is_taken_by_every_product() -> None:
    made = generate.extension_secrets("201", 20, 6)
    for product in policy.PRODUCTS:
        assert product.sip_password.allow(len(made.sip_password.reveal())), product.name
        assert product.pin is None or product.pin.allow(len(made.voicemail_pin.reveal())), product.name
        assert len(made.auth_id.reveal()) <= (product.auth_id_longest or 999), product.name
        assert product.sip_password.allow(policy.SIP_PASSWORD.shortest), product.name
        assert product.sip_password.allow(policy.SIP_PASSWORD.longest), product.name


@pytest.mark.parametrize(
    ("lengths", "shortest", "longest"),
    [(policy.SIP_PASSWORD, 16, 50), (policy.PIN, 6, 10), (policy.PHONE_PASSWORD, 12, 26)],
)
def test_the_shortest_and_the_longest_that_all_products_take(
    lengths: policy.Lengths, shortest: int, longest: int
) -> None:
    assert lengths == (shortest, longest)
    assert [lengths.allow(length) for length in (shortest - 1, shortest, longest, longest + 1)] == [
        False,
        True,
        True,
        False,
    ]
    assert str(lengths) == f"{shortest} to {longest}"


@pytest.mark.parametrize(
    ("pin", "number", "problems"),
    [
        ("482730", "9", []),
        ("4827309516", "88", []),
        ("48273", "", ["it is not 6 to 10 digits"]),
        ("48273095168", "", ["it is not 6 to 10 digits"]),
        ("482704", "704", ["it contains the extension number or its reverse"]),
        ("407284", "704", ["it contains the extension number or its reverse"]),
        ("482730", "", []),
        ("481234", "", ["it contains a sequence"]),
        ("894321", "", ["it contains a sequence"]),
        ("483890", "", []),
        ("487890", "", ["it contains a sequence"]),
        ("480987", "", ["it contains a sequence"]),
        ("482555", "", ["it repeats a digit"]),
        ("482255", "", []),
        ("484848", "", ["it repeats a pattern"]),
        ("4848448", "", ["it repeats a pattern"]),
        ("482482", "", ["it repeats a pattern"]),
        ("48274827", "", ["it repeats a pattern"]),
        ("481972", "", ["it contains a year"]),
        ("482073", "", ["it contains a year"]),
        ("197364", "", ["it contains a year"]),
        ("473519", "", []),
        ("473520", "", []),
        ("473195", "", []),
    ],
)
def test_every_rule_of_a_pin_at_its_edge(pin: str, number: str, problems: list[str]) -> None:
    assert policy.pin_problems(pin, number) == problems


GOOD = "Abcdefgh7lmnopqR"


@pytest.mark.parametrize(
    ("password", "number", "name", "problems"),
    [
        (GOOD, "201", "J. Smith", []),
        (GOOD + "x" * 34, "", "", []),
        (GOOD[:-1], "", "", ["its length is not 16 to 50"]),
        (GOOD + "x" * 35, "", "", ["its length is not 16 to 50"]),
        (GOOD.replace("l", "-"), "", "", ["it has characters other than letters and digits"]),
        (GOOD.lower(), "", "", ["it lacks a lower-case letter, a capital or a digit"]),
        (GOOD.upper(), "", "", ["it lacks a lower-case letter, a capital or a digit"]),
        (GOOD.replace("7", "x"), "", "", ["it lacks a lower-case letter, a capital or a digit"]),
        (GOOD, "7", "", ["it contains the extension number"]),
        (GOOD, "", "Q", []),
        (GOOD, "", "PQ", ["it contains the extension's name"]),
        (GOOD, "", "xx, fgh", ["it contains the extension's name"]),
        ("Abcdefgh78mnopqR", "", "", ["it has two digits side by side"]),
        ("7bcdefgh7lmnopR4", "", "", []),
        ("Abcdefghilmnop77", "", "", ["it has two digits side by side"]),
    ],
)
def test_every_rule_of_a_password_at_its_edge(password: str, number: str, name: str, problems: list[str]) -> None:
    assert policy.password_problems(password, policy.SIP_PASSWORD, number, name) == problems


@pytest.mark.parametrize(
    ("text", "number"), [("0", True), ("0123456789", True), ("", False), ("1a", False), ("²", False)]
)
def test_a_number_is_digits_as_on_a_keypad(text: str, number: bool) -> None:
    assert policy.is_number(text) == number
