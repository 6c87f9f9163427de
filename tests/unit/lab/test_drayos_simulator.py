# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Vigor as a client sees it over SSH: transcripts of docs/devices/draytek.md, pager, faults."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from lab.drayos import PROFILES, Probe, SimulatedVigor, factory_state, from_dict, lived_in_state, to_dict
from lab.drayos.client import Client

TESTS = Path(__file__).resolve().parents[2]


@pytest.fixture
def router() -> Iterator[SimulatedVigor]:
    with SimulatedVigor() as router:
        yield router


@pytest.fixture
def shell(router: SimulatedVigor) -> Iterator[Client]:
    with Client(router) as client:
        yield client


def lines(text: str) -> list[str]:
    return text.strip("\n").split("\n")


# --- session ---------------------------------------------------------------------------------------------------------


def test_banner_prompt_and_echo(shell: Client) -> None:
    assert shell.connection().get_extra_info("server_version") == "SSH-2.0-DraySSH_2.0"
    assert shell.greeting == "\r\nDrayTek> "
    assert shell.raw("sys commit\r") == "sys commit\r\nDrayTek> "


def test_a_command_on_the_ssh_line_is_refused(shell: Client, router: SimulatedVigor) -> None:
    with pytest.raises(asyncssh.ChannelOpenError):
        shell.exec("sys version")
    assert router.counters.commands == 0


def test_wrong_password_and_keys_are_refused(router: SimulatedVigor) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        Client(router, password="guess")
    with pytest.raises(asyncssh.PermissionDenied):
        Client(router, password="guess", preferred_auth="publickey,keyboard-interactive")
    assert router.counters.failed_logins == 1
    assert "guess" not in json.dumps(router.log.events)


def test_unknown_command_and_parent(shell: Client) -> None:
    assert shell.run("show running-config") == ["invalid command !!"]
    answer = shell.run("ipf")
    assert answer[0] == "% Valid subcommands are:"
    assert "rule" in " ".join(answer).split()


def test_exit_ends_the_session(shell: Client, router: SimulatedVigor) -> None:
    with pytest.raises(ConnectionError):
        shell.raw("exit\r")
    assert [entry["event"] for entry in router.log][:2] == ["login", "command"]


def test_several_commands_in_one_write(shell: Client) -> None:
    text = shell.raw("object ip obj 1 -n a\robject ip obj 2 -n b\r")
    text += "" if text.count("DrayTek> ") == 2 else shell.raw("")
    assert text.count("OK.\r\nDrayTek> ") == 2


# --- transcripts -----------------------------------------------------------------------------------------------------


def test_version(shell: Client) -> None:
    before = shell.run("sys version")
    assert before[0] == "Router Model: Vigor2927Vac         Version: 4.4.0 English"
    assert before[2:6] == [
        "Router IP: 192.168.1.1        Netmask: 255.255.255.0",
        "Firmware Build Date/Time: Apr 19 2022 15:48:29",
        "Router Name: DrayTek",
        "Revision: 3075_6ffc5c5 drayos2015_V2927_440",
    ]
    shell.run("object ip obj 1 -n changed")
    assert shell.run("sys version")[1] != before[1]
    assert shell.run("sys cfg status") == shell.run("sys version")[1:2]


def test_ip_object(shell: Client) -> None:
    assert shell.run("object ip obj 1 -n marketing") == ["OK."]
    assert shell.run("object ip obj 1 -a 1 192.168.1.45") == ["OK."]
    assert shell.run("object ip obj 1 -v") == lines("""
 IP Object Profile 1
 Name   :[marketing]
 Interface:[Any]
 Address type:[single]
 Start ip address:[192.168.1.45]
 End/Mask ip address:[0.0.0.0]
 MAC Address:[00:00:00:00:00:00]
 Invert Selection:[0]
""")


