# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall in words and as config: one form for what was found and what is wanted, so that a diff of the two reads
well. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import (
    ANY_PORT,
    EQUALS,
    RANGE,
    SINGLE,
    SUBNET,
    IpObject,
    Ipv6Object,
    ServiceObject,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import (
    BLOCK,
    PASS,
    WAN_TO_LAN,
    WantedRule,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import as_option, rule_line
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted


@dataclass(frozen=True)
class Posture:
    """Who may reach the PBX's voice ports from the internet, as far as the data filter decides."""

    closed: bool
    """True when our rules decide first and block everybody who is not let in."""
    blocked_ports: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    """One line for each group that is let in: who, and to which ports."""
    ipv6_closed: bool = False
    """True when a rule of ours blocks IPv6 sources as well."""

    def as_result(self) -> dict[str, Any]:
        """For the task's result."""
        return {
            "closed": self.closed,
            "ipv6_closed": self.ipv6_closed,
            "blocked_ports": list(self.blocked_ports),
            "allowed": list(self.allowed),
        }


def posture(want: Wanted) -> Posture:
    """What these rules amount to, if they decide first."""
    addresses = _address_members(want)
    incoming = [rule for rule in want.rules if rule.enabled and rule.direction == WAN_TO_LAN and not rule.schedules]
    closing = [rule for rule in incoming if rule.action == BLOCK and rule.sources is None]
    if not closing:
        return Posture(False)
    six = {item.name for item in want.addresses6} | {group.name for group in want.address_groups6}
    blocked = dict.fromkeys(port for rule in closing for port in _ports(want, rule))
    allowed = tuple(
        f"{', '.join(addresses.get(rule.sources or '', [str(rule.sources)]))} to {', '.join(_ports(want, rule))}"
        for rule in incoming
        if rule.action == PASS
    )
    return Posture(
        True, tuple(blocked), allowed, any(rule.action == BLOCK and rule.sources in six for rule in incoming)
    )


def _address_members(want: Wanted) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {item.name: [address_text(item)] for item in want.every_address()}
    texts.update({item.name: [f"{item.name} countries {list(item.countries)}"] for item in want.countries})
    for group in want.every_address_group():
        texts[group.name] = sorted(text for member in group.members for text in texts.get(member, [member]))
    return texts


def _ports(want: Wanted, rule: WantedRule) -> list[str]:
    if rule.services is None:
        return ["every port"]
    return sorted(port_text(service) for service in want.services_of(rule.services)) or [rule.services]


def describe(want: Wanted, chain: Sequence[int], start_set: int, tail: int) -> dict[str, Any]:
    """For a diff: groups with what is in them."""
    services = {item.name: port_text(item) for item in want.services}
    return {
        "data filter starts at set": start_set,
        "our sets": list(chain),
        "then set": tail,
        "rules": {str(number): rule_line(rule) for number, rule in enumerate(want.rules, start=1)},
        "address groups": {group.name: _address_members(want)[group.name] for group in want.every_address_group()},
        "service groups": {
            group.name: sorted(services.get(member, member) for member in group.members)
            for group in want.service_groups
        },
    }


def as_config(want: Wanted) -> dict[str, Any]:
    """In the shape of the module's option ``config``."""
    return {
        "address_objects": [
            {"name": item.name, "network": _span_of(item), "inverted": item.inverted} for item in want.every_address()
        ],
        "address_groups": [
            {"name": group.name, "members": list(group.members)} for group in want.every_address_group()
        ],
        "country_objects": [{"name": item.name, "countries": list(item.countries)} for item in want.countries],
        "service_objects": [_service(item) for item in want.services],
        "service_groups": [{"name": group.name, "members": list(group.members)} for group in want.service_groups],
        "rules": [as_option(rule) for rule in want.rules],
        "general": dict(want.general),
        "sip_alg": want.sip_alg,
    }


def _service(item: ServiceObject) -> Mapping[str, Any]:
    entry: dict[str, Any] = {"name": item.name, "protocol": item.protocol, "ports": _check_and_ports(item)}
    if (item.source, item.source_check) != (ANY_PORT, EQUALS):
        entry["source_ports"] = _port_range(item.source_check, *item.source)
    return entry


def _check_and_ports(item: ServiceObject) -> str:
    return _port_range(item.destination_check, item.first, item.last)


def _port_range(check: str, first: int, last: int) -> str:
    sign = "" if check == EQUALS else check
    return f"{sign}{first}" if first == last else f"{sign}{first}-{last}"


def _span_of(item: IpObject | Ipv6Object) -> str:
    if item.kind == SINGLE:
        return item.start
    if item.kind == RANGE:
        return f"{item.start}-{item.end}"
    if item.kind == SUBNET:
        return f"{item.start}/{item.end}"
    return item.kind


def address_text(item: IpObject | Ipv6Object) -> str:
    """``vs_gamma_1 203.0.113.0-203.0.113.63``."""
    return f"{item.name or '(no name)'} {'not ' if item.inverted else ''}{_span_of(item)}"


def port_text(item: ServiceObject) -> str:
    """``tcp/udp 5060``."""
    return f"{item.protocol} {_check_and_ports(item)}"
