# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probe targets that must answer, or stay silent, before a change is saved. The probes leave from where the module
runs."""

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


def targets_from(entries: Sequence[Mapping[str, Any]]) -> list[Target]:
    """The option ``proof_targets``, before anything is sent. Raises HardeningError for what is no single address."""
    allowed = allowed_addresses([str(entry["host"]) for entry in entries])
    targets = read_targets("proof_targets", entries, allowed, system_resolver)
    check_count(targets)
    if targets and all(target.expect == SILENT for target in targets):
        raise HardeningError(
            "proof_targets: every target is expected to be silent, and a dead line is silent too. Add one with expect: "
            "answered."
        )
    return targets


def not_as_declared(targets: Sequence[Target]) -> list[str]:
    """Probe all of them at once, without checking certificates; what is not as expected, in words."""
    if not targets:
        return []
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

    def probe(target: Target) -> Evidence:
        return ask(target, SETTINGS, context)

    with ThreadPoolExecutor(max_workers=len(targets)) as pool:
        found = list(pool.map(probe, targets))
    return [
        f"{target.door} is {evidence.state} ({evidence.detail}); expected {target.expect}"
        for target, evidence in zip(targets, found, strict=True)
        if evidence.state != target.expect
    ]
