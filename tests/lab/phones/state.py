# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone remembers, kept in one file per phone so that separate processes can go on with it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

# yealink.md 2.2
FACTORY_PASSWORDS = {"admin": "admin", "user": "user", "var": "var"}


@dataclass
class PhoneState:
    """Settings hold only what differs from factory default or was set. They include secrets."""

    mac: str
    model: str
    firmware: str
    legacy_alias: str = "ignore"
    trust_action: str = "drop"
    trust_compare: str = "ip"
    overwrite_resets: str = "all"
    settings: dict[str, str] = field(default_factory=dict)
    # by role (admin, user, var): the login names are settings of their own
    passwords: dict[str, str] = field(default_factory=lambda: dict(FACTORY_PASSWORDS))
    # names that were set by files from the server
    provisioned: list[str] = field(default_factory=list)
    # the phone's <mac>-local.cfg
    local: dict[str, str] = field(default_factory=dict)
    uploaded: str = ""
    # (file, MD5) of the last downloaded files
    fingerprint: list[list[str]] = field(default_factory=list)
    built_in_cas: list[str] = field(default_factory=list)
    custom_cas: list[str] = field(default_factory=list)
    # what its web page shows, PEM with the key; blank: the one from the factory
    server_certificate: str = ""
    reboots: int = 0

    def __repr__(self) -> str:
        return f"PhoneState({self.mac}, {self.model}, {self.firmware})"


def state_file(directory: Path | str, mac: str) -> Path:
    """Where a phone is kept."""
    return Path(directory) / f"{mac}.json"


def save(state: PhoneState, directory: Path | str) -> None:
    """Write the state, for the owner only."""
    write_private(state_file(directory, state.mac), json.dumps(asdict(state), indent=1))


def load(directory: Path | str, mac: str) -> PhoneState:
    """Read a state back."""
    return PhoneState(**json.loads(state_file(directory, mac).read_text(encoding="utf-8")))


def write_private(file: Path, text: str) -> None:
    """Replace a file by one that only the owner can read."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.part")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
    partial.replace(file)
