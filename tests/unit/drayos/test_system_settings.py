# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's own settings: what the manual prints is understood, what is wrong is named."""

from __future__ import annotations

import dataclasses
import datetime
import zoneinfo
from collections import Counter
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.marker import mark_name
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system import (
    access_list,
    brute_force,
    clock,
    core,
    mail_alert,
    remote_access,
    syslog,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.wanted import wanted_system
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.zones import ZONES
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker

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


def test_an_access_list_that_ends_with_a_bare_row_loses_no_entry() -> None:
    assert access_list.parse_access_list("%% Access list :\n   1          96") == {1: 96}


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


def test_remote_access_sends_only_what_differs() -> None:
    on = dict.fromkeys(remote_access.SERVICES, False)
    found = remote_access.RemoteAccess(True, {**on, "https": True, "telnet": True})
    wanted = remote_access.WantedRemoteAccess(True, ("https", "ssh"))
    assert remote_access.remote_access_commands(wanted, found) == ["mngt rmtcfg telnet off", "mngt rmtcfg ssh on"]
    off = remote_access.WantedRemoteAccess(False)
    assert remote_access.remote_access_commands(off, found) == ["mngt rmtcfg disable"]
    assert remote_access.remote_access_commands(off, remote_access.RemoteAccess(False)) == []


def test_remote_access_is_taken_back_to_what_was_found() -> None:
    found = remote_access.RemoteAccess(True, {"https": True, "ssh": False})
    assert remote_access.undo_remote_access(found) == [
        "mngt rmtcfg enable",
        "mngt rmtcfg https on",
        "mngt rmtcfg ssh off",
    ]
    assert remote_access.undo_remote_access(remote_access.RemoteAccess(False)) == ["mngt rmtcfg disable"]
    assert remote_access.undo_remote_access(None) == []


def test_brute_force_protection_is_for_every_service() -> None:
    wanted = brute_force.brute_force_from({"failures": 5, "penalty": 1800}, [])
    found = brute_force.parse_brute_force(BRUTE_FORCE)
    assert brute_force.brute_force_commands(wanted, found) == ["mngt bfp -l 5 -p 1800 -s All -e 1"]
    right = BRUTE_FORCE.replace(": 10", ": 5").replace("period: 0", "period: 1800").replace("no\n", "yes\n")
    assert brute_force.brute_force_commands(wanted, brute_force.parse_brute_force(right)) == []
    assert brute_force.undo_brute_force(found) == ["mngt bfp -l 10 -p 0 -e 1"]


def mail(**changes: Any) -> mail_alert.WantedMailAlert:
    """A declared mail alert; fails where a value is refused."""
    problems: list[str] = []
    wanted = mail_alert.mail_alert_from({**MAIL_CONFIG, "username": "u", "password": "canary1", **changes}, problems)
    assert problems == []
    return wanted


def test_mail_alert_is_switched_on_last_and_without_its_password() -> None:
    assert mail_alert.mail_alert_commands(mail(sender="router@acme.example", port=587), None) == [
        "sys mailalert -i 192.0.2.25 -o 587 -a noc@example.net -r router@acme.example -s 3 -h 1 -u u",
        "sys mailalert -l 0 1",
        "sys mailalert -l 2 0",
        "sys mailalert -l 6 0",
        "sys mailalert -e 1",
    ]


@pytest.mark.parametrize("password", ["canary1", "p:/=~^-%+"])
def test_the_mail_password_is_its_own_command(password: str) -> None:
    assert mail_alert.password_command(mail(password=password)) == f"sys mailalert -p {password}"


def test_an_alert_named_twice_is_one_alert() -> None:
    wanted = mail(events=["vpn_log", "dos_attack", "vpn_log"])
    assert wanted.shown().events == ("dos_attack", "vpn_log")


def test_a_sender_or_user_from_before_is_no_difference() -> None:
    """No documented command empties them."""
    plain = mail(username=None, password=None)
    before = dataclasses.replace(plain.shown(), sender="old@example.net", username="old")
    assert mail_alert.mail_alert_commands(plain, before) == []
    assert mail_alert.mail_alert_commands(mail(sender="new@example.net"), before) != []
    assert mail_alert.mail_alert_commands(plain, dataclasses.replace(before, port=26)) != []


def test_only_the_part_of_the_clock_that_differs_is_set() -> None:
    wanted = clock.clock_from({"server": "ntp.example.net", "zone": "8"}, [])
    assert clock.clock_commands(wanted, clock.parse_clock(TIME)) == ["sys time server ntp.example.net"]
    assert clock.clock_commands(wanted, None) == ["sys time server ntp.example.net", "sys time zone 8"]


def test_a_clock_that_had_no_server_is_taken_back_without_a_broken_command() -> None:
    unset = TIME.replace("pool.ntp.org", "")
    found = clock.parse_clock(unset)
    assert found is not None
    assert found == clock.Clock("", 8)
    assert clock.clock_commands(clock.WantedClock(found.server, found.zone), clock.Clock("ntp.example.net", 8)) == []


OFFSETS = {**dict.fromkeys(range(23, 26), 0), **dict.fromkeys(range(26, 34), 1), **dict.fromkeys(range(34, 40), 2)}
"""Hours from Greenwich of the router's zones 23 to 39 (draytek.md annex sys time)."""


@pytest.mark.parametrize("name", ZONES)
def test_a_named_zone_has_the_right_winter_time(name: str) -> None:
    winter = datetime.datetime(2026, 1, 15, 12, tzinfo=zoneinfo.ZoneInfo(name)).utcoffset()
    assert winter == datetime.timedelta(hours=OFFSETS[ZONES[name]])


@pytest.mark.parametrize("name", ZONES)
def test_a_named_zone_has_summer_time_where_the_place_has(name: str) -> None:
    summer = datetime.datetime(2026, 7, 15, 12, tzinfo=zoneinfo.ZoneInfo(name))
    winter = summer.replace(month=1)
    assert clock.clock_from({"zone": name}, []).summer_time is (summer.utcoffset() != winter.utcoffset())


def test_a_zone_without_a_number_is_left_alone() -> None:
    problems: list[str] = []
    wanted = clock.clock_from({"zone": "Europe/Istanbul"}, problems)
    assert (wanted.zone, wanted.unknown_zone, problems) == (None, "Europe/Istanbul", [])
    assert clock.clock_commands(wanted, clock.parse_clock(TIME)) == clock.summer_time_commands(wanted) == []


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


def rendered(config: dict[str, Any], dialect: str = "Vigor2927") -> list[str]:
    """The commands that the user is shown; no device is there."""
    context = RunContext(check_mode=False, masker=Masker(), warn=lambda _text: None)
    commands = core.run({"config": config, "state": "rendered", "dialect": dialect}, context).result["rendered"]
    assert isinstance(commands, list)
    return commands


@pytest.mark.parametrize(
    ("dialect", "additions"),
    [
        ("Vigor2927", ["mngt accesslist add 1 96", "mngt accesslist add 2 95"]),
        ("Vigor3912", ["mngt accesslist add ip 1 96", "mngt accesslist add ip 2 95"]),
    ],
)
def test_the_access_list_stands_before_the_door_opens(dialect: str, additions: list[str]) -> None:
    config = {
        "management_networks": ["198.51.100.7", "198.51.100.64/28"],
        "remote_access": {"enabled": True, "services": ["https"]},
    }
    commands = rendered(config, dialect)
    assert [c for c in commands if c.startswith("object ip obj")] == [
        "object ip obj 96 -n vs_mgmt_96",
        "object ip obj 96 -a 1 198.51.100.7",
        "object ip obj 95 -n vs_mgmt_95",
        "object ip obj 95 -a 3 198.51.100.64 198.51.100.79",
    ]
    assert [c for c in commands if c.startswith("mngt accesslist")] == additions
    assert commands.index("object ip obj 95 -a 3 198.51.100.64 198.51.100.79") < commands.index(additions[0])
    assert commands.index(additions[-1]) < commands.index("mngt rmtcfg enable")
    assert commands[-1] == "sys commit"


def test_switches_off() -> None:
    switches = ["snmp", "ftp_server", "upnp", "ipv6_management", "answer_ping"]
    sent, saved = rendered(dict.fromkeys(switches, False))[:-2], rendered(dict.fromkeys(switches, False))[-1]
    assert sent == [
        "mngt snmp -e 2",  # 1 enables and 2 disables here
        "sys ftpd off",
        "upnp off",
        "ip6 mngt internet off",
        "mngt echoicmp disable",
    ]
    assert saved == "sys commit"


def mark_in(commands: list[str]) -> str:
    """The name by which the router remembers what it does not show."""
    (mark,) = [c.split()[-1] for c in commands if c.startswith("object ipv6 obj")]
    return mark


def test_the_mark_tells_nothing_of_a_secret() -> None:
    """It is readable by anybody who may look at the router: a password must not be guessable from it."""
    base = {"upnp": False, "syslog": {"server": "192.0.2.25"}}
    login = {**MAIL_CONFIG, "username": "u", "security": "tls"}
    one = {**base, "mail_alert": {**login, "password": "canary1"}}
    two = {**base, "mail_alert": {**login, "password": "canary2"}}
    assert mark_in(rendered(one)) == mark_in(rendered(two)) == mark_in(rendered(base))
    assert mark_in(rendered(one)) != mark_in(rendered({**one, "upnp": True}))


def test_no_secret_in_what_is_rendered() -> None:
    mail_config = {**MAIL_CONFIG, "username": "u", "password": "canary-mail-1"}
    assert "canary" not in "\n".join(rendered({"mail_alert": mail_config}))
    assert "sys mailalert -p ********" in rendered({"mail_alert": mail_config})


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
        ({"clock": {"server": "ntp.example.net\n"}}, "config.clock.server: 'ntp.example.net\\n' is not a name"),
        ({"clock": {"server": "x" * 40}}, "is not a name or address of at most 39 characters"),
        ({"clock": {"zone": "0"}}, "config.clock.zone: 0 is not one of the router's zones from 1 to 73"),
        ({"brute_force": {"failures": 256, "penalty": 60}}, "config.brute_force.failures: 256 is not a number from 1"),
        ({"brute_force": {"failures": 5, "penalty": 65536}}, "config.brute_force.penalty: 65536 seconds; 1 to 65535"),
        ({"https_port": 65536}, "config.https_port: 65536 is not a port from 1 to 65535"),
        ({"https_port": 5061}, "config.https_port: 5061 is a SIP port"),
        ({"syslog": {"server": "192.0.2.25", "port": 0}}, "config.syslog.port: 0 is not a port from 1 to 65535"),
        ({"syslog": {"server": "2001:db8::1"}}, "config.syslog.server: '2001:db8::1' is not an IPv4 address"),
        ({"mail_alert": {**MAIL_CONFIG, "port": 0}}, "config.mail_alert.port: 0 is not a port from 1 to 65535"),
        ({"mail_alert": {**MAIL_CONFIG, "recipient": ""}}, "config.mail_alert.recipient: '' is not a mail address"),
        ({"mail_alert": {**MAIL_CONFIG, "sender": "a@b@c"}}, "config.mail_alert.sender: 'a@b@c' is not a mail address"),
        (
            {"mail_alert": {**MAIL_CONFIG, "username": "two words", "password": "canary1"}},
            "config.mail_alert.username: 'two words' must be one word",
        ),
        (
            {"mail_alert": {**MAIL_CONFIG, "username": "u", "password": "canary\n"}},
            "config.mail_alert.password: must be one word",
        ),
        ({"new_password": "canary-12345\n"}, "config.new_password: must have 12 to 83 characters"),
        ({"new_password": "canary-123"}, "must have 12 to 83"),
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


def test_every_problem_is_told_and_each_once() -> None:
    config = {
        "management_networks": ["198.51.100.7/24", "10.0.0.0/8"],
        "remote_access": {"enabled": True, "services": ["telnet", "ssh"]},
        "brute_force": {"failures": 0, "penalty": 0},
        "https_port": 5060,
        "ssh_port": 70000,
        "syslog": {"server": "log", "port": 70000},
        "mail_alert": {"smtp_address": "mail", "recipient": "noc", "username": "u"},
        "clock": {"server": "a b", "zone": "99"},
        "new_password": "canary",
    }
    with pytest.raises(HardeningError) as error:
        wanted_system(config)
    lines = error.value.message.splitlines()
    assert Counter(line.split(":")[0] for line in lines) == {
        "config.management_networks": 2,  # one for each network
        "config.remote_access.services": 1,
        "config.brute_force.failures": 1,
        "config.brute_force.penalty": 1,
        "config.https_port": 1,
        "config.ssh_port": 1,
        "config.syslog.server": 1,
        "config.syslog.port": 1,
        "config.mail_alert.smtp_address": 1,
        "config.mail_alert.recipient": 1,
        "config.mail_alert": 1,
        "config.clock.server": 1,
        "config.clock.zone": 1,
        "config.new_password": 1,
    }
    assert "canary" not in error.value.message


def test_a_mistyped_network_is_not_called_missing() -> None:
    config = {"management_networks": ["198.51.100.300"], "remote_access": {"enabled": True, "services": ["ssh"]}}
    with pytest.raises(HardeningError) as error:
        wanted_system(config)
    assert error.value.message == "config.management_networks: '198.51.100.300' is not an IPv4 address or network."


def test_what_is_declared_on_the_edge_of_the_ranges_is_taken() -> None:
    wanted = wanted_system(
        {
            "management_networks": ["10.1.0.0/16", *(f"192.0.2.{n}" for n in range(9))],
            "brute_force": {"failures": 255, "penalty": 65535},
            "https_port": 65535,
            "ssh_port": 1,
            "clock": {"zone": "73", "server": "x" * 39},
            "new_password": "x" * 83,
        }
    )
    assert len(wanted.management) == 10
    assert "x" * 83 not in repr(wanted)
