# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones are watched until they have registered anew. One engine for all PBX families."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

WATCH_OPTIONS: dict[str, Any] = {
    "phones": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {"number": {"type": "str", "required": True}, "mac": {"type": "str"}},
    },
    "expected": {"type": "list", "elements": "str", "default": []},
    "wait": {"type": "int", "default": 300},
    "binding_lifetime": {"type": "float", "default": 180.0},
    "poll": {"type": "float", "default": 3.0},
}
"""Options of every module that notifies phones of new credentials and watches them register."""
OTHERS_WAIT = 60.0
"""Seconds for phones that need not come back: they were not registered before either."""


@dataclass
class Watch:
    """Which extensions have been seen to register anew. Pure: it is told what was seen and when.

    Whether a registration made with the old credentials stays in the PBX until it runs out is not documented. So
    'registered' counts once 'not registered' has been seen, or when it is still there after its longest lifetime.
    """

    waiting_for: frozenset[str]
    needed: frozenset[str]
    """Those of them without which the run fails; the others may be switched off."""
    lifetime: float
    """Seconds for which an old registration may live on."""
    gone: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)

    def saw(self, registered: Collection[str], elapsed: float) -> None:
        """One look at the PBX, this many seconds after the phones were told."""
        for number in self.waiting_for:
            if number not in registered:
                self.gone.add(number)
                self.back.discard(number)
            elif number in self.gone or elapsed > self.lifetime:
                self.back.add(number)

    @property
    def missing(self) -> list[str]:
        """Who is needed and has not been seen yet."""
        return sorted(self.needed - self.back)

    def require(self, wait: float, notes: Sequence[str]) -> None:
        """Raise HardeningError unless everybody who is needed came back."""
        if self.missing:
            raise HardeningError(
                f"not registered again within {wait} seconds: {', '.join(self.missing)}. Their credentials are not "
                "confirmed, the ones before are kept. Are these phones on, and can they reach their provisioning "
                "server?",
                unregistered=self.missing,
                registered=sorted(self.back),
                notes=list(notes),
            )

    def over(self, elapsed: float, wait: float) -> bool:
        """Whether there is nothing left to wait for."""
        if elapsed > wait or self.waiting_for <= self.back:
            return True
        # Who is registered since before the phones were told may still be, with what it had; that runs out.
        unproved = self.waiting_for - self.back - self.gone
        return not self.missing and elapsed > (self.lifetime if unproved else min(OTHERS_WAIT, self.lifetime))


def look_until_over(
    watch: Watch,
    registered: Callable[[], Collection[str]],
    *,
    wait: float,
    poll: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Look again and again; ``registered`` asks the PBX which of the extensions are registered now."""
    begun = clock()
    if not watch.waiting_for:
        return
    while True:
        elapsed = clock() - begun
        watch.saw(registered(), elapsed)
        if watch.over(elapsed, wait):
            return
        pause(poll)
