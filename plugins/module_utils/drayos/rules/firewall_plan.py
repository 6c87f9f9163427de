# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan for the firewall is."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.exposures import Exposure
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.steps import Plan, Step


@dataclass
class FirewallPlan(Plan):
    """A plan, and what it means for the filter."""

    chain: list[int] = field(default_factory=list)
    """Our sets afterwards, in order."""
    tail: int = 0
    """The set that follows them."""
    unknown: tuple[Exposure, ...] = ()
    """Ways in to watched ports that nobody declared, and that stay."""
    rules_changed: bool = False
    """Whether packets meet other rules afterwards."""
    late: list[Step] = field(default_factory=list)
    """Sent after the proof, because what was there before cannot be read and so not be put back."""
    unsupported: list[str] = field(default_factory=list)
    """What this router cannot do, each with the reason."""
