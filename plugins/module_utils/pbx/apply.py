# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending a plan, one operation after the other, and saying how far it came if one fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Operation


def apply_all(send: Callable[[Operation], Any], operations: Sequence[Operation]) -> None:
    """All of them, in their order. What was done stays: every one makes the PBX stricter or lets a declared peer in."""
    for position, operation in enumerate(operations):
        try:
            send(operation)
        except HardeningError as error:
            done = [each.shown() for each in operations[:position]]
            text = (
                f"{error.message} {position} of {len(operations)} changes had been made and stay; run again to go on."
            )
            raise HardeningError(text, applied=done, failed=operation.shown()) from None
