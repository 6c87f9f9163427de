# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations that a site's router may have before a run, and declarations to run: strategies for hypothesis."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from lab.drayos.fixtures import add_open_ports, factory_state, lived_in_state
from lab.drayos.state import (
    AddressMatch,
    DmzHost,
    FilterSet,
    Group,
    IpObject,
    Ipv6Object,
    OpenPort,
    PortMap,
    Rule,
    ServiceMatch,
    ServiceObject,
    State,
)

from .adapter import HardeningError, Router, Wanted, clone, plan_for, wanted_of
from .oracle import LAN_TO_LAN, LAN_TO_WAN, TCP, UDP, WAN_TO_LAN, Flow, Knock

PBX = "192.168.1.10"
OTHER_HOST = "192.168.1.77"
REDIRECTED = 15060
"""A port on the internet side that a redirection may lead to the PBX's 5060."""
STRANGERS = ("198.51.100.66", "192.0.2.200")
STRANGERS_6 = ("2001:db8:66::66",)
PBX_6 = "2001:db8:1::10"
LIMITS = {"vigor2927": (8, 9), "vigor2862": (6, 4), "vigor3912": (100, 12)}  # LANs, WANs


@dataclass(frozen=True)
class Declared:
    """Who may reach what of the PBX, independent of how the collection says so."""

    providers: tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[int, ...]], ...]
    """Name, signalling networks, media networks, ports."""
    sites: tuple[tuple[str, str, str], ...]
    """Name, address, transport."""
    sip_ports: tuple[int, ...]
    tls_port: int
    rtp: tuple[int, int] | None

    def protects(self, port: int) -> bool:
        """Closed to all who are not let in."""
        return port in self.signalling_ports() or self.is_media(port)

    def signalling_ports(self) -> set[int]:
        tls = {self.tls_port for *_rest, transport in self.sites if transport == "tls"}
        return {*self.sip_ports, *tls, *(port for *_rest, ports in self.providers for port in ports)}

    def is_media(self, port: int) -> bool:
        return self.rtp is not None and self.rtp[0] <= port <= self.rtp[1]

    def allows(self, source: str, port: int) -> bool:
        """From the internet; the protocol makes no difference between TCP and UDP."""
        address = ipaddress.ip_address(source)

        def inside(networks: tuple[str, ...]) -> bool:
            return any(address in ipaddress.ip_network(network) for network in networks)

        for _name, signalling, media, ports in self.providers:
            if port in ports and inside(signalling):
                return True
            if self.is_media(port) and inside(media):
                return True
        for _name, home, transport in self.sites:
            ports = (self.tls_port,) if transport == "tls" else tuple(p for p in self.sip_ports if p != self.tls_port)
            if (port in ports or self.is_media(port)) and inside((home,)):
                return True
        return False

    def networks(self) -> Iterator[str]:
        for _name, signalling, media, _ports in self.providers:
            yield from (*signalling, *media)
        yield from (address for _name, address, _transport in self.sites)

    def wanted(self) -> Wanted:
        return wanted_of(self.providers, self.sites, self.sip_ports, self.tls_port, self.rtp)


@dataclass
class Start:
    """A router before the run, and how it came to be so."""

    profile: str
    state: State
    flash: State
    story: list[str] = field(default_factory=list)
    earlier: tuple[Declared, ...] = ()
    habits: Mapping[str, Any] = field(default_factory=dict)
    """What the reference leaves open, as this router does it (lab/drayos/faults.py)."""

    def router(self) -> Router:
        """A new one in this state each time."""
        return Router(self.profile, clone(self.state), clone(self.flash), self.habits)

    def __repr__(self) -> str:
        return f"Start({self.profile}: {'; '.join(self.story)})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


# --- declarations -----------------------------------------------------------------------------------------------------

SIGNALLING = ("203.0.113.0/26", "203.0.113.64/28", "203.0.113.10/32", "198.18.4.0/22", "203.0.113.96/29")
MEDIA = ("203.0.113.128/26", "198.18.8.0/21", "203.0.113.0/26")
HOMES = ("192.0.2.10/32", "192.0.2.11/32", "192.0.2.16/29")
NAMES = ("gamma", "twilio", "bt")


