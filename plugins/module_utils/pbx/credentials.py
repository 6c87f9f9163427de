# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declared extensions' credentials, from the vault file on the controller to the core, wherever that runs."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, Params, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import FIELDS, ExtensionSecrets
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.vault_file import load_for_devices

CREDENTIAL_OPTIONS: dict[str, Any] = {
    "credentials_file": {"type": "path"},
    "credentials": {"type": "str", "no_log": True},
}
"""Options of every module that gives extensions their credentials. The second is filled by ``prepare``."""


def prepare(params: Params, context: RunContext) -> Params:
    """On the controller: the credentials of the declared extensions become one text, as PINs must not be searched for
    in a module's output one by one. A Core's ``prepare``."""
    path = params.get("credentials_file")
    if params["state"] == "gathered" or params.get("credentials") or not path:
        return params
    if context.check_mode and not os.path.exists(path):
        context.warn(f"{path} is not there yet, so this check leaves the credentials out.")
        return params
    book = load_for_devices(path, context.cipher)
    declared = {entry["number"] for entry in params["extensions"] or ()}
    missing = sorted(declared - set(book.extensions))
    if missing and not context.check_mode:
        raise HardeningError(
            f"{path} holds no credentials of {', '.join(missing)}. The role voipsec.hardening.credentials makes them; "
            "run it first."
        )
    bundle = {
        number: {name: getattr(secrets, name).reveal() for name in FIELDS}
        for number, secrets in book.extensions.items()
        if number in declared
    }
    for secrets in book.extensions.values():
        context.masker.add(*(getattr(secrets, name) for name in FIELDS))
    return {**params, "credentials": json.dumps(bundle)}


def handed_over(params: Params) -> dict[str, ExtensionSecrets]:
    """What ``prepare`` made, by extension number; empty where nothing was handed over."""
    bundle = json.loads(params["credentials"]) if params.get("credentials") else {}
    return {
        number: ExtensionSecrets(**{name: Secret(values[name]) for name in FIELDS}) for number, values in bundle.items()
    }
