# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of threecx_security: one PBX's whole security configuration in one transaction."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import diff_entry
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import console
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.apply import apply
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection, connected
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.outbound import is_move
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.security_gather import (
    ALL,
    Found,
    controls_of,
    gather,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.security_plan import plan_security
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.security_spec import (
    ARGUMENT_SPEC,
    REQUIRED_IF,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.shown import gathered

ALWAYS = "always"
URGENT = ("BLOCKED NOW", "EMERGENCY CALLS")
"""Beginnings of notes that are shown as warnings too."""


def prepare(params: Params, context: RunContext) -> Params:
    """On the controller: the certificate's files are there, wherever the core runs."""
    files = (params.get("config") or {}).get("secure_sip")
    if not files or params.get("secure_sip_material"):
        return params
    texts = {}
    for option in ("certificate", "private_key"):
        try:
            texts[option] = Path(files[option]).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not a PEM text"
            raise HardeningError(f"secure_sip.{option}: {files[option]} cannot be read: {reason}.") from None
    context.masker.add(texts["private_key"])
    return {**params, "secure_sip_material": json.dumps(texts)}


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, log in anew, read back."""
    with connected(params, context) as connection:
        if params["state"] == "gathered":
            found = gather(connection, list(ALL), [])
            return Outcome(False, {"pbx": {"release": str(found.release)}, "gathered": gathered(found)})
        return _converge(params, context, connection)


def _converge(params: Params, context: RunContext, connection: Connection) -> Outcome:
    state = State(params["state"])
    config: dict[str, Any] = params.get("config") or {}
    material = _material(params)
    if material:
        context.masker.add(material[1])
    about = controls_of(config, removing=state is State.DELETED)
    templates = list((config.get("phone_templates") or {}).get("ids") or ())
    now = datetime.datetime.now(datetime.UTC)

    def look(*, always: bool) -> tuple[Found, list[Control]]:
        found = gather(connection, about, templates)
        return found, plan_security(found, config, state, now, material=material, always=always)

    found, controls = look(always=params["update_password"] == ALWAYS)
    problems = [problem for control in controls for problem in control.problems]
    if problems:
        raise HardeningError("\n".join(problems))
    operations = _operations(controls)
    if operations and not context.check_mode:
        apply(connection, operations)
        # A rule that was made stands last until it is moved: its number is known only now.
        left = _operations(look(always=False)[1])
        if left and all(is_move(operation) for operation in left):
            apply(connection, left)
            left = _operations(look(always=False)[1])
        _prove_login(connection, found, operations)
        if left:
            raise HardeningError(
                "the PBX took the changes, and reads differently afterwards: "
                + "; ".join(operation.what for operation in left)
                + ". Look there in the Admin Console.",
                not_kept=[operation.shown() for operation in left],
            )
    for control in controls:
        for note in control.notes:
            if note.startswith(URGENT):
                context.warn(f"{control.name}: {note}")
    return Outcome(bool(operations), _result(connection, found, controls, params), _diff(controls))


def _prove_login(connection: Connection, found: Found, operations: list[Operation]) -> None:
    """A second login must work before the first session ends; otherwise what could shut it out is taken back."""
    try:
        connection.fresh_login()
    except HardeningError as error:
        undone = inverse(found, operations)
        try:
            apply(connection, undone)
        except HardeningError as failure:
            raise HardeningError(
                f"a fresh login failed after the changes ({error.message}) and what could have caused it was not taken "
                f"back: {failure.message}"
            ) from None
        what = "; ".join(operation.what for operation in undone) or "nothing that was sent could have caused it"
        raise HardeningError(
            f"a fresh login failed after the changes ({error.message}) Taken back: {what}.",
            taken_back=[operation.shown() for operation in undone],
        ) from None


def inverse(found: Found, operations: list[Operation]) -> list[Operation]:
    """What brings back the way in as it was found: the console's list. No declared address is ever blocked."""
    if not any(operation.path == console.PATH for operation in operations):
        return []
    have = found.singletons["console"]
    before = {
        "AccessRestricted": bool(have.get("AccessRestricted")),
        "IpWhitelist": list(have.get("IpWhitelist") or ()),
    }
    return [Operation("PATCH", console.PATH, before, "opening the Admin Console as it was")]


def _operations(controls: list[Control]) -> list[Operation]:
    return [operation for control in controls for operation in control.operations]


def _material(params: Params) -> tuple[str, Secret] | None:
    if not params.get("secure_sip_material"):
        return None
    texts = json.loads(params["secure_sip_material"])
    return texts["certificate"], Secret(texts["private_key"])


def _result(connection: Connection, found: Found, controls: list[Control], params: Params) -> dict[str, Any]:
    outcomes = {control.name: control.outcome for control in controls}
    return {
        "pbx": {"release": str(found.release)},
        "controls": outcomes,
        "reasons": {control.name: control.reason for control in controls if control.reason},
        "operations": [operation.shown() for operation in _operations(controls)],
        "notes": [f"{control.name}: {note}" for control in controls for note in control.notes],
        "requests": {"sent": connection.requests, "writing": connection.writes},
        **({"removed_only": True} if params["state"] == "deleted" else {}),
    }


def _diff(controls: list[Control]) -> list[dict[str, str]]:
    return [diff_entry(control.name, control.before, control.after) for control in controls if control.operations]


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, needs_device=always_needed, required_if=REQUIRED_IF)
