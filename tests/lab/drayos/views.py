# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router prints, as in the transcripts of docs/devices/draytek.md; what they do not show is an Assumption."""

from __future__ import annotations

import zlib

from .profiles import Profile
from .state import (
    AddressMatch,
    CountryObject,
    DmzHost,
    Group,
    IpObject,
    Ipv6Object,
    Rule,
    ServiceMatch,
    ServiceObject,
    State,
)

INVALID = "invalid command !!"
RULER = " ---------------------------------------------------------------------"

# "single" and "range" are printed in transcripts. Assumption: mask, any, mac; a blank profile shows "any".
ADDRESS_TYPES = {0: "mask", 1: "single", 2: "any", 3: "range", 4: "mac", None: "any"}
INTERFACES = {0: "Any", 1: "LAN", 3: "WAN"}
GROUP_INTERFACES = {0: "Any", 1: "LAN", 2: "WAN"}
# "TCP/UDP" is printed in a transcript, the other words are those of the manual's table.
PROTOCOLS = {
    None: "Any", 0: "Any", 1: "ICMP", 2: "IGMP", 6: "TCP", 17: "UDP", 58: "ICMPv6", 255: "TCP/UDP"
}  # fmt: skip
PORT_CHECKS = {0: "=", 1: "!=", 2: ">", 3: "<"}
FRAGMENTS = {0: "Don't Care", 1: "Unfragmented", 2: "Fragmented", 3: "Too Short"}
# "Pass Immediately" is printed in a transcript; the others follow the words of the option table.
ACTIONS = {
    0: "Pass Immediately",
    1: "Block Immediately",
    2: "Pass If No Further Match",
    3: "Block If No Further Match",
}
DIRECTIONS = {0: "LAN/DMZ/RT/VPN -> WAN", 1: "WAN -> LAN/DMZ/RT/VPN", 2: "LAN/DMZ/RT/VPN -> LAN/DMZ/RT/VPN"}
COUNTRIES = {222: "Taiwan", 241: "United States"}  # the two the reference names
SCREEN = 80  # the rule transcript wraps its interface list where 80 columns end


def on_off(value: int) -> str:
    return "Enable" if value else "Disable"


# --- objects ---------------------------------------------------------------------------------------------------------


def ip_object(index: int, profile: IpObject) -> list[str]:
    return [
        f" IP Object Profile {index}",
        f" Name   :[{profile.name}]",
        f" Interface:[{INTERFACES[profile.interface]}]",
        f" Address type:[{ADDRESS_TYPES[profile.address_type]}]",
        f" Start ip address:[{profile.start}]",
        f" End/Mask ip address:[{profile.end}]",
        f" MAC Address:[{profile.mac}]",
        f" Invert Selection:[{profile.invert}]",
    ]


def ipv6_object(index: int, profile: Ipv6Object) -> list[str]:
    return [
        f" IPv6 Object Profile {index}",
        f" Name   :[{profile.name}]",
        f" Address Type:[{ADDRESS_TYPES[profile.address_type]}]",
        f" Start IPv6 Address:[{profile.start.upper()}]",
        f" End IPv6 Address:[{profile.end.upper()}]",
        f" Prefix Length:[{profile.prefix}]",
        f" MAC Address:[{profile.mac}]",
        f" Invert Selection:[{profile.invert}]",
        f" Match Type:[{profile.match_type}]",
    ]


def _members(members: list[int], listing: str, least: int = 3) -> list[str]:
    rows = [f" [{row}:][{members[row] if row < len(members) else 0}]" for row in range(100)]
    if listing == "short":
        # Assumption: "..." stands for rows that are all empty.
        shown = max(least, len(members) + 1)
        rows = [*rows[:shown], " ...", rows[-1]] if shown < 99 else rows
    return rows


def ip_group(index: int, group: Group, listing: str) -> list[str]:
    return [
        f" IP Group Profile {index}",
        f" Name   :[{group.name}]",
        f" Interface:[{GROUP_INTERFACES[group.interface]}]",
        " Included ip object index:",
        *_members(group.members, listing, least=4),
        "",
    ]


