# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall in words: the same form for what was found and what is wanted, so that a diff of the two reads well.
Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import objects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.filter import ANY, BLOCK, PASS, RuleView
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.gather import COMMENT_DONE, Slots, Snapshot
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.references import names_group
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.wanted import Wanted

ANYBODY = "anybody"


@dataclass(frozen=True)
class Posture:
    """Who may reach the PBX's voice ports from the internet, as far as the data filter decides."""

    closed: bool
    """True when our set decides first and blocks everybody who is not let in."""
    blocked_ports: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    """One line for each group that is let in: who, and to which ports."""

    def as_result(self) -> dict[str, Any]:
        """For the task's result."""
        return {"closed": self.closed, "blocked_ports": list(self.blocked_ports), "allowed": list(self.allowed)}


def posture_of_wanted(want: Wanted) -> Posture:
    """What the declaration asks for."""
    addresses = {item.name: address_text(item) for item in want.addresses}
    services = {item.name: port_text(item) for item in want.services}
    groups = {group.name: sorted(addresses[member] for member in group.members) for group in want.address_groups}
    ports = {group.name: sorted(services[member] for member in group.members) for group in want.service_groups}
    allowed = tuple(
        f"{', '.join(groups[rule.sources])} to {', '.join(ports[rule.services])}"
        for rule in want.rules
        if rule.action == PASS and rule.sources
    )
    blocked = tuple(port for rule in want.rules if rule.action == BLOCK for port in ports[rule.services])
    return Posture(bool(blocked), blocked, allowed)


def posture_of_snapshot(have: Snapshot) -> Posture:
    """What was found: closed only if our set decides first and its block rule is in force."""
    blocking = any(rule.enabled and rule.action == BLOCK for rule in have.rules.values())
    if not have.active or not blocking:
        return Posture(False)
    text = describe_snapshot(have)
    allowed = tuple(
        f"{', '.join(text['address groups'].get(_source(have, rule), [_source(have, rule)]))} to "
        f"{', '.join(text['service groups'].get(_service(have, rule), [_service(have, rule)]))}"
        for rule in have.rules.values()
        if rule.enabled and rule.action == PASS
    )
    blocked = tuple(
        port
        for rule in have.rules.values()
        if rule.enabled and rule.action == BLOCK
        for port in text["service groups"].get(_service(have, rule), [_service(have, rule)])
    )
    return Posture(True, blocked, allowed)


def describe_snapshot(have: Snapshot) -> dict[str, Any]:
    """What was found, as plain data."""
    head = have.heads.get(have.own_set) if have.own_set else None
    return {
        "data filter starts at set": have.start_set,
        "voice set": {
            "set": have.own_set,
            "comment": head.comment if head else None,
            "next set": head.next_set if head else None,
        },
        "rules": {
            str(slot): _rule_text(rule.action, _service(have, rule), _source(have, rule), rule.comment, log=rule.log)
            for slot, rule in have.rules.items()
            if rule.enabled
        },
        "address groups": _groups(have.address_groups, have.addresses, address_text),
        "service groups": _groups(have.service_groups, have.services, port_text),
    }


def describe_wanted(want: Wanted, have: Snapshot, own_set: int) -> dict[str, Any]:
    """What will be there, in the same form."""
    addresses = {item.name: address_text(item) for item in want.addresses}
    services = {item.name: port_text(item) for item in want.services}
    head = have.heads.get(own_set)
    next_set = head.next_set if have.start_set == own_set and head else have.start_set
    found = describe_snapshot(have)
    return {
        "data filter starts at set": own_set,
        "voice set": {"set": own_set, "comment": COMMENT_DONE, "next set": next_set},
        "rules": {
            str(rule.slot): _rule_text(rule.action, rule.services, rule.sources or ANYBODY, rule.comment, log=rule.log)
            for rule in want.rules
        },
        "address groups": {
            **found["address groups"],
            **{group.name: sorted(addresses[member] for member in group.members) for group in want.address_groups},
        },
        "service groups": {
            **found["service groups"],
            **{group.name: sorted(services[member] for member in group.members) for group in want.service_groups},
        },
    }


def _rule_text(action: str, services: str, sources: str, comment: str, *, log: bool) -> str:
    return f"{action} {services} from {sources}{', logged' if log else ''} ({comment})"


def address_text(item: objects.IpObject) -> str:
    """``vs_gamma_1 203.0.113.0-203.0.113.63``."""
    span = item.start if item.start == item.end else f"{item.start}-{item.end}"
    return f"{item.name or '(no name)'} {'not ' if item.inverted else ''}{span}"


def port_text(item: objects.ServiceObject) -> str:
    """``tcp/udp 5060``."""
    return f"{item.protocol} {item.first if item.first == item.last else f'{item.first}-{item.last}'}"


def _groups(groups: Slots[objects.Group], slots: Slots[Any], text: Any) -> dict[str, list[str]]:
    return {
        group.name: sorted(
            text(slots.read[index]) if index in slots.read else f"profile {index}" for index in group.member_indexes
        )
        for _index, group in sorted(groups.ours().items(), reverse=True)
    }


def _source(have: Snapshot, rule: RuleView) -> str:
    return ANYBODY if rule.source.lower() == ANY else _named(have.address_groups.ours(), rule.source)


def _service(have: Snapshot, rule: RuleView) -> str:
    return _named(have.service_groups.ours(), rule.service)


def _named(groups: Mapping[int, objects.Group], printed: str) -> str:
    return next((group.name for index, group in groups.items() if names_group(printed, index, group.name)), printed)
