# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in a hardened phone's file, for each firmware (yealink.md 2.5)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import RULES, listen_port
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import judge_name, judge_value

TLS = {"transport": "tls", "port": 5061, "srtp": "compulsory"}
FIRMWARES = [70, 73, 80, 81, 82, 83, 84, 85, 86, 87]

HARDENED_V86 = {
    "sip.trust_ctrl": "1",
    "features.direct_ip_call_enable": "0",
    "features.action_uri.enable": "0",
    "features.action_uri_limit_ip": "%NULL%",
    "features.show_action_uri_option": "1",
    "push_xml.sip_notify": "0",
    "sip.notify_reboot_enable": "0",
    "static.security.trust_certificates": "1",
    "static.security.cn_validation": "1",
    "static.security.ca_cert": "2",
    "static.security.default_ssl_method": "5",
    "static.wui.http_enable": "0",
    "static.wui.https_enable": "1",
    "features.relog_offtime": "5",
    "static.security.var_enable": "0",
    "static.auto_provision.pnp_enable": "0",
    "static.auto_provision.dhcp_option.enable": "0",
    "static.auto_provision.repeat.enable": "1",
    "static.auto_provision.repeat.minutes": "1440",
    "static.auto_provision.custom.protect": "0",
    "static.auto_provision.server.url": "https://prov.example.net/phones/",
    "static.auto_provision.server.username": "phones",
    "static.auto_provision.server.password": "ProvisioningPassword",
    "static.managementserver.enable": "0",
    "static.network.span_to_pc_port": "0",
    "phone_setting.emergency.number": "999,112,18000",
    "dialplan.emergency.enable": "1",
    "dialplan.emergency.1.value": "999",
    "dialplan.emergency.2.value": "112",
    "dialplan.emergency.3.value": "18000",
    "dialplan.emergency.server.1.address": "pbx.example.net",
    "account.1.enable": "1",
    "account.1.label": "201",
    "account.1.display_name": "Reception",
    "account.1.user_name": "201",
    "account.1.auth_name": "authid201",
    "account.1.password": "SipPassword=201#x",
    "account.1.sip_server.1.address": "pbx.example.net",
    "account.1.sip_server.1.port": "5060",
    "account.1.sip_server.1.transport_type": "0",
    "account.1.srtp_encryption": "0",
}


def test_the_whole_baseline_on_current_firmware(task: Any, phone: Any) -> None:
    task.run(phone())
    values = task.values()
    assert {name: values.get(name) for name in HARDENED_V86} == HARDENED_V86
    lines = task.text().splitlines()
    assert "static.security.user_password = admin:AdminPassword201" in lines
    assert "static.security.user_password = user:UserPassword201" in lines
    assert task.warnings == []


BY_FIRMWARE = [
    # name, the value in V73, V80, V82, V86; None where it must not stand
    ("sip.trust_ctrl", None, "1", "1", "1"),
    ("account.1.sip_trust_ctrl", "1", "1", None, None),
    ("account.1.transport", "2", None, None, None),
    ("account.1.sip_server.1.transport_type", None, "2", "2", "2"),
    ("account.1.srtp_encryption", "1", "2", "2", "2"),  # 1 and 2 changed places
    ("security.trust_certificates", "1", "1", None, None),
    ("static.security.trust_certificates", None, None, "1", "1"),
    ("static.security.default_ssl_method", None, None, "5", "5"),
    ("security.sip.trust_certificates", None, None, None, "1"),
    ("network.web_server_type", "3", "3", None, None),
    ("static.wui.http_enable", None, None, "0", "0"),
    ("auto_provision.mode", "6", "6", None, None),
    ("static.auto_provision.repeat.enable", None, None, "1", "1"),
    ("auto_provision.server.url", *["https://prov.example.net/phones/"] * 2, None, None),
    ("static.auto_provision.server.url", None, None, *["https://prov.example.net/phones/"] * 2),
    ("network.snmp.enable", "0", "0", None, None),
    ("static.network.snmp.enable", None, None, "0", None),
    ("features.action_uri.enable", None, None, "0", "0"),
    ("features.action_uri_limit_ip", "%NULL%", "%NULL%", "%NULL%", "%NULL%"),
    ("features.direct_ip_call_enable", "0", "0", "0", "0"),
    ("phone_setting.emergency.number", *["999,112,18000"] * 4),
    ("dialplan.emergency.1.value", None, None, "999", "999"),
]


