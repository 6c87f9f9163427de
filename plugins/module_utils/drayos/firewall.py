# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the module draytek_firewall: one router's voice firewall in one task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    Device,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.describe import (
    Posture,
    describe_snapshot,
    describe_wanted,
    posture_of_snapshot,
    posture_of_wanted,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    VIGOR_2927,
    Dialect,
    SystemVersion,
    dialect_of,
    parse_version,
    why_read_only,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.gather import Snapshot, empty_snapshot, gather
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.objects import PROTOCOL_NUMBERS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.plan import (
    FirewallPlan,
    plan_absent,
    plan_present,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session import DEFAULT_PORT, Session
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.transaction import Applied, apply
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.wanted import (
    Wanted,
    check_management,
    wanted_from,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.reconcile import diff_entry

_MEMBERS = {
    "name": {"type": "str", "required": True},
    "members": {"type": "list", "elements": "str", "required": True},
}
CONFIG_OPTIONS: dict[str, Any] = {
    "address_objects": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str", "required": True}, "network": {"type": "str", "required": True}},
    },
    "address_groups": {"type": "list", "elements": "dict", "options": _MEMBERS},
    "service_objects": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "ports": {"type": "str", "required": True},
            "protocol": {"type": "str", "default": "tcp/udp", "choices": list(PROTOCOL_NUMBERS)},
        },
    },
    "service_groups": {"type": "list", "elements": "dict", "options": _MEMBERS},
    "rules": {
        "type": "list",
        "elements": "dict",
        "options": {
            "comment": {"type": "str", "required": True},
            "action": {"type": "str", "required": True, "choices": ["pass", "block"]},
            "sources": {"type": "str"},
            "services": {"type": "str", "required": True},
            "log": {"type": "bool", "default": True},
        },
    },
}
ARGUMENT_SPEC: dict[str, Any] = {
    "config": {"type": "dict", "options": CONFIG_OPTIONS},
    "state": {"type": "str", "default": "replaced", "choices": ["replaced", "deleted", "gathered", "rendered"]},
    "known_hosts_file": {"type": "path"},
    "timeout": {"type": "int", "default": 20},
    **DEVICE_OPTION,
}


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, read back, prove, save. See the module's documentation for the result."""
    wanted = wanted_from(params.get("config") or {})
    if params["state"] in ("replaced", "rendered") and not wanted.blocked_services():
        raise HardeningError(
            "config.rules: there is no block rule, so everybody could reach the PBX. To take the firewall out, use "
            "state: deleted."
        )
    if params["state"] == "rendered":
        return _rendered(wanted)
    device = context.device
    if device is None or not params.get("known_hosts_file"):
        raise HardeningError("known_hosts_file is not set: it names the file with the router's SSH host key.")
    check_management(wanted, device.port or DEFAULT_PORT)
    return _on_router(params, context, device, wanted)


def _on_router(params: Params, context: RunContext, device: Device, wanted: Wanted) -> Outcome:
    def login() -> Session:
        return Session(device, params["known_hosts_file"], timeout=params["timeout"])

    with login() as session:
        version, dialect = _identify(session, context)
        router = {"model": version.model, "firmware": version.firmware, "name": version.router_name}
        deleting = params["state"] == "deleted"

        def read(reader: Session) -> Snapshot:
            return gather(reader.run, dialect, None if params["state"] == "gathered" else wanted)

        def plan_from(snapshot: Snapshot) -> FirewallPlan:
            return plan_absent(snapshot) if deleting else plan_present(snapshot, wanted, dialect)

        before = read(session)
        if params["state"] == "gathered":
            return Outcome(
                False,
                {
                    "gathered": describe_snapshot(before),
                    "router": router,
                    "logins": 1,
                    "commands_sent": session.commands_sent,
                },
            )
        plan = plan_from(before)
        cost = Applied(0, 0)
        if plan.changed and not context.check_mode:
            cost = apply(plan, session, login, lambda reader: [step.what for step in plan_from(read(reader)).steps])
        after = Posture(False) if deleting else posture_of_wanted(wanted)
        result = {
            "router": router,
            "commands": plan.commands,
            "steps": [step.what for step in plan.steps],
            "notes": plan.notes,
            "posture": {"before": posture_of_snapshot(before).as_result(), "after": after.as_result()},
            "logins": 1 + cost.logins,
            "commands_sent": session.commands_sent + cost.commands_sent,
        }
    return Outcome(plan.changed, result, _diff(before, wanted, plan, deleting=deleting))


def _identify(session: Session, context: RunContext) -> tuple[SystemVersion, Dialect]:
    version = parse_version(session.run("sys version"))
    dialect = dialect_of(version) if version else None
    if version is None or dialect is None:
        raise HardeningError(why_read_only(version))
    if not dialect.verified:
        context.warn(
            f"{version.model}: the limits of this model are from general knowledge, not from its manual. Every "
            "write is read back."
        )
    return version, dialect


def _diff(before: Snapshot, wanted: Wanted, plan: FirewallPlan, *, deleting: bool) -> list[Mapping[str, Any]]:
    """Two entries: the filter in words before and after, and the exact commands in between."""
    if not plan.changed or plan.own_set is None:
        return []
    after = None if deleting else describe_wanted(wanted, before, plan.own_set)
    return [
        diff_entry("voice firewall", describe_snapshot(before), after),
        {**diff_entry("commands to the router", None, None), "after": "".join(f"{line}\n" for line in plan.commands)},
    ]


def _rendered(wanted: Wanted) -> Outcome:
    """The commands for a router on which nothing is in use, without a device."""
    plan = plan_present(empty_snapshot(VIGOR_2927), wanted, VIGOR_2927)
    return Outcome(False, {"rendered": plan.commands})


def _needs_device(params: Params) -> bool:
    return bool(params["state"] != "rendered")


CORE = Core(
    argument_spec=ARGUMENT_SPEC,
    run=run,
    needs_device=_needs_device,
    required_if=[("state", "replaced", ["config"]), ("state", "rendered", ["config"])],
)
