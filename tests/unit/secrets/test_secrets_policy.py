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