@pytest.mark.parametrize(("name", "values"), [(name, values) for name, *values in BY_FIRMWARE])
def test_names_and_values_by_firmware(task: Any, phone: Any, name: str, values: tuple[str | None, ...]) -> None:
    for firmware, value in zip((73, 80, 82, 86), values, strict=True):
        task.run(phone(firmware=f"108.{firmware}.0.1", account=TLS))
        assert task.values().get(name) == value, f"V{firmware}"


@pytest.mark.parametrize("firmware", FIRMWARES)
@pytest.mark.parametrize(("model", "number"), [("T46U", 108), ("W60B", 77)])
def test_no_firmware_is_sent_what_it_does_not_know(
    task: Any, phone: Any, firmware: int, model: str, number: int
) -> None:
    task.run(phone(model=model, firmware=f"{number}.{firmware}.0.1", account=TLS, outside_lan=True))
    refused = [
        verdict.error
        for name, value in task.values().items()
        for verdict in (judge_name(name, firmware, 16), judge_value(name, value, firmware))
        if verdict.error
    ]
    assert refused == []


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_user_passwords_stand_once_for_each_user(task: Any, phone: Any, firmware: int) -> None:
    task.run(phone(firmware=f"108.{firmware}.0.1"))
    name = "static.security.user_password" if firmware >= 81 else "security.user_password"
    users = [line.split(" = ")[1].split(":")[0] for line in task.text().splitlines() if line.startswith(f"{name} = ")]
    assert users == ["admin", "user", "var"]


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_boot_files_exist_from_v81_on(task: Any, phone: Any, firmware: int) -> None:
    task.run(phone(firmware=f"108.{firmware}.0.1"))
    assert (task.directory / "805ec0aabbcc.boot").exists() == (firmware >= 81)


def test_only_user_password_is_repeated(task: Any, phone: Any) -> None:
    second = {"number": "202", "server": "pbx.example.net"}
    declared = phone()
    declared["accounts"].append(second)
    task.run(declared)
    names = [line.split(" = ")[0] for line in task.text().splitlines() if " = " in line]
    assert {name for name in names if names.count(name) > 1} == {"static.security.user_password"}
    assert task.values()["account.2.user_name"] == "202"


def test_a_phone_outside_the_lan_listens_elsewhere(task: Any, phone: Any) -> None:
    task.run(phone(outside_lan=True, account=TLS))
    port = int(task.values()["sip.listen_port"])
    assert 20000 <= port < 60000
    assert not 11780 <= port <= 12780
    assert port == listen_port("805ec0aabbcc")
    assert task.warnings == []
    task.run(phone(outside_lan=True, account=TLS, firmware="108.73.0.1"))
    assert "account.1.sip_listen_port" in task.values()
    task.run(phone())
    assert "sip.listen_port" not in task.values()


def test_a_phone_outside_the_lan_without_tls_is_warned_of(task: Any, phone: Any) -> None:
    task.run(phone(outside_lan=True))
    assert ["overheard" in text for text in task.warnings] == [True]


def test_action_uri_may_be_allowed_to_named_hosts(task: Any, phone: Any) -> None:
    task.run(phone(), action_uri_from=["192.0.2.10", "10.1.1.*"])
    values = task.values()
    assert values["features.action_uri.enable"] == "1"
    assert values["features.action_uri_limit_ip"] == "192.0.2.10,10.1.1.*"
    with pytest.raises(HardeningError, match="action_uri_from: 'any'"):
        task.run(phone(), action_uri_from=["any"])


def test_a_dect_base_gets_its_part_and_a_warning_about_its_pin(task: Any, phone: Any, credentials: Any) -> None:
    task.run(phone(model="W60B", firmware="77.85.0.20"))
    values = task.values()
    assert values["sip.trust_ctrl"] == "1"
    assert not [name for name in values if name.startswith(("dialplan.", "push_xml.", "features.action_uri"))]
    assert [text for text in task.warnings if "base.pin_code" in text]
    task.run(phone(model="W60B", firmware="77.85.0.20"), credentials=credentials("201", **{"base.pin_code": "4711"}))
    assert task.values()["base.pin_code"] == "4711"
    assert not [text for text in task.warnings if "base.pin_code in secret" in text]


def test_every_rule_of_the_baseline_applies_to_some_firmware() -> None:
    assert [rule for rule in RULES if not any(rule.since <= firmware <= rule.until for firmware in FIRMWARES)] == []
