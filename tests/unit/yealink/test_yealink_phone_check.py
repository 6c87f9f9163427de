# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check of the declaration can know of the phones: everything that their files would be refused for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_check import check_phones

OTHER = "805ec0aabbdd"


def test_good_phones_have_no_problems(phone: Any) -> None:
    found = check_phones([phone(), phone(OTHER, dot1x={"method": "peap"}, model="W60B", firmware="77.86.0.1")])
    assert (found.errors, found.warnings) == ({}, {})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "T99X"}, "model 'T99X' is not a known Yealink model; the nearest known is "),
        ({"model": "T46"}, "the nearest known is T46U, T46S or T46G"),
        ({"firmware": "124.86"}, "firmware '124.86' is not a version"),
        ({"firmware": "124.86.0.75"}, "firmware 124.86.0.75 is not for a T46U, which has 108.x"),
        ({"model": "CP920", "firmware": "78.86.0.1", "accounts": "two"}, "CP920 has 1 account, and 2 are declared"),
        ({"blocked_beginnings": ["9"]}, "blocked_beginnings: '9' would bar 999"),
        ({"settings": {"no.such_name": "1"}}, "no.such_name is not a known parameter"),
        ({"vlan": {"id": 5000}}, "vlan.id 5000 is not from 1 to 4094"),
        ({"web_interface": "http"}, "value of web_interface must be one of: https, off, got: http"),
    ],
)
@pytest.mark.parametrize("in_template", [False, True])
def test_each_mistake_comes_with_its_phones(
    phone: Any, changes: dict[str, Any], message: str, in_template: bool
) -> None:
    if "accounts" in changes:
        changes = {**changes, "accounts": phone()["accounts"] * 2}
    found = check_phones([phone(), phone(OTHER, **changes)], in_template=in_template)
    if "settings" in changes and in_template:
        assert found.errors == {}, "the PBX's template has none of our own settings in it"
        return
    ((text, macs),) = found.errors.items()
    assert message in text
    assert macs in ([OTHER], [""]), "the phone with the mistake, or a task's option"


def test_all_mistakes_at_once(phone: Any) -> None:
    found = check_phones([phone(model="T99X"), phone(OTHER, vlan={"id": 0})])
    assert sorted(macs for macs in found.errors.values()) == [["805ec0aabbcc"], [OTHER]]


def test_phones_that_one_template_cannot_serve(phone: Any) -> None:
    both = [phone(), phone(OTHER, web_interface="off")]
    assert check_phones(both).errors == {}
    ((text, _macs),) = check_phones(both, in_template=True).errors.items()
    assert "static.wui.https_enable would be 1 for one phone and 0 for another" in text


def test_what_is_only_warned_of(phone: Any) -> None:
    found = check_phones([phone(firmware=None), phone(OTHER, lock={})])
    assert found.errors == {}
    ((text, macs),) = found.warnings.items()
    assert "the firmware is not declared" in text
    assert macs == ["805ec0aabbcc"]
    ((locked, _macs),) = check_phones([phone(lock={})], in_template=True).warnings.items()
    assert "phone_policy.lock is not in the block" in locked
