# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is declared for a phone beside its accounts: lock, network, numbers, ports, certificates, provisioning."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import phone_password, phone_path

MAC = "805ec0aabbcc"
SITE_SECRET = "ProvisioningPassword"
PIN = "471108"


@pytest.fixture
def with_pin(credentials: Any) -> str:
    """Credentials as they come from the vault, with the voicemail's PIN."""
    bundle = json.loads(credentials("201", "202"))
    for secrets in bundle["extensions"].values():
        secrets["pin"] = PIN
    return json.dumps(bundle)


LOCK = "phone_setting.phone_lock"


def test_the_factorys_lock_pin_goes_even_without_a_lock(task: Any, phone: Any, with_pin: str) -> None:
    outcome = task.run(phone(), credentials=with_pin)
    assert task.values()[f"{LOCK}.unlock_pin"] == PIN
    assert f"{LOCK}.enable" not in task.values()
    assert PIN not in json.dumps([dict(entry) for entry in outcome.diff])


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [
        ("108.86.0.1", {f"{LOCK}.enable": "1", f"{LOCK}.lock_key_type": "2", f"{LOCK}.lock_time_out": "600"}),
        ("108.73.0.1", {"phone_setting.lock": "1", f"{LOCK}.lock_time_out": "600"}),
    ],
)
def test_the_lock(task: Any, phone: Any, with_pin: str, firmware: str, expected: dict[str, str]) -> None:
    task.run(phone(firmware=firmware, lock={"after": 600, "keys": "menu"}), credentials=with_pin)
    values = task.values()
    assert {name: values.get(name) for name in expected} == expected
    assert values["phone_setting.emergency.number"] == "999,112,18000"


def test_a_pin_of_the_installers_own_wins_and_is_not_shown(task: Any, phone: Any, credentials: Any) -> None:
    bundle = json.loads(credentials("201", **{f"{LOCK}.unlock_pin": "80864"}))
    bundle["extensions"]["201"]["pin"] = PIN
    task.run(phone(), credentials=json.dumps(bundle))
    assert task.values()[f"{LOCK}.unlock_pin"] == "80864"
    assert "80864" not in "".join(task.warnings)


def test_vlan(task: Any, phone: Any) -> None:
    task.run(phone(vlan={"id": 20, "priority": 5, "pc_id": 30}))
    assert {name: value for name, value in task.values().items() if ".vlan." in name} == {
        "static.network.vlan.internet_port_enable": "1",
        "static.network.vlan.internet_port_vid": "20",
        "static.network.vlan.internet_port_priority": "5",
        "static.network.vlan.pc_port_enable": "1",
        "static.network.vlan.pc_port_vid": "30",
    }
    outcome = task.run(phone(vlan={"id": 21}), check=True)
    assert outcome.result["rebooting"] == [MAC]


def test_802_1x(task: Any, phone: Any, credentials: Any) -> None:
    secret = {"static.network.802_1x.md5_password": "SwitchPassword"}
    task.run(phone(dot1x={"method": "peap"}), credentials=credentials("201", **secret))
    values = task.values()
    assert values["static.network.802_1x.mode"] == "3"
    assert values["static.network.802_1x.identity"] == MAC
    assert values["static.network.802_1x.md5_password"] == "SwitchPassword"
    task.run(
        phone(firmware="108.80.0.1", dot1x={"method": "md5", "identity": "phones"}),
        credentials=credentials("201", **secret),
    )
    assert task.values()["network.802_1x.md5_password"] == "SwitchPassword"
    assert task.values()["network.802_1x.identity"] == "phones"


def test_what_may_not_be_dialled(task: Any, phone: Any) -> None:
    # GB alone: every calling code but 44.
    beginnings = [f"00{each}" for each in ["1", "2", "3", *(f"4{d}" for d in "01235678 9".replace(" ", "")), *"56789"]]
    task.run(phone(blocked_beginnings=beginnings))
    patterns = [task.values()[f"dialplan.block_out.number.{place}"] for place in range(1, 11)]
    assert patterns == ["00[1-3,5-9].", "004[0-3,5-9].", *["%NULL%"] * 8]
    assert task.warnings == []


