# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A 3CX's extensions: what is read, what is sent, whose secrets the PBX has, and who administers it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import ExtensionSecrets
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.extensions import plan_extensions
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import parse_release
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.users import (
    administrators_without_2fa,
    disable,
    in_force,
    parse_users,
    plan_user,
    query,
    require_2fa,
    wanted,
    weak,
)

NEW, OLD = parse_release("20.0.10"), parse_release("20.0.8")
SECRETS = ExtensionSecrets(
    auth_id=Secret("kD3nZ8qW2x"),
    sip_password=Secret("vT7pQ2mR9sX4wL6yB3nH"),
    voicemail_pin=Secret("830417"),
    phone_user_password=Secret("pL4kR8wN2tX6mQ9vB3zD"),
    phone_admin_password=Secret("hG5rW9tK2mP7xV4cQ8nJ"),
    web_password=Secret("Zb6yN1fD8sM3kT5wR9pL"),
)
ON_PBX = {
    "Id": 29,
    "Number": "201",
    "FirstName": "Anna",
    "LastName": "Smith",
    "Enabled": True,
    "AuthID": "kD3nZ8qW2x",
    "AuthPassword": "vT7pQ2mR9sX4wL6yB3nH",
    "VMPIN": "830417",
    "DeskphonePassword": "hG5rW9tK2mP7xV4cQ8nJ",
    "SRTPMode": "SRTPEnforced",
    "AllowLanOnly": True,
    "IsRegistered": True,
    "Tags": ["Online"],
    "Groups": [
        {"Rights": {"RoleName": "users"}, "GroupRights": None},
        {"GroupRights": {"RoleName": "system_owners"}},
        {"Rights": {}},
    ],
}


def user(**changes: Any) -> Any:
    return parse_users([{**ON_PBX, **changes}])[str(changes.get("Number", "201"))]


def test_an_extension_reads_as_3cx_shows_it() -> None:
    found = user()
    assert (found.key, found.number, found.registered) == (29, "201", True)
    assert found.roles == {"users", "system_owners"}
    assert found.tags == {"Online"}
    assert {name: secret.reveal() for name, secret in found.secrets.items()} == {
        "AuthID": "kD3nZ8qW2x",
        "AuthPassword": "vT7pQ2mR9sX4wL6yB3nH",
        "VMPIN": "830417",
        "DeskphonePassword": "hG5rW9tK2mP7xV4cQ8nJ",
    }
    assert not {"AuthID", "AuthPassword", "VMPIN", "DeskphonePassword", "Groups", "Tags"} & set(found.properties)
    assert found.properties["SRTPMode"] == "SRTPEnforced"


def test_nothing_is_made_up_for_what_is_not_shown() -> None:
    (found,) = parse_users([{}]).values()
    assert (found.key, found.number, found.roles, found.tags, found.registered) == (0, "", set(), set(), False)
    assert all(secret.reveal() == "" for secret in found.secrets.values())
    assert not found.administers


@pytest.mark.parametrize(
    ("role", "administers"),
    [("system_owners", True), ("system_admins", True), ("managers", False), ("users", False), ("", False)],
)
def test_who_administers_the_pbx(role: str, administers: bool) -> None:
    assert user(Groups=[{"Rights": {"RoleName": role}}]).administers is administers


def test_how_extensions_are_asked_for() -> None:
    asked = query(OLD)
    assert asked["$expand"] == "Groups($expand=Rights)"
    names = str(asked["$select"]).split(",")
    assert {"Id", "Number", "AuthPassword", "Require2FA", "VMDisablePinAuth", "IsRegistered", "Tags"} <= set(names)
    assert "BlockTunnel" not in names
    assert "BlockTunnel" in str(query(NEW)["$select"]).split(",")


@pytest.mark.parametrize(
    ("entry", "properties"),
    [
        ({}, {}),
        ({"lan_only": True}, {"AllowLanOnly": True}),
        ({"lan_only": False}, {"AllowLanOnly": False}),
        ({"lan_only": None}, {}),
        ({"block_tunnel": True}, {"BlockTunnel": True}),
        ({"require_2fa": True}, {"Require2FA": True}),
        ({"pin_protected": True, "pin_protect_timeout": 5}, {"PinProtected": True, "PinProtectTimeout": 5}),
        ({"enabled": False}, {"Enabled": False}),
        ({"srtp": "enforced"}, {"SRTPMode": "SRTPEnforced"}),
        ({"srtp": "enabled"}, {"SRTPMode": "SRTPEnabled"}),
        ({"srtp": "disabled"}, {"SRTPMode": "SRTPDisabled"}),
        ({"voicemail_asks_pin": True}, {"VMDisablePinAuth": False}),
        ({"voicemail_asks_pin": False}, {"VMDisablePinAuth": True}),
        ({"name": "Tom in the workshop"}, {"FirstName": "Tom", "LastName": "in the workshop"}),
    ],
)
def test_options_in_3cx_words(entry: dict[str, Any], properties: dict[str, Any]) -> None:
    want, lacking = wanted({"number": "201", **entry}, SECRETS, NEW)
    assert (want.number, dict(want.properties), want.secrets) == ("201", properties, SECRETS)
    assert lacking == {}