def ipv6_group(index: int, group: Group, listing: str) -> list[str]:
    """Assumption: not printed in the reference; made like the IP group."""
    return [
        f" IPv6 Group Profile {index}",
        f" Name   :[{group.name}]",
        " Included ipv6 object index:",
        *_members(group.members, listing),
    ]


def service_group(index: int, group: Group, listing: str) -> list[str]:
    return [
        f" Service Group Profile {index}",
        f" Name   :[{group.name}]",
        " Included service object index:",
        *_members(group.members, listing),
    ]


def service_object(index: int, profile: ServiceObject) -> list[str]:
    protocol = PROTOCOLS.get(profile.protocol, str(profile.protocol))
    return [
        f" Service Object Profile {index}",
        f" Name   :[{profile.name}]",
        f" Protocol:[{protocol}]",
        f" Source port check action:[{PORT_CHECKS[profile.source_check]}]",
        f" Source port range:[{profile.source_start}~{profile.source_end}]",
        f" Destination port check action:[{PORT_CHECKS[profile.destination_check]}]",
        f" Destination port range:[{profile.destination_start}~{profile.destination_end}]",
    ]


def country_object(index: int, profile: CountryObject) -> list[str]:
    return [
        f"Country object Profile {index}",
        f"Name   :[{profile.name}]",
        "Included country index:",
        *(f"[{row}:][{code}] {COUNTRIES.get(code, '')}".rstrip() for row, code in enumerate(profile.countries)),
    ]


# --- ipf -------------------------------------------------------------------------------------------------------------


def general(state: State) -> list[str]:
    setup = state.general
    sessions = setup.other.get("E", "60000").split()[0]
    start = f"Enable (Start Filter Set = {setup.start_set})" if setup.start_set else "Disable"
    return [
        f" Data Filter: {start}",
        f" Log Flag     : {on_off(setup.default_log)}",  # Assumption: this is the second number of -p
        " Actions for packet not matching any rule:",
        f"   Pass or Block     : {'Block' if setup.default_action else 'Pass'}",
        "   CodePage         : ANSI(1252)-Latin I",
        f"   Max Sessions Limit: {sessions}",
        "   Current Sessions : 0",
        "   Mac Bind IP       : Non-Strict",
        "   QOS Class        : None",
        "   Packet Capture    : Disable",
        "   APP Enforcement    : None",
        "   URL Content Filter: None",
        "   WEB Content Filter: None",
        "   DNS Filter       : None",
        "   Load-Balance policy : Auto-select",
        RULER,
        "   CodePage                  : ANSI(1252)-Latin I",
        "   Window size               : 65535",
        "   Session timeout           : 60",
        "   DrayTek Banner             : Enable",
        RULER,
        f"   Accept large incoming fragmented UDP or ICMP packets: {on_off(setup.large_fragments)}",
        f"   Transparent Mode                                : {on_off(setup.transparent)}",
        RULER,
        "   Block routing packet from WAN:",
        f"     [{'v' if setup.block_routing_v4 else ' '}] IPv4",
        f"     [{'v' if setup.block_routing_v6 else ' '}] IPv6",
        RULER,
        f"   [{'v' if setup.strict else ' '}] Enable Strict Security Firewall l",
    ]


def filter_set(number: int, comment: str, next_set: int) -> list[str]:
    """Assumption: the reference says "comment and next set" and prints no form; made like the rule's view."""
    return [
        f" Filter Set {number}:",
        f" Comments: {comment or '<null>'}",
        f" Next Filter Set: {next_set or 'None'}",
    ]


def lan_side(profile: Profile) -> list[str]:
    return [*(f"LAN{number}" for number in range(1, profile.lans + 1)), "DMZ", "Routed", "VPN"]


def wan_side(profile: Profile) -> list[str]:
    return [f"WAN{number}" for number in range(1, profile.wans + 1)]


def _wrapped(label: str, names: list[str]) -> list[str]:
    """A list that goes on at the next line's first column but one, as the transcript shows."""
    if not names:
        return [f"{label}<null>"]  # Assumption
    lines, line = [], label
    for position, item in enumerate(names):
        piece = item + ("," if position < len(names) - 1 else "")
        if len(line) + len(piece) > SCREEN - 1 and line.strip():
            lines.append(line.rstrip())
            line = " "
        line += piece + " "
    return [*lines, line.rstrip()]


