# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""threecx_security against the simulated PBX of every release."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from threecx_support import ALLOWED, MANAGEMENT, Bench, config, requests

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import security
from lab.pki import make_pki
from lab.xapi import RELEASES, Exchange, Faults

Make = Callable[..., Bench]
TOKEN = "/connect/token"
SETTINGS = {"sip.trust_ctrl": "1", "features.direct_ip_call_enable": "0"}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("polarity", ["allowed", "blocked"])
def test_hardened_once_and_read_only_after(phone_system: Make, release: str, polarity: str) -> None:
    bench = phone_system(release, country_polarity=polarity)
    predicted = bench.secure(check_mode=True)
    assert predicted.changed
    assert bench.methods == {"GET"}
    bench.pbx.reset_counters()
    first = bench.secure()
    sent = requests(bench.pbx.writes)
    shown = [operation["request"] for operation in predicted.result["operations"]]
    # Only the new rule's place is decided after it is there.
    assert [each for each in sent if "MoveUpDown" not in each] == shown
    state = bench.pbx.state
    assert state["AntiHackingSettings"]["HackAuthRequests"] == 5
    assert state["AntiHackingSettings"]["HackBlacklistDuration"] == 86400
    assert state["ConsoleRestrictions"]["AccessRestricted"]
    allowed = set(state["CountryCodes"]["CountryCodes"])
    every = {str(row["CountryCode"]) for row in state["Countries"]}
    assert (allowed if polarity == "allowed" else every - allowed) == {"33", "44", "353"}
    assert first.result["controls"]["syslog"] == ("enforced" if release in ("20.0.9", "20.0.10") else "unsupported")
    told = state["NotificationSettings"]
    assert "IPBlocked" in told["NotifyCodes"] if "NotifyCodes" in told else told["NotifyIPBlocked"]
    bench.pbx.reset_counters()
    second = bench.secure()
    assert not second.changed
    assert bench.methods == {"GET"}
    assert not second.diff


def test_our_rule_bars_before_others_and_emergency_comes_first(phone_system: Make) -> None:
    bench = phone_system()
    bench.secure()
    rows = sorted(bench.pbx.state["OutboundRules"], key=lambda row: row["Priority"])
    names = [row["Name"] for row in rows]
    ours = names.index("voipsec barred numbers")
    assert all(row.get("EmergencyRule") for row in rows[:ours])
    assert not any(row.get("EmergencyRule") for row in rows[ours:])
    assert rows[ours]["Prefix"] == "0909,118"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"barred_numbers": ["99"]}, "barred_numbers: '99' would bar the emergency number 999"),
        ({"console": {"networks": ["192.0.2.0/24"]}}, f"this controller comes to the PBX from {MANAGEMENT}"),
        ({"console": {"networks": ["office"]}}, "console.networks[0]: 'office' is not an address"),
        (
            {"ip_list": [{"address": "203.0.113.0/24", "action": "block", "reason": "x", "owner": "y"}]},
            "would block 203.0.113.0/26, which is the provider kestrel",
        ),
        (
            {"ip_list": [{"address": "0.0.0.0/0", "action": "block", "reason": "x", "owner": "y"}]},
            "which is where this site is managed from",
        ),
        (
            {
                "ip_list": [
                    {"address": "192.0.2.0/24", "action": "allow", "reason": "x", "owner": "y", "expires": "2027-01-31"}
                ]
            },
            "is too wide to be allowed",
        ),
        (
            {"ip_list": [{"address": "192.0.2.9", "action": "allow", "reason": "x", "owner": "y"}]},
            "is allowed without end",
        ),
        ({"outbound_rules": [{"name": "Abroad"}]}, "the PBX has no rule named 'Abroad'"),
        ({"outbound_rules": [{"name": "All calls", "groups": ["Bar"]}]}, "the PBX has no department named 'Bar'"),
        (
            {"countries": {"allowed": [{"country": "XX", "calling_code": "999"}]}},
            "XX has the dialling code 999, which is not in the PBX's list",
        ),
        ({"anti_hacking": {"rate_green": 9000}}, "rate_green: 9000 is not below rate_amber"),
    ],
)
def test_what_would_harm_is_refused_whole(phone_system: Make, changes: dict[str, Any], message: str) -> None:
    bench = phone_system()
    with pytest.raises(HardeningError) as caught:
        bench.secure(config=config(**changes))
    assert message in caught.value.message
    assert not bench.pbx.writes