def test_what_an_older_release_lacks_is_left_out_and_said() -> None:
    want, lacking = wanted({"number": "201", "block_tunnel": True, "lan_only": True}, None, OLD)
    assert dict(want.properties) == {"AllowLanOnly": True}
    assert lacking == {"block_tunnel": "not on release 20.0.8 (since 20.0.9)"}


def test_an_extension_as_declared_is_not_touched() -> None:
    entry = {"number": "201", "name": "Reception", "lan_only": True, "srtp": "enforced", "voicemail_asks_pin": True}
    want, _lacking = wanted(entry, SECRETS, NEW)
    for unreadable in ("never", "on_create"):
        assert plan_user(want, user(), unreadable=unreadable) is None


@pytest.mark.parametrize(
    ("found", "value", "same"),
    [
        (None, False, True),
        (None, True, False),
        (False, False, True),
        (True, False, False),
        (None, None, True),
        ("", None, True),
        (None, 5, False),
        (0, False, True),
    ],
)
def test_absent_is_the_same_as_off_and_never_as_on(found: Any, value: Any, same: bool) -> None:
    want = dataclasses.replace(wanted({"number": "201"}, None, NEW)[0], properties={"AllowLanOnly": value})
    assert (plan_user(want, user(AllowLanOnly=found), unreadable="never") is None) is same


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("AuthID", "auth_id"),
        ("AuthPassword", "sip_password"),
        ("VMPIN", "voicemail_pin"),
        ("DeskphonePassword", "phone_admin_password"),
    ],
)
def test_a_secret_that_differs_is_sent_alone_and_never_shown(name: str, field: str) -> None:
    want, _lacking = wanted({"number": "201", "lan_only": True}, SECRETS, NEW)
    have = user(**{name: "canary-before"})
    change = plan_user(want, have, unreadable="on_create")
    assert change is not None
    assert change.operation.body == {name: getattr(SECRETS, field)}
    assert (change.operation.method, change.operation.path) == ("PATCH", "/Users(29)")
    assert (change.secrets, change.created) == ((name,), False)
    assert change.after == {name: "******** (changed)"}
    assert "canary" not in repr(change)
    assert not in_force(want, have)
    assert in_force(want, user())


def test_who_has_no_secrets_of_ours_is_not_in_force() -> None:
    assert not in_force(wanted({"number": "201"}, None, NEW)[0], user())
    assert not in_force(wanted({"number": "201"}, SECRETS, NEW)[0], None)


@pytest.mark.parametrize(
    ("policy", "on_create", "on_change"), [("never", False, False), ("on_create", True, False), ("always", True, True)]
)
def test_when_the_web_password_is_sent(policy: str, on_create: bool, on_change: bool) -> None:
    want, _lacking = wanted({"number": "201"}, SECRETS, NEW)
    made = plan_user(want, None, unreadable=policy)
    assert made is not None
    assert made.created
    assert made.operation.body is not None
    assert (made.operation.body.get("AccessPassword") == SECRETS.web_password) is on_create
    changed = plan_user(want, user(), unreadable=policy)
    assert (changed is not None) is on_change
    if changed:
        assert changed.operation.body == {"AccessPassword": SECRETS.web_password}
        assert changed.secrets == ()


def test_a_new_extension_gets_everything_in_one_request() -> None:
    want, _lacking = wanted({"number": "260", "name": "Tom", "lan_only": True}, SECRETS, NEW)
    made = plan_user(want, None, unreadable="never")
    assert made is not None
    assert (made.operation.method, made.operation.path) == ("POST", "/Users")
    assert made.operation.body == {
        "Number": "260",
        "AllowLanOnly": True,
        "FirstName": "Tom",
        "LastName": "",
        "AuthID": SECRETS.auth_id,
        "AuthPassword": SECRETS.sip_password,
        "VMPIN": SECRETS.voicemail_pin,
        "DeskphonePassword": SECRETS.phone_admin_password,
    }
    assert made.before == {}
    assert made.after["AuthPassword"] == "******** (changed)"
    bare = plan_user(wanted({"number": "260"}, None, NEW)[0], None, unreadable="always")
    assert bare is not None
    assert bare.operation.body == {"Number": "260"}


