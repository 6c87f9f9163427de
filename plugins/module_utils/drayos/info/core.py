# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the module draytek_info: facts about a router. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.info.interfaces import (
    parse_interfaces,
    parse_state,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.exposures import read_exposures
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.found import as_found
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import gather
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.identity import Router, identify
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import Session
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.gather import as_result, gather_system
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import Run

STATE, INTERFACES = "state", "interfaces"


def _state(run: Run) -> Any:
    return parse_state(run("sys cfg status"))


def _interfaces(run: Run) -> Any:
    return [interface.as_result() for interface in parse_interfaces(run("sys iface"))]


PLAIN_SUBSETS: dict[str, Callable[[Run], Any]] = {STATE: _state, INTERFACES: _interfaces}
"""Read from every router with the command line of DrayOS 3 and 4, known model or not."""


def _firewall(run: Run, dialect: Dialect) -> Any:
    return as_found(gather(run, dialect, None), dialect)


def _system(run: Run, dialect: Dialect) -> Any:
    return as_result(gather_system(run, dialect, None))


def _nat(run: Run, _dialect: Dialect) -> Any:
    unread: list[str] = []
    exposures = read_exposures(run, unread)
    return {"exposures": None if exposures is None else [way.label for way in exposures], "unread": unread}


SUBSETS: dict[str, Callable[[Run, Dialect], Any]] = {"firewall": _firewall, "nat": _nat, "system": _system}
"""Read from known models only, since the ranges differ."""

ARGUMENT_SPEC: dict[str, Any] = {
    "gather_subset": {
        "type": "list",
        "elements": "str",
        "choices": [*PLAIN_SUBSETS, *SUBSETS],
        "default": list(PLAIN_SUBSETS),
    },
    "known_hosts_file": {"type": "path", "required": True},
    "timeout": {"type": "int", "default": 20},
    **DEVICE_OPTION,
}


def run(params: Params, context: RunContext) -> Outcome:
    """Identify the router and read the asked-for parts. See the module's documentation for the result."""
    if context.device is None:
        raise HardeningError("there is no device to log in to.")
    with Session(context.device, params["known_hosts_file"], timeout=params["timeout"]) as session:
        router = identify(session)
        result: dict[str, Any] = {"router": describe(router)}
        for name in dict.fromkeys(params["gather_subset"]):
            result[name] = _read(name, session.run, router, context)
        result.update(logins=1, commands_sent=session.commands_sent)
    if router.why_read_only:
        context.warn(router.why_read_only)
    return Outcome(False, result)


def describe(router: Router) -> dict[str, Any]:
    """The router itself, and whether the other modules may write to it."""
    return {
        **router.as_result(),
        "firmware_major": router.version.firmware_major if router.version else 0,
        "dialect": router.dialect.name if router.dialect else "",
        "limits_verified": bool(router.dialect and router.dialect.verified),
        "writable": router.dialect is not None,
        "why_read_only": router.why_read_only,
    }


def _read(name: str, run_command: Run, router: Router, context: RunContext) -> Any:
    """One subset; None where this device cannot be read that far."""
    if name in PLAIN_SUBSETS:
        found = PLAIN_SUBSETS[name](run_command) if router.readable else None
    else:
        found = SUBSETS[name](run_command, router.dialect) if router.dialect else None
    if not found and router.readable:
        context.warn(f"gather_subset: {name} could not be read: the router's answer could not be parsed.")
        return None
    return found


def _needs_device(_params: Params) -> bool:
    return True


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=_needs_device)
