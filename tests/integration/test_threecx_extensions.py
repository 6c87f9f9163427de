# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""threecx_extensions and threecx_reprovision against the simulated PBX of every release."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from threecx_support import Bench, credentials, mac_of, requests

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import extensions, reprovision
from lab.xapi import RELEASES, Faults

Make = Callable[..., Bench]
SECRETS = {
    "AuthID": "auth_id",
    "AuthPassword": "sip_password",
    "VMPIN": "voicemail_pin",
    "DeskphonePassword": "phone_admin_password",
}
DECLARED = [
    {"number": "201", "name": "Reception", "lan_only": True, "block_tunnel": True, "voicemail_asks_pin": True},
    {"number": "202", "name": "Anna Smith", "lan_only": False, "srtp": "enforced", "pin_protected": True},
    {"number": "260", "name": "Tom in the workshop", "enabled": True},
]
NUMBERS = ("201", "202", "260")


def has(bench: Bench, number: str, made: str) -> bool:
    """Whether the PBX has exactly these credentials."""
    wanted, row = json.loads(made)[number], bench.pbx.user(number)
    return all(row[name] == wanted[field] for name, field in SECRETS.items())


@pytest.mark.parametrize("release", RELEASES)
def test_created_and_changed_once_and_read_only_after(phone_system: Make, release: str) -> None:
    bench = phone_system(release)
    made = credentials(*NUMBERS)
    predicted = bench.extend(DECLARED, credentials=made, check_mode=True)
    assert bench.methods == {"GET"}
    bench.pbx.reset_counters()
    first = bench.extend(DECLARED, credentials=made)
    assert requests(bench.pbx.writes) == [each["request"] for each in predicted.result["operations"]]
    assert first.result["created"] == ["260"]
    assert {"201", "202"} <= set(first.result["updated"])
    assert all(has(bench, number, made) for number in NUMBERS)
    assert first.result["in_force"] == sorted(NUMBERS)
    assert bench.pbx.user("201")["AllowLanOnly"] is True
    assert bench.pbx.user("202")["SRTPMode"] == "SRTPEnforced"
    assert (bench.pbx.user("260")["FirstName"], bench.pbx.user("260")["LastName"]) == ("Tom", "in the workshop")
    assert bench.pbx.user("202")["FirstName"] != "Anna"
    assert any("whether emergency calls ask for the PIN too" in note for note in first.result["notes"])
    gated = any("block_tunnel is not set: not on release" in note for note in first.result["notes"])
    assert gated == (release not in ("20.0.9", "20.0.10"))
    shown = json.dumps([first.result, list(first.diff), predicted.result, list(predicted.diff)])
    values = {value for secrets in json.loads(made).values() for value in secrets.values()}
    assert not [value for value in values if value in shown]
    bench.pbx.reset_counters()
    second = bench.extend(DECLARED, credentials=made)
    assert not second.changed
    assert bench.methods == {"GET"}


def test_weak_credentials_are_told_and_the_declared_ones_mended(phone_system: Make) -> None:
    bench = phone_system()
    before = bench.run(extensions.CORE, state="gathered").result
    assert "the PBX calls its SIP password weak" in before["weak"]["201"]
    assert "1234" not in json.dumps(before["extensions"])
    assert bench.methods == {"GET"}
    after = bench.extend(DECLARED, credentials=credentials(*NUMBERS)).result
    assert "201" not in after["weak"]
    assert "203" in after["weak"]


def test_administrators_need_a_second_factor(phone_system: Make) -> None:
    bench = phone_system()
    owner = next(row for row in bench.pbx.state["Users"] if row["Number"] == "100")
    bench.extend(["201"], require_2fa_for_administrators=False)
    assert not owner["Require2FA"]
    assert "100" in bench.extend(["201"]).result["updated"]
    assert owner["Require2FA"]
    owner["Require2FA"] = False
    bench.extend(["100"])
    assert owner["Require2FA"]


