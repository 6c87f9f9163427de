# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a typed command does, as data: the documented read forms, and what is never sent.

A command that is in neither table counts as a write. Sources: draytek.md 1 (danger list), 1b, 2-4, the annex.
"""

from __future__ import annotations

READS: tuple[str, ...] = (
    r"\?",
    r"sys \?",
    r"sys (version|iface|cc|qrybuf|alg)",
    r"sys cfg (status|\?)",
    r"sys (sip_alg|rtsp_alg|domainname|name) \?",
    r"sys rtsp_alg -v",
    r"sys diag_log (status|log)",
    r"sys dnsCacheTbl -[lsv]",
    r"sys daylightsave -v",
    r"sys mailalert -v",
    r"sys time show",
    r"sys time pseudo -S",
    r"sys webhook status",
    r"sys dashboard show",
    r"sys app_statistic -[vl]",
    r"sys tr069 get \S+( nextlevel)?",
    r"sys tr069 getnoti \S+",
    r"sys tr069 (log|notify -S)",
    r"mngt bfp -v",
    r"mngt rmtcfg status",
    r"mngt accesslist list",
    r"mngt lanaccess -v",
    r"mngt noping viewlog",
    r"ip6 mngt (list|status)",
    r"ipf view( -[Vdhrt])*",  # not -z and -Z, which clear the counters (2.1)
    r"ipf set( \d+)? -v",
    r"ipf (rule \d+|set \d+ rule) \d+ -v",
    r"ipf flowtrack view( -[fb])?",
    r"obj(ect)? (ip|ipv6|service) (obj|grp) \d+ -v",
    r"obj(ect)? country set \d+ -v",
    r"obj(ect)? country list",
    r"srv nat (openport|dmz) \d+ \d+ -v",
    r"srv nat dmz -v",
    r"srv nat portmap (table|view)",
    r"srv nat trigger (view|\d+ -v)",
    r"srv nat (status|showall( \?)?)",
    r"log( -[cfhiptwx]+)+",  # not -F, which flushes (3)
    r"dos (\?|-V|-[PB] show|-[fi] show)",
    r"show status",
)
"""Regular expressions for a whole line with single spaces. "sys syslog -v" is no view but the VPN log's switch."""

FORBIDDEN: tuple[tuple[str, str], ...] = (
    ("sys reboot", "it restarts the router at once, and what is not saved is lost"),
    ("sys cfg default", "it puts the whole router back to factory settings without asking"),
    ("sys admin", "it opens the vendor's test mode"),
    ("sys adminuser view", "it prints administrators' passwords"),
    ("sys cmdlog", "it prints what others typed, passwords included"),
    ("sys license licera", "it erases the router's licence"),
    ("sys board button def off", "it makes a reset by the router's own button impossible"),
    ("sys mpage", "the pager is this collection's own affair during a session"),
    ("ipf default", "it wipes all filter rules, even with a question mark behind it"),
    ("qos setdefault", "it wipes all QoS settings, even with a question mark behind it"),
    ("object ip obj setdefault", "it wipes all profiles"),
    ("object ip grp setdefault", "it wipes all profiles"),
    ("object ipv6 obj setdefault", "it wipes all profiles"),
    ("object ipv6 grp setdefault", "it wipes all profiles"),
    ("object service obj setdefault", "it wipes all profiles"),
    ("object service grp setdefault", "it wipes all profiles"),
    ("object country setdefault", "it wipes all profiles"),
    ("mngt rmtcfg enable", "it opens the management to the internet"),
    ("mngt accesslist flush", "it lets every address on the internet try to log in where remote management is on"),
    ("ip6 mngt list flush", "it lets every address on the internet try to log in where remote management is on"),
    ("wan disable", "it cuts the line"),
    ("linux clean", "it wipes what the router's Linux part holds"),
    ("srv nat portmap flush", "it wipes all port redirections"),
    ("exit", "the module ends the session itself"),
    ("quit", "the module ends the session itself"),
)
"""Beginnings of lines and why they are never sent. The router takes shortened words ("sys re", 4b), so a word is also
met by its beginning."""

FORBIDDEN_EXACT_WORDS: dict[str, tuple[str, ...]] = {"object country setdefault": ("set",)}
"""Words that are commands of their own, though they are the beginning of a forbidden one."""

SECRET: tuple[str, ...] = ("sys passwd", "sys adminuser edit", "mngt snmp")
"""Beginnings of lines that carry a secret."""

SECRET_OPTIONS: tuple[tuple[str, str], ...] = (("sys mailalert", "-p"),)
"""Commands of which one option carries a secret."""

UNKNOWN_COMMAND = "invalid command !!"
"""The only error text that is the same everywhere (1b)."""