def _object_text(state: State, index: int, style: str) -> str:
    profile = state.ip_objects.get(index, IpObject())
    if style == "name":
        return profile.name
    if profile.address_type == 1:
        return profile.start
    if profile.address_type == 0:
        return f"{profile.start}/{profile.end}"
    if profile.address_type == 3:
        return f"{profile.start} ~ {profile.end}"
    return "Any"


def _service_text(state: State, index: int, style: str) -> str:
    profile = state.service_objects.get(index, ServiceObject())
    if style == "name":
        return profile.name
    protocol = PROTOCOLS.get(profile.protocol, str(profile.protocol))
    ports = f"{profile.destination_start}~{profile.destination_end}"
    source = f"{profile.source_start}~{profile.source_end}"
    return (
        f"{protocol}, Port: {PORT_CHECKS[profile.source_check]}{source} -> "
        f"{PORT_CHECKS[profile.destination_check]}{ports}"
    )


def address_text(state: State, match: AddressMatch, style: str) -> str:
    """Assumption, switchable: how references are printed is not documented (draytek.md 2.3)."""
    parts: list[str] = []
    if match.own:
        kind, *rest = match.own
        parts.append({"0": "/", "3": " ~ "}.get(kind, "").join(rest) or "Any")
    for index in match.objects.values():
        parts.append(f"IP Object {index}" if style == "index" else _object_text(state, index, style))
    for index in match.groups.values():
        group = state.ip_groups.get(index, Group())
        if style == "index":
            parts.append(f"IP Group {index}")
        elif style == "name":
            parts.append(group.name)
        else:
            parts.append(", ".join(_object_text(state, member, style) for member in group.members) or "Any")
    for index in match.objects6.values():
        parts.append(state.ipv6_objects.get(index, Ipv6Object()).name if style == "name" else f"IPv6 Object {index}")
    for index in match.groups6.values():
        parts.append(state.ipv6_groups.get(index, Group()).name if style == "name" else f"IPv6 Group {index}")
    for index in match.countries.values():
        name = state.country_objects.get(index, CountryObject()).name
        parts.append(name if style == "name" else f"Country Object {index}")
    return ", ".join(parts) or "Any"


def service_text(state: State, match: ServiceMatch, style: str) -> str:
    parts: list[str] = []
    if match.own:
        protocol, source_op, op, source_start, start, source_end, end = match.own
        parts.append(
            f"{PROTOCOLS.get(protocol, str(protocol))}, Port: {PORT_CHECKS[source_op]}{source_start}~{source_end} -> "
            f"{PORT_CHECKS[op]}{start}~{end}"
        )
    if match.object:
        index = match.object
        parts.append(f"Service Object {index}" if style == "index" else _service_text(state, index, style))
    if match.group:
        group = state.service_groups.get(match.group, Group())
        if style == "index":
            parts.append(f"Service Group {match.group}")
        elif style == "name":
            parts.append(group.name)
        else:
            parts.append("; ".join(_service_text(state, member, style) for member in group.members) or "Any")
    return ", ".join(parts) or "Any"


