# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a control and its reason, in the one form that every family's result has."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any, Protocol


class ControlState(str, enum.Enum):
    """What is known of one control after a run."""

    ENFORCED = "enforced"
    """Changed by this run and verified."""
    VERIFIED = "verified"
    """Read, and already correct."""
    ATTESTED = "attested"
    """Set, by this collection or by hand; the device does not show its effect."""
    MANUAL = "manual"
    """Has to be set by hand: the device offers no interface for it."""
    STALE = "stale"
    """Confirmed by hand once; the confirmation has ended or is for other settings."""
    UNSUPPORTED = "unsupported"
    """This device or release does not have it."""


class Judged(Protocol):
    """A control whose state is known."""

    @property
    def name(self) -> str:
        """As in the module's documentation."""

    @property
    def outcome(self) -> ControlState:
        """Its state."""

    @property
    def reason(self) -> str:
        """Why, where that is not obvious; empty elsewhere."""


def control_results(controls: Iterable[Judged]) -> dict[str, Any]:
    """``controls`` (name -> state) and ``reasons`` (name -> text) of a module's result."""
    judged = list(controls)
    return {
        "controls": {each.name: each.outcome.value for each in judged},
        "reasons": {each.name: each.reason for each in judged if each.reason},
    }
