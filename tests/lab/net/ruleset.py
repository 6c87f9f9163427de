# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's configuration as one nftables ruleset. Written from draytek.md 2.3, 2.5, 2c and 4.

The walk through the filter sets becomes chains that only ever ``goto``. What the walk found is kept in the packet's
mark (see Mark) until the chain ``decide``, as the router keeps an "if no further match" until the walk ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lab.drayos.semantics import DEFAULT_RULE, DEFAULT_SET, LAN_TO_WAN, WAN_TO_LAN
from lab.drayos.state import Rule, State

from .matches import FRAGMENT_MARK, any_object, rule_expressions, source_expression

TABLE = "inet vigor"
WAN, LAN = "wan1", "lan1"  # interfaces of the router's namespace; WAN1 and LAN1 on the router
# Ports of the router's own services. Assumption: 8069 for TR-069 (domain.md T8); the others are the usual ones.
SERVICES = {"ftp": 21, "ssh": 22, "telnet": 23, "http": 80, "https": 443, "tr069": 8069}
PROTOCOLS = {"TCP": "tcp", "UDP": "udp", "ALL": "tcp, udp"}  # of a redirection or open port
PATHS = {WAN_TO_LAN: "in", LAN_TO_WAN: "out"}
# A set for each family and protocol: nftables 1.0.6 crashes when a key has more than five parts.
WITNESSES = tuple(f"seen{family}_{protocol}" for family in (4, 6) for protocol in ("tcp", "udp", "other"))


class Mark:
    """Bits of a packet's mark. Lowest byte: rule, next byte: set."""

    BLOCK = 0x10000
    LOG = 0x20000
    DECIDED = 0x40000
    OUT = 0x80000  # from the LAN to the internet
    FRAGMENT = FRAGMENT_MARK
    KEPT = OUT | FRAGMENT  # what was known before any rule matched

    @staticmethod
    def of(set_no: int, rule_no: int, *, block: bool, log: bool) -> int:
        """The mark of a packet that this rule decides."""
        return Mark.DECIDED | Mark.BLOCK * block | Mark.LOG * log | set_no << 8 | rule_no


def ruleset(state: State, public: str, generation: int = 1) -> str:
    """Text for ``nft -f -``. Replaces the rules at once and keeps what the witnesses saw.

    ``public``: the router's IPv4 address on the internet. ``generation``: connections of another one are forgotten.
    """
    chains = [
        ("early", "type filter hook prerouting priority -450", list(_fragments())),
        ("flows", "type filter hook prerouting priority raw", [f"ct zone set {generation}"]),
        ("own_flows", "type filter hook output priority raw", [f"ct zone set {generation}"]),
        ("arrive", "type nat hook prerouting priority dstnat", list(_forwards(state, public))),
        (
            "leave",
            "type nat hook postrouting priority srcnat",
            [f'oifname "{WAN}" meta nfproto ipv4 snat ip to {public}'],
        ),
        ("to_router", "type filter hook input priority filter; policy drop", list(_to_router(state))),
        ("through", "type filter hook forward priority filter; policy drop", list(_through(state))),
        ("witness", "", list(_witness())),
        ("decide", "", list(_decide(state))),
    ]
    for direction in PATHS:
        for family in (4, 6):
            chains += [(name, "", rules) for name, rules in _Walk(state, direction, family).chains.items()]
    lines = [f"table {TABLE} {{", *_declarations()]
    for name, hook, _rules in chains:
        lines += [f"chain {name} {{", *([f"{hook};"] if hook else []), "}"]
    lines += ["}", f"flush table {TABLE}"]
    lines += [f"add rule {TABLE} {name} {rule}" for name, _hook, rules in chains for rule in rules]
    return "\n".join(lines) + "\n"


def _declarations() -> Iterator[str]:
    yield "counter nat_stopped { }"
    yield "counter routing_stopped { }"
    for name in WITNESSES:
        address = "ipv4_addr" if name.startswith("seen4") else "ipv6_addr"
        rest = "inet_proto" if name.endswith("other") else "inet_service . inet_service"
        yield f"set {name} {{"
        yield f"type mark . {address} . {address} . {rest}"
        yield "size 65535"
        yield "flags dynamic"
        yield "counter"
        yield "}"


