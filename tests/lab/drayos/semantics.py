# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the running data filter does to a packet. Written from draytek.md 2.5 only.

Where the reference is silent the worst case is taken and marked ``Assumption``.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .state import AddressMatch, Group, IpObject, Ipv6Object, Rule, ServiceMatch, ServiceObject, State

LAN_TO_WAN, WAN_TO_LAN, LAN_TO_LAN = 0, 1, 2
TCP, UDP, ICMP = 6, 17, 1
PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP}
DEFAULT_SET, DEFAULT_RULE = 13, 1  # the default rule is shown as 13:1 in logs (draytek.md 2.5)


@dataclass(frozen=True)
class Packet:
    """A first packet of a flow. Destination of WAN -> LAN packets is the internal host (after NAT)."""

    direction: int
    src: str
    dst: str
    proto: str | int
    sport: int = 40000
    dport: int = 0
    incoming: str = ""  # interface; "" = WAN1 or LAN1, by direction
    outgoing: str = ""
    fragment: bool = False

    @property
    def protocol(self) -> int:
        return PROTOCOLS[self.proto.lower()] if isinstance(self.proto, str) else self.proto


@dataclass(frozen=True)
class Verdict:
    action: str  # pass | block
    set: int | None
    rule: int | None
    logged: bool
    reason: str = ""  # rule | default | filter off

    @property
    def passed(self) -> bool:
        return self.action == "pass"


def verdict(state: State, packet: Packet) -> Verdict:
    """Walk the running data filter."""
    general = state.general
    default = Verdict(
        "block" if general.default_action else "pass", DEFAULT_SET, DEFAULT_RULE, bool(general.default_log), "default"
    )
    if general.start_set == 0:
        # Assumption: a disabled data filter has no default rule either, so everything passes.
        return Verdict("pass", None, None, False, "filter off")
    remembered: Verdict | None = None
    for set_no, rule_no, rule in _walk(state, packet):
        found = Verdict("block" if rule.action in (1, 3) else "pass", set_no, rule_no, bool(rule.log), "rule")
        if rule.action in (0, 1):
            return found
        remembered = found
    return remembered or default


def _walk(state: State, packet: Packet) -> Iterator[tuple[int, int, Rule]]:
    """The matching rules in order of evaluation. A branch does not return; a set is never entered twice."""
    current, seen = state.general.start_set, set()
    while current and current not in seen:
        seen.add(current)
        filter_set = state.sets.get(current)
        following = filter_set.next_set if filter_set else 0
        for number in sorted(filter_set.rules) if filter_set else ():
            rule = filter_set.rules[number]  # type: ignore[union-attr]
            # Assumption: a schedule does not exempt a rule; the worst case is that it is on.
            if not rule.enabled or not rule_matches(state, rule, packet):
                continue
            yield current, number, rule
            if rule.branch:
                # Assumption: "immediately" ends the walk before the branch is looked at (see verdict).
                following = rule.branch
                break
        current = following


def rule_matches(state: State, rule: Rule, packet: Packet) -> bool:
    if rule.direction != packet.direction:
        return False
    incoming = packet.incoming or ("WAN1" if packet.direction == WAN_TO_LAN else "LAN1")
    outgoing = packet.outgoing or ("WAN1" if packet.direction == LAN_TO_WAN else "LAN1")
    if incoming in rule.incoming_off or outgoing in rule.outgoing_off:
        return False
    if (rule.fragments == 1 and packet.fragment) or (rule.fragments in (2, 3) and not packet.fragment):
        return False
    matches = address_matches
    if ":" in packet.src:

        def matches(state: State, match: AddressMatch, address: str) -> bool:
            return address6_matches(state, match, address, blocking=rule.action in (1, 3))

    return (
        matches(state, rule.source, packet.src)
        and ((":" in packet.src and _is_any(rule.destination)) or matches(state, rule.destination, packet.dst))
        and service_matches(state, rule.service, packet)
    )


def _is_any(match: AddressMatch) -> bool:
    return not (match.own or match.objects or match.groups or match.objects6 or match.groups6 or match.countries)


def address6_matches(state: State, match: AddressMatch, address: str, *, blocking: bool) -> bool:
    """Assumption, the worst case both ways: "any" lets IPv6 in where a rule passes, and does not stop it where a rule
    blocks; what cannot be evaluated (countries, blank profiles) likewise. IPv4 addresses never match IPv6."""
    if _is_any(match) or match.own[:1] == ["2"]:
        return not blocking
    profiles = [state.ipv6_objects.get(index) for index in match.objects6.values()]
    for index in match.groups6.values():
        group = state.ipv6_groups.get(index)
        profiles += [state.ipv6_objects.get(member) for member in group.members] if group and group.members else [None]
    tests = [_object6_matches(profile, address, blocking=blocking) for profile in profiles]
    return any(tests) or (bool(match.countries) and not blocking)


