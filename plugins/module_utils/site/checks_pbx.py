# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a 3CX or a Yeastar would refuse, said in the user's words before it is reached."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, problem
from ansible_collections.voipsec.hardening.plugins.module_utils.site.yeastar import compile_yeastar

LONGEST_YEASTAR_NUMBER = 7


def pbx_problems(declaration: Declaration, inventory: Inventory) -> Iterator[Problem]:
    """Of the PBX that the inventory has."""
    product = declaration.pbx.product
    if inventory.hosts("threecx") and product not in (None, "threecx"):
        text = "is declared, but the inventory has a host in the group threecx; threecx is needed, or the group yeastar"
        yield problem("pbx.product", product, text)
    if inventory.hosts("yeastar"):
        yield from _yeastar_problems(declaration)


def _yeastar_problems(declaration: Declaration) -> Iterator[Problem]:
    try:
        compile_yeastar(declaration)
    except HardeningError as error:
        variable, _colon, text = error.message.rstrip(".").partition(": ")
        yield Problem(variable, "", text)
    for position, extension in enumerate(declaration.extensions):
        if len(extension.number) > LONGEST_YEASTAR_NUMBER:
            text = f"is too long; a Yeastar takes 1 to {LONGEST_YEASTAR_NUMBER} digits"
            yield problem(f"extensions[{position}].number", extension.number, text)
