# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on a host, read from what its programs and its kernel print, and compared."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.inventory import (
    Listener,
    compare,
    listeners,
    parse_keys,
    parse_sockets,
    parse_verify,
    read_accepted,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:13C4 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:13C4 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0
"""
TCP6 = """\
  sl  local_address                         remote_address                        st
   0: B80D0120000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 4713 1
"""
UDP = """\
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  10: 00000000:13C4 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4714 2 0 0
  11: 00000000:C350 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4715 2 0 0
"""
KEYS = """\
# a comment: ssh-ed25519 AAAA
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPkKmmBmXyhgHPFGMxH3fGbPz0nPpZc8sVcu0Xq0T9V lead@msp
from="198.51.100.7",no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPkKmmBmXyhgHPFGMxH3fGbPz0nPpZc8sVcu0Xq0T9W
ssh-ed25519 not-base64!
"""


def test_sockets_that_wait_are_told_with_their_programs() -> None:
    found = [*parse_sockets("tcp", TCP, 32768), *parse_sockets("tcp6", TCP6, 32768), *parse_sockets("udp", UDP, 32768)]
    assert listeners(found, {"4711": "/usr/sbin/kamailio", "4713": "/usr/sbin/sshd"}) == {
        "tcp 127.0.0.1:5060": "/usr/sbin/kamailio",
        "tcp [2001:db8::1]:22": "/usr/sbin/sshd",
        "udp 0.0.0.0:5060": "",
    }
    assert found[0] == Listener("tcp", "127.0.0.1", 5060, "4711")


def test_files_that_differ_from_their_packages_are_read() -> None:
    text = (
        "??5?????? c /etc/login.defs\n??5??????   /usr/bin/ls\nmissing     /usr/share/a b\nmissing   c /etc/x (Error)\n"
    )
    assert parse_verify(text) == {
        "/etc/login.defs": "??5??????",
        "/usr/bin/ls": "??5??????",
        "/usr/share/a b": "missing",
        "/etc/x": "missing",
    }


def test_keys_are_known_by_fingerprint_and_a_new_option_is_a_change() -> None:
    found = parse_keys("root", KEYS)
    assert list(found.values()) == ["lead@msp", 'from="198.51.100.7",no-pty']
    assert all(name.startswith("root ssh-ed25519 SHA256:") for name in found)
    loosened = parse_keys("root", KEYS.replace('from="198.51.100.7",no-pty ', ""))
    (difference,) = compare({"authorized_keys": found}, {"authorized_keys": loosened})
    assert difference.line.startswith("key that may log in changed: root ssh-ed25519 SHA256:")


def test_differences_are_added_gone_and_changed_and_known_again() -> None:
    accepted = {"cron": {"/etc/crontab": "a", "/etc/cron.d/x": "b"}, "processes": {"root /usr/sbin/cron": ""}}
    found = {"cron": {"/etc/crontab": "z", "/etc/cron.d/new": "c"}, "processes": {"root /usr/sbin/cron": ""}}
    differences = compare(accepted, found)
    assert [item.line for item in differences] == [
        "cron file added: /etc/cron.d/new",
        "cron file gone: /etc/cron.d/x",
        "cron file changed: /etc/crontab",
    ]
    assert [item.id for item in differences] == [item.id for item in compare(accepted, found)]
    found["cron"]["/etc/crontab"] = "y"
    assert compare(accepted, found)[2].id != differences[2].id
    assert [item.name for item in compare(accepted, found, [r"^cron /etc/cron\.d/"])] == ["/etc/crontab"]


def test_what_is_not_an_inventory_or_an_expression_is_refused() -> None:
    with pytest.raises(HardeningError, match="accepted: not an inventory that this module returned"):
        read_accepted({"cron": ["/etc/crontab"]})
    with pytest.raises(HardeningError, match="accepted: not an inventory that this module returned"):
        read_accepted({"users": {}})
    with pytest.raises(HardeningError, match=r"ignored: '\(' is not a regular expression"):
        compare({}, {}, ["("])
