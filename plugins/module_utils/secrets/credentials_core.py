# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the module credentials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Cipher,
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import diff_entry
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import generate, policy, vault_file
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    FIELDS,
    Changes,
    CredentialStore,
    ExtensionSecrets,
    Request,
    plan,
    serialise,
)

ARGUMENT_SPEC: dict[str, Any] = {
    "path": {"type": "path", "required": True},
    "extensions": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "number": {"type": "str", "required": True},
            "name": {"type": "str", "default": ""},
            "generation": {"type": "int"},
        },
    },
    "password_length": {"type": "int", "default": policy.PASSWORD_LENGTH, "no_log": False},
    "pin_length": {"type": "int", "default": policy.PIN_LENGTH, "no_log": False},
    "generation": {"type": "int", "default": 1},
    "rotate": {"type": "list", "elements": "str", "default": []},
    "confirm": {"type": "list", "elements": "str", "default": []},
    "revert": {"type": "list", "elements": "str", "default": []},
    "remove_orphaned": {"type": "bool", "default": False},
}
ALL = "all"


class Before(NamedTuple):
    """What was found."""

    book: CredentialStore
    too_wide_mode: int | None
    """The file's mode where others than its owner may use it."""


def run(params: Params, context: RunContext) -> Outcome:
    """Read, plan, write if anything changes. See the module's documentation for the result."""
    cipher = context.cipher
    if cipher is None:
        raise HardeningError(
            "the credentials file can be used on the controller only, where the play's vault secrets are."
        )
    request = _request(params)
    path: str = params["path"]
    if context.check_mode:
        before, after, changes = _planned(path, params, request, context, cipher)
        if changes.any:
            cipher.encrypt(serialise(after))  # a missing vault secret is reported now, not by the real run
    else:
        with vault_file.locked(path):
            before, after, changes = _planned(path, params, request, context, cipher)
            if changes.any:
                vault_file.save(path, after, cipher)
            elif before.too_wide_mode is not None:
                vault_file.make_private(path)
    weak = _weak(after, params)
    if weak:
        context.warn(
            "existing credentials break today's rules, for example a PIN that is the extension number: "
            f"{', '.join(weak)}. Rotate them."
        )
    result = {
        "path": path,
        "created": list(changes.created),
        "rotated": list(changes.rotated),
        "confirmed": list(changes.confirmed),
        "completed": list(changes.completed),
        "reverted": list(changes.reverted),
        "removed": list(changes.removed),
        "orphaned": list(changes.orphaned),
        "unchanged": list(changes.unchanged),
        "unconfirmed": sorted(number for number, entry in after.extensions.items() if entry.previous is not None),
        "weak": weak,
        "mode_corrected": before.too_wide_mode is not None,
    }
    changed = changes.any or before.too_wide_mode is not None
    return Outcome(changed, result, [_diff(path, before, after, changes)] if changed else [])


def _planned(
    path: str, params: Params, request: Request, context: RunContext, cipher: Cipher
) -> tuple[Before, CredentialStore, Changes]:
    mode = vault_file.too_wide_mode(path)
    book = vault_file.load(path, cipher) or CredentialStore()
    context.masker.add(*book.secrets())
    names = _names(params)

    def make(number: str, used: Sequence[ExtensionSecrets]) -> ExtensionSecrets:
        lengths = params["password_length"], params["pin_length"]
        return generate.extension_secrets(number, *lengths, names[number], used=used)

    after, changes = plan(book, request, make, generate.provisioning_password)
    context.masker.add(*after.secrets())
    return Before(book, mode), after, changes


def _names(params: Params) -> dict[str, str]:
    return {entry["number"]: entry.get("name") or "" for entry in params["extensions"]}


def _weak(book: CredentialStore, params: Params) -> list[str]:
    """Declared extensions whose credentials, edited by hand or made under older rules, would not be made today."""
    names = _names(params)
    return sorted(
        number
        for number, name in names.items()
        if (secrets := book.extensions[number].current)
        and (
            policy.password_problems(secrets.sip_password.reveal(), policy.SIP_PASSWORD, number, name)
            or policy.pin_problems(secrets.voicemail_pin.reveal(), number)
            or any(
                policy.password_problems(password.reveal(), policy.PHONE_PASSWORD, number, name)
                for password in (secrets.phone_admin_password, secrets.phone_user_password)
            )
        )
    )


def _request(params: Params) -> Request:
    problems = []
    if not policy.SIP_PASSWORD.allow(params["password_length"]):
        problems.append(
            f"password_length: {params['password_length']} is not {policy.SIP_PASSWORD}, the lengths that all "
            "supported PBXs accept."
        )
    if not policy.PIN.allow(params["pin_length"]):
        problems.append(f"pin_length: {params['pin_length']} is not {policy.PIN} digits.")
    generations: dict[str, int] = {}
    for position, entry in enumerate(params["extensions"]):
        number = entry["number"]
        generation = params["generation"] if entry.get("generation") is None else entry["generation"]
        if not policy.is_number(number):
            problems.append(f"extensions[{position}].number: {number!r} is not digits, such as '201'.")
        if number in generations:
            problems.append(f"extensions[{position}].number: {number!r} is listed twice.")
        if generation < 1:
            problems.append(f"extensions[{position}].generation: {generation} is not a whole number from 1 up.")
        generations[number] = generation
    rotate, confirm, revert = (
        _chosen(params[name], name, generations, problems) for name in ("rotate", "confirm", "revert")
    )
    both = [number for number in revert if number in (*rotate, *confirm)]
    if both:
        problems.append(f"revert: {both[0]!r} cannot be rotated or confirmed in the same task.")
    if problems:
        raise HardeningError("\n".join(problems))
    return Request(generations, rotate, confirm, revert, params["remove_orphaned"])


def _chosen(numbers: list[str], option: str, declared: dict[str, int], problems: list[str]) -> list[str]:
    if numbers == [ALL]:
        return list(declared)
    problems.extend(
        f"{option}: {number!r} is not a declared extension; the word {ALL!r} alone means every one."
        for number in numbers
        if number not in declared
    )
    return numbers


def _diff(path: str, before: Before, after: CredentialStore, changes: Changes) -> dict[str, str]:
    """Which extensions and fields change; values stand as masks on both sides."""
    old, new = _shown(before.book, changes, ()), _shown(after, changes, (*changes.rotated, *changes.reverted))
    if before.too_wide_mode is not None:
        old["mode"], new["mode"] = f"{before.too_wide_mode:04o}", f"{vault_file.MODE:04o}"
    return diff_entry(path, old, new)


def _shown(book: CredentialStore, changes: Changes, rotated: tuple[str, ...]) -> dict[str, Any]:
    lines: dict[str, Any] = {}
    touched = (
        changes.created,
        changes.rotated,
        changes.confirmed,
        changes.removed,
        changes.completed,
        changes.reverted,
    )
    for number in sorted(set().union(*touched)):
        entry = book.extensions.get(number)
        if entry is None:
            continue
        mark = f"{MASK} (changed)" if number in rotated else MASK
        lines[f"extension {number}"] = {
            "generation": entry.generation,
            **{name: mark for name in FIELDS if getattr(entry.current, name)},
            "previous generation kept": entry.previous is not None,
        }
    if changes.provisioning_password and book.provisioning_password:
        lines["provisioning_password"] = MASK
    return lines


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, controller_only=True)
