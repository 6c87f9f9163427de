# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""site_declaration inside the controller's worker."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleAction

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Params, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.nested import leaves
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import VARIABLES
from ansible_collections.voipsec.hardening.plugins.module_utils.site.summary import CORE, INVENTORY
from ansible_collections.voipsec.hardening.plugins.plugin_utils.action_base import HardeningAction
from ansible_collections.voipsec.hardening.plugins.plugin_utils.declared_variables import declared, native
from ansible_collections.voipsec.hardening.plugins.plugin_utils.inventory_facts import inventory_of


class ActionModule(HardeningAction):
    """See the module of the same name. What the task leaves out is taken from the play's variables."""

    CORE = CORE

    def default_arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """The play's variables, and over them the task's own arguments."""
        given = {str(name): native(value) for name, value in self._task.args.items()}
        others = {name: value for name, value in task_vars.items() if name in VARIABLES and name not in given}
        return {**declared(others, self._templar.template), **given}

    def _validated(self, arguments: dict[str, Any], masker: Masker) -> Params:
        """Types are checked by the core, together with meanings, so that one run tells everything."""
        masker.add(*_passwords(arguments))
        return dict(arguments)

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """As every action, but ansible-core's own error line has only the first line of ``msg``: it prints both."""
        result = super().run(tmp, task_vars)
        first, *more = str(result.get("msg") or "").splitlines() or [""]
        if result.get("failed") and more:
            raise AnsibleAction(message=first, result=result)
        return result

    def _context(self, params: Params, task_vars: dict[str, Any], masker: Masker, warnings: list[str]) -> RunContext:
        params[INVENTORY] = inventory_of(task_vars)
        return super()._context(params, task_vars, masker, warnings)


def _passwords(arguments: Any) -> list[str]:
    """Every text whose name is that of a password, wherever it was put by mistake."""
    return [
        str(item)
        for name, item in leaves(arguments)
        if isinstance(item, (str, int)) and not isinstance(item, bool) and "pass" in name and "length" not in name
    ]