def _fragments() -> Iterator[str]:
    """Before the kernel puts the fragments together; the whole packet keeps the mark."""
    yield f"meta nfproto ipv4 ip frag-off & 0x3fff != 0 meta mark set meta mark | {Mark.FRAGMENT:#x}"
    yield f"meta nfproto ipv6 exthdr frag exists meta mark set meta mark | {Mark.FRAGMENT:#x}"


def _witness() -> Iterator[str]:
    for family, version in ((4, "ip"), (6, "ip6")):
        here = f"meta nfproto ipv{family} meta l4proto"
        key = f"meta mark . {version} saddr . {version} daddr"
        for protocol in ("tcp", "udp"):
            yield f"{here} {protocol} update @seen{family}_{protocol} {{ {key} . th sport . th dport }}"
        yield f"{here} != {{ tcp, udp }} update @seen{family}_other {{ {key} . meta l4proto }}"


# --- the data filter -------------------------------------------------------------------------------------------------


def _decide(state: State) -> Iterator[str]:
    general = state.general
    default = Mark.of(DEFAULT_SET, DEFAULT_RULE, block=bool(general.default_action), log=bool(general.default_log))
    yield f"meta mark & {Mark.DECIDED:#x} == 0x0 meta mark set meta mark & {Mark.KEPT:#x} | {default:#x}"
    yield "jump witness"
    yield f"meta mark & {Mark.BLOCK:#x} != 0x0 drop"
    yield "accept"


class _Walk:
    """The chains of one direction and address family.

    A set is never entered twice, so a set that can be reached after different other sets has a chain for each way.
    """

    def __init__(self, state: State, direction: int, family: int) -> None:
        self.state = state
        self.direction = direction
        self.family = family
        self.chains: dict[str, list[str]] = {}
        self._known: dict[tuple[int, frozenset[int]], str] = {}
        start = state.general.start_set
        # Assumption (as in lab.drayos.semantics): a disabled data filter has no default rule either.
        first = f"goto {self._enter(start, frozenset())}" if start else "accept"
        mark = [f"meta mark set meta mark | {Mark.OUT:#x}"] if direction == LAN_TO_WAN else []
        self.chains[path_chain(direction, family)] = [*mark, first]

    def _enter(self, set_no: int, seen: frozenset[int]) -> str:
        if not set_no or set_no in seen:
            return "decide"
        if (set_no, seen) in self._known:
            return self._known[set_no, seen]
        ways = sum(1 for known, _seen in self._known if known == set_no)
        name = f"{path_chain(self.direction, self.family)}_set{set_no}" + (f"_way{ways + 1}" if ways else "")
        self._known[set_no, seen] = name
        seen = seen | {set_no}
        filter_set = self.state.sets.get(set_no)
        lines: list[str] = []
        if filter_set is not None:
            for number in sorted(filter_set.rules):
                lines += self._rule(set_no, number, filter_set.rules[number], seen)
        self.chains[name] = [*lines, f"goto {self._enter(filter_set.next_set if filter_set else 0, seen)}"]
        return name

    def _rule(self, set_no: int, number: int, rule: Rule, seen: frozenset[int]) -> Iterator[str]:
        # Assumption: a schedule does not exempt a rule; the worst case is that it is on.
        if not rule.enabled or rule.direction != self.direction or not self._on_our_interfaces(rule):
            return
        mark = Mark.of(set_no, number, block=rule.action in (1, 3), log=bool(rule.log))
        then = f"meta mark set meta mark & {Mark.KEPT:#x} | {mark:#x}"
        if rule.action in (0, 1):
            then += " goto decide"
        elif rule.branch:
            then += f" goto {self._enter(rule.branch, seen)}"
        for expression in rule_expressions(self.state, rule, self.family):
            yield f"{expression} {then}".strip()

    def _on_our_interfaces(self, rule: Rule) -> bool:
        incoming, outgoing = ("WAN1", "LAN1") if self.direction == WAN_TO_LAN else ("LAN1", "WAN1")
        return incoming not in rule.incoming_off and outgoing not in rule.outgoing_off


def path_chain(direction: int, family: int) -> str:
    """The chain a packet of this direction and family begins with."""
    return f"{PATHS[direction]}{family}"


