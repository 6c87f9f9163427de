# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yeastar_extensions and yeastar_reprovision against simulated PBXs of every firmware and both series."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from yeastar_support import Bench, credentials, requests

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import extensions
from lab.yeastar import FIRMWARES, PSeriesFaults

Make = Callable[..., Bench]

pytestmark = pytest.mark.usefixtures("impatient")
NUMBERS = ("1001", "1002", "1010")
DECLARED: list[dict[str, Any]] = [
    {"number": "1001", "name": "Berta Brandt", "remote_registration": False, "transport": "udp", "srtp": False},
    {
        "number": "1002",
        "name": "Jonathan",
        "remote_registration": True,
        "transport": "tls",
        "srtp": True,
        "allowed_networks": ["192.0.2.10/32"],
        "user_agents": ["Yealink"],
        "outbound_disabled": True,
    },
    {"number": "1010", "name": "Thomas Workshop", "remote_registration": False, "voicemail_asks_pin": True},
]
P_SECRETS = {"reg_name": "auth_id", "reg_password": "sip_password", "vm_pin": "voicemail_pin"}
S_SECRETS = {
    "registername": "auth_id",
    "registerpassword": "sip_password",
    "vmsecret": "voicemail_pin",
    "loginpassword": "web_password",
}


def has(bench: Bench, number: str, made: str) -> bool:
    """Whether the PBX has exactly these credentials."""
    wanted, row = json.loads(made)[number], bench.pbx.extension(number)
    names = S_SECRETS if bench.series == "s" else P_SECRETS
    return all(row[name] == wanted[field] for name, field in names.items())


@pytest.mark.parametrize("firmware", [*FIRMWARES, "s"])
def test_created_and_changed_once_and_read_only_after(yeastar: Make, firmware: str) -> None:
    bench = yeastar(firmware)
    made = credentials(*NUMBERS)
    new = {"unconfirmed": list(NUMBERS)}
    predicted = bench.extend(DECLARED, credentials=made, check_mode=True, **new)
    assert requests(bench.pbx) == []
    bench.pbx.reset_counters()
    first = bench.extend(DECLARED, credentials=made, **new)
    assert requests(bench.pbx) == [each["request"] for each in predicted.result["operations"]]
    assert first.result["created"] == ["1010"]
    assert first.result["updated"] == ["1001", "1002"]
    assert all(has(bench, number, made) for number in NUMBERS)
    assert first.result["in_force"] == sorted(NUMBERS)
    assert "1000" in first.result["undeclared"]
    shown = json.dumps([first.result, list(first.diff), predicted.result, list(predicted.diff)])
    values = {value for secrets in json.loads(made).values() for value in secrets.values()}
    assert not [value for value in values if value in shown]
    bench.pbx.reset_counters()
    second = bench.extend(DECLARED, credentials=made)
    assert not second.changed
    assert requests(bench.pbx) == []


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_security_fields_only_where_the_pbx_shows_them(yeastar: Make, firmware: str) -> None:
    bench = yeastar(firmware)
    result = bench.extend(DECLARED[:2]).result
    row = bench.pbx.extension("1002")
    if firmware.startswith("37.7"):
        assert set(result["unsupported"]) >= {"remote_registration", "transport", "srtp", "outbound_disabled"}
        reason = result["unsupported"]["srtp"][0]
        assert reason == {
            "reason": "this PBX's firmware does not show enb_srtp, so it is not sent",
            "extensions": ["1001", "1002"],
        }
    else:
        assert (row["transport"], row["enb_srtp"], row["disable_outb_call"]) == ("tls", 1, 1)
        assert bench.pbx.extension("1001")["allow_reg_remotely"] == 0
        assert set(result["unsupported"]) == {"allowed_networks", "user_agents"}
    sent = json.dumps([each.body for each in bench.pbx.writes])
    assert ("enb_srtp" in sent) == (not firmware.startswith("37.7"))
    # A restriction with a list that nobody knows would shut the phone out.
    assert "enb_ip_rstr" not in sent