def test_what_finds_no_place_on_the_phone_is_told(task: Any, phone: Any) -> None:
    beginnings = [f"00{first}{second}1" for first in "12" for second in "123456"] + ["009"]
    task.run(phone(blocked_beginnings=beginnings))
    values = task.values()
    assert values["dialplan.block_out.number.1"] == "009."
    (text,) = task.warnings
    assert "a phone takes 10 patterns" in text
    assert text.count(".") >= 3  # 13 patterns, three of them left out


@pytest.mark.parametrize("number", ["9", "11", "180", "1800"])
def test_no_beginning_bars_an_emergency_number(task: Any, phone: Any, number: str) -> None:
    with pytest.raises(HardeningError, match="blocked_beginnings: .* would bar"):
        task.run(phone(blocked_beginnings=[number]))
    assert not task.directory.exists()


UNKNOWN_TO_V80 = "phones: lock.keys: phone_setting.phone_lock.lock_key_type: 0 and 2 changed places"


@pytest.mark.parametrize("keys", ["all", "menu"])
def test_which_keys_v80_locks_is_not_known_and_told_once(task: Any, phone: Any, keys: str) -> None:
    lock = {"after": 600, "keys": keys}
    old = {"model": "T46G", "firmware": "28.80.0.1"}
    task.run(phone(lock=lock, **old), phone("805ec0aabbdd", lock=lock, account={"number": "202"}, **old))
    (warning,) = [text for text in task.warnings if "lock" in text]
    assert warning.startswith(UNKNOWN_TO_V80)
    assert "(phones 805ec0aabbcc, 805ec0aabbdd)" in warning


@pytest.mark.parametrize(
    "declared",
    [
        {"firmware": "28.80.0.1", "lock": {"keys": "function"}},
        {"firmware": "28.73.0.1", "lock": {"keys": "all"}},
        {"firmware": "28.81.0.1", "lock": {"keys": "all"}},
        {"firmware": "28.80.0.1"},
        {"firmware": "28.80.0.1", "lock": {"keys": "all"}, "settings": {f"{LOCK}.lock_key_type": 1}},
    ],
)
def test_which_keys_are_locked_is_known_elsewhere(task: Any, phone: Any, declared: dict[str, Any]) -> None:
    task.run(phone(model="T46G", **declared))
    assert not [text for text in task.warnings if text.startswith("phones: lock.keys")]


def test_a_dect_base_has_no_dial_plan_and_no_lock(task: Any, phone: Any, with_pin: str) -> None:
    task.run(
        phone(model="W60B", firmware="77.85.0.20", blocked_beginnings=["009"], lock={"after": 60, "keys": "all"}),
        credentials=with_pin,
    )
    assert not [name for name in task.values() if "block_out" in name or "phone_lock" in name]


@pytest.mark.parametrize(
    ("changes", "firmware", "name", "value"),
    [
        ({"web_interface": "off"}, "108.86.0.1", "static.wui.https_enable", "0"),
        ({"web_interface": "off"}, "108.80.0.1", "network.web_server_type", "0"),
        ({"check_sync": "ignore"}, "108.86.0.1", "sip.notify_reboot_enable", "2"),
        ({"enrolled": False}, "108.86.0.1", "static.auto_provision.pnp_enable", "1"),
        ({"enrolled": False}, "108.80.0.1", "auto_provision.dhcp_enable", "1"),
        ({"listen_port": 35060}, "108.86.0.1", "sip.listen_port", "35060"),
        ({"listen_port": 35060}, "108.73.0.1", "account.1.sip_listen_port", "35060"),
        (
            {"trusted_certificate": "https://prov.example.net/ca.crt"},
            "108.86.0.1",
            "static.trusted_certificates.url",
            "https://prov.example.net/ca.crt",
        ),
        (
            {"server_certificate": "https://prov.example.net/phone.pem"},
            "108.86.0.1",
            "static.server_certificates.url",
            "https://prov.example.net/phone.pem",
        ),
    ],
)
def test_other_options(task: Any, phone: Any, changes: dict[str, Any], firmware: str, name: str, value: str) -> None:
    task.run(phone(firmware=firmware, **changes))
    assert task.values()[name] == value
    *_boot, found = task.audit(phone(firmware=firmware, **changes))
    assert [each for each in found["findings"] if "enrolled" not in changes] == []


