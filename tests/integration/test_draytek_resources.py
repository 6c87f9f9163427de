# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every resource and state of draytek_firewall against a simulated router."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from draytek_support import PASSWORD, PBX, PROVIDER_IN, STRANGER_IN, Bench

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device, HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.info import core as info
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from lab.drayos.fixtures import lived_in_state
from lab.drayos.state import DmzHost, OpenPort, PortMap

Make = Callable[..., Bench]
ALL_PEERS = "vs_all_peers"


EVERYTHING: dict[str, Any] = {
    "address_objects": [
        {"name": "vs_one", "network": "192.0.2.1"},
        {"name": "vs_range", "network": "192.0.2.16-192.0.2.31"},
        {"name": "vs_not_lan", "network": "192.168.0.0/16", "inverted": True},
        {"name": "vs_six", "network": "2001:db8:1::/48"},
    ],
    "address_groups": [
        {"name": "vs_four_group", "members": ["vs_one", "vs_range"]},
        {"name": "vs_six_group", "members": ["vs_six"]},
    ],
    "country_objects": [{"name": "vs_far_away", "countries": [222, 241]}],
    "service_objects": [
        {"name": "vs_sip", "ports": "5060-5061"},
        {"name": "vs_web", "ports": "443", "protocol": "tcp", "source_ports": ">1023"},
        {"name": "vs_not_dns", "ports": "!=53", "protocol": "udp"},
    ],
    "service_groups": [{"name": "vs_services", "members": ["vs_sip", "vs_web"]}],
    "rules": [
        {
            "comment": "vs_all_options",
            "action": "pass",
            "sources": "vs_four_group",
            "destinations": "vs_not_lan",
            "services": "vs_web",
            "source_interfaces": ["WAN1", "WAN2"],
            "destination_interfaces": ["LAN1", "RT", "VPN"],
            "fragments": "unfragmented",
            "log": False,
            "schedules": [3, 7],
            "clear_sessions": True,
        },
        {"comment": "vs_object", "action": "pass_if_no_further_match", "sources": "vs_one", "services": "vs_not_dns"},
        {"comment": "vs_country", "action": "block_if_no_further_match", "sources": "vs_far_away"},
        {"comment": "vs_v6", "action": "block", "sources": "vs_six_group", "services": "vs_services"},
        {"comment": "vs_branch", "action": "pass_if_no_further_match", "direction": "lan_to_wan", "branch": 2},
        {"comment": "vs_inside", "action": "block", "direction": "lan_to_lan", "destinations": "vs_range"},
        {"comment": "vs_off", "action": "block", "services": "vs_sip", "enabled": False},
        {"comment": "vs_block", "action": "block", "services": "vs_sip"},
    ],
    "general": {"strict": False, "large_fragments": False, "block_routing_v6": True, "block_routing_v4": False},
}


@pytest.mark.parametrize("style", ["index", "name"])
@pytest.mark.parametrize("profile", ["vigor2927", "vigor3912"])
def test_every_option_is_written_read_back_and_left_alone(bench: Make, profile: str, style: str) -> None:
    there = bench(profile, faults={"reference_style": style})
    assert there.run(config=EVERYTHING).changed
    second = there.run(config=EVERYTHING)
    assert not second.changed, second.result["steps"]
    state = there.router.state
    rule = state.sets[12].rules[1]
    assert (rule.fragments, rule.log, rule.schedule, rule.clear_sessions) == (1, 0, {"1": 3, "2": 7}, 1)
    assert "WAN3" in rule.incoming_off
    assert "WAN1" not in rule.incoming_off
    assert (state.general.strict, state.general.large_fragments, state.general.block_routing_v4) == (0, 0, 0)
    assert state.sets[12].rules[5].branch == 2
    assert state.sets[11].rules[1].comment == "vs_block", "the eighth rule stands in a second set"
    assert (state.sets[12].next_set, state.sets[11].next_set) == (11, 1)


@pytest.mark.parametrize("number", [0, 3, 7])
def test_one_changed_rule_exchanges_only_its_own_set(bench: Make, number: int) -> None:
    there = bench()
    there.run(config=EVERYTHING)
    config = copy.deepcopy(EVERYTHING)
    config["rules"][number]["log"] = not config["rules"][number].get("log", True)
    before = copy.deepcopy(there.router.state.sets)
    done = there.run(config=config)
    assert done.changed
    in_force = there.run(state="gathered", config=None).result["gathered"]["sets"]
    assert len(in_force) == 2
    kept = 11 if number < 7 else 12
    assert kept in in_force
    assert there.router.state.sets[kept].rules == before[kept].rules
    assert not there.run(config=config).changed


