# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What devices would refuse, asked of each family's own pure planner and said in the user's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ansible_collections.voipsec.hardening.plugins.module_utils.site.checks_hosts import host_problems
from ansible_collections.voipsec.hardening.plugins.module_utils.site.checks_pbx import pbx_problems
from ansible_collections.voipsec.hardening.plugins.module_utils.site.checks_phones import phone_problems
from ansible_collections.voipsec.hardening.plugins.module_utils.site.checks_router import router_problems
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem

FAMILIES: tuple[Callable[[Declaration, Inventory], Iterator[Problem]], ...] = (
    router_problems,
    pbx_problems,
    phone_problems,
    host_problems,
)


def device_problems(declaration: Declaration, inventory: Inventory) -> Iterator[Problem]:
    """Every family of the inventory, and the phones of the declaration."""
    for family in FAMILIES:
        yield from family(declaration, inventory)
