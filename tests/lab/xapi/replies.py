# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request is answered with (threecx.md c.4)."""

from __future__ import annotations

from typing import Any

from lab.https_server import Reply


class ApiError(Exception):
    """A refusal. Without a message its body is empty, else it is the OData envelope; the code is always empty [S]."""

    def __init__(self, status: int, message: str | None = None, target: str | None = None) -> None:
        super().__init__(message or str(status))
        self.status = status
        self.message = message
        self.target = target
        self.headers: dict[str, str] = {}

    @classmethod
    def warning(cls, code: str, target: str, status: int = 400) -> ApiError:
        """A refusal by a code of Pbx.Warnings that names the property."""
        return cls(status, code, target)

    @classmethod
    def not_found(cls, target: str = "Id", status: int = 404) -> ApiError:
        """No such key (threecx.md gap 5); inside a body it is a 400 (c.4)."""
        return cls(status, "WARNINGS.XAPI.NOT_FOUND", target)

    @property
    def reply(self) -> Reply:
        """As an answer."""
        if self.message is None:
            return Reply(self.status, None, self.headers)
        if self.target is None:
            error: dict[str, Any] = {"code": "", "message": self.message}
        else:
            detail = {"code": "", "message": self.message, "target": self.target}
            error = {"code": "", "message": f"{self.target}:\n{self.message}", "details": [detail]}
        return Reply(self.status, {"error": error}, self.headers)
