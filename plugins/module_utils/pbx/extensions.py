# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for a PBX's extensions, and the result of carrying it out, in one form for all PBX families. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import diff_entry
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json, Operation

NEVER, ON_CREATE, ALWAYS = "never", "on_create", "always"
"""When a secret that cannot be read back is sent."""


@dataclass(frozen=True)
class ExtensionChange:
    """The one request that changes an extension."""

    number: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    """For the diff, secrets masked."""
    operation: Operation
    created: bool = False
    secrets: tuple[str, ...] = ()
    """Names of the secrets that an existing extension gets."""


class OnPbx(Protocol):
    """An extension as a PBX has it."""

    @property
    def registered(self) -> bool:
        """Whether its phone is registered now."""


WantedT = TypeVar("WantedT")


@dataclass
class ExtensionPlan(Generic[WantedT]):
    """Everything that one run is going to do with extensions."""

    wants: dict[str, WantedT] = field(default_factory=dict)
    """Declared extensions, by number."""
    changes: list[ExtensionChange] = field(default_factory=list)
    guard: list[Operation] = field(default_factory=list)
    """Sent first: what keeps the site's own addresses from being blocked meanwhile."""
    lacking: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """What the PBX cannot set: option -> reason -> numbers."""
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def operations(self) -> list[Operation]:
        """In the order of the declaration."""
        return [*self.guard, *(change.operation for change in self.changes)]

    def differences(self) -> list[str]:
        """Each extension with the properties that are left to change."""
        return [f"{change.number}: {', '.join(sorted(change.after))}" for change in self.changes]

    def want(self, number: str, wanted: WantedT, lacking: Mapping[str, str]) -> None:
        """Add a declared extension, and what this PBX cannot set of it: option -> reason."""
        self.wants[number] = wanted
        for option, reason in lacking.items():
            self.lacking.setdefault(option, {}).setdefault(reason, []).append(number)

    def lacking_notes(self) -> list[str]:
        """What the PBX cannot set, in words."""
        return [
            f"{option} is not set: {reason}: {', '.join(numbers)}"
            for option, reasons in self.lacking.items()
            for reason, numbers in reasons.items()
        ]

    @property
    def rotated(self) -> list[str]:
        """Existing extensions whose credentials change."""
        return [change.number for change in self.changes if change.secrets]

    def results(self, before: Mapping[str, OnPbx], sent: Sequence[Operation], in_force: Iterable[str]) -> Json:
        """The part of a module's result that all families share. ``in_force``: numbers whose wanted secrets the PBX
        has."""
        changed = {change.number for change in self.changes}
        return {
            "created": [change.number for change in self.changes if change.created],
            "updated": [change.number for change in self.changes if not change.created],
            "unchanged": sorted(set(self.wants) - changed),
            "credentials_changed": self.rotated,
            "in_force": sorted(in_force),
            "registered_before": sorted(number for number, each in before.items() if each.registered),
            "undeclared": sorted(set(before) - set(self.wants)),
            "operations": [operation.shown() for operation in sent],
        }

    def diff(self) -> list[dict[str, str]]:
        """Ansible's diff: one entry for each request."""
        entries = [diff_entry(f"extension {each.number}", each.before, each.after) for each in self.changes]
        return [*entries, *(diff_entry(operation.what, {}, dict(operation.body or {})) for operation in self.guard)]


def number_problems(entries: Sequence[Mapping[str, Any]], most_digits: int | None = None) -> list[str]:
    """What is wrong with the numbers of the option ``extensions``."""
    problems = []
    seen = set()
    wanted = f"1 to {most_digits} digits" if most_digits else "digits"
    for position, number in enumerate(entry["number"] for entry in entries):
        where = f"extensions[{position}].number: {number!r}"
        if not (number.isascii() and number.isdigit()) or (most_digits and len(number) > most_digits):
            problems.append(f"{where} is not {wanted}, such as '201'.")
        if number in seen:
            problems.append(f"{where} is listed twice.")
        seen.add(number)
    return problems
