# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""draytek_firewall's promises, against a simulated router with faults."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from draytek_support import PASSWORD, PROVIDER_IN, STRANGER_IN, Bench, declaration, net

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device, HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import VIGOR_2927
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.planner import plan_firewall
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import wanted_from
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import Session
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.transaction import apply
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import RemoteSite, TrunkProvider
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router
from lab.drayos.fixtures import factory_state, lived_in_state

Make = Callable[..., Bench]


@pytest.mark.parametrize("profile", ["vigor2927", "vigor3912", "vigor2862"])
@pytest.mark.parametrize("style", ["index", "name", "expanded"])
def test_strangers_lose_sip_and_providers_keep_it(bench: Make, profile: str, style: str) -> None:
    there = bench(profile, faults={"reference_style": style})
    assert there.reached() >= STRANGER_IN
    first = there.run()
    assert first.changed
    assert there.reached() == PROVIDER_IN
    assert there.router.flash_snapshot() == there.router.snapshot(), "saved, so that a restart keeps it"
    there.router.reset_counters()
    second = there.run()
    assert not second.changed
    assert second.result["commands"] == []
    assert (there.router.counters.logins, there.router.counters.writes, there.router.counters.commits) == (1, 0, 0)


def test_a_changing_run_logs_in_twice_and_no_more(bench: Make) -> None:
    there = bench()
    assert there.run().result["logins"] == there.router.counters.logins == 2


def test_others_objects_rules_and_sets_stay_as_they_are(bench: Make) -> None:
    there = bench()
    before = there.router.state.copy()
    there.run()
    after = there.router.state
    for kind in ("ip_objects", "ip_groups", "service_objects", "service_groups"):
        for index, profile in getattr(before, kind).items():
            if profile.name:
                assert getattr(after, kind)[index] == profile, f"{kind} {index}"
    for number, filter_set in before.sets.items():
        if number != 12:
            assert after.sets[number] == filter_set


def test_check_mode_writes_nothing_and_shows_the_exact_commands(bench: Make) -> None:
    there = bench(faults={"read_only": True})
    before = there.router.snapshot()
    planned = there.run(check_mode=True)
    there.router.assert_clean()
    assert planned.changed
    assert there.router.snapshot() == before
    there.router.faults.update({"read_only": False})
    done = there.run()
    assert done.result["commands"] == planned.result["commands"]
    assert done.diff == planned.diff
    sent = [entry["text"] for entry in there.router.log if entry["event"] == "command" and entry["class"] != "read"]
    assert [command for command in sent if command != "exit"] == planned.result["commands"]


def _length_of_first_run(there: Bench) -> int:
    there.run()
    return int(there.router.counters.commands)


@pytest.mark.parametrize("when", ["drop_after_command", "drop_before_command"])
def test_killed_at_any_command_the_next_run_converges(bench: Make, when: str) -> None:
    """The line breaks at each command in turn. Never was SIP open again once closed, nor management cut."""
    reference = bench()
    length = _length_of_first_run(reference)
    wanted = reference.router.snapshot()
    assert length > 90
    step = 4 if when == "drop_after_command" else 11  # tests/safety looks at every single one
    for number in range(1, length + 1, step):
        there = bench(faults={when: number})
        try:
            there.run()
        except HardeningError as error:
            assert "the device ended the session" in error.message  # noqa: PT017
        there.router.faults.update({when: 0})
        again = there.run()
        assert there.router.snapshot() == wanted, f"after a break at command {number}"
        _assert_saved(there, number)
        if number % 10 == 0:
            assert not there.run().changed
        _assert_never_open_again(there, number)
        assert again.result["posture"]["after"]["closed"]
        there.router.stop()


def _assert_saved(there: Bench, number: int) -> None:
    """All that protects is in flash. At most our first set's comment there still says "not yet saved": harmless."""
    saved, running = there.router.flash_snapshot(), there.router.snapshot()
    start = str(running["general"]["start_set"])
    assert saved["sets"][start].pop("comment") in ("voipsec", "voipsec_dirty")
    running["sets"][start].pop("comment")
    assert saved == running, f"not saved after a break at command {number}"


def _assert_never_open_again(there: Bench, number: int) -> None:
    closed = False
    for posture in there.router.postures:
        strangers = {label for label in posture.reached() if label.startswith("stranger")}
        assert not (closed and strangers), f"open again at {posture.command!r} after a break at command {number}"
        closed = closed or not strangers
        assert posture.reached() >= PROVIDER_IN, f"provider cut at {posture.command!r}"
        assert not posture.management_blocked()
        assert not posture.dangling, posture.dangling
    assert closed


