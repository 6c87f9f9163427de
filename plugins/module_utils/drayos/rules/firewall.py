# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the module draytek_firewall: everything that shapes packets on one router, in one task."""

from __future__ import annotations

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
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import COMMENT_DIRTY
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules import firewall_spec as spec
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.describe import Posture, describe, posture
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.firewall_plan import FirewallPlan
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.found import as_found, as_wanted, merged
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import (
    Snapshot,
    empty_snapshot,
    gather,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.plan import plan_present
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.planner import plan_firewall
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.proof_targets import (
    not_as_declared,
    targets_from,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import (
    Wanted,
    check_management,
    wanted_from,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.identity import (
    Router,
    identify,
    writable,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import (
    DEFAULT_PORT,
    Session,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.transaction import Applied, apply
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.transcript import (
    snapshot_of,
    written_down,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import Run
from ansible_collections.voipsec.hardening.plugins.module_utils.files import replace_file
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State

REFRESH_FLOWS = "ipf flowtrack set -r"
"""Known flows go on whatever the rules say; refreshing the table makes their next packets meet the rules (2.4,
inferred)."""


def run(params: Params, context: RunContext) -> Outcome:
    """Gather, plan, apply, read back, prove, save. See the module's documentation for the result."""
    wanted = wanted_from(params.get("config") or {})
    state = params["state"]
    if state in ("replaced", "overridden", "rendered") and not posture(wanted).closed:
        raise HardeningError(
            "config.rules: no block rule without sources, so anyone on the internet could reach the PBX. To remove the "
            "firewall, use state: deleted."
        )
    if state == "rendered":
        return _rendered(wanted, params["dialect"])
    if state == "parsed":
        dialect = dialect_named(params["dialect"])
        return Outcome(False, {"parsed": as_found(snapshot_of(params["running_config"], dialect), dialect)})
    device = context.device
    if device is None or not params.get("known_hosts_file"):
        raise HardeningError("known_hosts_file is not set: it names the file with the router's SSH host key.")
    check_management(wanted, device.port or DEFAULT_PORT)

    def login() -> Session:
        return Session(device, params["known_hosts_file"], timeout=params["timeout"])

    with login() as session:
        router = identify(session)
        dialect = writable(router, context.warn)
        if state == "gathered":
            have = gather(session.run, dialect, None)
            result = {"gathered": as_found(have, dialect), "router": router.as_result()}
            return Outcome(False, {**result, "logins": 1, "commands_sent": session.commands_sent})
        return _Transaction(params, context, device, wanted, session, login, router, dialect).run()


class _Transaction:
    """One changing run. It exists so that its steps need not hand ten values around."""

    def __init__(
        self,
        params: Params,
        context: RunContext,
        device: Device,
        wanted: Wanted,
        session: Session,
        login: Callable[[], Session],
        router: Router,
        dialect: Dialect,
    ) -> None:
        self._params, self._context, self._device, self._wanted = params, context, device, wanted
        self._session, self._login, self._router, self._dialect = session, login, router, dialect
        self._state = State(params["state"])
        self._always = params["write_only"] == "always"
        self._targets = targets_from(params["proof_targets"])

    def run(self) -> Outcome:
        """Plan, and unless nothing changes or this is a check, carry it out."""
        recorded: dict[str, str] = {}
        have, plan = self._plan(_recording(self._session.run, recorded), always=self._always)
        cost = Applied(0, 0)
        if plan.changed and not self._context.check_mode:
            self._back_up(recorded)
            cost = apply(
                plan,
                self._session,
                self._login,
                self._still_wrong,
                self._replan,
                reboot_timer=self._params["confirm_with_reboot_timer"],
                probe=lambda: not_as_declared(self._targets),
            )
        for exposure in plan.unknown:
            self._context.warn(
                f"{exposure.label}: STILL OPEN to the internet, not declared. Close it, or declare it in "
                "router.known_port_forwards (config.nat.known). state: overridden switches it off."
            )
        return Outcome(plan.changed, self._result(have, plan, cost), self._diff(have, plan))

    def _plan(self, run_command: Run, *, always: bool = False) -> tuple[Snapshot, FirewallPlan]:
        have, plan = plan_firewall(run_command, self._dialect, self._wanted, self._state, dos_always=always)
        if self._refreshes(have, plan):
            plan.save = (*plan.save, REFRESH_FLOWS)
        return have, plan

    def _refreshes(self, have: Snapshot, plan: FirewallPlan) -> bool:
        """Whether packets of flows that were let in before must meet the new rules too (draytek.md 2.4)."""
        when = self._params["refresh_flows"]
        if when == "never" or self._state is State.DELETED:
            return False
        closing = not (have.chain and posture(as_wanted(have, self._dialect)).closed)
        unsaved = bool(plan.save) and have.comment == COMMENT_DIRTY
        return (plan.rules_changed or unsaved) and (when == "always" or closing or unsaved)

    def _replan(self, reader: Session) -> FirewallPlan:
        return self._plan(reader.run)[1]

    def _still_wrong(self, reader: Session) -> list[str]:
        return [step.what for step in self._replan(reader).steps if step.readable]

    def _back_up(self, recorded: Mapping[str, str]) -> None:
        """What was read before the change, encrypted. The command line has no export of its own (draytek.md 1)."""
        path = self._params.get("backup_file")
        if not path:
            return
        cipher = self._context.cipher
        without = "To do without it leave backup_file out (draytek_backup_file: '' in the role). Nothing was written."
        if cipher is None:
            raise HardeningError(
                "backup_file: it is encrypted with the play's vault secrets, so it can only be written on the "
                f"controller. {without}"
            )
        try:
            replace_file(str(path), cipher.encrypt(written_down(dict(recorded)).encode()), 0o600)
        except HardeningError as error:
            raise HardeningError(f"backup_file: {error.message} {without}") from error
        except OSError as error:
            raise HardeningError(f"backup_file: {path} cannot be written: {error.strerror}. {without}") from error

    def _result(self, have: Snapshot, plan: FirewallPlan, cost: Applied) -> dict[str, Any]:
        deleting = self._state is State.DELETED
        found = posture(as_wanted(have, self._dialect)) if have.chain else Posture(False)
        target = self._target(have)
        return {
            "router": self._router.as_result(),
            "commands": plan.commands,
            "steps": [step.what for step in (*plan.steps, *plan.late)],
            "notes": plan.notes,
            "unsupported": plan.unsupported,
            "exposures": [exposure.label for exposure in have.exposures or ()],
            "unknown_exposures": [exposure.label for exposure in plan.unknown],
            "posture": {
                "before": found.as_result(),
                "after": (Posture(False) if deleting else posture(target)).as_result(),
            },
            "logins": 1 + cost.logins,
            "commands_sent": self._session.commands_sent + cost.commands_sent,
        }

    def _target(self, have: Snapshot) -> Wanted:
        return merged(have, self._wanted, self._dialect) if self._state is State.MERGED else self._wanted

    def _diff(self, have: Snapshot, plan: FirewallPlan) -> list[Mapping[str, Any]]:
        """Two entries: the filter in words before and after, and the exact commands in between."""
        if not plan.changed:
            return []
        before = describe(as_wanted(have, self._dialect), have.chain, have.start_set, have.tail)
        after = None
        if self._state is not State.DELETED:
            start = plan.chain[0] if plan.chain else have.start_set
            after = describe(self._target(have), plan.chain, start, plan.tail)
        return [
            diff_entry("voice firewall", before, after),
            {**diff_entry("commands to the router", None, None), "after": "".join(f"{c}\n" for c in plan.commands)},
        ]


def _recording(run_command: Run, recorded: dict[str, str]) -> Run:
    def read(command: str) -> str:
        recorded[command] = run_command(command)
        return recorded[command]

    return read


def _rendered(wanted: Wanted, name: str) -> Outcome:
    """The commands for a router on which nothing is in use, without a device."""
    dialect = dialect_named(name)
    plan = plan_present(empty_snapshot(dialect), wanted, dialect)
    return Outcome(False, {"rendered": plan.commands, "unsupported": plan.unsupported})


def _needs_device(params: Params) -> bool:
    return params["state"] not in ("rendered", "parsed")


CORE = Core(
    argument_spec=spec.ARGUMENT_SPEC,
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
