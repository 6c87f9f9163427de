# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installer's own parameters (options settings and secret_settings), checked and merged into the baseline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import EMERGENCY
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET, Setting, value_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.dial_patterns import matches
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.input_problems import InputProblems
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import (
    first_firmware,
    is_secret,
    judge_name,
    judge_value,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.settings_by_firmware import translate
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import WantedPhone

OWN_SETTINGS = "Own settings"
_MAY_BE_CHANGED = re.compile(r"dialplan\.emergency\.server\.1\.\w+")
"""Of the emergency settings, only where such calls go."""


def as_text(name: str, value: Any, mac: str, problems: InputProblems) -> str | None:
    """The value as it stands in the file; YAML's yes and no are 1 and 0."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (str, int)):
        return str(value)
    problems.error(f"settings: {name} must be a text or a number; write {RESET} for the factory default", mac)
    return None


def checked(
    phone: WantedPhone,
    common: Mapping[str, Any],
    own: Mapping[str, Any],
    secret: Mapping[str, Secret],
    problems: InputProblems,
) -> Iterator[Setting]:
    """The installer's parameters for one phone as its firmware spells them, without those that were refused.

    ``common`` and ``secret`` are for all phones: what a phone's firmware lacks is left out there, with a warning.
    ``own`` is for this phone and wins; what does not fit it is an error.
    """
    plain: dict[str, str] = {}
    for name, raw in {**common, **own}.items():
        if is_secret(str(name)):
            problems.error(f"settings: {name} is a secret: write it under secret_settings", phone.mac)
            continue
        value = as_text(str(name), raw, phone.mac, problems)
        if value is not None:
            plain[str(name)] = value
    for name, value in _for_firmware("settings", plain, set(own), phone, problems):
        if _accepted("settings", name, value, phone, problems):
            yield Setting(name, value, OWN_SETTINGS)
    hidden = {}
    for name, wrapped in secret.items():
        if not is_secret(name):
            problems.error(f"secret_settings: {name} is not a secret: write it under settings, where it is shown")
        elif _comes_from_credentials(name, phone):
            problems.error(f"secret_settings: {name} comes from the credentials file and cannot be set here")
        else:
            hidden[name] = wrapped.reveal()
    for name, value in _for_firmware("secret_settings", hidden, set(), phone, problems):
        if _accepted("secret_settings", name, value, phone, problems):
            yield Setting(name, value, OWN_SETTINGS)


def _for_firmware(
    option: str, declared: Mapping[str, str], own: set[str], phone: WantedPhone, problems: InputProblems
) -> Iterator[tuple[str, str]]:
    translated = translate(declared, phone.firmware, len(phone.accounts))
    for name, why in translated.uncertain.items():
        problems.warn(f"{option}: {name}: {why}", phone.mac)
    for name, why in translated.left_out.items():
        tell = problems.error if name in own else problems.warn
        tell(f"{option}: {name} is left out: {why}", phone.mac)
    for name, value in translated.settings.items():
        since = first_firmware(name, documented=True)
        if phone.firmware < since and name not in own:
            text = f"{name} came with V{since} and is not sent to firmware V{phone.firmware}"
            problems.warn(f"{option}: {text}", phone.mac)
            continue
        yield name, value


def merged(
    baseline: Sequence[Setting], own: Sequence[Setting], phone: WantedPhone, problems: InputProblems
) -> tuple[Setting, ...]:
    """Own settings take the place of the baseline's of the same name; the rest follow in the order of their names."""
    replacing = {setting.name: setting for setting in own}
    result = []
    for setting in baseline:
        own_setting = replacing.pop(setting.name, None)
        if own_setting is None or own_setting.value == setting.value:
            result.append(setting)
            continue
        if _bars_emergency(own_setting, phone):
            problems.error(f"settings: {setting.name} would bar an emergency number", phone.mac)
            continue
        if setting.section == EMERGENCY and not _keeps_emergency_calls(own_setting, setting, problems, phone):
            continue
        if not is_secret(setting.name):
            problems.warn(
                f"settings: {setting.name} = {own_setting.value} replaces the hardened {setting.value}", phone.mac
            )
        result.append(Setting(setting.name, own_setting.value, setting.section))
    for name in sorted(replacing):
        if _bars_emergency(replacing[name], phone):
            problems.error(f"settings: {name} would bar an emergency number", phone.mac)
        result.append(replacing[name])
    return tuple(result)


def _accepted(option: str, name: str, value: str, phone: WantedPhone, problems: InputProblems) -> bool:
    verdict = judge_name(name, phone.firmware, phone.model.accounts)
    if verdict.error is None:
        problem = value_problem(value)
        if problem:
            problems.error(f"{option}: {name} {problem}", phone.mac)
            return False
        if verdict.warning:
            problems.warn(f"{option}: {verdict.warning}", phone.mac)
        verdict = judge_value(name, value, phone.firmware)
    if verdict.warning:
        problems.warn(f"{option}: {verdict.warning}", phone.mac)
    if verdict.error:
        problems.error(f"{option}: {verdict.error}", phone.mac)
    return verdict.error is None


def _comes_from_credentials(name: str, phone: WantedPhone) -> bool:
    bare = name.removeprefix("static.")
    if bare in ("security.user_password", "auto_provision.server.password"):
        return True
    account = re.fullmatch(r"account\.([0-9]+)\.(password|auth_name)", bare)
    return account is not None and 1 <= int(account[1]) <= len(phone.accounts)


def _keeps_emergency_calls(own: Setting, hardened: Setting, problems: InputProblems, phone: WantedPhone) -> bool:
    if own.value != RESET and _MAY_BE_CHANGED.fullmatch(own.name):
        return True
    if own.name == "phone_setting.emergency.number" and set(phone.emergency_numbers) <= set(own.value.split(",")):
        return True
    problems.error(
        f"settings: {own.name} must stay {hardened.value}: "
        f"emergency numbers ({', '.join(phone.emergency_numbers)}) are always dialable",
        phone.mac,
    )
    return False


def _bars_emergency(setting: Setting, phone: WantedPhone) -> bool:
    """Whether a number that may not be dialled is an emergency number."""
    if not re.fullmatch(r"dialplan\.block_out\.number\.[0-9]+", setting.name) or setting.value == RESET:
        return False
    return any(matches(setting.value, number) for number in phone.emergency_numbers)
