# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yeastar_security against simulated PBXs: what may be dialled, and files for what the API cannot set."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from yeastar_support import CONFIG, Bench, requests

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import security
from lab.yeastar import FIRMWARES, PSeriesFaults

Make = Callable[..., Bench]

pytestmark = pytest.mark.usefixtures("impatient")
EMERGENCY = ("999", "112", "18000")
MANUAL = [
    {
        "control": "static_defence",
        "title": "Addresses",
        "page": "Security",
        "settings": ["accept 198.51.100.7"],
        "behind": "the router",
        "columns": ["Name", "Action"],
        "rows": [["voipsec management", "accept"]],
        "digest": "0f3a91c2",
        "state": "stale",
        "reason": "confirmed by Anna for other settings",
    },
    {"control": "events", "title": "Events", "page": "System", "settings": ["mail to support"], "digest": "1f3a91c2"},
]


def config(**changes: Any) -> dict[str, Any]:
    return {**CONFIG, **changes}


def calls(bench: Bench, number: str, extension: str = "1001") -> str:
    return str(bench.pbx.dial(extension, number)).split(":")[0]


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_only_the_declared_countries_can_be_dialled(yeastar: Make, firmware: str) -> None:
    bench = yeastar(firmware)
    assert calls(bench, "0088212345") == "trunk"
    predicted = bench.secure(check_mode=True)
    assert requests(bench.pbx) == []
    bench.pbx.reset_counters()
    first = bench.secure()
    assert requests(bench.pbx) == [each["request"] for each in predicted.result["operations"]]
    for barred in ("0088212345", "+3712345678", "0019005551234", "09091234567", "118118"):
        assert calls(bench, barred) == "blocked", barred
    for allowed in ("00441473123456", "0035316789", "0033140506070", "01473123456"):
        assert calls(bench, allowed) == "trunk", allowed
    bench.pbx.emergency_handled = False
    assert all(calls(bench, number) == "trunk" for number in EMERGENCY)
    assert first.result["controls"]["block_numbers"] == "enforced"
    assert first.result["pbx"]["firmware"] == firmware
    bench.pbx.reset_counters()
    second = bench.secure()
    assert not second.changed
    assert requests(bench.pbx) == []
    assert second.result["controls"]["block_numbers"] == "verified"


def test_what_others_made_stays_and_ours_goes_with_the_declaration(yeastar: Make) -> None:
    bench = yeastar()
    before = json.dumps(bench.pbx.state["block_numbers"])
    bench.secure()
    bench.secure(config=config(barred_numbers=[]))
    assert calls(bench, "118118") == "trunk"
    assert calls(bench, "0088212345") == "blocked"
    bench.secure(state="merged", config={"barred_numbers": ["0909"]})
    assert calls(bench, "0088212345") == "blocked"
    bench.pbx.reset_counters()
    assert bench.secure(state="deleted", config=None).changed
    # Removing is a GET on this API, and counts as what it is.
    assert {each.split("/")[-1] for each in requests(bench.pbx)} == {"delete"}
    assert json.dumps(bench.pbx.state["block_numbers"]) == before
    assert not bench.secure(state="deleted", config=None).changed


def test_routes_are_limited_and_emergency_calls_go_on(yeastar: Make) -> None:
    bench = yeastar("83.24.0.30")
    bench.pbx.emergency_handled = False
    wanted = config(
        emergency_trunks=["Provider"],
        pin_lists=[{"name": "office", "pins": ["471147", "815815"]}],
        outbound_routes=[{"name": "Everywhere", "groups": ["Office"]}],
    )
    first = bench.secure(config=wanted)
    assert calls(bench, "01473123456", "1001") == "trunk"
    assert calls(bench, "01473123456", "1005") == "no route"
    for extension in ("1000", "1001", "1005"):
        assert all(calls(bench, number, extension) == "trunk" for number in EMERGENCY)
    assert "471147" not in json.dumps([first.result, list(first.diff)])
    assert bench.pbx.state["pin_lists"][0]["pin_list"] == "471147,815815"
    bench.pbx.reset_counters()
    assert not bench.secure(config=wanted).changed
    assert requests(bench.pbx) == []


