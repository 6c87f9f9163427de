# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One declaration, whatever the phone's firmware: renamed and reversed parameters (yealink.md 0.5, 1.5, 2.1, 2.2)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import judge_name, judge_value
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.settings_by_firmware import translate

LOCK = {"phone_setting.phone_lock.enable": "1", "phone_setting.phone_lock.lock_key_type": "0"}
CASES: list[tuple[dict[str, str], int, dict[str, str]]] = [
    # declared, firmware, what the phone gets
    ({"sip.trust_ctrl": "1"}, 73, {"account.1.sip_trust_ctrl": "1", "account.2.sip_trust_ctrl": "1"}),
    ({"sip.trust_ctrl": "1"}, 80, {"sip.trust_ctrl": "1"}),
    ({"account.1.sip_server.1.transport_type": "2"}, 73, {"account.1.transport": "2"}),
    ({"account.1.sip_server.1.transport_type": "2"}, 80, {"account.1.sip_server.1.transport_type": "2"}),
    ({"account.2.outbound_proxy.1.address": "sbc"}, 80, {"account.2.outbound_host": "sbc"}),
    ({"account.2.outbound_proxy.1.port": "5060"}, 81, {"account.2.outbound_proxy.1.port": "5060"}),
    ({"account.1.srtp_encryption": "2"}, 73, {"account.1.srtp_encryption": "1"}),
    ({"account.1.srtp_encryption": "1"}, 79, {"account.1.srtp_encryption": "2"}),
    ({"account.1.srtp_encryption": "2"}, 80, {"account.1.srtp_encryption": "2"}),
    ({"static.wui.http_enable": "0", "static.wui.https_enable": "1"}, 80, {"network.web_server_type": "3"}),
    ({"static.wui.http_enable": "0", "static.wui.https_enable": "0"}, 73, {"network.web_server_type": "0"}),
    ({"static.wui.http_enable": "0"}, 80, {"network.web_server_type": "3"}),
    ({"static.wui.http_enable": "0"}, 81, {"static.wui.http_enable": "0"}),
    ({"static.auto_provision.repeat.enable": "1"}, 80, {"auto_provision.mode": "6"}),
    (
        {"static.auto_provision.power_on": "0", "static.auto_provision.weekly.enable": "1"},
        73,
        {"auto_provision.mode": "5"},
    ),
    ({"static.auto_provision.repeat.minutes": "60"}, 80, {"auto_provision.schedule.periodic_minute": "60"}),
    ({"static.syslog.enable": "1"}, 80, {"syslog.mode": "1"}),
    ({"static.network.vlan.internet_port_vid": "20"}, 80, {"network.vlan.internet_port_vid": "20"}),
    (LOCK, 73, {"phone_setting.lock": "3"}),
    ({**LOCK, "phone_setting.phone_lock.lock_key_type": "2"}, 73, {"phone_setting.lock": "1"}),
    ({**LOCK, "phone_setting.phone_lock.enable": "0"}, 73, {"phone_setting.lock": "0"}),
    (LOCK, 81, LOCK),
    # names of the phone's own firmware stay
    ({"account.1.transport": "1"}, 73, {"account.1.transport": "1"}),
    ({"network.web_server_type": "3"}, 80, {"network.web_server_type": "3"}),
]


@pytest.mark.parametrize(("declared", "firmware", "expected"), CASES)
def test_an_older_phone_gets_its_own_name_and_the_value_that_means_the_same(
    declared: dict[str, str], firmware: int, expected: dict[str, str]
) -> None:
    found = translate(declared, firmware, accounts=2)
    assert found.settings == expected
    assert not found.left_out
    for name, value in found.settings.items():
        assert judge_name(name, firmware, 16).error is None
        assert judge_value(name, value, firmware).error is None


@pytest.mark.parametrize(
    ("declared", "firmware", "why"),
    [
        ({"account.1.outbound_proxy.2.address": "sbc2"}, 80, "first server only"),
        ({"account.1.sip_server.2.transport_type": "2"}, 73, "first server only"),
        ({"phone_setting.phone_lock.lock_key_type": "2"}, 73, "declare phone_setting.phone_lock.enable"),
        (
            {"static.auto_provision.repeat.enable": "1", "static.auto_provision.weekly.enable": "1"},
            80,
            "no mode for this combination",
        ),
    ],
)
def test_what_older_firmware_cannot_say_is_left_out_and_told(declared: dict[str, str], firmware: int, why: str) -> None:
    found = translate(declared, firmware, accounts=1)
    assert found.settings == {}
    assert [text for text in found.left_out.values() if why in text]


def test_an_uncertain_meaning_is_told() -> None:
    found = translate(LOCK, 80, accounts=1)
    assert found.settings == LOCK
    assert "which V80 means is not known" in found.uncertain["phone_setting.phone_lock.lock_key_type"]


def test_one_set_of_settings_serves_a_mixed_site(task: Any, phone: Any) -> None:
    """The declaration is the same for all; what an old phone lacks is left out with a warning."""
    old = phone("249ad8aabbcc", model="T46G", firmware="28.73.0.50", account={"number": "202"})
    missing = "account.1.sip_server.1.invite_retry_counts"
    settings = {"static.syslog.enable": "1", "account.1.auto_answer": "0", missing: "3"}
    task.run(phone(), old, settings=settings)
    new_values, old_values = task.values(), task.values("249ad8aabbcc")
    assert (new_values["static.syslog.enable"], old_values["syslog.mode"]) == ("1", "1")
    assert "static.syslog.enable" not in old_values
    assert new_values["account.1.auto_answer"] == old_values["account.1.auto_answer"] == "0"
    assert missing in new_values
    assert missing not in old_values
    assert [text for text in task.warnings if f"{missing} came with V81 and is not sent to firmware V73" in text]


def test_a_phones_own_setting_that_does_not_fit_it_is_an_error(task: Any, phone: Any) -> None:
    with pytest.raises(HardeningError, match="outbound_proxy.2.address is left out"):
        task.run(phone(firmware="108.80.0.1", settings={"account.1.outbound_proxy.2.address": "sbc2"}))


def test_a_change_of_firmware_keeps_the_declaration(task: Any, phone: Any) -> None:
    declared = {"static.wui.https_enable": "0"}
    task.run(phone(firmware="108.80.0.1"), settings=declared)
    assert task.values()["network.web_server_type"] == "0"
    task.run(phone(firmware="108.86.0.1"), settings=declared)
    assert task.values()["static.wui.https_enable"] == "0"
    assert "network.web_server_type" not in task.values()
