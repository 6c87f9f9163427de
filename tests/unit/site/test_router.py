# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declaration means for the router."""

from __future__ import annotations

import dataclasses
import ipaddress

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import wanted_from
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Declaration,
    Network,
    Pbx,
    PortRange,
    RemoteSite,
    Site,
    TrunkProvider,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router, slug


def net(text: str) -> Network:
    return ipaddress.IPv4Network(text)


GAMMA = TrunkProvider("gamma", (net("203.0.113.0/26"),), (net("203.0.113.128/26"),), (5060,))
IPSWICH = RemoteSite("ipswich", net("192.0.2.10"), extensions=("201",))
SITE = Declaration(
    site=Site("acme", "GB", "Europe/London", (net("198.51.100.7"),)),
    pbx=Pbx(ipaddress.IPv4Address("192.168.10.10"), "pbx.acme.example", rtp_ports=PortRange(9000, 10999)),
    trunk_providers=(GAMMA,),
    remote_sites=(IPSWICH,),
)


def test_provider_and_site_each_reach_only_their_own_ports() -> None:
    config = compile_router(SITE)
    groups = {group["name"]: group["members"] for group in config["address_groups"]}
    services = {group["name"]: group["members"] for group in config["service_groups"]}
    rules = [(rule["action"], groups.get(rule["sources"]), services[rule["services"]]) for rule in config["rules"]]
    assert rules == [
        ("pass", ["vs_gamma_1"], ["vs_sip_5060"]),
        ("pass", ["vs_ipswich_1"], ["vs_sip_5061"]),
        ("pass", ["vs_ipswich_1", "vs_gamma_2"], ["vs_rtp"]),
        ("block", None, ["vs_sip_5060", "vs_sip_5061", "vs_rtp"]),
        ("block", ["vs_ipv6"], ["vs_sip_5060", "vs_sip_5061", "vs_rtp"]),
    ]
    assert all(rule["log"] for rule in config["rules"])


def test_the_result_satisfies_the_module() -> None:
    wanted = wanted_from(compile_router(SITE))
    assert [rule.action for rule in wanted.rules] == ["pass", "pass", "pass", "block", "block"]
    assert wanted.nat is not None
    assert wanted.nat.voice == ((5060, 5061), (9000, 10999))
    assert set(next(g.members for g in wanted.address_groups if g.name == wanted.nat.sources)) == {
        "vs_gamma_1",
        "vs_gamma_2",
        "vs_ipswich_1",
    }


@pytest.mark.parametrize(("calls", "threshold"), [(1, 2000), (15, 2000), (40, 5200), (500, 65000)])
def test_flood_defence_leaves_room_for_speech(calls: int, threshold: int) -> None:
    config = compile_router(dataclasses.replace(SITE, concurrent_calls=calls))
    assert config["dos"]["udp_flood"]["threshold"] == threshold
    assert config["dos"]["udp_flood"]["threshold"] > calls * 50 * 2
    wanted_from(config)


def test_without_rtp_ports_media_is_neither_opened_nor_blocked() -> None:
    site = dataclasses.replace(SITE, pbx=dataclasses.replace(SITE.pbx, rtp_ports=None))
    assert "vs_rtp" not in str(compile_router(site))


def test_a_vpn_site_and_an_ended_entry_get_no_rule() -> None:
    site = dataclasses.replace(
        SITE, remote_sites=(RemoteSite("home", None, vpn=True), dataclasses.replace(IPSWICH, address=None))
    )
    assert {entry["name"] for entry in compile_router(site)["address_objects"]} == {
        "vs_gamma_1",
        "vs_gamma_2",
        "vs_ipv6",
    }


def test_the_order_of_the_declaration_does_not_matter() -> None:
    other = TrunkProvider("voip-unlimited", (net("198.51.100.64/28"),), (), (5060,))
    one = dataclasses.replace(SITE, trunk_providers=(GAMMA, other))
    two = dataclasses.replace(SITE, trunk_providers=(other, GAMMA))
    as_sets = [
        {group["name"]: sorted(group["members"]) for group in compile_router(site)["address_groups"]}
        for site in (one, two)
    ]
    assert as_sets[0] == as_sets[1]


@pytest.mark.parametrize(
    ("name", "token"), [("gamma", "gamma"), ("Gamma", "gamma"), ("simwood-london", None), ("voip unlimited", None)]
)
def test_names_become_tokens_that_fit(name: str, token: str | None) -> None:
    assert len(f"vs_{slug(name)}_10") <= 14
    assert slug(name).isalnum()
    assert token is None or slug(name) == token


def test_long_names_that_begin_alike_stay_apart() -> None:
    assert slug("simwood-london") != slug("simwood-leeds")


def test_many_sets_of_ports_are_laid_out_over_several_filter_sets() -> None:
    providers = tuple(TrunkProvider(f"p{n}", (net(f"203.0.113.{n}"),), (), (5000 + n,)) for n in range(1, 12))
    site = dataclasses.replace(
        SITE, trunk_providers=providers, pbx=dataclasses.replace(SITE.pbx, sip_ports=tuple(range(5001, 5012)))
    )
    assert len(wanted_from(compile_router(site)).rules) > 7
