# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""threecx_info and threecx_call_history, and one run of everything on every release for the contract tests."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from threecx_support import Bench, config, credentials, mac_of

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import call_history, info, reprovision
from lab.pki import make_pki
from lab.playbook import COLLECTIONS
from lab.xapi import RELEASES, Faults

Make = Callable[..., Bench]


def ago(minutes: int) -> str:
    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def with_calls(bench: Bench) -> None:
    """Two calls abroad and one inside, in both sources."""
    for place, (source, target, minutes) in enumerate(
        (("204", "0037125551234", 30), ("204", "0037125559999", 20), ("201", "202", 10))
    ):
        outside = len(target) > 5
        bench.pbx.state["CallLog"].append(
            {
                "CallId": place,
                "StartTime": ago(minutes),
                "SourceDn": source,
                "SourceCallerId": source,
                "DestinationCallerId": target,
                "Answered": True,
                "TalkingDuration": "PT1M5S",
                "RingingDuration": "PT4S",
            }
        )
        bench.pbx.state["CallHistoryView"].append(
            {
                "SegmentId": place,
                "SegmentStartTime": ago(minutes),
                "SegmentEndTime": ago(minutes - 1),
                "SrcDn": source,
                "DstCallerNumber": target,
                "DstExternal": outside,
                "SrcExternal": False,
                "CallAnswered": True,
                "CallTime": "PT1M5S",
            }
        )


@pytest.mark.parametrize("release", RELEASES)
def test_info_tells_all_and_changes_nothing(phone_system: Make, release: str) -> None:
    bench = phone_system(release)
    for _attempt in range(8):
        bench.pbx.register("201", "201", "guess", address="203.0.113.99")
    found = bench.run(info.CORE).result
    assert bench.methods == {"GET"}
    assert found["pbx"]["release"].startswith(release)
    assert found["licence"]["active"]
    assert found["security"]["console"]["restricted"] is False
    assert "201" in found["extensions"]["weak"]
    assert [each["number"] for each in found["extensions"]["administrators"]] == ["100"]
    assert any(each["meaning"] == "address blocked" and "203.0.113.99" in each["values"] for each in found["events"])
    assert [each["id"] for each in found["api_clients"]] == ["900"]
    key = bench.pbx.state["LicenseStatus"]["LicenseKey"]
    assert key not in json.dumps(found)
    assert all("$select" in each.query for each in bench.pbx.exchanges if each.method == "GET")


def test_a_part_that_is_refused_says_why(phone_system: Make) -> None:
    bench = phone_system()
    bench.pbx.faults = Faults(forbidden=("/LicenseStatus",))
    found = bench.run(info.CORE, gather_subset=["licence", "system"]).result
    assert "role System Owner" in found["licence"]["unavailable"]
    assert found["system"]["fqdn"]


@pytest.mark.parametrize("release", RELEASES)
def test_calls_come_in_one_form(phone_system: Make, release: str) -> None:
    bench = phone_system(release)
    with_calls(bench)
    for source in ("auto", "call_log", "call_history_view"):
        found = bench.run(call_history.CORE, source=source).result
        assert [call["to"] for call in found["calls"]] == ["0037125551234", "0037125559999", "202"], source
        assert found["totals"]["by_destination"] == {"+371": 2}
        assert found["totals"]["by_extension"] == {"204": 2}
        assert found["calls"][0]["talking_seconds"] == 65
    assert bench.methods == {"GET"}


def test_the_period_and_choice_of_calls(phone_system: Make) -> None:
    bench = phone_system()
    with_calls(bench)
    chosen = bench.run(call_history.CORE, destination_prefix="+371", since=ago(25)).result["calls"]
    assert [call["to"] for call in chosen] == ["0037125559999"]
    assert [call["to"] for call in bench.run(call_history.CORE, direction="internal").result["calls"]] == ["202"]
    assert bench.run(call_history.CORE, extension="209").result["calls"] == []
    assert bench.run(call_history.CORE, limit=1).result["cut_short"]
    for wrong in ("yesterday", "2026-11-23T08:00:00"):
        with pytest.raises(HardeningError, match="since: "):
            bench.run(call_history.CORE, since=wrong)


def test_the_call_log_is_for_owners(phone_system: Make) -> None:
    bench = phone_system(role="system_admins")
    with pytest.raises(HardeningError, match="the role System Owner"):
        bench.run(call_history.CORE, source="call_log")


@pytest.mark.parametrize("release", RELEASES)
def test_everything_that_can_be_asked_works_on_every_release(phone_system: Make, release: str, tmp_path: Path) -> None:
    bench = phone_system(release)
    custom = next(row["Id"] for row in bench.pbx.state["PhoneTemplates"] if row["IsCustom"])
    pair = make_pki(tmp_path / "sip", names=("pbx.harbour.example",)).server
    everything = config(
        phones={"provisioning_secret": True},
        secure_sip={"certificate": str(pair.certificate), "private_key": str(pair.key)},
        phone_templates={"ids": [custom], "settings": {"sip.trust_ctrl": "1"}},
    )
    bench.secure(config=everything, update_password="always")
    later = (datetime.date.today() + datetime.timedelta(days=60)).isoformat()
    entries = [{**entry, "expires": later} for entry in everything["ip_list"]]
    rules = [{"name": "All calls", "groups": [], "extensions": ["201-205"]}]
    changed = {**everything, "ip_list": entries, "barred_numbers": ["0909"], "outbound_rules": rules}
    bench.secure(config=changed)
    assert not bench.secure(config=changed).changed
    bench.secure(config={"phone_templates": everything["phone_templates"]}, state="deleted")
    bench.pbx.register("201", bench.pbx.user("201")["AuthID"], bench.pbx.user("201")["AuthPassword"], mac=mac_of("201"))
    made = credentials("201", "260")
    declared = [{"number": "201", "mac": mac_of("201")}, {"number": "260"}]
    guard = {"addresses": ["192.0.2.10"]}
    bench.extend(declared, credentials=made, guard=guard, web_password="always", state="overridden")
    fresh = json.loads(made)["201"]
    bench.pbx.on_reprovision = lambda mac: bench.pbx.register("201", fresh["auth_id"], fresh["sip_password"], mac=mac)
    assert bench.reprovision("201", expected=["201"]).result["registered"] == ["201"]
    bench.run(reprovision.CORE, phones=[{"number": "202"}])


def test_the_module_runs_elsewhere_too(phone_system: Make) -> None:
    """As Ansible runs it on the host that the task is delegated to: in a process of its own."""
    pbx = phone_system().pbx
    device = {"host": pbx.host, "port": pbx.port, "user": pbx.client_id, "password": pbx.client_secret}
    made = credentials("201")
    given = {"extensions": [{"number": "201"}], "credentials": made, "tls_ca_file": str(pbx.ca_file), "device": device}
    environment = {**os.environ, "PYTHONPATH": str(COLLECTIONS), "_ANSIBLE_MODULE_PROFILE": "legacy"}
    module = "ansible_collections.voipsec.hardening.plugins.modules.threecx_extensions"
    run = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": given}),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert json.loads(run.stdout)["in_force"] == ["201"], run.stderr
    secrets = {*json.loads(made)["201"].values(), pbx.client_secret}
    assert not [secret for secret in secrets if secret in run.stdout + run.stderr]
