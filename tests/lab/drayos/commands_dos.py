# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``dos``: flood and attack defence. draytek.md annex."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import views
from .grammar import Action, RefusedError, Token, number, words_of
from .state import is_ipv4, is_ipv6

if TYPE_CHECKING:
    from .device import Device

FLOODS = {"synflood": "Synflood", "udpflood": "Udpflood", "icmpflood": "Icmpflood", "postscan": "Postscan"}
ATTACKS = (
    *("ip_option", "tcp_flag", "land", "teardrop", "smurf", "pingofdeath", "traceroute"),
    *("icmp_frag", "syn_frag", "unknow_proto", "fraggle"),
)
LISTS = {"-P": ("passing", "Passing"), "-B": ("blocking", "Blocking")}
PLACES = 16
VIEWS = (["-V"], ["-P", "show"], ["-B", "show"], ["-f", "show"], ["-i", "show"])


def dos(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if not words or words[-1] == "?":
        return Action("read", lambda: ["% dos -V | D | A | -s ATTACK_F [THRESHOLD][ TIMEOUT]] | -a | e | d | -P | -B"])
    if words in VIEWS:
        return Action("read", lambda: _view(device, words))
    return Action("write", lambda: _write(device, words))


def _view(device: Device, words: list[str]) -> list[str]:
    state = device.state.dos
    if words[0] in LISTS:
        return views.dos_list(state.passing if words[0] == "-P" else state.blocking, words[0])
    # Assumption: what -V, -f show and -i show print is not in the manual; nobody may depend on these.
    if words[0] == "-V":
        return [f"The Dos Defense system is {'Activated' if state.active else 'Deactivated'}"]
    return [str(state.options.get(words[0][1], 0))]


def _write(device: Device, words: list[str]) -> list[str]:
    state = device.state.dos
    letter, rest = words[0], words[1:]
    if letter in ("-A", "-D") and not rest:
        state.active = int(letter == "-A")
        return [f"The Dos Defense system is {'Activated' if state.active else 'Deactivated'}"]
    if letter == "-s":
        return _flood(device, rest)
    if letter == "-a" and not rest:
        state.attacks = sorted(ATTACKS)
        return []
    if letter in ("-e", "-d") and rest and all(word in ATTACKS or word in FLOODS for word in rest):
        chosen = set(rest)
        state.attacks = sorted(set(state.attacks) | chosen if letter == "-e" else set(state.attacks) - chosen)
        return []
    if letter in LISTS:
        return _list(device, letter, rest)
    if letter in ("-o", "-p", "-l", "-f", "-i") and len(rest) == 1:
        most = {"-o": 1, "-p": 1, "-l": 3, "-f": 1, "-i": 4}[letter]
        state.options[letter[1]] = number(rest[0], 1 if letter == "-i" else 0, most)
        return []
    raise RefusedError("not in the grammar of dos")


def _flood(device: Device, words: list[str]) -> list[str]:
    if not 1 <= len(words) <= 3 or words[0] not in FLOODS:
        raise RefusedError("flood, threshold and timeout")
    threshold = number(words[1], 21, 65535) if len(words) > 1 else 50
    timeout = number(words[2], 6, 65535) if len(words) > 2 else 10
    device.state.dos.floods[words[0]] = [threshold, timeout]
    return [f"{FLOODS[words[0]]} is enabled! Threshold={threshold} <pke/sec> timeout={timeout} <pke/sec>"]


def _list(device: Device, letter: str, words: list[str]) -> list[str]:
    table = device.state.dos.passing if letter == "-P" else device.state.dos.blocking
    if len(words) == 2 and re.fullmatch("remove[46]", words[0]) and words[1] == "all":
        table[:] = [entry for entry in table if (":" in entry) != (words[0] == "remove6")]
        return []
    if len(words) != 3 or words[0] not in ("add4", "remove4", "add6", "remove6") or words[1] not in ("-i", "-c"):
        raise RefusedError("add4, remove4, add6 or remove6, -i or -c, and a value")
    verb, kind, value = words
    valid = value.isdigit() if kind == "-c" else (is_ipv6(value) if verb.endswith("6") else is_ipv4(value))
    if not valid:
        raise RefusedError("not an address")
    entry = f"country {value}" if kind == "-c" else value
    if verb.startswith("add"):
        if len(table) >= PLACES:
            raise RefusedError("the list is full")
        table.append(entry)
        return [f"Add IP in {LISTS[letter][1]} IP List success."]
    if entry not in table:
        raise RefusedError("not on the list")
    table.remove(entry)
    return []
