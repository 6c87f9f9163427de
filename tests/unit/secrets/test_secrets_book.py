# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists stays; what is asked for changes; nothing known to work is lost before it is confirmed."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    FIELDS,
    Changes,
    CredentialStore,
    Entry,
    ExtensionSecrets,
    Request,
    parse,
    plan,
    serialise,
)

COUNTER = itertools.count()


def make(number: str, _used: Sequence[ExtensionSecrets]) -> ExtensionSecrets:
    return ExtensionSecrets(*(Secret(f"{number}-{name}-{next(COUNTER)}") for name in "abcdef"))


def step(book: CredentialStore, **request: object) -> tuple[CredentialStore, Changes]:
    return plan(book, Request(**request), make, lambda: Secret("shared"))  # type: ignore[arg-type]


def test_missing_ones_are_made_and_existing_ones_kept() -> None:
    first, changes = step(CredentialStore(), extensions={"201": 1})
    assert (changes.created, changes.provisioning_password) == (("201",), True)
    second, changes = step(first, extensions={"201": 1, "202": 1})
    assert (changes.created, changes.unchanged) == (("202",), ("201",))
    assert second.extensions["201"] == first.extensions["201"]
    assert not step(second, extensions={"201": 1, "202": 1})[1].any


def test_a_generation_rotates_once() -> None:
    first, _changes = step(CredentialStore(), extensions={"201": 1, "202": 1})
    second, changes = step(first, extensions={"201": 2, "202": 1})
    assert (changes.rotated, changes.unchanged) == (("201",), ("202",))
    assert second.extensions["201"].previous == first.extensions["201"].current
    assert not step(second, extensions={"201": 2, "202": 1})[1].any
    assert not step(second, extensions={"201": 1, "202": 1})[1].any, "a lower generation asks for nothing"


def test_rotation_by_name_rotates_each_time() -> None:
    book, _changes = step(CredentialStore(), extensions={"201": 1})
    for generation in (2, 3):
        book, changes = step(book, extensions={"201": 1}, rotate=["201"])
        assert changes.rotated == ("201",)
        assert book.extensions["201"].generation == generation


def test_the_generation_known_to_work_survives_a_second_rotation_and_goes_when_confirmed() -> None:
    first, _changes = step(CredentialStore(), extensions={"201": 1})
    second, _changes = step(first, extensions={"201": 2})
    third, _changes = step(second, extensions={"201": 3})
    assert third.extensions["201"].previous == first.extensions["201"].current
    fourth, changes = step(third, extensions={"201": 3}, confirm=["201"])
    assert changes.confirmed == ("201",)
    assert fourth.extensions["201"].previous is None
    assert not step(fourth, extensions={"201": 3}, confirm=["201"])[1].any


def test_what_a_rotating_run_confirms_is_what_it_keeps() -> None:
    first, _changes = step(CredentialStore(), extensions={"201": 1})
    second, _changes = step(first, extensions={"201": 2})
    third, changes = step(second, extensions={"201": 3}, confirm=["201"])
    assert (changes.confirmed, changes.rotated) == (("201",), ("201",))
    assert third.extensions["201"].previous == second.extensions["201"].current


def test_a_rotation_is_told_what_it_may_not_make_again() -> None:
    told: list[int] = []

    def remember(number: str, used: Sequence[ExtensionSecrets]) -> ExtensionSecrets:
        told.append(len(used))
        return make(number, used)

    book = CredentialStore()
    for generation in (1, 2, 3):
        book, _changes = plan(book, Request({"201": generation}), remember, lambda: Secret("shared"))
    assert told == [0, 1, 2]


def test_undeclared_ones_are_kept_and_reported_until_their_removal_is_asked_for() -> None:
    first, _changes = step(CredentialStore(), extensions={"201": 1, "202": 1})
    second, changes = step(first, extensions={"201": 1})
    assert (changes.orphaned, changes.any) == (("202",), False)
    assert "202" in second.extensions
    third, changes = step(second, extensions={"201": 1}, remove_orphaned=True)
    assert (changes.removed, sorted(third.extensions)) == (("202",), ["201"])


def test_the_text_is_stable_and_comes_back_whole() -> None:
    book, _changes = step(CredentialStore(), extensions={"202": 1, "201": 1})
    book, _changes = step(book, extensions={"202": 2, "201": 1})
    text = serialise(book)
    assert parse(text, "x") == book
    assert serialise(parse(text, "x")) == text


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format": 1}',
        b'{"format": 1, "extensions": {"201": {"secret-x": 1}}}',
        b'{"format": 1, "extensions": {"201": {"generation": 1, "current": "secret-x"}}}',
        b'{"format": 1, "extensions": {"201": {"generation": 1, "current": {"auth_id": "secret-x", "sip_password": 7, '
        b'"voicemail_pin": 4, "phone_admin_password": "a", "phone_user_password": "b"}}}}',
    ],
)
def test_damage_is_told_without_the_content(text: bytes) -> None:
    with pytest.raises(HardeningError, match="file.vault is not a credentials file") as error:
        parse(text, "file.vault")
    assert "secret-x" not in str(error.value)


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(HardeningError, match="format 2; this release of the collection knows format 1"):
        parse(b'{"format": 2, "extensions": {}}', "file.vault")


