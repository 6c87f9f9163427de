# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every event of a simulated router, in memory and as JSON lines."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The arguments of these hold secrets; the event log shows only that they were used.
_SECRET = re.compile(r"^\s*(sys\s+passwd|sys\s+adminuser\s+edit|mngt\s+snmp|sys\s+mailalert)\b.+", re.IGNORECASE)


def masked(command: str) -> str:
    return _SECRET.sub(lambda found: found.group(1) + " ********", command)


@dataclass
class Counters:
    logins: int = 0
    failed_logins: int = 0
    commands: int = 0
    writes: int = 0
    commits: int = 0
    reboots: int = 0


@dataclass
class Journal:
    """Events are dictionaries with ``seq``, ``time`` and ``event``; the rest depends on the event."""

    path: Path | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0

    def __post_init__(self) -> None:
        self._file = self.path.open("a", buffering=1) if self.path else None

    def add(self, event: str, **details: Any) -> dict[str, Any]:
        self.seq += 1
        entry = {"seq": self.seq, "time": round(time.time(), 6), "event": event, **details}
        self.events.append(entry)
        if self._file:
            self._file.write(json.dumps(entry) + "\n")
        return entry

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(list(self.events))

    def of(self, event: str) -> list[dict[str, Any]]:
        return [entry for entry in self if entry["event"] == event]

    def commands(self, kind: str = "") -> list[str]:
        """The commands received, oldest first; ``kind`` read, write, commit, reboot, session or unknown."""
        return [entry["text"] for entry in self.of("command") if kind in ("", entry["class"])]
