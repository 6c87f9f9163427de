# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of threecx_security: one PBX's whole security configuration in one transaction."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.converge import Transaction, apply_all, converge
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import ControlPlan, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import console
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

    def plan(found: Found, *, always: bool = False) -> ControlPlan:
        return ControlPlan(plan_security(found, config, state, now, material=material, always=always))

    done = converge(
        Transaction(
            gather=lambda: gather(connection, about, templates),
            plan=functools.partial(plan, always=params["update_password"] == ALWAYS),
            settle=plan,
            send=connection.send,
            page="the Admin Console",
            # A new rule comes last until it is moved: its number is known only now.
            second_round=lambda _plan, left: all(is_move(operation) for operation in left.operations),
            prove=functools.partial(_prove_login, connection),
        ),
        check_mode=context.check_mode,
    )
    for note in done.plan.urgent():
        context.warn(note)
    result = {
        "pbx": {"release": str(done.before.release)},
        **done.plan.results(),
        "requests": connection.counts,
        **({"removed_only": True} if state is State.DELETED else {}),
    }
    return Outcome(bool(done.plan.operations), result, done.plan.diff())


def _prove_login(connection: Connection, found: Found, operations: Sequence[Operation]) -> None:
    """A second login must work before the first session ends; otherwise what could shut it out is taken back."""
    try:
        connection.fresh_login()
    except HardeningError as error:
        undone = inverse(found, operations)
        try:
            apply_all(connection.send, undone)
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


def inverse(found: Found, operations: Sequence[Operation]) -> list[Operation]:
    """What brings back the way in as it was found: the console's list. No declared address is ever blocked."""
    if not any(operation.path == console.PATH for operation in operations):
        return []
    have = found.singletons["console"]
    before = {
        "AccessRestricted": bool(have.get("AccessRestricted")),
        "IpWhitelist": list(have.get("IpWhitelist") or ()),
    }
    return [Operation("PATCH", console.PATH, before, "opening the Admin Console as it was")]


def _material(params: Params) -> tuple[str, Secret] | None:
    if not params.get("secure_sip_material"):
        return None
    texts = json.loads(params["secure_sip_material"])
    return texts["certificate"], Secret(texts["private_key"])


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, needs_device=always_needed, required_if=REQUIRED_IF)
