# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doors that must answer, or keep silent, before a change is saved: knocked at from where the module runs."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import (
    SILENT,
    Evidence,
    Settings,
    Target,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.probe import VERSION
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.targets import (
    allowed_addresses,
    check_count,
    read_targets,
    system_resolver,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.transport import ask

SETTINGS = Settings(timeout=8.0, retransmissions=4, user_agent=f"voipsec-site-audit/{VERSION}")


def doors_from(entries: Sequence[Mapping[str, Any]]) -> list[Target]:
    """The option ``proof_doors``, before anything is sent. Raises HardeningError for what is no single address."""
    allowed = allowed_addresses([str(entry["host"]) for entry in entries])
    doors = read_targets("proof_doors", entries, allowed, system_resolver)
    check_count(doors)
    if doors and all(door.expect == SILENT for door in doors):
        raise HardeningError(
            "proof_doors: every door is expected to be silent, and a dead line is silent too; name one with expect: "
            "answered as well."
        )
    return doors


def not_as_declared(doors: Sequence[Target]) -> list[str]:
    """Knock at all of them at once; what is not as expected, in words. A certificate is not looked at here."""
    if not doors:
        return []
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

    def knock(door: Target) -> Evidence:
        return ask(door, SETTINGS, context)

    with ThreadPoolExecutor(max_workers=len(doors)) as pool:
        found = list(pool.map(knock, doors))
    return [
        f"{door.door} is {evidence.state} ({evidence.detail}), and {door.expect} was expected"
        for door, evidence in zip(doors, found, strict=True)
        if evidence.state != door.expect
    ]
