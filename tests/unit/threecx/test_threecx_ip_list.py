# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""3CX's list of blocked and allowed addresses."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.guard import networks, plan_guard
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.ip_list import (
    Entry,
    Protected,
    blocked,
    parse_network,
    parse_rows,
    parse_time,
    plan_ip_list,
    wanted_entries,
)

NOW = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
SITE = [Protected(parse_network("192.0.2.10"), "the site ipswich")]


def entry(address: str, kind: str = "Block", description: str = "voipsec: x (owner y)", **changes: Any) -> Entry:
    return Entry(parse_network(address), kind, description, **changes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("203.0.113.0/255.255.255.0", "203.0.113.0/24"),
        ("203.0.113.0 255.255.255.0", "203.0.113.0/24"),
        ("2001:db8::/64", "2001:db8::/64"),
    ],
)
def test_every_written_form_of_a_network_is_understood(text: str, expected: str) -> None:
    assert str(parse_network(text)) == expected


def test_what_is_not_understood_is_left_alone_and_told() -> None:
    entries, strange = parse_rows([{"Id": 1, "IPAddrMask": "a-b"}, {"Id": 2, "IPAddrMask": "192.0.2.1"}])
    assert strange == ["a-b"]
    assert [each.key for each in entries] == [2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T14:00:00+02:00", NOW),
        ("2026-11-23T12:00:00.0000000Z", NOW),
        ("9999-12-31T23:59:59Z", None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_read_in_utc_and_a_far_future_means_no_end(
    text: str | None, expected: datetime.datetime | None
) -> None:
    assert parse_time(text) == expected


def test_the_smaller_network_wins() -> None:
    whole = entry("0.0.0.0/0", description="lock-down", key=1)
    site = parse_network("192.0.2.10")
    assert blocked(site, [whole], NOW) == whole
    assert blocked(site, [whole, entry("192.0.2.0/24", "Allow")], NOW) is None
    assert blocked(site, [entry("192.0.2.10", key=1), entry("192.0.2.10", "Allow")], NOW) is not None
    past = NOW - datetime.timedelta(days=1)
    assert blocked(site, [whole, entry("192.0.2.0/24", "Allow", expires=past)], NOW) == whole


def test_taking_away_what_keeps_a_site_in_is_refused() -> None:
    have = [entry("0.0.0.0/0", description="lock-down of the installer before us", key=1)]
    have.append(entry("192.0.2.10", "Allow", key=2))
    control = plan_ip_list(have, [], State.REPLACED, SITE, NOW)
    assert any("192.0.2.10/32, which is the site ipswich, would be shut out" in text for text in control.problems)


def test_allowed_before_blocked_and_blocks_go_before_allowances() -> None:
    have = [entry("203.0.113.1", key=1), entry("203.0.113.2", "Allow", key=2)]
    want = [entry("203.0.113.3"), entry("203.0.113.4", "Allow", expires=NOW + datetime.timedelta(days=9))]
    control = plan_ip_list(have, want, State.REPLACED, SITE, NOW)
    order = [(each.method, each.path, (each.body or {}).get("BlockType")) for each in control.operations]
    assert order == [
        ("POST", "/Blocklist", "Allow"),
        ("DELETE", "/Blocklist(1)", None),
        ("DELETE", "/Blocklist(2)", None),
        ("POST", "/Blocklist", "Block"),
    ]


@pytest.mark.parametrize("state", list(State))
def test_what_the_pbx_added_itself_is_never_touched(state: State) -> None:
    own = [
        Entry(parse_network(f"203.0.113.{place}"), "Block", "voipsec: looks like ours", added_by=by, key=place)
        for place, by in enumerate(("Mcu", "Webmeeting", "AutoBlacklist", "Whitelist"), 1)
    ]
    assert not plan_ip_list(own, [], state, SITE, NOW).operations


def test_the_guard_of_an_interrupted_rotation_stays_until_it_ends() -> None:
    text = "voipsec: while credentials change (owner voipsec.hardening)"
    going_on = entry("192.0.2.10", "Allow", text, key=1, expires=NOW + datetime.timedelta(minutes=9))
    over = entry("192.0.2.11", "Allow", text, key=2, expires=NOW - datetime.timedelta(minutes=9))
    for state in (State.REPLACED, State.OVERRIDDEN):
        sent = [each.path for each in plan_ip_list([going_on, over], [], state, SITE, NOW).operations]
        assert sent == ["/Blocklist(2)"]
    assert len(plan_ip_list([going_on, over], [], State.DELETED, [], NOW).operations) == 2


def test_an_entry_whose_day_has_passed_goes() -> None:
    declared = {"address": "203.0.113.4", "action": "allow", "reason": "x", "owner": "y", "expires": "2026-11-22"}
    want, problems, notes = wanted_entries([declared], NOW, SITE)
    assert (want, problems) == ([], [])
    assert "its day 2026-11-22 has passed" in notes[0]
    assert wanted_entries([{**declared, "expires": "2026-11-23"}], NOW, SITE)[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"address": "192.0.2.0/28", "expires": "2026-12-31"}, "At most /29 is taken"),
        ({"address": "2001:db8::/48", "expires": "2026-12-31"}, "At most /64 is taken"),
        ({"expires": None}, "is allowed without end"),
        ({"expires": "2028-01-01"}, "at most 366 days ahead"),
        ({"expires": "soon"}, "'soon' is not a day such as 2027-01-31"),
        ({"address": "office"}, "'office' is not an address or network"),
        ({"address": "192.0.2.8/29", "action": "block"}, "would block 192.0.2.10/32, which is the site ipswich"),
    ],
)
def test_entries_that_harm_are_refused_by_name(changes: dict[str, Any], message: str) -> None:
    declared = {"address": "203.0.113.4", "action": "allow", "reason": "x", "owner": "y", "expires": "2026-12-31"}
    _want, problems, _notes = wanted_entries([{**declared, **changes}], NOW, SITE)
    assert len(problems) == 1
    assert problems[0].startswith("ip_list[0].")
    assert message in problems[0]


def test_an_address_that_is_allowed_for_long_enough_needs_no_guard() -> None:
    wanted, _problems = networks(["192.0.2.10"])
    long_enough = entry("192.0.2.8/29", "Allow", expires=NOW + datetime.timedelta(hours=2))
    assert plan_guard([long_enough], wanted, NOW, 60) == ([], [])
    too_short = entry("192.0.2.8/29", "Allow", expires=NOW + datetime.timedelta(minutes=10))
    operations, _reasons = plan_guard([too_short], wanted, NOW, 60)
    assert operations[0].body is not None
    assert operations[0].body["ExpiresAt"] == "2026-11-23T13:00:00Z"
