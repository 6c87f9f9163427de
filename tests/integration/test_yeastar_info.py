# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yeastar_info and yeastar_call_history against the simulated PBXs of both series."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from yeastar_support import Bench

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import call_history, info
from lab.playbook import COLLECTIONS
from lab.yeastar import FIRMWARES, PSeriesFaults, SimulatedPSeries
from lab.yeastar.s_series import SimulatedSSeries

Make = Callable[..., Bench]
NOW = "37.23.0.123"


@pytest.fixture
def yeastar(tmp_path: Path) -> Iterator[Make]:
    """Makes simulated P-Series of a firmware; every one is left without a token and without a change."""
    with contextlib.ExitStack() as stack:

        def make(firmware: str = NOW, **options: Any) -> Bench:
            pbx = stack.enter_context(SimulatedPSeries(firmware, folder=tmp_path / firmware, **options))

            def untouched() -> None:
                assert not pbx.writes
                assert not pbx.live_tokens

            stack.callback(untouched)
            return Bench(pbx)

        yield make


@pytest.fixture
def old_yeastar(tmp_path: Path) -> Iterator[Bench]:
    """A simulated S-Series."""
    with SimulatedSSeries(folder=tmp_path / "s") as pbx:
        yield Bench(pbx)
        assert not pbx.writes
        assert not pbx.live_tokens


def p_series(bench: Bench) -> SimulatedPSeries:
    assert isinstance(bench.pbx, SimulatedPSeries)
    return bench.pbx


def secrets_of(pbx: SimulatedPSeries) -> set[str]:
    """Everything that no result may hold; PINs that are also numbers cannot be looked for."""
    found = {pbx.client_secret}
    with pbx.lock:
        for row in pbx.state["extensions"]:
            found |= {row["reg_password"], row["user_password"]}
        found |= {row["password"] for row in pbx.state["trunks"]}
        for row in pbx.state["phones"]:
            found |= {row["provisioning_link"], row["rps_pin"]}
    found |= {each.token for each in pbx.exchanges if each.token}
    found |= {base64.b64encode(each.encode()).decode() for each in found}
    return found - {""}


def searches(bench: Bench) -> list[str]:
    return [f"{each.version} {each.endpoint}" for each in p_series(bench).exchanges if each.endpoint == "cdr/search"]


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_info_tells_all_and_no_secret(yeastar: Make, firmware: str) -> None:
    bench = yeastar(firmware)
    pbx = p_series(bench)
    with pbx.lock:
        for row in pbx.state["phones"]:
            row["rps_pin"] = "k3Tz8Qw1Lm5Xr7Vb9Np2Hs4Jd6Fg0Aa"
        pbx.state["outbound_routes"][0] |= {"pin_protect": "single_pin", "pin": "73918264"}
        pbx.state["system_log"].append(
            {"id": 1, "event_content": "GET /x?access_token=abc123&a=1", "password": "hunter2"}
        )
    pbx.register("1001", "1001", "10011234", address="192.168.10.51")
    found = bench.run(info.CORE, read_passwords=True).result
    shown = json.dumps(found)
    assert not [
        secret for secret in {*secrets_of(pbx), "73918264", "abc123", "hunter2", "/autoprovision/"} if secret in shown
    ]
    assert found["pbx"]["firmware"] == firmware
    assert found["pbx"]["edition"] == {"37": "appliance", "83": "software", "84": "cloud"}[firmware[:2]]
    assert found["system"]["uptime_seconds"] >= 86400
    assert found["system"]["serial"]
    extensions = found["extensions"]
    assert extensions["total"] == 6
    assert extensions["registered"] == ["1001"]
    assert extensions["administrators"] == [{"number": "1000", "role": "Administrator"}]
    assert found["outbound"]["routes"] == [
        {
            "name": "Everywhere",
            "position": 1,
            "patterns": ["X."],
            "pin_protected": True,
            "extensions": 6,
            "groups": [],
            "organizations": [],
        }
    ]
    assert found["outbound"]["blocked_numbers"] == [
        {"name": "Nuisance", "direction": "inbound", "numbers": ["49800555."]}
    ]
    assert found["outbound"]["allowed_numbers"] == []
    first = found["phones"][0]
    assert (first["mac"], first["extension"], first["registered"]) == ("805ec0aabb01", "1001", True)
    assert first["first_time_authentication"] is False
    assert found["trunks"][0] == {
        "name": "Provider",
        "type": "register",
        "enabled": True,
        "transport": "udp",
        "hostname": "sip.provider.example.net",
    }
    assert found["logs"][0]["event_content"] == "GET /x?access_token=********&a=1"
    assert found["backups"][0]["name"] == "before-update"
    assert found["requests"] == {"sent": len(pbx.exchanges) - 1, "writing": 0}
    if firmware == "37.7.0.16":
        assert extensions["remote_registration"] is None
        assert not extensions["passwords_read"]
        assert "does not show passwords" in extensions["passwords_not_read"]
        assert extensions["weak"]["1001"] == ["its SIP id is its number"]
    else:
        assert extensions["remote_registration"] == ["1000", "1001", "1002", "1003", "1004", "1005"]
        assert extensions["passwords_read"]
        assert "its SIP password is weak" in extensions["weak"]["1001"]
        assert "its voicemail PIN can be guessed" in extensions["weak"]["1001"]


