# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""3CX's list of blocked and allowed addresses."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control
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
    entries, unparsed = parse_rows([{"Id": 1, "IPAddrMask": "a-b"}, {"Id": 2, "IPAddrMask": "192.0.2.1"}])
    assert unparsed == ["a-b"]
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
    assert any("192.0.2.10/32, which is the site ipswich, would be blocked" in text for text in control.problems)


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
    assert "expired on 2026-11-22" in notes[0]
    assert wanted_entries([{**declared, "expires": "2026-11-23"}], NOW, SITE)[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"address": "192.0.2.0/28", "expires": "2026-12-31"}, "At most /29 is accepted"),
        ({"address": "2001:db8::/48", "expires": "2026-12-31"}, "At most /64 is accepted"),
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


def sent(control: Control) -> list[tuple[str, str, dict[str, Any] | None]]:
    return [(each.method, each.path, None if each.body is None else dict(each.body)) for each in control.operations]


def test_a_row_reads_as_3cx_shows_it() -> None:
    rows = [
        {
            "Id": 7,
            "IPAddrMask": "203.0.113.0/255.255.255.0",
            "BlockType": "Allow",
            "Description": "voipsec: x",
            "ExpiresAt": "2026-12-31T23:59:59.123456789012Z",
            "AddedBy": "Manual",
        },
        {"IPAddrMask": "203.0.113.1"},
        {"IPAddrMask": None},
    ]
    entries, unparsed = parse_rows(rows)
    end = datetime.datetime(2026, 12, 31, 23, 59, 59, 123456, datetime.UTC)
    assert entries == [
        Entry(parse_network("203.0.113.0/24"), "Allow", "voipsec: x", end, "Manual", 7),
        Entry(parse_network("203.0.113.1"), "Block", "", None, "Manual", 0),
    ]
    assert unparsed == ["None"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T12:00:00.5Z", NOW.replace(microsecond=500000)),
        ("2026-11-23T12:00:00.5+00:00", NOW.replace(microsecond=500000)),
        ("2026-11-23T12:00:00.1234567Z", NOW.replace(microsecond=123456)),
        ("2026-11-23T12:00:00", NOW),
        ("2099-12-31T00:00:00Z", datetime.datetime(2099, 12, 31, tzinfo=datetime.UTC)),
        ("2100-01-01T00:00:00Z", None),
    ],
)
def test_fractions_of_a_second_of_any_length(text: str, expected: datetime.datetime | None) -> None:
    assert parse_time(text) == expected


def test_a_declared_entry_ends_with_its_day_and_names_its_owner() -> None:
    declared = {
        "address": "203.0.113.4",
        "action": "allow",
        "reason": "moving",
        "owner": "anna",
        "expires": "2026-12-31",
    }
    block = {"address": "203.0.113.8/29", "action": "block", "reason": "scanner", "owner": "anna"}
    want, problems, notes = wanted_entries([declared, block], NOW, SITE)
    end = datetime.datetime(2026, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
    assert want == [
        Entry(parse_network("203.0.113.4"), "Allow", "voipsec: moving (owner anna)", end),
        Entry(parse_network("203.0.113.8/29"), "Block", "voipsec: scanner (owner anna)", None),
    ]
    assert (problems, notes) == ([], [])


@pytest.mark.parametrize(("address", "taken"), [("203.0.113.8/29", True), ("2001:db8::/64", True), ("::1", True)])
def test_the_widest_network_that_is_allowed_is_taken(address: str, taken: bool) -> None:
    given = {"address": address, "action": "allow", "reason": "x", "owner": "y", "expires": "2026-12-31"}
    assert bool(wanted_entries([given], NOW, SITE)[1]) is not taken


@pytest.mark.parametrize(("day", "taken"), [("2027-11-23", True), ("2027-11-24", False), ("2027-11-25", False)])
def test_an_allowance_is_for_a_year_and_a_day_at_most(day: str, taken: bool) -> None:
    given = {"address": "203.0.113.4", "action": "allow", "reason": "x", "owner": "y", "expires": day}
    assert bool(wanted_entries([given], NOW, SITE)[1]) is not taken


def test_one_network_is_declared_once() -> None:
    given = {"address": "203.0.113.4", "action": "block", "reason": "x", "owner": "y"}
    other = {**given, "address": "203.0.113.4/255.255.255.255"}
    assert wanted_entries([given, other], NOW, [])[1] == ["ip_list: 203.0.113.4/32 is listed twice."]


def test_a_block_of_another_ip_version_touches_nobody() -> None:
    given = {"address": "2001:db8::/32", "action": "block", "reason": "x", "owner": "y"}
    assert wanted_entries([given], NOW, SITE)[1] == []
    assert blocked(parse_network("192.0.2.10"), [entry("::/0")], NOW) is None


HOUR = datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("entries", "out"),
    [
        ([entry("192.0.2.0/24")], True),
        ([entry("192.0.2.0/24", expires=NOW + HOUR)], True),
        ([entry("192.0.2.0/24", expires=NOW)], False),
        ([entry("192.0.2.0/24", expires=NOW - HOUR)], False),
        ([entry("192.0.3.0/24")], False),
        ([entry("192.0.2.0/24", "Allow")], False),
        ([entry("192.0.2.0/24"), entry("192.0.2.8/29", "Allow")], False),
        ([entry("192.0.2.8/29"), entry("192.0.2.0/24", "Allow")], True),
        ([entry("192.0.2.0/24"), entry("192.0.2.0/24", "Allow")], True),
        ([entry("192.0.2.0/24"), entry("192.0.2.8/29", "Allow", expires=NOW + HOUR)], False),
        ([entry("192.0.2.0/24"), entry("192.0.2.8/29", "Allow", expires=NOW - HOUR)], True),
        ([entry("192.0.2.0/24"), entry("192.0.2.16/29", "Allow")], True),
        ([entry("192.0.2.0/24"), entry("192.0.2.8/29", "Allow"), entry("192.0.2.10")], True),
    ],
)
def test_who_is_shut_out(entries: list[Entry], out: bool) -> None:
    assert (blocked(parse_network("192.0.2.10"), entries, NOW) is not None) is out


