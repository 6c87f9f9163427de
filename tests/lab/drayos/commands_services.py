# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of the router itself: mail alerts, clock, SNMP, FTP, UPnP. draytek.md 4 and annex."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import views
from .grammar import Action, Option, RefusedError, Token, number, numbers, split_options, words_of
from .state import is_ipv4

if TYPE_CHECKING:
    from .device import Device

MAIL_TYPES = range(7)
ZONES = (1, 73)


def _usage(line: str) -> Action:
    return Action("read", lambda: [line])


def sys_iface(device: Device, tokens: list[Token]) -> Action:
    return Action("read", lambda: views.interfaces(device.state))


def sys_mailalert(device: Device, tokens: list[Token]) -> Action:
    words, alert = words_of(tokens), device.state.mail_alert
    if words == ["-v"]:
        return Action("read", lambda: views.mail_alert(device.state))
    if not words or words[-1] == "?":
        return _usage("% sys mailalert [-<command> <parameter>]")
    plain: dict[str, Callable[[Option], object]] = {
        "e": lambda option: option.number(0, 1),
        "w": lambda option: option.number(0, 9),
        "o": lambda option: option.number(1, 65535),
        "a": Option.one,
        "r": Option.one,
        "s": lambda option: option.number(0, 3),
        "h": lambda option: option.number(0, 1),
        "u": Option.one,
        "p": Option.one,
        "R": lambda option: option.number(0, 1),
    }

    def run() -> list[str]:
        for option in split_options(tokens):
            if option.letter == "i":
                if not is_ipv4(option.one()):
                    raise RefusedError("not an IPv4 address")
                alert["i"] = option.one()
            elif option.letter == "l":
                kind, on = numbers(option.bare(), (0, 6), (0, 1))
                alert[f"l{kind}"] = str(on)
            elif option.letter == "f":
                alert.clear()
            elif option.letter in plain:
                alert[option.letter] = str(plain[option.letter](option))
            else:
                raise RefusedError(f"-{option.letter} is unknown")
        return ["Set Enable Mail Alert."] if alert.get("e") == "1" else []

    return Action("write", run)


def sys_time(device: Device, tokens: list[Token]) -> Action:
    words, clock = words_of(tokens), device.state.clock
    if words == ["show"]:
        return Action("read", lambda: views.clock(device.state))
    if words[:1] == ["inquire"] and len(words) == 1:
        return Action("read", lambda: [])
    if len(words) != 2 or words[0] not in ("server", "zone", "wan") or words[-1] == "?":
        return _usage("% sys time server <domain> | inquire | show | wan <option> | zone <index> | pseudo")

    def run() -> list[str]:
        verb, value = words
        if verb == "server":
            if len(value) > 39:
                raise RefusedError("at most 39 characters")
            clock["server"] = value
            return []
        clock[verb] = str(number(value, *(ZONES if verb == "zone" else (0, 6))))
        return ["  Set Time Zone OK"] if verb == "zone" else []

    return Action("write", run)


def sys_daylightsave(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words == ["-v"]:
        return Action("read", lambda: [f"{key}: {value}" for key, value in sorted(device.state.daylight.items())])
    if not words or words[-1] == "?":
        return _usage("% sys daylightsave [-<command> <parameter> | ... ]")
    moment = ((1, 12), (1, 9), (0, 6), (0, 23))

    def run() -> list[str]:
        for option in split_options(tokens):
            if option.letter in "et":
                device.state.daylight[option.letter] = str(option.number(0, 1 if option.letter == "e" else 2))
            elif option.letter in "yz":
                device.state.daylight[option.letter] = " ".join(map(str, numbers(option.bare(), *moment)))
            elif option.letter in "sd":
                numbers(option.bare(), (2014, 2099), (1, 12), (1, 31), (0, 23))
            elif option.letter == "r":
                device.state.daylight.clear()
            else:
                raise RefusedError(f"-{option.letter} is unknown")
        return []

    return Action("write", run)


def mngt_snmp(device: Device, tokens: list[Token]) -> Action:
    """1 enables, 2 disables."""
    words = words_of(tokens)
    if words == ["-V"]:
        return Action("read", lambda: [f"SNMP Agent: {device.state.switches.get('snmp', 0)}"])  # Assumption: the form
    if not words or words[-1] == "?":
        return _usage("% mngt snmp -e <1/2> ...")

    def run() -> list[str]:
        lines = []
        for option in split_options(tokens):
            if option.letter == "e":
                device.state.switches["snmp"] = int(option.number(1, 2) == 1)
                lines.append(f"SNMP Agent Turn {'on' if device.state.switches['snmp'] else 'off'}!!!")
            elif not re.fullmatch("[abcgmtnToqpru]", option.letter):
                raise RefusedError(f"-{option.letter} is unknown")
        return lines

    return Action("write", run)


def _switch(name: str, on: str, off: str) -> Callable[[Device, list[Token]], Action]:
    def handler(device: Device, tokens: list[Token]) -> Action:
        words = words_of(tokens)
        if words not in (["on"], ["off"]):
            return _usage(f"% {name} on | off")

        def run() -> list[str]:
            device.state.switches[name] = int(words == ["on"])
            return [on if words == ["on"] else off]

        return Action("write", run)

    return handler


IPV6_SERVICES = ("internet", "http", "telnet", "ping", "https", "ssh", "enforce_https")


def ip6_mngt(device: Device, tokens: list[Token]) -> Action:
    """The IPv6 twin of rmtcfg (draytek.md 4). Assumption: what status and list print."""
    words = words_of(tokens)
    if words in (["status"], ["list"]):
        return Action("read", lambda: [f"{name}: {on}" for name, on in sorted(device.state.ipv6_management.items())])
    if len(words) != 2 or words[0] not in IPV6_SERVICES or words[1] not in ("on", "off"):
        return _usage("% ip6 mngt list | status | <internet|http|telnet|ping|https|ssh|enforce_https> <on|off>")

    def run() -> list[str]:
        device.state.ipv6_management[words[0]] = int(words[1] == "on")
        return ["%% Set OK."]

    return Action("write", run)


# Assumption: the reply to "off" is made like the one to "on".
sys_ftpd = _switch("ftpd", "% sys ftpd turn on !!!", "% sys ftpd turn off !!!")
upnp = _switch("upnp", "UPNP start.", "UPNP say bye-bye")
