# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule of the simulated router matches, as nftables expressions.

Written from draytek.md 2.3, 2.5 and 2b. Where the reference is silent, the assumptions of lab.drayos.semantics
hold: what is blank or cannot be evaluated matches any packet.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from lab.drayos.state import AddressMatch, Group, IpObject, Ipv6Object, Rule, ServiceMatch, ServiceObject, State

from .ranges import Range, Ranges, complement, union

TCP_OR_UDP = "meta l4proto { tcp, udp }"
NEITHER = "meta l4proto != { tcp, udp }"
FRAGMENT_MARK = 0x1000000
WHOLE: dict[int, Range] = {4: (0, 2**32 - 1), 6: (0, 2**128 - 1)}
PORTS: Range = (0, 65535)

Profile = TypeVar("Profile")


class NotOnTheWireError(ValueError):
    """The router's configuration holds something that this translator cannot put into nftables."""


# --- addresses -------------------------------------------------------------------------------------------------------


def address_ranges(state: State, match: AddressMatch, family: int) -> Ranges:
    """Every address of the family (4 or 6) that matches."""
    whole = WHOLE[family]
    if match.own:
        return _own_ranges(match.own, family)
    if not (match.objects or match.groups or match.objects6 or match.groups6 or match.countries):
        return (whole,)
    found: list[Range] = []
    if family == 4:
        found += _referenced(match.objects, match.groups, state.ip_objects, state.ip_groups, object_ranges)
        # Assumption: which addresses a country has cannot be known here, so any of them.
        found += [whole] if match.countries else []
    else:
        found += _referenced(match.objects6, match.groups6, state.ipv6_objects, state.ipv6_groups, object6_ranges)
    return union(found)


def _referenced(
    objects: Mapping[str, int],
    groups: Mapping[str, int],
    profiles: Mapping[int, Profile],
    group_profiles: Mapping[int, Group],
    evaluate: Callable[[Profile | None], Ranges],
) -> list[Range]:
    found: list[Range] = []
    for index in objects.values():
        found += evaluate(profiles.get(index))
    for index in groups.values():
        found += members_ranges(group_profiles.get(index), profiles, evaluate)
    return found


def members_ranges(
    group: Group | None, profiles: Mapping[int, Profile], evaluate: Callable[[Profile | None], Ranges]
) -> Ranges:
    """A group without members is blank."""
    if group is None or not group.members:
        return evaluate(None)
    return union(part for index in group.members for part in evaluate(profiles.get(index)))


def object_ranges(profile: IpObject | None) -> Ranges:
    """Types: 0 mask, 1 single, 2 any, 3 range; 4 is a MAC address, which is not seen across a router."""
    whole = WHOLE[4]
    if profile is None or profile.address_type in (None, 4):
        return (whole,)
    if profile.address_type == 2:
        inside: Ranges = (whole,)
    elif profile.address_type == 1:
        inside = ((_number(profile.start), _number(profile.start)),)
    elif profile.address_type == 0:
        inside = (_masked(profile.start, profile.end),)
    else:
        inside = union([(_number(profile.start), _number(profile.end))])
    return complement(inside, whole) if profile.invert else inside


def object6_ranges(profile: Ipv6Object | None) -> Ranges:
    """As for IPv4. Assumption: match by interface id (match type 1) cannot be evaluated, so any."""
    whole = WHOLE[6]
    if profile is None or profile.address_type in (None, 4) or profile.match_type:
        return (whole,)
    if profile.address_type == 2:
        inside: Ranges = (whole,)
    elif profile.address_type == 1:
        inside = ((_number(profile.start), _number(profile.start)),)
    elif profile.address_type == 0:
        network = ipaddress.IPv6Network((profile.start, profile.prefix), strict=False)
        inside = ((int(network.network_address), int(network.broadcast_address)),)
    else:
        inside = union([(_number(profile.start), _number(profile.end))])
    return complement(inside, whole) if profile.invert else inside


def _own_ranges(own: list[str], family: int) -> Ranges:
    kind, rest = own[0], own[1:]
    if kind == "2":
        return (WHOLE[family],)
    if family == 6:
        return ()
    if kind == "1":
        return ((_number(rest[0]), _number(rest[0])),)
    return (_masked(rest[0], rest[1]),) if kind == "0" else union([(_number(rest[0]), _number(rest[1]))])


def _number(address: str) -> int:
    return int(ipaddress.ip_address(address))


def _masked(start: str, mask: str) -> Range:
    bits = _number(mask)
    host = bits ^ WHOLE[4][1]
    if host & (host + 1):
        raise NotOnTheWireError(f"the mask {mask} of {start} has a hole, which is not one range of addresses")
    first = _number(start) & bits
    return (first, first | host)


