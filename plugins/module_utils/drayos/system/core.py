# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the module draytek_system: the router itself, in one task."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    Device,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import diff_entry
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import Dialect, dialect_named
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.marker import FIRST_SLOT, Mark
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import ADDRESSES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.identity import (
    identify,
    writable,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import (
    DEFAULT_PORT,
    LoginRefused,
    Session,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.transaction import Applied, apply
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.transcript import split
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.access_list import FIRST_OBJECT
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.gather import (
    SystemSnapshot,
    as_result,
    find_objects,
    gather_system,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.plan import (
    Login,
    ObjectsNeeded,
    SystemPlan,
    plan_system,
    plan_without,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.spec import ARGUMENT_SPEC
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.wanted import (
    WantedSystem,
    wanted_system,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import Run
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, read back, prove, save. See the module's documentation for the result."""
    wanted = wanted_system(params.get("config") or {})
    state = params["state"]
    if state == "rendered":
        return _rendered(wanted, dialect_named(params["dialect"]))
    if state == "parsed":
        answers = split(params["running_config"])
        found = gather_system(lambda command: answers.get(command, ""), dialect_named(params["dialect"]), None)
        return Outcome(False, {"parsed": as_result(found)})
    device = context.device
    if device is None or not params.get("known_hosts_file"):
        raise HardeningError("known_hosts_file is not set: it names the file with the router's SSH host key.")
    context.masker.add(wanted.new_password, wanted.mail_alert.password if wanted.mail_alert else None)
    session, device = _log_in(params, device, wanted)
    with session:
        router = identify(session)
        dialect = writable(router, context.warn)
        if state == "gathered":
            gathered = as_result(gather_system(session.run, dialect, None))
            return Outcome(
                False,
                {
                    "gathered": gathered,
                    "router": router.as_result(),
                    "logins": 1,
                    "commands_sent": session.commands_sent,
                },
            )
        result = _carry_out(params, context, device, wanted, session, dialect)
    return dataclasses.replace(result, result={"router": router.as_result(), **result.result})


def _log_in(params: Params, device: Device, wanted: WantedSystem) -> tuple[Session, Device]:
    """With the inventory's password; where that is refused and a new one is declared, once with the new one: an earlier
    run may have set it."""
    try:
        return Session(device, params["known_hosts_file"], timeout=params["timeout"]), device
    except LoginRefused as refused:
        if not wanted.new_password or not refused.credentials:
            raise
        rotated = dataclasses.replace(device, password=wanted.new_password)
        return Session(rotated, params["known_hosts_file"], timeout=params["timeout"]), rotated


def _carry_out(
    params: Params, context: RunContext, device: Device, wanted: WantedSystem, session: Session, dialect: Dialect
) -> Outcome:
    state = State(params["state"])
    login = Login(device.port or DEFAULT_PORT, session.local_address, device.password or "")

    def make(run_command: Run, *, always: bool = False) -> tuple[SystemSnapshot, SystemPlan]:
        return _plan(run_command, wanted, dialect, login, state, always=always)

    have, plan = make(session.run, always=params["write_only"] == "always")
    cost = Applied(0, 0)
    if plan.changed and not context.check_mode:

        def still_wrong(reader: Session) -> list[str]:
            return [step.what for step in make(reader.run)[1].steps if step.readable]

        cost = apply(
            plan,
            session,
            _fresh_login(params, device, wanted, state),
            still_wrong,
            lambda reader: make(reader.run, always=params["write_only"] == "always")[1],
            # With a new password a refusal means that it was not taken, not that one session is the limit.
            may_log_out=not wanted.new_password,
        )
    result = {
        "commands": plan.commands,
        "steps": [step.what for step in plan.steps],
        "notes": plan.notes,
        "controls": plan.controls,
        "logins": 1 + cost.logins,
        "commands_sent": session.commands_sent + cost.commands_sent,
    }
    return Outcome(plan.changed, result, _diff(have, plan))


def _fresh_login(params: Params, device: Device, wanted: WantedSystem, state: State) -> Callable[[], Session]:
    """A login as it will be from now on: new port, new password."""
    changes: dict[str, Any] = {}
    if state is not State.DELETED and wanted.ssh_port:
        changes["port"] = wanted.ssh_port
    if state is not State.DELETED and wanted.new_password:
        changes["password"] = wanted.new_password
    afterwards = dataclasses.replace(device, **changes)
    return lambda: Session(afterwards, params["known_hosts_file"], timeout=params["timeout"])


def _plan(
    run_command: Run, wanted: WantedSystem, dialect: Dialect, login: Login, state: State, *, always: bool
) -> tuple[SystemSnapshot, SystemPlan]:
    have = gather_system(run_command, dialect, None if state is State.DELETED else wanted)
    if state is State.DELETED:
        return have, plan_without(have, dialect)
    try:
        return have, plan_system(have, wanted, dialect, login, state, always=always)
    except ObjectsNeeded as needed:
        find_objects(run_command, have, needed.needed)
    try:
        return have, plan_system(have, wanted, dialect, login, state, always=always)
    except ObjectsNeeded as needed:
        raise HardeningError(
            f"{needed.needed} IP objects are needed for config.management_networks, and fewer of the slots 1 to "
            f"{FIRST_OBJECT} are free. Delete some that are no longer used. Nothing was written."
        ) from needed


def _diff(have: SystemSnapshot, plan: SystemPlan) -> list[Mapping[str, Any]]:
    if not plan.changed:
        return []
    found = {name: value for name, value in as_result(have).items() if value}
    return [
        diff_entry("router as found", found, found),
        {**diff_entry("commands to the router", None, None), "after": "".join(f"{c}\n" for c in plan.commands)},
    ]


def _rendered(wanted: WantedSystem, dialect: Dialect) -> Outcome:
    """The commands for a router on which nothing is set, without a device."""
    blank = SystemSnapshot(entries={}, objects={FIRST_OBJECT - n: ADDRESSES.empty for n in range(10)})
    blank.mark = Mark(FIRST_SLOT, "")
    plan = plan_system(blank, wanted, dialect, Login(DEFAULT_PORT))
    return Outcome(False, {"rendered": plan.commands, "notes": plan.notes})


def _needs_device(params: Params) -> bool:
    return params["state"] not in ("rendered", "parsed")


CORE = Core(
    argument_spec=ARGUMENT_SPEC,
    run=run,
    needs_device=_needs_device,
    required_if=[
        ("state", "merged", ["config"]),
        ("state", "replaced", ["config"]),
        ("state", "overridden", ["config"]),
        ("state", "rendered", ["config"]),
        ("state", "parsed", ["running_config"]),
    ],
)