def test_undeclared_extensions_are_disabled_on_request_and_never_deleted(phone_system: Make) -> None:
    bench = phone_system()
    everybody = {row["Number"] for row in bench.pbx.state["Users"]}
    assert set(bench.extend(["201"]).result["undeclared"]) == everybody - {"201"}
    assert all(row["Enabled"] for row in bench.pbx.state["Users"])
    outcome = bench.extend(["201"], state="overridden")
    assert {row["Number"] for row in bench.pbx.state["Users"]} == everybody
    assert {row["Number"] for row in bench.pbx.state["Users"] if row["Enabled"]} == {"100", "201"}
    assert any("100 is not declared and stays enabled" in note for note in outcome.result["notes"])
    assert not bench.extend(["201"], state="overridden").changed


@pytest.mark.parametrize(
    ("policy", "created", "again"), [("never", False, 0), ("on_create", True, 0), ("always", True, 1)]
)
def test_the_web_password_cannot_be_read(phone_system: Make, policy: str, created: bool, again: int) -> None:
    bench = phone_system()
    made = credentials("260")
    bench.extend(["260"], credentials=made, web_password=policy)
    given = bench.pbx.user("260").get("AccessPassword")
    assert (given == json.loads(made)["260"]["web_password"]) == created
    bench.pbx.reset_counters()
    bench.extend(["260"], credentials=made, web_password=policy)
    assert len(bench.pbx.writes) == again


def test_declared_twice_or_not_a_number_is_refused(phone_system: Make) -> None:
    bench = phone_system()
    with pytest.raises(HardeningError, match="'201' is listed twice"):
        bench.extend(["201", "201"])
    with pytest.raises(HardeningError, match="'2x1' is not digits"):
        bench.extend(["2x1"])
    assert not bench.pbx.exchanges


def rotate(bench: Bench, **options: Any) -> tuple[str, Any]:
    """Extension 201, whose phone is registered, gets new credentials."""
    bench.pbx.register("201", bench.pbx.user("201")["AuthID"], bench.pbx.user("201")["AuthPassword"], mac=mac_of("201"))
    made = credentials("201")
    guard = {"addresses": ["192.0.2.10"], **options}
    return made, bench.extend([{"number": "201", "mac": mac_of("201")}], credentials=made, guard=guard)


def test_the_sites_own_addresses_are_guarded_while_phones_fetch_new_credentials(phone_system: Make) -> None:
    bench = phone_system()
    old = bench.pbx.user("201")["AuthID"], bench.pbx.user("201")["AuthPassword"]
    made, outcome = rotate(bench)
    assert requests(bench.pbx.writes)[:2] == ["POST /Blocklist", "POST /Blocklist"]
    assert outcome.result["credentials_changed"] == ["201"]
    guards = [row for row in bench.pbx.state["Blocklist"] if row["Description"].startswith("voipsec: while")]
    assert {row["IPAddrMask"] for row in guards} == {"192.0.2.10", "192.168.10.51"}
    for row in guards:
        left = datetime.datetime.fromisoformat(row["ExpiresAt"]) - datetime.datetime.now(datetime.UTC)
        assert datetime.timedelta(minutes=235) < left <= datetime.timedelta(minutes=240)
    for _attempt in range(8):
        assert not bench.pbx.register("201", *old, mac=mac_of("201"))
    assert not bench.pbx.is_blocked("192.168.10.51")
    fresh = json.loads(made)["201"]
    bench.pbx.on_reprovision = lambda mac: bench.pbx.register("201", fresh["auth_id"], fresh["sip_password"], mac=mac)
    told = bench.reprovision("201", expected=["201"]).result
    assert told["registered"] == ["201"]
    assert sorted(told["guard_removed"]) == ["192.0.2.10/32", "192.168.10.51/32"]
    assert not [row for row in bench.pbx.state["Blocklist"] if row["Description"].startswith("voipsec: while")]


