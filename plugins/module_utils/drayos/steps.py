# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What will be sent to a router, as data: the same plan is shown in check mode, sent, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

COMMIT = "sys commit"
"""Writes memory to flash; nothing else does (draytek.md 1)."""


@dataclass(frozen=True)
class Step:
    """Commands that belong together, what they do in the user's words, and how they are taken back."""

    what: str
    commands: tuple[str, ...]
    undo: tuple[str, ...] = ()
    readable: bool = True
    """Whether the router shows afterwards that it was done."""
    kept: str = ""
    """What stays when everything else is taken back, because what was there before cannot be read."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """Commands that hold a secret, and what is shown in their place."""


@dataclass
class Plan:
    """Empty ``steps`` and no ``save`` mean that the router is as declared and saved."""

    steps: list[Step] = field(default_factory=list)
    save: tuple[str, ...] = ()
    """Sent after the proof; ends with ``sys commit``."""
    notes: list[str] = field(default_factory=list)
    """What the user should know besides."""
    prepared: int = 0
    """So many steps at the beginning change nothing that is in force; they are read back before the others are sent."""

    @property
    def changed(self) -> bool:
        """Anything at all to send."""
        return bool(self.steps or self.save)

    @property
    def commands(self) -> list[str]:
        """Every command in the order of sending, secrets replaced."""
        return [step.shown.get(command, command) for step in self.steps for command in step.commands] + list(self.save)
