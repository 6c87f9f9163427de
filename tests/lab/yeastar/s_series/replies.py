# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of the S-Series API: always HTTP 200, with what happened in the body (yeastar.md e)."""

from __future__ import annotations

from typing import Any

from lab.https_server import Reply

HEADERS = {
    "Accept-Ranges": "bytes",
    "Access-control-allow-origin": "*",
    "Access-control-allow-methods": "GET, POST, OPTIONS, PUT, DELETE",
}

UNSUPPORTED = "10003"
BLANK_PARAMETER = "10004"
NO_EXTENSION = "10006"
BAD_EXTENSION = "10017"
TOO_FREQUENT = "10025"
ROUTE_NOT_SAVED = "10033"
NOT_JSON = "20000"
NOT_POST = "20001"
LOCKED = "20002"
BAD_LOGIN = "20003"
NO_SUCH_TOKEN = "20004"
NO_TOKEN = "20005"
TOKEN_TIMEOUT = "20006"
NO_DATA = "20007"
WRONG_PORT = "20008"
NO_BODY = "20009"


class Refusal(Exception):
    """The API says no."""

    def __init__(self, errno: str) -> None:
        super().__init__(errno)
        self.errno = errno

    @property
    def reply(self) -> Reply:
        """What the client gets."""
        return Reply(200, {"status": "Failed", "errno": self.errno}, dict(HEADERS))


def success(**more: Any) -> Reply:
    """What the client gets when all is well."""
    return Reply(200, {"status": "Success", **more}, dict(HEADERS))
