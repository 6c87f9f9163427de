# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How every change reaches a PBX: gather, plan, refuse, apply, read back. One engine for all PBX families.

A family supplies functions that read and plan, and learns what came of it; it never sends by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Operation

MAX_DIFFERENCES = 20
"""Listed in one message."""


class AnyPlan(Protocol):
    """What a family's planner returns."""

    @property
    def operations(self) -> list[Operation]:
        """In the order in which they are sent."""

    @property
    def problems(self) -> list[str]:
        """Why nothing must be sent; in the user's words."""

    def differences(self) -> list[str]:
        """What the operations would change, one short text each."""


FoundT = TypeVar("FoundT")
PlanT = TypeVar("PlanT", bound=AnyPlan)


def _all_at_once(plan: AnyPlan) -> list[Operation]:
    return plan.operations


def _no_second_round(_plan: AnyPlan, _left: AnyPlan) -> bool:
    return False


def _nothing_to_prove(_found: Any, _operations: Sequence[Operation]) -> None:
    return None


@dataclass(frozen=True)
class Transaction(Generic[FoundT, PlanT]):
    """One task's whole transaction with one PBX, as functions."""

    gather: Callable[[], FoundT]
    plan: Callable[[FoundT], PlanT]
    """The first plan, which may send again what cannot be read."""
    settle: Callable[[FoundT], PlanT]
    """The plan for what is read back: only what can be read counts."""
    send: Callable[[Operation], Any]
    page: str
    """Where a person looks when the PBX does not keep a change."""
    first: Callable[[PlanT], list[Operation]] = _all_at_once
    """What is sent before the PBX is read again."""
    second_round: Callable[[PlanT, PlanT], bool] = _no_second_round
    """Whether what is left after the first round, (first plan, plan of what was read back), is expected and sent, once:
    a PBX gives some things a number or a place only when it makes them."""
    prove: Callable[[FoundT, Sequence[Operation]], None] = _nothing_to_prove
    """Called with what was found first and the planned operations, once all is sent: raises HardeningError."""


@dataclass(frozen=True)
class Converged(Generic[FoundT, PlanT]):
    """What came of a transaction."""

    before: FoundT
    after: FoundT
    """As read back; as ``before`` where nothing was sent."""
    plan: PlanT
    """The first plan."""
    settled: PlanT
    """The plan of what was read back; the first one where nothing was sent."""
    sent: list[Operation]
    """In order, both rounds; in check mode what would be sent first."""


def converge(work: Transaction[FoundT, PlanT], *, check_mode: bool) -> Converged[FoundT, PlanT]:
    """Bring the PBX to what is declared. Raises HardeningError: nothing sent (problems), sent in part (a refusal), or
    all sent and not kept."""
    before = work.gather()
    plan = work.plan(before)
    _refuse(plan)
    if check_mode or not plan.operations:
        return Converged(before, before, plan, plan, plan.operations)
    sent = list(work.first(plan))
    apply_all(work.send, sent)
    after = work.gather()
    left = work.settle(after)
    if left.operations and work.second_round(plan, left):
        _refuse(left)
        apply_all(work.send, left.operations)
        sent += left.operations
        after = work.gather()
        left = work.settle(after)
    work.prove(before, plan.operations)
    _refuse(left)
    if left.operations:
        raise HardeningError(
            "the PBX accepted the changes, but reads differently afterwards: "
            f"{'; '.join(left.differences()[:MAX_DIFFERENCES])}. Check {work.page}.",
            not_kept=[operation.shown() for operation in left.operations],
        )
    return Converged(before, after, plan, left, sent)


def apply_all(send: Callable[[Operation], Any], operations: Sequence[Operation]) -> None:
    """Send the operations in their order. A failure says how far it came: every one that was made makes the PBX
    stricter or lets a declared peer in, so they stay."""
    for position, operation in enumerate(operations):
        try:
            send(operation)
        except HardeningError as error:
            raise HardeningError(
                f"{error.message} {position} of {len(operations)} changes were made and stay; run again to continue.",
                applied=[each.shown() for each in operations[:position]],
                failed=operation.shown(),
            ) from None


def _refuse(plan: AnyPlan) -> None:
    if plan.problems:
        raise HardeningError("\n".join(plan.problems))
