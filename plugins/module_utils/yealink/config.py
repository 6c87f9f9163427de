# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole transaction: all phones' files in one directory, planned together. Runs on the host of the directory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.vault_file import load_for_devices
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import folder_of_phone
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import (
    Setting,
    is_ours,
    parse,
    render,
    render_boot,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.directory import (
    Attributes,
    ServedFile,
    apply,
    read_directory,
    wanted_attributes,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.file_changes import FileChange, file_changes
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import STATIC_SINCE
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.input_problems import InputProblems
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import (
    below_template_evidence,
    placeholders,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_check import plan_settings
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_spec import PHONE_OPTIONS
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.reboot import Prediction, predict
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.redact import masked
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import (
    Credentials,
    ExtensionCredentials,
    normal_mac,
    wanted_phones,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import WantedPhone

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["merged", "replaced", "rendered"], "default": "replaced"},
    "phones": {"type": "list", "elements": "dict", "required": True, "options": PHONE_OPTIONS},
    "directory": {"type": "path"},
    "credentials_file": {"type": "path"},
    "settings": {"type": "dict", "default": {}},
    "secret_settings": {"type": "dict", "no_log": True},
    "action_uri_from": {"type": "list", "elements": "str", "default": []},
    "reset_undeclared": {"type": "bool", "default": True},
    "take_over": {"type": "bool", "default": False},
    "mode": {"type": "str", "default": "0640"},
    "owner": {"type": "str"},
    "group": {"type": "str"},
    "credentials": {"type": "str", "no_log": True},
}
REQUIRED_IF = [("state", "merged", ["directory"]), ("state", "replaced", ["directory"])]


def prepare(params: Params, context: RunContext) -> Params:
    """On the controller: everything secret becomes one text, ``credentials``.

    As single options, short ones such as a PIN would be searched for in the whole output of a module, and every 1234 in
    it be masked.
    """
    if params.get("credentials"):
        return params
    bundle: dict[str, Any] = {"settings": {str(k): str(v) for k, v in (params["secret_settings"] or {}).items()}}
    path = params["credentials_file"]
    bundle["source"] = path or ""
    if path and (os.path.exists(path) or not _only_planned(params, context)):
        book = load_for_devices(path, context.cipher)
        needed = {account["number"] for phone in params["phones"] for account in phone["accounts"]}
        bundle["extensions"] = {
            number: {
                "auth_id": _revealed(secrets.auth_id),
                "sip_password": _revealed(secrets.sip_password),
                "admin_password": _revealed(secrets.phone_admin_password),
                "user_password": _revealed(secrets.phone_user_password),
                "pin": _revealed(secrets.voicemail_pin),
            }
            for number, secrets in book.extensions.items()
            if number in needed
        }
        bundle["provisioning_password"] = _revealed(book.provisioning_password)
    text = json.dumps(bundle)
    context.masker.add(*credentials_of(text).secrets())
    return {**params, "secret_settings": None, "credentials": text}


def run(params: Params, context: RunContext) -> Outcome:
    """Plan the whole directory, then write what differs."""
    credentials = credentials_of(params.get("credentials"))
    context.masker.add(*credentials.secrets())
    problems = InputProblems()
    unreal = _only_planned(params, context)
    phones = wanted_phones(params["phones"], credentials, params["action_uri_from"], problems, placeholders=unreal)
    context.masker.add(*_derived_secrets(phones))
    own = {normal_mac(phone["mac"]) or "": phone["settings"] or {} for phone in params["phones"]}
    settings = plan_settings(phones, params["settings"] or {}, own, credentials.settings, problems)
    problems.stop_on_errors()
    files = _files(phones, settings, reset_undeclared=params["reset_undeclared"])
    if params["state"] == "rendered":
        _warn(problems, context)
        return Outcome(changed=False, result={"rendered": {name: masked(text) for name, text in files.items()}})
    plan = _plan(files, params)
    _warn_of_kept_values(plan, phones, problems, reset_undeclared=params["reset_undeclared"])
    _warn(problems, context)
    if plan.changes and not context.check_mode:
        writes = {change.name: change.after for change in plan.changes if change.after}
        removals = [change.name for change in plan.changes if not change.after]
        apply(params["directory"], writes, removals, plan.access)
    result = {**_report(plan, phones, params), "unverified": _unverified(settings)}
    return Outcome(bool(plan.changes), result, _diff(plan, params["directory"]))


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, on_target=True, required_if=REQUIRED_IF)


@dataclass(frozen=True)
class _Plan:
    """What the directory has and how it changes."""

    have: Mapping[str, ServedFile]
    want: Mapping[str, ServedFile]
    changes: list[FileChange]
    access: Attributes


def _only_planned(params: Params, context: RunContext) -> bool:
    """Whether nothing will be written, so that credentials which do not exist yet are no error."""
    return context.check_mode or params["state"] == "rendered"


def _revealed(value: str | Secret | None) -> str | None:
    return value.reveal() if isinstance(value, Secret) else value


def credentials_of(bundle: str | None) -> Credentials:
    """The text that prepare made, read again."""
    given = json.loads(bundle) if bundle else {}
    password = given.get("provisioning_password")
    return Credentials(
        extensions={
            number: ExtensionCredentials(
                secrets["auth_id"],
                Secret(secrets["sip_password"]),
                Secret(secrets["admin_password"]),
                Secret(secrets["user_password"]),
                Secret(secrets["pin"]) if secrets.get("pin") else None,
            )
            for number, secrets in given.get("extensions", {}).items()
        },
        provisioning_password=Secret(password) if password else None,
        settings={name: Secret(value) for name, value in given.get("settings", {}).items()},
        source=given.get("source", ""),
    )


def _derived_secrets(phones: Iterable[WantedPhone]) -> Iterator[Secret]:
    """What follows from the vault's secrets and must not be shown either: a phone's own password or path."""
    for phone in phones:
        if phone.provisioning.password:
            yield phone.provisioning.password
        folder = folder_of_phone(phone.provisioning.url)
        if folder:
            yield folder


def _files(
    phones: list[WantedPhone], settings: Mapping[str, tuple[Setting, ...]], *, reset_undeclared: bool
) -> dict[str, str]:
    """Names and texts. Boot files came with V81 (yealink.md 1.2); an older phone fetches <mac>.cfg by itself."""
    files = {}
    for phone in phones:
        name = f"{phone.mac}.cfg"
        files[name] = render(settings[phone.mac])
        if phone.firmware >= STATIC_SINCE:
            files[f"{phone.mac}.boot"] = render_boot(name, reset_undeclared=reset_undeclared)
    return files


def _plan(files: Mapping[str, str], params: Params) -> _Plan:
    attributes = wanted_attributes(params["mode"], params["owner"], params["group"])
    have = read_directory(params["directory"], attributes)
    want = {name: ServedFile(text, attributes) for name, text in files.items()}
    foreign = [name for name in want if name in have and not is_ours(have[name].text)]
    if foreign and not params["take_over"]:
        shown = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        raise HardeningError(
            f"directory {params['directory']}: {shown} exist and were written by something else. Only one writer can "
            "own a phone's file: remove them, or set take_over to true to replace them."
        )
    changes = file_changes(have, want, remove_undeclared=params["state"] == "replaced")
    return _Plan(have, want, changes, attributes)


def _assignments(file: ServedFile | None) -> list[tuple[str, str]]:
    try:
        return parse(file.text) if file else []
    except HardeningError:
        return []  # a file that is no configuration to the phone either


def _report(plan: _Plan, phones: list[WantedPhone], params: Params) -> dict[str, Any]:
    changed = {change.name for change in plan.changes}
    entries = [_phone_entry(phone, plan, changed, params["directory"]) for phone in phones]
    removed = sorted(change.name for change in plan.changes if change.after is None)
    return {
        "phones": entries,
        "rebooting": [entry["mac"] for entry in entries if entry["will_reboot"]],
        "written": sorted(changed - set(removed)),
        "removed": removed,
        "unchanged": sorted(set(plan.want) - changed),
    }


def _unverified(settings: Mapping[str, tuple[Setting, ...]]) -> list[str]:
    """Names in the phones' files that are not known well, with X, Y and Z for indexes."""
    names = {setting.name for phone in settings.values() for setting in phone}
    return sorted({placeholders(name)[0] for name in names if below_template_evidence(name)})


def _phone_entry(phone: WantedPhone, plan: _Plan, changed: set[str], directory: str) -> dict[str, Any]:
    name = f"{phone.mac}.cfg"
    before, after = plan.have.get(name), plan.want[name]
    prediction = predict(_assignments(before), _assignments(after)) if name in changed else Prediction((), (), ())
    return {
        "mac": phone.mac,
        "model": phone.model.name,
        "firmware": f"V{phone.firmware}",
        "extensions": [account.number for account in phone.accounts],
        "file": os.path.join(directory, name),
        "changed": bool({name, f"{phone.mac}.boot"} & changed),
        "new": before is None,
        "changed_parameters": list(prediction.changed) if before else [],
        "will_reboot": bool(prediction.rebooting),
        "may_reboot": bool(prediction.rebooting or prediction.perhaps),
        "reboot_reasons": [*prediction.rebooting, *prediction.perhaps],
    }


def _warn_of_kept_values(
    plan: _Plan, phones: list[WantedPhone], problems: InputProblems, *, reset_undeclared: bool
) -> None:
    """Without overwrite_mode what is no longer declared stays in the phone (yealink.md 0.3, 1.3)."""
    for phone in phones:
        name = f"{phone.mac}.cfg"
        if name not in plan.have:
            continue
        if phone.firmware < STATIC_SINCE:
            keeps = f"firmware V{phone.firmware} keeps the old value"
        elif not reset_undeclared:
            keeps = "the phone keeps the old value, because reset_undeclared is false"
        else:
            continue
        kept = _no_longer_set(plan.have[name], plan.want[name])
        if kept:
            problems.warn(f"{', '.join(kept)}: no longer declared, but {keeps}. Set %NULL% to reset it", phone.mac)


def _no_longer_set(before: ServedFile, after: ServedFile) -> list[str]:
    """Names of the old file. One that new firmware only spells in another way is still set (yealink.md 1.5)."""
    still = {name.removeprefix("static.") for name, _value in _assignments(after)}
    return sorted({name for name, _value in _assignments(before) if name.removeprefix("static.") not in still})


def _warn(problems: InputProblems, context: RunContext) -> None:
    for text in problems.warning_texts():
        context.warn(text)


def _diff(plan: _Plan, directory: str) -> list[dict[str, str]]:
    entries = []
    for change in plan.changes:
        before = change.before.text if change.before else ""
        after = change.after.text if change.after else ""
        path = os.path.join(directory, change.name)
        entry = {"before": masked(before), "after": masked(after, before), "before_header": path, "after_header": path}
        if change.before and change.after and before == after:
            entry["before"], entry["after"] = (_described(file) for file in (change.before, change.after))
        entries.append(entry)
    return entries


def _described(file: ServedFile) -> str:
    """Owner, group and mode, where only those change."""
    attributes = file.attributes
    parts = {"mode": f"{attributes.mode:04o}", "owner": attributes.owner, "group": attributes.group}
    return "".join(f"{key}: {value}\n" for key, value in parts.items() if value is not None)
