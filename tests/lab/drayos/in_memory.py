# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated router without network: for tests that plan, send and look, many times a second."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .device import Device
from .faults import Faults
from .fixtures import factory_state
from .journal import Journal
from .profiles import PROFILES
from .state import State


class InMemoryVigor:
    """``run`` is what a session's run is. ``habits``: what the reference leaves open (faults.py)."""

    def __init__(self, profile: str = "vigor2927", state: State | None = None, **habits: Any) -> None:
        begin = factory_state(profile) if state is None else state
        self.device = Device(PROFILES[profile], begin, Faults.from_dict(habits), Journal(), "unused", (), ())
        self.typed: list[str] = []

    @property
    def state(self) -> State:
        """The configuration in memory."""
        return self.device.state

    def run(self, command: str) -> str:
        """One command and its answer. A command against the grammar fails the test."""
        self.typed.append(command)
        answer = "\n".join(self.device.execute(command).lines)
        assert "invalid" not in answer.lower(), f"{command}: {answer}"
        return answer

    def run_all(self, commands: Iterable[str]) -> None:
        """One after the other."""
        for command in commands:
            self.run(command)

    def carry_out(self, plan: Any) -> None:
        """A plan's steps and what is sent once they are proved."""
        for step in plan.steps:
            self.run_all(step.commands)
        self.run_all(plan.save)