def _through(state: State) -> Iterator[str]:
    """What goes from one side to the other. Established sessions pass (draytek.md 2.4)."""
    yield "ct state established,related accept"
    unwanted = f'iifname "{WAN}" oifname "{LAN}" meta nfproto'
    if state.general.block_routing_v4:
        # Nothing gets in that no redirection, open port or DMZ host let in (draytek.md 2.5).
        yield f"{unwanted} ipv4 ct status & dnat == 0 counter name nat_stopped drop"
    if state.general.block_routing_v6:
        yield f"{unwanted} ipv6 counter name routing_stopped drop"
    for family in (4, 6):
        for direction, first, second in ((WAN_TO_LAN, WAN, LAN), (LAN_TO_WAN, LAN, WAN)):
            chain = path_chain(direction, family)
            yield f'iifname "{first}" oifname "{second}" meta nfproto ipv{family} goto {chain}'


# --- address translation ---------------------------------------------------------------------------------------------


def _forwards(state: State, public: str) -> Iterator[str]:
    """Redirections, open ports, the router's own services, then the DMZ host (draytek.md 2c).

    Assumption: in this order, each by its number (as in lab.drayos.semantics; only the router's own services are not
    looked at there). The DMZ host gets nothing of a port that one of the others asks for, whoever sends it.
    """
    limited: list[str] = []
    here = f'iifname "{WAN}" ip daddr {public}'
    for way in _ways(state):
        source = source_expression(state, way.source_index, way.source_is_group)
        if source is not None:
            yield " ".join(f"{here} {source} {way.match} dnat ip to {way.target}".split())
        if source != "":
            limited.append(f"{here} {way.match} accept")
    yield from _own_services(state, here)
    hosts = [host for _number, host in sorted(state.dmz.get(1, {}).items()) if host.enabled]
    if hosts:
        yield from limited
        yield f"{here} dnat ip to {hosts[0].address}"


@dataclass(frozen=True)
class _Way:
    """One way in through address translation."""

    match: str
    target: str
    source_index: int
    source_is_group: bool


def _ways(state: State) -> Iterator[_Way]:
    """On the first WAN, which is the one on the wire. Assumption: a redirection of WAN 0 is one of all of them."""
    for _index, entry in sorted(state.port_maps.items()):
        protocols = PROTOCOLS.get(entry.protocol)
        if entry.enabled and protocols and entry.wan in (0, 1):
            match = f"meta l4proto {{ {protocols} }} th dport {entry.public}"
            target = f"{entry.address}:{entry.private}"
            yield _Way(match, target, entry.source_index, bool(entry.source_is_group))
    for profile in sorted(state.open_ports):
        for _item, port in sorted(state.open_ports[profile].items()):
            protocols = PROTOCOLS.get(port.protocol)
            if port.enabled and protocols and port.wan in (0, 1):
                match = f"meta l4proto {{ {protocols} }} th dport {port.start}-{port.end}"
                yield _Way(match, port.address, port.source_index, bool(port.source_is_group))


# --- the router itself -----------------------------------------------------------------------------------------------


def _own_services(state: State, here: str) -> Iterator[str]:
    """A port that was changed still leads to the one listener that the lab has for the service."""
    for service, port in SERVICES.items():
        if state.management.remote and state.management.remote_services.get(service):
            now = state.management.ports.get(service, port)
            yield f"{here} tcp dport {now} {'accept' if now == port else f'redirect to :{port}'}"


def _to_router(state: State) -> Iterator[str]:
    """Login from the internet needs the master switch, the service and, if there is one, the access list.

    Assumption: a port that is not open says nothing, and nothing of the router is to be had over IPv6 (ip6 mngt is
    not simulated).
    """
    yield "ct state established,related accept"
    yield 'iifname "lo" accept'
    yield "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"
    yield f'iifname "{LAN}" accept'
    management = state.management
    if management.echo_icmp:
        yield f'iifname "{WAN}" icmp type echo-request accept'
    listed = any_object(state, management.access_list.values()) if management.access_list else ""
    if not management.remote or listed is None:
        return
    for service, port in SERVICES.items():
        if management.remote_services.get(service):
            now = management.ports.get(service, port)
            line = f'iifname "{WAN}" meta nfproto ipv4 {listed} tcp dport {port} ct original proto-dst {now} accept'
            yield " ".join(line.split())