def test_a_pin_list_and_the_route_that_asks_for_it_in_one_run(yeastar: Make) -> None:
    bench = yeastar()
    with bench.pbx.lock:
        route = dict(bench.pbx.state["outbound_routes"][0])
        patterns = [{"id": 9, "pattern": "00.", "strip": 0, "prepend": ""}]
        other = {**route, "id": 22, "name": "International", "pos": 2, "dial_pattern_list": patterns}
        bench.pbx.state["outbound_routes"].append(other)
    wanted = config(
        pin_lists=[{"name": "office", "pins": ["471147"]}],
        outbound_routes=[{"name": "International", "pin_protect": "list", "pin_list": "office"}],
    )
    bench.secure(config=wanted)
    row = next(each for each in bench.pbx.state["outbound_routes"] if each["name"] == "International")
    assert (row["pin_protect"], row["pin_list"]) == ("pin_list", bench.pbx.state["pin_lists"][0]["id"])
    assert not bench.secure(config=wanted).changed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outbound_routes": [{"name": "Nowhere"}]}, "the PBX has no outbound route 'Nowhere'; it has Everywhere."),
        (
            {"outbound_routes": [{"name": "Everywhere", "extensions": ["4711"]}]},
            "extensions: the PBX has no '4711'; it has",
        ),
        (
            {"emergency_trunks": ["Telecom"]},
            "the PBX has no trunk named 'Telecom'; it has Backup, Provider.",
        ),
        ({"barred_numbers": ["99"]}, "barred_numbers: '99' would bar the emergency number 999."),
        (
            {"outbound_routes": [{"name": "Everywhere", "extensions": ["1001"]}]},
            "emergency calls: no outbound route lets 1000, 1002, 1003, 1004, 1005 dial 999. Nothing was changed.",
        ),
        (
            {"blocked_numbers": [{"name": "all short ones", "numbers": ["1XX"], "direction": "both"}]},
            "emergency calls: the list 'all short ones' would bar 112. Nothing was changed.",
        ),
        (
            {"outbound_routes": [{"name": "Everywhere", "pin_protect": "list", "pin_list": "none"}]},
            "pin_list: the PBX has no PIN list 'none'; it has none. Declare it in pin_lists.",
        ),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(yeastar: Make, changes: dict[str, Any], message: str) -> None:
    bench = yeastar()
    with pytest.raises(HardeningError) as caught:
        bench.secure(config=config(**changes))
    assert message in caught.value.message
    assert requests(bench.pbx) == []
    assert bench.pbx.live_tokens == []


def test_a_block_by_others_of_an_emergency_number_is_a_warning(yeastar: Make) -> None:
    bench = yeastar()
    row = {"id": 9, "name": "short ones", "limit_type": "outbound", "number_list": "1XX&99."}
    bench.pbx.state["block_numbers"].append(row)
    bench.pbx.emergency_handled = False
    assert calls(bench, "112") == "blocked"
    bench.secure()
    assert [text for text in bench.warnings if "short ones" in text]
    assert all(calls(bench, number) == "trunk" for number in EMERGENCY)


def test_a_list_of_allowed_numbers_that_undoes_the_block_is_a_warning(yeastar: Make) -> None:
    bench = yeastar()
    row = {"id": 4, "name": "Branch in Riga", "limit_type": "both", "number_list": "00371."}
    bench.pbx.state["allow_numbers"].append(row)
    bench.secure()
    assert calls(bench, "0037125551234") == "trunk"
    (text,) = bench.warnings
    assert text.startswith("block_numbers: STILL OPEN: the list of allowed numbers 'Branch in Riga'")
    declared = {"name": "Branch in Riga", "direction": "both", "numbers": ["00371."]}
    bench.warnings.clear()
    assert not bench.secure(config=config(allowed_numbers=[declared])).changed
    assert bench.warnings == []


def test_the_declared_edition_must_be_the_pbx_own(yeastar: Make) -> None:
    bench = yeastar("83.24.0.30")
    with pytest.raises(HardeningError, match="'appliance' is declared, but the PBX runs firmware 83.24.0.30"):
        bench.secure(edition="appliance")
    assert requests(bench.pbx) == []
    assert bench.secure(edition="software").changed


