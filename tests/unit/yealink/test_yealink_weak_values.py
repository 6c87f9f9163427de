# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values leave a phone exposed, and which do not, each at its limit (yealink.md 2, 6)."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit import audit
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_files import FoundFile
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.weak_values import (
    default_of,
    guessable,
    is_weaker,
    rules_for,
)

MAC = "805ec0aabbcc"
HEADER = "#!version:1.0.0.1\n"


def insecure(text: str, firmware: int = 86, model: str = "T46U", name: str = f"{MAC}.cfg") -> dict[str, str]:
    """Problems by parameter."""
    numbers = {"T46U": 108, "W60B": 77}
    declared = {MAC: {"model": model, "firmware": f"{numbers[model]}.{firmware}.0.1"}}
    (entry,) = audit([FoundFile(name, (HEADER + text).encode())], declared)
    return {item["parameter"]: item["problem"] for item in entry["findings"] if item["kind"] == "insecure"}


@pytest.mark.parametrize(
    ("password", "own", "why"),
    [
        ("201", ["201"], "is the number or name"),
        ("Reception", ["reception"], "is the number or name"),
        ("", [""], "has fewer than 8"),
        ("Letmein", [], "attackers try"),
        ("12345678", [], "attackers try"),
        ("aB3dE6g", [], "has fewer than 8"),
        ("aB3dE6gH", [], None),
        ("abcabcab", [], "repeats"),
        ("abcdabcd", [], None),
        ("482019375610394", [], "has digits only"),
        ("4820193756103947", [], None),
        ("48201937a", [], None),
    ],
)
def test_what_is_easy_to_guess(password: str, own: list[str], why: str | None) -> None:
    found = guessable(password, own)
    assert found is None if why is None else why in str(found)


@pytest.mark.parametrize(
    ("rule", "value", "wanted", "weaker"),
    [
        ("features.relog_offtime", "5", "5", False),
        ("features.relog_offtime", "1", "5", False),
        ("features.relog_offtime", "6", "5", True),
        ("features.relog_offtime", "0", "5", True),
        ("features.relog_offtime", "00005", "5", True),
        ("features.relog_offtime", "", "5", True),
        ("sip.notify_reboot_enable", "2", "0", False),
        ("sip.notify_reboot_enable", "1", "0", True),
        ("static.wui.https_enable", "0", "1", False),
        ("static.security.ca_cert", "0", "2", False),
        ("static.security.ca_cert", "1", "2", False),
        ("static.security.ca_cert", "3", "2", True),
        ("sip.trust_ctrl", "1", "1", False),
        ("sip.trust_ctrl", "0", "1", True),
    ],
)
def test_a_value_that_is_weaker(rule: str, value: str, wanted: str, weaker: bool) -> None:
    assert is_weaker(rule, value, wanted) is weaker


def test_the_rules_of_each_firmware() -> None:
    modern, old = dict(rules_for(86)), dict(rules_for(73))
    assert "static.wui.http_enable" in modern
    assert "wui.http_enable" not in old
    assert "network.web_server_type" in old
    assert "network.web_server_type" not in modern
    assert {"sip.trust_ctrl", "static.security.cn_validation"} <= set(modern)
    assert "security.cn_validation" in old
    assert not [name for name in (*modern, *old) if "repeat" in name or "schedule" in name or "provision.mode" in name]
    assert "push_xml.sip_notify" in modern
    assert "push_xml.sip_notify" not in dict(rules_for(86, dect=True))
    assert "static.wui.http_enable" in dict(rules_for(81))
    assert "network.snmp.enable" in dict(rules_for(80))
    assert "static.network.snmp.enable" in dict(rules_for(82))
    assert "static.network.snmp.enable" not in dict(rules_for(83))


def test_the_factorys_defaults() -> None:
    assert default_of("features.direct_ip_call_enable") == "1"
    assert default_of("security.cn_validation") == default_of("static.security.cn_validation") != ""
    assert default_of("no.such_name") == ""


HARMLESS = "static.security.user_password = admin:aB3dE6gH9\nstatic.security.user_password = user:aB3dE6gH8\n"


def test_what_is_missing_keeps_the_factorys_value() -> None:
    found = insecure("")
    assert "is not set, and the factory default is not the hardened value 1" in found["sip.trust_ctrl"]
    assert "stays: none is set here" in found["static.security.user_password"]
    assert not [name for name in found if name.startswith("security.sip.")], "not known whether phones need them"
    assert "phone_setting.phone_lock.unlock_pin" not in found