@pytest.mark.parametrize("listing", ["full", "short"])
def test_ip_group(shell: Client, router: SimulatedVigor, listing: str) -> None:
    router.faults.group_listing = listing
    head = [" IP Group Profile 2", " Name   :[First]", " Interface:[Any]", " Included ip object index:"]
    rows = [f" [{row}:][0]" for row in range(100)]
    if listing == "short":
        rows = [*rows[:4], " ...", rows[99]]
    assert shell.run("object ip grp 2 -n First") == [*head, *rows, "", "Set ok!"]
    assert shell.run("object ip grp 2 -v")[:4] == head
    assert shell.pages == (8 if listing == "full" else 0)


def test_ip_group_members(shell: Client, router: SimulatedVigor) -> None:
    shell.run('object ip grp 1 -a "1 2 3"')
    shell.run('object ip grp 1 -a "4"')
    assert router.state.ip_groups[1].members == [4]
    router.faults.group_add = "add"
    shell.run('object ip grp 1 -a "5"')
    assert shell.run("object ip grp 1 -v")[4:7] == [" [0:][4]", " [1:][5]", " [2:][0]"]


def test_ipv6_object(shell: Client) -> None:
    address = "2607:f0d0:1002:51::4"
    assert shell.run(f"obj ipv6 obj 3 -a 3 {address} {address}") == ["Setting saved."]
    assert shell.run("obj ipv6 obj 3 -v") == lines("""
 IPv6 Object Profile 3
 Name   :[]
 Address Type:[range]
 Start IPv6 Address:[2607:F0D0:1002:51::4]
 End IPv6 Address:[2607:F0D0:1002:51::4]
 Prefix Length:[0]
 MAC Address:[00:00:00:00:00:00]
 Invert Selection:[0]
 Match Type:[0]
""")


def test_country_object(shell: Client) -> None:
    shell.run("object country set 1 -n Best")
    assert shell.run("object country set 1 -a 222") == lines("""
Country object Profile 1
Name   :[Best]
Included country index:
[0:][222] Taiwan
Set ok!
""")


def test_service_object(shell: Client) -> None:
    for command in ("-n limit", "-p 255", "-s 1 120 240", "-d 1 200 220"):
        assert shell.run(f"object service obj 1 {command}") == []
    assert shell.run("object service obj 1 -v") == lines("""
 Service Object Profile 1
 Name   :[limit]
 Protocol:[TCP/UDP]
 Source port check action:[!=]
 Source port range:[120~240]
 Destination port check action:[!=]
 Destination port range:[200~220]
""")


def test_service_group(shell: Client, router: SimulatedVigor) -> None:
    router.faults.group_listing = "short"
    shell.run("object service grp 1 -n Grope_1")
    assert shell.run("object service grp 1 -a 1 2") == lines("""
 Service Group Profile 1
 Name   :[Grope_1]
 Included service object index:
 [0:][1]
 [1:][2]
 [2:][0]
 ...
 [99:][0]
""")


def test_filter_version(shell: Client) -> None:
    assert shell.run("ipf view -V") == lines("""
ipf: IP Filter: v3.3.1 (1852)
Kernel: IP Filter: v3.3.1
Running: yes
Log Flags: 0x6055af1c = block, nomatch
Default: pass all, Logging: available
""")


def test_general_setup(shell: Client) -> None:
    assert shell.run("ipf set -v") == lines("""
 Data Filter: Enable (Start Filter Set = 1)
 Log Flag     : Disable
 Actions for packet not matching any rule:
   Pass or Block     : Pass
   CodePage         : ANSI(1252)-Latin I
   Max Sessions Limit: 60000
   Current Sessions : 0
   Mac Bind IP       : Non-Strict
   QOS Class        : None
   Packet Capture    : Disable
   APP Enforcement    : None
   URL Content Filter: None
   WEB Content Filter: None
   DNS Filter       : None
   Load-Balance policy : Auto-select
 ---------------------------------------------------------------------
   CodePage                  : ANSI(1252)-Latin I
   Window size               : 65535
   Session timeout           : 60
   DrayTek Banner             : Enable
 ---------------------------------------------------------------------
   Accept large incoming fragmented UDP or ICMP packets: Enable
   Transparent Mode                                : Disable
 ---------------------------------------------------------------------
   Block routing packet from WAN:
     [v] IPv4
     [v] IPv6
 ---------------------------------------------------------------------
   [v] Enable Strict Security Firewall l
""")
    assert shell.run('ipf set -R "v4 1"') == ["Setting saved."]
    shell.run("ipf set -d 2 -p 1 1")
    changed = shell.run("ipf set -v")
    assert changed[0] == " Data Filter: Enable (Start Filter Set = 2)"
    assert changed[3] == "   Pass or Block     : Block"


