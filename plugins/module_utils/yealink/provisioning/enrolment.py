# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody types into a phone once so that it fetches its first file: an encrypted sheet."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Cipher,
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.files import replace_file
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.vault_file import load_for_devices
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import folder_of_phone
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.input_problems import InputProblems
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_spec import PHONE_OPTIONS
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import normal_mac
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_parts import checked_provisioning

ARGUMENT_SPEC: dict[str, Any] = {
    "path": {"type": "path", "required": True},
    "phones": {"type": "list", "elements": "dict", "options": PHONE_OPTIONS},
    "credentials_file": {"type": "path", "required": True},
}
Sheet = dict[str, dict[str, str]]
"""By MAC address: extension, model, url, and user and password where there are any."""
MODE = 0o600


def run(params: Params, context: RunContext) -> Outcome:
    """Write the sheet where it differs."""
    cipher = context.cipher
    if cipher is None:
        raise HardeningError("the sheet is written on the controller, where the play's vault secrets are.")
    path = params["path"]
    book = load_for_devices(params["credentials_file"], cipher)
    context.masker.add(book.provisioning_password)
    sheet = _sheet(params["phones"] or (), book.provisioning_password, context)
    before = _read(path, cipher)
    result = {"path": path, "phones": sorted(sheet)}
    if before == sheet:
        return Outcome(changed=False, result=result)
    if not context.check_mode:
        _write(path, sheet, cipher)
    return Outcome(True, result, [_diff(path, before, sheet)])


def _sheet(phones: Sequence[Mapping[str, Any]], site_secret: Any, context: RunContext) -> Sheet:
    problems = InputProblems()
    sheet: Sheet = {}
    for phone in phones:
        mac = normal_mac(phone["mac"])
        if mac is None:
            problems.error(f"phones: mac {phone['mac']!r} is not a MAC address, for example 805ec0aabbcc")
            continue
        access = checked_provisioning(mac, phone["provisioning"], site_secret, problems, placeholders=False)
        context.masker.add(access.password, folder_of_phone(access.url))
        numbers = ", ".join(account["number"] for account in phone["accounts"])
        sheet[mac] = {"extension": numbers, "model": phone["model"], "url": access.url}
        if access.username and access.password:
            sheet[mac] |= {"user": access.username, "password": access.password.reveal()}
    problems.stop_on_errors()
    return sheet


def _read(path: str, cipher: Cipher) -> Sheet:
    try:
        found: Sheet = json.loads(cipher.decrypt(Path(path).read_bytes()))
        return found
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise HardeningError(f"{path} cannot be read: {error.strerror}.") from error
    except HardeningError as error:
        raise HardeningError(f"{path}: {error.message}") from error
    except ValueError:
        raise HardeningError(f"{path} is not a sheet of this module. Remove it, or name another path.") from None


def _write(path: str, sheet: Sheet, cipher: Cipher) -> None:
    text = json.dumps(dict(sorted(sheet.items())), indent=1) + "\n"
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), mode=0o700, exist_ok=True)
        replace_file(path, cipher.encrypt(text.encode("utf-8")), MODE)
    except OSError as error:
        raise HardeningError(f"{path} was not written: {error.strerror}.") from error


def _diff(path: str, before: Sheet, after: Sheet) -> dict[str, str]:
    """Which phones, and that something of theirs differs; nothing of what they prove themselves with."""
    return {
        "before": _redacted(before, {}),
        "after": _redacted(after, before),
        "before_header": path,
        "after_header": path,
    }


def _redacted(sheet: Sheet, old: Sheet) -> str:
    lines = []
    for mac, entry in sorted(sheet.items()):
        changed = " (changed)" if old.get(mac, entry) != entry else ""
        lines.append(f"{mac}: extension {entry['extension']}, {entry['model']}, {MASK}{changed}\n")
    return "".join(lines)


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, controller_only=True)
