# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``srv nat portmap`` and ``srv nat dmz``: redirections and DMZ hosts. draytek.md 2c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import views
from .grammar import Action, RefusedError, Token, number, split_options, words_of
from .state import DmzHost, PortMap, is_ipv4

if TYPE_CHECKING:
    from .device import Device

PORTS = (1, 65535)


def nat_portmap(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    maps = device.state.port_maps
    if words in (["table"], ["view"]):
        return Action("read", lambda: views.port_maps(device.state))
    if not words or words[-1] == "?" or words[0] not in ("add", "del", "disable", "enable", "flush"):
        return Action("read", lambda: ["% srv nat portmap add|del|disable|enable|table|view|flush"])
    verb, rest = words[0], words[1:]

    def run() -> list[str]:
        if verb == "flush":
            maps.clear()
            return []
        index = number(rest[0] if rest else "", 1, device.profile.open_ports)
        if verb == "add":
            maps[index] = _port_map(device, rest[1:])
        elif index not in maps:
            raise RefusedError("there is no such redirection")
        elif verb == "del":
            del maps[index]
        else:
            if verb == "enable" and (len(rest) != 2 or rest[1] not in ("tcp", "udp")):
                raise RefusedError("enable takes the index and the protocol")
            if verb == "disable" and len(rest) != 1:
                raise RefusedError("disable takes the index")
            maps[index].enabled = int(verb == "enable")
        return ["OK"]  # Assumption: the reply is not printed

    return Action("write", run)


def _port_map(device: Device, words: list[str]) -> PortMap:
    """``<serv name> <tcp|udp> <pub port> <src ip type 0|1> <src ip idx> <pri ip> <pri port> <wan idx> <alias IP>``."""
    if len(words) != 9:
        raise RefusedError("add takes ten words")
    name, protocol, public, kind, index, address, private, wan, _alias = words
    if protocol not in ("tcp", "udp") or not is_ipv4(address):
        raise RefusedError("protocol or address")
    return PortMap(
        enabled=1,
        name=name,
        protocol=protocol.upper(),
        public=number(public, *PORTS),
        source_is_group=number(kind, 0, 1),
        source_index=number(index, 0, device.profile.ip_objects),
        address=address,
        private=number(private, *PORTS),
        wan=number(wan, 0, device.profile.wans),
    )


def nat_dmz(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words == ["-v"]:
        return Action("read", lambda: views.dmz(device.state, device.profile, None))
    if len(words) < 3 or words[-1] == "?":
        return Action("read", lambda: ["% srv nat dmz n m [-<command> <parameter> | ...]"])

    def place() -> tuple[int, int]:
        return number(words[0], 1, device.profile.wans), number(words[1], 1, 32)

    if words[2:] == ["-v"]:
        return Action("read", lambda: views.dmz(device.state, device.profile, place()[0]))

    def run() -> list[str]:
        wan, host = place()
        entry = device.state.dmz.setdefault(wan, {}).setdefault(host, DmzHost())
        for option in split_options(tokens[2:]):
            if option.letter == "e":
                entry.enabled = option.number(0, 1)  # Assumption: 0 and 1, as everywhere else
            elif option.letter == "i":
                if not is_ipv4(option.one()):
                    raise RefusedError("not an IPv4 address")
                entry.address = option.one()
            elif option.letter == "r":
                option.none()
                device.state.dmz[wan].pop(host)
            else:
                raise RefusedError(f"-{option.letter} is unknown")
        return []

    return Action("write", run)