def test_a_port_of_its_own_where_that_is_asked_for(task: Any, phone: Any) -> None:
    task.run(phone(random_listen_port=True))
    assert 20000 <= int(task.values()["sip.listen_port"]) < 60000
    task.run(phone(random_listen_port=False, outside_lan=True))
    assert "sip.listen_port" not in task.values()


def test_two_old_accounts_do_not_share_a_port(task: Any, phone: Any) -> None:
    declared = phone(firmware="108.73.0.1", listen_port=35060)
    declared["accounts"].append({"number": "202", "server": "pbx.example.net"})
    task.run(declared)
    ports = [task.values()[f"account.{number}.sip_listen_port"] for number in (1, 2)]
    assert ports == ["35060", "35061"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"listen_port": 80}, "listen_port 80 is not a port from 1024"),
        ({"listen_port": 12000}, "listen_port 12000 is not a port"),
        ({"lock": {"after": 4000}}, "lock.after 4000 is not from 0 to 3600"),
        ({"vlan": {"id": 0}}, "vlan.id 0 is not from 1 to 4094"),
        ({"vlan": {"id": 1, "priority": 9}}, "vlan.priority 9 is not from 0 to 7"),
        ({"vlan": {"id": 1, "pc_priority": 1}}, "vlan.pc_priority needs vlan.pc_id"),
        ({"dot1x": {"method": "md5"}}, "dot1x.method md5 needs static.network.802_1x.md5_password"),
        ({"dot1x": {"method": "tls"}}, "dot1x.method tls needs dot1x.client_certificate_url"),
        (
            {"dot1x": {"method": "tls", "client_certificate_url": "http://x/y"}},
            "client_certificate_url must be an https",
        ),
        ({"trusted_certificate": "https://a:b@x/ca"}, "trusted_certificate must be an https address without user"),
        ({"blocked_beginnings": ["00 88"]}, "blocked_beginnings: '00 88' is not the beginning"),
        ({"provisioning": {"url": "https://x/", "access": "shared"}}, "provisioning.username is not declared"),
    ],
)
def test_what_is_refused(task: Any, phone: Any, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(HardeningError) as refused:
        task.run(phone(**changes))
    assert told in refused.value.message
    assert not task.directory.exists()


def test_every_phone_has_its_own_provisioning_password(task: Any, phone: Any) -> None:
    other = phone("805ec0aabbdd", account={"number": "202"})
    access = {"provisioning": {"url": "https://prov.example.net/phones/", "access": "phone_password"}}
    outcome = task.run({**phone(), **access}, {**other, **access})
    names = [task.values(mac)["static.auto_provision.server.username"] for mac in (MAC, "805ec0aabbdd")]
    passwords = [task.values(mac)["static.auto_provision.server.password"] for mac in (MAC, "805ec0aabbdd")]
    assert names == [MAC, "805ec0aabbdd"]
    assert passwords == [phone_password(SITE_SECRET, mac) for mac in (MAC, "805ec0aabbdd")]
    assert len(set(passwords)) == 2
    assert all(len(each) == 24 and each.isalnum() for each in passwords)
    shown = json.dumps([dict(entry) for entry in outcome.diff]) + json.dumps(dict(outcome.result))
    assert not [each for each in [*passwords, SITE_SECRET] if each in shown]


def test_every_phone_has_its_own_path(task: Any, phone: Any) -> None:
    access = {"provisioning": {"url": "https://prov.example.net/phones", "access": "phone_path"}}
    task.run({**phone(), **access})
    path = phone_path(SITE_SECRET, MAC)
    assert task.values()["static.auto_provision.server.url"] == f"https://prov.example.net/phones/{path}/"
    assert "static.auto_provision.server.username" not in task.values()
    assert task.warnings == []