def test_addresses_and_user_agents_where_one_extension_shows_how(yeastar: Make) -> None:
    bench = yeastar("83.24.0.30", restriction_lists=True)
    result = bench.extend(DECLARED[:2]).result
    assert result["unsupported"] == {}
    row = bench.pbx.extension("1002")
    assert (row["enb_ip_rstr"], row["ip_rstr_list"]) == (1, [{"ip": "192.0.2.10", "mask": "255.255.255.255"}])
    assert (row["enb_user_agent_ident"], row["user_agent_list"]) == (1, [{"user_agent": "Yealink"}])
    password = row["reg_password"]
    assert not bench.pbx.register("1002", row["reg_name"], password, "198.51.100.9")
    assert not bench.pbx.register("1002", row["reg_name"], password, "192.0.2.10", "friendly-scanner")
    assert bench.pbx.register("1002", row["reg_name"], password, "192.0.2.10")
    assert not bench.extend(DECLARED[:2]).changed


def test_a_new_extension_on_an_empty_pbx_gets_its_security_too(yeastar: Make) -> None:
    bench = yeastar("83.24.0.30")
    with bench.pbx.lock:
        bench.pbx.state["outbound_routes"].clear()
        bench.pbx.state["extensions"].clear()
        bench.pbx.state["phones"].clear()
    # The PBX shows which fields it has only once it has an extension.
    first = bench.extend([DECLARED[1]], credentials=credentials("1002"))
    assert requests(bench.pbx) == ["POST extension/create", "POST extension/update"]
    assert bench.pbx.extension("1002")["enb_srtp"] == 1
    assert first.result["unchanged"] == []
    bench.pbx.reset_counters()
    assert not bench.extend([DECLARED[1]]).changed


def test_firmware_that_hides_passwords_is_told_and_only_new_ones_are_written(yeastar: Make) -> None:
    bench = yeastar("37.7.0.16")
    made = credentials("1001", "1002")
    first = bench.extend(["1001", "1002"], credentials=made, unconfirmed=["1001"])
    assert first.result["in_force"] == ["1001"]
    assert has(bench, "1001", made)
    assert first.result["not_compared"] == ["1002"]
    assert any(
        "does not show passwords" in note and note.endswith("update_password=always") for note in first.result["notes"]
    )
    assert bench.extend(["1001", "1002"], credentials=made, update_password="always").result["in_force"] == [
        "1001",
        "1002",
    ]
    assert has(bench, "1002", made)


def test_a_client_that_may_not_read_passwords_is_the_same(yeastar: Make) -> None:
    bench = yeastar()
    bench.pbx.faults = PSeriesFaults(denied=("extension/getpassword",))
    result = bench.extend(["1001"], credentials=credentials("1001")).result
    assert result["not_compared"] == ["1001"]
    assert any("may not read passwords" in note for note in result["notes"])


def test_weak_credentials_are_told(yeastar: Make) -> None:
    for firmware in ("37.23.0.123", "s"):
        bench = yeastar(firmware)
        found = bench.run(extensions.CORE, state="gathered").result
        assert found["weak"]["1003"] == [
            "its SIP password is weak",
            "its SIP id is its number",
            "its voicemail PIN can be guessed",
        ]
        assert "10031234" not in json.dumps(found)
        assert requests(bench.pbx) == []


@pytest.mark.parametrize(("policy", "again"), [("never", 0), ("on_create", 0), ("always", 1)])
def test_the_users_own_password_cannot_be_read_from_a_p_series(yeastar: Make, policy: str, again: int) -> None:
    bench = yeastar()
    made = credentials("1010")
    if policy == "never":
        # The PBX takes no extension without one.
        with pytest.raises(HardeningError, match="creating extension 1010: the PBX refuses a field"):
            bench.extend(["1010"], credentials=made, web_password=policy)
        return
    bench.extend(["1010"], credentials=made, web_password=policy)
    assert bench.pbx.extension("1010")["user_password"] == json.loads(made)["1010"]["web_password"]
    bench.pbx.reset_counters()
    bench.extend(["1010"], credentials=made, web_password=policy)
    assert len(requests(bench.pbx)) == again


