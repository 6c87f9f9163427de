# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second, independent reading of draytek.md 2.5 and 2c: which of a table of packets does a configuration let pass?

It shares no code and no algorithm with lab/drayos/semantics.py, which walks the filter once for each packet. Here a set
of packets is one integer, a bit for each packet; the whole table goes through the filter at once, and a branch splits
it. Of the lab only the names of the configuration's fields are used (lab/drayos/state.py).

Where the reference is silent:

* Assumption: a data filter that is switched off has no default rule either, so everything passes.
* Assumption: "immediately" ends the walk before the branch of that rule is looked at.
* Assumption: no set is entered twice by one packet; a loop of sets ends in the default rule.
* Assumption: a profile that is blank, or cannot be evaluated (MAC, country), matches every IPv4 packet; a schedule does
  not exempt a rule. All three are the worst case.
* Assumption: a pass rule with any source matches IPv6 too, a block rule matches IPv6 only if it names an IPv6 source.
* Assumption: of several redirections and open ports that fit a packet, the first that lets its source in takes it; a
  DMZ host gets what none of them asks for.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lab.drayos.state import AddressMatch, Group, Rule, ServiceMatch, State

LAN_TO_WAN, WAN_TO_LAN, LAN_TO_LAN = 0, 1, 2
TCP, UDP = 6, 17
PASS_NOW, BLOCK_NOW, PASS_LATER, BLOCK_LATER = range(4)
PORT_EQUAL, PORT_DIFFERENT, PORT_ABOVE, PORT_BELOW = range(4)


@dataclass(frozen=True)
class Flow:
    """The first packet of a flow as the data filter sees it: after NAT, so the destination is the internal host."""

    direction: int
    source: str
    destination: str
    protocol: int
    dport: int
    sport: int = 40000
    incoming: str = "WAN1"
    outgoing: str = "LAN1"
    fragment: bool = False

    @property
    def v6(self) -> bool:
        return ":" in self.source


@dataclass(frozen=True)
class Knock:
    """A packet from the internet to the router's public IPv4 address."""

    source: str
    protocol: int
    port: int
    wan: int = 1  # 0: whichever the door is on
    sport: int = 40000


@dataclass(frozen=True)
class _Door:
    """Ways through NAT: flows, the distance to the knocks that they come from, and whom the way is limited to."""

    offset: int
    flows: int
    limit: int  # IP object or group; 0 none
    limit_is_group: bool


def as_mask(answers: Iterable[object]) -> int:
    """Truth values as bits, the first one lowest."""
    return int("".join("1" if answer else "0" for answer in answers)[::-1] or "0", 2)


Value = TypeVar("Value", bound=Hashable)