def rule(state: State, profile: Profile, set_no: int, rule_no: int, entry: Rule, style: str) -> list[str]:
    incoming, outgoing = lan_side(profile), wan_side(profile)
    if entry.direction == 1:
        incoming, outgoing = outgoing, incoming
    elif entry.direction == 2:
        outgoing = lan_side(profile)
    slots = ", ".join(str(entry.schedule.get(str(slot)) or "<null>") for slot in range(1, 5))
    return [
        f" Filter Set {set_no} Rule {rule_no}:",
        f" Status : {on_off(entry.enabled)}",
        f" Comments: {entry.comment or '<null>'}",
        f" Index(1-15) in Schedule Setup: {slots}",
        f" Clear sessions when schedule is ON: {on_off(entry.clear_sessions)}",
        f" Direction    : {DIRECTIONS[entry.direction]}",
        *_wrapped(" Src Interface : ", [name for name in incoming if name not in entry.incoming_off]),
        *_wrapped(" Dst Interface : ", [name for name in outgoing if name not in entry.outgoing_off]),
        f" Source IP    : {address_text(state, entry.source, style)}",
        f" Destination IP: {address_text(state, entry.destination, style)}",
        f" Service Type : {service_text(state, entry.service, style)}",
        f" Fragments    : {FRAGMENTS[entry.fragments]}",
        f" Pass or Block           : {ACTIONS[entry.action]}",
        f" Branch to Other Filter Set: {entry.branch or 'None'}",
        f" Max Sessions Limit       : {entry.other.get('L', '60000').split()[0]}",
        " Current Sessions        : 0",
        " Mac Bind IP            : Non-Strict",
        " Qos Class              : None",
        " Packet Capture          : Disable",
        " APP Enforcement         : None",
        " URL Content Filter       : None",
        " WEB Content Filter       : None",
        " DNS Filter             : None",
        " Load-Balance policy      : Auto-select",
        f" Log                    : {on_off(entry.log)}",
        " ----------------------------------------------------------------------",
        " CodePage                 : ANSI(1252)-Latin I",
        " Window size              : 65535",
        " Session timeout           : 60",
        " DrayTek Banner            : Enable",
        RULER,
        " Strict Security Checking",
        "   [ ]APP Enforcement",
    ]


def ipf_version(state: State) -> list[str]:
    return [
        "ipf: IP Filter: v3.3.1 (1852)",
        "Kernel: IP Filter: v3.3.1",
        "Running: yes",
        "Log Flags: 0x6055af1c = block, nomatch",
        f"Default: {'block' if state.general.default_action else 'pass'} all, Logging: available",
    ]


def running_rules(state: State) -> list[str]:
    """Assumption: the form of ``ipf view -r`` is not printed; nobody may depend on this one (draytek.md 6)."""
    lines = []
    for set_no in sorted(state.sets):
        for rule_no, entry in sorted(state.sets[set_no].rules.items()):
            if entry.enabled:
                action = "block" if entry.action in (1, 3) else "pass"
                lines.append(f"@{set_no}:{rule_no} {action} {'in' if entry.direction == 1 else 'out'}")
    return lines


# --- system, management, NAT -----------------------------------------------------------------------------------------


def status_mark(canonical: str) -> str:
    """The state marker that changes with the configuration [I]."""
    return f"0x{zlib.crc32(canonical.encode()):08x}"


def version(profile: Profile, state: State, mark: str, router_name: str) -> list[str]:
    return [
        f"Router Model: {profile.model}         Version: {profile.firmware} {profile.languages}",
        f"Profile version: {profile.profile_version}        Status: 1 ({mark})",
        f"Router IP: {state.router_ip}        Netmask: 255.255.255.0",
        f"Firmware Build Date/Time: {profile.build_date}",
        f"Router Name: {router_name}",
        f"Revision: {profile.revision}",
        "Router serial no: None",
    ]


def access_list(state: State, style: str) -> list[str]:
    if style == "typed":
        lines = ["%% Access list :", "   [NO.]      [Type]      [Index]      [Description]"]
        row = "   {slot}          IP Object  {index}          {text}"
    else:
        lines = ["%% Access list :", "   [Index]      [IP Object Index]      [IP/CIDR or StartIP ~ EndIP]"]
        row = "   {slot}          {index}                    {text}"
    lines.append(" =======================================================================")
    for slot, index in sorted(state.management.access_list.items()):
        lines.append(row.format(slot=slot, index=index, text=_access_text(state, index)))
    return lines


def _access_text(state: State, index: int) -> str:
    profile = state.ip_objects.get(index)
    if profile is None or profile.address_type is None:
        return f"Please setting index={index} for IP Object"
    # Assumption: the heading says "IP/CIDR or StartIP ~ EndIP"; no filled row is printed.
    if profile.address_type == 0:
        bits = sum(bin(int(part)).count("1") for part in profile.end.split("."))
        return f"{profile.start}/{bits}"
    if profile.address_type == 3:
        return f"{profile.start} ~ {profile.end}"
    return f"{profile.start}/32" if profile.address_type == 1 else "Any"