@st.composite
def declarations(draw: st.DrawFn) -> Declared:
    # More different port lists than one filter set has room for need a second set.
    many = draw(st.integers(0, 3)) == 0
    sip_ports = draw(st.sampled_from([(5070, 5061)] if many else [(5060, 5061), (5060,), (5060, 5061, 5080)]))
    providers = []
    for position in range(draw(st.integers(3 if many else 1, 3))):
        signalling = draw(st.lists(st.sampled_from(SIGNALLING), min_size=1, max_size=2, unique=True))
        media = draw(st.lists(st.sampled_from(MEDIA), max_size=2, unique=True)) or signalling
        some = draw(st.sampled_from([(5060,), (5060, 5061), (5061,), (5080,)]))
        ports = ((5060,), (5060, 5090), (5080,))[position] if many else some
        providers.append((NAMES[position], tuple(signalling), tuple(media), ports))
    homes = draw(st.lists(st.sampled_from(HOMES), min_size=2 if many else 0, max_size=3, unique=True))
    transports = [("tls", "udp")[n % 2] if many else draw(st.sampled_from(["tls", "udp"])) for n in range(len(homes))]
    sites = tuple((f"home{n}", home, transports[n - 1]) for n, home in enumerate(homes, start=1))
    rtp = draw(st.sampled_from([(10000, 10100), (9000, 10999)] if many else [None, (10000, 10100), (9000, 10999)]))
    return Declared(tuple(providers), sites, sip_ports, 5061, rtp)


# --- what others have put there ---------------------------------------------------------------------------------------

OTHERS_OBJECTS = (
    IpObject("lan", 0, 0, "192.168.1.0", "255.255.255.0"),
    IpObject("head-office", 0, 3, "198.51.100.8", "198.51.100.15"),
    IpObject("provider-old", 0, 0, "203.0.113.0", "255.255.255.192"),
    IpObject("one-stranger", 0, 1, "198.51.100.66", "0.0.0.0"),
    IpObject("not-the-lan", 0, 0, "192.168.1.0", "255.255.255.0", invert=1),
    IpObject("everybody", 0, 2),
    IpObject("pbx", 0, 1, PBX, "0.0.0.0"),
    IpObject("named-only"),
)
OTHERS_SERVICES = (
    ServiceObject("netbios", 255, destination_start=137, destination_end=139),
    ServiceObject("camera", 6, destination_start=8080, destination_end=8080),
    ServiceObject("sip", 255, destination_start=5060, destination_end=5061),
    ServiceObject("rtp", 17, destination_start=10000, destination_end=20000),
    ServiceObject("high", 255, destination_check=2, destination_start=1024, destination_end=1024),
    ServiceObject("not-https", 6, destination_check=1, destination_start=443, destination_end=443),
    ServiceObject("any", 0),
)


def _others_profiles(draw: st.DrawFn, state: State) -> None:
    for index in range(1, draw(st.integers(1, 6)) + 1):
        state.ip_objects[index] = IpObject(**vars(draw(st.sampled_from(OTHERS_OBJECTS))))
    for index in range(1, draw(st.integers(0, 3)) + 1):
        members = draw(st.lists(st.integers(1, 6), max_size=3, unique=True))
        state.ip_groups[index] = Group(f"group{index}", members=members)
    for index in range(1, draw(st.integers(1, 4)) + 1):
        state.service_objects[index] = ServiceObject(**vars(draw(st.sampled_from(OTHERS_SERVICES))))
    if draw(st.booleans()):
        members = draw(st.lists(st.integers(1, 4), max_size=3, unique=True))
        state.service_groups[1] = Group("services1", members=members)
    if draw(st.booleans()):
        state.ipv6_objects[1] = Ipv6Object("six", 3, "2001:db8:66::", "2001:db8:66::ff")


