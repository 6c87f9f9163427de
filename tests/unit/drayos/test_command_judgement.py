# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which typed commands are sent at all, and which only when writing is allowed."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.command import judge

READS = [
    "?",
    "sys version",
    "sys  iface",
    "sys cfg status",
    "sys alg",
    "sys sip_alg ?",
    "sys tr069 get Int. nextlevel",
    "sys tr069 notify -S",
    "sys time show",
    "ipf view -V",
    "ipf view -r -h",
    "ipf set -v",
    "ipf set 2 -v",
    "ipf rule 2 1 -v",
    "ipf set 2 rule 1 -v",
    "ipf flowtrack view -f",
    "object ip obj 1 -v",
    "obj ipv6 obj 3 -v",
    "object service grp 96 -v",
    "object country set 1 -v",
    "srv nat openport 1 1 -v",
    "srv nat showall ?",
    "srv nat portmap table",
    "mngt bfp -v",
    "mngt lanaccess -v",
    "mngt accesslist list",
    "ip6 mngt list",
    "log -f",
    "log -cw -t",
    "dos -P show",
    "show status",
]
WRITES = [
    "sys commit",
    "sys autoreboot 24",
    "sys name wan1 branch",
    "sys adminuser Local 0",
    "sys syslog -v 1",  # the VPN log's switch, not a view
    "sys syslog -v",
    "sys mailalert -e 1",
    "ipf rule 12 7 -e 0",
    "ipf rule 12 7 -e 0 -v",
    "ipf view -z",
    "ipf view -Z",
    "ipf flowtrack set -r",
    "ipf set -d 2",
    "ipf set -p 0 1",
    "object ip obj 1 -n marketing",
    "object country set 1 -a 222",
    "object country activate",
    "srv nat openport 1 1 -a 1 -v",
    "srv nat showall now",
    "mngt rmtcfg ssh on",
    "mngt rmtcfg enforce_https on",
    "ip6 mngt list add 1 1",
    "dos -A",
    "sys version now",
    "show something",
    "IPF SET -V",
]
REFUSED = {
    "sys reboot": "restarts",
    "sys re": "restarts",  # "Please do "sys re" to reboot the router!"
    "SYS Reboot": "restarts",
    'sys "reboot"': "restarts",
    '"sys reboot"': "restarts",
    "sys reboot ?": "restarts",
    "sys reboot?": "restarts",
    "sys cfg default": "factory",
    "sys cfg def": "factory",
    "object ip obj setdefault": "wipes",
    "obj ip obj setd": "wipes",
    "object ip grp s": "wipes",
    "object country setdefault": "wipes",
    "object service grp setdefault ?": "wipes",
    "csm appe setdefault": "wipes",
    "ipf default": "wipes",
    "ipf default ?": "wipes",
    "qos setdefault ?": "wipes",
    "mngt rmtcfg enable": "opens the management",
    "mngt rmtcfg en": "opens the management",
    "mngt rmtcfg enable ?": "opens the management",
    "wan disable": "cuts the line",
    "wan disable 1": "cuts the line",
    "log -F f": "wipes the log",
    "log -fF a": "wipes the log",
    "linux clean": "wipes",
    "sys adminuser view 1": "passwords",
    "sys cmdlog": "passwords",
    "srv nat portmap flush": "wipes",
    "mngt accesslist flush": "every address",
    "ip6 mngt list flush": "every address",
    "ipf set -d 0": "data filter off",
    'ipf set -p 0 1 -d "0"': "data filter off",
    "ipf set -d0": "data filter off",
    "ipf set -d 00": "data filter off",
    "sys license licera": "erases",
    "sys board button def off": "reset",
    "sys admin": "test mode",
    "exit": "ends the session",
    "qu": "ends the session",
    "sys mpage enable": "pager",
    "sys passwd old-one new-one": "secret",
    "sys adminuser edit 1 carrie test123": "secret",
    "mngt snmp -g public": "secret",
    "mngt snmp -V": "secret",
    "sys mailalert -e 1 -p hidden-word": "secret",
    "sys mailalert -phidden": "secret",
    "sys tr069 set InternetGatewayDevice.ManagementServer.Password hidden": "secret",
    "ipf set ?": "question mark",
    "sys autoreboot ?": "question mark",
    "ipf rule 1 1 -M what?": "question mark",
    "sys version\nsys reboot": "control characters",
    "sys version\rsys reboot": "control characters",
    "sys version\x08": "control characters",
    "sys\tversion": "control characters",
    "dos \N{EN DASH}A": "outside ASCII",
    "sys \x1b[A": "control characters",
    "": "empty",
    "   ": "empty",
    'ipf rule 1 1 -s "g 1': "quotation mark",
    "sys name wan1 " + "a" * 250: "characters",
}


@pytest.mark.parametrize("command", READS)
def test_documented_reads_are_sent(command: str) -> None:
    assert judge(command).kind == "read"


@pytest.mark.parametrize("command", WRITES)
def test_what_is_not_known_to_read_counts_as_a_write(command: str) -> None:
    assert judge(command).kind == "write"


@pytest.mark.parametrize("command", REFUSED)
def test_what_is_never_sent_says_why(command: str) -> None:
    verdict = judge(command)
    assert verdict.kind == "refused"
    assert REFUSED[command] in verdict.why
