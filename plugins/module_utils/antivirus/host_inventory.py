# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of antivirus_inventory: the host as it is, against the inventory that was accepted."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.collect import collect
from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.inventory import (
    CATEGORIES,
    compare,
    read_accepted,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)

ARGUMENT_SPEC: dict[str, Any] = {
    "accepted_file": {"type": "path"},
    "accepted": {"type": "dict"},
    "ignored": {"type": "list", "elements": "str", "default": []},
}


def prepare(params: Params, _context: RunContext) -> Params:
    """On the controller: the file there becomes the value."""
    path = params["accepted_file"]
    if not path or params["accepted"] is not None or not os.path.exists(path):
        return {**params, "accepted_file": None}
    try:
        value = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HardeningError(f"accepted_file: {path} cannot be read: {error}.") from None
    return {**params, "accepted_file": None, "accepted": value}


def run(params: Params, _context: RunContext) -> Outcome:
    """Look, and compare."""
    accepted = None if params["accepted"] is None else read_accepted(params["accepted"])
    found = collect()
    counted = ", ".join(f"{len(found[category])} {category}" for category in CATEGORIES)
    if accepted is None:
        lines = [f"no inventory has been accepted yet, so nothing was compared; found: {counted}"]
        return Outcome(False, {"inventory": found, "accepted": False, "differences": [], "events": [], "lines": lines})
    differences = compare(accepted, found, params["ignored"])
    lines = [item.line for item in differences] or [f"as accepted: {counted}"]
    entries = [
        {"category": item.category, "change": item.change, "name": item.name, "id": item.id, "line": item.line}
        for item in differences
    ]
    events = [{"event": "difference", "severity": "warning", **entry} for entry in entries]
    return Outcome(
        False, {"inventory": found, "accepted": True, "differences": entries, "events": events, "lines": lines}
    )


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, on_target=True)
