# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a router has and should have to the commands in between, in an order that is safe at every step. Pure.

The set of ours is built while nothing leads to it, and then made the first set of the data filter by one command: until
then nothing has changed for any packet, and afterwards everything has. Later runs change it in place: first what lets
in,
then what blocks; create before refer, refer before delete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import filter as data_filter
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import objects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import FILTER_SETS, Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.gather import (
    COMMENT_DIRTY,
    COMMENT_DONE,
    COMMENT_OFF,
    Slots,
    Snapshot,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.references import (
    expands_to_addresses,
    expands_to_services,
    names_group,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.wanted import (
    Wanted,
    WantedGroup,
    WantedRule,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.reconcile import Action, State, compare


@dataclass(frozen=True)
class Step:
    """Commands that belong together, what they do in the user's words, and how they are taken back."""

    what: str
    commands: tuple[str, ...]
    undo: tuple[str, ...] = ()


@dataclass
class FirewallPlan:
    """What will be sent. Empty ``steps`` and no ``save`` mean that the router is as declared and saved."""

    own_set: int | None
    steps: list[Step] = field(default_factory=list)
    save: tuple[str, ...] = ()
    """Sent after the proof: what marks our set as saved, and ``sys commit``."""
    notes: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Anything at all to send."""
        return bool(self.steps or self.save)

    @property
    def commands(self) -> list[str]:
        """Every command in the order of sending."""
        return [command for step in self.steps for command in step.commands] + list(self.save)


COMMIT = "sys commit"


def plan_present(have: Snapshot, want: Wanted, dialect: Dialect) -> FirewallPlan:
    """Bring the router to ``want``. Raises HardeningError where slots are missing."""
    own_set = have.own_set if have.own_set is not None else have.free_set
    if own_set is None:
        raise HardeningError(
            f"all {FILTER_SETS} filter sets of the router are in use; one is needed for the voice rules. Free one "
            "(blank comment, all seven rules disabled and empty, no set leading to it)."
        )
    _refuse_loop(have, own_set)
    plan = FirewallPlan(own_set)
    services = _Slotted("service objects", have.services, {s.name: s for s in want.services})
    addresses = _Slotted("IP objects", have.addresses, {a.name: a for a in want.addresses})
    service_groups = _Slotted("service groups", have.service_groups, _resolve(want.service_groups, services.index))
    address_groups = _Slotted("IP groups", have.address_groups, _resolve(want.address_groups, addresses.index))
    blocking = {rule.services for rule in want.rules if rule.action == data_filter.BLOCK}

    plan.steps += services.steps(objects.service_object_commands)
    plan.steps += addresses.steps(objects.ip_object_commands)
    plan.steps += address_groups.steps(_group_commands("ip"))
    plan.steps += service_groups.steps(_group_commands("service"), lambda name: name not in blocking)
    resolve = _RuleResolver(have, want, address_groups.index, service_groups.index, dialect)
    plan.steps += _rule_steps(have, want, own_set, resolve, data_filter.PASS)
    plan.steps += service_groups.steps(_group_commands("service"), lambda name: name in blocking)
    plan.steps += _rule_steps(have, want, own_set, resolve, data_filter.BLOCK)
    plan.steps += _insertion(have, own_set)
    plan.steps += _surplus_rules(have, want, own_set)

    head = have.heads.get(own_set)
    comment = head.comment if head else ""
    if plan.steps and comment != COMMENT_DIRTY:
        plan.steps.insert(0, _claim(own_set, comment))
    if plan.steps or comment != COMMENT_DONE:
        plan.save = (COMMIT, f"ipf set {own_set} -m {COMMENT_DONE}", COMMIT)
    return plan


def plan_absent(have: Snapshot) -> FirewallPlan:
    """Take our set out of the filter. Objects stay, unused: the command line has no way to delete a single one."""
    own_set = have.own_set
    plan = FirewallPlan(own_set)
    if own_set is None:
        return plan
    head = have.heads[own_set]
    if head.comment == COMMENT_OFF and not have.active and not any(rule.enabled for rule in have.rules.values()):
        return plan
    if have.active:
        plan.steps.append(
            Step(
                f"start the data filter at set {head.next_set}"
                if head.next_set
                else "switch the data filter off, as it was",
                (f"ipf set -d {head.next_set}",),
                (f"ipf set -d {own_set}",),
            )
        )
    plan.steps.extend(
        Step(
            f"disable rule {own_set}:{slot}",
            (data_filter.disable_rule_command(own_set, slot),),
            (f"ipf rule {own_set} {slot} -e 1",),
        )
        for slot, rule in have.rules.items()
        if rule.enabled
    )
    plan.save = (f"ipf set {own_set} -m {COMMENT_OFF}", COMMIT)
    plan.notes.append(
        "address and service objects of ours stay on the router, unused: DrayOS documents no way to delete one."
    )
    return plan


class _Slotted:
    """Places wanted profiles in slots: where the name stands already, otherwise in the highest free slot."""

    def __init__(self, kind: str, slots: Slots[Any], wanted: Mapping[str, Any]) -> None:
        self._slots, self._wanted = slots, wanted
        free = slots.free()
        missing = [name for name in wanted if slots.index_of(name) is None]
        if len(missing) > len(free):
            raise HardeningError(
                f"{len(missing)} {kind} are needed ({', '.join(missing)}) and {len(free)} of the router's "
                f"{slots.limit} are free. Delete some that are no longer used."
            )
        placed = dict(zip(missing, free, strict=False))
        self.index: dict[str, int] = {}
        for name in wanted:
            found = slots.index_of(name)
            self.index[name] = placed[name] if found is None else found

    def steps(
        self, render: Callable[[int, Any, Any], list[str]], chosen: Callable[[str], bool] = lambda name: True
    ) -> list[Step]:
        """One step for each profile that differs."""
        have = {item.name: item for item in self._slots.ours().values()}
        want = {name: item for name, item in self._wanted.items() if chosen(name)}
        steps = []
        for change in compare(have, want, State.MERGED, lambda _key, _item: True):
            index = self.index[change.key]
            undo = render(index, change.before, change.after) if _can_be_written(change.before) else []
            verb = "make" if change.action is Action.CREATE else "correct"
            steps.append(Step(f"{verb} {change.key}", tuple(render(index, change.after, change.before)), tuple(undo)))
        return steps


def _can_be_written(found: Any) -> bool:
    """Whether what was found can be put back: a slot that was empty, or of a kind unknown to us, cannot."""
    if isinstance(found, objects.IpObject):
        return found.kind in objects.ADDRESS_TYPE_NUMBERS
    if isinstance(found, objects.ServiceObject):
        return found.protocol in objects.PROTOCOL_NUMBERS
    return found is not None


def _resolve(groups: Sequence[WantedGroup], index: Mapping[str, int]) -> dict[str, objects.Group]:
    return {
        group.name: objects.Group(group.name, tuple(sorted(index[member] for member in group.members)))
        for group in groups
    }


def _group_commands(kind: str) -> Callable[[int, Any, Any], list[str]]:
    def render(index: int, wanted: objects.Group, found: objects.Group | None) -> list[str]:
        return objects.group_commands(kind, index, wanted, found)

    return render


class _RuleResolver:
    """Compares a rule as printed with a rule as wanted, and renders the wanted one."""

    def __init__(
        self,
        have: Snapshot,
        want: Wanted,
        address_groups: Mapping[str, int],
        service_groups: Mapping[str, int],
        dialect: Dialect,
    ) -> None:
        self._address_groups, self._service_groups = address_groups, service_groups
        self._addresses = _members_of(want.address_groups, {a.name: a for a in want.addresses})
        self._services = _members_of(want.service_groups, {s.name: s for s in want.services})
        self._wans = frozenset(f"WAN{number}" for number in range(1, dialect.wan_interfaces + 1))
        self._lans = frozenset(f"LAN{number}" for number in range(1, dialect.lan_interfaces + 1))

    def rule(self, wanted: WantedRule) -> data_filter.Rule:
        """The wanted rule with its groups' indexes."""
        source = self._address_groups[wanted.sources] if wanted.sources else None
        return data_filter.Rule(
            wanted.comment, wanted.action, source, self._service_groups[wanted.services], wanted.log
        )

    def differences(self, found: data_filter.RuleView, wanted: WantedRule) -> list[str]:
        """What is not as wanted, in words; empty where the rule is right."""
        checks = {
            "disabled": found.enabled,
            "comment": found.comment == wanted.comment,
            "direction": found.direction.upper().startswith("WAN"),
            "incoming interfaces": _covers(found.source_interfaces, self._wans),
            "outgoing interfaces": _covers(found.destination_interfaces, self._lans),
            "source": self._same_source(found.source, wanted.sources),
            "destination": found.destination.lower() == data_filter.ANY,
            "service": self._same_service(found.service, wanted.services),
            "fragments": found.fragments.lower().startswith("don't"),
            "action": found.action == wanted.action,
            "branch": found.branch.lower() in ("none", ""),
            "log": found.log == wanted.log,
            "schedule": not found.schedules,
        }
        return [name for name, right in checks.items() if not right]

    def _same_source(self, printed: str, name: str | None) -> bool:
        if name is None:
            return printed.lower() == data_filter.ANY
        return names_group(printed, self._address_groups[name], name) or expands_to_addresses(
            printed, self._addresses[name]
        )

    def _same_service(self, printed: str, name: str) -> bool:
        return names_group(printed, self._service_groups[name], name) or expands_to_services(
            printed, self._services[name]
        )


def _covers(found: frozenset[str], needed: frozenset[str]) -> bool:
    return needed <= found or "ALL" in found


Member = TypeVar("Member")


def _members_of(groups: Sequence[WantedGroup], by_name: Mapping[str, Member]) -> dict[str, list[Member]]:
    return {group.name: [by_name[member] for member in group.members] for group in groups}


def _rule_steps(have: Snapshot, want: Wanted, own_set: int, resolve: _RuleResolver, action: str) -> list[Step]:
    steps = []
    for rule in want.rules:
        if rule.action != action:
            continue
        found = have.rules.get(rule.slot)
        wrong = resolve.differences(found, rule) if found else []
        if found is not None and not wrong:
            continue
        commands = data_filter.rule_command(own_set, rule.slot, resolve.rule(rule), found)
        undo = () if found and found.enabled else (data_filter.disable_rule_command(own_set, rule.slot),)
        what = f"rule {own_set}:{rule.slot} {rule.action} {rule.services} from {rule.sources or 'anybody'}"
        if found and found.enabled:
            what += f" ({', '.join(wrong)} differed)"
        steps.append(Step(what, tuple(commands), undo))
    return steps


def _insertion(have: Snapshot, own_set: int) -> list[Step]:
    if have.start_set == own_set:
        return []
    steps = []
    head = have.heads.get(own_set)
    if head is None or head.next_set != have.start_set:
        steps.append(
            Step(f"let set {own_set} lead to set {have.start_set}", (f"ipf set {own_set} -n {have.start_set}",))
        )
    steps.append(
        Step(
            f"start the data filter at set {own_set}, so that the voice rules decide first",
            (f"ipf set -d {own_set}",),
            (f"ipf set -d {have.start_set}",),
        )
    )
    return steps


def _surplus_rules(have: Snapshot, want: Wanted, own_set: int) -> list[Step]:
    wanted = {rule.slot for rule in want.rules}
    return [
        Step(
            f"disable rule {own_set}:{slot} ({rule.comment or 'no comment'}), no longer declared",
            (data_filter.disable_rule_command(own_set, slot),),
            (f"ipf rule {own_set} {slot} -e 1",),
        )
        for slot, rule in have.rules.items()
        if rule.enabled and slot not in wanted
    ]


def _claim(own_set: int, comment: str) -> Step:
    undo = (f"ipf set {own_set} -m {comment}",) if comment == COMMENT_OFF else ()
    return Step(f"mark filter set {own_set} as ours, not yet saved", (f"ipf set {own_set} -m {COMMENT_DIRTY}",), undo)


def _refuse_loop(have: Snapshot, own_set: int) -> None:
    """Our set must not be reachable from the present start: putting it first would then make a loop."""
    if have.start_set in (0, own_set):
        return
    leading = [index for index, head in have.heads.items() if head.next_set == own_set and index != own_set]
    if leading:
        raise HardeningError(
            f"filter set {leading[0]} leads to set {own_set}, which is this collection's and must come first. Set "
            "its next filter set to another one by hand, then run again."
        )
