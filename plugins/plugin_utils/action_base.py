# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The face of a core inside the controller's worker: argument checks, check mode, diff, and removal of secrets.

An argument spec's no_log does nothing in an action plugin, so everything a core hands back (result, diff, warnings,
messages, tracebacks) goes through the task's Masker here.
"""

from __future__ import annotations

import traceback
from typing import Any, ClassVar

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    Device,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.plugin_utils.vault_cipher import VaultCipher

CONNECTION_VARIABLES = {
    "host": ("ansible_host", "ansible_ssh_host"),
    "port": ("ansible_port", "ansible_ssh_port"),
    "user": ("ansible_user", "ansible_ssh_user"),
    "password": ("ansible_password", "ansible_ssh_password", "ansible_ssh_pass"),
}
"""The inventory's names for each part of a device's address, in order of preference, as core's ssh plugin reads
them."""


class HardeningAction(ActionBase):
    """Base of all action plugins here: a subclass names its CORE and nothing more."""

    CORE: ClassVar[Core]
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Validate, then run the core here or, where its files or its way to the device are elsewhere, as a module."""
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        masker = Masker()
        warnings: list[str] = []
        try:
            params = self._validated(self.default_arguments(task_vars), masker)
            context = self._context(params, task_vars, masker, warnings)
            if self.CORE.prepare:
                params = self.CORE.prepare(params, context)
            if self._runs_elsewhere():
                result = self._run_as_module(params, context, task_vars)
            else:
                result = _as_result(self.CORE.run(params, context), diff=self._task.diff)
        except HardeningError as error:
            result = {"failed": True, "changed": False, "msg": error.message, **error.details}
        except Exception as error:  # an unforeseen failure must not print what it carries
            text = f"{type(error).__name__}: {error}"
            result = {"failed": True, "changed": False, "msg": text, "exception": traceback.format_exc()}
        if warnings:
            result["warnings"] = [*result.get("warnings", []), *warnings]
        return masker.clean(result)

    def default_arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """The task's arguments; a subclass may fill in what the task leaves out."""
        return dict(self._task.args)

    def variable(self, task_vars: dict[str, Any], name: str) -> Any:
        """The value of one of the play's variables, templated; None where it is not defined."""
        if name not in task_vars:
            return None
        return self._templar.template(task_vars[name])

    def _validated(self, arguments: dict[str, Any], masker: Masker) -> Params:
        validator = ArgumentSpecValidator(
            dict(self.CORE.argument_spec),
            required_if=list(self.CORE.required_if),
            mutually_exclusive=list(self.CORE.mutually_exclusive),
        )
        outcome = validator.validate(arguments)
        masker.add(*(str(value) for value in outcome._no_log_values))
        if outcome.error_messages:
            raise HardeningError("\n".join(outcome.error_messages))
        return dict(outcome.validated_parameters)

    def _context(self, params: Params, task_vars: dict[str, Any], masker: Masker, warnings: list[str]) -> RunContext:
        device = self._device(task_vars) if self.CORE.needs_device and self.CORE.needs_device(params) else None
        if device:
            masker.add(device.password)
        return RunContext(
            check_mode=bool(self._task.check_mode),
            masker=masker,
            warn=warnings.append,
            device=device,
            cipher=VaultCipher(self._loader),
        )

    def _device(self, task_vars: dict[str, Any]) -> Device:
        found: dict[str, Any] = {}
        for part, names in CONNECTION_VARIABLES.items():
            values = (self.variable(task_vars, name) for name in names)
            found[part] = next((value for value in values if value not in (None, "")), None)
        host = found["host"] or task_vars.get("inventory_hostname")
        user = found["user"] or self._play_context.remote_user
        password = found["password"] or self._play_context.password
        port = found["port"]
        return Device(
            str(host),
            int(port) if port else None,
            str(user) if user else None,
            str(password) if password else None,
        )

    def _runs_elsewhere(self) -> bool:
        if self.CORE.controller_only:
            return False
        if self.CORE.on_target and self._connection.become is not None:
            return True  # the files belong to another user, whom only a module of its own process can become
        return self._connection.transport != "local" and (self.CORE.on_target or bool(self._task.delegate_to))

    def _run_as_module(self, params: Params, context: RunContext, task_vars: dict[str, Any]) -> dict[str, Any]:
        arguments = _drop_none(params)
        if context.device:
            device = context.device
            arguments["device"] = {
                "host": device.host,
                "port": device.port,
                "user": device.user,
                "password": device.password,
            }
        return dict(
            self._execute_module(
                module_name=self._task.resolved_action or self._task.action, module_args=arguments, task_vars=task_vars
            )
        )


def _as_result(outcome: Outcome, *, diff: bool) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": outcome.changed, **outcome.result}
    if diff and outcome.diff:
        result["diff"] = [dict(entry) for entry in outcome.diff]
    return result


def _drop_none(value: Any) -> Any:
    """Without the options that were left out: after validation they are None, which a second validation refuses."""
    if isinstance(value, dict):
        return {name: _drop_none(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_drop_none(item) for item in value]
    return value