def test_forty_rules_in_six_sets(bench: Make) -> None:
    config = copy.deepcopy(EVERYTHING)
    config["rules"] = [
        {"comment": f"vs_p{n}", "action": "pass", "sources": "vs_four_group", "services": "vs_web"} for n in range(39)
    ] + [{"comment": "vs_block", "action": "block", "services": "vs_sip"}]
    there = bench()
    first = there.run(config=config)
    assert first.changed
    second = there.run(config=config)
    assert (second.changed, second.result["logins"]) == (False, 1)
    config["rules"][20]["log"] = False
    assert there.run(config=config).changed, "four sets are free, one is needed"
    for rule in config["rules"]:
        rule["log"] = False
    with pytest.raises(
        HardeningError, match="6 filter sets are needed to build the new rules in, and 4 of the router's"
    ):
        there.run(config=config)


def comments(there: Bench) -> list[str]:
    config = there.run(state="gathered", config=None).result["gathered"]["config"]
    return [rule["comment"] for rule in config["rules"]]


def test_merged_adds_and_keeps(bench: Make) -> None:
    there = bench()
    there.run()
    rules = [rule["comment"] for rule in there.config["rules"]]
    addition = {
        "address_objects": [{"name": "vs_leeds", "network": "192.0.2.77"}],
        "address_groups": [{"name": "vs_leeds_g", "members": ["vs_leeds"]}],
        "service_objects": [{"name": "vs_camera", "ports": "8080", "protocol": "tcp"}],
        "rules": [
            {"comment": "vs_cam", "action": "pass", "sources": "vs_leeds_g", "services": "vs_camera"},
            {"comment": "vs_nocam", "action": "block", "services": "vs_camera"},
        ],
    }
    assert there.run(config=addition, state="merged").changed
    assert comments(there) == [*rules[:3], "vs_cam", *rules[3:], "vs_nocam"]
    assert there.reached() == PROVIDER_IN
    assert not there.run(config=addition, state="merged").changed
    assert there.run().changed, "replaced takes them out again"
    assert [
        rule["comment"] for rule in there.run(state="gathered", config=None).result["gathered"]["config"]["rules"]
    ] == (rules)


def exposed(profile: str) -> Any:
    """A router with ways in that nobody declared."""
    state = lived_in_state(profile, PBX)
    state.open_ports[9] = {1: OpenPort(1, "their web", "192.168.1.20", 1, "TCP", 443, 443)}
    state.open_ports[8] = {1: OpenPort(1, "game", "192.168.1.21", 1, "UDP", 27015, 27015)}
    state.port_maps[3] = PortMap(1, "sip2", "UDP", 5062, 0, 0, "192.168.1.30", 5060)
    state.dmz[2] = {1: DmzHost(1, "192.168.1.40")}
    return state


UNKNOWN = [
    "redirection 3: udp 5062 to 192.168.1.30",
    "open port 9.1 (their web): tcp 443 to 192.168.1.20",
    "DMZ 2.1: all 1-65535 to 192.168.1.40",
]


def test_ways_in_that_nobody_declared_are_told_and_left(bench: Make) -> None:
    there = bench(state=exposed)
    result = there.run().result
    assert sorted(result["unknown_exposures"]) == sorted(UNKNOWN)
    assert len([warning for warning in there.warnings if "STILL OPEN to the internet" in warning]) == 3
    assert any("game" in label for label in result["exposures"])
    assert there.router.state.open_ports[9][1].enabled
    assert not there.run().changed


def test_overridden_switches_them_off_and_ends_the_filter_behind_our_rules(bench: Make) -> None:
    there = bench(state=exposed)
    done = there.run(state="overridden")
    assert done.result["unknown_exposures"] == []
    state = there.router.state
    assert (state.open_ports[9][1].enabled, state.port_maps[3].enabled, state.dmz[2][1].enabled) == (0, 0, 0)
    assert state.open_ports[8][1].enabled, "not a watched port"
    assert state.open_ports[1][1].enabled, "the PBX's own way in is declared"
    assert state.sets[12].next_set == 0
    assert there.reached() == PROVIDER_IN
    assert not there.run(state="overridden").changed


def test_known_ways_in_are_not_told(bench: Make) -> None:
    there = bench(state=exposed)
    there.config["nat"]["known"] = [{"address": "192.168.1.20", "ports": "443"}]
    assert not any("443" in label for label in there.run().result["unknown_exposures"])


def test_sip_is_closed_twice_where_the_model_can(bench: Make) -> None:
    there = bench("vigor3912")
    there.run()
    for entry in there.router.state.open_ports[1].values():
        if entry.start in (5060, 5061):
            assert entry.source_is_group
            group = there.router.state.ip_groups[entry.source_index]
            assert group.name == ALL_PEERS
            assert entry.comment == f"PBX_vs{entry.source_index}"
    there.type("ipf set -d 2")  # somebody takes our rules out of the filter
    assert there.reached() == {*PROVIDER_IN, "provider udp/10000"}, "the open port's own limit keeps strangers out"