def test_a_rule_before_the_emergency_rule_that_bars_it_is_told(phone_system: Make) -> None:
    bench = phone_system()
    for row in bench.pbx.state["OutboundRules"]:
        row["Routes"] = [] if row.get("EmergencyRule") else row["Routes"]
    bench.secure()
    assert any("EMERGENCY CALLS" in warning for warning in bench.warnings)


def test_countries_are_not_written_where_their_list_is_not_understood(phone_system: Make) -> None:
    bench = phone_system(country_polarity="undecidable")
    with pytest.raises(HardeningError, match="whether the PBX's list"):
        bench.secure()
    assert not bench.pbx.writes
    outcome = bench.secure(config=config(countries={"allowed": ALLOWED, "list_holds": "allowed"}))
    assert outcome.result["controls"]["countries"] == "enforced"
    assert set(bench.pbx.state["CountryCodes"]["CountryCodes"]) == {"33", "44", "353"}


def test_what_the_pbx_blocked_itself_stays(phone_system: Make) -> None:
    bench = phone_system()
    own = [row for row in bench.pbx.state["Blocklist"] if row["AddedBy"] != "Manual"]
    bench.pbx.state["Blocklist"].append(
        {
            "Id": 77,
            "IPAddrMask": "192.0.2.10",
            "BlockType": "Block",
            "AddedBy": "AutoBlacklist",
            "Description": "5 failures",
        }
    )
    outcome = bench.secure(state="overridden")
    rows = bench.pbx.state["Blocklist"]
    assert [row for row in rows if row["AddedBy"] != "Manual" and row["Id"] != 77] == own
    assert any(row["Id"] == 77 for row in rows)
    assert not any(row["AddedBy"] == "Manual" and not row["Description"].startswith("voipsec:") for row in rows)
    assert any("BLOCKED NOW: 192.0.2.10/32, which is the site ipswich" in note for note in outcome.result["notes"])
    assert any("BLOCKED NOW" in warning for warning in bench.warnings)


def test_ours_come_and_go_and_others_stay(phone_system: Make) -> None:
    bench = phone_system()
    others = [dict(row) for row in bench.pbx.state["Blocklist"]]
    rules = [row["Name"] for row in bench.pbx.state["OutboundRules"]]
    bench.secure()
    assert len(bench.pbx.state["Blocklist"]) == len(others) + 2
    bench.secure(config=config(ip_list=[], barred_numbers=[]))
    assert bench.pbx.state["Blocklist"] == others
    assert [row["Name"] for row in bench.pbx.state["OutboundRules"]] == rules
    bench.secure()
    outcome = bench.secure(state="deleted", config=None)
    assert outcome.changed
    assert bench.pbx.state["Blocklist"] == others
    assert bench.pbx.state["AntiHackingSettings"]["HackAuthRequests"] == 5
    assert not bench.secure(state="deleted", config=None).changed


def test_a_phone_template_gets_our_block_once_and_drift_is_mended(phone_system: Make) -> None:
    bench = phone_system()
    rows = bench.pbx.state["PhoneTemplates"]
    custom = next(row for row in rows if row["IsCustom"])
    built_in = next(row for row in rows if not row["IsCustom"])
    before = custom["Content"]
    wanted = {"phone_templates": {"ids": [custom["Id"]], "settings": SETTINGS}}
    shown = bench.secure(config=wanted, check_mode=True)
    assert "deviceconfig" not in json.dumps(shown.result["operations"])
    bench.secure(config=wanted)
    hardened = custom["Content"]
    assert hardened.count("sip.trust_ctrl = 1\n# END") == hardened.count("# BEGIN voip-hardening") >= 1
    assert not bench.secure(config=wanted).changed
    custom["Content"] = hardened.replace("sip.trust_ctrl = 1", "sip.trust_ctrl = 0")
    drifted = bench.secure(config=wanted)
    assert drifted.changed
    assert any("set again" in note for note in drifted.result["notes"])
    assert custom["Content"] == hardened
    bench.secure(config=wanted, state="deleted")
    assert "voip-hardening" not in custom["Content"]
    assert custom["Content"].split() == before.split()
    with pytest.raises(HardeningError, match="a template of 3CX's own"):
        bench.secure(config={"phone_templates": {"ids": [built_in["Id"]], "settings": SETTINGS}})
    with pytest.raises(HardeningError, match="the PBX has no template 'none.ph.xml'"):
        bench.secure(config={"phone_templates": {"ids": ["none.ph.xml"], "settings": SETTINGS}})