def bits(mask: int) -> Iterator[int]:
    """The positions of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _number(address: str) -> int:
    return int(ipaddress.ip_address(address))


def _by_value(values: Sequence[Value]) -> dict[Value, int]:
    """Each distinct value, and the positions at which it stands."""
    found: dict[Value, list[int]] = {}
    for at, value in enumerate(values):
        found.setdefault(value, []).append(at)
    masks = {}
    for value, positions in found.items():
        digits = bytearray(b"0" * len(values))
        for at in positions:
            digits[-1 - at] = ord("1")
        masks[value] = int(digits, 2)
    return masks


def _numbered(masks: dict[str, int]) -> list[tuple[int, bool, int]]:
    """Addresses as numbers: the number, whether it is IPv6, the flows that have it."""
    return [(_number(address), ":" in address, mask) for address, mask in masks.items()]


class Oracle:
    """A table of flows and knocks. All answers are integers: bit n belongs to ``flows[n]`` or ``knocks[n]``."""

    def __init__(self, flows: Iterable[Flow], knocks: Sequence[Knock] = ()) -> None:
        self.flows: list[Flow] = list(dict.fromkeys(flows))
        self.knocks = list(knocks)
        self._position = {flow: at for at, flow in enumerate(self.flows)}
        self._doors: dict[str, list[_Door]] = {}
        self._prepare()

    def _prepare(self) -> None:
        """What can be said of a flow without a configuration."""
        self.every = (1 << len(self.flows)) - 1
        self._v6 = self.where(lambda flow: flow.v6)
        self._v4 = self.every & ~self._v6
        self._direction = [self.where(lambda flow, n=n: flow.direction == n) for n in range(3)]  # type: ignore[misc]
        self._fragment = self.where(lambda flow: flow.fragment)
        self._incoming = _by_value([flow.incoming for flow in self.flows])
        self._outgoing = _by_value([flow.outgoing for flow in self.flows])
        self._ends = _by_value([(flow.protocol, flow.sport, flow.dport) for flow in self.flows])
        self._sources = _numbered(_by_value([flow.source for flow in self.flows]))
        self._destinations = _numbered(_by_value([flow.destination for flow in self.flows]))
        self._addresses: dict[tuple[object, ...], int] = {}
        self._services: dict[tuple[int, ...], int] = {}

    def where(self, test: Callable[[Flow], bool]) -> int:
        """The flows for which ``test`` holds."""
        return as_mask(map(test, self.flows))

    # --- the filter ---------------------------------------------------------------------------------------------------

    def passed(self, state: State) -> int:
        """The flows that the running data filter lets pass."""
        general = state.general
        if not general.start_set:
            return self.every
        return self._walk(state, general.start_set, self.every, 0, 0, frozenset(), bool(general.default_action))

    def _walk(
        self, state: State, number: int, alive: int, for_pass: int, for_block: int, seen: frozenset[int], block: bool
    ) -> int:
        """Send the flows ``alive`` through a set. ``for_pass`` and ``for_block`` remember "if no further match"."""
        out = 0
        while number and number not in seen and alive:
            seen |= {number}
            current = state.sets.get(number)
            if current is None:
                break
            for slot in sorted(current.rules):
                rule = current.rules[slot]
                if not rule.enabled:
                    continue
                hit = self._rule(state, rule, alive)
                if not hit:
                    continue
                if rule.action == PASS_NOW:
                    out |= hit
                    alive &= ~hit
                    continue
                if rule.action == BLOCK_NOW:
                    alive &= ~hit
                    continue
                for_pass, for_block = (
                    (for_pass | hit, for_block & ~hit)
                    if rule.action == PASS_LATER
                    else (for_pass & ~hit, for_block | hit)
                )
                if rule.branch:
                    out |= self._walk(state, rule.branch, hit, for_pass & hit, for_block & hit, seen, block)
                    alive &= ~hit
            number = current.next_set
        return out | alive & (for_pass if block else ~for_block)

    def _rule(self, state: State, rule: Rule, alive: int) -> int:
        hit = alive & self._direction[rule.direction]
        if not hit:
            return 0
        for name in rule.incoming_off:
            hit &= ~self._incoming.get(name, 0)
        for name in rule.outgoing_off:
            hit &= ~self._outgoing.get(name, 0)
        if rule.fragments == 1:
            hit &= ~self._fragment
        elif rule.fragments:
            hit &= self._fragment
        if hit:
            hit &= self._service(state, rule.service)
        if hit:
            hit &= self._address(state, rule.source, "source", blocks=rule.action in (BLOCK_NOW, BLOCK_LATER))
        if hit:
            hit &= self._address(state, rule.destination, "destination", blocks=False)
        return hit

    # --- addresses ----------------------------------------------------------------------------------------------------

    def _address(self, state: State, match: AddressMatch, side: str, *, blocks: bool) -> int:
        if match.own:
            kind, rest = int(match.own[0]), match.own[1:]
            if kind == 2:
                return self._any(blocks)
            return self._object(side, kind, rest[0], rest[-1], 0)
        named = match.objects or match.groups or match.countries or match.objects6 or match.groups6
        if not named:
            return self._any(blocks)
        hit = self._v4 if match.countries else 0
        for index in match.objects.values():
            hit |= self._ip(state, side, index)
        for index in match.groups.values():
            hit |= self._ip_group(state, side, state.ip_groups.get(index))
        for index in match.objects6.values():
            hit |= self._ipv6(state, side, index)
        for index in match.groups6.values():
            group = state.ipv6_groups.get(index)
            members = group.members if group else []
            for member in members:
                hit |= self._ipv6(state, side, member)
            if not members:
                hit |= self._v6
        return hit

    def _any(self, blocks: bool) -> int:
        return self._v4 if blocks else self.every

    def _ip(self, state: State, side: str, index: int) -> int:
        found = state.ip_objects.get(index)
        if found is None or found.address_type in (None, 4):
            return self._v4
        return self._object(side, found.address_type, found.start, found.end, found.invert)

    def _ip_group(self, state: State, side: str, group: Group | None) -> int:
        if group is None or not group.members:
            return self._v4
        hit = 0
        for index in group.members:
            hit |= self._ip(state, side, index)
        return hit

    def _ipv6(self, state: State, side: str, index: int) -> int:
        found = state.ipv6_objects.get(index)
        if found is None or found.address_type in (None, 4):
            return self._v6
        return self._object(
            side, found.address_type, found.start, found.end, found.invert, found.prefix, found.match_type
        )

    def _object(
        self, side: str, kind: int | None, start: str, end: str, invert: int, prefix: int = 0, suffix: int = 0
    ) -> int:
        """The flows whose address on this side is in the object; only those of the object's own protocol version."""
        key = (side, kind, start, end, invert, prefix, suffix)
        known = self._addresses.get(key)
        if known is None:
            known = self._addresses[key] = self._find(side, kind, start, end, invert, prefix, suffix)
        return known

    def _find(self, side: str, kind: int | None, start: str, end: str, invert: int, prefix: int, suffix: int) -> int:
        table = self._sources if side == "source" else self._destinations
        v6 = ":" in start
        low, high = _number(start), _number(end)
        if kind == 2:
            span = range(0, 1 << 128)
        elif kind == 1:
            span = range(low, low + 1)
        elif kind == 3:
            span = range(low, high + 1)
        elif v6:
            size = 1 << (128 - prefix)
            span = range(low // size * size, low // size * size + size)
        else:
            span = range(low & high, (low & high) + (1 << 32) - high)
        if suffix and v6:  # the interface part only: the last 64 bits
            cut = (1 << 64) - 1
            span = range(span[0] & cut, (span[-1] & cut) + 1)
            table = [(number & cut, family, mask) for number, family, mask in table]
        hit = sum(mask for number, family, mask in table if family == v6 and number in span)
        return (self._v6 if v6 else self._v4) & ~hit if invert else hit

    # --- services -----------------------------------------------------------------------------------------------------

    def _service(self, state: State, match: ServiceMatch) -> int:
        if match.own:
            protocol, source_op, op, source_start, start, source_end, end = match.own
            return self._ports((protocol, source_op, source_start, source_end, op, start, end))
        if not match.object and not match.group:
            return self.every
        hit = self._service_object(state, match.object) if match.object else 0
        if match.group:
            group = state.service_groups.get(match.group)
            if group is None or not group.members:
                return self.every
            for index in group.members:
                hit |= self._service_object(state, index)
        return hit

    def _service_object(self, state: State, index: int) -> int:
        found = state.service_objects.get(index)
        if found is None or found.protocol is None:
            return self.every
        source = (found.source_check, found.source_start, found.source_end)
        destination = (found.destination_check, found.destination_start, found.destination_end)
        return self._ports((found.protocol, *source, *destination))

    def _ports(self, key: tuple[int, ...]) -> int:
        known = self._services.get(key)
        if known is None:
            protocol, source_check, source_start, source_end, check, start, end = key
            protocols = {0: range(256), 255: (TCP, UDP)}.get(protocol, (protocol,))
            sources, ports = _span(source_check, source_start, source_end), _span(check, start, end)
            known = self._services[key] = sum(
                mask
                for (number, sport, dport), mask in self._ends.items()
                if number in protocols and (number not in (TCP, UDP) or (sport in sources and dport in ports))
            )
        return known

    # --- NAT ----------------------------------------------------------------------------------------------------------

    def reached(self, state: State) -> int:
        """The knocks that get in: through NAT (draytek.md 2c: from the factory NAT stops them), then the filter."""
        doors = self._doors_of(state)  # first: it may add flows to the table
        passed = self.passed(state)
        out = done = 0
        for door in doors:
            taken = _shift(self._let_in(state, door), door.offset) & ~done
            done |= taken
            out |= taken & _shift(passed & door.flows, door.offset)
        return out

    def opened(self, state: State) -> int:
        """The knocks for which NAT has a door that lets their source in, whatever the filter does."""
        out = 0
        for door in self._doors_of(state):
            out |= _shift(self._let_in(state, door), door.offset)
        return out

    def _let_in(self, state: State, door: _Door) -> int:
        if not door.limit:
            return door.flows
        if door.limit_is_group:
            return door.flows & self._ip_group(state, "source", state.ip_groups.get(door.limit))
        return door.flows & self._ip(state, "source", door.limit)

    def _doors_of(self, state: State) -> list[_Door]:
        key = repr((state.open_ports, state.port_maps, state.dmz))
        if key not in self._doors:
            self._doors[key] = self._find_doors(state)
        return self._doors[key]

    def _find_doors(self, state: State) -> list[_Door]:
        """Doors in order of rank: the first that fits a knock, the second, ..."""
        ways = [list(_ways(state, knock)) for knock in self.knocks]
        found = [flow for of_knock in ways for flow, _limit, _group in of_knock]
        if any(flow not in self._position for flow in found):
            # Whole tables for each internal address, so that most knocks and flows lie at one distance.
            tables = dict.fromkeys((flow.destination, flow.incoming) for flow in found)
            for destination, incoming in tables:
                found += [
                    Flow(WAN_TO_LAN, k.source, destination, k.protocol, k.port, k.sport, incoming) for k in self.knocks
                ]
            for flow in found[sum(map(len, ways)) :] + found:
                if flow not in self._position:
                    self._position[flow] = len(self.flows)
                    self.flows.append(flow)
            self._prepare()
        masks: dict[tuple[int, int, int, bool], int] = {}
        for at, of_knock in enumerate(ways):
            for rank, (flow, limit, is_group) in enumerate(of_knock):
                position = self._position[flow]
                place = (rank, position - at, limit, is_group)
                masks[place] = masks.get(place, 0) | 1 << position
                if not limit:
                    break  # no later door is ever asked
        return [
            _Door(offset, flows, limit, is_group) for (_rank, offset, limit, is_group), flows in sorted(masks.items())
        ]


def _shift(mask: int, offset: int) -> int:
    """From positions of flows to positions of knocks."""
    return mask >> offset if offset >= 0 else mask << -offset


def _span(check: int, start: int, end: int) -> frozenset[int] | range:
    """The ports that a check lets through."""
    if check == PORT_EQUAL:
        return range(start, end + 1)
    if check == PORT_DIFFERENT:
        return frozenset(range(65536)) - frozenset(range(start, end + 1))
    return range(start + 1, 65536) if check == PORT_ABOVE else range(start)


def _ways(state: State, knock: Knock) -> Iterator[tuple[Flow, int, bool]]:
    """What NAT makes of a knock, in order: redirections, open ports, and only where there is neither, DMZ hosts.

    Gives the flow, and the IP object or group that the way is limited to.
    """
    names = ({TCP: "TCP", UDP: "UDP"}.get(knock.protocol, ""), "ALL")

    def flow(address: str, port: int, wan: int) -> Flow:
        name = f"WAN{wan or knock.wan or 1}"  # a redirection with WAN 0 is on every one
        return Flow(WAN_TO_LAN, knock.source, address, knock.protocol, port, knock.sport, name)

    def here(wan: int) -> bool:
        return not wan or knock.wan in (0, wan)

    found = [
        (flow(entry.address, entry.private, entry.wan), entry.source_index, bool(entry.source_is_group))
        for _index, entry in sorted(state.port_maps.items())
        if entry.enabled and entry.protocol in names and here(entry.wan) and entry.public == knock.port
    ]
    found += [
        (flow(entry.address, knock.port, entry.wan), entry.source_index, bool(entry.source_is_group))
        for _profile, items in sorted(state.open_ports.items())
        for _item, entry in sorted(items.items())
        if entry.enabled and entry.protocol in names and here(entry.wan) and entry.start <= knock.port <= entry.end
    ]
    yield from found or (
        (flow(host.address, knock.port, wan), 0, False)
        for wan, hosts in sorted(state.dmz.items())
        for _number, host in sorted(hosts.items())
        if host.enabled and here(wan) and knock.protocol in (TCP, UDP)
    )