def test_a_network_is_shut_out_where_a_part_of_it_is() -> None:
    office = parse_network("192.0.2.8/29")
    assert blocked(office, [entry("192.0.2.9")], NOW) is not None
    assert blocked(office, [entry("192.0.2.0/24"), entry("192.0.2.9", "Allow")], NOW) is not None
    assert blocked(office, [entry("192.0.2.0/24"), entry("192.0.2.8/29", "Allow")], NOW) is None


def test_a_dated_allowance_is_made_and_changed_with_its_end() -> None:
    end = NOW + HOUR
    want = [entry("203.0.113.4", "Allow", expires=end), entry("203.0.113.8/29")]
    made = plan_ip_list([], want, State.MERGED, SITE, NOW)
    assert sent(made) == [
        (
            "POST",
            "/Blocklist",
            {
                "IPAddrMask": "203.0.113.4",
                "BlockType": "Allow",
                "Description": "voipsec: x (owner y)",
                "ExpiresAt": "2026-11-23T13:00:00Z",
            },
        ),
        (
            "POST",
            "/Blocklist",
            {"IPAddrMask": "203.0.113.8/29", "BlockType": "Block", "Description": "voipsec: x (owner y)"},
        ),
    ]
    have = [entry("203.0.113.4", "Allow", key=4, expires=end + HOUR), entry("203.0.113.8/29", key=8, expires=end)]
    assert sent(plan_ip_list(have, want, State.MERGED, SITE, NOW)) == [
        ("PATCH", "/Blocklist(4)", {"Description": "voipsec: x (owner y)", "ExpiresAt": "2026-11-23T13:00:00Z"}),
        ("PATCH", "/Blocklist(8)", {"Description": "voipsec: x (owner y)", "ExpiresAt": None}),
    ]


@pytest.mark.parametrize(
    ("found", "state", "changed"),
    [
        (entry("203.0.113.4", key=4), State.MERGED, False),
        (entry("203.0.113.4", key=4, description="voipsec: earlier (owner y)"), State.MERGED, True),
        (entry("203.0.113.4", key=4, description="by hand"), State.MERGED, False),
        (entry("203.0.113.4", key=4, description="by hand"), State.REPLACED, False),
        (entry("203.0.113.4", key=4, description="by hand"), State.OVERRIDDEN, True),
        (entry("203.0.113.4", key=4, added_by="AutoBlacklist"), State.MERGED, True),
    ],
)
def test_which_entries_become_as_declared(found: Entry, state: State, changed: bool) -> None:
    """What the PBX added itself stays, and ours is added beside it."""
    control = plan_ip_list([found], [entry("203.0.113.4")], state, SITE, NOW)
    assert bool(control.operations) is changed
    if found.added_by != "Manual":
        assert [each.method for each in control.operations] == ["POST"]


def test_an_allowance_by_hand_without_end_becomes_ours_with_an_end() -> None:
    by_hand = entry("203.0.113.4", "Allow", "by hand", key=4)
    want = [entry("203.0.113.4", "Allow", expires=NOW + HOUR)]
    assert [each[:2] for each in sent(plan_ip_list([by_hand], want, State.MERGED, SITE, NOW))] == [
        ("PATCH", "/Blocklist(4)")
    ]


@pytest.mark.parametrize(
    ("state", "removed"),
    [
        (State.MERGED, []),
        (State.REPLACED, ["/Blocklist(1)"]),
        (State.OVERRIDDEN, ["/Blocklist(1)", "/Blocklist(2)"]),
        (State.DELETED, ["/Blocklist(1)", "/Blocklist(3)"]),
    ],
)
def test_what_goes_in_each_state(state: State, removed: list[str]) -> None:
    have = [
        entry("203.0.113.1", key=1),
        entry("203.0.113.2", description="by hand", key=2),
        entry("203.0.113.3", key=3),
    ]
    control = plan_ip_list(have, [entry("203.0.113.3")], state, SITE, NOW)
    assert [each.path for each in control.operations] == removed
    assert control.before == [have[0].shown(), have[2].shown()]
    assert len(control.after) == (2 if state is State.MERGED else 0 if state is State.DELETED else 1)