def test_a_peer_that_moves_takes_the_open_port_with_it(bench: Make) -> None:
    there = bench("vigor3912")
    there.run()
    there.config["address_objects"][0]["network"] = "203.0.113.0/27"
    assert there.run().changed
    (entry, *_rest) = there.router.state.open_ports[1].values()
    members = there.router.state.ip_groups[entry.source_index].members
    assert "203.0.113.31" in {there.router.state.ip_objects[index].end for index in members}
    assert not there.run().changed


def test_what_the_model_cannot_do_is_said(bench: Make) -> None:
    unsupported = bench().run().result["unsupported"]
    assert any("is documented for the Vigor2927, so only the filter rules" in line for line in unsupported)


def test_deleted_leaves_open_ports_limited_because_nobody_knows_what_was_before(bench: Make) -> None:
    there = bench("vigor3912")
    there.run()
    done = there.run(state="deleted")
    assert done.changed
    assert "still limited to the declared peers: open port 1.1 (PBX)" in done.result["notes"][0]
    (entry, *_rest) = there.router.state.open_ports[1].values()
    assert there.router.state.ip_groups[entry.source_index].name == ALL_PEERS
    assert not STRANGER_IN & there.reached()
    assert not there.run(state="deleted").changed


def test_dos_defence_is_set_once_and_again_when_it_is_lost(bench: Make) -> None:
    there = bench()
    there.run()
    dos = there.router.state.dos
    assert (dos.active, dos.floods["udpflood"], dos.passing) == (1, [2000, 10], ["192.0.2.10"])
    assert "land" in dos.attacks
    assert not there.run().changed
    assert there.run(write_only="always").changed
    there.config["dos"]["udp_flood"]["threshold"] = 5000
    assert there.run().changed
    assert there.router.state.dos.floods["udpflood"] == [5000, 10]


def test_a_restart_without_a_save_takes_the_dos_settings_and_their_mark_away(bench: Make) -> None:
    there = bench(faults={"fail_commit": True})
    there.run()
    there.router.faults.update({"fail_commit": False})
    there.type("sys reboot")
    assert not there.router.state.dos.active
    assert there.run().changed
    assert there.router.state.dos.active


def test_sip_alg_is_switched_off(bench: Make) -> None:
    there = bench()
    there.type("sys sip_alg -e 1")
    assert "switch SIP ALG off" in there.run().result["steps"]
    assert "switch SIP ALG off" not in there.run().result["steps"]


def test_a_captured_terminal_is_read_without_a_router(bench: Make, tmp_path: Path) -> None:
    there = bench()
    there.run()
    gathered = there.run(state="gathered", config=None).result["gathered"]
    transcript = ""

    def capture(command: str) -> str:
        nonlocal transcript
        lines = there.router._in_loop(lambda: there.router.device.execute(command)).lines
        transcript += f"DrayTek> {command}\r\n" + "".join(f"{line}\r\n" for line in lines)
        return "\n".join(lines)

    from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import VIGOR_2927
    from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import gather

    gather(capture, VIGOR_2927, None)
    there.router.stop()
    parsed = there.run(state="parsed", config=None, running_config=transcript).result["parsed"]
    assert parsed["config"] == gathered["config"]
    assert parsed["sets"] == gathered["sets"]


def test_a_text_without_the_general_setup_is_refused(bench: Make) -> None:
    with pytest.raises(HardeningError, match="running_config: no answer to 'ipf set -v' is in it"):
        bench().run(state="parsed", config=None, running_config="DrayTek> sys version\n")


def test_without_the_backup_that_was_asked_for_nothing_is_written(bench: Make, tmp_path: Path) -> None:
    there = bench()
    with pytest.raises(HardeningError, match="backup_file: .* only be written on the controller.*Nothing was written"):
        there.run(backup_file=str(tmp_path / "before.vault.txt"))
    assert there.router.counters.writes == 0


@pytest.mark.parametrize("profile", ["vigor2927", "vigor3912"])
def test_info_reads_everything_and_writes_nothing(bench: Make, profile: str) -> None:
    there = bench(profile)
    there.run()
    there.router.faults.update({"read_only": True})
    context = RunContext(
        False, Masker(), there.warnings.append, Device(there.router.host, there.router.port, "admin", PASSWORD)
    )
    subsets = ["state", "interfaces", "firewall", "nat", "system"]
    params = {"gather_subset": subsets, "known_hosts_file": str(there.known_hosts), "timeout": 5, "device": None}
    found = info.run(params, context).result
    there.router.assert_clean()
    assert found["firewall"]["sets"] == [12]
    assert any("5060" in label for label in found["nat"]["exposures"])
    assert found["system"]["management_networks"] == []
    assert found["interfaces"][0]["addresses"] == ["192.168.1.1/24"]
    assert found["logins"] == 1