def test_without_the_guard_the_pbx_would_block_the_office(phone_system: Make) -> None:
    bench = phone_system()
    for _attempt in range(8):
        bench.pbx.register("201", "old", "old")
    assert bench.pbx.is_blocked("192.168.10.51")
    bench.pbx.state["Users"][1]["IsRegistered"] = False
    with pytest.raises(HardeningError, match=r"192\.168\.10\.51/32 is blocked on the PBX now"):
        bench.extend(["201"], credentials=credentials("201"), guard={"addresses": ["192.168.10.51"]})
    assert not bench.pbx.writes


def test_a_guard_is_narrow_and_short(phone_system: Make) -> None:
    bench = phone_system()
    with pytest.raises(HardeningError, match="is too wide to be allowed, even for a short time"):
        rotate(bench, addresses=["192.168.10.0/24"])
    with pytest.raises(HardeningError, match=r"guard\.minutes: 9999 is not 1 to 1440"):
        rotate(bench, minutes=9999)
    assert not bench.pbx.writes


def test_an_old_registration_does_not_count(phone_system: Make) -> None:
    bench = phone_system()
    bench.pbx.registration_survives_change = True
    rotate(bench)
    assert bench.pbx.user("201")["IsRegistered"]
    with pytest.raises(HardeningError, match="not registered again within 1 seconds: 201"):
        bench.reprovision("201", expected=["201"], wait=1)
    # After its longest lifetime it cannot be the old one any more.
    assert bench.reprovision("201", expected=["201"], binding_lifetime=0, wait=1).result["registered"] == ["201"]


def test_phones_that_the_pbx_provisions_itself_need_no_mac(phone_system: Make) -> None:
    bench = phone_system()
    made, _outcome = rotate(bench)
    fresh = json.loads(made)["201"]
    told: list[str] = []

    def fetch(mac: str) -> None:
        told.append(mac)
        bench.pbx.register("201", fresh["auth_id"], fresh["sip_password"])

    bench.pbx.on_reprovision = fetch
    outcome = bench.run(reprovision.CORE, phones=[{"number": "201"}], expected=["201"], poll=0.02, wait=5)
    assert outcome.result["registered"] == ["201"]
    assert told


def test_a_phone_that_the_pbx_does_not_know_is_named(phone_system: Make) -> None:
    bench = phone_system()
    outcome = bench.reprovision("260")
    assert any("does not know the phones of 260 yet" in note for note in outcome.result["notes"])
    assert outcome.result["registered"] == []


def test_a_thousand_extensions_take_twelve_requests_to_compare(phone_system: Make) -> None:
    bench = phone_system()
    numbers = [str(number) for number in range(1000, 2000)]
    bench.pbx.state["Users"].clear()
    made = credentials(*numbers)
    first = bench.extend(numbers, credentials=made)
    assert len(first.result["created"]) == 1000
    bench.pbx.reset_counters()
    assert not bench.extend(numbers, credentials=made).changed
    assert len(bench.pbx.exchanges) <= 12


def test_cut_in_the_middle_the_next_run_goes_on(phone_system: Make, impatient: None) -> None:
    bench = phone_system()
    made = credentials(*NUMBERS)
    for cut in range(1, 8):
        bench.pbx.reset_counters()
        bench.pbx.faults = Faults(cut_after=cut)
        with contextlib.suppress(HardeningError):
            bench.extend(DECLARED, credentials=credentials(*NUMBERS) if cut % 2 else made)
    bench.pbx.faults = Faults()
    bench.extend(DECLARED, credentials=made)
    assert all(has(bench, number, made) for number in NUMBERS)
    assert not bench.extend(DECLARED, credentials=made).changed


def test_a_pin_that_the_pbx_refuses_is_not_quoted(phone_system: Make) -> None:
    bench = phone_system()
    made = json.loads(credentials("201"))
    made["201"]["voicemail_pin"] = "12345678901234"
    with pytest.raises(HardeningError, match="changing extension 201: VMPIN: the PBX does not take this PIN") as caught:
        bench.extend(["201"], credentials=json.dumps(made))
    assert "12345678901234" not in caught.value.message + json.dumps(caught.value.details)