def test_rule_from_the_factory(shell: Client) -> None:
    assert shell.run("ipf rule 2 1 -v") == lines("""
 Filter Set 2 Rule 1:
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
 Current Sessions        : 0
 Mac Bind IP            : Non-Strict
 Qos Class              : None
 Packet Capture          : Disable
 APP Enforcement         : None
 URL Content Filter       : None
 WEB Content Filter       : None
 DNS Filter             : None
 Load-Balance policy      : Auto-select
 Log                    : Disable
 ----------------------------------------------------------------------
 CodePage                 : ANSI(1252)-Latin I
 Window size              : 65535
 Session timeout           : 60
 DrayTek Banner            : Enable
 ---------------------------------------------------------------------
 Strict Security Checking
   [ ]APP Enforcement
""")
    assert shell.run("ipf set 2 rule 1 -v") == shell.run("ipf rule 2 1 -v")


def test_rule_written_in_one_line(shell: Client) -> None:
    shell.run('ipf rule 3 2 -e 1 -D 1 -M "voip allow" -s "g 1 1" -S "g 1" -F "0 1" -I "d all" -I "e WAN1,WAN2"')
    answer = shell.run("ipf set 3 rule 2 -v")
    assert answer[1:3] == [" Status : Enable", " Comments: voip allow"]
    assert " Direction    : WAN -> LAN/DMZ/RT/VPN" in answer
    assert " Src Interface : WAN1, WAN2" in answer
    assert " Source IP    : IP Group 1" in answer
    assert " Service Type : Service Group 1" in answer
    assert " Log                    : Enable" in answer


@pytest.mark.parametrize(
    ("style", "source", "service"),
    [
        ("index", "IP Object 7, IP Group 1", "Service Object 3"),
        ("name", "head-office, our-networks", "camera"),
        (
            "expanded",
            "198.51.100.8 ~ 198.51.100.15, 192.168.1.0/255.255.255.0, 198.51.100.8 ~ 198.51.100.15",
            "TCP, Port: =1~65535 -> =8080~8080",
        ),
    ],
)
def test_reference_styles(style: str, source: str, service: str) -> None:
    with SimulatedVigor(state=lived_in_state(), faults={"reference_style": style}) as router, Client(router) as shell:
        shell.run('ipf rule 2 2 -s "g 2 1"')
        answer = shell.run("ipf rule 2 2 -v")
        assert f" Source IP    : {source}" in answer
        assert f" Service Type : {service}" in answer


def test_set_comment_next_and_move(shell: Client, router: SimulatedVigor) -> None:
    shell.run("ipf set 3 -m voip -n 2")
    assert "voip" in shell.run("ipf set 3 -v")[1]
    shell.run("ipf rule 3 1 -M first")
    shell.run("ipf rule 3 1 -U down")
    assert router.state.rule(3, 2).comment == "first"
    assert router.state.rule(3, 1).comment == ""
    assert shell.run("ipf rule 3 1 -U up") == ["invalid command !!"]


def test_flow_table(shell: Client, router: SimulatedVigor) -> None:
    assert shell.run("ipf flowtrack set -r") == ["Refresh the flowstate ok"]
    assert shell.run("ipf flowtrack set -e") == ["Current flow_enable=0"]
    assert router.device.flow_refreshes == 1


