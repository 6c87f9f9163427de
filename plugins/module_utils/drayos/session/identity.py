# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which router answers: model, firmware, and how far it may be trusted to understand what is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    OTHER_SYSTEMS,
    Dialect,
    SystemVersion,
    dialect_of,
    parse_version,
    why_read_only,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import Session

READABLE_MAJORS = (3, 4)
"""Firmware that shares one command line (draytek.md 1)."""


@dataclass(frozen=True)
class Router:
    """A router after ``sys version``."""

    version: SystemVersion | None
    """None where the device did not answer in the known form."""

    @property
    def dialect(self) -> Dialect | None:
        """What may be written; None for a device that is only read."""
        return dialect_of(self.version) if self.version else None

    @property
    def readable(self) -> bool:
        """Whether the documented read commands mean the same here."""
        return (
            self.version is not None
            and self.version.firmware_major in READABLE_MAJORS
            and not any(re.match(pattern, self.version.model) for pattern, _what in OTHER_SYSTEMS)
        )

    @property
    def why_read_only(self) -> str:
        """One sentence for the user; empty where the router may be written."""
        return "" if self.dialect else why_read_only(self.version)

    def as_result(self) -> dict[str, Any]:
        """The result key ``router``."""
        if self.version is None:
            return {"model": "", "firmware": "", "name": ""}
        return {"model": self.version.model, "firmware": self.version.firmware, "name": self.version.router_name}


def identify(session: Session) -> Router:
    """Ask for the version, and switch the pager off where the model can."""
    router = Router(parse_version(session.run("sys version")))
    if router.dialect is not None and router.dialect.pager_switch:
        session.without_pager()
    return router


def writable(router: Router, warn: Callable[[str], None]) -> Dialect:
    """The dialect to write with; warns where its limits are guessed. Raises HardeningError for a device that is only
    read."""
    dialect = router.dialect
    if dialect is None:
        raise HardeningError(router.why_read_only)
    if not dialect.verified:
        warn(
            f"{router.as_result()['model']}: the limits of this model are from general knowledge, not from its manual. "
            "Every write is read back."
        )
    return dialect