def test_passwords_are_read_only_on_request(yeastar: Make) -> None:
    bench = yeastar()
    found = bench.run(info.CORE, gather_subset=["extensions"]).result["extensions"]
    assert not [each for each in bench.pbx.exchanges if each.endpoint == "extension/getpassword"]
    assert not found["passwords_read"]
    assert set(found["weak"]) == {"1000", "1001", "1002", "1003", "1004", "1005"}


def test_a_part_that_is_refused_says_why(yeastar: Make) -> None:
    bench = yeastar()
    p_series(bench).faults = PSeriesFaults(
        denied=("trunk/", "block_numbers/"), hidden_endpoints=("phone/search", "allow_numbers")
    )
    found = bench.run(info.CORE).result
    assert "permissions" in found["trunks"]["unavailable"]
    assert "firmware does not have it" in found["phones"]["unavailable"]
    assert "permissions" in found["outbound"]["blocked_numbers"]["unavailable"]
    assert "firmware" in found["outbound"]["allowed_numbers"]["unavailable"]
    assert found["outbound"]["routes"]
    assert "firmware" in found["capacity"]["unavailable"]
    assert found["extensions"]["total"] == 6


def test_what_it_may_not_say_of_itself_does_not_end_the_task(yeastar: Make) -> None:
    bench = yeastar()
    p_series(bench).faults = PSeriesFaults(denied=("system/",))
    found = bench.run(info.CORE, gather_subset=["system", "backups"]).result
    assert found["pbx"] == {"series": "P-Series"}
    assert "permissions" in found["system"]["unavailable"]
    assert found["backups"]


def test_other_refusals_end_the_task(yeastar: Make) -> None:
    bench = yeastar()
    p_series(bench).faults = PSeriesFaults(errors={"backup/list": -1})
    with pytest.raises(HardeningError, match="backup/list"):
        bench.run(info.CORE, gather_subset=["backups"])


def test_what_vanishes_between_list_and_details_is_told_without_them(yeastar: Make) -> None:
    bench = yeastar()
    p_series(bench).faults = PSeriesFaults(errors={"phone/get": 60001, "trunk/get": 60001})
    found = bench.run(info.CORE, gather_subset=["phones", "trunks"]).result
    assert [each["first_time_authentication"] for each in found["phones"]] == [None, None]
    assert [each["transport"] for each in found["trunks"]] == [None, None]


def test_of_an_s_series_system_and_extensions_are_told(old_yeastar: Bench) -> None:
    pbx = old_yeastar.pbx
    assert isinstance(pbx, SimulatedSSeries)
    pbx.register("1001", "1001", "1001abc")
    found = old_yeastar.run(info.CORE).result
    assert (found["pbx"]["series"], found["pbx"]["edition"]) == ("S-Series", "appliance")
    assert found["system"]["firmware"] == "30.14.0.20"
    assert isinstance(found["system"]["uptime_seconds"], int)
    assert found["extensions"]["registered"] == ["1001"]
    assert "its SIP password is weak" in found["extensions"]["weak"]["1001"]
    assert "S-Series" in found["outbound"]["unavailable"]
    shown = json.dumps(found)
    assert not [secret for secret in ("1001abc", "Password1", pbx.password) if secret in shown]


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_calls_come_in_one_form(yeastar: Make, firmware: str) -> None:
    bench = yeastar(firmware)
    for source in ("auto", "v1"):
        found = bench.run(call_history.CORE, source=source, since="5d").result
        assert len(found["calls"]) == 30
        assert found["source"] == "v1"
        assert found["totals"]["by_destination"]["+882"] == 9
        assert max(found["totals"]["by_extension"], key=found["totals"]["by_extension"].get) == "1002"
        assert found["totals"]["longest"]["talking_seconds"] == 660
        assert not found["cut_short"]
        assert not found["notes"]
        call = next(each for each in found["calls"] if each["to"].startswith("00882"))
        assert (call["from"], call["from_name"], call["direction"]) == ("1002", "Carl Conrad", "outbound")
        assert call["started"].endswith("Z")
        assert call["ringing_seconds"] == 8
        assert call["answered"]
    times = [each["started"] for each in found["calls"]]
    assert times == sorted(times, reverse=True)


def test_version_2_says_what_it_does_not_tell(yeastar: Make) -> None:
    bench = yeastar()
    found = bench.run(call_history.CORE, source="v2", since="5d").result
    assert found["source"] == "v2"
    assert len(found["calls"]) == 30
    assert {each["started"] for each in found["calls"]} == {None}
    assert all(each["time"] for each in found["calls"])
    assert found["notes"] == [call_history.NO_TIMES, call_history.WHOLE_DURATION]
    assert found["totals"]["by_destination"]["+882"] == 9


