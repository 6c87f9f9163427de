# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command that our modules send has a documented form, and the simulated router refuses none of them.

The table is the list of forms; a command that fits none of them, or a form that nothing sends any more, fails.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import dialect as dialects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import parse_version
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.firewall import REFRESH_FLOWS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.planner import plan_firewall
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import wanted_from
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import (
    PAGER_OFF,
    PAGER_ON,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.transaction import TIMER
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.core import _plan
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.plan import Login
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.wanted import wanted_system
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from lab.drayos.device import Device
from lab.drayos.faults import Faults
from lab.drayos.fixtures import lived_in_state
from lab.drayos.journal import Journal
from lab.drayos.profiles import PROFILES
from lab.drayos.state import DmzHost, IpObject, OpenPort, PortMap

N, WORD, IP = r"\d+", r"\S+", r"\d+\.\d+\.\d+\.\d+"
IP6 = r"[0-9a-fA-F:]+"
REFERENCE = r'"(?:o|o6|g|g6|c) \d+ \d+"'

FORMS: dict[str, tuple[str, str]] = {
    # what: (place in the reference, form)
    "version": ("1", "sys version"),
    "save": ("1", "sys commit"),
    "pager": ("1b", "sys mpage (?:disable|enable)"),
    "restart timer": ("annex sys autoreboot", "sys autoreboot (?:on|off|1)"),
    "general view": ("2.2", "ipf set -v"),
    "start set": ("2.2", f"ipf set -d {N}"),
    "default rule": ("2.2", "ipf set -p [01] [01]"),
    "routing from WAN": ("2.2", 'ipf set -R "v[46] [01]"'),
    "strict, fragments, transparent": ("2.2", "ipf set -[Lft] [01]"),
    "set view": ("2.2", f"ipf set {N} -v"),
    "set comment": ("2.2", f"ipf set {N} -m {WORD}"),
    "next set": ("2.2", f"ipf set {N} -n {N}"),
    "rule view": ("2.3", f"ipf rule {N} [1-7] -v"),
    "rule out of use": ("2.3", f"ipf rule {N} [1-7] -M vs_free -e 0"),
    "rule schedules blank": ("2.3", rf'ipf rule {N} [1-7](?: -t "i [1-4] 0")+'),
    "rule references blank": ("2.3", rf'ipf rule {N} [1-7](?: -[sd] "(?:o|o6|g|g6|c) \d 0")+'),
    "rule service blank": ("2.3", rf'ipf rule {N} [1-7](?: -S "[og] 0")+'),
    "rule": (
        "2.3",
        rf'ipf rule {N} [1-7] -D [012](?: -[IO] "[ed] [A-Z0-9a-z,]+")+(?: -s {REFERENCE})?(?: -d {REFERENCE})?'
        rf'(?: -S "[og] {N}")? -f [0-3] -F "[0-3] [01]" -N {N}(?: -t "i [1-4] {N}")*(?: -t "c [01]")?'
        rf" -M {WORD} -e [01]",
    ),
    "refresh flows": ("2.4", "ipf flowtrack set -r"),
    "IP object view": ("2b", f"object ip obj {N} -v"),
    "IP object": ("2b", rf"object ip obj {N} (?:-n {WORD}|-[is] [01]|-a 1 {IP}|-a 3 {IP} {IP})"),
    "IP group view": ("2b", f"object ip grp {N} -v"),
    "IP group": ("2b", rf'object ip grp {N} (?:-n {WORD}|-a "[\d ]+")'),
    "IPv6 object view": ("2b", f"object ipv6 obj {N} -v"),
    "IPv6 object": ("2b", rf"object ipv6 obj {N} (?:-n {WORD}|-[se] [01]|-a [13] {IP6} {IP6})"),
    "IPv6 group view": ("2b", f"object ipv6 grp {N} -v"),
    "IPv6 group": ("2b", rf"object ipv6 grp {N} (?:-n {WORD}|-a [\d ]+)"),
    "country view": ("2b", f"object country set {N} -v"),
    "country": ("2b", rf"object country set {N} (?:-n {WORD}|-a {N})"),
    "service object view": ("2b", f"object service obj {N} -v"),
    "service object": ("2b", rf"object service obj {N} (?:-n {WORD}|-p {N}|-[sd] [0-3] {N} {N})"),
    "service group view": ("2b", f"object service grp {N} -v"),
    "service group": ("2b", rf"object service grp {N} (?:-n {WORD}|-a [\d ]+)"),
    "NAT in one read": ("2c", "srv nat showall"),
    "open port view": ("2c", f"srv nat openport {N} {N} -v"),
    "open port sources": ("2c", rf"srv nat openport {N} {N} -l {N} -g [01] -c {WORD}"),
    "open port switch": ("2c", rf"srv nat openport {N} {N} -a [01]"),
    "redirection switch": ("2c", rf"srv nat portmap (?:disable {N}|enable {N} (?:tcp|udp))"),
    "DMZ view": ("2c", "srv nat dmz -v"),
    "DMZ switch": ("2c", rf"srv nat dmz {N} {N} -e [01]"),
    "SIP ALG view": ("annex sys sip_alg", r"sys sip_alg \?"),
    "SIP ALG": ("annex sys sip_alg", "sys sip_alg -e [01]"),
    "DoS": ("annex dos", rf"dos (?:-A|-o [01]|-e {WORD}|-s (?:syn|udp|icmp)flood {N} {N})"),
    "DoS lists": ("annex dos", rf"dos -[PB] (?:show|(?:add4|remove4) -i {IP})"),
    "access list view": ("4", "mngt accesslist list"),
    "access list": ("4, 4b", rf"mngt accesslist (?:add (?:ip )?{N} {N}|remove {N})"),
    "remote view": ("4", "mngt rmtcfg status"),
    "remote": (
        "4",
        "mngt rmtcfg (?:enable|disable|(?:http|https|ftp|telnet|ssh|tr069|snmp|enforce_https) (?:on|off))",
    ),
    "brute force view": ("annex mngt bfp", "mngt bfp -v"),
    "brute force": ("annex mngt bfp", rf"mngt bfp -l {N} -p {N}(?: -s All)? -e [01]"),
    "SNMP": ("4", "mngt snmp -e [12]"),
    "FTP": ("annex sys ftpd", "sys ftpd (?:on|off)"),
    "UPnP": ("annex, by the way", "upnp (?:on|off)"),
    "IPv6 management": ("4", "ip6 mngt internet (?:on|off)"),
    "ping": ("4", "mngt echoicmp (?:enable|disable)"),
    "ports": ("4", f"mngt (?:https|ssh)port {N}"),
    "syslog": ("annex sys syslog", rf"sys syslog -a 1 -s 1 -i {IP} -d {N}(?: -[fvecwlr] [01])+"),
    "mail view": ("annex sys mailalert", "sys mailalert -v"),
    "mail": (
        "annex sys mailalert",
        rf"sys mailalert (?:-i {IP} -o {N} -a {WORD}(?: -r {WORD})? -s [0-3] -h [01](?: -u {WORD})?|-l \d [01]"
        rf"|-e [01]|-p {WORD})",
    ),
    "time view": ("annex sys time", "sys time show"),
    "time": ("annex sys time", rf"sys time (?:server {WORD}|zone {N})"),
    "summer time": ("annex sys daylightsave", r"sys daylightsave (?:-e 0|-t 2 -y [\d ]+ -z [\d ]+ -e 1)"),
    "password": ("annex sys passwd", rf"sys passwd {WORD} {WORD}"),
}

DIALECTS = {
    "vigor2927": dialects.VIGOR_2927,
    "vigor3912": dialects.VIGOR_3912,
    "vigor2862": dialects.VIGOR_2862,
}
RICH: dict[str, Any] = {
    "address_objects": [
        {"name": "vs_one", "network": "192.0.2.1"},
        {"name": "vs_not", "network": "192.0.2.16/28", "inverted": True},
        {"name": "vs_six", "network": "2001:db8:1::/48"},
    ],
    "address_groups": [
        {"name": "vs_g4", "members": ["vs_one", "vs_not"]},
        {"name": "vs_g6", "members": ["vs_six"]},
    ],
    "country_objects": [{"name": "vs_far", "countries": [222, 241]}],
    "service_objects": [
        {"name": "vs_sip", "ports": "5060-5061"},
        {"name": "vs_web", "ports": "443", "protocol": "tcp", "source_ports": ">1023"},
    ],
    "service_groups": [{"name": "vs_svc", "members": ["vs_sip", "vs_web"]}],
    "rules": [
        {"comment": "vs_out", "action": "pass", "direction": "lan_to_wan"},
        {
            "comment": "vs_rich",
            "action": "pass",
            "sources": "vs_g4",
            "destinations": "vs_one",
            "services": "vs_svc",
            "source_interfaces": ["WAN1"],
            "schedules": [1, 2],
            "clear_sessions": True,
        },
        {"comment": "vs_far", "action": "block_if_no_further_match", "sources": "vs_far", "services": "vs_sip"},
        {"comment": "vs_six", "action": "block", "sources": "vs_g6", "services": "vs_svc"},
        {"comment": "vs_block", "action": "block", "services": "vs_svc"},
    ],
    "general": {
        "default_action": "block",
        "strict": False,
        "large_fragments": False,
        "transparent": True,
        "block_routing_v4": False,
        "block_routing_v6": False,
    },
    "nat": {"address": "192.168.1.10", "ports": ["5060"], "sources": "vs_g4", "watched": ["5060", "443"]},
    "sip_alg": False,
    "dos": {
        "udp_flood": {"threshold": 2000, "timeout": 10},
        "attacks": ["land"],
        "allow": ["192.0.2.1"],
        "block": ["192.0.2.2"],
    },
}
SYSTEM: dict[str, Any] = {
    "management_networks": ["198.51.100.7", "198.51.100.64/28"],
    "remote_access": {"enabled": True, "services": ["ssh"]},
    "brute_force": {"failures": 5, "penalty": 1800},
    "snmp": False,
    "ftp_server": False,
    "upnp": False,
    "ipv6_management": False,
    "answer_ping": False,
    "https_port": 8443,
    "ssh_port": 2222,
    "syslog": {"server": "192.0.2.25"},
    "mail_alert": {
        "smtp_address": "192.0.2.25",
        "recipient": "noc@example.net",
        "sender": "router@example.net",
        "username": "acme",
        "password": "only-for-this-test",
    },
    "clock": {"server": "ntp.example.net", "zone": "Europe/Berlin"},
    "new_password": "another-password-1",
}


class Router:
    """A simulated router without network that remembers what was typed."""

    def __init__(self, profile: str) -> None:
        state = lived_in_state(profile)
        state.alg["sip"] = 1
        state.open_ports[9] = {1: OpenPort(1, "web", "192.168.1.20", 1, "TCP", 443, 443)}
        state.port_maps[3] = PortMap(1, "sip2", "UDP", 5062, 0, 0, "192.168.1.30", 5060)
        state.dmz[2] = {1: DmzHost(1, "192.168.1.40")}
        state.ip_objects[20] = IpObject("theirs", 0, 1, "203.0.113.200", "0.0.0.0")
        state.management.access_list = {1: 20}
        state.dos.passing.append("192.0.2.99")
        self.device = Device(PROFILES[profile], state, Faults(), Journal(), "old-password-1", (), ())
        self.typed: list[str] = []

    def run(self, command: str) -> str:
        self.typed.append(command)
        return "\n".join(self.device.execute(command).lines)

    def carry_out(self, plan: Any) -> None:
        for step in plan.steps:
            for command in step.commands:
                self.run(command)
        for command in plan.save:
            self.run(command)


def stories(profile: str) -> Iterator[Router]:
    """Everything that the modules can be asked for, one after the other on one router."""
    dialect, router = DIALECTS[profile], Router(profile)
    assert parse_version(router.run("sys version"))
    changed = copy.deepcopy(RICH)
    many = [{"comment": f"vs_{n}", "action": "pass", "sources": "vs_g4", "services": "vs_web"} for n in range(8)]
    changed["rules"] = [*many, {"comment": "vs_block", "action": "block", "services": "vs_sip"}]
    changed["address_objects"][0]["network"] = "192.0.2.77-192.0.2.79"
    changed["general"] = {"default_action": "pass"}
    for config, state in (
        (RICH, State.OVERRIDDEN),
        (changed, State.REPLACED),
        (RICH, State.MERGED),
        ({}, State.DELETED),
    ):
        _have, plan = plan_firewall(router.run, dialect, wanted_from(config), state)
        router.carry_out(plan)
        for step in reversed(plan.steps):
            for command in step.undo:
                router.run(command)
        router.carry_out(plan)
    login = Login(22, "", "old-password-1")
    for config, state in ((SYSTEM, State.OVERRIDDEN), ({"management_networks": ["192.0.2.1"]}, State.REPLACED)):
        _found, system_plan = _plan(router.run, wanted_system(config), dialect, login, state, always=False)
        router.carry_out(system_plan)
        for step in reversed(system_plan.steps):
            for command in step.undo:
                router.run(command)
    for command in (*TIMER.commands, *TIMER.undo, REFRESH_FLOWS):
        router.run(command)
    if dialect.pager_switch:
        router.run(PAGER_OFF)
        router.run(PAGER_ON)
    yield router


@pytest.fixture(scope="module")
def typed() -> dict[str, Router]:
    return {profile: next(stories(profile)) for profile in DIALECTS}


def test_every_command_has_a_documented_form(typed: dict[str, Router]) -> None:
    forms = [re.compile(form) for _place, form in FORMS.values()]
    commands = {command for router in typed.values() for command in router.typed}
    assert len(commands) > 200
    strange = sorted(command for command in commands if not any(form.fullmatch(command) for form in forms))
    assert strange == []


def test_every_form_is_still_sent(typed: dict[str, Router]) -> None:
    commands = {command for router in typed.values() for command in router.typed}
    unused = [
        what for what, (_place, form) in FORMS.items() if not any(re.fullmatch(form, command) for command in commands)
    ]
    assert unused == []


def test_the_simulated_router_refuses_none_of_them(typed: dict[str, Router]) -> None:
    for profile, router in typed.items():
        refused = [
            f"{profile}: {entry['text']} ({entry['reply']})"
            for entry in router.device.journal.of("command")
            if entry["reply"].startswith("refused") or entry["class"] == "unknown"
        ]
        assert refused == []


@pytest.mark.parametrize(
    "line",
    [
        "ipf rule 12 8 -e 1",
        'ipf rule 12 1 -F "4 1"',
        "object ip obj 193 -n too_high",
        "object ip obj 1 -n a_name_of_fifteen",
        "object service obj 1 -p",
        "dos -s udpflood 20 10",
        "srv nat openport 1 1 -p SCTP",
        "mngt accesslist add 11 1",
        "sys time zone 74",
        "ipf frobnicate",
    ],
)
def test_the_simulated_router_refuses_what_is_outside_the_grammar(line: str) -> None:
    router = Router("vigor2927")
    before = router.device.snapshot()
    router.run(line)
    entry = router.device.journal.of("command")[-1]
    assert entry["reply"].startswith("refused") or entry["class"] == "unknown"
    assert router.device.snapshot() == before
