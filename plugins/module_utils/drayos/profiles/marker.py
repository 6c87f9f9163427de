# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that a router takes but does not show again: remembered on the router itself.

Many commands have no documented view (draytek.md annex "Read-back"). So that a second run need not send them again,
the digest of what was last sent is kept as the name of an IPv6 object profile that nothing refers to. It lives and
dies with the settings: a factory reset, a restored backup or a restart without ``sys commit`` takes both away. It says
what was sent, not what is in force; such a control is "attested", never "verified".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import MARK_PREFIX
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import parse_ipv6_object
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.steps import Step
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import Run, parsed

FIREWALL, SYSTEM = "d", "s"
"""Whose mark it is: draytek_firewall's (DoS defence) or draytek_system's."""
FIRST_SLOT = 32
"""Marks are looked for from here downwards: objects in use stand from 1 upwards, or, if ours, from 64 downwards."""
EMPTY_RUN = 3


@dataclass(frozen=True)
class Mark:
    """Where a mark stands, or would: ``index`` is 0 where no slot is free."""

    index: int
    name: str
    """Empty where there is none yet."""


def mark_name(kind: str, commands: Sequence[str]) -> str:
    """The mark of these commands: one token of 14 characters. Secrets must have been left out."""
    digest = hashlib.sha256("\n".join(commands).encode()).hexdigest()
    return f"{MARK_PREFIX}{kind}{digest[:8]}"


def read_mark(run: Run, kind: str) -> Mark:
    """Find this kind's mark, else a free slot for it."""
    free, empty = 0, 0
    for index in range(FIRST_SLOT, 0, -1):
        found = parsed(run, f"object ipv6 obj {index} -v", parse_ipv6_object)
        if found.name.startswith(f"{MARK_PREFIX}{kind}"):
            return Mark(index, found.name)
        empty = empty + 1 if found.blank else 0
        free = free or (index if found.blank else 0)
        if empty >= EMPTY_RUN:
            break
    return Mark(free, "")


def mark_command(mark: Mark, name: str) -> str:
    """Gives the mark's slot its new name."""
    return f"object ipv6 obj {mark.index} -n {name}"


def remembered(mark: Mark, kind: str, settings: Step, name: str) -> list[Step]:
    """The settings between two marks. The old mark goes first: whatever happens then, a run that is cut or taken back
    leaves no mark that speaks of settings which are no longer those in memory."""
    unset = f"{MARK_PREFIX}{kind}0"
    if not mark.index:
        return [settings]
    steps = []
    if mark.name not in ("", unset):
        steps.append(Step("forget what was set before", (mark_command(mark, unset),)))
    steps.append(settings)
    what = "remember what was set, because the router does not show it"
    return [*steps, Step(what, (mark_command(mark, name),), (mark_command(mark, unset),))]
