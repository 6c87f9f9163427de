# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall that would be wrong or unsafe is refused, with everything that is wrong with it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import check_management, wanted_from

GOOD: dict[str, Any] = {
    "address_objects": [{"name": "vs_gamma_1", "network": "203.0.113.0/26"}],
    "address_groups": [{"name": "vs_peers_1", "members": ["vs_gamma_1"]}],
    "service_objects": [{"name": "vs_sip_5060", "ports": "5060"}, {"name": "vs_rtp", "ports": "9000-10999"}],
    "service_groups": [{"name": "vs_svc_1", "members": ["vs_sip_5060"]}, {"name": "vs_block", "members": ["vs_rtp"]}],
    "rules": [
        {"comment": "vs_allow_1", "action": "pass", "sources": "vs_peers_1", "services": "vs_svc_1"},
        {"comment": "vs_block", "action": "block", "services": "vs_block"},
    ],
}


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    config = copy.deepcopy(GOOD)
    target: Any = config
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return config


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ["address_objects", 0, "network"],
            "203.0.113.5/26",
            "config.address_objects[0].network: '203.0.113.5/26' is not an",
        ),
        (
            ["address_objects", 0, "network"],
            "2001:db8::5/32",
            "config.address_objects[0].network: '2001:db8::5/32' is not an",
        ),
        (["address_objects", 0, "name"], "gamma", "must begin with 'vs_'"),
        (["address_objects", 0, "name"], "vs_a_name_too_long", "at most 14 characters"),
        (["address_objects", 0, "name"], "vs_x; reboot", "only letters, digits and _"),
        (["address_objects", 0, "name"], "vs_x\n", "only letters, digits and _"),
        (["service_objects", 0, "ports"], "70000", "is not a port or a range from 1 to 65535"),
        (["service_objects", 0, "ports"], "6000-5000", "is not a port or a range"),
        (["address_groups", 0, "members"], [], "an empty group may mean anyone"),
        (["address_groups", 0, "members"], ["vs_nobody"], "'vs_nobody' is not a declared object"),
        (["rules", 0, "sources"], None, "would open the ports to everyone"),
        (["rules", 0, "sources"], "vs_other", "'vs_other' is not one of vs_gamma_1, vs_peers_1"),
        (["rules", 1, "services"], "vs_other", "'vs_other' is not one of vs_block, vs_rtp, vs_sip_5060, vs_svc_1"),
        (["rules", 1, "comment"], "vs_allow_1", "config.rules: vs_allow_1 is declared twice"),
        (["rules", 1, "branch"], 13, "13 is not a filter set from 1 to 12"),
        (["rules", 1, "schedules"], [1, 16], "[1, 16] must be at most four numbers from 1 to 15"),
        (["rules", 1, "source_interfaces"], ["eth0"], "'eth0' is not LAN1, LAN2 ..., WAN1, WAN2 ..., RT or VPN"),
        (["rules"], [GOOD["rules"][1]] * 85, "85 rules; the router has room for 84 in 12 filter sets"),
        (["address_objects", 0, "name"], "vs_mgmt_1", "begins like a name that the collection gives itself"),
        (["address_objects", 0, "network"], "192.0.2.9-192.0.2.1", "is not an address, network or range"),
        (["service_objects", 0, "ports"], ">5060-5070", "is not a port or a range"),
        (["service_objects", 0, "source_ports"], "x", "config.service_objects[0].source_ports: 'x' is not a port"),
        (["country_objects"], [{"name": "vs_c", "countries": [0]}], "must be the router's own numbers, from 1 to 255"),
        (["general"], {"default_action": "block"}, "would cut off the LAN, and the router's management"),
        (["nat"], {"address": "pbx", "ports": ["5060"]}, "config.nat.address: 'pbx' is not an IPv4 address"),
        (["nat"], {"sources": "vs_gamma_1"}, "config.nat.sources: 'vs_gamma_1' is not one of config.address_groups"),
        (["nat"], {"watched": ["443-22"]}, "config.nat.watched: '443-22' is not a port or a range"),
        (["dos"], {"udp_flood": {"threshold": 20, "timeout": 5}}, "takes at least 21 packets a second and 6 seconds"),
        (
            ["dos"],
            {"concurrent_calls": 12, "udp_flood": {"threshold": 1559, "timeout": 10}},
            "1559 packets a second would cut speech; 12 calls need at least 1560",
        ),
        (["dos"], {"allow": ["203.0.113.0/24"]}, "'203.0.113.0/24' is not a single IPv4 address"),
        (["dos"], {"allow": ["192.0.2.1"], "block": ["192.0.2.1"]}, "192.0.2.1 is in config.dos.allow too"),
    ],
)
def test_bad_values_are_named(path: list[Any], value: Any, message: str) -> None:
    with pytest.raises(HardeningError) as error:
        wanted_from(changed(path, value))
    assert message in error.value.message


def test_all_problems_are_told_at_once() -> None:
    config = changed(["service_objects", 0, "ports"], "x")
    config["address_objects"][0]["network"] = "y"
    with pytest.raises(HardeningError) as error:
        wanted_from(config)
    assert len(error.value.message.splitlines()) == 2


def test_ipv4_and_ipv6_do_not_mix_in_a_group() -> None:
    config = changed(["address_objects"], [*GOOD["address_objects"], {"name": "vs_six", "network": "2001:db8::/32"}])
    config["address_groups"][0]["members"].append("vs_six")
    with pytest.raises(HardeningError, match=r"config.address_groups \(vs_peers_1\): IPv4 and IPv6 addresses in one"):
        wanted_from(config)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("5060", ("=", 5060, 5060)),
        ("!=22-23", ("!=", 22, 23)),
        (">1023", (">", 1023, 1023)),
        ("<1024", ("<", 1024, 1024)),
    ],
)
def test_ports_in_every_form(text: str, parsed: tuple[str, int, int]) -> None:
    service = wanted_from(changed(["service_objects", 0, "ports"], text)).services[0]
    assert (service.destination_check, service.first, service.last) == parsed


@pytest.mark.parametrize("direction", ["lan_to_lan", "lan_to_wan"])
def test_nothing_inside_is_cut_off_from_the_routers_management(direction: str) -> None:
    rule = {"comment": "vs_quiet", "action": "block", "direction": direction}
    wanted = wanted_from(changed(["rules"], [*GOOD["rules"], rule]))
    with pytest.raises(HardeningError, match=r"config.rules \(vs_quiet\): blocks TCP port 22"):
        check_management(wanted, 22)
    check_management(wanted_from(changed(["rules"], [*GOOD["rules"], {**rule, "services": "vs_rtp"}])), 22)


def test_a_default_block_with_a_way_out_is_accepted() -> None:
    out = {"comment": "vs_out", "action": "pass", "direction": "lan_to_wan"}
    config = changed(["rules"], [out, *GOOD["rules"]])
    config["general"] = {"default_action": "block"}
    assert wanted_from(config).general == {"default_action": "block"}


@pytest.mark.parametrize(("port", "refused"), [(22, False), (9000, True), (10500, True), (5060, False)])
def test_management_is_never_blocked(port: int, refused: bool) -> None:
    wanted = wanted_from(GOOD)
    if refused:
        with pytest.raises(HardeningError, match=f"ansible_port: {port} is the router's management port"):
            check_management(wanted, port)
    else:
        check_management(wanted, port)