def test_the_certificate_for_secure_sip_is_sent_once(phone_system: Make, tmp_path: Path) -> None:
    bench = phone_system()
    pair = make_pki(tmp_path / "sip", names=("pbx.harbour.example",)).server
    wanted = {"secure_sip": {"certificate": str(pair.certificate), "private_key": str(pair.key)}}
    there = bench.secure(config=wanted)
    assert not there.changed
    assert there.result["controls"]["secure_sip"] == "attested"
    renewed = bench.secure(config=wanted, update_password="always")
    assert renewed.changed
    assert any("restarted" in note for note in renewed.result["notes"])
    assert "PRIVATE KEY" not in json.dumps(renewed.result)
    assert bench.pbx.state["SecureSipSettings"]["Certificate"]["Contents"] == pair.certificate.read_text()
    bench.pbx.state["SecureSipSettings"]["Certificate"] = None
    assert bench.secure(config=wanted).changed
    assert not bench.secure(config=wanted).changed
    with pytest.raises(HardeningError, match="holds no PEM certificate"):
        bench.secure(config={"secure_sip": {"certificate": str(pair.key), "private_key": str(pair.key)}})
    with pytest.raises(HardeningError, match=r"secure_sip\.certificate: /nowhere cannot be read"):
        bench.secure(config={"secure_sip": {"certificate": "/nowhere", "private_key": str(pair.key)}})


def test_the_mail_password_is_sent_and_not_shown(phone_system: Make) -> None:
    bench = phone_system()
    outcome = bench.secure()
    assert "canary-mail-password" not in json.dumps([outcome.result, list(outcome.diff)])
    assert bench.pbx.state["MailSettings"]["MailPassword"]["Value"] == "canary-mail-password-71"
    bench.pbx.reset_counters()
    bench.secure(update_password="always")
    assert requests(bench.pbx.writes) == ["PATCH /MailSettings"]


def test_a_stolen_token_a_restart_and_a_busy_pbx_are_got_over(phone_system: Make, impatient: None) -> None:
    bench = phone_system()
    for faults in (
        Faults(token_stolen_at=4),
        Faults(restart_at=5),
        Faults(rate_limited_at={6: 0}),
        Faults(keep_nulls=True),
    ):
        bench.pbx.reset_counters()
        bench.pbx.faults = faults
        bench.secure()
    bench.pbx.faults = Faults()
    assert not bench.secure().changed


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        (Faults(void_tokens_always=True), "something else is using the API client"),
        (Faults(forbidden=("/Blocklist",)), "the role System Owner; the licence must be"),
        (Faults(fail_500_at={3}), "the PBX answers 500 and says nothing more"),
        (Faults(broken_json_at={3}), "the PBX's answer is not JSON"),
        (Faults(no_licence=True), "without an Enterprise licence"),
        (Faults(rate_limited_at={3: 900}), "takes no more requests for now (429)"),
        (Faults(no_version=True), "does not report its version"),
        (Faults(cut_before=3), "did not answer in full"),
    ],
)
def test_what_cannot_be_got_over_is_explained(
    phone_system: Make, impatient: None, faults: Faults, message: str
) -> None:
    bench = phone_system()
    bench.pbx.faults = faults
    with pytest.raises(HardeningError) as caught:
        bench.secure()
    assert message in caught.value.message
    assert not [each for each in bench.pbx.writes if each.status]


def test_a_pbx_that_takes_too_long_is_told(phone_system: Make, impatient: None) -> None:
    bench = phone_system()
    bench.pbx.faults = Faults(slow=30)
    with pytest.raises(HardeningError, match="did not answer in full: .*timed out"):
        bench.secure(timeout=1)


def test_a_console_that_shuts_us_out_is_opened_again(phone_system: Make) -> None:
    bench = phone_system()

    class Watching(list[Exchange]):
        """The PBX sees the next login come from elsewhere, as behind a provider's changing addresses."""

        def append(self, exchange: Exchange) -> None:
            super().append(exchange)
            if exchange.path == "/ConsoleRestrictions" and exchange.method == "PATCH":
                bench.pbx.faults = Faults(no_licence=True)

    bench.pbx.exchanges = Watching()
    with pytest.raises(HardeningError, match="Taken back: opening the Admin Console as it was"):
        bench.secure()
    assert bench.pbx.state["ConsoleRestrictions"]["AccessRestricted"] is False