def test_the_difference_shows_what_was_and_what_will_be() -> None:
    want, _lacking = wanted({"number": "201", "lan_only": False, "srtp": "enforced"}, None, NEW)
    change = plan_user(want, user(), unreadable="never")
    assert change is not None
    assert (change.before, change.after) == ({"AllowLanOnly": True}, {"AllowLanOnly": False})


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, None),
        ({"Tags": ["WeakID"]}, ["the PBX calls its SIP id weak"]),
        ({"Tags": ["WeakPass"]}, ["the PBX calls its SIP password weak"]),
        ({"AuthID": "201"}, ["its SIP id is its number"]),
        ({"AuthPassword": "1234"}, ["its SIP password is weak"]),
        ({"VMPIN": "1234"}, ["its voicemail PIN can be guessed"]),
        ({"VMPIN": "", "AuthPassword": ""}, None),
    ],
)
def test_why_an_extension_can_be_guessed(changes: dict[str, Any], reasons: list[str] | None) -> None:
    assert weak([user(**changes)]).get("201") == reasons


OWNER = [{"Rights": {"RoleName": "system_owners"}}]
PLAIN = [{"Rights": {"RoleName": "users"}}]


def test_administrators_without_a_second_factor_are_found() -> None:
    users = [
        user(Number="201", Groups=OWNER),
        user(Number="202", Groups=OWNER, Require2FA=True),
        user(Number="203", Groups=PLAIN),
        user(Number="204", Groups=OWNER, Require2FA=False),
    ]
    assert [each.number for each in administrators_without_2fa(users, ["204"])] == ["201"]
    change = require_2fa(users[0])
    assert (change.operation.method, change.operation.path, change.operation.body) == (
        "PATCH",
        "/Users(29)",
        {"Require2FA": True},
    )
    assert (change.number, change.before, change.after) == ("201", {"Require2FA": None}, {"Require2FA": True})


def test_an_extension_is_switched_off_and_not_deleted() -> None:
    change = disable(user())
    assert (change.operation.method, change.operation.path, change.operation.body) == (
        "PATCH",
        "/Users(29)",
        {"Enabled": False},
    )
    assert (change.number, change.before, change.after) == ("201", {"Enabled": True}, {"Enabled": False})


def params(*numbers: str, **changes: Any) -> dict[str, Any]:
    return {
        "state": "merged",
        "extensions": [{"number": number} for number in numbers],
        "web_password": "never",
        "require_2fa_for_administrators": True,
        **changes,
    }


def sent(plan: Any) -> dict[str, Any]:
    return {change.number: change.operation.body for change in plan.changes}


def test_every_administrator_needs_a_second_factor_declared_or_not() -> None:
    users = {number: user(Number=number, Groups=OWNER) for number in ("201", "202")}
    assert sent(plan_extensions(params("201"), users, NEW)) == {
        "201": {"Require2FA": True},
        "202": {"Require2FA": True},
    }
    assert sent(plan_extensions(params("201", require_2fa_for_administrators=False), users, NEW)) == {}
    own = {"extensions": [{"number": "201", "require_2fa": False}]}
    assert sent(plan_extensions(params(**own), users, NEW)) == {"202": {"Require2FA": True}}
    plain = {"201": user(Groups=PLAIN)}
    assert sent(plan_extensions(params("201"), plain, NEW)) == {}


def test_only_overridden_switches_undeclared_extensions_off_but_never_an_administrator() -> None:
    users = {
        "201": user(Groups=PLAIN),
        "202": user(Number="202", Groups=PLAIN),
        "203": user(Number="203", Groups=OWNER, Require2FA=True),
        "204": user(Number="204", Groups=PLAIN, Enabled=False),
    }
    assert sent(plan_extensions(params("201"), users, NEW)) == {}
    plan = plan_extensions(params("201", state="overridden"), users, NEW)
    assert sent(plan) == {"202": {"Enabled": False}}
    assert plan.notes == ["203 is not declared and stays enabled: it administers the PBX."]


def test_a_pin_that_calls_may_ask_for_is_said_of_these_extensions_only() -> None:
    entries = [{"number": "201", "pin_protected": True}, {"number": "202", "pin_protected": False}]
    notes = plan_extensions(params(extensions=entries), {}, NEW).notes
    assert len(notes) == 1
    assert "whether emergency calls ask for the PIN too" in notes[0]
    assert notes[0].endswith(": 201")