NUMBERS = st.sampled_from(["201", "202", "203", "0204"])
REQUESTS = st.builds(
    Request,
    extensions=st.dictionaries(NUMBERS, st.integers(1, 4)),
    rotate=st.lists(NUMBERS, max_size=2),
    confirm=st.lists(NUMBERS, max_size=2),
    remove_orphaned=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(REQUESTS, max_size=8))
def test_over_any_history_nothing_changes_unasked_and_nothing_that_works_is_lost(history: list[Request]) -> None:
    before = CredentialStore()
    for request in history:
        after, changes = plan(before, request, make, lambda: Secret("shared"))
        assert parse(serialise(after), "x") == after
        for number, wanted in request.extensions.items():
            old, new = before.extensions.get(number), after.extensions[number]
            assert new.generation >= wanted
            if old is None:
                continue
            assert new.generation >= old.generation
            asked = number in request.rotate or old.generation < wanted
            assert (new.current != old.current) == asked == (number in changes.rotated)
            confirmed = number in request.confirm
            works = old.current if confirmed or old.previous is None else old.previous
            assert works in (new.current, new.previous)
        for number in set(before.extensions) - set(request.extensions):
            kept = after.extensions.get(number)
            assert kept == (None if request.remove_orphaned else before.extensions[number])
        assert changes.any == (serialise(after) != serialise(before))
        again = Request(request.extensions, remove_orphaned=request.remove_orphaned)
        assert not plan(after, again, make, lambda: Secret("other"))[1].any
        before = after


def test_what_a_device_may_still_have_is_kept_until_it_is_known() -> None:
    first, _changes = step(CredentialStore(), extensions={"201": 1})
    second, _changes = step(first, extensions={"201": 1}, rotate=["201"])
    third, _changes = step(second, extensions={"201": 1}, rotate=["201"])
    entry = third.extensions["201"]
    assert entry.previous == first.extensions["201"].current
    assert entry.between == (second.extensions["201"].current,)
    assert parse(serialise(third), "file") == third
    confirmed, _changes = step(third, extensions={"201": 1}, confirm=["201"])
    assert confirmed.extensions["201"].kept() == (entry.current,)


def test_a_rotation_that_failed_is_taken_back_and_nothing_is_forgotten() -> None:
    first, _changes = step(CredentialStore(), extensions={"201": 1})
    second, _changes = step(first, extensions={"201": 2})
    third, changes = step(second, extensions={"201": 1}, revert=["201"])
    entry = third.extensions["201"]
    assert changes.reverted == ("201",)
    assert (entry.current, entry.previous) == (first.extensions["201"].current, second.extensions["201"].current)
    assert parse(serialise(third), "file") == third
    waiting, changes = step(third, extensions={"201": 2})
    assert not changes.any
    assert waiting.extensions["201"].current == entry.current
    confirmed, changes = step(third, extensions={"201": 1}, confirm=["201"])
    assert confirmed.extensions["201"].kept() == (entry.current,)
    assert step(confirmed, extensions={"201": 2})[1].rotated == ("201",), "the declared generation is tried again"


def test_a_file_of_an_earlier_release_is_completed() -> None:
    first, _changes = step(CredentialStore(), extensions={"201": 1})
    older = parse(serialise(first).replace(b'"web_password"', b'"unknown_to_us"'), "file")
    assert not older.extensions["201"].current.web_password
    second, changes = step(older, extensions={"201": 1})
    assert changes.completed == ("201",)
    assert second.extensions["201"].current.web_password
    assert second.extensions["201"].current.sip_password == first.extensions["201"].current.sip_password
    assert not step(second, extensions={"201": 1})[1].any


def revealed(each: ExtensionSecrets) -> set[str]:
    return {getattr(each, name).reveal() for name in FIELDS}


def test_every_value_that_is_kept_is_told_to_the_masker() -> None:
    current, previous, between = (make("201", ()) for _ in range(3))
    entry = Entry(3, current, previous, between=(between,))
    found = [secret.reveal() for secret in CredentialStore({"201": entry}, Secret("shared")).secrets()]
    assert set(found) == revealed(current) | revealed(previous) | revealed(between) | {"shared"}
    assert len(found) == 3 * len(FIELDS) + 1
    assert list(CredentialStore().secrets()) == []