def test_question_mark_trap() -> None:
    with SimulatedVigor(state=lived_in_state()) as router, Client(router) as shell:
        assert shell.run("ipf default ?") == ["All filter rules was set to default values."]
        assert shell.run("qos setdefault ?") == ["setdefault!"]
        assert router.counters.writes == 2
        assert not router.state.sets[2].rules


def test_access_list(shell: Client) -> None:
    assert shell.run("mngt accesslist add 1 1") == ["%% Set OK."]
    assert shell.run("mngt accesslist list") == lines("""
%% Access list :
   [Index]      [IP Object Index]      [IP/CIDR or StartIP ~ EndIP]
 =======================================================================
   1          1                    Please setting index=1 for IP Object
""")


def test_remote_management_needs_its_master_switch(shell: Client) -> None:
    assert shell.run("mngt rmtcfg ftp on")[0] == "Enable server fail"
    assert shell.run("mngt rmtcfg enable") == ["%% Remote configure function has been enabled."]
    assert shell.run("mngt rmtcfg ftp on") == ["%% FTP server has been enabled."]
    assert "%% FTP server has been enabled." in shell.run("mngt rmtcfg status")


def test_brute_force_protection(shell: Client) -> None:
    for command in ("-e 1", "-s FTP", "-l 10"):
        assert shell.run(f"mngt bfp {command}") == []
    assert shell.run("mngt bfp -v")[:4] == [
        "Current Brute Force Protection Setting:",
        "* Enable: yes",
        "* Service:",
        " - FTP:       yes",
    ]


def test_nat_reads(router: SimulatedVigor, shell: Client) -> None:
    with SimulatedVigor(open_ports=[("TCP", (56, 83), "192.168.1.55")]) as exposed, Client(exposed) as other:
        exposed.state.open_ports[1][1].comment = "games"
        assert other.run("srv nat openport 1 1 -v") == lines("""
%% Status: Enable
%% Comment: games
%% WAN Interface: WAN1
%% Private IP address: 192.168.1.55
Index   Protocal        Start Port      End Port
*****************************************************************
  1.    TCP             56              83
""")
        assert other.run("srv nat showall")[2].split() == ["O01", "---", "0.0.0.0:56~83", "192.168.1.55:56~83", "Y"]
        assert other.run("srv nat showall ?") == other.run("srv nat showall")


def test_command_log_keeps_what_was_typed(shell: Client) -> None:
    shell.run("sys version")
    assert shell.run("sys cmdlog") == [
        "% Commands Log: (The lowest index is the newest !!!)",
        "   [1] sys cmdlog",
        "   [2] sys version",
    ]


def test_syslog_and_names_are_silent(shell: Client, router: SimulatedVigor) -> None:
    assert shell.run("sys syslog -a 1 -s 1 -i 192.168.1.25 -d 514") == []
    assert router.state.syslog == {"a": "1", "s": "1", "i": "192.168.1.25", "d": "514"}
    assert shell.run("sys name wan1 drayrouter") == []
    assert shell.run("sys name ?")[2] == "% Now: wan1 == drayrouter, wan2 =="


# --- what is not accepted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "object ip obj 193 -n x",
        "object ip obj 1 -n fifteen-letters",
        'object ip obj 1 -n "two words"',
        "object ip obj 1 -a 0 203.0.113.0 255.0.255.0",
        "object ip obj 1 -a 1 203.0.113.256",
        "object ip grp 1 -a 1 2",
        "object service obj 1 -d 0 5060",
        "object service obj 1 -d 0 5061 5060",
        "ipf rule 13 1 -e 1",
        "ipf rule 1 8 -e 1",
        "ipf rule 1 1 -s o 1 2",
        'ipf rule 1 1 -s "o 3 2"',
        "ipf rule 1 1 -F 1 0",
        'ipf rule 1 1 -I "e LAN9"',
        "ipf rule 1 1 -M two words",
        'ipf rule 1 1 -M "open',
        "ipf rule 1 1 \xe2\x80\x93e 1",  # the en dash some manuals print
        "mngt accesslist add 11 1",
    ],
)
def test_refused(shell: Client, router: SimulatedVigor, command: str) -> None:
    before = router.snapshot()
    shell.raw(command + "\r")
    assert router.snapshot() == before
    assert router.log.events[-1]["reply"].startswith("refused")