def test_who_is_blocked_already_is_said_and_stops_nothing() -> None:
    found = entry("192.0.2.10", key=1, description="", added_by="AutoBlacklist")
    control = plan_ip_list([found], [entry("203.0.113.3")], State.MERGED, SITE, NOW)
    assert not control.problems
    assert control.operations
    assert control.notes[0].startswith(
        "BLOCKED NOW: 192.0.2.10/32, which is the site ipswich, by 'Block 192.0.2.10/32 ("
    )
    assert "(AutoBlacklist)" in control.notes[0]


def test_allowances_by_hand_are_named() -> None:
    have = [
        entry("203.0.113.4", "Allow", "by hand", key=4),
        entry("203.0.113.5", "Allow", key=5),
        entry("203.0.113.6", "Allow", "of the PBX", key=6, added_by="Whitelist"),
    ]
    notes = plan_ip_list(have, [], State.MERGED, SITE, NOW).notes
    assert [note for note in notes if "made by hand" in note] == notes
    assert len(notes) == 1
    assert "Allow 203.0.113.4/32 (by hand)" in notes[0]


def test_how_an_entry_is_shown() -> None:
    assert entry("203.0.113.4", expires=NOW).shown() == (
        "Block 203.0.113.4/32 until 2026-11-23T12:00:00+00:00 (voipsec: x (owner y))"
    )


@pytest.mark.parametrize(
    ("changes", "guards"),
    [
        ({}, True),
        ({"expires": NOW}, False),
        ({"expires": None}, False),
        ({"description": "voipsec: x"}, False),
        ({"added_by": "Mcu"}, False),
    ],
)
def test_what_is_a_guard(changes: dict[str, Any], guards: bool) -> None:
    text = "voipsec: while credentials change (owner voipsec.hardening)"
    given = {"description": text, "expires": NOW + HOUR, **changes}
    assert Entry(parse_network("192.0.2.10"), "Allow", **given).guards(NOW) is guards


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("192.0.2.8/29", None),
        ("192.0.2.10", None),
        ("2001:db8::/64", None),
        ("192.0.2.0/28", "192.0.2.0/28 is too wide"),
        ("2001:db8::/63", "2001:db8::/63 is too wide"),
        ("office", "'office' is not an address"),
    ],
)
def test_what_a_guard_may_be_for(text: str, problem: str | None) -> None:
    found, problems = networks(["203.0.113.1", text, "203.0.113.1"])
    if problem is None:
        assert problems == []
        assert found == [parse_network("203.0.113.1"), parse_network(text)]
    else:
        assert problem in problems[0]
        assert found == [parse_network("203.0.113.1")]


def test_a_guard_is_an_allowance_with_an_end() -> None:
    operations, problems = plan_guard([], [parse_network("192.0.2.10"), parse_network("192.0.2.8/29")], NOW, 240)
    assert problems == []
    assert [(each.method, each.path, each.body) for each in operations] == [
        (
            "POST",
            "/Blocklist",
            {
                "IPAddrMask": address,
                "BlockType": "Allow",
                "Description": "voipsec: while credentials change (owner voipsec.hardening)",
                "ExpiresAt": "2026-11-23T16:00:00Z",
            },
        )
        for address in ("192.0.2.10", "192.0.2.8/29")
    ]


def test_credentials_do_not_change_while_the_site_is_blocked() -> None:
    hit = entry("192.0.2.0/24", key=1, description="", added_by="AutoBlacklist")
    operations, problems = plan_guard([hit], [parse_network("192.0.2.10"), parse_network("203.0.113.1")], NOW, 60)
    assert [each.body["IPAddrMask"] for each in operations if each.body] == ["203.0.113.1"]
    assert len(problems) == 1
    assert "192.0.2.10/32 is blocked on the PBX now" in problems[0]


@pytest.mark.parametrize(
    ("found", "needed"),
    [
        (entry("192.0.2.8/29", "Allow"), False),
        (entry("192.0.2.8/29", "Allow", expires=NOW + HOUR), False),
        (entry("192.0.2.8/29", "Allow", expires=NOW + datetime.timedelta(minutes=55)), False),
        (entry("192.0.2.8/29", "Allow", expires=NOW + datetime.timedelta(minutes=54)), True),
        (entry("192.0.2.16/29", "Allow"), True),
        (entry("192.0.2.11", "Block"), True),
        (entry("::/64", "Allow"), True),
    ],
)
def test_when_a_guard_is_needed(found: Entry, needed: bool) -> None:
    assert bool(plan_guard([found], [parse_network("192.0.2.10")], NOW, 60)[0]) is needed
