# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending a plan, one operation after the other, and saying how far it came if one fails."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.plan import Json, Operation, revealed


def send(connection: Connection, operation: Operation) -> Json:
    """One operation; the created entity for a POST that creates."""
    body = None if operation.body is None else revealed(operation.body)
    if operation.method == "PATCH":
        connection.patch(operation.path, body or {}, operation.what)
        return {}
    if operation.method == "DELETE":
        connection.delete(operation.path, operation.what)
        return {}
    return connection.post(operation.path, body or {}, operation.what)


def apply(connection: Connection, operations: Sequence[Operation]) -> None:
    """All of them, in their order. What was done stays: every one makes the PBX stricter or lets a declared peer in."""
    for position, operation in enumerate(operations):
        try:
            send(connection, operation)
        except HardeningError as error:
            done = [each.shown() for each in operations[:position]]
            text = (
                f"{error.message} {position} of {len(operations)} changes had been made and stay; run again to go on."
            )
            raise HardeningError(text, applied=done, failed=operation.shown()) from None
