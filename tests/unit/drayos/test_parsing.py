# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The device's printed forms, as the vendor's manual shows them, become typed data."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat import commands, exposures
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles import objects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules import filter as data_filter
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import parse_rule
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings import dos, sip_alg

IP_OBJECT = """
 IP Object Profile 1
 Name   :[marketing]
 Interface:[Any]
 Address type:[single]
 Start ip address:[192.168.1.45]
 End/Mask ip address:[0.0.0.0]
 MAC Address:[00:00:00:00:00:00]
 Invert Selection:[0]
"""
SERVICE_OBJECT = """
 Service Object Profile 1
 Name   :[limit]
 Protocol:[TCP/UDP]
 Source port check action:[!=]
 Source port range:[120~240]
 Destination port check action:[!=]
 Destination port range:[200~220]
"""
IP_GROUP = """
 IP Group Profile 2
 Name   :[First]
 Interface:[Any]
 Included ip object index:
 [0:][7]
 [1:][12]
 [2:][0]
 ...
 [99:][0]
"""
GENERAL = """\
 Data Filter: Enable (Start Filter Set = 1)
 Log Flag     : Disable
 Actions for packet not matching any rule:
   Pass or Block     : Pass
   CodePage         : ANSI(1252)-Latin I
 ---------------------------------------------------------------------
   Accept large incoming fragmented UDP or ICMP packets: Enable
   Transparent Mode                                : Disable
 ---------------------------------------------------------------------
   Block routing packet from WAN:
     [v] IPv4
     [v] IPv6
 ---------------------------------------------------------------------
   [v] Enable Strict Security Firewall l
"""
RULE = """ Filter Set 2 Rule 1:
 Status : Disable
 Comments: <null>
 Index(1-15) in Schedule Setup: <null>, <null>, <null>, <null>
 Clear sessions when schedule is ON: Disable
 Direction    : LAN/DMZ/RT/VPN -> WAN
 Src Interface : LAN1, LAN2, LAN3, LAN4, LAN5, LAN6, LAN7, LAN8, DMZ, Routed,
 VPN
 Dst Interface : WAN1, WAN2, WAN3, WAN4, WAN5, WAN6, WAN7, WAN8, WAN9
 Source IP    : Any
 Destination IP: Any
 Service Type : Any
 Fragments    : Don't Care
 Pass or Block           : Pass Immediately
 Branch to Other Filter Set: None
 Max Sessions Limit       : 60000
 Log                    : Disable
 ----------------------------------------------------------------------
 CodePage                 : ANSI(1252)-Latin I
 Strict Security Checking
   [ ]APP Enforcement
"""


def test_address_object() -> None:
    assert objects.parse_ip_object(IP_OBJECT) == objects.IpObject("marketing", "single", "192.168.1.45", "192.168.1.45")


def test_service_object() -> None:
    parsed = objects.parse_service_object(SERVICE_OBJECT)
    assert parsed == objects.ServiceObject("limit", "tcp/udp", 200, 220, (120, 240), "!=", "!=")


def test_group_with_shortened_listing() -> None:
    assert objects.parse_group(IP_GROUP) == objects.Group("First", (7, 12))


@pytest.mark.parametrize("parse", [objects.parse_ip_object, objects.parse_service_object, objects.parse_group])
def test_other_output_is_not_taken_for_a_profile(parse: object) -> None:
    assert parse("invalid command !!") is None  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "setup"),
    [
        (GENERAL, data_filter.GeneralSetup(1, "pass", True, True, True, True, False)),
        (" Data Filter: Disable\n Log Flag : Disable\n", data_filter.GeneralSetup(0)),
    ],
)
def test_general_setup(text: str, setup: data_filter.GeneralSetup) -> None:
    assert data_filter.parse_general(text) == setup


def test_rule_with_wrapped_interfaces() -> None:
    rule = parse_rule(RULE)
    assert rule is not None
    assert rule.untouched
    assert rule.action == "pass"
    assert "VPN" in rule.source_interfaces
    assert (rule.direction, rule.fragments, rule.branch, rule.schedules) == ("lan_to_wan", "any", 0, ())


@pytest.mark.parametrize(
    ("printed", "action"),
    [("Block Immediately", "block"), ("Block If No Further Match", "block_if_no_further_match")],
)
def test_an_action_that_a_later_rule_may_undo_is_another_action(printed: str, action: str) -> None:
    rule = parse_rule(RULE.replace("Pass Immediately", printed))
    assert rule is not None
    assert rule.action == action


@pytest.mark.parametrize(
    ("text", "model", "known"),
    [
        ("Router Model: Vigor2927Vac         Version: 4.4.0 English\nRouter Name: DrayTek\n", "Vigor2927Vac", True),
        ("Router Model: Vigor3912S    Version: 4.3.5 zh_TW zh_CN\n", "Vigor3912S", True),
        ("Router Model: Vigor2865    Version: 4.4.2\n", "Vigor2865", False),
        ("Router Model: Vigor2927    Version: 5.1.0\n", "Vigor2927", False),
    ],
)
def test_only_models_of_the_table_are_written(text: str, model: str, known: bool) -> None:
    version = dialect.parse_version(text)
    assert version is not None
    assert version.model == model
    assert (dialect.dialect_of(version) is not None) is known


