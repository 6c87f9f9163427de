# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phone templates, console, notifications, refusals, releases and paths."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.marked_block import block
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.watch import Watch
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import odata
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.console import plan_console
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.errors import refusal
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import parse_release
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.notifications import (
    plan_mail,
    plan_notifications,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.phone_template import plan_template
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.users import (
    parse_users,
    plan_user,
    wanted,
    weak,
)

TEMPLATE = """<doc><data><deviceconfig filename="a.cfg"><![CDATA[
#!version:1.0.0.1
sip.trust_ctrl = 0
]]></deviceconfig><deviceconfig filename="book.xml"><![CDATA[
<YealinkIPPhoneDirectory/>
]]></deviceconfig></data></doc>
"""
SETTINGS = {"sip.trust_ctrl": "1"}


def template(content: str = TEMPLATE, **changes: Any) -> dict[str, Any]:
    return {"Id": "t", "IsCustom": True, "Content": content, **changes}


def written(content: str = TEMPLATE) -> str:
    control = plan_template("t", template(content), SETTINGS)
    body = control.operations[0].body
    assert body is not None
    return str(body["Content"])


def test_our_block_is_the_last_word_of_each_configuration_and_of_nothing_else() -> None:
    content = written()
    assert content.count("# BEGIN voip-hardening") == 1
    configuration, book = content.split("</deviceconfig>")[:2]
    assert configuration.endswith(block(SETTINGS) + "]]>")
    assert "voip-hardening" not in book
    assert not plan_template("t", template(content), SETTINGS).operations


def test_a_line_behind_our_block_would_win_so_it_is_noticed() -> None:
    tampered = written().replace("# END voip-hardening\n", "# END voip-hardening\nsip.trust_ctrl = 0\n")
    again = written(tampered)
    assert again.index("sip.trust_ctrl = 0\n# BEGIN") < again.index("sip.trust_ctrl = 1\n# END")


@pytest.mark.parametrize(
    ("have", "settings", "message"),
    [
        (None, SETTINGS, "the PBX has no template 't'"),
        (template(IsCustom=False), SETTINGS, "a template of 3CX's own"),
        (template("<doc/>"), SETTINGS, "holds no Yealink configuration file that is understood"),
        (template(), {"a b": "1"}, "'a b' is not a parameter of one line"),
        (template(), {"a": "1\nb = 2"}, "'a' is not a parameter of one line"),
    ],
)
def test_templates_that_are_not_touched(have: dict[str, Any] | None, settings: dict[str, str], message: str) -> None:
    control = plan_template("t", have, settings)
    assert any(message in text for text in control.problems)
    assert not control.operations


@pytest.mark.parametrize(
    ("me", "networks", "message"),
    [
        ("198.51.100.7", ["198.51.100.0/28"], None),
        ("198.51.100.7", ["192.0.2.0/24"], "comes to the PBX from 198.51.100.7, which is in none of 192.0.2.0/24"),
        ("", ["192.0.2.0/24"], "cannot tell whether this would lock the controller out"),
        ("198.51.100.7", [], "would lock everybody out"),
        ("2001:db8::1", ["198.51.100.0/28"], "comes to the PBX from 2001:db8::1"),
    ],
)
def test_the_console_never_shuts_this_controller_out(me: str, networks: list[str], message: str | None) -> None:
    control = plan_console({"AccessRestricted": False, "IpWhitelist": [], "MyIpAddress": me}, networks)
    if message is None:
        assert not control.problems
        assert control.operations
    else:
        assert any(message in text for text in control.problems)
        assert not control.operations


def test_a_console_in_another_written_form_is_the_same() -> None:
    have = {"AccessRestricted": True, "IpWhitelist": ["198.51.100.0/255.255.255.240"], "MyIpAddress": "198.51.100.7"}
    assert not plan_console(have, ["198.51.100.0/28"]).operations


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("a@b.example;c@d.example", "x@y.example;z@y.example"),
        ("a@b.example,c@d.example", "x@y.example,z@y.example"),
        ("", "x@y.example;z@y.example"),
    ],
)
def test_the_separator_of_recipients_stays(found: str, expected: str) -> None:
    want = {"recipients": ["x@y.example", "z@y.example"]}
    control = plan_notifications({"EmailAddresses": found}, want, parse_release("20.0.10"), State.REPLACED)
    assert control.operations[0].body == {"EmailAddresses": expected}


def test_a_hosted_pbx_keeps_its_recipients() -> None:
    have = {"EmailAddresses": "a@b.example", "CanEditEmailAddresses": False}
    control = plan_notifications(have, {"recipients": ["x@y.example"]}, parse_release("20.0.10"), State.REPLACED)
    assert not control.operations
    assert "3CX hosts this PBX" in control.notes[0]


