# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure parts of the Yeastar family: what is learnt, manual controls, import files, PIN lists."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import parse
from ansible_collections.voipsec.hardening.plugins.module_utils.site.manual_controls import (
    compile_manual_controls,
    known_controls,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import errors
from ansible_collections.voipsec.hardening.plugins.module_utils.site.yeastar import (
    compile_yeastar,
    compile_yeastar_extensions,
    compile_yeastar_security,
    international_prefixes,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.firmware import parse_firmware
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.import_files import CHECKLIST, files
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.pin_lists import (
    parse_pin_lists,
    plan_pin_lists,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.restrictions import learn, restricted
from lab.yeastar import web_pages

TODAY = datetime.date(2026, 11, 24)
SITE: dict[str, Any] = {
    "site": {
        "name": "acme",
        "country": "GB",
        "time_zone": "Europe/London",
        "management": ["198.51.100.7/32"],
    },
    "pbx": {
        "address": "192.168.10.10",
        "server_name": "pbx.acme.example",
        "product": "yeastar_appliance",
        "local_networks": ["192.168.10.0/24"],
    },
    "trunk_providers": [{"name": "kestrel", "signalling": ["203.0.113.0/26"]}],
    "remote_sites": [{"name": "ipswich", "address": "192.0.2.10", "extensions": ["202"]}],
    "extensions": [{"number": "201", "name": "Reception"}, {"number": "202", "name": "Anna Berg"}],
    "allowed_countries": ["GB", "IE"],
    "alerts": {"to": ["support@example.net"]},
    "concurrent_calls": 6,
}


def declared(**changes: Any) -> Declaration:
    found, problems = parse({**SITE, **changes}, TODAY)
    assert found is not None, problems
    return found


def product(name: str) -> dict[str, Any]:
    return {"pbx": {**SITE["pbx"], "product": name}}


def attestation(control: str, digest: str, **changes: str) -> dict[str, str]:
    return {"control": control, "confirmed_by": "Anna", "confirmed_on": "2026-11-01", "settings": digest, **changes}


def state(control: str, **changes: Any) -> tuple[str, str]:
    found = next(each for each in compile_manual_controls(declared(**changes)) if each["control"] == control)
    return found["state"], found["reason"]


def digest(control: str, **changes: Any) -> str:
    return str(
        next(each["digest"] for each in compile_manual_controls(declared(**changes)) if each["control"] == control)
    )


def test_a_control_is_manual_until_somebody_says_that_it_is_set() -> None:
    assert {each["state"] for each in compile_manual_controls(declared())} == {"manual"}
    good = attestation("static_defence", digest("static_defence"))
    assert state("static_defence", attestations=[good]) == (
        "attested",
        "confirmed by Anna on 2026-11-01, valid until 2027-04-30",
    )
    assert state("auto_defence", attestations=[good])[0] == "manual"


def test_a_confirmation_ends() -> None:
    old = attestation("static_defence", digest("static_defence"), confirmed_on="2026-01-01")
    assert state("static_defence", attestations=[old])[0] == "stale"
    kept = attestation("static_defence", digest("static_defence"), confirmed_on="2026-01-01", expires="2026-12-01")
    assert state("static_defence", attestations=[kept])[0] == "attested"


def test_a_confirmation_is_of_exactly_these_settings() -> None:
    good = attestation("static_defence", digest("static_defence"))
    elsewhere = {"remote_sites": [{"name": "ipswich", "address": "192.0.2.11", "extensions": ["202"]}]}
    found, reason = state("static_defence", attestations=[good], **elsewhere)
    assert found == "stale"
    assert "for other settings" in reason
    # What has nothing to do with it does not touch it.
    assert state("static_defence", attestations=[good], allowed_countries=["GB"])[0] == "attested"
    assert digest("country_codes") != digest("country_codes", allowed_countries=["GB"])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (attestation("static_defense", "0" * 8), "static_defense is no control; valid are static_defence, drop_all,"),
        (attestation("events", "0" * 8, confirmed_on="2026-12-01"), "2026-12-01 is in the future"),
        (attestation("events", "0" * 8, expires="2028-01-01"), "2028-01-01 is not a day from 2026-11-01 to 2027-11-02"),
        (attestation("events", "xyz"), "xyz is not eight hex digits"),
    ],
)
def test_a_wrong_confirmation_is_refused(entry: dict[str, str], message: str) -> None:
    found, problems = parse({**SITE, "attestations": [entry]}, TODAY)
    assert found is None
    assert any(message in str(each) for each in errors(problems))


def test_a_control_is_confirmed_once() -> None:
    twice = [attestation("events", "0" * 8), attestation("events", "1" * 8)]
    found, problems = parse({**SITE, "attestations": twice}, TODAY)
    assert found is None
    assert "confirmed already in attestations[0]" in str(errors(problems)[0])


@pytest.mark.parametrize(
    ("name", "edition"), [("yeastar_appliance", "Appliance"), ("yeastar_software", "Software"), ("yeastar_cloud", "")]
)
def test_the_import_pages_take_the_files(name: str, edition: str) -> None:
    controls = compile_manual_controls(declared(**product(name)))
    made = files(controls, "acme", "2026-11-24", {})
    assert set(made) - {CHECKLIST} == {f"{each['control']}.csv" for each in controls if each["columns"]}
    for file_name, text in made.items():
        if file_name.endswith(".csv"):
            assert web_pages.read(file_name.removesuffix(".csv"), text, edition)
    if edition:
        accepted = web_pages.accepted(web_pages.read("static_defence", made["static_defence.csv"], edition))
        assert accepted[0] == "198.51.100.7/255.255.255.255"  # nobody locks himself out
        assert set(accepted[1:]) == {
            "203.0.113.0/255.255.255.192",
            "192.0.2.10/255.255.255.255",
            "192.168.10.0/255.255.255.0",
        }
    else:
        assert "static_defence.csv" not in made


def test_the_checklist_keeps_its_date_until_its_content_changes() -> None:
    controls = compile_manual_controls(declared())
    first = files(controls, "acme", "2026-11-24", {})
    assert files(controls, "acme", "2026-12-31", first) == first
    other = compile_manual_controls(declared(allowed_countries=["GB"]))
    later = files(other, "acme", "2026-12-31", first)
    assert "Dated 2026-12-31." in later[CHECKLIST]
    assert later["static_defence.csv"] == first["static_defence.csv"]


def test_every_control_that_can_be_confirmed_is_on_a_checklist() -> None:
    listed = {
        each["control"]
        for name in ("yeastar_appliance", "yeastar_cloud", "yeastar_s")
        for each in compile_manual_controls(declared(**product(name)))
    }
    assert listed == set(known_controls())
    assert compile_manual_controls(declared(**product("threecx"))) == []


def test_which_pbx_it_is_must_be_declared() -> None:
    assert compile_yeastar(declared()) == {"series": "p", "edition": "appliance"}
    assert compile_yeastar(declared(**product("yeastar_s"))) == {"series": "s", "edition": None}
    with pytest.raises(HardeningError, match="pbx.product: threecx is declared, but the inventory's group yeastar"):
        compile_yeastar(declared(**product("threecx")))


def test_what_is_declared_of_extensions() -> None:
    office, remote = compile_yeastar_extensions(declared())
    assert (office["remote_registration"], office["srtp"], office["allowed_networks"]) == (
        False,
        False,
        ["192.168.10.0/24"],
    )
    assert (remote["remote_registration"], remote["transport"], remote["srtp"]) == (True, "tls", True)
    assert remote["allowed_networks"] == ["192.0.2.10/32"]


def test_the_international_prefix_is_known_or_asked_for() -> None:
    assert international_prefixes("IE") == ["00", "+"]
    assert international_prefixes("US") == ["011", "+"]
    assert international_prefixes("JP") == []
    assert compile_yeastar_security(declared())["countries"] == {
        "allowed": ["44", "353"],
        "international_prefixes": ["00", "+"],
    }


ROW = {
    "id": 60,
    "enb_ip_rstr": 1,
    "permit_ip_list": [{"id": 1, "addr": "192.168.10.0", "netmask": "255.255.255.0"}],
    "user_agent_rules": [{"agent": "Yealink"}],
    "presence_list": [{"presence": "away", "timeout": 30}],
}


def test_lists_are_learnt_from_the_pbx_own_answers() -> None:
    forms = learn([{"id": 61, "permit_ip_list": []}, ROW])
    assert forms["allowed_networks"].entries(["192.0.2.10/32"]) == [
        {"addr": "192.0.2.10", "netmask": "255.255.255.255"}
    ]
    shown = {"enb_ip_rstr", "enb_user_agent_ident"}
    wanted, lacking = restricted({"allowed_networks": ["192.0.2.10/32"], "user_agents": ["Yealink"]}, shown, forms)
    assert lacking == {}
    assert wanted["enb_ip_rstr"] == wanted["enb_user_agent_ident"] == 1
    assert wanted["user_agent_rules"] == [{"agent": "Yealink"}]


def test_a_restriction_is_never_switched_on_with_an_empty_list() -> None:
    shown = {"enb_ip_rstr", "enb_user_agent_ident"}
    wanted, lacking = restricted({"allowed_networks": ["192.0.2.10/32"]}, shown, {})
    assert wanted == {}
    assert "not public" in lacking["allowed_networks"]
    assert restricted({"allowed_networks": []}, shown, {}) == ({"enb_ip_rstr": 0}, {})


def test_two_forms_that_contradict_each_other_teach_nothing() -> None:
    other = {"ip_list": [{"ip": "10.0.0.0", "mask": "255.0.0.0"}]}
    assert "allowed_networks" not in learn([ROW, other])


def test_pins_are_compared_and_never_shown() -> None:
    have = parse_pin_lists([{"id": 13, "name": "office", "pin_list": "2283,3301", "enb_record_cdr": 1}])
    assert plan_pin_lists(have, [{"name": "office", "pins": ["3301", "2283"]}]).operations == []
    control = plan_pin_lists(have, [{"name": "office", "pins": ["3301", "9999"]}])
    shown = (
        json.dumps([operation.shown() for operation in control.operations]) + str(control.before) + str(control.after)
    )
    assert "9999" not in shown
    assert [operation.path for operation in control.operations] == ["pin_list/update"]
    wrong = plan_pin_lists(have, [{"name": "office", "pins": ["12"]}])
    assert wrong.problems == ["pin_lists[0].pins of 'office': one of them is not 4 digits or more."]


@pytest.mark.parametrize(
    ("version", "edition"), [("37.23.0.123", "appliance"), ("83.24.0.30", "software"), ("84.21.0.117", "cloud")]
)
def test_the_edition_is_told_from_the_firmware(version: str, edition: str) -> None:
    assert parse_firmware({"data": {"firmware_version": version, "model_name": "P550"}}).edition == edition
    with pytest.raises(HardeningError, match="does not report its firmware version"):
        parse_firmware({"data": {"firmware_version": "unknown"}})