@pytest.mark.parametrize(
    ("line", "name", "problem"),
    [
        ("sip.trust_ctrl = 0", "sip.trust_ctrl", "is not the hardened value 1"),
        ("sip.trust_ctrl = 1", "sip.trust_ctrl", None),
        ("sip.trust_ctrl = %NULL%", "sip.trust_ctrl", "is blank, and the factory default is not the hardened value 1"),
        ("features.direct_ip_call_enable =", "features.direct_ip_call_enable", "is blank, and the factory default"),
        ("static.auto_provision.custom.protect = 1", "static.auto_provision.custom.protect", "survive unnoticed"),
        (
            "static.auto_provision.custom.protect = 1\nstatic.auto_provision.custom.sync = 1",
            "static.auto_provision.custom.protect",
            None,
        ),
        (
            "static.auto_provision.custom.protect = 1\nstatic.auto_provision.custom.sync = 0",
            "static.auto_provision.custom.protect",
            "survive unnoticed",
        ),
        ("features.action_uri_limit_ip = any", "features.action_uri_limit_ip", "any host may command"),
        ("features.action_uri_limit_ip = 192.0.2.1", "features.action_uri_limit_ip", None),
        ("phone_setting.phone_lock.unlock_pin = 123", "phone_setting.phone_lock.unlock_pin", "the factory PIN"),
        ("phone_setting.phone_lock.unlock_pin = 1234", "phone_setting.phone_lock.unlock_pin", None),
        ("phone_setting.phone_lock.enable = 1", "phone_setting.phone_lock.unlock_pin", "the factory PIN 123 stays"),
        ("phone_setting.phone_lock.enable = 0", "phone_setting.phone_lock.unlock_pin", None),
        ("base.pin_code = 0000", "base.pin_code", "the factory PIN"),
        ("static.auto_provision.server.url = http://p.de/", "static.auto_provision.server.url", "are sent in clear"),
        ("static.auto_provision.server.url = TFTP://p.de/", "static.auto_provision.server.url", "are sent in clear"),
        ("static.auto_provision.server.url = https://p.example/", "static.auto_provision.server.url", None),
        ("static.auto_provision.server.url = https://u:p@p.de/", "static.auto_provision.server.url", "are in the"),
        ("remote_phonebook.data.1.url = http://localhost/x", "remote_phonebook.data.1.url", None),
        ("remote_phonebook.data.1.url = ftp://p.example/x", "remote_phonebook.data.1.url", "what is sent or fetched"),
        ("telnet.telnet_enable = 1", "telnet.telnet_enable", "a remote shell"),
        ("telnet.telnet_enable = 0", "telnet.telnet_enable", None),
        ("static.managementserver.enable = 1", "static.managementserver.enable", ""),
        ("account.1.auto_answer = 1", "account.1.auto_answer", "answers automatically"),
        ("account.1.auto_answer = 0", "account.1.auto_answer", None),
        ("account.1.password = 201\naccount.1.user_name = 201", "account.1.password", "number or name it belongs"),
        ("account.1.password = 201201201201abc1\naccount.2.user_name = 201", "account.1.password", None),
        ("account.1.password = aB3dE6gH", "account.1.password", None),
    ],
)
def test_one_line(line: str, name: str, problem: str | None) -> None:
    found = insecure(f"{HARMLESS}{line}\n")
    assert name not in found if problem is None else problem in found[name]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("admin:admin", "a factory password"),
        ("admin:Admin", "is the number or name it belongs to"),
        ("aB3dE6gH9", "names no user"),
        ("admin:aB3dE6g", "password of a phone's user has fewer than 8 characters"),
    ],
)
def test_passwords_of_the_phones_users(line: str, problem: str) -> None:
    text = f"static.security.user_password = {line}\nstatic.security.user_password = user:aB3dE6gH8\n"
    assert problem in insecure(text)["static.security.user_password"] or "names no user" in problem
    found = audit([FoundFile(f"{MAC}.cfg", (HEADER + text).encode())], {})[0]["findings"]
    assert [item for item in found if item["kind"] == "insecure" and problem in item["problem"]]


def test_a_user_without_a_line_keeps_the_factorys_password() -> None:
    assert "static.security.user_password" not in insecure(HARMLESS)
    only_admin = HARMLESS.splitlines()[0] + "\n"
    assert "factory password of user stays" in insecure(only_admin)["static.security.user_password"]
    renamed = f"{only_admin}static.security.user_name.user = desk\n"
    assert "static.security.user_password" not in insecure(renamed)
    same = f"{only_admin}static.security.user_name.user = user\n"
    assert "factory password of user stays" in insecure(same)["static.security.user_password"]


def test_before_v80_each_account_must_be_told_whom_to_trust() -> None:
    account = "account.1.password = aB3dE6gH\n"
    assert "each account" in insecure(account, 79)["account.1.sip_trust_ctrl"]
    assert "each account" in insecure(f"{account}account.1.sip_trust_ctrl = 0\n", 79)["account.1.sip_trust_ctrl"]
    assert "account.1.sip_trust_ctrl" not in insecure(f"{account}account.1.sip_trust_ctrl = 1\n", 79)
    assert "account.1.sip_trust_ctrl" not in insecure(account, 80)


def test_a_dect_base_has_a_pin_of_its_own() -> None:
    assert "factory PIN 0000 stays" in insecure("", model="W60B")["base.pin_code"]
    assert "base.pin_code" not in insecure("base.pin_code = 4711\n", model="W60B")
    assert "base.pin_code" not in insecure("")
    assert "push_xml.sip_notify" not in insecure("", model="W60B")


def test_a_templates_variable_is_not_called_weak() -> None:
    found = insecure("account.1.password = {{.Password}}\nstatic.security.user_password = {{.User}}:{{.Password}}\n")
    assert not {"account.1.password", "static.security.user_password"} & set(found)