def test_a_long_line_is_cut(shell: Client, router: SimulatedVigor) -> None:
    command = "ipf rule 1 1 -e 1 " + "-f 0 " * 50 + "-D 1"
    shell.raw(command + "\r")
    assert router.log.events[-1]["cut"] is True
    assert len(router.log.events[-1]["text"]) == 255
    assert router.state.rule(1, 1).direction == 0


# --- pager -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "stops", "last"), [(" ", 4, "Set ok!"), ("\r", 83, "Set ok!"), ("q", 1, "")])
def test_pager_keys(router: SimulatedVigor, key: str, stops: int, last: str) -> None:
    with Client(router, pager_key=key) as shell:
        answer = shell.run("object ip grp 1 -n x")
        assert shell.pages == stops
        assert (answer[-1] == last) or (key == "q" and len(answer) == 23)


def test_pager_swallows_type_ahead(shell: Client, router: SimulatedVigor) -> None:
    shell.raw("object ip grp 1 -v\rsys commit\r")
    assert router.counters.commits == 0


def test_paging_can_be_switched_off_where_the_firmware_has_it(shell: Client) -> None:
    assert shell.run("sys mpage disable") == ["invalid command !!"]
    with SimulatedVigor("vigor3912") as new, Client(new) as other:
        assert other.run("sys mpage disable") == ["Set disable show more page"]
        other.run("object ip grp 1 -v")
        assert other.pages == 0
        assert new.counters.writes == 0
        new.reboot()
        with Client(new) as after:
            after.run("object ip grp 1 -v")
            assert after.pages == 4


# --- persistence -----------------------------------------------------------------------------------------------------


def test_reboot_loses_what_was_not_committed(router: SimulatedVigor) -> None:
    with Client(router) as shell:
        shell.run("object ip obj 1 -n kept")
        shell.run("sys commit")
        shell.run("object ip obj 2 -n lost")
        with pytest.raises(ConnectionError):
            shell.raw("sys reboot\r")
    assert sorted(router.state.ip_objects) == [1]
    assert (router.counters.writes, router.counters.commits, router.counters.reboots) == (2, 1, 1)


def test_snapshot_is_canonical(router: SimulatedVigor) -> None:
    before = router.snapshot()
    with Client(router) as shell:
        shell.run('ipf rule 4 1 -e 1 -M x -s "g 1 1" -t "i 1 3"')
        assert router.snapshot() != before
        shell.run('ipf rule 4 1 -e 0 -s "g 1 0" -t "i 1 0"')
        router.state.sets[4].rules[1].comment = ""
    assert router.snapshot() == before
    full = lived_in_state()
    assert to_dict(from_dict(json.loads(json.dumps(to_dict(full))))) == to_dict(full)


# --- faults ----------------------------------------------------------------------------------------------------------


def test_the_line_drops_after_a_command(router: SimulatedVigor) -> None:
    router.faults.drop_after_command = 2
    with Client(router) as shell:
        shell.run("sys version")
        with pytest.raises(ConnectionError):
            shell.run("object ip obj 1 -n done")
    assert router.state.ip_objects[1].name == "done"
    with Client(router) as again:
        again.run("sys version")


def test_the_line_drops_before_a_command(router: SimulatedVigor) -> None:
    router.faults.update({"drop_on": "obj 1", "drop_when": "before"})
    with Client(router) as shell, pytest.raises(ConnectionError):
        shell.run("object ip obj 1 -n never")
    assert not router.state.ip_objects
    with Client(router) as again:
        assert again.run("object ip obj 1 -n now") == ["OK."]


