# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall that a router should have, in typed form, checked against the dialect's limits. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    COMMENT_LENGTH,
    NAME_LENGTH,
    RULES_PER_SET,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.filter import BLOCK, PASS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.objects import IpObject, ServiceObject

PREFIX = "vs_"
"""Names and comments of ours begin so; this is how they are recognised on the router."""
TOKEN = re.compile(r"^[A-Za-z0-9_]+$")
MEMBERS_PER_GROUP = 50
"""Our own limit: a longer list would pass the 254 characters of one command."""
BLOCK_SLOT = RULES_PER_SET
"""The block rule stands last in the set and never moves, so allow rules are always before it."""


@dataclass(frozen=True)
class WantedGroup:
    """A group and its members by name."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class WantedRule:
    """A rule in its slot."""

    slot: int
    comment: str
    action: str
    sources: str | None
    services: str
    log: bool


@dataclass(frozen=True)
class Wanted:
    """Everything that draytek_firewall keeps on one router."""

    addresses: tuple[IpObject, ...] = ()
    address_groups: tuple[WantedGroup, ...] = ()
    services: tuple[ServiceObject, ...] = ()
    service_groups: tuple[WantedGroup, ...] = ()
    rules: tuple[WantedRule, ...] = ()

    def blocked_services(self) -> tuple[ServiceObject, ...]:
        """The services that some rule blocks."""
        groups = {rule.services for rule in self.rules if rule.action == BLOCK}
        names = {member for group in self.service_groups if group.name in groups for member in group.members}
        return tuple(service for service in self.services if service.name in names)


def wanted_from(config: Mapping[str, Any]) -> Wanted:
    """The module's config option in typed form. Raises HardeningError with every problem, one line each."""
    problems: list[str] = []
    addresses = []
    for position, entry in enumerate(config.get("address_objects") or []):
        where = f"config.address_objects[{position}]"
        _check_token(f"{where}.name", entry["name"], NAME_LENGTH, problems)
        try:
            addresses.append(IpObject.of_network(entry["name"], ipaddress.IPv4Network(entry["network"])))
        except ValueError:
            problems.append(
                f"{where}.network: {entry['network']!r} is not an IPv4 address or network, such as 203.0.113.0/26."
            )
    services = []
    for position, entry in enumerate(config.get("service_objects") or []):
        where = f"config.service_objects[{position}]"
        _check_token(f"{where}.name", entry["name"], NAME_LENGTH, problems)
        ports = _ports(str(entry["ports"]))
        if ports is None:
            problems.append(
                f"{where}.ports: {entry['ports']!r} is not a port or a range from 1 to 65535, such as 5060 or "
                "9000-10999."
            )
        else:
            services.append(ServiceObject(entry["name"], entry.get("protocol") or "tcp/udp", *ports))
    address_groups = _groups("address_groups", config, _declared(config, "address_objects"), problems)
    service_groups = _groups("service_groups", config, _declared(config, "service_objects"), problems)
    rules = _rules(config, {g.name for g in address_groups}, {g.name for g in service_groups}, problems)
    for kind, names in (
        ("address_objects", [item.name for item in addresses]),
        ("address_groups", [item.name for item in address_groups]),
        ("service_objects", [item.name for item in services]),
        ("service_groups", [item.name for item in service_groups]),
    ):
        problems.extend(f"config.{kind}: the name {name!r} stands there twice." for name in _repeated(names))
    if problems:
        raise HardeningError("\n".join(problems))
    return Wanted(tuple(addresses), address_groups, tuple(services), service_groups, rules)


def check_management(wanted: Wanted, port: int) -> None:
    """Refuse a firewall that would block the port through which the router is managed."""
    for service in wanted.blocked_services():
        if service.first <= port <= service.last and service.protocol in ("tcp", "tcp/udp", "any"):
            raise HardeningError(
                f"ansible_port: {port} is the router's management port, and the service {service.name} "
                f"({service.first}-{service.last}) blocks it. Move the router's SSH port, or the PBX's ports, apart."
            )


def _declared(config: Mapping[str, Any], kind: str) -> set[str]:
    """All names, also of objects with another mistake: one mistake is told once."""
    return {entry["name"] for entry in config.get(kind) or []}


def _rules(
    config: Mapping[str, Any], address_groups: set[str], service_groups: set[str], problems: list[str]
) -> tuple[WantedRule, ...]:
    entries = config.get("rules") or []
    allowing = [entry for entry in entries if entry["action"] == PASS]
    blocking = [entry for entry in entries if entry["action"] == BLOCK]
    if len(blocking) > 1:
        problems.append(
            f"config.rules: {len(blocking)} block rules; one that names all services is what fits the last slot."
        )
    if len(allowing) >= RULES_PER_SET:
        problems.append(
            f"config.rules: {len(allowing)} pass rules; a filter set has room for {RULES_PER_SET - 1} and the "
            "block rule."
        )
    rules = []
    for slot, entry in [*enumerate(allowing, start=1), *((BLOCK_SLOT, entry) for entry in blocking[:1])]:
        where = f"config.rules ({entry['comment']})"
        _check_token(f"{where}.comment", entry["comment"], COMMENT_LENGTH, problems)
        sources = entry.get("sources")
        if sources is None and entry["action"] == PASS:
            problems.append(f"{where}.sources: missing; a pass rule without sources would open the ports to everybody.")
        elif sources is not None and sources not in address_groups:
            problems.append(f"{where}.sources: {sources!r} is not one of config.address_groups.")
        if entry["services"] not in service_groups:
            problems.append(f"{where}.services: {entry['services']!r} is not one of config.service_groups.")
        if sources is not None and entry["action"] == BLOCK:
            problems.append(f"{where}.sources: {sources!r} given; the block rule is for everybody.")
        log = entry.get("log")
        rules.append(
            WantedRule(slot, entry["comment"], entry["action"], sources, entry["services"], log is None or bool(log))
        )
    return tuple(rules)


def _groups(kind: str, config: Mapping[str, Any], known: set[str], problems: list[str]) -> tuple[WantedGroup, ...]:
    groups = []
    for position, entry in enumerate(config.get(kind) or []):
        where = f"config.{kind}[{position}]"
        _check_token(f"{where}.name", entry["name"], NAME_LENGTH, problems)
        members: Sequence[str] = entry["members"]
        if not members:
            problems.append(f"{where}.members: empty; an empty group may mean anybody to the router.")
        if len(members) > MEMBERS_PER_GROUP:
            problems.append(f"{where}.members: {len(members)} members; at most {MEMBERS_PER_GROUP} fit one command.")
        problems.extend(
            f"{where}.members: {member!r} is not a declared object." for member in members if member not in known
        )
        groups.append(WantedGroup(entry["name"], tuple(members)))
    return tuple(groups)


def _check_token(where: str, value: str, length: int, problems: list[str]) -> None:
    if not TOKEN.match(value) or len(value) > length or not value.startswith(PREFIX):
        problems.append(
            f"{where}: {value!r} must begin with {PREFIX!r}, have at most {length} characters, and only letters, "
            "digits and _."
        )


def _ports(text: str) -> tuple[int, int] | None:
    match = re.match(r"^(\d{1,5})(?:-(\d{1,5}))?$", text.strip())
    if not match:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return (first, last) if 1 <= first <= last <= 65535 else None


def _repeated(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