def test_version_2_is_kept_where_version_1_is_gone(yeastar: Make) -> None:
    bench = yeastar()
    p_series(bench).faults = PSeriesFaults(errors_at={3: 10002})
    found = bench.run(call_history.CORE, since="5d").result
    assert searches(bench) == ["v2.0 cdr/search", "v1.0 cdr/search"]
    assert found["source"] == "v2"
    assert len(found["calls"]) == 30


@pytest.mark.parametrize("code", [-2, 10001, 10002])
def test_version_1_is_read_where_version_2_is_broken(yeastar: Make, code: int) -> None:
    bench = yeastar()
    # Both readings of version 2 where the first says that it is not there.
    p_series(bench).faults = PSeriesFaults(errors_at={2: code, 3: code} if code == 10001 else {2: code})
    found = bench.run(call_history.CORE, since="5d").result
    assert found["source"] == "v1"
    assert len(found["calls"]) == 30
    assert found["notes"][0].startswith("version 1 was read, because version 2 could not be: ")


def test_a_blocked_address_is_not_tried_again(yeastar: Make) -> None:
    bench = yeastar()
    p_series(bench).faults = PSeriesFaults(errors_at={2: 70004})
    with pytest.raises(HardeningError, match="blocked the address"):
        bench.run(call_history.CORE)
    assert searches(bench) == ["v2.0 cdr/search"]


@pytest.mark.parametrize("code", [10001, 40002])
def test_a_pbx_that_cannot_search_is_asked_for_its_newest_calls(yeastar: Make, code: int) -> None:
    bench = yeastar("37.7.0.16")
    p_series(bench).faults = PSeriesFaults(errors={"cdr/search": code})
    everything = bench.run(call_history.CORE, since="9d").result["calls"]
    middle = everything[10]["started"]
    found = bench.run(call_history.CORE, since=middle).result
    assert [each["id"] for each in found["calls"]] == [each["id"] for each in everything[:11]]
    assert not bench.run(call_history.CORE, since=middle, limit=20).result["cut_short"]
    assert bench.run(call_history.CORE, since=middle, limit=5).result["cut_short"]


def test_without_search_and_times_nothing_is_guessed(yeastar: Make) -> None:
    bench = yeastar()
    p_series(bench).faults = PSeriesFaults(errors={"cdr/search": 10001})
    with pytest.raises(HardeningError, match="v2 cannot be searched"):
        bench.run(call_history.CORE, source="v2")
    assert len(bench.run(call_history.CORE, since="9d").result["calls"]) == 30


def test_the_period_and_choice_of_calls(yeastar: Make) -> None:
    bench = yeastar()
    every = bench.run(call_history.CORE, since="9d").result["calls"]
    some = bench.run(call_history.CORE, since=every[20]["started"], until=every[10]["started"]).result["calls"]
    assert some == every[10:21]
    abroad = bench.run(call_history.CORE, since="9d", destination_prefix="+882").result["calls"]
    assert {each["from"] for each in abroad} == {"1002"}
    assert len(abroad) == 9
    inbound = bench.run(call_history.CORE, since="9d", direction="inbound").result["calls"]
    assert {each["direction"] for each in inbound} == {"inbound"}
    assert bench.run(call_history.CORE, since="9d", extension="1099").result["calls"] == []
    newest = bench.run(call_history.CORE, since="9d", limit=3).result
    assert newest["calls"] == every[:3]
    assert newest["cut_short"]
    for wrong in ("yesterday", "2026-11-23T08:00:00"):
        with pytest.raises(HardeningError, match="since: "):
            bench.run(call_history.CORE, since=wrong)


def test_calls_of_an_s_series_are_refused_before_anything_is_sent(old_yeastar: Bench) -> None:
    with pytest.raises(HardeningError, match="S-Series' API has no list of calls"):
        old_yeastar.run(call_history.CORE)
    assert not old_yeastar.pbx.exchanges


@pytest.mark.parametrize("name", ["yeastar_info", "yeastar_call_history"])
def test_the_modules_run_elsewhere_too(yeastar: Make, name: str) -> None:
    """As Ansible runs them on the host that the task is delegated to: in a process of their own."""
    pbx = p_series(yeastar())
    device = {"host": pbx.host, "port": pbx.port, "user": pbx.client_id, "password": pbx.client_secret}
    given: dict[str, Any] = {"tls_ca_file": str(pbx.ca_file), "device": device}
    environment = {**os.environ, "PYTHONPATH": str(COLLECTIONS), "_ANSIBLE_MODULE_PROFILE": "legacy"}
    run = subprocess.run(
        [sys.executable, "-m", f"ansible_collections.voipsec.hardening.plugins.modules.{name}"],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": given}),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert json.loads(run.stdout)["pbx"]["model"] == "P550", run.stderr
    assert not [secret for secret in secrets_of(pbx) if secret in run.stdout + run.stderr]
