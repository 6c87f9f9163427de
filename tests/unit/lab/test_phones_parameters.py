# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a simulated phone takes, ignores and refuses, by name, firmware release and value."""

from __future__ import annotations

import pytest

from lab.phones import MASK, Phone
from lab.phones.apply import apply_files
from lab.phones.cfg import parse
from lab.phones.table import KnownNames, parameters

HEAD = b"#!version:1.0.0.1\n"

# release, name -> known under which name (legacy_alias = ignore, accept)
NAMES = [
    (86, "sip.trust_ctrl", "sip.trust_ctrl", "sip.trust_ctrl"),
    (81, "sip.trust_ctrl", "sip.trust_ctrl", "sip.trust_ctrl"),
    (80, "sip.trust_ctrl", None, None),
    (86, "account.1.sip_trust_ctrl", None, None),
    (73, "account.1.sip_trust_ctrl", "account.1.sip_trust_ctrl", "account.1.sip_trust_ctrl"),
    (86, "static.security.user_password", "static.security.user_password", "static.security.user_password"),
    (86, "security.user_password", None, "static.security.user_password"),
    (73, "security.user_password", "security.user_password", "security.user_password"),
    (73, "static.security.user_password", None, None),
    (84, "auto_provision.server.url", None, "static.auto_provision.server.url"),
    (86, "security.sip.trust_certificates", "security.sip.trust_certificates", "security.sip.trust_certificates"),
    (84, "account.1.transport", None, None),
    (73, "account.1.transport", "account.1.transport", "account.1.transport"),
    (80, "static.network.snmp.enable", None, None),
    (84, "static.network.snmp.enable", None, None),
    (86, "account.16.sip_server.2.address", "account.16.sip_server.2.address", "account.16.sip_server.2.address"),
    (86, "account.17.enable", None, None),
    (86, "account.0.enable", None, None),
    (86, "account.1.sip_server.3.address", None, None),
    (86, "dialplan.block_out.number.10", "dialplan.block_out.number.10", "dialplan.block_out.number.10"),
    (86, "dialplan.block_out.number.11", None, None),
    (86, "account.X.enable", None, None),
    (86, "Sip.trust_ctrl", None, None),
    # yealink.md 7.3: names that do not exist
    (86, "static.auto_provision.url", None, None),
    (86, "features.direct_ip_call.enable", None, None),
    (86, "static.phone.reboot", None, None),
    (86, "sip.use_random_port", None, None),
    (86, "overwrite_mode", None, None),
]


@pytest.mark.parametrize(("release", "name", "strict", "alias"), NAMES)
def test_names_by_release(release: int, name: str, strict: str | None, alias: str | None) -> None:
    for expected, mode in ((strict, "ignore"), (alias, "accept")):
        known = KnownNames(release, 16, mode).find(name)
        assert (known.key if known else None) == expected


def test_accounts_are_limited_by_model() -> None:
    assert Phone("805ec0aabbcc", "T23G", "44.84.0.15").effective("account.4.enable") is None
    assert Phone("805ec0aabbcc", "T23G", "44.84.0.15").effective("account.3.enable") == "0"


VALUES = [
    ("sip.trust_ctrl", "2", False),
    ("sip.trust_ctrl", "1 # on", False),
    ("sip.trust_ctrl", '"1"', False),
    ("sip.listen_port", "0", False),
    ("sip.listen_port", "65535", True),
    ("sip.listen_port", "65536", False),
    ("account.1.srtp_encryption", "2", True),
    ("account.1.srtp_encryption", "3", False),
    ("features.action_uri_limit_ip", "any", True),
    ("features.action_uri_limit_ip", "10.10.*.*,192.0.2.7", True),
    ("features.action_uri_limit_ip", "192.0.2.0/24", False),
    ("features.relog_offtime", "1001", False),
    ("phone_setting.phone_lock.unlock_pin", "12a4", False),
    ("static.auto_provision.weekly.begin_time", "24:00", False),
    ("static.auto_provision.server.url", "provision.example.net", False),
    ("static.auto_provision.aes_key.com", "tooshort", False),
    ("account.1.sip_server.1.failback_timeout", "3600", True),  # the row's range contradicts its default
    ("account.1.label", "anything at all", True),
    ("account.1.acd.auto_login_enable", "yes", True),  # known by name only: no value is refused
]


@pytest.mark.parametrize(("name", "value", "taken"), VALUES)
def test_values_out_of_range_are_refused_and_the_old_one_kept(name: str, value: str, taken: bool) -> None:
    content = HEAD + f"{name} = {value}\n".encode()
    outcome = apply_files(KnownNames(86, 16), {}, {"admin": "admin"}, [("a.cfg", content)])
    assert (name in outcome.settings) == taken
    assert bool(outcome.refused) != taken
    if "pin" in name or "aes_key" in name:
        assert value not in str(outcome.refused)