@pytest.mark.parametrize(
    ("model", "words"),
    [("Vigor2928", "DrayOS 5"), ("Vigor3900", "Linux-based"), ("Vigor2865", "not in the table of known dialects")],
)
def test_the_reason_for_not_writing_is_named(model: str, words: str) -> None:
    assert words in dialect.why_read_only(dialect.SystemVersion(model, "4.4.2"))


SHOW_ALL = """\
Index   Proto   WAN IP:Port                 Private IP:Port             Act
*****************************************************************************
R01     TCP     0.0.0.0:25600               192.168.1.10:51200          Y
R02     TCP     -- ALL --:13902             192.168.100.10:64288       Y

O01     ---     0.0.0.0:800~900             192.168.1.100:800~900     Y
O01     ---     0.0.0.0:0~0                 192.168.1.100:0~0           Y
O02     ---     0.0.0.0:5060~5060           192.168.1.100:5060~5060     N
"""
OPEN_PORT = """\
%% Status: Enable
%% Comment: games_vs31
%% WAN Interface: WAN1
%% Private IP address: 192.168.1.55
Index   Protocal        Start Port      End Port
*****************************************************************
  1.    TCP             56              83
"""


def test_every_way_in_that_is_active() -> None:
    found = exposures.parse_all(SHOW_ALL)
    assert found is not None
    assert [(way.kind, way.number, way.item, way.ports, way.address) for way in found] == [
        ("redirection", 1, 0, (25600, 25600), "192.168.1.10"),
        ("redirection", 2, 0, (13902, 13902), "192.168.100.10"),
        ("open port", 1, 1, (800, 900), "192.168.1.100"),
    ]


def test_a_redirection_is_understood_with_swapped_bytes_too() -> None:
    """The manual prints 13902 for what its other listing calls 20022 (2c)."""
    swapped = (exposures.parse_all(SHOW_ALL) or [])[1]
    assert swapped.touches([(20022, 20022)])
    assert swapped.touches([(8443, 8443)])
    assert not swapped.touches([(443, 443)])


def test_an_open_port_in_detail_with_our_mark() -> None:
    found = exposures.parse_open_port(OPEN_PORT)
    assert found is not None
    assert (found.protocol, found.ports, found.address, found.group) == ("tcp", (56, 83), "192.168.1.55", 31)
    assert commands.marked_comment(found.comment, 7) == "games_vs7"
    assert len(commands.marked_comment("a comment of many words", 31)) < 23


def test_dmz_hosts() -> None:
    text = """\
%      WAN1 DMZ mapping status:
 Index  Status  WAN1 aux IP     Private IP
----------------------------------------------------
   1    {} 0.0.0.0 192.168.1.96
"""
    assert exposures.parse_dmz(text.format("Disable")) == []
    (found,) = exposures.parse_dmz(text.format("Enable")) or []
    assert (found.kind, found.number, found.item, found.address) == ("DMZ", 1, 1, "192.168.1.96")


def test_ipv6_object_whatever_the_spelling() -> None:
    text = """\
 IPv6 Object Profile 3
 Name   :[six]
 Address Type:[range]
 Start IPv6 Address:[2607:F0D0:1002:51::4]
 End IPv6 Address:[2607:F0D0:1002:51:0::8]
 Prefix Length:[0]
 MAC Address:[00:00:00:00:00:00]
 Invert Selection:[0]
 Match Type:[0]
"""
    wanted = objects.address_object("six", "2607:f0d0:1002:51::4-2607:f0d0:1002:51::8")
    assert objects.parse_ipv6_object(text) == wanted


def test_country_object() -> None:
    text = "Country object Profile 1\nName   :[Best]\nIncluded country index:\n[0:][222] Taiwan\nSet ok!\n"
    assert objects.parse_country_object(text) == objects.CountryObject("Best", (222,))


def test_sip_alg_as_the_manual_prints_it() -> None:
    text = "Current SIP ALG status\n -ALG Master Switch: Enabled\n -SIP ALG: {}\n -Listen along UDP path: Yes\n"
    assert sip_alg.parse_sip_alg(text.format("Enabled")) is True
    assert sip_alg.parse_sip_alg(text.format("Disabled")) is False
    assert sip_alg.parse_sip_alg("invalid command !!") is None


def test_dos_list_leaves_out_empty_places() -> None:
    text = """\
DoS White Passing IP List:
   Type        IPv4                Type              IPv6
 1. IP         192.168.5.89         IP               ::
 2. IP         0.0.0.0              IP               ::
16. IP         0.0.0.0         IP               ::
"""
    assert dos.parse_list(text) == ("192.168.5.89",)