def test_a_slow_reply(shell: Client, router: SimulatedVigor) -> None:
    router.faults.slow_reply = 0.2
    start = time.monotonic()
    assert shell.run("object ip obj 1 -n x") == ["OK."]
    assert time.monotonic() - start >= 0.2


def test_second_login_is_refused(shell: Client, router: SimulatedVigor) -> None:
    router.faults.refuse_second_login = True
    with pytest.raises(asyncssh.PermissionDenied):
        Client(router)
    assert shell.run("object ip obj 1 -n x") == ["OK."]


def test_second_login_ends_the_first(shell: Client, router: SimulatedVigor) -> None:
    router.faults.second_login_ends_first = True
    with Client(router) as second:
        second.run("sys version")
        with pytest.raises(ConnectionError):
            shell.run("sys version")


def test_writes_that_do_nothing_or_something_else(shell: Client, router: SimulatedVigor) -> None:
    router.faults.ignore_writes_matching = "ip obj 2"
    assert shell.run("object ip obj 2 -n x") == ["OK."]
    assert 2 not in router.state.ip_objects
    router.faults.update({"ignore_writes_matching": "", "corrupt_writes_matching": "service obj"})
    shell.run("object service obj 1 -d 0 5060 5060")
    assert router.state.service_objects[1].destination_end == 5061
    router.faults.update({"corrupt_writes_matching": "ip obj", "corrupt_writes_with": [r"203\.0", "198.0"]})
    assert shell.run("object ip obj 3 -a 1 203.0.113.1") == ["OK."]
    assert router.state.ip_objects[3].start == "198.0.113.1"


def test_commit_that_does_not_reach_flash(shell: Client, router: SimulatedVigor) -> None:
    router.faults.fail_commit = True
    shell.run("object ip obj 1 -n x")
    assert shell.run("sys commit") == []
    assert router.flash_snapshot() != router.snapshot()


def test_read_only(shell: Client, router: SimulatedVigor) -> None:
    router.faults.read_only = True
    before = router.snapshot()
    for command in ("sys version", "ipf set -v", "ipf rule 1 1 -v", "object ip obj 1 -v", "mngt accesslist list"):
        shell.run(command)
    router.assert_clean()
    for command in ("object ip obj 1 -n x", "sys commit", "ipf flowtrack set -r"):
        assert shell.run(command) == ["invalid command !!"]
    assert router.snapshot() == before
    assert router.counters.writes == 0
    with pytest.raises(AssertionError, match="read-only"):
        router.assert_clean()


def test_password_changed(router: SimulatedVigor) -> None:
    router.faults.password_changed = True
    with pytest.raises(asyncssh.PermissionDenied):
        Client(router)
    router.faults.password_changed = "other"
    Client(router, password="other").close()


def test_no_login_after_a_write(shell: Client, router: SimulatedVigor) -> None:
    router.faults.login_fails_after_write = True
    Client(router).close()
    shell.run("object ip obj 1 -n x")
    with pytest.raises(asyncssh.PermissionDenied):
        Client(router)


def test_management_is_cut_until_reboot(router: SimulatedVigor) -> None:
    router.faults.management_cut_on = "ipf set -p"
    with Client(router) as shell, pytest.raises(ConnectionError):
        shell.run("ipf set -p 1 1")
    with pytest.raises((asyncssh.Error, OSError)):
        Client(router)
    router.reboot()
    with Client(router) as after:
        assert after.run("ipf set -v")[3].endswith("Pass")


def test_reboot_after_a_command(router: SimulatedVigor) -> None:
    router.faults.reboot_after_command = 1
    with Client(router) as shell, pytest.raises(ConnectionError):
        shell.run("object ip obj 1 -n x")
    assert not router.state.ip_objects
    assert router.postures[-1].command == "reboot"


def test_prompt_colour_and_change(router: SimulatedVigor) -> None:
    router.faults.prompt_colour = True
    with Client(router, prompt="\x1b[1;32mDrayTek> \x1b[0m") as shell:
        shell.run("sys version")
    router.faults.update({"prompt_colour": False, "new_prompt": "Reception#> ", "new_prompt_after_command": 2})
    with Client(router) as shell:
        assert shell.raw("\r") == "\r\nDrayTek> "
        shell.expect("Reception#> ")
        assert shell.run("sys commit") == []


