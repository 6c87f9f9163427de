# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a router has and should have to the commands in between, in an order that is safe at every step. Pure.

Rules are never edited while they are active. The sets that change are built anew in sets that nothing leads to, with
profiles that no active rule refers to; then one command (the start set, or one set's next set) puts the new in the
place of the old. Before it nothing has changed for any packet, after it everything has, and its inverse is the way
back."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    COMMAND_LENGTH,
    FILTER_SETS,
    RULES_PER_SET,
    Dialect,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import (
    COMMENT_DIRTY,
    COMMENT_DONE,
    COMMENT_OFF,
    COMMENT_PART,
    NAME_FREE,
    OUR_COMMENTS,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import KINDS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.placement import (
    MoreSlotsNeeded,
    Placement,
    place,
    spare_steps,
    used_by_open_ports,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.compare import Comparison
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.firewall_plan import FirewallPlan
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import Snapshot
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.plan_settings import (
    dos_steps,
    general_steps,
    nat_steps,
    sip_alg_steps,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import BLOCK, Rule
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import (
    retire_command,
    rule_commands,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.steps import COMMIT, Step
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State

PASS_BY_DEFAULT, BLOCK_BY_DEFAULT = "ipf set -p 0 1", "ipf set -p 1 1"


def plan_present(
    have: Snapshot, want: Wanted, dialect: Dialect, state: State = State.REPLACED, *, dos_always: bool = False
) -> FirewallPlan:
    """Bring the router to ``want``. Raises MoreSlotsNeeded where more must be read, HardeningError where there is no
    room."""
    plan = FirewallPlan(unsupported=list(have.unread))
    keep_others = state is State.MERGED
    placement = place(have, want, keep_others=keep_others)
    plan.steps += placement.steps
    plan.prepared = len(plan.steps)
    comparison = Comparison(have, want, placement, dialect)
    _plan_rules(plan, have, comparison, state)
    plan.steps[plan.prepared : plan.prepared] = placement.in_place
    plan.steps += general_steps(have, want, plan)
    plan.steps += nat_steps(have, want, plan, placement, dialect, state)
    plan.steps += sip_alg_steps(have, want)
    plan.steps += dos_steps(have, want, plan, state, always=dos_always)
    _finish(plan, have, want, placement, state)
    too_long = [command for command in plan.commands if len(command) > COMMAND_LENGTH]
    if too_long:
        raise HardeningError(
            f"config: {too_long[0][:60]}... would have {len(too_long[0])} characters, and DrayOS takes "
            f"{COMMAND_LENGTH}. Use groups with fewer members, or fewer interfaces."
        )
    return plan


def plan_absent(have: Snapshot) -> FirewallPlan:
    """Take our sets out of the filter. Profiles stay, renamed and unused: the command line cannot delete a single
    one."""
    if have.room is None:
        raise MoreSlotsNeeded()
    plan = FirewallPlan(tail=have.tail)
    if have.chain:
        what = f"start the data filter at set {have.tail}" if have.tail else "switch the data filter off, as it was"
        plan.steps.append(Step(what, (f"ipf set -d {have.tail}",), (f"ipf set -d {have.chain[0]}",)))
    limited = [exposure for exposure in have.exposures or () if exposure.group]
    if limited:
        plan.notes.append(
            f"still limited to the declared peers: {'; '.join(way.label for way in limited)}. What they were limited "
            "to before cannot be read; change it in the router's web page."
        )
    retired = _retire(have, keep=())
    kept = used_by_open_ports(have)
    names = [
        kind.rename(index, NAME_FREE)
        for kind in KINDS
        for index in have.slots[kind.attribute].ours()
        if index not in kept[kind.attribute]
    ]
    if plan.steps or retired or names:
        plan.save = (*retired, *names, COMMIT)
        plan.notes.append(
            "the collection's profiles stay, named vs_free and unused, because no way to delete one is documented."
        )
        plan.notes.append("DoS defence, SIP ALG and the general setup stay unchanged: former values are unknown.")
    return plan


# --- rules -----------------------------------------------------------------------------------------------------------


def _plan_rules(plan: FirewallPlan, have: Snapshot, comparison: Comparison, state: State) -> None:
    chunks = comparison.chunks(RULES_PER_SET)
    head, rest = _unchanged(have, comparison, chunks)
    tail = 0 if state is State.OVERRIDDEN else have.tail
    needed = len(chunks) - head - rest
    kept_end = have.chain[len(have.chain) - rest :] if rest else []
    replaced = have.chain[head : len(have.chain) - rest]
    fresh: list[int] = []
    if needed or replaced:
        fresh = _room(have, needed)
        following = kept_end[0] if kept_end else tail
        _refuse_loop(have, following)
        for position, set_index in enumerate(fresh):
            chunk = chunks[head + position]
            next_set = fresh[position + 1] if position + 1 < len(fresh) else following
            first = head == 0 and position == 0
            plan.steps += _build(have, comparison, set_index, chunk, next_set, first=first)
        plan.prepared = len(plan.steps)
        target = fresh[0] if fresh else following
        plan.rules_changed = True
        if not have.start_set and have.general.default_action == BLOCK:
            # While the filter is off its default rule is off too: it must not take effect with our rules.
            plan.steps.append(
                Step("pass packets that match no rule, as with the filter off", (PASS_BY_DEFAULT,), (BLOCK_BY_DEFAULT,))
            )
        plan.steps.append(_switch(have, have.chain[head - 1] if head else 0, target, comparison.reasons))
    end_in_force = kept_end or ([] if fresh or replaced else have.chain)
    if end_in_force and have.tail != tail:
        last = end_in_force[-1]
        plan.steps.append(
            Step(
                f"end the data filter behind our rules; set {have.tail} and those after it have no effect",
                (f"ipf set {last} -n {tail}",),
                (f"ipf set {last} -n {have.tail}",),
            )
        )
    plan.chain, plan.tail = have.chain[:head] + fresh + kept_end, tail


def _unchanged(have: Snapshot, comparison: Comparison, chunks: Sequence[Sequence[Rule]]) -> tuple[int, int]:
    """How many sets at the beginning and at the end of our chain are right already."""
    most = min(len(have.chain), len(chunks))
    head = 0
    while head < most and comparison.set_is(have.chain[head], chunks[head]):
        head += 1
    rest = 0
    while rest < most - head and comparison.set_is(have.chain[-1 - rest], chunks[-1 - rest]):
        rest += 1
    return head, rest


def _room(have: Snapshot, needed: int) -> list[int]:
    if have.room is None or (needed > len(have.room) and not have.searched):
        raise MoreSlotsNeeded(sets=needed)
    if needed > len(have.room):
        occupied = ", ".join(
            f"{index} {head.comment or '(no comment)'}"
            for index, head in sorted(have.heads.items())
            if index not in have.room
        )
        raise HardeningError(
            f"{needed} filter sets are needed to build the new rules in, and {len(have.room)} of the router's "
            f"{FILTER_SETS} are free. In use are {occupied}. Free {needed - len(have.room)} of them (blank comment, "
            "all seven rules disabled and empty, no set leading to it). Nothing was written."
        )
    return have.room[:needed]


def _build(
    have: Snapshot,
    comparison: Comparison,
    set_index: int,
    chunk: Sequence[Rule],
    next_set: int,
    *,
    first: bool,
) -> list[Step]:
    """One set that nothing leads to yet. It needs no way back: left alone it does nothing."""
    head = have.heads[set_index]
    comment = COMMENT_DIRTY if first else COMMENT_PART
    steps = []
    if head.comment != comment:
        steps.append(
            Step(f"mark filter set {set_index} as ours, not yet active", (f"ipf set {set_index} -m {comment}",))
        )
    for slot in range(1, RULES_PER_SET + 1):
        found = have.rules[set_index].get(slot)
        if slot > len(chunk):
            if found is not None and found.in_use:
                steps.append(Step(f"rule {set_index}:{slot} is not needed", (retire_command(set_index, slot),)))
            continue
        rule = chunk[slot - 1]
        if found is None or comparison.differences(found, rule):
            commands = rule_commands(set_index, slot, rule, found)
            steps.append(Step(f"rule {set_index}:{slot} {comparison.text(rule)}", tuple(commands)))
    if head.next_set != next_set:
        what = f"let set {set_index} lead to set {next_set}" if next_set else f"let set {set_index} be the last"
        steps.append(Step(what, (f"ipf set {set_index} -n {next_set}",)))
    return steps


def _switch(have: Snapshot, before: int, target: int, reasons: Sequence[str]) -> Step:
    why = f" ({'; '.join(reasons)})" if reasons else ""
    if before:
        return Step(
            f"activate the new rules: set {before} leads to set {target}{why}",
            (f"ipf set {before} -n {target}",),
            (f"ipf set {before} -n {have.heads[before].next_set}",),
        )
    return Step(
        f"activate the rules: start the data filter at set {target}{why}",
        (f"ipf set -d {target}",),
        (f"ipf set -d {have.start_set}",),
    )


def _refuse_loop(have: Snapshot, following: int) -> None:
    """What follows our chain must not lead back to a set of ours."""
    before, index = 0, following
    seen: set[int] = set()
    while index and index not in seen:
        seen.add(index)
        head = have.heads.get(index)
        if head is None:
            return
        if head.comment in OUR_COMMENTS and index not in have.chain:
            leading = f"filter set {before} leads" if before else "the data filter leads"
            raise HardeningError(
                f"{leading} to set {index}, which is this collection's and must come first. Set the next filter set of "
                "the one before it to another one by hand, then run again. Nothing was written."
            )
        before, index = index, head.next_set


def _retire(have: Snapshot, keep: Sequence[int]) -> list[str]:
    """Commands for sets of ours that are out of use: marked so, their rules too. Nothing leads to them."""
    commands = []
    for index in sorted(have.heads, reverse=True):
        head = have.heads[index]
        if index in keep or head.comment not in OUR_COMMENTS:
            continue
        if head.comment != COMMENT_OFF:
            commands.append(f"ipf set {index} -m {COMMENT_OFF}")
        commands += [retire_command(index, slot) for slot, rule in have.rules.get(index, {}).items() if rule.in_use]
    return commands


# --- saving ----------------------------------------------------------------------------------------------------------


def _finish(plan: FirewallPlan, have: Snapshot, want: Wanted, placement: Placement, state: State) -> None:
    """Mark what is in memory as unsaved, and add what is sent once it is proved."""
    dirty = bool(plan.chain) and have.comment != COMMENT_DONE
    if not plan.steps and not plan.late and not dirty:
        return
    if have.room is None:
        raise MoreSlotsNeeded()  # what is out of use now can only be tidied away when it is known
    first = plan.chain[0] if plan.chain else 0
    if first and have.chain and have.chain[0] == first and have.comment == COMMENT_DONE:
        plan.steps.insert(
            0,
            Step(
                f"mark filter set {first}: not yet saved",
                (f"ipf set {first} -m {COMMENT_DIRTY}",),
                (f"ipf set {first} -m {COMMENT_DONE}",),
            ),
        )
        plan.prepared += 1
    kept_sets = [index for index in have.chain if index in plan.chain]
    tidy = [
        *_retire(have, plan.chain),
        *spare_steps(have, want, placement, kept_sets, keep_others=state is State.MERGED),
    ]
    done = (f"ipf set {first} -m {COMMENT_DONE}",) if first else ()
    late = [command for step in plan.late for command in step.commands]
    plan.save = (*late, COMMIT, *tidy, *done, COMMIT)