def _with(**changes: Any) -> dict[str, Any]:
    return compile_router(declaration(**changes))


GAMMA = declaration().trunk_providers[0]
LATER: dict[str, dict[str, Any]] = {
    "provider added": _with(
        trunk_providers=(GAMMA, TrunkProvider("voip-unlimited", (net("198.51.100.192/28"),), (), (5060,)))
    ),
    "provider moved": _with(trunk_providers=(dataclasses.replace(GAMMA, signalling=(net("203.0.113.8/29"),)),)),
    "site gone": _with(remote_sites=()),
    "sites changed": _with(
        remote_sites=(RemoteSite("leeds", net("192.0.2.77")), RemoteSite("york", net("192.0.2.78")))
    ),
    "port added": _with(pbx=dataclasses.replace(declaration().pbx, sip_ports=(5060, 5061, 5080))),
    "media closed": _with(trunk_providers=(dataclasses.replace(GAMMA, media=()),), remote_sites=()),
}


@pytest.mark.parametrize("name", LATER)
def test_a_later_change_never_opens_sip_and_never_cuts_the_provider(bench: Make, name: str) -> None:
    there = bench()
    there.run()
    there.router.reset_counters()
    there.config = LATER[name]
    assert there.run().changed
    for posture in there.router.postures:
        assert not {label for label in posture.reached() if label.startswith("stranger")}, posture.command
        assert posture.reached() >= PROVIDER_IN, posture.command
        assert not posture.dangling, posture.command
    assert not there.run().changed


def test_killed_in_the_middle_of_a_later_change(bench: Make) -> None:
    for number in range(1, 40, 3):
        there = bench()
        there.run()
        there.config = LATER["sites changed"]
        there.router.faults.update({"drop_after_command": int(there.router.device.life_commands) + number})
        try:
            there.run()
        except HardeningError:
            there.router.faults.update({"drop_after_command": 0})
            there.run()
        assert not there.run().changed
        _assert_saved(there, number)
        _assert_never_open_again(there, number)
        there.router.stop()


DRIFT = {
    "somebody let in": 'object ip grp 32 -a "192 1"',
    "block rule off": "ipf rule 12 4 -e 0",
    "block rule for one interface": 'ipf rule 12 4 -I "d all" -I "e WAN1"',
    "block rule passes": 'ipf rule 12 4 -F "0 1"',
    "block rule not logged": 'ipf rule 12 4 -F "1 0"',
    "block rule by schedule": 'ipf rule 12 4 -t "i 1 3"',
    "block service changed": "object service obj 96 -d 0 5070 5070",
    "block service udp only": "object service obj 96 -p 17",
    "address changed": "object ip obj 192 -a 3 203.0.113.0 203.0.113.255",
    "address inverted": "object ip obj 192 -s 1",
    "address by hardware": "object ip obj 192 -a 4 00:11:22:33:44:55",
    "another set first": "ipf set -d 2",
    "filter off": "ipf set -d 0",
    "an allow rule added": 'ipf rule 12 4 -D 1 -S "g 29" -F "0 1" -M mine -e 1',
}


@pytest.mark.parametrize("style", ["index", "expanded"])
@pytest.mark.parametrize("name", DRIFT)
def test_a_hand_edit_is_found_and_put_right(bench: Make, name: str, style: str) -> None:
    there = bench(faults={"reference_style": style})
    there.run()
    expected = there.reached()
    there.type(DRIFT[name])
    changed = there.run()
    assert changed.changed
    assert there.reached() == expected
    assert not there.run().changed


@pytest.mark.parametrize(
    "fault",
    [
        {"ignore_writes_matching": r"^ipf rule \d+ 4"},
        {"ignore_writes_matching": r"^object ip grp"},
        {"corrupt_writes_matching": r"^object service obj \d+ -d"},
        {"ignore_writes_matching": r"^ipf set -d"},
        {"silent_errors": True, "ignore_writes_matching": r"^object ip obj \d+ -a"},
    ],
)
def test_a_router_that_does_not_do_as_told_ends_as_it_was(bench: Make, fault: dict[str, Any]) -> None:
    there = bench(faults=fault)
    before = there.reached()
    start = there.router.state.general.start_set
    with pytest.raises(HardeningError, match="does not show the result.*Everything was taken back"):
        there.run()
    assert there.reached() == before
    assert there.router.state.general.start_set == start
    assert there.router.counters.commits == 0