# yealink.md 2.5
BASELINE = """
sip.trust_ctrl = 1
features.direct_ip_call_enable = 0
features.action_uri_limit_ip = %NULL%
features.action_uri.enable = 0
features.show_action_uri_option = 1
push_xml.sip_notify = 0
sip.notify_reboot_enable = 0
static.security.trust_certificates = 1
static.security.cn_validation = 1
static.security.ca_cert = 2
static.security.default_ssl_method = 5
static.security.user_password = admin:a-long-one
static.security.user_password = user:another
static.wui.http_enable = 0
static.wui.https_enable = 1
features.relog_offtime = 5
static.auto_provision.pnp_enable = 0
static.auto_provision.dhcp_option.enable = 0
static.auto_provision.server.url = https://provision.example.net/phones/
static.auto_provision.repeat.enable = 1
static.auto_provision.repeat.minutes = 1440
static.auto_provision.custom.protect = 0
static.managementserver.enable = 0
static.network.span_to_pc_port = 0
account.1.sip_server.1.transport_type = 2
account.1.srtp_encryption = 2
sip.listen_port = 20561
dialplan.block_out.number.1 = 00
"""


def test_the_hardened_baseline_is_taken_whole() -> None:
    outcome = apply_files(KnownNames(86, 16), {}, {}, [("a.cfg", HEAD + BASELINE.encode())])
    assert (outcome.ignored, outcome.refused) == ([], [])
    assert len(outcome.assigned) == BASELINE.count("\n") - 1
    early = apply_files(KnownNames(73, 16), {}, {}, [("a.cfg", HEAD + BASELINE.encode())])
    assert "sip.trust_ctrl" in early.ignored
    assert all(name in early.ignored for name in outcome.assigned if name.startswith("static.") and "[" not in name)


PASSWORDS = [
    (b"admin:new one", "new one", None),
    (b"admin:", "old", "cannot be set empty"),
    (b"new one", "old", "not user:password"),
    (b"admin:a:b", "old", "not 1 to 32"),
    (b"admin:" + b"x" * 33, "old", "not 1 to 32"),
    ("admin:pä".encode(), "old", "not 1 to 32"),
    (b"root:abc", "old", "no such user"),
    (b"%NULL%", "old", "not user:password"),
]


@pytest.mark.parametrize(("value", "expected", "why"), PASSWORDS)
def test_web_passwords(value: bytes, expected: str, why: str | None) -> None:
    content = HEAD + b"static.security.user_password = " + value + b"\n"
    outcome = apply_files(KnownNames(86, 16), {}, {"admin": "old"}, [("a.cfg", content)])
    assert outcome.passwords["admin"] == expected
    assert [why in reason for _name, _value, reason in outcome.refused if why] == ([True] if why else [])
    assert [shown for _name, shown, _why in outcome.refused] == ([MASK] if why else [])


def test_each_user_has_a_password_and_a_new_login_name_counts_at_once() -> None:
    content = (
        HEAD + b"static.security.user_password = boss:one\nstatic.security.user_password = user:two\n"
        b"static.security.user_name.admin = boss\nstatic.security.user_password = user:three\n"
    )
    outcome = apply_files(KnownNames(86, 16), {}, {"admin": "a", "user": "u"}, [("a.cfg", content)])
    assert outcome.passwords == {"admin": "one", "user": "three"}


SYNTAX = [
    (b"a=b\n a  =  b c \n", [("a", "b"), ("a", "b c ")], []),
    (b"# a = b\n\n   \n## x\na = b # c\n", [("a", "b # c")], []),
    (b"a = b\r\nc = d\r\n", [("a", "b"), ("c", "d")], []),
    (b"a = one\rsip.trust_ctrl = 0\n", [("a", "one"), ("sip.trust_ctrl", "0")], []),
    (b"a 46\n= 3\n[x]\n", [], [2, 3, 4]),
    (b"a = \xc3\xbc=\xff\n", [("a", "\u00fc=\ufffd")], []),
]


@pytest.mark.parametrize(("body", "assignments", "malformed"), SYNTAX)
def test_syntax(body: bytes, assignments: list[tuple[str, str]], malformed: list[int]) -> None:
    parsed = parse(HEAD + body)
    assert (parsed.assignments, parsed.malformed) == (assignments, malformed)


@pytest.mark.parametrize(
    "head", [b"", b"\xef\xbb\xbf#!version:1.0.0.1\n", b"#!version:1.0.0.2\n", b"\n#!version:1.0.0.1\n"]
)
def test_the_header_is_needed(head: bytes) -> None:
    with pytest.raises(ValueError, match="first line"):
        parse(head + b"a = b\n")


@pytest.mark.parametrize(
    ("value", "overwrite", "result", "refused"),
    [
        ("%NULL%", False, None, 0),
        ("%EMPTY%", False, "", 0),
        ("", True, None, 0),
        ("", False, "any", 1),
    ],
)
def test_clearing_a_value(value: str, overwrite: bool, result: str | None, refused: int) -> None:
    name = "features.action_uri_limit_ip"
    content = HEAD + f"{name} = {value}\n".encode()
    outcome = apply_files(KnownNames(86, 16), {name: "any"}, {}, [("a.cfg", content)], overwrite=overwrite)
    assert outcome.settings.get(name) == result
    assert len(outcome.refused) == refused


def test_every_known_default_is_a_value_the_phone_takes() -> None:
    from lab.phones.values import why_refused

    wrong = [row.name for row in parameters().values() if row.default and why_refused(row, row.default)]
    assert wrong == []
    assert len(parameters()) == 2362
