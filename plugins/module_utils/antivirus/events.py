# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of antivirus_events: new and ended events go into a file, continuing ones do not."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)

KINDS = ("difference", "found", "not_scanned")
ENDED = "ended"
ARGUMENT_SPEC: dict[str, Any] = {
    "events_file": {"type": "path", "required": True},
    "host": {"type": "str", "required": True},
    "events": {"type": "list", "elements": "dict", "required": True},
    "looked_for": {"type": "list", "elements": "str", "choices": list(KINDS), "required": True},
}
Event = dict[str, Any]


def read_history(text: str, path: str) -> list[Event]:
    """The events of a file, oldest first. Raises HardeningError: without them everything would look new, or old."""
    history = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict) or not all(isinstance(event.get(key), str) for key in ("event", "id", "host")):
            raise HardeningError(
                f"events_file: {path}, line {number}, is not an event of this module (event, id and host). "
                "Remove the line, or name another file."
            )
        history.append(event)
    return history


def to_tell(history: Sequence[Event], host: str, now: Sequence[Event], looked_for: Collection[str]) -> list[Event]:
    """New events (not recorded since they last ended), then the ends of those that are gone.

    An event of a kind that was not looked for has not ended.
    """
    last = {event["id"]: event for event in history if event["host"] == host}
    goes_on = {name: event for name, event in last.items() if event["event"] != ENDED}
    there = {event["id"]: event for event in now}
    started = [event for name, event in there.items() if name not in goes_on]
    return started + [
        {"event": ENDED, "severity": "notice", "id": name, "line": f"no longer: {event.get('line', event['event'])}"}
        for name, event in goes_on.items()
        if name not in there and event["event"] in looked_for
    ]


def run(params: Params, context: RunContext) -> Outcome:
    """On the controller, where the file is."""
    path = Path(params["events_file"])
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, ValueError) as error:
        raise HardeningError(f"events_file: {path} cannot be read: {error}.") from None
    told = to_tell(read_history(text, str(path)), params["host"], params["events"], params["looked_for"])
    stamp = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "host": params["host"],
        "product": "off_host",
    }
    lines = "".join(json.dumps({**stamp, **event}) + "\n" for event in told)
    if lines and not context.check_mode:
        append(path, lines if not text or text.endswith("\n") else f"\n{lines}")
    critical = sum(event["severity"] == "critical" for event in told)
    if critical:
        context.warn(f"Malware was found for {params['host']}: {critical} new in {path}. No mail is sent.")
    diff = [{"before": "", "after": lines, "after_header": str(path)}] if lines else []
    return Outcome(bool(told), {"told": told}, diff)


def append(path: Path, lines: str) -> None:
    """In one go: runs for other hosts may write to the same file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123
            file.write(lines.encode())
    except OSError as error:
        raise HardeningError(f"events_file: {path} cannot be written: {error.strerror}.") from None


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, controller_only=True)
