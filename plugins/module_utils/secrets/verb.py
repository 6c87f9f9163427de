# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the module credentials."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Cipher,
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.masking import MASK
from ansible_collections.voipsec.hardening.plugins.module_utils.reconcile import diff_entry
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import generate, policy, store
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.book import FIELDS, Book, Changes, Request, plan

ARGUMENT_SPEC: dict[str, Any] = {
    "path": {"type": "path", "required": True},
    "extensions": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "number": {"type": "str", "required": True},
            "generation": {"type": "int"},
        },
    },
    "password_length": {"type": "int", "default": 20, "no_log": False},
    "pin_length": {"type": "int", "default": 6, "no_log": False},
    "generation": {"type": "int", "default": 1},
    "rotate": {"type": "list", "elements": "str", "default": []},
    "confirm": {"type": "list", "elements": "str", "default": []},
    "remove_orphaned": {"type": "bool", "default": False},
}
ALL = "all"


def run(params: Params, context: RunContext) -> Outcome:
    """Read, plan, write if anything changes. See the module's documentation for the result."""
    cipher = context.cipher
    if cipher is None:
        raise HardeningError("the credentials file is kept on the controller, where the play's vault secrets are.")
    request = _request(params)
    path: str = params["path"]
    if context.check_mode:
        before, after, changes = _planned(path, params, request, cipher)
    else:
        with store.locked(path):
            before, after, changes = _planned(path, params, request, cipher)
            if changes.any:
                store.save(path, after, cipher)
            elif not store.mode_is_private(path):
                os.chmod(path, store.MODE)
    result = {
        "path": path,
        "created": list(changes.created),
        "rotated": list(changes.rotated),
        "confirmed": list(changes.confirmed),
        "removed": list(changes.removed),
        "orphaned": list(changes.orphaned),
        "unchanged": list(changes.unchanged),
        "unconfirmed": sorted(number for number, entry in after.extensions.items() if entry.previous is not None),
        "mode_corrected": not before[1],
    }
    changed = changes.any or not before[1]
    return Outcome(changed, result, [_diff(path, before[0], after, changes)] if changed else [])


def _planned(path: str, params: Params, request: Request, cipher: Cipher) -> tuple[tuple[Book, bool], Book, Changes]:
    private = store.mode_is_private(path)
    before = store.load(path, cipher) or Book()

    def make(number: str) -> Any:
        return generate.extension_secrets(number, params["password_length"], params["pin_length"])

    after, changes = plan(before, request, make, generate.provisioning_password)
    return (before, private), after, changes


def _request(params: Params) -> Request:
    problems = []
    if not policy.SIP_PASSWORD.allow(params["password_length"]):
        problems.append(
            f"password_length: {params['password_length']} is not {policy.SIP_PASSWORD}, which is what all "
            "supported PBXs take."
        )
    if not policy.PIN.allow(params["pin_length"]):
        problems.append(f"pin_length: {params['pin_length']} is not {policy.PIN} digits.")
    generations: dict[str, int] = {}
    for position, entry in enumerate(params["extensions"]):
        number = entry["number"]
        generation = entry.get("generation") or params["generation"]
        if not number.isdigit():
            problems.append(f"extensions[{position}].number: {number!r} is not digits, such as '201'.")
        if number in generations:
            problems.append(f"extensions[{position}].number: {number!r} stands there twice.")
        if generation < 1:
            problems.append(f"extensions[{position}].generation: {generation} is not a number from 1 up.")
        generations[number] = generation
    rotate, confirm = (_chosen(params[name], name, generations, problems) for name in ("rotate", "confirm"))
    if problems:
        raise HardeningError("\n".join(problems))
    return Request(generations, rotate, confirm, params["remove_orphaned"])


def _chosen(numbers: list[str], option: str, declared: dict[str, int], problems: list[str]) -> list[str]:
    if numbers == [ALL]:
        return list(declared)
    problems.extend(
        f"{option}: {number!r} is not a declared extension; the word {ALL!r} alone means every one."
        for number in numbers
        if number not in declared
    )
    return numbers


def _diff(path: str, before: Book, after: Book, changes: Changes) -> dict[str, str]:
    """Which extensions and fields change; values stand as masks on both sides."""

    def shown(book: Book, changed: tuple[str, ...]) -> dict[str, Any]:
        lines: dict[str, Any] = {}
        for number in sorted({*changes.created, *changes.rotated, *changes.confirmed, *changes.removed}):
            entry = book.extensions.get(number)
            if entry is None:
                continue
            mark = f"{MASK} (changed)" if number in changed else MASK
            lines[f"extension {number}"] = {
                "generation": entry.generation,
                **dict.fromkeys(FIELDS, mark),
                "previous generation kept": entry.previous is not None,
            }
        if changes.provisioning_password and book.provisioning_password:
            lines["provisioning_password"] = MASK
        return lines

    return diff_entry(path, shown(before, ()), shown(after, changes.rotated))


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, controller_only=True)