def test_devices_get_the_current_generation_and_no_invented_password() -> None:
    current, previous = make("201", ()), make("201", ())
    store = CredentialStore({"201": Entry(2, current, previous)})
    assert store.for_devices().extensions == {"201": current}
    assert store.for_devices().provisioning_password == Secret("")
    assert CredentialStore({}, Secret("shared")).for_devices().provisioning_password == Secret("shared")


def test_the_provisioning_password_is_made_once() -> None:
    first, changes = step(CredentialStore(), extensions={})
    assert changes.provisioning_password
    second, changes = plan(first, Request({}), make, lambda: Secret("another"))
    assert second.provisioning_password == Secret("shared")
    assert not changes.any


def test_a_rotation_may_make_nothing_that_is_kept_again() -> None:
    told: list[tuple[ExtensionSecrets, ...]] = []

    def remember(number: str, used: Sequence[ExtensionSecrets]) -> ExtensionSecrets:
        told.append(tuple(used))
        return make(number, used)

    entry = Entry(3, make("201", ()), make("201", ()), between=(make("201", ()), make("201", ())))
    plan(CredentialStore({"201": entry}), Request({"201": 4}), remember, lambda: Secret("shared"))
    assert told == [(entry.current, entry.previous, *entry.between)]


def test_a_rotation_by_name_and_by_generation_reaches_the_higher_of_both() -> None:
    store = CredentialStore({"201": Entry(3, make("201", ()))}, Secret("shared"))
    for wanted, rotate, reached in ((3, [], 3), (3, ["201"], 4), (9, ["201"], 9), (9, [], 9), (1, ["201"], 4)):
        after, changes = step(store, extensions={"201": wanted}, rotate=rotate)
        assert after.extensions["201"].generation == reached
        assert changes.rotated == (("201",) if reached > 3 else ())


@pytest.mark.parametrize("generation", [1, 2, 5])
def test_a_generation_that_is_taken_back_counts_down_and_never_below_one(generation: int) -> None:
    current, previous, between = (make("201", ()) for _ in range(3))
    store = CredentialStore({"201": Entry(generation, current, previous, between=(between,))}, Secret("shared"))
    after, changes = step(store, extensions={"201": generation}, revert=["201"])
    assert after.extensions["201"] == Entry(
        max(1, generation - 1), previous, current, reverted=True, between=(between,)
    )
    assert changes.reverted == ("201",)
    again, changes = step(after, extensions={"201": 1}, revert=["201"])
    assert again.extensions["201"] == after.extensions["201"], "taken back once is enough"
    assert changes.reverted == ()


def test_without_a_generation_before_there_is_nothing_to_take_back_or_to_confirm() -> None:
    store = CredentialStore({"201": Entry(2, make("201", ()))}, Secret("shared"))
    for request in ({"revert": ["201"]}, {"confirm": ["201"]}):
        after, changes = step(store, extensions={"201": 2}, **request)
        assert after == store
        assert (changes.unchanged, changes.any) == (("201",), False)


@pytest.mark.parametrize("name", ["created", "rotated", "confirmed", "removed", "completed", "reverted"])
def test_each_kind_of_change_changes_the_file(name: str) -> None:
    assert Changes(**{name: ("201",)}).any  # type: ignore[arg-type]
    assert not Changes(unchanged=("201",), orphaned=("202",)).any
    assert Changes(provisioning_password=True).any


def test_the_lists_of_a_plan_are_in_order() -> None:
    store, changes = step(CredentialStore(), extensions={"203": 1, "201": 1, "202": 1})
    assert changes.created == ("201", "202", "203")
    _after, changes = step(store, extensions={})
    assert changes.orphaned == ("201", "202", "203")
    _after, changes = step(store, extensions={}, remove_orphaned=True)
    assert changes.removed == ("201", "202", "203")


def test_the_text_says_what_it_is_and_holds_what_is_kept() -> None:
    entry = Entry(3, make("201", ()), make("201", ()), reverted=True, between=(make("201", ()),))
    content = json.loads(serialise(CredentialStore({"201": entry}, Secret("shared"))))
    assert content["format"] == 1
    assert content["site"] == {"provisioning_password": "shared"}
    assert sorted(content["extensions"]["201"]) == ["between", "current", "generation", "previous", "reverted"]
    assert set(content["extensions"]["201"]["current"]) == set(FIELDS)
    plain = json.loads(serialise(CredentialStore({"201": Entry(1, make("201", ()))})))
    assert sorted(plain["extensions"]["201"]) == ["current", "generation"]
    assert plain["site"] == {}


@pytest.mark.parametrize("value", ["", 7, None])
def test_a_credential_that_is_no_text_is_damage(value: object) -> None:
    content = json.loads(serialise(CredentialStore({"201": Entry(1, make("201", ()))})))
    content["extensions"]["201"]["current"]["web_password"] = value
    with pytest.raises(HardeningError, match="or it is damaged"):
        parse(json.dumps(content).encode(), "file.vault")