def test_quiet_device(shell: Client, router: SimulatedVigor) -> None:
    router.faults.update({"confirmations": False, "silent_errors": True})
    assert shell.run("object ip obj 1 -n x") == []
    assert shell.run("nonsense") == []
    assert shell.run("object ip obj 999 -n x") == []


def test_type_ahead_lost(shell: Client, router: SimulatedVigor) -> None:
    router.faults.type_ahead_lost = True
    shell.raw("object ip obj 1 -n a\robject ip obj 2 -n b\r")
    assert sorted(router.state.ip_objects) == [1]


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        SimulatedVigor(faults={"drop_afer_command": 1})


# --- profiles --------------------------------------------------------------------------------------------------------


def test_other_models() -> None:
    with SimulatedVigor("vigor3912") as router, Client(router) as shell:
        assert shell.run("mngt accesslist add ip 1 1") == ['%% Set OK. Please do "sys re" to reboot the router!']
        assert shell.run("mngt accesslist list")[3].split()[:4] == ["1", "IP", "Object", "1"]
    with SimulatedVigor("vigor2862") as router, Client(router) as shell:
        assert shell.run("ipf set -v")[0].endswith("(Start Filter Set = 2)")
        assert " Dst Interface : WAN1, WAN2, WAN3, WAN4" in shell.run("ipf rule 1 1 -v")
        assert not router.snapshot().get("ip_objects")


@pytest.mark.parametrize("profile", ["vigor2928", "vigor3900"])
def test_other_grammars_do_not_know_the_command(profile: str) -> None:
    with SimulatedVigor(profile) as router, Client(router) as shell:
        assert "Router Model" not in " ".join(shell.run("sys version"))
        shell.run("object ip obj 1 -n x")
        assert not router.state.ip_objects


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
def test_old_algorithms_only() -> None:
    old: dict[str, Any] = {
        "kex_algs": ["diffie-hellman-group1-sha1"],
        "server_host_key_algs": ["ssh-rsa"],
        "encryption_algs": ["3des-cbc"],
        "mac_algs": ["hmac-sha1"],
    }
    with SimulatedVigor("old_ssh") as router:
        with pytest.raises(asyncssh.DisconnectError):
            Client(router)
        with Client(router, **old) as shell:
            assert shell.run("sys version")[0].startswith("Router Model: Vigor2830")


@pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")
def test_openssh_sees_the_refused_exec(router: SimulatedVigor, tmp_path: Path) -> None:
    hosts, ask = tmp_path / "known_hosts", tmp_path / "ask"
    hosts.write_text(router.known_hosts_line + "\n")
    ask.write_text("#!/bin/sh\necho admin\n")
    ask.chmod(0o700)
    place = ["-p", str(router.port), "-o", f"UserKnownHostsFile={hosts}", "-o", "StrictHostKeyChecking=yes"]
    found = subprocess.run(
        ["ssh", "-F", "none", *place, "admin@127.0.0.1", "sys version"],
        env={**os.environ, "SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert "exec request failed" in found.stderr


# --- posture ---------------------------------------------------------------------------------------------------------


def test_posture_follows_every_write() -> None:
    probes = [Probe("stranger", "198.51.100.66", "udp", 5060), Probe("provider", "203.0.113.10", "udp", 5060)]
    with (
        SimulatedVigor(open_ports=[("UDP", 5060, "192.168.1.10")], probes=probes) as router,
        Client(router) as shell,
    ):
        assert router.postures[0].reached() == {"stranger", "provider"}
        shell.run("object ip obj 1 -a 0 203.0.113.0 255.255.255.192")
        shell.run("object service obj 1 -p 17")
        shell.run("object service obj 1 -d 0 5060 5060")
        shell.run('ipf rule 1 2 -D 1 -S "o 1" -F "1 1" -e 1')
        assert router.postures[-1].reached() == set()
        shell.run('ipf rule 1 1 -D 1 -s "g 1 1" -S "o 1" -F "0 1" -e 1')
        assert router.postures[-1].dangling == ("set 1 rule 1: source IP group 1 is blank",)
        assert router.postures[-1].reached() == {"stranger", "provider"}
        shell.run('object ip grp 1 -a "1"')
        assert router.postures[-1].reached() == {"provider"}
        assert not router.postures[-1].dangling
        assert router.postures[-1].seq == router.log.of("command")[-1]["seq"]
        assert router.postures[-1].management_blocked() == set()
        shell.run('ipf rule 1 3 -D 2 -F "1 0" -e 1')
        assert router.postures[-1].management_blocked() == {"LAN to router ssh"}


def test_a_subscriber_sees_the_configuration_before_the_reply(shell: Client, router: SimulatedVigor) -> None:
    seen: list[int] = []
    router.subscribe(lambda state: seen.append(len(state.ip_objects)))
    shell.run("object ip obj 1 -n a")
    shell.run("object ip obj 1 -v")
    shell.run("sys commit")
    assert seen == [1, 1]


def test_a_router_that_takes_time_to_come_back(router: SimulatedVigor) -> None:
    router.faults.reboot_takes = 60
    router.reboot()
    with pytest.raises((asyncssh.Error, OSError)):
        Client(router)


@pytest.mark.parametrize("command", ["sys commit ?", "sys reboot ?", "object ip obj setdefault ?"])
def test_question_marks_that_act_are_violations_too(shell: Client, router: SimulatedVigor, command: str) -> None:
    router.faults.read_only = True
    shell.run(command)
    assert router.violations == [command]


# --- as a process ----------------------------------------------------------------------------------------------------


def test_command_line(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    paths = {name: tmp_path / name for name in ("log", "state", "ready", "hosts", "key", "faults", "locked")}
    command = [sys.executable, "-m", "lab.drayos", "--profile", "vigor2927", "--port", "0", "--lived-in"]
    command += ["--password-file", str(tmp_path / "password"), "--log", str(paths["log"])]
    command += ["--state-file", str(paths["state"]), "--ready-file", str(paths["ready"])]
    command += ["--known-hosts-out", str(paths["hosts"]), "--host-key", str(paths["key"])]
    command += ["--faults-file", str(paths["faults"]), "--read-only-file", str(paths["locked"])]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    process = subprocess.Popen(command, env=environment)
    try:
        deadline = time.monotonic() + 20
        while not paths["ready"].exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        ready = json.loads(paths["ready"].read_text())
        assert ready["pid"] == process.pid
        assert paths["hosts"].read_text().strip() == ready["known_hosts_line"]
        there = SimulatedVigor(host_key=asyncssh.read_private_key(paths["key"]), port=ready["port"])
        with Client(there, password="s3cret") as shell:
            shell.run("object ip obj 2 -n second")
            saved = json.loads(paths["state"].read_text())
            assert saved["running"]["ip_objects"]["2"] == {"name": "second"}
            assert "2" not in saved["flash"]["ip_objects"]
            paths["locked"].touch()
            assert shell.run("object ip obj 3 -n third") == ["invalid command !!"]
            paths["locked"].unlink()
            paths["faults"].write_text('{"ignore_writes_matching": "obj 4"}')
            assert shell.run("object ip obj 4 -n fourth") == ["OK."]
        saved = json.loads(paths["state"].read_text())
        assert sorted(saved["running"]["ip_objects"]) == ["1", "2", "7"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        events = [json.loads(line)["event"] for line in paths["log"].read_text().splitlines()]
        assert "violation" in events
        assert "s3cret" not in paths["log"].read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_every_profile_starts() -> None:
    for profile in PROFILES:
        with SimulatedVigor(profile, state=factory_state(profile)) as router:
            assert router.port
