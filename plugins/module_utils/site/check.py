# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole check of a site before any device is reached: its declaration, its inventory, and what its devices take."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site.checks_devices import device_problems
from ansible_collections.voipsec.hardening.plugins.module_utils.site.checks_inventory import (
    inventory_problems,
    inventory_warnings,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import VARIABLES, parse
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.near_names import variable_meant
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem


def check(
    values: Mapping[str, Any], today: datetime.date, inventory: Inventory
) -> tuple[Declaration | None, list[Problem]]:
    """The declaration, or None where a problem is more than a warning; and all problems.

    ``values`` are plain data by variable. What devices take is asked only of a declaration without mistakes.
    """
    declaration, found = parse(values, today)
    meant = _mistyped(inventory.names, values)
    problems = [item for item in found if item.value or item.variable not in meant.values()]
    problems += [
        Problem(name, "", f"there is no such variable, so it is not read; did you mean {known}?")
        for name, known in meant.items()
    ]
    problems += inventory_problems(inventory)
    if declaration:
        problems += device_problems(declaration, inventory)
        problems += inventory_warnings(inventory, declaration)
    problems = list(dict.fromkeys(problems))
    return (None if any(not item.warning for item in problems) else declaration), problems


def _mistyped(names: Iterable[str], values: Mapping[str, Any]) -> dict[str, str]:
    """Variables of the play that are named nearly as one that is not declared, each with that one."""
    missing = [name for name in VARIABLES if values.get(name) is None]
    found = {name: variable_meant(name, missing) for name in sorted(names) if name not in VARIABLES}
    return {name: known for name, known in found.items() if known}
