# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else edits the router meanwhile, or it restarts: it is noticed, planned once more, or given up clean."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from draytek_support import PROVIDER_IN, STRANGER_IN, Bench

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

Make = Callable[..., Bench]


EDITS = {
    "another start set": ("^ipf set 12 -m", ["ipf set -d 2"]),
    "our slot taken": ("^object ip obj 192 -n", ["object ip obj 192 -n theirs", "object ip obj 192 -a 1 192.0.2.200"]),
    "our object changed after it was made": ("^ipf rule 12 1 -D", ["object ip obj 192 -a 1 192.0.2.200"]),
    "our group changed after it was made": ("^ipf rule 12 1 -D", ['object ip grp 32 -a "1 7"']),
    "a rule switched off before it is in force": ("^ipf set -d 12", ["ipf rule 12 4 -e 0"]),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_between_reading_and_writing_is_planned_again(bench: Make, name: str) -> None:
    where, lines = EDITS[name]
    there = bench(faults={"edit_on": where, "edit_lines": lines})
    assert there.run().changed
    assert [entry for entry in there.router.log if entry["event"] == "edited by somebody else"]
    assert there.reached() == PROVIDER_IN
    assert there.router.flash_snapshot() == there.router.snapshot()
    assert not there.run().changed


def test_what_somebody_put_first_meanwhile_is_not_lost(bench: Make) -> None:
    """Their new start set still decides, behind our rules."""
    there = bench(faults={"edit_on": "^ipf rule 12 4", "edit_lines": ["ipf set 5 -m theirs", "ipf set -d 5"]})
    assert there.run().changed
    state = there.router.state
    assert (state.general.start_set, state.sets[12].next_set) == (12, 5)


def test_somebody_who_goes_on_editing_makes_the_run_fail_clean(bench: Make) -> None:
    there = bench(faults={"edit_on": "^ipf set -v", "edit_times": 99, "edit_lines": ["ipf set -d 2"]})
    with pytest.raises(HardeningError, match="does not show the result.*Everything was taken back"):
        there.run()
    assert there.reached() >= STRANGER_IN
    assert there.router.state.general.start_set == 2, "as they left it"
    assert there.router.counters.commits == 0


def test_the_restart_timer_brings_back_what_was_when_the_line_is_cut(bench: Make) -> None:
    there = bench(faults={"management_cut_on": r"^ipf set -d 12"})
    before = there.router.flash_snapshot()
    with pytest.raises(HardeningError, match="Nothing was saved"):
        there.run(confirm_with_reboot_timer=True)
    there.router.pass_hours(1)
    assert there.router.counters.reboots == 1
    assert there.router.snapshot() == before
    there.router.faults.update({"management_cut_on": ""})
    assert there.run(confirm_with_reboot_timer=True).changed


def test_the_restart_timer_is_cancelled_when_all_went_well_and_when_it_did_not(bench: Make) -> None:
    there = bench()
    assert there.run(confirm_with_reboot_timer=True).changed
    there.config["address_objects"][0]["network"] = "203.0.113.0/27"
    there.router.faults.update({"corrupt_writes_matching": r"^object ip obj \d+ -a"})
    with pytest.raises(HardeningError, match="Everything was taken back"):
        there.run(confirm_with_reboot_timer=True)
    there.router.pass_hours(24)
    assert there.router.counters.reboots == 0


@pytest.mark.parametrize("keeps", [False, True])
def test_a_restart_in_the_middle_is_continued_whatever_the_router_forgets(bench: Make, keeps: bool) -> None:
    for number in range(20, 100, 16):
        there = bench(faults={"reboot_after_command": number, "restart_keeps_memory": keeps})
        with pytest.raises(HardeningError, match="the device ended the session"):
            there.run()
        assert there.reached() >= PROVIDER_IN
        there.router.faults.update({"reboot_after_command": 0})
        there.run()
        assert there.reached() == PROVIDER_IN
        assert there.router.flash_snapshot() == there.router.snapshot()
        there.router.stop()


def test_flows_are_refreshed_when_the_door_closes_and_not_later(bench: Make) -> None:
    there = bench()
    assert there.run().result["commands"][-1] == "ipf flowtrack set -r"
    assert there.router.device.flow_refreshes == 1
    there.config["address_objects"][0]["network"] = "203.0.113.0/27"
    assert there.run().changed
    assert there.router.device.flow_refreshes == 1
    there.config["address_objects"][0]["network"] = "203.0.113.0/28"
    assert there.run(refresh_flows="always").changed
    assert there.router.device.flow_refreshes == 2


def test_a_declared_door_that_does_not_answer_takes_everything_back(bench: Make) -> None:
    there = bench()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        good = {"host": "127.0.0.1", "port": port, "transport": "tcp_connect", "expect": "answered"}
        bad = {**good, "expect": "silent"}
        with pytest.raises(HardeningError, match="proof_targets are not as expected: 127.0.0.1 tcp .*taken back"):
            there.run(proof_targets=[good, bad])
        assert there.reached() >= STRANGER_IN
        assert there.router.counters.commits == 0
        assert there.run(proof_targets=[good]).changed
    assert there.reached() == PROVIDER_IN


def test_silence_without_a_door_that_answers_is_no_proof(bench: Make) -> None:
    there = bench()
    silent = {"host": "127.0.0.1", "port": 5060, "transport": "udp", "expect": "silent"}
    with pytest.raises(HardeningError, match="proof_targets: .*expect: answered"):
        there.run(proof_targets=[silent])
    assert there.router.counters.writes == 0
