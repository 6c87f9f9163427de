# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a stranger still get at the phones? Asked with SIPp, SIPVicious and web requests from another network.

Phones of V86, V81 and V73, one of them in a remote office at its own port. What a phone that trusts its PBX only says
to others is not known (yealink.md 3): each possible answer has a phone of its own.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from phones_support import AFTER, BEFORE, METHODS, OUTSIDE, TRUST_ACTIONS, UNPROTECTED, PhoneStory, login_result

from lab.net.sipp import Account
from lab.net.topology import INTERNET
from lab.net.web import Request, fetch_from

PROTECTED = tuple(TRUST_ACTIONS)


@pytest.mark.parametrize("number", [UNPROTECTED, *PROTECTED])
def test_before_a_stranger_does_what_he_wants(phone_story: PhoneStory, number: str) -> None:
    seen = phone_story.rounds[BEFORE][number]
    assert seen.invite.rang
    assert seen.rang == 1
    assert seen.check_sync.statuses == (200,)
    assert seen.obeyed
    assert seen.rebooted == 2, "once by check-sync, once by an action URI"
    assert seen.uri.status == 200
    assert set(seen.logins.values()) == {"in"}
    assert seen.found == dict.fromkeys(METHODS, True)


@pytest.mark.parametrize("number", PROTECTED)
def test_after_no_ghost_call_rings(phone_story: PhoneStory, number: str) -> None:
    seen = phone_story.rounds[AFTER][number]
    assert seen.invite.refused, str(seen.invite)
    assert seen.rang == 0
    assert "INVITE" in seen.arrived, "the call did reach the phone: silence is its own decision"


@pytest.mark.parametrize("number", PROTECTED)
def test_after_no_notify_is_obeyed(phone_story: PhoneStory, number: str) -> None:
    seen = phone_story.rounds[AFTER][number]
    assert seen.check_sync.refused, str(seen.check_sync)
    assert seen.action.refused, str(seen.action)
    assert (seen.rebooted, seen.obeyed) == (0, False)
    assert "NOTIFY" in seen.arrived


@pytest.mark.parametrize("number", PROTECTED)
def test_after_the_factory_passwords_open_nothing(phone_story: PhoneStory, number: str) -> None:
    assert phone_story.rounds[AFTER][number].logins == {
        "http admin": "closed",
        "http user": "closed",
        "https admin": "refused",
        "https user": "refused",
    }


@pytest.mark.parametrize("number", PROTECTED)
def test_after_the_password_of_the_vault_opens_the_page(phone_story: PhoneStory, number: str) -> None:
    """The positive control of the one before."""
    form = f"username=admin&pwd={phone_story.passwords[number]}"
    page = f"https://{phone_story.phone(number).address}/api/auth/login?p=Login"
    (reply,) = fetch_from(phone_story.network.spaces, INTERNET, [Request(page, form)])
    assert login_result(reply) == "in"


@pytest.mark.parametrize("number", PROTECTED)
def test_after_no_action_uri_is_obeyed(phone_story: PhoneStory, number: str) -> None:
    assert phone_story.rounds[AFTER][number].uri.status == 403


@pytest.mark.parametrize("number", PROTECTED)
def test_after_sipvicious_finds_no_phone_that_is_silent(phone_story: PhoneStory, number: str) -> None:
    """A phone that refuses aloud is found, but does not ring."""
    aloud = TRUST_ACTIONS[number] != "drop"
    assert phone_story.rounds[AFTER][number].found == dict.fromkeys(METHODS, aloud)


@pytest.mark.parametrize("number", PROTECTED)
def test_the_pbx_still_reaches_every_phone(phone_story: PhoneStory, number: str) -> None:
    """The positive control: in the same run, a user of the PBX gets through to the same phones."""
    seen = phone_story.through[number]
    assert seen.call.rang
    assert seen.rang == 1
    assert seen.check_sync.statuses == (200,)
    assert (seen.fetched, seen.rebooted) == (1, 0), "it fetches, and does not restart for it"


@pytest.mark.parametrize(("number", "action"), TRUST_ACTIONS.items())
def test_every_way_to_say_no_was_seen(phone_story: PhoneStory, number: str, action: str) -> None:
    said = () if action == "drop" else (int(action),)
    seen = phone_story.rounds[AFTER][number]
    assert {seen.invite.statuses, seen.check_sync.statuses, seen.action.statuses} == {said}


def test_the_phone_outside_has_left_its_port(phone_story: PhoneStory) -> None:
    before, after = (phone_story.rounds[name][OUTSIDE].port for name in (BEFORE, AFTER))
    assert before == 5072
    assert after not in (5060, before)
    gone = (phone_story.phone(OUTSIDE).address, before)
    assert phone_story.network.stranger.ghost_call(gone, OUTSIDE).statuses == ()


def test_without_the_trust_setting_the_stranger_rings_the_phone(phone_story: PhoneStory) -> None:
    """Of all lines of the file this one was left out: the attack would have been seen to succeed."""
    seen = phone_story.rounds[AFTER][UNPROTECTED]
    assert seen.invite.rang
    assert not seen.invite.refused
    assert seen.rang == 1
    assert seen.check_sync.statuses == (200,)
    assert seen.rebooted == 1


def test_the_pbx_lets_nobody_in_without_the_password(phone_story: PhoneStory) -> None:
    pbx = (phone_story.network.plan.pbx, 5060)
    wrong = Account("211", phone_story.network.pbx_name, phone_story.caller.auth_id, "guess")
    assert phone_story.network.caller.register(pbx, wrong).statuses == ()
    assert phone_story.network.caller.register(pbx, replace(wrong, password=phone_story.caller.password)).statuses == (
        200,
    )
