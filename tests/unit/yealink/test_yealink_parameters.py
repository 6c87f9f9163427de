# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and values against the parameter table, for each firmware."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import (
    MODELS,
    find_model,
    firmware_of,
    pair_problem,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import (
    is_secret,
    judge_name,
    judge_value,
    table,
)

BUILDER = Path(__file__).parents[3] / "tools" / "build_yealink_parameters.py"


def test_the_table_is_made_from_the_list() -> None:
    done = subprocess.run([sys.executable, str(BUILDER), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_accounts_and_firmware(model: str) -> None:
    found = find_model(f"sip-{model.lower()}")
    assert found.name == model
    assert 1 <= found.accounts <= 16
    assert 70 <= found.newest <= 86


def test_an_unknown_model_is_refused_with_the_nearest() -> None:
    with pytest.raises(HardeningError, match=r"'T46X' is not a known Yealink model; the nearest known is .*T46"):
        find_model("T46X")
    with pytest.raises(HardeningError, match=r"known models: .*T57W"):
        find_model("Cisco 7940")


@pytest.mark.parametrize(
    ("version", "firmware"), [("108.86.0.118", 86), ("2.70.0.140", 70), ("146.87.188.1", 87), ("66.81.0.25", 81)]
)
def test_firmware_of_a_version(version: str, firmware: int) -> None:
    assert firmware_of(version) == firmware


@pytest.mark.parametrize(
    "firmware", ["", "86", "108.86", "a.b.c.d", "108.61.0.1", "108.8600.0.1", "108.86.0.1\n5", "V86"]
)
def test_what_is_no_firmware_is_refused(firmware: str) -> None:
    with pytest.raises(HardeningError, match="firmware"):
        firmware_of(firmware)


def test_a_firmware_of_another_model_is_noticed() -> None:
    other = pair_problem(find_model("T46U"), "66.86.0.15")
    assert other
    assert other.certain
    assert "a T46U, which has 108.x; 66.x is for T46S" in other.text
    newer = pair_problem(find_model("T46U"), "999.86.0.15")
    assert newer
    assert not newer.certain, "a number that nobody is known to have may be a new one of this model"
    assert pair_problem(find_model("T53W"), "96.86.0.70") is None
    assert pair_problem(find_model("T77U"), "1.86.0.70") is None


NAMES = [
    # name, firmware, error or ""
    ("sip.trust_ctrl", 86, ""),
    ("sip.trust_ctrl", 80, ""),
    ("sip.trust_ctrl", 73, "known since V80"),
    ("account.1.sip_trust_ctrl", 73, ""),
    ("account.1.sip_trust_ctrl", 86, "ignored since V81.*became sip.trust_ctrl"),
    ("account.1.transport", 73, ""),
    ("account.1.transport", 80, "became account.X.sip_server.Y.transport_type"),
    ("static.wui.http_enable", 81, ""),
    ("wui.http_enable", 81, "takes static.wui.http_enable"),
    ("static.wui.http_enable", 80, "takes wui.http_enable"),
    ("security.user_password", 80, ""),
    ("static.security.user_password", 80, "prefix static. came with V81"),
    ("network.snmp.enable", 80, ""),
    ("static.network.snmp.enable", 83, "ignored since V83"),
    ("account.16.enable", 86, ""),
    ("account.17.enable", 86, "accounts 1 to 16"),
    ("account.0.enable", 86, "accounts 1 to 16"),
    ("account.1.sip_server.3.address", 86, "from 1 to 2"),
    ("dialplan.block_out.number.11", 86, "from 1 to 10"),
    ("dialplan.emergency.256.value", 86, "from 1 to 255"),
    ("account.X.enable", 86, "in place of X"),
    ("overwrite_mode", 86, "reset_undeclared"),
    ("no such name", 86, "not a parameter name"),
    # names that public tools write and no phone knows (yealink.md 7.3)
    ("features.direct_ip_call.enable", 86, "nearest known one is features.direct_ip_call_enable"),
    ("features.auto_line_keys.enable", 86, "nearest known one is features.auto_linekeys.enable"),
    ("features.save_call_history.enable", 86, "nearest known one is features.save_call_history"),
    ("static.auto_provision.url", 86, "not a known parameter"),
    ("static.auto_provision.enable", 86, "not a known parameter"),
    ("static.provisioning.protocol", 86, "not a known parameter"),
    ("static.phone.reboot", 86, "not a known parameter"),
    ("auto_provision.power_on.enable", 86, "not a known parameter"),
    ("phone_setting.language", 86, "not a known parameter"),
]


@pytest.mark.parametrize(("name", "firmware", "error"), NAMES)
def test_names(name: str, firmware: int, error: str) -> None:
    found = judge_name(name, firmware, 16).error
    assert (found is None) if not error else (found and re.search(error, found)), found


def test_the_nearest_name_has_the_index_that_was_written() -> None:
    assert "account.3.sip_server.2.address" in (judge_name("account.3.sip_server.2.adress", 86, 16).error or "")


VALUES = [
    # name, good, bad
    ("sip.trust_ctrl", ["0", "1", "%NULL%"], ["2", "yes", "01", "1 # on"]),
    ("sip.notify_reboot_enable", ["0", "1", "2"], ["3"]),
    ("features.relog_offtime", ["1", "1000"], ["0", "1001", "5min", "²"]),
    ("account.1.sip_server.1.port", ["0", "65535"], ["65536", "-1"]),
    ("account.1.sip_server.1.transport_type", ["0", "3"], ["4", "tls"]),
    ("features.action_uri_limit_ip", ["any", "10.1.2.3", "10.10.*.*,192.0.2.1"], ["10.1.2", "10.1.2.0/24", "a.b.c.d"]),
    (
        "static.security.user_password",
        ["admin:x", "admin:!~ z"],
        ["secretpw", "admin:", f"admin:{'x' * 33}", "admin:a:b", "admin:é"],
    ),
    ("static.auto_provision.flexible.begin_time", ["00:00", "23:59"], ["24:00", "2:00", "02:60"]),
    ("static.auto_provision.aes_key.com", ["x" * 16, "x" * 32], ["x" * 17, "x" * 15 + "&"]),
    ("phone_setting.emergency.number", ["999", "999,112"], ["999, 112", "police"]),
    ("features.normal_refuse_code", ["404", "603"], ["500"]),
    ("static.security.default_ssl_method", ["0", "5"], ["1", "6"]),
]


@pytest.mark.parametrize(("name", "good", "bad"), VALUES)
def test_values(name: str, good: list[str], bad: list[str]) -> None:
    for value in good:
        assert judge_value(name, value, 86).error is None
    for value in bad:
        error = judge_value(name, value, 86).error
        assert error is not None
        assert name in error
        if is_secret(name):
            assert value not in error


@pytest.mark.parametrize("name", ["local_time.time_zone", "account.1.cid_source", "account.1.label"])
def test_doubtful_lists_of_values_refuse_nothing(name: str) -> None:
    assert judge_value(name, "+5:30", 86).error is None


def test_names_known_by_name_only_are_warned_of() -> None:
    verdict = judge_name("features.csta_control.enable", 86, 16)
    assert verdict.error is None
    assert "by name only" in (judge_name("push_xml.server", 86, 16).warning or "")


def test_every_default_that_is_a_number_passes_its_own_row() -> None:
    doubtful = [
        row.name
        for row in table().values()
        if row.values
        and row.default.lstrip("-").isdigit()
        and judge_value(_written(row.name), row.default, _known(row)).error
    ]
    assert doubtful == []


def _written(pattern: str) -> str:
    return ".".join("1" if segment in ("X", "Y", "Z") else segment for segment in pattern.split("."))


def _known(row: object) -> int:
    return 73 if getattr(row, "gone", 0) else 86
