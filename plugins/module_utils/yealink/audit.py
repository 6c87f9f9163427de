# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What existing phone files do about security, whoever wrote them. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import RULES, Rule
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET, is_ours, parse
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.generation import (
    MOST_ACCOUNTS,
    NEWEST,
    STATIC_SINCE,
    find_model,
    firmware_generation,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.masked import masked_value
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import (
    judge_name,
    placeholders,
    table,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.reboot import effective

FACTORY_PASSWORDS = ("admin:admin", "user:user", "var:var")
"""yealink.md 2.2."""
UNVERIFIED = tuple(rule.name for rule in RULES if rule.since >= 86)
"""G8: their absence is no finding, since it is not known whether phones need them."""


def audit(files: Mapping[str, str], declared: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each <mac>.cfg, in the order of the names. ``declared`` are the task's phones by MAC address."""
    return [_audited(name, files[name], declared.get(name[:12])) for name in sorted(files) if name.endswith(".cfg")]


def _audited(name: str, text: str, phone: Mapping[str, Any] | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"mac": name[:12], "file": name, "ours": is_ours(text), "settings": {}, "findings": []}
    try:
        assignments = parse(text)
    except HardeningError as error:
        entry["findings"] = [{"parameter": "", "value": "", "problem": f"not a configuration file: {error.message}"}]
        return entry
    generation = _generation(phone, assignments)
    entry["generation"] = f"V{generation}"
    values = effective(assignments)
    entry["settings"] = _shown(values)
    entry["findings"] = [*_baseline_findings(dict(values), generation), *_other_findings(values, generation)]
    return entry


def _generation(phone: Mapping[str, Any] | None, assignments: list[tuple[str, str]]) -> int:
    """As declared; otherwise as the names in the file show."""
    if phone and phone.get("firmware"):
        return firmware_generation(phone["firmware"])
    if phone:
        return find_model(phone["model"]).newest
    return NEWEST if any(name.startswith("static.") for name, _value in assignments) else STATIC_SINCE - 1


def _shown(values: list[tuple[str, str]]) -> dict[str, str]:
    shown: dict[str, str] = {}
    for name, value in values:
        text = masked_value(name, value)
        shown[name] = f"{shown[name]} {text}" if name in shown else text
    return shown


def _baseline_findings(values: Mapping[str, str], generation: int) -> list[dict[str, str]]:
    found = []
    for rule in RULES:
        if not rule.since <= generation <= rule.until or rule.name in UNVERIFIED:
            continue
        name = rule.name if generation >= STATIC_SINCE else rule.name.removeprefix("static.")
        value = values.get(name, RESET)
        if (_default(name) if value in ("", RESET) else value) != rule.value:
            found.append(_finding(name, value, _wrong(rule, value)))
    return found


def _wrong(rule: Rule, value: str) -> str:
    state = (
        "is not set, and the factory default is not the hardened value"
        if value == RESET
        else "is not the hardened value"
    )
    return f"{rule.section}: {state} {rule.value}"


def _default(name: str) -> str:
    pattern, _indexes = placeholders(name)
    row = table().get(pattern)
    return row.default if row else ""


def _other_findings(values: list[tuple[str, str]], generation: int) -> list[dict[str, str]]:
    found = []
    for name, value in values:
        if value in FACTORY_PASSWORDS and name.endswith("security.user_password"):
            found.append(_finding(name, value, "a factory password"))
        if name == "features.action_uri_limit_ip" and value == "any":
            found.append(_finding(name, value, "any host may command the phone"))
        if name.endswith("auto_provision.server.url") and value.startswith(("http:", "tftp:", "ftp:")):
            found.append(_finding(name, value, "passwords travel in clear text"))
        error = judge_name(name, generation, MOST_ACCOUNTS).error
        if error:
            found.append(_finding(name, value, error))
    return found


def _finding(name: str, value: str, problem: str) -> dict[str, str]:
    return {"parameter": name, "value": masked_value(name, value), "problem": problem}
