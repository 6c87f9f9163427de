# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applying configuration files to settings, in the order of yealink.md 4.6. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lab.phones import cfg
from lab.phones.report import shown
from lab.phones.state import FACTORY_PASSWORDS
from lab.phones.table import Known, KnownNames, is_static, placeholders
from lab.phones.values import password_problem, why_refused

USER_PASSWORD = ("static.security.user_password", "security.user_password")
_UNDEFINED_BLANK = "blank without overwrite_mode=1 is undefined (yealink.md 1.1)"


@dataclass
class Outcome:
    """The settings after the files, and what became of each line."""

    settings: dict[str, str]
    passwords: dict[str, str]
    assigned: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)


def apply_files(
    names: KnownNames,
    settings: Mapping[str, str],
    passwords: Mapping[str, str],
    files: Sequence[tuple[str, bytes]],
    *,
    overwrite: bool = False,
    resettable: Sequence[str] | None = None,
) -> Outcome:
    """Apply files one after the other; later lines and files win.

    With overwrite, what the files leave out goes back to factory default: everything, or only `resettable`.
    """
    parsed, refused, malformed_file = _read(files)
    # A file that was rejected must not make the phone forget what stands in it.
    overwrite = overwrite and not malformed_file
    outcome = Outcome(dict(settings), dict(passwords), refused=refused)
    if overwrite:
        _reset(outcome, resettable)
    user_passwords: list[tuple[Known, str]] = []
    for name, value in parsed:
        known = names.find(name)
        if known is None:
            _once(outcome.ignored, name)
        elif known.parameter.name in USER_PASSWORD:
            user_passwords.append((known, value))
        else:
            _assign(outcome, known, value, settings, overwrite)
    # After the rest: where a login name changes, the new name is the one to use (yealink.md 2.2).
    for known, value in user_passwords:
        _assign_password(outcome, known, value, passwords)
    return outcome


def login_names(settings: Mapping[str, str]) -> dict[str, str]:
    """Role -> login name."""
    return {
        role: settings.get(f"static.security.user_name.{role}", settings.get(f"security.user_name.{role}", role))
        for role in FACTORY_PASSWORDS
    }


def overlay_local(outcome: Outcome, local: Mapping[str, str]) -> list[str]:
    """Put local changes over the files' values (protect = 1). Returns the names the files could not set."""
    kept = [key for key, value in local.items() if key in outcome.assigned and outcome.settings.get(key) != value]
    outcome.settings.update({key: value for key, value in local.items() if not is_static(placeholders(key)[0])})
    return kept


def _read(files: Sequence[tuple[str, bytes]]) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]], bool]:
    assignments: list[tuple[str, str]] = []
    refused: list[tuple[str, str, str]] = []
    rejected = False
    for file, content in files:
        try:
            parsed = cfg.parse(content)
        except cfg.NotAConfiguration as error:
            refused.append((file, "", str(error)))
            rejected = True
            continue
        assignments += parsed.assignments
        # The line itself is not shown: it may be a piece of a password.
        refused += [(f"{file}:{number}", "", "not of the form name = value") for number in parsed.malformed]
    return assignments, refused, rejected


def _reset(outcome: Outcome, resettable: Sequence[str] | None) -> None:
    for key in list(outcome.settings):
        if resettable is None or key in resettable:
            del outcome.settings[key]
    for role in FACTORY_PASSWORDS:
        if resettable is None or any(f"{name}[{role}]" in resettable for name in USER_PASSWORD):
            outcome.passwords[role] = FACTORY_PASSWORDS[role]


def _assign(outcome: Outcome, known: Known, value: str, before: Mapping[str, str], overwrite: bool) -> None:
    key, parameter = known.key, known.parameter
    if value == "%NULL%" or (value == "" and overwrite):
        outcome.settings.pop(key, None)
        _once(outcome.assigned, key)
        return
    problem = _UNDEFINED_BLANK if value == "" else None
    if value == "%EMPTY%":  # seen in templates for "empty"; the vendor's definition was not found
        value = ""
    elif problem is None:
        problem = why_refused(parameter, value)
    if problem is None:
        outcome.settings[key] = value
        _once(outcome.assigned, key)
        return
    outcome.refused.append((key, shown(parameter, value), problem))
    if key in before and key not in outcome.assigned:
        outcome.settings[key] = before[key]  # the previous value is kept, also under overwrite


def _assign_password(outcome: Outcome, known: Known, value: str, before: Mapping[str, str]) -> None:
    problem = password_problem(value)
    user, _colon, password = value.partition(":")
    role = next((role for role, name in login_names(outcome.settings).items() if name == user), None)
    if problem is None and role is None:
        problem = "no such user on this phone"
    if problem or role is None:
        outcome.refused.append((known.key, shown(known.parameter, value), problem or ""))
        if role and f"{known.key}[{role}]" not in outcome.assigned:
            outcome.passwords[role] = before[role]
        return
    outcome.passwords[role] = password
    _once(outcome.assigned, f"{known.key}[{role}]")


def _once(items: list[str], item: str) -> None:
    if item not in items:
        items.append(item)
