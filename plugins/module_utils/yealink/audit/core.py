# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task yealink_audit: read existing phone files, and report what they hold and what is wrong with them."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit import audit
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_files import read_found
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_spec import PHONE_OPTIONS
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import normal_mac

ARGUMENT_SPEC: dict[str, Any] = {
    "directory": {"type": "path"},
    "files": {"type": "list", "elements": "path", "default": []},
    "phones": {"type": "list", "elements": "dict", "options": PHONE_OPTIONS},
}


def run(params: Params, context: RunContext) -> Outcome:
    """Nothing is written, so check mode is no different."""
    if not (params["directory"] or params["files"]):
        raise HardeningError("directory or files is needed: one of them names the files to read.")
    phones = {normal_mac(phone["mac"]) or "": phone for phone in params["phones"] or ()}
    found = read_found(params["directory"], params["files"])
    return Outcome(changed=False, result={"audited": audit(found, phones)})


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, on_target=True)