REMOTE_SERVICES = ("http", "https", "ftp", "telnet", "ssh", "tr069", "snmp", "enforce_https")


def remote_status(state: State) -> list[str]:
    """Assumption: the form of ``mngt rmtcfg status`` is not printed; made of the replies that are."""
    management = state.management
    lines = [f"%% Remote configure function has been {'enabled' if management.remote else 'disabled'}."]
    for service in REMOTE_SERVICES:
        word = "enabled" if management.remote_services.get(service) else "disabled"
        lines.append(f"%% {service.upper()} server has been {word}.")
    return lines


BFP_SERVICES = ("FTP", "HTTP", "HTTPS", "TELNET", "TR069", "SSH")


def brute_force(state: State) -> list[str]:
    management = state.management
    return [
        "Current Brute Force Protection Setting:",
        f"* Enable: {'yes' if management.bfp_enabled else 'no'}",
        "* Service:",
        *(f" - {name}:       {'yes' if name in management.bfp_services else 'no'}" for name in BFP_SERVICES),
        f"* Maximum login failures: {management.bfp_failures}",
        f"* Penalty period: {management.bfp_penalty}",
    ]


def lan_access() -> list[str]:
    return [
        "Current LAN Access Control Setting:",
        "* Enable:Yes",
        *(f"  - {name}:Yes" for name in ("FTP", "HTTP", "HTTPS", "TELNET", "SSH", "TR069")),
        "  - Enforce HTTPS:No",
        " Subnet:",
        "  - LAN 1: enabled",
        "    - Specific IP(type:IP Object)(index:0) is disabled",
        "  - LAN 2: enabled",
        "    - Specific IP(type:IP Object)(index:0) is disabled",
    ]


STARS = "*****************************************************************"


def open_port(state: State, profile: int, item: int) -> list[str]:
    entry = state.open_ports.get(profile, {}).get(item)
    if entry is None:
        # Assumption: an empty sub-item shows the factory values.
        status, comment, wan, address, protocol, start, end = "Disable", "", "WAN1", "0.0.0.0", "---", 0, 0
    else:
        status, comment, wan, address = on_off(entry.enabled), entry.comment, f"WAN{entry.wan}", entry.address
        protocol, start, end = entry.protocol, entry.start, entry.end
    return [
        f"%% Status: {status}",
        f"%% Comment: {comment}",
        f"%% WAN Interface: {wan}",
        f"%% Private IP address: {address}",
        "Index   Protocal        Start Port      End Port",
        STARS,
        f"{item:3d}.    {protocol:<16}{start:<16}{end}",
    ]


def nat_all(state: State) -> list[str]:
    """Rows as in the sample: an open port prints "---" for its protocol, a redirection of all WANs "-- ALL --"."""
    lines = ["Index   Proto   WAN IP:Port                 Private IP:Port             Act", STARS]
    for index, mapped in sorted(state.port_maps.items()):
        outside = f"{'-- ALL --' if not mapped.wan else '0.0.0.0'}:{mapped.public}"
        inside = f"{mapped.address}:{mapped.private}"
        lines.append(f"R{index:02d}     {mapped.protocol:<8}{outside:<28}{inside:<28}{'Y' if mapped.enabled else 'N'}")
    if state.port_maps and state.open_ports:
        lines.append("")
    for profile in sorted(state.open_ports):
        for _item, entry in sorted(state.open_ports[profile].items()):
            ports = f"{entry.start}~{entry.end}"
            public, private = f"0.0.0.0:{ports}", f"{entry.address}:{ports}"
            lines.append(f"O{profile:02d}     ---     {public:<28}{private:<28}{'Y' if entry.enabled else 'N'}")
    # Assumption: the summary is said to hold the DMZ too, but no such row is printed; hosts are in ``srv nat dmz -v``.
    return lines


def port_maps(state: State) -> list[str]:
    """Assumption: neither form is printed."""
    return [
        f"{index:3d} {entry.name:<16}{entry.protocol:<5}{entry.public:<8}{entry.address}:{entry.private} "
        f"{'Enable' if entry.enabled else 'Disable'}"
        for index, entry in sorted(state.port_maps.items())
    ]


