# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes into the template of a PBX that provisions the phones itself (yealink.md 5)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import is_secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_check import phones_without_credentials
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.template_block import (
    block_settings,
    left_out,
)

HARDENED = {
    "sip.trust_ctrl": "1",
    "account.1.sip_trust_ctrl": "1",
    "features.direct_ip_call_enable": "0",
    "features.action_uri_limit_ip": "%NULL%",
    "sip.notify_reboot_enable": "0",
    "static.wui.http_enable": "0",
    "network.web_server_type": "3",
    "dialplan.emergency.1.value": "999",
}


def settings(*phones: dict[str, Any], certificates: bool = False) -> dict[str, str]:
    return block_settings(phones_without_credentials(phones), certificates=certificates)


def test_without_declared_phones_every_era_is_served() -> None:
    found = settings()
    assert {name: found.get(name) for name in HARDENED} == HARDENED


def test_what_the_pbx_owns_is_not_in_it(phone: Any) -> None:
    for found in (settings(), settings(phone(listen_port=35060, vlan={"id": 20}))):
        assert not [name for name in found if is_secret(name)]
        owned = ("server.url", "account.1.user_name", "account.1.sip_server", "sip.listen_port", "vlan", "repeat")
        assert not [name for name in found if any(part in name for part in owned)]
        assert not [value for value in found.values() if "the.pbx" in value]


def test_certificates_are_checked_only_where_that_is_asked_for(phone: Any) -> None:
    assert not [name for name in settings(phone()) if "security" in name and name != "static.security.var_enable"]
    assert settings(phone(), certificates=True)["static.security.cn_validation"] == "1"


def test_only_the_eras_of_the_declared_phones(phone: Any) -> None:
    found = settings(phone())
    assert "network.web_server_type" not in found
    assert found["static.wui.http_enable"] == "0"


def test_what_is_declared_for_the_phones_is_in_it(phone: Any) -> None:
    found = settings(phone(blocked_beginnings=["0088"], enrolled=False))
    assert found["dialplan.block_out.number.1"] == "0088."
    assert found["static.auto_provision.pnp_enable"] == "0"


@pytest.mark.parametrize("firmware", ["108.86.0.1", "108.80.0.1", "108.73.0.1"])
def test_a_lock_that_the_factorys_pin_would_open_is_not_in_it(phone: Any, firmware: str) -> None:
    declared = [
        phone(mac, firmware=firmware, lock={"after": 60, "keys": "all"}) for mac in ("805ec0aabbcc", "805ec0aabbdd")
    ]
    assert not [name for name in settings(*declared) if "lock" in name]
    (warning,) = left_out(phones_without_credentials(declared))
    assert "phone_policy.lock is not in the block for the PBX's template (2 phones)" in warning
    assert "factory PIN, 123" in warning


def test_without_a_lock_nothing_is_left_out(phone: Any) -> None:
    base = phone("805ec0aabbdd", model="W60B", firmware="77.85.0.20", lock={"after": 60, "keys": "all"})
    assert left_out(phones_without_credentials([phone(), base])) == []


def test_one_template_cannot_say_two_things(phone: Any) -> None:
    with pytest.raises(HardeningError, match=r"sip\.notify_reboot_enable would be 0 for one phone and 2"):
        settings(phone(), phone("805ec0aabbdd", check_sync="ignore"))