def _object6_matches(profile: Ipv6Object | None, address: str, *, blocking: bool) -> bool:
    if profile is None or profile.address_type in (None, 4) or profile.match_type:
        return not blocking
    number = int(ipaddress.IPv6Address(address))
    start, end = int(ipaddress.IPv6Address(profile.start)), int(ipaddress.IPv6Address(profile.end))
    if profile.address_type == 2:
        inside = True
    elif profile.address_type == 1:
        inside = number == start
    elif profile.address_type == 3:
        inside = start <= number <= end
    else:
        inside = ipaddress.IPv6Address(address) in ipaddress.IPv6Network((start, profile.prefix), strict=False)
    return inside != bool(profile.invert)


# --- addresses -------------------------------------------------------------------------------------------------------


def address_matches(state: State, match: AddressMatch, address: str) -> bool:
    if match.own:
        return _own_address(match.own, address)
    if not (match.objects or match.groups or match.objects6 or match.groups6 or match.countries):
        return True
    tests: list[bool] = [_object_matches(state.ip_objects.get(index), address) for index in match.objects.values()]
    tests += [_group_matches(state, state.ip_groups.get(index), address) for index in match.groups.values()]
    tests += [True for _index in match.countries.values()]  # Assumption: countries cannot be resolved here: any
    # IPv6 objects and groups never match an IPv4 packet, and a rule that has only those is no longer "any".
    return any(tests)


def _own_address(own: list[str], address: str) -> bool:
    kind, rest = own[0], own[1:]
    if kind == "2":
        return True
    if kind == "1":
        return address == rest[0]
    if kind == "0":
        return _in_mask(address, rest[0], rest[1])
    return _in_range(address, rest[0], rest[1])


@functools.lru_cache(maxsize=4096)
def _number(address: str) -> int:
    return int(ipaddress.IPv4Address(address))


def _in_mask(address: str, start: str, mask: str) -> bool:
    bits = _number(mask)
    return _number(address) & bits == _number(start) & bits


def _in_range(address: str, start: str, end: str) -> bool:
    return _number(start) <= _number(address) <= _number(end)


def _object_matches(profile: IpObject | None, address: str) -> bool:
    """Assumption: a blank profile, or one that cannot be evaluated (MAC), matches any packet: the worst case.

    The LAN/WAN side of an object is ignored: its numbering is ambiguous (draytek.md 2b).
    """
    if profile is None or profile.address_type in (None, 4):
        return True
    if profile.address_type == 2:
        inside = True
    elif profile.address_type == 1:
        inside = address == profile.start
    elif profile.address_type == 0:
        inside = _in_mask(address, profile.start, profile.end)
    else:
        inside = _in_range(address, profile.start, profile.end)
    return inside != bool(profile.invert)


def _group_matches(state: State, group: Group | None, address: str) -> bool:
    if group is None or not group.members:
        return True
    return any(_object_matches(state.ip_objects.get(index), address) for index in group.members)


# --- services --------------------------------------------------------------------------------------------------------


def service_matches(state: State, match: ServiceMatch, packet: Packet) -> bool:
    if match.own:
        protocol, source_op, destination_op, source_start, destination_start, source_end, destination_end = match.own
        return (
            _protocol_matches(protocol, packet)
            and _port_matches(source_op, source_start, source_end, packet.sport, packet)
            and _port_matches(destination_op, destination_start, destination_end, packet.dport, packet)
        )
    tests: list[bool] = []
    if match.object:
        tests.append(_service_object(state.service_objects.get(match.object), packet))
    if match.group:
        group = state.service_groups.get(match.group)
        if group is None or not group.members:
            tests.append(True)
        else:
            tests += [_service_object(state.service_objects.get(index), packet) for index in group.members]
    return any(tests) if tests else True


def _service_object(profile: ServiceObject | None, packet: Packet) -> bool:
    if profile is None or profile.protocol is None:
        return True
    return (
        _protocol_matches(profile.protocol, packet)
        and _port_matches(profile.source_check, profile.source_start, profile.source_end, packet.sport, packet)
        and _port_matches(
            profile.destination_check, profile.destination_start, profile.destination_end, packet.dport, packet
        )
    )


def _protocol_matches(protocol: int, packet: Packet) -> bool:
    if protocol == 0:
        return True
    return packet.protocol in (TCP, UDP) if protocol == 255 else packet.protocol == protocol


def _port_matches(check: int, start: int, end: int, port: int, packet: Packet) -> bool:
    if packet.protocol not in (TCP, UDP):
        return True
    if check == 0:
        return start <= port <= end
    if check == 1:
        return not start <= port <= end
    return port > start if check == 2 else port < start


# --- references to nothing -------------------------------------------------------------------------------------------


def dangling(state: State) -> list[str]:
    """References of enabled rules (and open ports) to profiles that are blank or cannot be evaluated."""
    found: list[str] = []
    for set_no in sorted(state.sets):
        for rule_no in sorted(state.sets[set_no].rules):
            rule = state.sets[set_no].rules[rule_no]
            if rule.enabled:
                found += [f"set {set_no} rule {rule_no}: {what}" for what in _rule_dangling(state, rule)]
    for profile in sorted(state.open_ports):
        for item, port in sorted(state.open_ports[profile].items()):
            if port.enabled and port.source_index:
                bad = (_bad_ip_group if port.source_is_group else _bad_ip_object)(state, port.source_index)
                found += [f"open port {profile} {item}: {what}" for what in bad]
    return found