@pytest.mark.parametrize(
    ("collection", "changes"),
    [
        ("Blocklist", {"Id": "x"}),
        ("OutboundRules", {"Priority": "first"}),
        ("Groups", {"Id": "x"}),
        ("Countries", {"CountryCodes": 44}),
    ],
)
def test_an_answer_of_another_form_is_one_clear_line(
    phone_system: Make, monkeypatch: pytest.MonkeyPatch, collection: str, changes: dict[str, Any]
) -> None:
    monkeypatch.delenv("VOIPSEC_XAPI_RECORD", raising=False)  # it is not an answer that the documents allow
    bench = phone_system()
    bench.pbx.state[collection][-1].update(changes)
    with pytest.raises(HardeningError) as caught:
        bench.secure()
    assert "an answer is not what 3CX's API document says" in caught.value.message
    assert not bench.pbx.writes


def test_a_wrong_key_is_tried_once(phone_system: Make) -> None:
    bench = phone_system()
    with pytest.raises(HardeningError, match="It is not tried again"):
        bench.secure(key="wrong")
    assert [each.path for each in bench.pbx.exchanges] == [TOKEN]


def test_a_setting_that_the_pbx_does_not_keep_is_told(phone_system: Make) -> None:
    bench = phone_system()
    bench.pbx.faults = Faults(ignored_writes=("AntiHackingSettings.HackAuthRequests",))
    with pytest.raises(HardeningError, match="reads differently afterwards: setting anti hacking"):
        bench.secure()


def test_an_address_form_that_the_pbx_refuses_is_told(phone_system: Make) -> None:
    bench = phone_system()
    bench.pbx.faults = Faults(reject_masks=True)
    with pytest.raises(HardeningError, match="does not take this address or network"):
        bench.secure()


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_cut_at_any_request_the_next_run_goes_on(phone_system: Make, impatient: None, cut: int) -> None:
    bench = phone_system()
    bench.pbx.faults = Faults(cut_after=cut)
    with contextlib.suppress(HardeningError):
        bench.secure()
    bench.pbx.faults = Faults()
    bench.secure()
    assert not bench.secure().changed
    ours = [row["Name"] for row in bench.pbx.state["OutboundRules"] if row["Name"].startswith("voipsec")]
    assert len(ours) == 1
    assert len([row for row in bench.pbx.state["Blocklist"] if row["Description"].startswith("voipsec:")]) == 2


def test_the_certificate_is_judged_before_anything_is_sent(phone_system: Make, tmp_path: Path) -> None:
    bench = phone_system()
    stranger = make_pki(tmp_path / "stranger", names=("localhost",))
    for options in (
        {"tls_ca_file": str(stranger.ca_file)},
        {"tls_ca_file": None},
        {"tls_fingerprint": "00" * 32, "tls_ca_file": None},
        {"tls_server_name": "other.example"},
    ):
        with pytest.raises(HardeningError, match="its certificate is not trusted"):
            bench.secure(**options)
    assert not bench.pbx.exchanges
    bench.secure(tls_ca_file=None, tls_fingerprint=f"SHA256:{bench.pbx.certificate_sha256.upper()}")
    with pytest.raises(HardeningError, match="is not a SHA-256 fingerprint"):
        bench.secure(tls_fingerprint="abc")


def test_gathered_tells_all_and_no_secret(phone_system: Make) -> None:
    bench = phone_system("20.0.9")
    bench.secure()
    bench.pbx.reset_counters()
    found = bench.run(security.CORE, state="gathered").result["gathered"]
    assert bench.methods == {"GET"}
    assert found["anti_hacking"]["failed_authentications"] == 5
    assert found["countries"]["list_holds"] == "allowed"
    assert "United Kingdom" in found["countries"]["names"]
    assert found["console"]["restricted"]
    assert "canary" not in json.dumps(found)
    # Every read says what it wants: without that the PBX shows secrets.
    assert all("$select" in each.query for each in bench.pbx.exchanges if each.method == "GET")
