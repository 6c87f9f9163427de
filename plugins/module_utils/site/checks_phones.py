# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phones of a declaration the phones' own module would refuse, said in the user's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration, Phone
from ansible_collections.voipsec.hardening.plugins.module_utils.site.phones import compile_template_phones
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import (
    find_model,
    firmware_of,
    pair_problem,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_check import check_phones
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_parts import DOT1X_NAME

OTHER_MAKES = ("SNOM", "D1", "D3", "D7", "D8", "GRP", "GXP", "GXV", "VVX", "EDGE", "SOUNDPOINT", "SPA", "CP-")
"""Beginnings of the models of Snom, Grandstream, Poly and Cisco. None of Yealink's begins so."""
OF_ANOTHER_MAKE = (
    "is not a Yealink phone, and phones of other makes are not supported; leave out phone for this extension"
)
DECLARED_AS = {
    "dot1x": "phone_policy.dot1x",
    "lock": "phone_policy.lock",
    "vlan": "phone_policy.vlan",
    "trusted_certificate": "phone_policy.trusted_certificate",
    "blocked_beginnings": "barred_numbers",
    "provisioning": "provisioning",
    "settings": "yealink_settings",
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
    except HardeningError as error:
        text = OF_ANOTHER_MAKE if _is_of_another_make(phone.model) else _reason(error, f"model {phone.model!r} ")
        yield problem(f"{path}.model", phone.model, text)
        return
    if phone.firmware is None:
        return
    try:
        firmware_of(phone.firmware)
    except HardeningError as error:
        yield problem(f"{path}.firmware", phone.firmware, _reason(error, f"firmware {phone.firmware}: "))
        return
    pair = pair_problem(model, phone.firmware)
    if pair and pair.certain:
        yield problem(f"{path}.firmware", phone.firmware, pair.text.removeprefix(f"firmware {phone.firmware} "))


def _reason(error: HardeningError, beginning: str) -> str:
    """Without the value, which a problem shows before its text."""
    text = error.message.rstrip(".").removeprefix(beginning)
    return text if text.startswith("is ") else f"is not supported: {text}"


def _is_of_another_make(model: str) -> bool:
    return model.strip().upper().startswith(OTHER_MAKES)


def _file_problems(declaration: Declaration, inventory: Inventory, paths: Mapping[str, str]) -> Iterator[Problem]:
    """One phone of each kind is enough: the rest of what they share would be said again of each."""
    kinds: dict[str, dict[str, Any]] = {}
    for phone in compile_template_phones(declaration):
        if phone["mac"] in paths:
            own = {name: value for name, value in phone.items() if name not in ("mac", "accounts")}
            kinds.setdefault(repr((own, len(phone["accounts"]))), phone)
    by_pbx = declaration.provisioning is not None and declaration.provisioning.by == "pbx"
    found = check_phones(list(kinds.values()), settings=_option(inventory, "yealink_settings"), in_template=by_pbx)
    for text, macs in found.errors.items():
        where = next((paths[mac] for mac in macs if mac in paths), "extensions[].phone")
        first = text.replace(":", ".").replace(" ", ".").split(".")[0]
        yield Problem(DECLARED_AS.get(first, where), "", text)
    if not by_pbx:
        yield from _dot1x_has_a_password(declaration, inventory)


def _dot1x_has_a_password(declaration: Declaration, inventory: Inventory) -> Iterator[Problem]:
    """It is a setting of the role, because it is no part of the declaration."""
    dot1x = declaration.phone_policy.dot1x
    if dot1x is None or dot1x.method == "tls" or not inventory.variables:
        return
    if not any(str(name).endswith(DOT1X_NAME) for name in _option(inventory, "yealink_secret_settings")):
        text = f"needs a password: set yealink_secret_settings: {{static.{DOT1X_NAME}: ...}}, with its value in a vault"
        yield problem("phone_policy.dot1x.method", dot1x.method, text)


def _option(inventory: Inventory, name: str) -> dict[str, Any]:
    """A setting of the role, from any of the hosts that the phones' files may be written to."""
    found: dict[str, Any] = {}
    for variables in inventory.variables.values():
        value = variables.get(name)
        found |= value if isinstance(value, dict) else {}
    return found