@st.composite
def addresses(draw: st.DrawFn, own: bool = False) -> AddressMatch:
    kind = draw(st.sampled_from(["any", "any", "object", "group", "both", "six", *(["own"] if own else [])]))
    match = AddressMatch()
    if kind in ("object", "both"):
        match.objects["1"] = draw(st.integers(1, 7))
    if kind in ("group", "both"):
        match.groups["1"] = draw(st.integers(1, 4))
    if kind == "six":
        match.objects6["1"] = draw(st.integers(1, 2))
    if kind == "own":
        match.own = draw(st.sampled_from([["1", PBX], ["0", "192.168.1.0", "255.255.255.0"], ["2"]]))
    return match


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule of others: for SIP or not, immediate or not, branching or not."""
    rule = Rule(
        enabled=draw(st.sampled_from([1, 1, 1, 0])), comment=draw(st.sampled_from(["", "xNetBios -> DNS", "SIP"]))
    )
    rule.direction = draw(st.sampled_from([WAN_TO_LAN, WAN_TO_LAN, LAN_TO_WAN, LAN_TO_LAN]))
    rule.source = draw(addresses())
    rule.destination = draw(addresses(own=True))
    service = draw(st.sampled_from(["any", "object", "object", "group", "own"]))
    if service == "object":
        rule.service = ServiceMatch(object=draw(st.integers(1, 5)))
    elif service == "group":
        rule.service = ServiceMatch(group=draw(st.integers(1, 2)))
    elif service == "own":
        first = draw(st.sampled_from([5060, 5061, 443, 10000]))
        rule.service = ServiceMatch(own=[draw(st.sampled_from([6, 17, 255])), 0, 0, 1, first, 65535, first + 10])
    rule.action = draw(st.integers(0, 3))
    rule.log = draw(st.integers(0, 1))
    rule.fragments = draw(st.sampled_from([0, 0, 0, 0, 1, 2]))
    if draw(st.integers(0, 3)) == 0:
        rule.branch = draw(st.integers(1, 12))
    if draw(st.integers(0, 5)) == 0:
        rule.incoming_off = draw(st.sampled_from([["WAN1"], ["WAN2"], ["LAN1"]]))
    if draw(st.integers(0, 7)) == 0:
        rule.schedule = {"1": 3}
    return rule


def _others_sets(draw: st.DrawFn, state: State) -> None:
    numbers = draw(st.lists(st.integers(1, 12), max_size=5, unique=True))
    for number in numbers:
        entry = FilterSet(
            comment=draw(st.sampled_from(["", "Default Data Filter", "house rules"])),
            next_set=draw(st.sampled_from([0, 0, *numbers])),
        )
        for slot in draw(st.lists(st.integers(1, 7), max_size=3, unique=True)):
            entry.rules[slot] = draw(rules())
        state.sets[number] = entry
    if draw(st.booleans()):
        state.general.start_set = draw(st.sampled_from([*numbers, 1, 2]))


def _doors(draw: st.DrawFn, state: State) -> None:
    kind = draw(st.sampled_from(["none", "pbx", "all", "limited", "two", "redirected", "dmz"]))
    if kind == "none":
        return
    if kind == "dmz":
        state.dmz[1] = {1: DmzHost(1, draw(st.sampled_from([PBX, OTHER_HOST])))}
        return
    if kind == "redirected":
        limit = draw(st.sampled_from([0, 0, 1, 2]))
        state.port_maps[1] = PortMap(1, "sip", "UDP", REDIRECTED, 0, limit, PBX, 5060, draw(st.sampled_from([0, 1, 2])))
        state.port_maps[2] = PortMap(1, "web", "TCP", 443, 0, 0, OTHER_HOST, 443, 1)
    if kind == "all":
        state.open_ports[1] = {1: OpenPort(1, "all", PBX, 1, "ALL", 1, 65535)}
        return
    add_open_ports(state, [("UDP", 5060, PBX), ("TCP", (5060, 5061), PBX), ("UDP", (9000, 10999), PBX)], "PBX")
    profile = state.open_ports[max(state.open_ports)]
    if kind == "limited":
        for entry in profile.values():
            entry.source_index, entry.source_is_group = draw(st.integers(1, 3)), draw(st.integers(0, 1))
    if kind == "two":
        add_open_ports(state, [("ALL", (5000, 5100), OTHER_HOST), ("TCP", 443, OTHER_HOST)], "old PBX")
        state.open_ports[max(state.open_ports)][1].wan = 2


def _fill(draw: st.DrawFn, state: State) -> str:
    """Few slots are left of one kind of profile, or none."""
    kind = draw(st.sampled_from(["ip_objects", "ip_groups", "service_objects", "service_groups", "sets"]))
    left = draw(st.integers(0, 4))
    if kind == "sets":
        for number in range(1, 13 - left):
            state.sets.setdefault(number, FilterSet()).comment = "theirs"
        return f"{left} filter sets left"
    limit, blank = {"ip_objects": (192, IpObject), "service_objects": (96, ServiceObject)}.get(kind, (32, Group))
    table = getattr(state, kind)
    for index in range(1, limit + 1 - left):
        table.setdefault(index, blank(name=f"used{index}"))
    return f"{left} {kind} left"


# --- what an earlier run has put there --------------------------------------------------------------------------------

HABITS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"reference_style": "name"},
    {"reference_style": "expanded"},
    {"group_add": "add"},
    {"group_listing": "short", "confirmations": False},
)
EDITS = (
    "ipf rule {own} 7 -e 0",
    "ipf rule {own} 1 -e 0",
    'ipf rule {own} 7 -F "0 1"',
    "ipf rule {own} 1 -U down",
    'ipf rule {own} 1 -s "g 1 0"',
    'ipf rule {own} 7 -s "o 1 1"',
    'ipf rule {own} 7 -I "d WAN1"',
    "ipf rule {own} 7 -D 0",
    'ipf rule {own} 1 -S "o 1"',
    "ipf rule {own} 1 -N 2",
    "ipf rule {own} 5 -e 1 -D 1",
    'ipf rule {own} 4 -D 1 -F "1 0" -M mine -e 1',
    'ipf rule {own} 7 -t "i 1 3"',
    "ipf set {own} -n 0",
    "ipf set {own} -n 2",
    "ipf set {own} -m voipsec_off",
    "ipf set -d 1",
    "ipf set -d 2",
    "ipf set -d 0",
    "ipf set -p 1 1",
    "ipf set 2 -n {own}",
    'object ip grp 32 -a "1"',
    'object ip grp 31 -a "1 192"',
    "object ip grp 32 -n other",
    "object ip obj 192 -a 2",
    "object ip obj 192 -s 1",
    "object ip obj 192 -a 1 198.51.100.66",
    "object ip obj 191 -n renamed",
    "object service obj 96 -d 0 6000 6010",
    "object service obj 95 -p 6",
    "object service grp 32 -a 96",
    "object service grp 31 -n theirs",
)
"""What somebody may type at a router that has our rules: 192, 96 and 32 are the slots we take first."""


def _own_set(state: State) -> int:
    found = [number for number, entry in state.sets.items() if entry.comment.startswith("voipsec")]
    return max(found, default=12)


@st.composite
def starts(draw: st.DrawFn, runs: int = 2) -> Start:
    """A router as some site has it, after at most so many earlier runs of ours."""
    profile = draw(st.sampled_from(["vigor2927", "vigor2927", "vigor2862", "vigor3912"]))
    base = draw(st.sampled_from(["factory", "lived in", "others", "others", "others"]))
    story = [base]
    state = lived_in_state(profile, PBX) if base == "lived in" else factory_state(profile)
    if base == "others":
        _others_profiles(draw, state)
        _others_sets(draw, state)
        _doors(draw, state)
    elif base == "factory":
        _doors(draw, state)
    if draw(st.integers(0, 5)) == 0:
        state.general.start_set = 0
        story.append("data filter off")
    if draw(st.integers(0, 4)) == 0:
        state.general.default_action = 1
        story.append("default block")
    if draw(st.integers(0, 3)) == 0:
        state.general.block_routing_v6 = 0
        story.append("IPv6 routed")
    if draw(st.integers(0, 7)) == 0:
        story.append(_fill(draw, state))
    habits = draw(st.sampled_from(HABITS))
    story += [f"{name} {value}" for name, value in habits.items()]
    start = Start(profile, state, clone(state), story, habits=habits)
    for _run in range(min(runs, draw(st.sampled_from([0, 0, 1, 1, 2])))):
        start = _after_a_run(draw, start)
    return start


def _after_a_run(draw: st.DrawFn, start: Start) -> Start:
    """An earlier declaration was applied, whole or killed on the way; then perhaps edited by hand, and restarted."""
    declared = draw(declarations())
    router = start.router()
    story = list(start.story)
    try:
        commands = plan_for(router.run, start.profile, declared.wanted()).commands
    except HardeningError:
        return start
    share = draw(st.sampled_from([100, 100, 100, 0, 25, 50, 75, 90, 97]))
    cut = len(commands) if share == 100 else len(commands) * share // 100
    router.run_all(commands[:cut])
    story.append(f"a run, {cut} of {len(commands)} commands")
    for edit in draw(st.lists(st.sampled_from(EDITS), max_size=3)) if draw(st.booleans()) else []:
        command = edit.format(own=_own_set(router.state))
        router.run(command)
        story.append(command)
    after = draw(st.sampled_from(["", "", "sys commit", "restart"]))
    if after == "sys commit":
        router.run(after)
    elif after == "restart":
        router.device.reboot("test")
    if after:
        story.append(after)
    return Start(start.profile, router.state, router.flash, story, (*start.earlier, declared), start.habits)


# --- the packets ------------------------------------------------------------------------------------------------------


def _edges(network: str) -> list[str]:
    """Just outside, the two ends, and one in between."""
    found = ipaddress.ip_network(network)
    first, last = int(found[0]), int(found[-1])
    return [str(ipaddress.IPv4Address(number)) for number in {first - 1, first, (first + last) // 2, last, last + 1}]


def sources(declared: Declared, start: Start) -> list[str]:
    found = {*STRANGERS, "198.51.100.7", "198.51.100.8"}
    for each in (declared, *start.earlier):
        for network in each.networks():
            found.update(_edges(network) if each is declared else _edges(network)[:3])
    return sorted(found | _found_edges(start.state))


def _found_edges(state: State) -> set[str]:
    """Of the first address objects on the router, whoever made them: the ends, and just outside."""
    found = set()
    for _index, entry in sorted(state.ip_objects.items())[:8]:
        if entry.address_type in (0, 1, 3):
            first = int(ipaddress.IPv4Address(entry.start))
            last = int(ipaddress.IPv4Address(entry.end)) if entry.address_type == 3 else first
            if entry.address_type == 0:
                last = first | 0xFFFFFFFF ^ int(ipaddress.IPv4Address(entry.end))
            found |= {str(ipaddress.IPv4Address(number)) for number in (first - 1, first, last, last + 1)}
    return {address for address in found if not address.startswith("192.168.")}


def ports(declared: Declared) -> list[int]:
    found = {5060, 5061, 5070, 5080, 443, 8080}
    found.update(declared.signalling_ports())
    for port in (min(declared.signalling_ports()), max(declared.signalling_ports())):
        found.update((port - 1, port + 1))
    first, last = declared.rtp or (10000, 10100)
    found.update((first - 1, first, (first + last) // 2, last, last + 1))
    return sorted(found)


def inbound(declared: Declared, start: Start) -> list[Flow]:
    """From the internet to the PBX, IPv4 and IPv6, as the filter sees it."""
    found = [
        Flow(WAN_TO_LAN, source, PBX, protocol, port, incoming=wan)
        for source in sources(declared, start)
        for protocol in (TCP, UDP)
        for port in ports(declared)
        for wan in ("WAN1", "WAN2")
    ]
    return found + [
        Flow(WAN_TO_LAN, source, PBX_6, protocol, port)
        for source in STRANGERS_6
        for protocol in (TCP, UDP)
        for port in ports(declared)
    ]


def knocks(declared: Declared, start: Start) -> list[Knock]:
    """From the internet to the router's public address."""
    return [
        Knock(source, protocol, port, wan)
        for source in sources(declared, start)
        for protocol in (TCP, UDP)
        for port in (*ports(declared), *([REDIRECTED] if start.state.port_maps else []))
        for wan in (1, 2)
    ]


def inside(knock: Knock, state: State) -> int:
    """The PBX's port that a knock is meant for. No open port of these starts asks for a redirected port."""
    for entry in state.port_maps.values():
        if entry.public == knock.port and knock.protocol == (TCP if entry.protocol == "TCP" else UDP):
            return entry.private
    return knock.port


MANAGEMENT = (
    Flow(LAN_TO_LAN, "192.168.1.20", "192.168.1.1", TCP, 22, incoming="LAN1", outgoing="LAN1"),
    Flow(LAN_TO_WAN, "192.168.1.1", "198.51.100.7", TCP, 40000, 22, incoming="LAN1", outgoing="WAN1"),
    Flow(LAN_TO_WAN, "192.168.1.20", "192.0.2.80", TCP, 443, incoming="LAN1", outgoing="WAN1"),
    Flow(LAN_TO_WAN, "192.168.1.20", "192.0.2.53", UDP, 53, incoming="LAN1", outgoing="WAN1"),
    Flow(LAN_TO_WAN, PBX, "203.0.113.10", UDP, 5060, 5060, incoming="LAN1", outgoing="WAN1"),
)
"""LAN to the router's ssh, the router's answers to its manager, and what the LAN and the PBX need outside."""
