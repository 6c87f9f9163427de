# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads as much of a router as a plan needs, and plans."""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.placement import MoreSlotsNeeded
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.firewall_plan import FirewallPlan
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.found import merged
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import (
    Snapshot,
    gather,
    read_more_slots,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.plan import plan_absent, plan_present
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted, room_problems
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import Run
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State

MAX_READS = 10
"""How often more is read for one plan: once for filter sets, once for each kind of profile, and a few to spare."""


def plan_firewall(
    run: Run, dialect: Dialect, wanted: Wanted, state: State = State.REPLACED, *, dos_always: bool = False
) -> tuple[Snapshot, FirewallPlan]:
    """What the router has, and what brings it to ``wanted``. Reads only; raises HardeningError where it cannot be done.

    ``dos_always`` sends again what the router does not show, whatever was sent before.
    """
    too_many = room_problems(wanted, dialect)
    if too_many:
        raise HardeningError("\n".join(too_many))
    have = gather(run, dialect, None if state in (State.DELETED, State.MERGED) else wanted)
    if state is State.MERGED:
        wanted = merged(have, wanted, dialect)
    for _attempt in range(MAX_READS):
        try:
            if state is State.DELETED:
                return have, plan_absent(have)
            return have, plan_present(have, wanted, dialect, state, dos_always=dos_always)
        except MoreSlotsNeeded as needed:
            read_more_slots(run, have, needed.slots, needed.sets)
    raise HardeningError("could not determine the router's free filter sets and slots. Nothing was written.")