def test_phones_must_prove_who_they_are(yeastar: Make) -> None:
    bench = yeastar()
    with bench.pbx.lock:
        bench.pbx.state["phones"][0]["provisioning_method"] = "rps"
    phones = [
        {"mac": "805ec0aabb03", "number": "1003", "model": "SIP-T53W", "template_name": "YSDP_YealinkT5"},
        {"mac": "805ec0aabb04", "number": "1004", "model": "SIP-T53W", "template_name": "YSDP_YealinkT5"},
    ]
    result = bench.secure(config=config(phones=phones)).result
    added = [each for each in bench.pbx.state["phones"] if each["id"] not in (75, 76)]
    assert [each["enb_rps_auth"] for each in added] == [1, 1]
    assert requests(bench.pbx).count("POST phone/batchcreate") == 1
    assert result["controls"]["phones"] == "manual"
    assert "805ec0aabb01" in result["reasons"]["phones"]
    assert "805ec0aabb02" not in result["reasons"]["phones"]
    assert not bench.secure(config=config(phones=phones)).changed


def test_files_for_the_web_page_are_written_once(yeastar: Make, tmp_path: Path) -> None:
    bench = yeastar()
    folder = tmp_path / "yeastar"
    options = {"manual_controls": MANUAL, "directory": str(folder), "site": "acme"}
    predicted = bench.secure(check_mode=True, **options)
    assert not folder.exists()
    first = bench.secure(**options)
    assert first.result["files"] == predicted.result["files"] == ["checklist.md", "static_defence.csv"]
    assert (folder / "static_defence.csv").read_bytes() == b"Name,Action\r\nvoipsec management,accept\r\n"
    assert "settings `0f3a91c2`" in (folder / "checklist.md").read_text()
    assert (first.result["controls"]["static_defence"], first.result["controls"]["events"]) == ("stale", "manual")
    assert first.result["reasons"]["static_defence"] == "confirmed by Anna for other settings; meanwhile the router"
    assert not bench.secure(**options).changed


def test_an_s_series_gets_its_checklist_without_a_login(yeastar: Make, tmp_path: Path) -> None:
    bench = yeastar("s")
    result = bench.secure(manual_controls=MANUAL, directory=str(tmp_path / "s")).result
    assert result["files"] == ["checklist.md", "static_defence.csv"]
    assert bench.pbx.exchanges == []
    with pytest.raises(HardeningError, match="gathered reads a P-Series"):
        bench.run(security.CORE, state="gathered")


@pytest.mark.parametrize("hidden", ["extension_group/list", "phone/search"])
def test_an_endpoint_that_the_firmware_lacks_is_done_without(yeastar: Make, hidden: str) -> None:
    bench = yeastar("83.24.0.30")
    bench.pbx.faults = PSeriesFaults(hidden_endpoints=(hidden,))
    assert bench.secure().changed
    assert not bench.secure().changed


def test_what_the_pbx_takes_and_does_not_keep_is_an_error(yeastar: Make) -> None:
    bench = yeastar()
    bench.pbx.faults = PSeriesFaults(ignored_writes=("outbound_route.ext_list",))
    wanted = config(emergency_trunks=["Provider"], outbound_routes=[{"name": "Everywhere", "extensions": ["1001"]}])
    with pytest.raises(HardeningError, match="reads differently afterwards: limiting the route Everywhere"):
        bench.secure(config=wanted)


def test_gathered_reads_and_shows_no_pin(yeastar: Make) -> None:
    bench = yeastar()
    bench.secure(config=config(pin_lists=[{"name": "office", "pins": ["471147"]}]))
    bench.pbx.reset_counters()
    found = bench.run(security.CORE, state="gathered").result
    assert found["gathered"]["pin_lists"] == [{"name": "office", "pins": 1}]
    assert found["gathered"]["trunks"] == ["Backup", "Provider"]
    assert "471147" not in json.dumps(found)
    assert requests(bench.pbx) == []
