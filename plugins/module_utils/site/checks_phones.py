# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phones of a declaration the phones' own module would refuse, said in the user's words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration, Phone
from ansible_collections.voipsec.hardening.plugins.module_utils.site.phones import compile_template_phones
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.generation import (
    MODELS,
    Model,
    find_model,
    firmware_generation,
    foreign_prefix,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.input_problems import Findings
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.own_settings import checked
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import Credentials, wanted_phones

MAX_SUGGESTED = 3
LIKENESS = 0.5
OTHER_MAKES = (
    ("SNOM", "D1", "D3", "D7", "D8", "D7"), ("GRP", "GXP", "GXV"), ("VVX", "EDGE", "SOUNDPOINT"), ("SPA", "CP-"),
)  # fmt: skip
"""Beginnings of the models of Snom, Grandstream, Poly and Cisco. None of Yealink's begins so."""
DECLARED_AS = {
    "dot1x": "phone_policy.dot1x",
    "lock": "phone_policy.lock",
    "vlan": "phone_policy.vlan",
    "trusted_certificate": "phone_policy.trusted_certificate",
    "blocked_beginnings": "barred_numbers",
    "provisioning": "provisioning",
    "settings": "yealink_settings",
    "secret_settings": "yealink_secret_settings",
}
"""First words of what the phones' module says, and the variables that they are about."""


def phone_problems(declaration: Declaration, inventory: Inventory) -> Iterator[Problem]:
    """Models, firmware, and whatever else of a phone's files cannot be made."""
    sound: list[tuple[str, str]] = []
    for position, extension in enumerate(declaration.extensions):
        if extension.phone:
            path = f"extensions[{position}].phone"
            found = list(_model_problems(path, extension.phone))
            yield from found
            if not found:
                sound.append((path, extension.phone.mac))
    if sound and declaration.provisioning:
        yield from _file_problems(declaration, inventory, {mac: path for path, mac in sound})


def _model_problems(path: str, phone: Phone) -> Iterator[Problem]:
    try:
        model = find_model(phone.model)
    except HardeningError:
        yield problem(f"{path}.model", phone.model, _unknown_model(phone))
        return
    if phone.firmware is None:
        return
    try:
        firmware_generation(phone.firmware)
    except HardeningError as error:
        yield problem(f"{path}.firmware", phone.firmware, _reason(error, phone.firmware))
        return
    prefix = foreign_prefix(model, phone.firmware)
    if prefix:
        text = f"is no firmware of a {model.name}, which has {prefix}; {_of_this_firmware(model, phone.firmware)}"
        yield problem(f"{path}.firmware", phone.firmware, text)


def _reason(error: HardeningError, firmware: str) -> str:
    """Without the value that the problem shows before it."""
    text = error.message.rstrip(".").removeprefix(f"firmware {firmware}: ").removeprefix(f"firmware {firmware!r} ")
    return text if text.startswith("is ") else f"is not supported: {text}"


def _unknown_model(phone: Phone) -> str:
    name = phone.model.strip().upper().removeprefix("SIP-")
    if name.startswith(tuple(beginning for make in OTHER_MAKES for beginning in make)):
        return "is not a Yealink phone, and phones of other makes are not supported; leave out phone for this extension"
    same = [model for model in MODELS if model.startswith(name)] if len(name) > 2 else []
    near = (same or difflib.get_close_matches(name, MODELS, n=MAX_SUGGESTED, cutoff=LIKENESS))[:MAX_SUGGESTED]
    hint = f"; did you mean {_either(near)}?" if near else "; use the name on its label, such as T46U"
    return f"is not a known model of Yealink{hint}"


def _of_this_firmware(model: Model, firmware: str) -> str:
    """The models that the firmware may have been copied from, those most like this one first."""
    prefix = firmware.strip().split(".")[0]
    names = [name for name, other in MODELS.items() if prefix in other.prefixes]
    near = difflib.get_close_matches(model.name, names, n=MAX_SUGGESTED, cutoff=0) or names[:MAX_SUGGESTED]
    hint = f", or is the phone a {_either(near)}?" if near else ""
    return f"copy it from the phone's status page{hint}"


def _either(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _file_problems(declaration: Declaration, inventory: Inventory, paths: Mapping[str, str]) -> Iterator[Problem]:
    """One phone of each kind is enough: the rest of what they share would be said again of each."""
    kinds: dict[str, dict[str, Any]] = {}
    for phone in compile_template_phones(declaration):
        if phone["mac"] in paths:
            own = {name: value for name, value in phone.items() if name not in ("mac", "accounts")}
            kinds.setdefault(repr((own, len(phone["accounts"]))), phone)
    findings = Findings()
    options = _options(inventory)
    secrets = {str(name): Secret(str(value)) for name, value in options.get("yealink_secret_settings", {}).items()}
    credentials = Credentials(settings=secrets)
    for phone in wanted_phones(list(kinds.values()), credentials, (), findings, placeholders=True):
        list(checked(phone, options.get("yealink_settings", {}), {}, secrets, findings))
    for text, macs in findings.errors.items():
        where = next((paths[mac] for mac in macs if mac in paths), "extensions[].phone")
        first = text.replace(":", ".").replace(" ", ".").split(".")[0]
        yield Problem(DECLARED_AS.get(first, where), "", text)


def _options(inventory: Inventory) -> dict[str, dict[str, Any]]:
    """The role's own settings of the hosts that the phones' files are written to."""
    found: dict[str, dict[str, Any]] = {}
    for variables in inventory.variables.values():
        for name in ("yealink_settings", "yealink_secret_settings"):
            if isinstance(variables.get(name), dict):
                found.setdefault(name, {}).update(variables[name])
    return found