def test_an_unforeseen_failure_is_taken_back_too(bench: Make) -> None:
    there = bench()
    before, start = there.reached(), there.router.state.general.start_set
    device = Device(there.router.host, there.router.port, "admin", PASSWORD)

    def login() -> Session:
        return Session(device, str(there.known_hosts), timeout=5)

    def fails(_session: Session) -> list[str]:
        raise KeyError("a defect of ours")

    with login() as session:
        wanted = wanted_from(there.config)
        _have, plan = plan_firewall(session.run, VIGOR_2927, wanted)
        with pytest.raises(HardeningError, match="unforeseen failure.*Everything was taken back"):
            apply(plan, session, login, fails)
    assert (there.reached(), there.router.state.general.start_set) == (before, start)
    assert there.router.counters.commits == 0


def test_a_failed_later_change_keeps_what_was_in_force(bench: Make) -> None:
    there = bench()
    there.run()
    flash = there.router.flash_snapshot()
    there.config = LATER["provider moved"]
    there.router.faults.update({"corrupt_writes_matching": r"^object ip obj \d+ -a"})
    with pytest.raises(HardeningError, match="does not show the result"):
        there.run()
    there.router.faults.update({"corrupt_writes_matching": ""})
    assert there.router.flash_snapshot() == flash
    assert not {label for label in there.reached() if label.startswith("stranger")}
    assert there.run().changed


def test_a_firmware_that_adds_to_groups_lets_nobody_stay(bench: Make) -> None:
    """A list that only grows is never shortened: a group with fewer members is made anew."""
    there = bench()
    there.run()
    there.router.faults.update({"group_add": "add"})
    there.config = LATER["site gone"]
    assert there.run().changed
    assert there.reached() == PROVIDER_IN
    assert not there.run().changed


def test_when_the_management_line_is_cut_the_change_is_taken_back(bench: Make) -> None:
    there = bench()
    before = there.reached()

    there.router.faults.update({"stop_listening_on": r"^ipf set -d 12"})
    with pytest.raises(
        HardeningError, match="a fresh login was tried before saving, and failed.*Everything was taken back"
    ):
        there.run()
    assert there.reached() == before
    assert there.router.counters.commits == 0


@pytest.mark.parametrize("fault", ["refuse_second_login", "second_login_ends_first"])
def test_routers_that_allow_one_session_only(bench: Make, fault: str) -> None:
    there = bench(faults={fault: True})
    assert there.run().changed
    assert there.reached() == PROVIDER_IN
    assert there.router.flash_snapshot() == there.router.snapshot()
    assert not there.run().changed


def test_when_no_login_works_any_more_nothing_is_saved_and_a_restart_brings_it_back(bench: Make) -> None:
    there = bench(faults={"login_fails_after_write": True})
    flash = there.router.flash_snapshot()
    with pytest.raises(HardeningError, match="a restart of the router restores the saved configuration"):
        there.run()
    assert there.router.flash_snapshot() == flash


@pytest.mark.parametrize(
    "fault",
    [
        {"prompt_colour": True},
        {"new_prompt": "branch-office> ", "new_prompt_after_command": 20},
        {"group_listing": "short"},
        {"confirmations": False},
        {"page_lines": 10},
        {"slow_reply": 0.01},
    ],
)
def test_ways_of_talking_that_differ(bench: Make, fault: dict[str, Any]) -> None:
    there = bench(faults=fault)
    assert there.run().changed
    assert there.reached() == PROVIDER_IN
    assert not there.run().changed


@pytest.mark.parametrize(
    ("profile", "words"),
    [("vigor2928", "DrayOS 5"), ("vigor3900", "Linux-based|did not answer")],
)
def test_other_products_are_refused_before_anything_is_written(bench: Make, profile: str, words: str) -> None:
    there = bench(profile, state=factory_state)
    with pytest.raises(HardeningError, match=words):
        there.run()
    assert there.router.counters.writes == 0


def test_an_old_ssh_is_named_with_its_remedy(bench: Make) -> None:
    there = bench("old_ssh", state=factory_state)
    with pytest.raises(HardeningError, match=r"old SSH key exchange.*netmiko\[par4\]"):
        there.run()