def address_expression(side: str, ranges: Ranges, family: int) -> str | None:
    """``side`` is saddr or daddr. Empty: any address. None: no address, the rule never matches."""
    if ranges == (WHOLE[family],):
        return ""
    if not ranges:
        return None
    make: Callable[[int], object] = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    words = [str(make(start)) if start == end else f"{make(start)}-{make(end)}" for start, end in ranges]
    return f"{'ip' if family == 4 else 'ip6'} {side} {{ {', '.join(words)} }}"


# --- services --------------------------------------------------------------------------------------------------------


def service_expressions(state: State, match: ServiceMatch) -> list[str]:
    """Any of these has to match; [""] is every packet, [] none."""
    if match.own:
        protocol, source_op, destination_op, source_start, destination_start, source_end, destination_end = match.own
        return _alternatives(
            protocol,
            _ports(source_op, source_start, source_end),
            _ports(destination_op, destination_start, destination_end),
        )
    profiles: list[ServiceObject | None] = [state.service_objects.get(match.object)] if match.object else []
    if match.group:
        group = state.service_groups.get(match.group)
        members = group.members if group else []
        profiles += [state.service_objects.get(index) for index in members] or [None]
    if not profiles:
        return [""]
    found: list[str] = []
    for profile in profiles:
        found += [expression for expression in _of_profile(profile) if expression not in found]
    return [""] if "" in found else found


def _of_profile(profile: ServiceObject | None) -> list[str]:
    if profile is None or profile.protocol is None:
        return [""]
    return _alternatives(
        profile.protocol,
        _ports(profile.source_check, profile.source_start, profile.source_end),
        _ports(profile.destination_check, profile.destination_start, profile.destination_end),
    )


def _ports(check: int, start: int, end: int) -> Ranges:
    """Checks: 0 in the range, 1 outside it, 2 above its start, 3 below its start (draytek.md 2b)."""
    if check == 0:
        return union([(start, end)])
    if check == 1:
        return complement([(start, end)], PORTS)
    return union([(start + 1, PORTS[1])]) if check == 2 else union([(0, start - 1)])


def _alternatives(protocol: int, source: Ranges, destination: Ranges) -> list[str]:
    """Ports count for TCP and UDP only; 0 is any protocol, 255 is both of them (draytek.md 2b)."""
    if protocol not in (0, 6, 17, 255):
        return [f"meta l4proto {protocol}"]
    ports = _join(_port_words("sport", source), _port_words("dport", destination))
    base = TCP_OR_UDP if protocol in (0, 255) else f"meta l4proto {protocol}"
    if protocol == 0 and ports == "":
        return [""]
    found = [] if ports is None else [_join(base, ports) or base]
    return [*found, NEITHER] if protocol == 0 else found


def _port_words(side: str, ranges: Ranges) -> str | None:
    if not ranges:
        return None
    if ranges in ((PORTS,), ((1, 65535),)):
        return ""
    words = [str(start) if start == end else f"{start}-{end}" for start, end in ranges]
    return f"th {side} {{ {', '.join(words)} }}"


def _join(*parts: str | None) -> str | None:
    if None in parts:
        return None
    return " ".join(part for part in parts if part)


# --- rules -----------------------------------------------------------------------------------------------------------


def rule_expressions(state: State, rule: Rule, family: int) -> list[str]:
    """The packets of one family that a rule matches, without direction and interfaces; any of these, [] none."""
    blocks = rule.action in (1, 3)
    if family == 6 and blocks and not (rule.source.objects6 or rule.source.groups6):
        # Assumption (as in lab.drayos.semantics): only a rule that names an IPv6 source blocks IPv6.
        return []
    source = address_expression("saddr", address_ranges(state, rule.source, family), family)
    destination = address_expression("daddr", address_ranges(state, rule.destination, family), family)
    # 1 is unfragmented, 2 fragmented, 3 too short. Assumption: "too short" is some kind of fragment.
    equals = {1: "==", 2: "!=", 3: "!="}.get(rule.fragments)
    fragments = f"meta mark & {FRAGMENT_MARK:#x} {equals} 0x0" if equals else ""
    joined = (_join(source, destination, service, fragments) for service in service_expressions(state, rule.service))
    return [expression for expression in joined if expression is not None]


def source_expression(state: State, index: int, is_group: bool) -> str | None:
    """The IPv4 sources an open port or the access list lets in; index 0 is any (draytek.md 2c)."""
    if not index:
        return ""
    if is_group:
        ranges = members_ranges(state.ip_groups.get(index), state.ip_objects, object_ranges)
    else:
        ranges = object_ranges(state.ip_objects.get(index))
    return address_expression("saddr", ranges, 4)


def any_object(state: State, indexes: Iterable[int]) -> str | None:
    """Sources in any of these IPv4 objects."""
    ranges = union(part for index in indexes for part in object_ranges(state.ip_objects.get(index)))
    return address_expression("saddr", ranges, 4)