def dmz(state: State, profile: Profile, wan: int | None) -> list[str]:
    """As printed for WAN1. Assumption: the other WANs look alike, and ``srv nat dmz -v`` shows those in use."""
    lines: list[str] = []
    for number in [wan] if wan else sorted({1, *state.dmz}):
        lines += [
            f"%      WAN{number} DMZ mapping status:",
            " Index  Status  WAN1 aux IP     Private IP",
            "----------------------------------------------------",
        ]
        hosts = state.dmz.get(number, {}) or {1: DmzHost()}
        lines += [
            f"{host:4d}   {on_off(entry.enabled)} 0.0.0.0 {entry.address}" for host, entry in sorted(hosts.items())
        ]
    return lines


def dos_list(entries: list[str], letter: str) -> list[str]:
    """Sixteen rows. Assumption: ``-B show`` is not printed; it is made like ``-P show``."""
    four = [entry for entry in entries if ":" not in entry]
    six = [entry for entry in entries if ":" in entry]
    lines = [
        f"DoS {'White Passing' if letter == '-P' else 'Black Blocking'} IP List:",
        "   Type        IPv4                Type              IPv6",
    ]
    for row in range(16):
        address = four[row] if row < len(four) else "0.0.0.0"
        kind, _space, value = address.rpartition(" ")
        other = six[row] if row < len(six) else "::"
        lines.append(f"{row + 1:2d}. {'Country' if kind else 'IP':<11}{value:<20}IP               {other}")
    return lines


def mail_alert(state: State) -> list[str]:
    """As printed, with the device's own spelling; "Use SSL" does not fit the four values of -s (annex)."""
    alert = state.mail_alert

    def on(key: str) -> str:
        return on_off(int(alert.get(key, "0")))

    return [
        "------ Current setting for Mail Alert ------",
        f"Mail Alert: {on('e')}",
        f"SMTP Server IP Address: {alert.get('i', '0.0.0.0')}",
        f"SMTP Server Port: {alert.get('o', '25')}",
        f"Alert Mail Reciver E-maiil Address: {alert.get('a', '')}".rstrip(),
        f"Mail Return E-mail Address: {alert.get('r', '')}".rstrip(),
        f"Use SSL: {on_off(int(alert.get('s', '0') != '0'))}",
        f"SMTP Authentication: {on('h')}",
        f"Username for SMTP Authentication: {alert.get('u', '')}".rstrip(),
        "Password for SMTP Authentication:",
        f"Mail Alert for DoS Attack: {on('l0')}.",
        "",
        f"Mail Alert for APPE: {on('l1')}.",
        f"Mail Alert for VPN Log: {on('l2')}.",
        f"Mail Alert for APPE Signature: {on('l3')}.",
        f"Mail Alert for Reboot Debug Log: {on('l6')}, Mode: Limited.",
        "---------------------------------------------",
    ]


def clock(state: State) -> list[str]:
    return [
        "*************** System Time ***************",
        "Current System Time: [2000 Jan 01 Sat 02:40:41]",
        f"Time Server: [{state.clock.get('server', 'pool.ntp.org')}]",
        f"Time Zone Index: [{state.clock.get('zone', '24')}]. GMT",
        "Send NTP Request Through: Auto",
        "*********************************************",
    ]


def interfaces(state: State) -> list[str]:
    """As printed: LAN up, the others down."""
    lines = [
        "Interface 0 Ethernet:",
        "Status: UP",
        f"IP Address: {state.router_ip}          Netmask: 0xFFFFFF00 (Private)",
        "IP Address: 0.0.0.0               Netmask: 0xFFFFFFFF",
        "MAC: 00-50-7F-00-00-00",
    ]
    for number in range(4, 10):
        lines += [
            f"Interface {number} Ethernet:",
            "Status: DOWN",
            "IP Address: 0.0.0.0               Netmask: 0x00000000",
            f"MAC: 00-50-7F-00-00-{number - 2:02X}",
        ]
    return lines