def _rule_dangling(state: State, rule: Rule) -> Iterator[str]:
    for side, match in (("source", rule.source), ("destination", rule.destination)):
        tables: list[tuple[dict[str, int], Callable[[State, int], list[str]]]] = [
            (match.objects, _bad_ip_object),
            (match.groups, _bad_ip_group),
        ]
        for references, check in tables:
            for index in references.values():
                yield from (f"{side} {what}" for what in check(state, index))
        for index in match.objects6.values():
            if index not in state.ipv6_objects or state.ipv6_objects[index].address_type is None:
                yield f"{side} IPv6 object {index} is blank"
        for index in match.groups6.values():
            if index not in state.ipv6_groups or not state.ipv6_groups[index].members:
                yield f"{side} IPv6 group {index} is blank"
        for index in match.countries.values():
            if index not in state.country_objects or not state.country_objects[index].countries:
                yield f"{side} country object {index} is blank"
    if rule.service.object:
        yield from _bad_service_object(state, rule.service.object)
    if rule.service.group:
        group = state.service_groups.get(rule.service.group)
        if group is None or not group.members:
            yield f"service group {rule.service.group} is blank"
        else:
            for index in group.members:
                yield from (f"service group {rule.service.group}: {w}" for w in _bad_service_object(state, index))


def _bad_ip_object(state: State, index: int) -> list[str]:
    profile = state.ip_objects.get(index)
    return [f"IP object {index} is blank"] if profile is None or profile.address_type is None else []


def _bad_ip_group(state: State, index: int) -> list[str]:
    group = state.ip_groups.get(index)
    if group is None or not group.members:
        return [f"IP group {index} is blank"]
    return [f"IP group {index}: {what}" for member in group.members for what in _bad_ip_object(state, member)]


def _bad_service_object(state: State, index: int) -> list[str]:
    profile = state.service_objects.get(index)
    return [f"service object {index} is blank"] if profile is None or profile.protocol is None else []


# --- what can be reached from the internet ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Forward:
    """One way in: where a packet goes after NAT, and who may use it."""

    address: str
    port: int
    wan: int
    source_index: int = 0
    source_is_group: int = 0


def forwards(state: State, proto: str | int, port: int) -> Iterator[Forward]:
    """The ways in that a packet from the internet to this port may take (draytek.md 2c).

    A redirection changes the port. Assumption: redirections come first, then open ports, and a DMZ host gets what none
    of them asks for.
    """
    number = PROTOCOLS[proto.lower()] if isinstance(proto, str) else proto
    allowed = {TCP: ("TCP", "ALL"), UDP: ("UDP", "ALL")}.get(number, ())
    taken = False
    for _index, mapped in sorted(state.port_maps.items()):
        if mapped.enabled and mapped.protocol in allowed and mapped.public == port:
            taken = True
            yield Forward(mapped.address, mapped.private, mapped.wan or 1, mapped.source_index, mapped.source_is_group)
    for profile in sorted(state.open_ports):
        for _item, entry in sorted(state.open_ports[profile].items()):
            if entry.enabled and entry.protocol in allowed and entry.start <= port <= entry.end:
                taken = True
                yield Forward(entry.address, port, entry.wan, entry.source_index, entry.source_is_group)
    if taken:
        return
    for wan, hosts in sorted(state.dmz.items()):
        for _host, host in sorted(hosts.items()):
            if host.enabled:
                yield Forward(host.address, port, wan)


@dataclass(frozen=True)
class Exposure:
    """May this packet from the internet reach a host inside?"""

    reached: bool
    reason: str  # no open port | open port source | filter
    inside: str = ""
    verdict: Verdict | None = None


def from_internet(state: State, src: str, proto: str | int, port: int, sport: int = 40000) -> Exposure:
    """NAT first (draytek.md 2.5: NAT stops what no open port lets in), then the data filter."""
    closest = Exposure(False, "no open port")
    for entry in forwards(state, proto, port):
        if not _source_allowed(state, entry, src):
            closest = Exposure(False, "open port source", entry.address)
            continue
        packet = Packet(WAN_TO_LAN, src, entry.address, proto, sport, entry.port, incoming=f"WAN{entry.wan}")
        found = verdict(state, packet)
        return Exposure(found.passed, "filter", entry.address, found)
    return closest


def from_internet6(state: State, src: str, dst: str, proto: str | int, port: int, sport: int = 40000) -> Exposure:
    """IPv6 has no NAT that would stop anything: the switch for routed packets decides, then the data filter."""
    if state.general.block_routing_v6:
        return Exposure(False, "routing", dst)
    found = verdict(state, Packet(WAN_TO_LAN, src, dst, proto, sport, port))
    return Exposure(found.passed, "filter", dst, found)


def _source_allowed(state: State, entry: Forward, src: str) -> bool:
    if not entry.source_index:
        return True
    if entry.source_is_group:
        return _group_matches(state, state.ip_groups.get(entry.source_index), src)
    return _object_matches(state.ip_objects.get(entry.source_index), src)
