# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would be refused for compiled phones, without a directory, a server or a phone. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import baseline, lock_doubts
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import Setting
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.input_problems import InputProblems
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.own_settings import checked, merged
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_spec import PHONE_OPTIONS
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.template_block import block_settings, left_out
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import (
    NO_CREDENTIALS,
    Credentials,
    normal_mac,
    wanted_phones,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_parts import DOT1X_NAME, PLACEHOLDER
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import WantedPhone

Declared = Mapping[str, Any]

_PLAYED_BY_THE_PBX = {"provisioning": {"url": "https://the.pbx/", "access": "none"}, "dot1x": None}
"""In the PBX's template neither is ours: the PBX owns the address, and a shared text can hold no password."""
_ONE_OF_EACH_FIRMWARE: list[Declared] = [
    {
        "mac": f"0015650000{firmware}",
        "model": "T46G",
        "firmware": f"28.{firmware}.0.1",
        "accounts": [{"number": "200", "server": "the.pbx"}],
        "provisioning": {"url": "https://the.pbx/"},
    }
    for firmware in (73, 80, 81, 83, 86)
]


def check_phones(
    phones: Sequence[Declared],
    *,
    settings: Declared | None = None,
    action_uri_from: Sequence[str] = (),
    in_template: bool = False,
) -> InputProblems:
    """Everything that yealink_config, or phone_block with ``in_template``, would refuse or warn of.

    ``phones`` are compiled ones, as `lookup('voipsec.hardening.desired', 'phones')` or `'template_phones'` gives them;
    ``settings`` and ``action_uri_from`` are the module's options. Credentials and secret settings are taken to be there
    and valid. Nothing is raised: each text of ``errors`` and ``warnings`` comes with the MAC addresses it is true of.
    """
    problems = InputProblems()
    try:
        if in_template:
            _check_template(phones, problems)
        else:
            valid = _validated(phones)
            wanted = wanted_phones(valid, _stand_ins(valid), action_uri_from, problems, placeholders=True)
            own = {normal_mac(phone["mac"]) or "": phone["settings"] or {} for phone in valid}
            plan_settings(wanted, settings or {}, own, {}, problems)
    except HardeningError as error:
        for line in error.message.splitlines():
            problems.error(line.rstrip("."))
    return problems


def plan_settings(
    phones: Sequence[WantedPhone],
    common: Declared,
    own: Mapping[str, Declared],
    secret: Mapping[str, Secret],
    problems: InputProblems,
) -> dict[str, tuple[Setting, ...]]:
    """Each phone's settings by MAC address: the baseline with the installer's own merged in."""
    planned = {}
    for phone in phones:
        mine = list(checked(phone, common, own[phone.mac], secret, problems))
        planned[phone.mac] = merged(baseline(phone), mine, phone, problems)
        replaced = {setting.name for setting in mine}
        for name, why in lock_doubts(phone).items():
            if name not in replaced:
                problems.warn(f"phones: lock.keys: {name}: {why}", phone.mac)
    return planned


def phones_without_credentials(declared: Sequence[Declared]) -> list[WantedPhone]:
    """Compiled phones, for settings that hold no secret. Without any, one of each firmware. Raises HardeningError."""
    problems = InputProblems()
    wanted = _template_phones(declared, problems)
    problems.stop_on_errors()
    return wanted


def _template_phones(declared: Sequence[Declared], problems: InputProblems) -> list[WantedPhone]:
    phones = [{**phone, **_PLAYED_BY_THE_PBX} for phone in _validated(declared or _ONE_OF_EACH_FIRMWARE)]
    return wanted_phones(phones, Credentials(), (), problems, placeholders=True)


def _check_template(phones: Sequence[Declared], problems: InputProblems) -> None:
    found = InputProblems()
    wanted = _template_phones(phones, found)
    problems.errors.update(found.errors)  # its warnings are of provisioning and credentials, which are the PBX's
    for text in left_out(wanted):
        problems.warn(text.rstrip("."))
    block_settings(wanted, certificates=True)


def _validated(phones: Sequence[Declared]) -> list[dict[str, Any]]:
    spec = {"phones": {"type": "list", "elements": "dict", "options": PHONE_OPTIONS}}
    outcome = ArgumentSpecValidator(spec).validate({"phones": [dict(phone) for phone in phones]})
    if outcome.error_messages:
        raise HardeningError("\n".join(outcome.error_messages))
    valid: list[dict[str, Any]] = outcome.validated_parameters["phones"]
    return valid


def _stand_ins(phones: Sequence[Declared]) -> Credentials:
    numbers = {account["number"] for phone in phones for account in phone["accounts"]}
    secret_settings = {f"static.{DOT1X_NAME}": PLACEHOLDER, "base.pin_code": PLACEHOLDER}
    return Credentials(dict.fromkeys(numbers, NO_CREDENTIALS), PLACEHOLDER, secret_settings)
