# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall that would be wrong or unsafe is refused, with everything that is wrong with it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.wanted import check_management, wanted_from

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


def test_the_block_rule_stands_in_the_last_slot() -> None:
    assert [(rule.slot, rule.action) for rule in wanted_from(GOOD).rules] == [(1, "pass"), (7, "block")]


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
            "2001:db8::/32",
            "config.address_objects[0].network: '2001:db8::/32' is not an",
        ),
        (["address_objects", 0, "name"], "gamma", "must begin with 'vs_'"),
        (["address_objects", 0, "name"], "vs_a_name_too_long", "at most 14 characters"),
        (["address_objects", 0, "name"], "vs_x; reboot", "only letters, digits and _"),
        (["service_objects", 0, "ports"], "70000", "is not a port or a range from 1 to 65535"),
        (["service_objects", 0, "ports"], "6000-5000", "is not a port or a range"),
        (["address_groups", 0, "members"], [], "an empty group may mean anybody"),
        (["address_groups", 0, "members"], ["vs_nobody"], "'vs_nobody' is not a declared object"),
        (["rules", 0, "sources"], None, "would open the ports to everybody"),
        (["rules", 0, "sources"], "vs_other", "'vs_other' is not one of config.address_groups"),
        (["rules", 1, "sources"], "vs_peers_1", "the block rule is for everybody"),
        (["rules", 1, "services"], "vs_other", "'vs_other' is not one of config.service_groups"),
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


def test_more_pass_rules_than_slots() -> None:
    config = changed(["rules"], [GOOD["rules"][0]] * 7)
    with pytest.raises(HardeningError, match="7 pass rules; a filter set has room for 6"):
        wanted_from(config)


@pytest.mark.parametrize(("port", "refused"), [(22, False), (9000, True), (10500, True), (5060, False)])
def test_management_is_never_blocked(port: int, refused: bool) -> None:
    wanted = wanted_from(GOOD)
    if refused:
        with pytest.raises(HardeningError, match=f"ansible_port: {port} is the router's management port"):
            check_management(wanted, port)
    else:
        check_management(wanted, port)
