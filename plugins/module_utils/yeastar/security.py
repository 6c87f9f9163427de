# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of yeastar_security: what the API can set, in one transaction, and files and a checklist for the rest."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState, control_results
from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.files import replace_file
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.converge import Transaction, converge
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import ControlPlan, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.firmware import Firmware, parse_firmware
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.import_files import files
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.numbers import NumberList
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.outbound import Found, plan_outbound
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.p_client import PSeries, p_series
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.phones import plan_phones
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.security_gather import gather
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.security_spec import (
    ARGUMENT_SPEC,
    REQUIRED_IF,
)

FILE_MODE = 0o644
"""The files hold addresses, no secret."""
S_SERIES_CANNOT = "the S-Series' API does not have it; see the checklist"


def needs_device(params: Mapping[str, Any]) -> bool:
    """An S-Series' API sets none of this, so only the files are written there."""
    return params["series"] == "p"


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, read back; and the files for what has no API."""
    if params["series"] == "s":
        if params["state"] == "gathered":
            raise HardeningError("state: gathered reads a P-Series; an S-Series shows none of this in its API.")
        return _finish(params, context, {"series": "S-Series"}, ControlPlan([]), {"sent": 0, "writing": 0})
    with p_series(params, context) as pbx:
        firmware = parse_firmware(pbx.get("system/information"))
        if params["edition"] and firmware.edition and params["edition"] != firmware.edition:
            raise HardeningError(
                f"pbx.product: {params['edition']!r} is declared, but the PBX runs firmware {firmware.text}, which is "
                f"the {firmware.edition} edition. Nothing was changed."
            )
        if params["state"] == "gathered":
            return Outcome(False, {"pbx": firmware.facts, "gathered": _gathered(gather(pbx, {}))})
        return _converge(params, context, pbx, firmware)


def _converge(params: Params, context: RunContext, pbx: PSeries, firmware: Firmware) -> Outcome:
    state = State(params["state"])
    config: dict[str, Any] = params.get("config") or {}

    def plan(found: Found) -> ControlPlan:
        controls = plan_outbound(found, config, state)
        if state is not State.DELETED:
            controls.append(plan_phones(found.phones, config.get("phones") or (), found.extensions))
        return ControlPlan(controls)

    done = converge(
        Transaction(
            gather=lambda: gather(pbx, config),
            plan=plan,
            settle=plan,
            send=pbx.send,
            page="the PBX's web page",
            # A route can name a PIN list only once the PBX has given it a number.
            first=lambda plan: _pin_lists(plan) or plan.operations,
            second_round=lambda plan, _left: bool(_pin_lists(plan)),
        ),
        check_mode=context.check_mode,
    )
    for note in done.plan.urgent():
        context.warn(note)
    return _finish(params, context, firmware.facts, done.plan, pbx.counts)


def _pin_lists(plan: ControlPlan) -> list[Operation]:
    return [operation for each in plan.controls if each.name == "pin_lists" for operation in each.operations]


def _finish(params: Params, context: RunContext, facts: Json, plan: ControlPlan, counts: dict[str, int]) -> Outcome:
    written, differences = _write_files(params, context)
    by_hand = control_results([ManualControl(each) for each in params["manual_controls"]])
    result: Json = {"pbx": facts, **plan.results(), "files": written, "requests": counts}
    for name in ("controls", "reasons"):
        result[name] |= by_hand[name]
    return Outcome(bool(plan.operations or written), result, [*plan.diff(), *differences])


@dataclass(frozen=True)
class ManualControl:
    """A control that no API can set, as the declaration's compiler gives it."""

    given: Mapping[str, Any]

    @property
    def name(self) -> str:
        """As in the checklist."""
        return str(self.given["control"])

    @property
    def outcome(self) -> ControlState:
        """manual, attested or stale."""
        return ControlState(self.given["state"])

    @property
    def reason(self) -> str:
        """Why, and what protects the site meanwhile."""
        return f"{self.given['reason']}; meanwhile {self.given['behind']}"


def _write_files(params: Params, context: RunContext) -> tuple[list[str], list[Mapping[str, Any]]]:
    """Names of the files that were not as they must be, and their difference."""
    directory = params.get("directory")
    if not directory or not params["manual_controls"] or params["state"] == "deleted":
        return [], []
    try:
        names = os.listdir(directory) if os.path.isdir(directory) else []
        before = {}
        for name in names:
            path = os.path.join(directory, name)
            if os.path.isfile(path) and name.endswith((".csv", ".md")):
                before[name] = Path(path).read_bytes().decode()
        today = datetime.date.today().isoformat()
        wanted = files(params["manual_controls"], params["site"], today, before)
        changed = sorted(name for name, text in wanted.items() if before.get(name) != text)
        if changed and not context.check_mode:
            os.makedirs(directory, exist_ok=True)
            for name in changed:
                replace_file(os.path.join(directory, name), wanted[name].encode(), FILE_MODE)
    except UnicodeDecodeError:
        raise HardeningError(
            f"directory: {directory} holds {name}, which is no text; give a folder of its own."
        ) from None
    except OSError as error:
        raise HardeningError(f"directory: {directory} cannot be written: {error.strerror}.") from None
    return changed, [
        {
            "before_header": name,
            "after_header": name,
            "before": before.get(name, ""),
            "after": wanted[name],
        }
        for name in changed
    ]


def _gathered(found: Found) -> Json:
    return {
        "outbound_routes": [
            {
                "name": route.name,
                "position": route.position,
                "patterns": [row.pattern for row in route.patterns],
                "open_to": sorted(each.name or str(each.key) for each in route.members),
                "pin_protect": route.pin_protect,
            }
            for route in found.routes
        ],
        "blocked_numbers": [_list(each) for each in found.blocked],
        "allowed_numbers": [_list(each) for each in found.allowed],
        "pin_lists": [{"name": each.name, "pins": len(each.pins)} for each in found.pin_lists],
        "trunks": sorted(found.trunks),
        "groups": sorted(found.groups),
    }


def _list(each: NumberList) -> Json:
    return {"name": each.name, "direction": each.direction, "numbers": list(each.numbers)}


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=needs_device, required_if=REQUIRED_IF)
