# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""errcode and errmsg of the OpenAPI (yeastar.md b)."""

from __future__ import annotations

from typing import Any

MESSAGES = {
    -2: "INTERNAL SERVER ERROR",
    -1: "FAILURE",
    0: "SUCCESS",
    1: "PARTIAL SUCCESS",
    2: "PROCESSING",
    10001: "INTERFACE NOT EXISTED",
    10002: "API VERSION OUT OF MAINTENANCE",
    10003: "API VERSION UNSUPPORTED",
    10004: "TOKEN EXPIRED",
    10005: "ACCESS DENIED",
    40001: "PARAMETER SYNTAX ERROR",
    40002: "PARAMETER ERROR",
    40003: "DUPLICATE KEY VALUE",
    40004: "FILE SIZE EXCEEDED",
    60001: "DATA NOT FOUND",
    60002: "MAX LIMITATION EXCEEDED",
    60101: "ROLE NOT EXISTED",
    70004: "ACCOUNT IP BLOCKED",
    70082: "OVERLOAD_TASK_RUNNING",
    70084: "ACTION FORBIDDEN",
    70087: "IP FORBIDDEN",
    70091: "CONNECTION_RELATION_EXISTED",
    70093: "PHONEBOOK_NOT_EXISTED",
    70106: "RATE_NOT_EXISTED",
    70120: "ORGANIZATION DISABLED",
}

PARTIAL = 1
PROCESSING = 2
NO_INTERFACE = 10001
VERSION_UNSUPPORTED = 10003
TOKEN_EXPIRED = 10004
ACCESS_DENIED = 10005
SYNTAX = 40001
PARAMETER = 40002
DUPLICATE = 40003
NOT_FOUND = 60001
LIMIT = 60002
BLOCKED = 70004
OVERLOAD = 70082
IP_FORBIDDEN = 70087
REFERENCED = 70091


class ApiError(Exception):
    """A request that is refused."""

    def __init__(self, code: int, fault: str | None = None) -> None:
        super().__init__(f"{code} {MESSAGES.get(code, 'FAILURE')}")
        self.code = code
        self.fault = fault
        """Name of the switched-on failure that refuses it."""


def envelope(code: int = 0, **more: Any) -> dict[str, Any]:
    """The body of a reply: HTTP is 200 always, errcode says how it went."""
    return {"errcode": code, "errmsg": MESSAGES.get(code, "FAILURE"), **more}
