# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run means to do, as data: operations that are shown in check mode exactly as they would be sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.nested import mapped
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret, redacted

Json = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One request that changes something. Secrets in the body are ``Secret`` until they are sent."""

    method: str
    """PATCH, POST or DELETE."""
    path: str
    body: Mapping[str, Any] | None
    what: str
    """In words, for errors: no value in it."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """What is shown in place of a property that is long or not ours, such as a whole template."""

    def shown(self) -> Json:
        """For the result and the check mode: the request with its secrets masked."""
        found: Json = {"request": f"{self.method} {self.path}", "what": self.what}
        if self.body is not None:
            found["body"] = {**redacted(self.body), **self.instead}
        return found


@dataclass
class Control:
    """One thing that is declared, as found and as it shall be."""

    name: str
    before: Any = None
    after: Any = None
    """Plain data for the diff, without secrets."""
    operations: list[Operation] = field(default_factory=list)
    state: str = ""
    """Set where it is not simply enforced or verified: attested, manual, unsupported."""
    reason: str = ""
    problems: list[str] = field(default_factory=list)
    """Why the run must not begin: nothing is written if there is any."""
    notes: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """enforced (by this run), verified (found right), or the state that was set."""
        return self.state or ("enforced" if self.operations else "verified")


def revealed(value: Any) -> Any:
    """The same structure with every Secret as it goes over the wire."""
    return mapped(value, lambda item, _name: item.reveal() if isinstance(item, Secret) else item)