def test_events_in_the_words_of_each_release() -> None:
    want = {"events": ["address_blocked", "number_blocked"]}
    old = plan_notifications({"NotifyTrunkError": True}, want, parse_release("20.0.6"), State.REPLACED)
    assert old.operations[0].body == {"NotifyIPBlocked": True, "NotifyTrunkError": False}
    assert any("NumberBlocked (since 20.0.7)" in note for note in old.notes)
    new = plan_notifications({"NotifyCodes": ["TrunkError"]}, want, parse_release("20.0.7"), State.MERGED)
    assert new.operations[0].body == {"NotifyCodes": ["IPBlocked", "NumberBlocked", "TrunkError"]}


def test_a_mail_port_that_cannot_be_told_is_unsupported() -> None:
    control = plan_mail({}, {"server": "mail.example.net", "port": 2525}, parse_release("20.0.10"), always=False)
    assert (control.outcome, control.operations) == ("unsupported", [])


@pytest.mark.parametrize("code", ["WARNINGS.XAPI.INVALID_PASSWORD", "WARNINGS.INVALID_PASSWORD"])
def test_a_refusal_is_the_same_whatever_the_release_calls_it(code: str) -> None:
    body = {
        "error": {
            "code": "",
            "message": f"AuthPassword:\n{code}",
            "details": [{"message": code, "target": "AuthPassword"}],
        }
    }
    error = refusal("changing extension 201", 400, json.dumps(body).encode())
    assert (
        error.message == "changing extension 201: AuthPassword: the PBX does not take this password (INVALID_PASSWORD)."
    )


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (403, b"", "the role System Owner"),
        (404, b"", "this PBX does not have it (404)"),
        (500, b"", "the PBX answers 500 and says nothing more"),
        (400, b"not json", "the PBX answers 400 and says nothing more"),
        (400, b'{"error": {"message": "Could not find a property"}}', "the PBX answers 400: Could not find a property"),
        (400, b'{"error": "text"}', "says nothing more"),
        (400, b'{"error": {"details": [1, {"message": 5}]}}', "says nothing more"),
    ],
)
def test_refusals_with_and_without_a_body(status: int, body: bytes, message: str) -> None:
    assert message in refusal("reading /Users", status, body).message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("18.0.9", "supported are 20.0.4"),
        ("20.0.3.1", "supported are 20.0.4"),
        ("", "not of the form"),
        ("x", "not of the form"),
    ],
)
def test_releases_that_are_refused(text: str, message: str) -> None:
    with pytest.raises(HardeningError, match=message):
        parse_release(text)


def test_paths_are_quoted_as_odata_wants() -> None:
    assert odata.entity("PhoneTemplates", "o'neill.xml") == "/PhoneTemplates('o''neill.xml')"
    assert odata.url("/Users", {"$filter": "Number eq '201'"}) == "/xapi/v1/Users?$filter=Number%20eq%20'201'"
    assert odata.url("/A('x y/?#')") == "/xapi/v1/A('x%20y/%3F%23')"


def test_an_operation_is_shown_without_its_secrets() -> None:
    body = {"AuthPassword": Secret("canary-1"), "MailPassword": {"Value": Secret("canary-2")}, "Number": "201"}
    assert "canary" not in json.dumps(Operation("PATCH", "/Users(1)", body, "changing").shown()) + repr(body)


def test_absent_and_null_are_the_same_and_secrets_do_not_print() -> None:
    users = parse_users([{"Id": 1, "Number": "201", "AuthPassword": "canary-password"}])
    assert "canary" not in repr(users)
    assert weak(users.values()) == {"201": ["its SIP password is weak"]}


def test_a_user_keeps_the_name_that_the_pbx_has() -> None:
    users = parse_users([{"Id": 1, "Number": "201", "FirstName": "Anna", "LastName": "Smith"}])
    want, _lacking = wanted({"number": "201", "name": "Reception"}, None, parse_release("20.0.10"))
    assert plan_user(want, users["201"], unreadable="never") is None
    made = plan_user(want, None, unreadable="never")
    assert made is not None
    assert made.operation.body == {"Number": "201", "FirstName": "Reception", "LastName": ""}


def test_only_a_fresh_registration_counts() -> None:
    watch = Watch(frozenset({"201", "202"}), frozenset({"201"}), 180.0)
    watch.saw({"201", "202"}, 0.0)
    assert watch.missing == ["201"]
    watch.saw({"202"}, 1.0)
    watch.saw({"201", "202"}, 2.0)
    assert watch.missing == []
    assert not watch.over(100.0, 300.0)  # 202 may still be the old registration
    watch.saw({"201", "202"}, 181.0)
    assert watch.over(181.0, 300.0)
    assert watch.back == {"201", "202"}
    watch.saw({"202"}, 182.0)
    assert watch.missing == ["201"]