def test_bad_input_is_told_before_anything_is_sent(yeastar: Make) -> None:
    bench = yeastar()
    with pytest.raises(HardeningError, match="'1001' is listed twice"):
        bench.extend(["1001", "1001"])
    with pytest.raises(HardeningError, match="'20000000' is not 1 to 7 digits"):
        bench.extend(["20000000"])
    with pytest.raises(HardeningError, match=r"allowed_networks: '192.168.10.7/24' is not an IPv4 network"):
        bench.extend([{"number": "1001", "allowed_networks": ["192.168.10.7/24"]}])
    assert bench.pbx.exchanges == []
    weak = json.loads(credentials("1001"))
    weak["1001"]["sip_password"] = "Anna1234567890xyzQ"
    with pytest.raises(
        HardeningError, match="the vault's SIP password of 1001 is one that a Yeastar refuses"
    ) as caught:
        bench.extend([{"number": "1001", "name": "Anna"}], credentials=json.dumps(weak))
    assert "Anna1234567890" not in caught.value.message
    assert requests(bench.pbx) == []


def test_an_extension_is_not_made_without_credentials(yeastar: Make) -> None:
    for firmware in ("37.23.0.123", "s"):
        bench = yeastar(firmware)
        with pytest.raises(HardeningError, match="1010 would be created, which needs their credentials"):
            bench.extend(DECLARED)
        assert requests(bench.pbx) == []


def test_what_the_pbx_takes_and_does_not_keep_is_an_error(yeastar: Make) -> None:
    bench = yeastar()
    bench.pbx.faults = PSeriesFaults(ignored_writes=("extension.reg_password",))
    with pytest.raises(HardeningError, match="reads differently afterwards: 1001: reg_password"):
        bench.extend(["1001"], credentials=credentials("1001"))


def test_phones_of_the_pbx_fetch_and_are_seen_to_register(yeastar: Make) -> None:
    bench = yeastar()
    row = bench.pbx.extension("1001")
    assert bench.pbx.register("1001", row["reg_name"], row["reg_password"])
    made = credentials("1001")
    result = bench.extend(["1001"], credentials=made).result
    assert result["registered_before"] == ["1001"]
    assert any("the PBX may block their addresses" in note and note.endswith(": 1001") for note in result["notes"])

    def fetch(mac: str) -> None:
        given = bench.pbx.provisioned(mac)
        assert bench.pbx.register(given["number"], given["reg_name"], given["reg_password"])

    bench.pbx.on_reprovision = fetch
    bench.pbx.reset_counters()
    result = bench.reprovision("1001", expected=["1001"], binding_lifetime=0.1).result
    assert result["registered"] == ["1001"]
    assert requests(bench.pbx) == ["POST phone/batchreprovision"]
    assert bench.pbx.writes[0].body == {"batch_id_list": [75]}


def test_a_phone_that_the_pbx_does_not_provision_is_named(yeastar: Make) -> None:
    bench = yeastar()
    phones = [{"number": "1003", "mac": "805ec0ffffff"}]
    result = bench.reprovision(phones=phones, wait=1, binding_lifetime=0.1).result
    assert result["told"] == []
    assert any("does not provision the phones of 1003" in note for note in result["notes"])
    assert requests(bench.pbx) == []


def test_an_s_series_cannot_tell_phones_anything(yeastar: Make) -> None:
    bench = yeastar("s")
    phones = [{"number": "1003", "mac": "805ec0ffffff"}]
    result = bench.reprovision(phones=phones, wait=1, binding_lifetime=0.1).result
    assert result["notes"] == [
        "this PBX's API cannot notify phones: they fetch their settings when they next check, or restart"
    ]


def test_five_hundred_extensions_are_compared_without_one_being_written(yeastar: Make) -> None:
    bench = yeastar("s")
    numbers = [str(number) for number in range(2000, 2500)]
    bench.pbx.add_extensions(500, first=2000)
    made = credentials(*numbers)
    bench.extend(numbers, credentials=made)
    bench.pbx.reset_counters()
    assert not bench.extend(numbers, credentials=made).changed
    assert len(bench.pbx.exchanges) == 4
