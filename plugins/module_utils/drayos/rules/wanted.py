# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall that a router should have, in typed form, checked before any router is asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    FILTER_SETS,
    NAME_LENGTH,
    RULES_PER_SET,
    Dialect,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.wanted import WantedNat, nat_from
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import name_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import (
    ABOVE,
    ANY_PORT,
    BELOW,
    DIFFERS,
    EQUALS,
    KINDS,
    CountryObject,
    IpObject,
    Ipv6Object,
    ServiceObject,
    address_object,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.references import (
    ADDRESS_SIDE,
    SERVICE_SIDE,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import (
    BLOCK,
    BLOCK_UNLESS,
    EVERYWHERE,
    LAN_TO_LAN,
    LAN_TO_WAN,
    PASS,
    PASS_UNLESS,
    WAN_TO_LAN,
    WantedRule,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import wanted_rule
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings.dos import WantedDos, dos_from

MEMBERS_PER_GROUP = 50
"""Our own limit: a longer list would pass the 254 characters of one command."""
MAX_RULES = FILTER_SETS * RULES_PER_SET


@dataclass(frozen=True)
class WantedGroup:
    """A group and its members by name."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Everything that draytek_firewall keeps on one router."""

    addresses: tuple[IpObject, ...] = ()
    addresses6: tuple[Ipv6Object, ...] = ()
    address_groups: tuple[WantedGroup, ...] = ()
    address_groups6: tuple[WantedGroup, ...] = ()
    services: tuple[ServiceObject, ...] = ()
    service_groups: tuple[WantedGroup, ...] = ()
    countries: tuple[CountryObject, ...] = ()
    rules: tuple[WantedRule, ...] = ()
    general: Mapping[str, Any] = field(default_factory=dict)
    """What the general setup should be, by the names of GeneralSetup; what is not in it stays."""
    nat: WantedNat | None = None
    dos: WantedDos | None = None
    sip_alg: bool | None = None

    def every_address(self) -> list[IpObject | Ipv6Object]:
        """Both families."""
        return [*self.addresses, *self.addresses6]

    def every_address_group(self) -> list[WantedGroup]:
        """Both families."""
        return [*self.address_groups, *self.address_groups6]

    def services_of(self, name: str | None) -> tuple[ServiceObject, ...]:
        """The services behind a rule's reference."""
        members = next((group.members for group in self.service_groups if group.name == name), (name,))
        return tuple(service for service in self.services if service.name in members)

    def blocked_services(self) -> tuple[ServiceObject, ...]:
        """The services that some rule blocks for traffic from the internet."""
        found = {
            service: None
            for rule in self.rules
            if rule.action == BLOCK and rule.direction == WAN_TO_LAN
            for service in self.services_of(rule.services)
        }
        return tuple(found)


def wanted_from(config: Mapping[str, Any]) -> Wanted:
    """The module's config option in typed form. Raises HardeningError with every problem, one line each."""
    problems: list[str] = []
    addresses = _addresses(config, problems)
    services = _services(config, problems)
    countries = _countries(config, problems)
    families = {**{a.name: isinstance(a, Ipv6Object) for a in addresses}}
    groups, groups6 = _address_groups(config, families, problems)
    names = {entry["name"] for entry in config.get("service_objects") or []}
    service_groups = _groups("service_groups", config, names, problems)
    for kinds in (("address_objects", "address_groups", "country_objects"), ("service_objects", "service_groups")):
        every = [entry["name"] for kind in kinds for entry in config.get(kind) or []]
        problems.extend(f"config.{kinds[0]}: {name} is declared twice." for name in _repeated(every))
    peers = _declared(config, "address_objects", "address_groups", "country_objects")
    services_of = _declared(config, "service_objects", "service_groups")
    rules = _rules(config, {ADDRESS_SIDE: peers, SERVICE_SIDE: services_of}, problems)
    general = _general(config.get("general") or {}, rules, problems)
    nat = nat_from(config["nat"], _declared(config, "address_groups"), problems) if config.get("nat") else None
    dos = dos_from(config["dos"], problems) if config.get("dos") else None
    if problems:
        raise HardeningError("\n".join(problems))
    return Wanted(
        addresses=tuple(a for a in addresses if isinstance(a, IpObject)),
        addresses6=tuple(a for a in addresses if isinstance(a, Ipv6Object)),
        address_groups=groups,
        address_groups6=groups6,
        services=services,
        service_groups=service_groups,
        countries=countries,
        rules=rules,
        general=general,
        nat=nat,
        dos=dos,
        sip_alg=config.get("sip_alg"),
    )


PROFILE_OPTIONS = {
    "addresses": "address_objects",
    "addresses6": "address_objects",
    "address_groups": "address_groups",
    "address_groups6": "address_groups",
    "services": "service_objects",
    "service_groups": "service_groups",
    "countries": "country_objects",
}
"""The option that each kind of profile is declared by."""


def room_problems(wanted: Wanted, dialect: Dialect) -> list[str]:
    """What no router of this model has room for, whatever else is on it; empty where there is room."""
    problems = []
    for kind in KINDS:
        count, limit = len(getattr(wanted, kind.attribute)), dialect.limit(kind.attribute)
        if count > limit:
            problems.append(
                f"config.{PROFILE_OPTIONS[kind.attribute]}: {count} {kind.label}; a {dialect.name} takes {limit}."
            )
    return problems


def check_management(wanted: Wanted, port: int) -> None:
    """Refuses rules that block the port through which the router is managed, from the internet or from the LAN."""
    for service in wanted.blocked_services():
        if service.first <= port <= service.last and service.protocol in ("tcp", "tcp/udp", "any"):
            raise HardeningError(
                f"ansible_port: {port} is the router's management port, and the service {service.name} "
                f"({service.first}-{service.last}) blocks it. Move the router's SSH port, or the PBX's ports, apart."
            )
    for rule in wanted.rules:
        inside = rule.direction in (LAN_TO_LAN, LAN_TO_WAN)
        blocking = rule.action in (BLOCK, BLOCK_UNLESS)
        if inside and blocking and rule.enabled and rule.destinations is None and _covers(wanted, rule, port):
            raise HardeningError(
                f"config.rules ({rule.comment}): blocks TCP port {port}, the router's management port, from the LAN to "
                "everywhere. Name destinations, or services without that port."
            )


def _covers(wanted: Wanted, rule: WantedRule, port: int) -> bool:
    """Whether a rule's services hold a TCP port."""
    if rule.services is None:
        return True
    return any(
        service.protocol in ("tcp", "tcp/udp", "any")
        and {
            EQUALS: service.first <= port <= service.last,
            DIFFERS: not service.first <= port <= service.last,
            ABOVE: port > service.first,
            BELOW: port < service.first,
        }[service.destination_check]
        for service in wanted.services_of(rule.services)
    )


def _addresses(config: Mapping[str, Any], problems: list[str]) -> list[IpObject | Ipv6Object]:
    found: list[IpObject | Ipv6Object] = []
    for position, entry in enumerate(config.get("address_objects") or []):
        where = f"config.address_objects[{position}]"
        _check_token(f"{where}.name", entry["name"], NAME_LENGTH, problems)
        try:
            found.append(address_object(entry["name"], entry["network"], inverted=bool(entry.get("inverted"))))
        except ValueError:
            problems.append(
                f"{where}.network: {entry['network']!r} is not an address, network or range, such as 203.0.113.0/26, "
                "203.0.113.4-203.0.113.9 or 2001:db8::/32."
            )
    return found


def _services(config: Mapping[str, Any], problems: list[str]) -> tuple[ServiceObject, ...]:
    services = []
    for position, entry in enumerate(config.get("service_objects") or []):
        where = f"config.service_objects[{position}]"
        _check_token(f"{where}.name", entry["name"], NAME_LENGTH, problems)
        ports = parse_ports(str(entry["ports"]))
        given = entry.get("source_ports")
        source = parse_ports(str(given)) if given else (EQUALS, *ANY_PORT)
        for option, value, parsed in (("ports", entry["ports"], ports), ("source_ports", given, source)):
            if parsed is None:
                problems.append(
                    f"{where}.{option}: {value!r} is not a port or a range from 1 to 65535, such as 5060, 9000-10999, "
                    "!=5060, >1023 or <1024."
                )
        if ports and source:
            services.append(
                ServiceObject(
                    entry["name"],
                    entry.get("protocol") or "tcp/udp",
                    ports[1],
                    ports[2],
                    source=(source[1], source[2]),
                    source_check=source[0],
                    destination_check=ports[0],
                )
            )
    return tuple(services)


def _countries(config: Mapping[str, Any], problems: list[str]) -> tuple[CountryObject, ...]:
    countries = []
    for position, entry in enumerate(config.get("country_objects") or []):
        where = f"config.country_objects[{position}]"
        _check_token(f"{where}.name", entry["name"], NAME_LENGTH, problems)
        numbers = tuple(sorted(set(entry["countries"])))
        if not numbers or not all(1 <= number <= 255 for number in numbers):
            problems.append(
                f"{where}.countries: {list(numbers)} must be the router's own numbers, from 1 to 255, as "
                "'object country list' shows them."
            )
        countries.append(CountryObject(entry["name"], numbers))
    return tuple(countries)


def _address_groups(
    config: Mapping[str, Any], families: Mapping[str, bool], problems: list[str]
) -> tuple[tuple[WantedGroup, ...], tuple[WantedGroup, ...]]:
    """IPv4 and IPv6 groups apart: the router keeps them in different tables."""
    names = {entry["name"] for entry in config.get("address_objects") or []}
    by_family: tuple[list[WantedGroup], list[WantedGroup]] = ([], [])
    for group in _groups("address_groups", config, names, problems):
        found = {families[member] for member in group.members if member in families}
        if len(found) > 1:
            problems.append(
                f"config.address_groups ({group.name}): IPv4 and IPv6 addresses in one group; make one of each."
            )
        by_family[int(found == {True})].append(group)
    return tuple(by_family[0]), tuple(by_family[1])


def _declared(config: Mapping[str, Any], *kinds: str) -> set[str]:
    """All names, also of objects with another mistake: each mistake is reported once."""
    return {entry["name"] for kind in kinds for entry in config.get(kind) or []}


def _rules(
    config: Mapping[str, Any], names: Mapping[tuple[str, ...], set[str]], problems: list[str]
) -> tuple[WantedRule, ...]:
    entries = config.get("rules") or []
    comments = [entry["comment"] for entry in entries]
    problems.extend(f"config.rules: {comment} is declared twice." for comment in _repeated(comments))
    if len(entries) > MAX_RULES:
        problems.append(
            f"config.rules: {len(entries)} rules; the router has room for {MAX_RULES} in {FILTER_SETS} filter sets."
        )
    return tuple(_rule(entry, names, problems) for entry in entries)


def _rule(entry: Mapping[str, Any], names: Mapping[tuple[str, ...], set[str]], problems: list[str]) -> WantedRule:
    rule = wanted_rule(entry, names, problems)
    if rule.action in (PASS, PASS_UNLESS) and rule.direction == WAN_TO_LAN and rule.sources is None:
        problems.append(
            f"config.rules ({rule.comment}).sources: missing; a pass rule without sources would open the ports to "
            "everyone."
        )
    return rule


def _general(entry: Mapping[str, Any], rules: tuple[WantedRule, ...], problems: list[str]) -> Mapping[str, Any]:
    general = {name: value for name, value in entry.items() if value is not None}
    lets_out = any(
        rule.action == PASS
        and rule.direction == LAN_TO_WAN
        and rule.enabled
        and not rule.schedules
        and rule.sources is None
        and rule.destinations is None
        and rule.services is None
        and rule.source_interfaces == rule.destination_interfaces == EVERYWHERE
        for rule in rules
    )
    if general.get("default_action") == BLOCK and not lets_out:
        problems.append(
            "config.general.default_action: block would cut off the LAN, and the router's management, from the "
            "internet. Declare a pass rule with direction lan_to_wan and without sources, destinations and services "
            "as well."
        )
    return general


def _groups(kind: str, config: Mapping[str, Any], known: set[str], problems: list[str]) -> tuple[WantedGroup, ...]:
    groups = []
    for position, entry in enumerate(config.get(kind) or []):
        where = f"config.{kind}[{position}]"
        _check_token(f"{where}.name", entry["name"], NAME_LENGTH, problems)
        members: Sequence[str] = entry["members"]
        if not members:
            problems.append(f"{where}.members: empty; an empty group may mean anyone to the router.")
        if len(members) > MEMBERS_PER_GROUP:
            problems.append(f"{where}.members: {len(members)} members; the router takes {MEMBERS_PER_GROUP}.")
        problems.extend(
            f"{where}.members: {member!r} is not a declared object." for member in members if member not in known
        )
        groups.append(WantedGroup(entry["name"], tuple(members)))
    return tuple(groups)


def _check_token(where: str, value: str, length: int, problems: list[str]) -> None:
    problems.extend(f"{where}: {problem}" for problem in name_problem(value, length))


PORTS = re.compile(r"^(?P<check>!=|>|<)?(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?$")


def parse_ports(text: str) -> tuple[str, int, int] | None:
    """``5060``, ``9000-10999``, ``!=5060``, ``>1023``: how to compare, first and last port; None where it is none."""
    match = PORTS.match(text.strip())
    if not match:
        return None
    check = match["check"] or EQUALS
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if check in (ABOVE, BELOW) and match["last"]:
        return None
    known = check in (EQUALS, DIFFERS, ABOVE, BELOW)
    return (check, first, last) if known and 1 <= first <= last <= 65535 else None


def _repeated(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
