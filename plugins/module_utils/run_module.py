# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The face of a core that runs on another host than the controller: an ordinary module's main()."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Core, Device, HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker


def run_module(core: Core) -> None:
    """Run the core with this module's arguments, then exit or fail as AnsibleModule does."""
    module = AnsibleModule(
        argument_spec=dict(core.argument_spec),
        required_if=list(core.required_if),
        mutually_exclusive=list(core.mutually_exclusive),
        supports_check_mode=True,
    )
    masker = Masker()
    masker.add(*(str(value) for value in module.no_log_values))
    params: dict[str, Any] = dict(module.params)
    if core.controller_only:
        module.fail_json(msg="This module needs the play's vault secrets, so it runs on the controller only.")
    device = None
    if core.needs_device and core.needs_device(params):
        given: dict[str, Any] = params.get("device") or {}
        if not given:
            module.fail_json(msg="device is missing: it is filled in by the action plugin of the same name.")
        device = Device(given["host"], given["port"], given["user"], given["password"])
        masker.add(device.password)
    context = RunContext(check_mode=module.check_mode, masker=masker, warn=module.warn, device=device)
    try:
        outcome = core.run(params, context)
    except HardeningError as error:
        module.fail_json(msg=masker.text(error.message), **masker.clean(error.details))
    result = masker.clean(outcome.result)
    if outcome.diff and module._diff:
        result["diff"] = masker.clean(list(outcome.diff))
    module.exit_json(changed=outcome.changed, **result)
