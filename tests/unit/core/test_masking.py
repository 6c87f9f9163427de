# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing shows a secret."""

from __future__ import annotations

import pickle

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.reconcile import (
    Action,
    State,
    compare,
    diff_entry,
    secret_diff,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK, Masker, Secret


def test_a_secret_is_never_formatted() -> None:
    secret = Secret("correct-horse")
    shown = f"{secret} {secret!r} {secret:>20} {[secret]} { ({'k': secret}) }"
    assert "horse" not in shown
    assert secret == Secret("correct-horse")
    assert secret.reveal() == "correct-horse"


def test_a_secret_is_not_pickled_by_accident() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("correct-horse"))


def test_long_secrets_are_removed_at_any_depth_and_short_ones_left() -> None:
    masker = Masker()
    masker.add("correct-horse", "1234", None, Secret("battery-staple"))
    cleaned = masker.clean({"msg": ["a correct-horse", {"battery-staple": ("port 1234",)}]})
    assert cleaned == {"msg": [f"a {MASK}", {MASK: ["port 1234"]}]}


def test_a_secret_that_holds_another_leaves_no_tail() -> None:
    masker = Masker()
    masker.add("abcdefgh", "abcdefghTAIL")
    assert masker.text("x abcdefghTAIL y") == f"x {MASK} y"


def test_diff_says_that_a_secret_changes_and_not_what_it_is() -> None:
    before, after = secret_diff(Secret("old-old-old"), Secret("new-new-new"))
    assert before != after
    assert "old" not in before
    assert "new" not in after


def test_diff_entry_masks_secrets_inside_data() -> None:
    entry = diff_entry("x", {"pin": Secret("123456")}, {"pin": Secret("654321"), "list": [{"a": 1, "b": [2]}]})
    assert "123456" not in str(entry)
    assert "654321" not in str(entry)
    assert entry["after"].endswith("\n")


HAVE = {"ours_a": 1, "ours_b": 2, "theirs": 3}
WANT = {"ours_a": 9, "new": 4}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.MERGED, [("update", "ours_a"), ("create", "new")]),
        (State.REPLACED, [("update", "ours_a"), ("create", "new"), ("delete", "ours_b")]),
        (State.OVERRIDDEN, [("update", "ours_a"), ("create", "new"), ("delete", "ours_b"), ("delete", "theirs")]),
        (State.DELETED, [("delete", "ours_a"), ("delete", "ours_b")]),
    ],
)
def test_states_mean_what_the_convention_says(state: State, expected: list[tuple[str, str]]) -> None:
    changes = compare(HAVE, WANT, state, lambda key, _item: key.startswith("ours"))
    assert [(change.action.value, change.key) for change in changes] == expected
    assert all((change.before is None) == (change.action is Action.CREATE) for change in changes)