def test_an_unknown_host_key_is_not_logged_in_to(bench: Make) -> None:
    there = bench()
    there.known_hosts.write_text("")
    with pytest.raises(HardeningError, match="no SSH host key in .*Enrol the router"):
        there.run()
    assert there.router.counters.logins == 0


def test_another_host_key_is_not_logged_in_to(bench: Make) -> None:
    there, other = bench(), bench()
    key = other.router.known_hosts_line.split(" ", 1)[1]
    there.known_hosts.write_text(f"{there.router.known_hosts_line.split(' ', maxsplit=1)[0]} {key}\n")
    with pytest.raises(HardeningError, match="another SSH host key"):
        there.run()
    assert (there.router.counters.logins, there.router.counters.failed_logins) == (0, 0)


def test_a_wrong_password_names_the_variables_and_not_the_password(bench: Make) -> None:
    there = bench()
    with pytest.raises(HardeningError, match="ansible_user and ansible_password") as error:
        there.run(password="canary-password-9")
    assert "canary" not in str(error.value)


def test_a_router_that_cannot_be_reached(bench: Make) -> None:
    there = bench()
    there.router.stop()
    with pytest.raises(HardeningError, match="cannot be reached"):
        there.run()


def test_a_firewall_that_would_block_management_is_refused_before_login(bench: Make) -> None:
    there = bench()
    port = there.router.port
    there.config = _with(pbx=dataclasses.replace(declaration().pbx, sip_ports=(5060, 5061, port)))
    with pytest.raises(HardeningError, match=f"ansible_port: {port} is the router's management port"):
        there.run()
    assert there.router.counters.logins == 0


def test_full_tables_name_what_is_missing(bench: Make) -> None:
    def full(profile: str) -> Any:
        state = lived_in_state(profile)
        for index in range(1, 33):
            group = copy.deepcopy(state.ip_groups.get(index) or next(iter(state.ip_groups.values())))
            group.name, group.members = f"theirs{index}", [1]
            state.ip_groups[index] = group
        return state

    there = bench(state=full)
    with pytest.raises(
        HardeningError,
        match=r"4 IP groups are needed \(vs_peers_1, .*\) and 0 of the router's 32 are free. "
        r"Existing ones occupy 32: 1 theirs1, .*Delete 4 of them",
    ):
        there.run()
    assert there.router.counters.writes == 0


def test_deleted_restores_the_filter_and_a_second_time_does_nothing(bench: Make) -> None:
    there = bench()
    before = there.reached()
    start = there.router.state.general.start_set
    there.run()
    assert there.run(state="deleted").changed
    assert there.reached() == before
    assert there.router.state.general.start_set == start
    assert not there.run(state="deleted").changed
    assert there.run().changed
    assert there.reached() == PROVIDER_IN


def test_gathered_reads_only_and_needs_no_config(bench: Make) -> None:
    there = bench()
    there.run()
    there.router.faults.update({"read_only": True})
    gathered = there.run(state="gathered", config=None).result["gathered"]
    there.router.assert_clean()
    assert (gathered["start_set"], gathered["sets"], gathered["next_set"], gathered["saved"]) == (12, [12], 1, True)
    assert {"name": "vs_peers_2", "members": ["vs_ipswich_1"]} in gathered["config"]["address_groups"]
    assert gathered["config"]["rules"][3]["action"] == "block"
    assert not there.run(config=gathered["config"], check_mode=True).result["steps"], "what was gathered can be used"


def test_a_set_that_leads_back_to_ours_is_refused(bench: Make) -> None:
    """Putting ours first again would make a loop of sets."""
    there = bench()
    there.run()
    for command in ("ipf set 5 -n 12", "ipf set 2 -n 5", "ipf set -d 2"):
        there.type(command)
    with pytest.raises(HardeningError, match="filter set 5 leads to set 12"):
        there.run()


def test_a_config_without_a_block_rule_is_refused(bench: Make) -> None:
    there = bench()
    there.run()
    without = [rule for rule in there.config["rules"] if rule["comment"] != "vs_block"]
    for config in ({}, {**there.config, "rules": without}):
        with pytest.raises(HardeningError, match="no block rule without sources.*state: deleted"):
            there.run(config=config)
    assert there.reached() == PROVIDER_IN


def test_rendered_needs_no_router(bench: Make) -> None:
    there = bench()
    rendered = there.run(state="rendered").result["rendered"]
    assert rendered[-1] == "sys commit"
    assert there.router.counters.logins == 0
