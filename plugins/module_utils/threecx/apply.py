# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending a plan to a 3CX."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.apply import apply_all
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json, Operation, revealed
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection


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
    """All of them, in their order."""
    apply_all(functools.partial(send, connection), operations)
