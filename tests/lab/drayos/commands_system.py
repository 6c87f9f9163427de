# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``sys``, ``mngt``, ``srv nat`` and the top level. draytek.md 1, 2c, 4, 4b and annex."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import views
from .grammar import Action, RefusedError, Token, number, split_options, words_of
from .state import OpenPort, is_ipv4

if TYPE_CHECKING:
    from .device import Device


def _usage(*lines: str) -> Action:
    return Action("read", lambda: list(lines))


# --- sys -------------------------------------------------------------------------------------------------------------


def sys_version(device: Device, tokens: list[Token]) -> Action:
    return Action(
        "read", lambda: views.version(device.profile, device.state, device.status_mark(), device.router_name())
    )


def sys_cfg(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words == ["status"]:
        version = device.profile.profile_version
        return Action("read", lambda: [f"Profile version: {version}        Status: 1 ({device.status_mark()})"])
    if words[:1] == ["default"]:

        def reset() -> list[str]:
            device.factory_reset()
            return []

        return Action("write", reset)
    return _usage("% sys cfg default", "% sys cfg status")


def sys_commit(device: Device, tokens: list[Token]) -> Action:
    def run() -> list[str]:
        device.commit()
        return []

    return Action("commit", run)


def sys_reboot(device: Device, tokens: list[Token]) -> Action:
    return Action("reboot", list)


def sys_mpage(device: Device, tokens: list[Token]) -> Action:
    """Memory only, until reboot (draytek.md 1b). It changes no configuration, so it is no write.

    Assumption: the reply to enable; only that to disable was seen.
    """
    words = words_of(tokens)
    if not device.profile.has_mpage:
        return Action("unknown", lambda: [views.INVALID])
    if words not in (["disable"], ["enable"]):
        return _usage("% sys mpage <enable|disable>")

    def run() -> list[str]:
        device.paging = words == ["enable"]
        return [f"Set {words[0]} show more page"]

    return Action("session", run)


def sys_name(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if len(words) != 2 or words[0] not in ("wan1", "wan2"):
        names = device.state.names
        return _usage(
            "% sys name <wan1/wan2> <ASCII string (max. 39 characters)>",
            "% sys name <wan1/wan2> clear",
            f"% Now: wan1 == {names.get('wan1', '')}, wan2 =={names.get('wan2', '')}",
        )

    def run() -> list[str]:
        if words[1] == "clear":
            device.state.names.pop(words[0], None)
        elif len(words[1]) > 39:
            raise RefusedError("at most 39 characters")
        else:
            device.state.names[words[0]] = words[1]
        return []

    return Action("write", run)


def sys_cmdlog(device: Device, tokens: list[Token]) -> Action:
    return Action(
        "read",
        lambda: [
            "% Commands Log: (The lowest index is the newest !!!)",
            *(f"   [{position}] {text}" for position, text in enumerate(reversed(device.command_log), start=1)),
        ],
    )


SYSLOG_SWITCHES = "asumfvecwlrWU"


def sys_syslog(device: Device, tokens: list[Token]) -> Action:
    """Silent, no show flag; -v is the VPN log here (annex, sys syslog)."""
    words = words_of(tokens)
    if not words or words[-1] == "?":
        return _usage("% sys syslog -a <enable> [-<command> <parameter> | ... ]")

    def run() -> list[str]:
        options = split_options(tokens)
        if options[0].letter != "a":
            raise RefusedError("-a stands first")
        for option in options:
            if option.letter in SYSLOG_SWITCHES:
                device.state.syslog[option.letter] = str(option.number(0, 1))
            elif option.letter == "i":
                if not is_ipv4(option.one()):
                    raise RefusedError("not an IPv4 address")
                device.state.syslog["i"] = option.one()
            elif option.letter == "d":
                device.state.syslog["d"] = str(option.number(1, 65535))
            elif option.letter == "S":
                device.state.syslog["S"] = str(option.number(1, 1024))
            elif option.letter != "p":
                raise RefusedError(f"-{option.letter} is unknown")
        return []

    return Action("write", run)


def sys_passwd(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)

    def run() -> list[str]:
        if len(words) != 2 or words[0] != device.password or len(words[1]) > 83:
            raise RefusedError("old and new password")
        device.password = words[1]
        return ["Password change successful !!!"]

    return Action("write", run)


def sys_autoreboot(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if len(words) != 1 or not (words[0] in ("on", "off") or words[0].isdigit()):
        return _usage("% sys autoreboot <on/off/hour(s)>")

    def run() -> list[str]:
        other = device.state.other
        if words[0].isdigit():
            # The sample had it on already; Assumption: a number of hours does not switch it on.
            other["autoreboot hours"] = words[0]
            return [" autoreboot is ON", f" autoreboot time is {words[0]} hour(s)"]
        other["autoreboot"] = words[0]
        return [f" autoreboot is {words[0].upper()}"]

    return Action("write", run)


def sys_alg(device: Device, tokens: list[Token]) -> Action:
    alg = device.state.alg
    if not tokens:
        return _usage(
            "Usage: sys alg <command> <parameter>",
            " -e: enable ALG (0:disable, 1:enable)",
            "",
            "Current ALG status",
            f" -ALG Master Switch: {_enabled(alg.get('master', 1))}",
        )

    def run() -> list[str]:
        (option,) = split_options(tokens)
        if option.letter != "e":
            raise RefusedError("-e only")
        alg["master"] = option.number(0, 1)
        return [f" {views.on_off(alg['master'])} ALG"]

    return Action("write", run)


def _enabled(value: int) -> str:
    return "Enabled" if value else "Disabled"  # Assumption: the word of the disabled state is not printed


def sys_sip_alg(device: Device, tokens: list[Token]) -> Action:
    alg = device.state.alg
    if words_of(tokens) in ([], ["?"]):
        return _usage(
            "Usage: sys sip_alg <command> <parameter>",
            "  -e: enable SIP ALG (0:disable, 1:enable)",
            "  -p: set your listening port for SIP ALG",
            "  -u: enable listen along UDP path (0:disable, 1:enable)",
            "  -t: enable listen along TCP path (0:disable, 1:enable)",
            "",
            "Current SIP ALG status",
            f" -ALG Master Switch: {_enabled(alg.get('master', 1))}",
            f" -SIP ALG: {_enabled(alg.get('sip', 1))}",
            f" -Listen along UDP path: {'Yes' if alg.get('sip udp', 1) else 'No'}",
            f" -Listen along TCP path: {'Yes' if alg.get('sip tcp', 1) else 'No'}",
            f" -Listening Port: {alg.get('sip port', 5060)}",
            " -Max sipalg session num: 512",
            " -Remain sipalg session num: 512",
        )

    def run() -> list[str]:
        lines = []
        for option in split_options(tokens):
            if option.letter == "e":
                alg["sip"] = option.number(0, 1)
                lines.append(f"  {views.on_off(alg['sip'])} SIP ALG")
            elif option.letter == "p":
                alg["sip port"] = option.number(1, 65535)
                lines.append(f"  Current listening port: {alg['sip port']}")
            elif option.letter in "ut":
                alg["sip udp" if option.letter == "u" else "sip tcp"] = option.number(0, 1)
            else:
                raise RefusedError(f"-{option.letter} is unknown")
        return lines

    return Action("write", run)


def qos_setdefault(device: Device, tokens: list[Token]) -> Action:
    """The other trap seen live: with ``?`` behind it too (draytek.md 1b)."""

    def run() -> list[str]:
        device.state.other["qos"] = "default"
        return ["setdefault!"]

    return Action("write", run)


# --- mngt ------------------------------------------------------------------------------------------------------------


def mngt_rmtcfg(device: Device, tokens: list[Token]) -> Action:
    words, management = words_of(tokens), device.state.management
    if words == ["status"]:
        return Action("read", lambda: views.remote_status(device.state))
    if words in (["enable"], ["disable"]):

        def master() -> list[str]:
            management.remote = int(words == ["enable"])
            return [f"%% Remote configure function has been {words[0]}d."]

        return Action("write", master)
    if len(words) == 2 and words[0] in views.REMOTE_SERVICES and words[1] in ("on", "off"):

        def service() -> list[str]:
            if not management.remote:
                raise RefusedError(
                    "master switch is off",
                    [
                        "Enable server fail",
                        "Remote configure function has been disabled",
                        "please enable by enter mngt rmtcfg enable",
                    ],
                )
            management.remote_services[words[0]] = int(words[1] == "on")
            return [f"%% {words[0].upper()} server has been {'enabled' if words[1] == 'on' else 'disabled'}."]

        return Action("write", service)
    return _usage("% mngt rmtcfg status|enable|disable|<http|https|ftp|telnet|ssh|tr069|snmp|enforce_https> <on|off>")


def mngt_accesslist(device: Device, tokens: list[Token]) -> Action:
    words, entries, style = words_of(tokens), device.state.management.access_list, device.profile.access_list_style
    if words == ["list"]:
        return Action("read", lambda: views.access_list(device.state, style))
    if words[:1] == ["add"]:

        def add() -> list[str]:
            rest = words[1:]
            if style == "typed":
                if rest[:1] != ["ip"]:
                    raise RefusedError("ip, number and index")  # hostname objects are not modelled
                rest = rest[1:]
            if len(rest) != 2:
                raise RefusedError("number and index")
            entries[number(rest[0], 1, 10)] = number(rest[1], 1, device.profile.ip_objects)
            return ['%% Set OK. Please do "sys re" to reboot the router!' if style == "typed" else "%% Set OK."]

        return Action("write", add)
    if words[:1] == ["remove"] and len(words) == 2:

        def remove() -> list[str]:
            entries.pop(number(words[1], 1, 10), None)
            return ["%% Set OK."]

        return Action("write", remove)
    if words == ["flush"]:

        def flush() -> list[str]:
            entries.clear()
            return ["%% Set OK."]

        return Action("write", flush)
    form = "add <ip|hostname> <No.> <Index>" if style == "typed" else "add <Index> <IP Object Index>"
    return _usage(f"% mngt accesslist list | {form} | remove <Index> | flush")


def mngt_bfp(device: Device, tokens: list[Token]) -> Action:
    words, management = words_of(tokens), device.state.management
    if words == ["-v"]:
        return Action("read", lambda: views.brute_force(device.state))
    if not words or words[-1] == "?":
        return _usage("% mngt bfp [<command><parameter>|...]")

    def run() -> list[str]:
        for option in split_options(tokens):
            if option.letter == "e":
                management.bfp_enabled = option.number(0, 1)
            elif option.letter == "s":
                _bfp_service(device, option.one())
            elif option.letter == "l":
                management.bfp_failures = option.number(1, 255)
            elif option.letter == "p":
                management.bfp_penalty = option.number(0, 65535)
            elif option.letter != "u":
                raise RefusedError(f"-{option.letter} is unknown")
        return []

    return Action("write", run)


def _bfp_service(device: Device, word: str) -> None:
    """Assumption: -s adds; None and All, which are listed as services, suggest accumulation (annex, mngt bfp)."""
    chosen = device.state.management.bfp_services
    if word == "None":
        chosen.clear()
    elif word == "All":
        chosen[:] = [*views.BFP_SERVICES, "VPN"]
    elif word not in (*views.BFP_SERVICES, "VPN"):
        raise RefusedError("unknown service")
    elif word not in chosen:
        chosen.append(word)


def mngt_port(service: str) -> Callable[[Device, list[Token]], Action]:
    def handler(device: Device, tokens: list[Token]) -> Action:
        words = words_of(tokens)
        if words in ([], ["?"]):
            return _usage(f"% mngt {service}port <port>")

        def run() -> list[str]:
            if len(words) != 1:
                raise RefusedError("one port")
            device.state.management.ports[service] = number(words[0], 1, 65535)
            return [f"% Set {service} port to {words[0]} done."]

        return Action("write", run)

    return handler


def mngt_sshtimeout(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words in ([], ["?"]):
        return _usage("% mngt sshtimeout <60-300>")

    def run() -> list[str]:
        device.state.management.ssh_timeout = number(" ".join(words), 60, 300)
        return [f"% SSH timeout : {words[0]}s"]

    return Action("write", run)


def mngt_telnettimeout(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words in ([], ["?"]):
        return _usage("% mngt telnettimeout <60-300>")

    def run() -> list[str]:
        device.state.management.telnet_timeout = number(" ".join(words), 60, 300)
        return [f"% Telnet timeout : {words[0]}s"]

    return Action("write", run)


def mngt_lanaccess(device: Device, tokens: list[Token]) -> Action:
    if words_of(tokens) == ["-v"]:
        return _usage(*views.lan_access())

    def run() -> list[str]:
        raise RefusedError("writing LAN access is not modelled")

    return Action("write", run)


def mngt_echoicmp(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words not in (["enable"], ["disable"]):
        return _usage("% mngt echoicmp <enable|disable>")

    def run() -> list[str]:
        device.state.management.echo_icmp = int(words == ["enable"])
        return [f"%% Echo ICMP packet {words[0]}d."]

    return Action("write", run)


def mngt_wanlogin(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words not in (["enable"], ["disable"]):
        return _usage("% mngt wanlogin <enable|disable>")

    def run() -> list[str]:
        device.state.management.wan_login = int(words == ["enable"])
        return [f"%% wan login {words[0]}d."]

    return Action("write", run)


# --- srv nat ---------------------------------------------------------------------------------------------------------


def nat_showall(device: Device, tokens: list[Token]) -> Action:
    return Action("read", lambda: views.nat_all(device.state))


def nat_openport(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if len(words) < 3 or words[-1] == "?":
        return _usage("% srv nat openport n m [-<command> <parameter> | ...]")

    def place() -> tuple[int, int]:
        return number(words[0], 1, device.profile.open_ports), number(words[1], 1, device.profile.open_port_items)

    if words[2:] == ["-v"]:
        return Action("read", lambda: views.open_port(device.state, *place()))

    def run() -> list[str]:
        profile, item = place()
        items = device.state.open_ports.setdefault(profile, {})
        entry = items.setdefault(item, OpenPort())
        for option in split_options(tokens[2:]):
            letter = option.letter
            if letter == "a":
                entry.enabled = option.number(0, 1)
            elif letter == "c":
                entry.comment = option.one()[:22]
            elif letter == "i":
                if not is_ipv4(option.one()):
                    raise RefusedError("not an IPv4 address")
                entry.address = option.one()
            elif letter == "w":
                entry.wan = number(option.bare()[0], 1, device.profile.wans) if option.args else 1
            elif letter == "p":
                if option.one() not in ("TCP", "UDP", "ALL"):
                    raise RefusedError("TCP, UDP or ALL")
                entry.protocol = option.one()
            elif letter == "s":
                entry.start = option.number(0, 65535)
            elif letter == "e":
                entry.end = option.number(0, 65535)
            elif letter == "r":
                items.pop(option.number(1, device.profile.open_port_items), None)
            elif letter in "lg" and device.profile.open_port_has_source:
                if letter == "l":
                    entry.source_index = option.number(0, device.profile.ip_objects)
                else:
                    entry.source_is_group = option.number(0, 1)
            else:
                raise RefusedError(f"-{letter} is unknown")
        return [" Set WAN Port ok!!"]

    return Action("write", run)


def exec_sysinfo(device: Device, tokens: list[Token]) -> Action:
    """DrayOS 5. Assumption: only that the command exists is known; the model stands in the answer."""
    return _usage(f"Model: {device.profile.model}", f"Firmware: {device.profile.firmware}")
