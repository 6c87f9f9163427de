# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's own settings: what the manual prints is understood, what is wrong is named."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.marker import mark_name
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system import (
    access_list,
    brute_force,
    clock,
    mail_alert,
    remote_access,
    syslog,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.wanted import wanted_system

BRUTE_FORCE = """\
Current Brute Force Protection Setting:
* Enable: yes
* Service:
 - FTP:       yes
 - HTTP:      no
 - HTTPS:      no
 - TELNET:     no
 - TR069:      no
 - SSH:       no
* Maximum login failures: 10
* Penalty period: 0
"""
MAIL = """\
------ Current setting for Mail Alert ------
Mail Alert: Enable
SMTP Server IP Address: 0.0.0.0
SMTP Server Port: 25
Alert Mail Reciver E-maiil Address:
Mail Return E-mail Address:
Use SSL: Disable
SMTP Authentication: Disable
Username for SMTP Authentication:
Password for SMTP Authentication:
Mail Alert for DoS Attack: Enable.

Mail Alert for APPE: Enable.
Mail Alert for VPN Log: Enable.
Mail Alert for APPE Signature: Disable.
Mail Alert for Reboot Debug Log: Disable, Mode: Limited.
---------------------------------------------
"""
TIME = """\
*************** System Time ***************
Current System Time: [2000 Jan 01 Sat 02:40:41]
Time Server: [pool.ntp.org]
Time Zone Index: [8]. GMT-07:00
Send NTP Request Through: Auto
*********************************************
"""
ACCESS_2927 = """\
%% Access list :
   [Index]      [IP Object Index]      [IP/CIDR or StartIP ~ EndIP]
 =======================================================================
   1          1                    Please setting index=1 for IP Object
  10          96                   198.51.100.7/32
"""
ACCESS_3912 = """\
%% Access list :
   [NO.]      [Type]      [Index]      [Description]
 =======================================================================
   1          IP Object  1    Please setting index=1 for IP Object
   2          Hostname   3    something
"""


def test_what_the_manual_prints() -> None:
    assert brute_force.parse_brute_force(BRUTE_FORCE) == brute_force.BruteForce(True, 10, 0, frozenset({"FTP"}))
    assert clock.parse_clock(TIME) == clock.Clock("pool.ntp.org", 8)
    found = mail_alert.parse_mail_alert(MAIL)
    assert found is not None
    assert (found.enabled, found.server, found.port, found.recipient) == (True, "0.0.0.0", 25, "")
    assert found.events == ("dos_attack", "vpn_log")
    assert access_list.parse_access_list(ACCESS_2927) == {1: 1, 10: 96}
    assert access_list.parse_access_list(ACCESS_3912) == {1: 1, 2: 0}, "a host name is no IP object"


def test_remote_access_from_the_words_of_the_replies() -> None:
    text = "%% Remote configure function has been enabled.\n%% FTP server has been enabled.\n"
    text += "%% SSH server has been disabled.\n"
    assert remote_access.parse_remote_access(text) == remote_access.RemoteAccess(True, {"ftp": True, "ssh": False})
    assert remote_access.parse_remote_access("Remote: on") is None


@pytest.mark.parametrize(
    "parse",
    [
        access_list.parse_access_list,
        brute_force.parse_brute_force,
        clock.parse_clock,
        mail_alert.parse_mail_alert,
        remote_access.parse_remote_access,
    ],
)
def test_other_output_is_not_taken_for_a_view(parse: Any) -> None:
    assert parse("invalid command !!") is None


def test_an_unreadable_remote_access_is_set_as_a_whole() -> None:
    wanted = remote_access.WantedRemoteAccess(True, ("ssh",))
    assert remote_access.remote_access_commands(wanted, None) == [
        "mngt rmtcfg enable",
        "mngt rmtcfg http off",
        "mngt rmtcfg https off",
        "mngt rmtcfg ftp off",
        "mngt rmtcfg telnet off",
        "mngt rmtcfg ssh on",
        "mngt rmtcfg tr069 off",
        "mngt rmtcfg snmp off",
        "mngt rmtcfg enforce_https off",
    ]


@pytest.mark.parametrize(
    ("zone", "commands"),
    [
        ("Europe/London", ["sys daylightsave -t 2 -y 3 9 0 1 -z 10 9 0 2 -e 1"]),
        ("Europe/Berlin", ["sys daylightsave -t 2 -y 3 9 0 2 -z 10 9 0 3 -e 1"]),
        ("Europe/Athens", ["sys daylightsave -t 2 -y 3 9 0 3 -z 10 9 0 4 -e 1"]),
        ("UTC", ["sys daylightsave -e 0"]),
        ("24", []),
    ],
)
def test_summer_time_begins_everywhere_at_the_same_moment(zone: str, commands: list[str]) -> None:
    """Last Sunday of March and of October, 01:00 UTC."""
    assert clock.summer_time_commands(clock.clock_from({"zone": zone}, [])) == commands


def test_the_log_leaves_nothing_from_before() -> None:
    wanted = syslog.syslog_from({"server": "192.0.2.25", "topics": ["firewall"]}, [])
    assert syslog.syslog_commands(wanted) == [
        "sys syslog -a 1 -s 1 -i 192.0.2.25 -d 514 -f 1 -v 0 -e 0 -c 0 -w 0 -l 0 -r 0"
    ]


def test_a_mark_fits_a_name_and_tells_settings_apart() -> None:
    one, two = mark_name("s", ["upnp off"]), mark_name("s", ["upnp on"])
    assert one != two
    assert {len(one), len(two)} == {14}


MAIL_CONFIG = {"smtp_address": "192.0.2.25", "recipient": "noc@example.net"}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"management_networks": ["2001:db8::1"]}, "config.management_networks: '2001:db8::1' is not an IPv4 address"),
        ({"management_networks": ["198.51.100.7/24"]}, "'198.51.100.7/24' is not an IPv4 address or network"),
        (
            {"management_networks": [f"192.0.2.{n}" for n in range(11)]},
            "11 networks; the router's access list",
        ),
        ({"remote_access": {"enabled": True, "services": ["ssh"]}}, "the whole internet could try to log in"),
        (
            {"remote_access": {"enabled": False, "services": ["telnet"]}},
            "'telnet' does not belong on the internet",
        ),
        (
            {"brute_force": {"failures": 0, "penalty": 60}},
            "config.brute_force.failures: 0 is not a number",
        ),
        ({"brute_force": {"failures": 5, "penalty": 0}}, "config.brute_force.penalty: 0 seconds; 1 to"),
        ({"https_port": 443, "ssh_port": 443}, "config.ssh_port: 443 is config.https_port too"),
        ({"management_networks": ["0.0.0.0/0"]}, "0.0.0.0/0 is wider than /16; name the networks"),
        ({"ssh_port": 5060}, "config.ssh_port: 5060 is a SIP port"),
        ({"ssh_port": 0}, "config.ssh_port: 0 is not a port from 1 to 65535"),
        ({"syslog": {"server": "log.example.net"}}, "config.syslog.server: 'log.example.net' is not an IPv4 address"),
        ({"clock": {"zone": "74"}}, "config.clock.zone: 74 is not one of the router's zones from 1 to 73"),
        ({"clock": {"server": "a b"}}, "config.clock.server: 'a b' is not a name or address"),
        (
            {"mail_alert": {**MAIL_CONFIG, "smtp_address": "mail.example.net"}},
            "not an IPv4 address; no name is taken",
        ),
        (
            {"mail_alert": {**MAIL_CONFIG, "recipient": "noc"}},
            "recipient: 'noc' is not a mail address",
        ),
        ({"mail_alert": {**MAIL_CONFIG, "username": "u"}}, "username and password are needed together"),
        (
            {"mail_alert": {**MAIL_CONFIG, "username": "u", "password": "canary1", "security": "plain"}},
            "plain would send the password in clear",
        ),
    ],
)
def test_bad_values_are_named(config: dict[str, Any], message: str) -> None:
    with pytest.raises(HardeningError) as error:
        wanted_system(config)
    assert message in error.value.message
    assert "canary" not in error.value.message
