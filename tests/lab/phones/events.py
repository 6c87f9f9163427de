# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running phone did, one fact after the other, so that tests wait for facts. Holds no secrets."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Event = dict[str, Any]


class EventLog:
    """``events.wait("fetched", updated=True)``. With a file, each fact is a line of JSON in it as well."""

    def __init__(self, file: Path | str | None = None) -> None:
        self._file = Path(file) if file else None
        self._events: list[Event] = []
        self._news = threading.Condition()

    def add(self, kind: str, **facts: Any) -> None:
        """One more."""
        event = {"time": time.time(), "event": kind, **facts}
        with self._news:
            self._events.append(event)
            if self._file:
                with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as handle:
                    handle.write(json.dumps(event) + "\n")
            self._news.notify_all()

    def find(self, kind: str, **facts: Any) -> list[Event]:
        """Those of a kind that say these things."""
        with self._news:
            return matching(self._events, kind, **facts)

    def wait(self, kind: str, within: float = 60.0, count: int = 1, **facts: Any) -> Event:
        """The `count`-th such event, as soon as there is one."""
        with self._news:
            if not self._news.wait_for(lambda: len(matching(self._events, kind, **facts)) >= count, within):
                raise TimeoutError(f"no {_wanted(kind, count, facts)} within {within} s: {self._events[-12:]}")
            return matching(self._events, kind, **facts)[count - 1]


def read(file: Path, start: int = 0) -> list[Event]:
    """What another process has written so far, from the `start`-th event on."""
    if not file.exists():
        return []
    # A line without its end is still being written.
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in lines[start:]]


def wait_for(
    file: Path,
    kind: str,
    *,
    start: int = 0,
    within: float = 60.0,
    alive: Callable[[], bool] = lambda: True,
    **facts: Any,
) -> Event:
    """The first such event from the `start`-th on, as soon as another process has written it."""
    until = time.monotonic() + within
    while time.monotonic() < until and alive():
        found = matching(read(file, start), kind, **facts)
        if found:
            return found[0]
        time.sleep(0.02)
    raise TimeoutError(f"no {_wanted(kind, 1, facts)} within {within} s in {file}: {read(file, start)[-12:]}")


def matching(events: list[Event], kind: str, **facts: Any) -> list[Event]:
    """Those of a kind that say these things."""
    return [
        event
        for event in events
        if event["event"] == kind and all(event.get(name) == value for name, value in facts.items())
    ]


def _wanted(kind: str, count: int, facts: dict[str, Any]) -> str:
    return f"{count} x {kind} {facts}" if count > 1 else f"{kind} {facts}"
