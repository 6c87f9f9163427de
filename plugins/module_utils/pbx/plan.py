# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is going to do, as data: check mode shows the operations exactly as they would be sent. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState, control_results
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import diff_entry
from ansible_collections.voipsec.hardening.plugins.module_utils.nested import mapped
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret, redacted

Json = dict[str, Any]
URGENT = ("BLOCKED NOW", "EMERGENCY CALLS", "STILL OPEN")
"""Beginnings of notes that are shown as warnings too."""


@dataclass(frozen=True)
class Operation:
    """One request that changes something. Secrets in the body are ``Secret`` until they are sent."""

    method: str
    """PATCH, POST or DELETE; GET for a Yeastar's removals."""
    path: str
    body: Mapping[str, Any] | None
    what: str
    """In words, for errors: without any value."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Shown in place of a property that is long or not ours, such as a whole template."""

    def shown(self) -> Json:
        """For the result and check mode: the request with its secrets masked."""
        found: Json = {"request": f"{self.method} {self.path}", "what": self.what}
        if self.body is not None:
            found["body"] = {**redacted(self.body), **self.instead}
        return found


@dataclass
class Control:
    """One declared control: as found, as wanted, and the operations in between."""

    name: str
    before: Any = None
    after: Any = None
    """Plain data for the diff, without secrets."""
    operations: list[Operation] = field(default_factory=list)
    state: ControlState | None = None
    """Only where it is not simply enforced or verified."""
    reason: str = ""
    problems: list[str] = field(default_factory=list)
    """Why the run must not begin: with any, nothing is written."""
    notes: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> ControlState:
        """Enforced where this run changes something, else verified, unless another state was set."""
        return self.state or (ControlState.ENFORCED if self.operations else ControlState.VERIFIED)


@dataclass(frozen=True)
class ControlPlan:
    """All controls of one task, in the order in which they are applied."""

    controls: Sequence[Control]

    @property
    def operations(self) -> list[Operation]:
        """Of all controls, in their order."""
        return [operation for control in self.controls for operation in control.operations]

    @property
    def problems(self) -> list[str]:
        """Of all controls: with any, nothing is written."""
        return [problem for control in self.controls for problem in control.problems]

    def differences(self) -> list[str]:
        """What is left to do, in words."""
        return [operation.what for operation in self.operations]

    def urgent(self) -> Iterator[str]:
        """Notes that are warnings too."""
        return (note for note in self._notes() if note.partition(": ")[2].startswith(URGENT))

    def results(self) -> Json:
        """The part of a module's result that all families share."""
        return {
            **control_results(self.controls),
            "operations": [operation.shown() for operation in self.operations],
            "notes": list(self._notes()),
        }

    def diff(self) -> list[dict[str, str]]:
        """Ansible's diff: one entry for each control that changes."""
        return [diff_entry(each.name, each.before, each.after) for each in self.controls if each.operations]

    def _notes(self) -> Iterator[str]:
        return (f"{control.name}: {note}" for control in self.controls for note in control.notes)


def revealed(value: Any) -> Any:
    """The same structure with every Secret as it is sent."""
    return mapped(value, lambda item, _name: item.reveal() if isinstance(item, Secret) else item)
