# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration files as text: what is parsed is what was rendered, and nothing else gets in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import (
    HEADER,
    MARK,
    Setting,
    is_ours,
    parse,
    render,
    render_boot,
    value_problem,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.redact import masked

NAMES = st.from_regex(r"[a-z][A-Za-z0-9_]{0,12}(\.[A-Za-z0-9_]{1,12}){0,4}", fullmatch=True)
VALUES = st.text(min_size=1, max_size=60).filter(lambda text: value_problem(text) is None)
SETTINGS = st.lists(st.builds(Setting, NAMES, VALUES, st.sampled_from(["", "One", "Two"])), max_size=30)


@given(SETTINGS)
def test_what_is_rendered_is_what_is_parsed(settings: list[Setting]) -> None:
    assert parse(render(settings)) == [(setting.name, setting.value) for setting in settings]


@given(SETTINGS)
def test_the_same_settings_give_the_same_bytes(settings: list[Setting]) -> None:
    text = render(settings)
    assert text == render(list(settings))
    assert "\r" not in text
    assert text.endswith("\n")
    assert text.splitlines()[0] == HEADER


BLANKS = st.sampled_from(["", " ", "\t"])
NOT_IN_WORDS = ["Cs", "Zs", "Cc", "Zl", "Zp"]
WORDS = st.text(st.characters(exclude_characters="\r\n=#", exclude_categories=NOT_IN_WORDS), min_size=1)
REST = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)
LINES = st.one_of(
    st.tuples(BLANKS, WORDS, BLANKS, st.just("="), REST).map("".join),
    st.tuples(BLANKS, st.just("#"), REST).map("".join),
    st.tuples(BLANKS, WORDS).map("".join),
    st.tuples(BLANKS, st.just("="), REST).map("".join),
)


def test_of_any_text_the_assignments_are_read() -> None:
    reached = 0

    @given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
    def any_text(lines: list[str], end: str) -> None:
        nonlocal reached
        pairs = parse(end.join([HEADER, *lines]))
        expected = [
            (name.strip(), value.strip())
            for name, sign, value in (line.partition("=") for line in lines)
            if sign and name.strip() and not name.strip().startswith("#")
        ]
        assert pairs == expected
        reached += bool(pairs)

    any_text()
    assert reached >= 40, "most texts have an assignment"


@given(st.text(max_size=40))
def test_a_value_never_adds_a_line(value: str) -> None:
    plain = render([Setting("account.1.label", "x")])
    try:
        text = render([Setting("account.1.label", value)])
    except HardeningError:
        return
    assert len(text.splitlines()) == len(plain.splitlines())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", "is empty"),
        ("a\nsip.trust_ctrl = 0", "line break"),
        ("a\rsip.trust_ctrl = 0", "line break"),
        ("a\x0bb", "control character"),
        ("a\x85b", "control character"),
        ("a\u2028b", "control character"),
        ("a\u2029b", "control character"),
        ("a\x00b", "control character"),
        (" a", "blank"),
        ("a ", "blank"),
        ("\ud800", "Unicode"),
    ],
)
def test_values_that_do_not_fit_a_line_are_refused(value: str, told: str) -> None:
    with pytest.raises(HardeningError, match=f"^account.1.label .*{told}"):
        render([Setting("account.1.label", value)])


@pytest.mark.parametrize("name", ["", "a b", "a=b", "a\nb", "#a", "a..b", ".a", "ä.b"])
def test_names_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(HardeningError, match="not a parameter name"):
        render([Setting(name, "1")])


@pytest.mark.parametrize("value", ["a # b", "a = b", "=", "#", '"quoted"', "Café, Empfang", "%NULL%"])
def test_values_run_to_the_end_of_the_line(value: str) -> None:
    assert parse(render([Setting("account.1.label", value)])) == [("account.1.label", value)]


@pytest.mark.parametrize(
    "text", ["", "a = 1\n", "\n#!version:1.0.0.1\n", "#!version:1.0.0.2\na = 1\n", "\ufeff#!version:1.0.0.1\n"]
)
def test_a_file_without_the_header_is_none(text: str) -> None:
    with pytest.raises(HardeningError, match="first line"):
        parse(text)


def test_both_ends_of_line_and_spacing_are_read() -> None:
    assert parse(f"{HEADER}\r\na=1\r\n## c = 2\r\nb =  2 \r\nno assignment\r\n") == [("a", "1"), ("b", "2")]


def test_boot_file_includes_the_phones_own_file_and_resets_the_rest() -> None:
    text = render_boot("805ec0aabbcc.cfg", reset_undeclared=True)
    assert text == f'{HEADER}\n{MARK}\ninclude:config "805ec0aabbcc.cfg"\noverwrite_mode = 1\n'
    assert render_boot("a.cfg", reset_undeclared=False).splitlines()[-1] == "overwrite_mode = 0"


def test_a_heading_stands_once_before_its_settings() -> None:
    text = render([Setting("a.b", "1", "One"), Setting("a.c", "2", "One"), Setting("a.d", "3", "Two")])
    assert text == f"{HEADER}\n{MARK}\n\n## One\na.b = 1\na.c = 2\n\n## Two\na.d = 3\n"


def test_our_files_are_recognised() -> None:
    assert is_ours(render([]))
    assert is_ours(render_boot("a.cfg", reset_undeclared=True))
    assert not is_ours(f"{HEADER}\naccount.1.label = Managed\n")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("account.1.password = s3cret", "account.1.password = ********"),
        ("account.1.password=s3cret", "account.1.password=********"),
        ("static.security.user_password = admin:s3cret", "static.security.user_password = admin:********"),
        ("static.auto_provision.aes_key_16.com = s3cret", "static.auto_provision.aes_key_16.com = ********"),
        ("phone_setting.phone_lock.unlock_pin = 123", "phone_setting.phone_lock.unlock_pin = ********"),
        ("base.pin_code = 0000", "base.pin_code = ********"),
        ("account.1.signal_encode_key = s3cret", "account.1.signal_encode_key = ********"),
        ("features.xml_browser.pwd = s3cret", "features.xml_browser.pwd = ********"),
        ("meta.comm_portal.server.token = s3cret", "meta.comm_portal.server.token = ********"),
        ("ldap.password = s3cret", "ldap.password = ********"),
        ("some.unknown.password = s3cret", "some.unknown.password = ********"),
        ("static.firmware.url = http://u:s3cret@h/f.rom", "static.firmware.url = http://********@h/f.rom"),
        ("#static.firmware.url = http://u:s3cret@h/f.rom", "#static.firmware.url = http://********@h/f.rom"),
        ("features.password_dial.enable = 1", "features.password_dial.enable = 1"),
        ("account.1.password = %NULL%", "account.1.password = %NULL%"),
        ("account.1.label = 201", "account.1.label = 201"),
    ],
)
def test_secrets_are_not_shown(line: str, shown: str) -> None:
    assert masked(f"{HEADER}\n{line}\n") == f"{HEADER}\n{shown}\n"


def test_a_changed_secret_is_marked() -> None:
    name = "static.security.user_password"
    old = f"{HEADER}\naccount.1.password = a\n{name} = admin:a\n{name} = user:b\n"
    new = f"{HEADER}\naccount.1.password = a\n{name} = admin:c\n{name} = user:b\n"
    assert masked(new, old).splitlines()[1:] == [
        "account.1.password = ********",
        f"{name} = admin:******** (changed)",
        f"{name} = user:********",
    ]
