# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The device's printed forms, as the vendor's manual shows them, become typed data."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import dialect, objects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import filter as data_filter

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
GENERAL = """ Data Filter: Enable (Start Filter Set = 1)
 Log Flag     : Disable
 Actions for packet not matching any rule:
   Pass or Block     : Pass
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
    ("text", "start"),
    [(GENERAL, 1), (" Data Filter: Disable\n Log Flag : Disable\n", 0)],
)
def test_general_setup(text: str, start: int) -> None:
    assert data_filter.parse_general(text) == data_filter.GeneralSetup(start)


def test_rule_with_wrapped_interfaces() -> None:
    rule = data_filter.parse_rule(RULE)
    assert rule is not None
    assert rule.untouched
    assert rule.action == "pass"
    assert "VPN" in rule.source_interfaces
    assert rule.schedules == 0


@pytest.mark.parametrize(
    ("printed", "action"),
    [("Block Immediately", "block"), ("Block If No Further Match", "block if no further match")],
)
def test_an_action_that_a_later_rule_may_undo_is_another_action(printed: str, action: str) -> None:
    rule = data_filter.parse_rule(RULE.replace("Pass Immediately", printed))
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
