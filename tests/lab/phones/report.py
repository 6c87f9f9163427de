# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone did with its configuration. A real phone tells nobody (yealink.md 0.4); the simulator does."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from lab.phones.table import Parameter

MASK = "********"
_USERINFO = re.compile(r"(?<=://)[^/@\s]*@")


@dataclass
class FetchReport:
    """One provisioning run. Secret values are replaced before they get here."""

    mac: str
    # (path, status); status 0 means that there was no HTTP answer
    requests: list[tuple[str, int]] = field(default_factory=list)
    # every parameter the run set or reset: (old, new)
    applied: dict[str, tuple[str, str]] = field(default_factory=dict)
    # those of them whose value is another one now (a changed secret shows here only)
    changed: list[str] = field(default_factory=list)
    # names this phone does not know
    ignored: list[str] = field(default_factory=list)
    # (name, value, why); also lines and files that could not be read
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    # parameters that a local change keeps from being set (protect = 1)
    kept_local: list[str] = field(default_factory=list)
    # changed parameters not marked in the list that may reboot a real phone (G14)
    may_reboot: list[str] = field(default_factory=list)
    uploads: list[tuple[str, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    # False if the files were the same as last time, so that the phone did nothing
    updated: bool = False
    rebooted: bool = False
    aborted: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FetchReport:
        """From JSON, with tuples again."""
        data = dict(data)
        for name in ("requests", "refused", "uploads"):
            data[name] = [tuple(item) for item in data[name]]
        data["applied"] = {name: tuple(pair) for name, pair in data["applied"].items()}
        return cls(**data)


def shown(parameter: Parameter, value: str) -> str:
    """The value as it may be shown."""
    if parameter.secret:
        return MASK if value else ""
    return without_userinfo(value)


def without_userinfo(text: str) -> str:
    """https://user:password@host/ -> https://********@host/"""
    return _USERINFO.sub(f"{MASK}@", text)
