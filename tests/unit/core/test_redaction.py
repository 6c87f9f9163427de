# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing shows a secret."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK, Masker, Secret, redacted


def masker(*secrets: str | Secret | None) -> Masker:
    made = Masker()
    made.add(*secrets)
    return made


def test_a_secret_is_never_formatted() -> None:
    secret = Secret("correct-horse")
    shown = f"{secret} {secret!r} {secret:>20} {[secret]} { ({'k': secret}) }"
    assert "horse" not in shown
    assert f"[{secret:>10}]" == f"[  {MASK}]"
    assert secret.reveal() == "correct-horse"


def test_secrets_are_compared_by_value() -> None:
    assert Secret("correct-horse") == Secret("correct-horse")
    assert Secret("correct-horse") != Secret("battery-staple")
    assert Secret("correct-horse") != "correct-horse"
    assert len({Secret("correct-horse"), Secret("correct-horse"), Secret("battery-staple")}) == 2
    assert Secret("x")
    assert not Secret("")


def test_a_secret_is_not_pickled_by_accident() -> None:
    with pytest.raises(TypeError, match="reveal it on purpose"):
        pickle.dumps(Secret("correct-horse"))


@pytest.mark.parametrize("text", ["12345678", "x 12345678", "12345678 x", "1234567812345678", "12345671 12345678"])
def test_a_secret_of_exactly_eight_characters_is_masked_wherever_it_is(text: str) -> None:
    assert masker("12345678").text(text) == text.replace("12345678", MASK)


def test_a_value_of_seven_characters_is_left_to_its_wrapper() -> None:
    assert masker("1234567").text("port 1234567 of 12345678") == "port 1234567 of 12345678"


@pytest.mark.parametrize("secrets", [("abcdefgh", "abcdefghTAIL"), ("abcdefghTAIL", "abcdefgh")])
def test_a_secret_that_holds_another_leaves_no_tail(secrets: tuple[str, str]) -> None:
    assert masker(*secrets).text("x abcdefghTAIL y abcdefgh") == f"x {MASK} y {MASK}"


def test_a_secret_that_only_begins_like_the_text_changes_nothing() -> None:
    assert masker("abcdefgh-long").text("abcdefgh-lone abcdefgh") == "abcdefgh-lone abcdefgh"


@given(
    secrets=st.lists(st.text("ab", min_size=8, max_size=11), min_size=1, max_size=4),
    parts=st.lists(st.text("ab ", max_size=9), min_size=1, max_size=5),
    data=st.data(),
)
def test_no_secret_is_left_in_any_text(secrets: list[str], parts: list[str], data: st.DataObject) -> None:
    text = parts[0] + "".join(data.draw(st.sampled_from(secrets)) + part for part in parts[1:])
    shown = masker(*secrets).text(text)
    assert not [secret for secret in secrets if secret in shown]
    assert masker("c" * 8).text(text) == text


def test_results_are_cleaned_at_any_depth() -> None:
    cleaned = masker("correct-horse", "1234", None, Secret("battery-staple")).clean(
        {
            "msg": ["a correct-horse", {"battery-staple": ("port 1234",)}],
            "set": {"of correct-horse", "b"},
            "frozen": frozenset({"correct-horse"}),
            "wrapped": [Secret("1234"), {"pin": Secret("9")}],
            "as they are": [5060, 1.5, True, None],
            7: "seven",
        }
    )
    assert cleaned == {
        "msg": [f"a {MASK}", {MASK: ["port 1234"]}],
        "set": ["b", f"of {MASK}"],
        "frozen": [MASK],
        "wrapped": [MASK, {"pin": MASK}],
        "as they are": [5060, 1.5, True, None],
        7: "seven",
    }


def test_redacted_masks_what_is_wrapped_and_nothing_else() -> None:
    assert redacted({"a": [Secret("x"), "y", 1], "b": {"c": Secret("z")}}) == {"a": [MASK, "y", 1], "b": {"c": MASK}}
