# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a firmware can do (yeastar.md c, a.4 and g 8)."""

from __future__ import annotations

from dataclasses import dataclass

FIRMWARES = ("37.7.0.16", "37.23.0.123", "83.24.0.30", "84.21.0.117")
_EDITIONS = {37: "Appliance", 83: "Software", 84: "Cloud"}
_OLD, _SECURITY, _ALL = 0, 1, 2


@dataclass(frozen=True)
class Firmware:
    """A version such as 37.23.0.123: the first number is the edition."""

    text: str

    def __post_init__(self) -> None:
        parts = self.text.split(".")
        if len(parts) != 4 or not all(part.isdigit() for part in parts) or int(parts[0]) not in _EDITIONS:
            raise ValueError(f"{self.text!r} is no firmware of the P-Series")

    @property
    def numbers(self) -> tuple[int, ...]:
        """All four numbers."""
        return tuple(int(part) for part in self.text.split("."))

    @property
    def family(self) -> int:
        """37 appliance, 83 software, 84 cloud."""
        return self.numbers[0]

    @property
    def edition(self) -> str:
        """Name of the family."""
        return _EDITIONS[self.family]

    @property
    def _stage(self) -> int:
        """Where exactly between the profiled releases things were added is not known [I]."""
        second = self.numbers[1]
        if self.family == 84 or second >= 24:
            return _ALL
        return _SECURITY if second >= 23 else _OLD

    @property
    def getpassword(self) -> bool:
        """Whether extension/getpassword exists."""
        return self._stage >= _SECURITY

    @property
    def security_keys(self) -> bool:
        """Whether the keys of the Security tab are shown and taken."""
        return self._stage >= _SECURITY

    @property
    def webhook(self) -> bool:
        """Whether webhook/* exists."""
        return self._stage >= _SECURITY

    @property
    def extension_group(self) -> bool:
        """Whether extension_group/* exists: 10001 was seen on a live 37.23."""
        return self._stage >= _ALL

    @property
    def cdr_v2(self) -> bool:
        """Whether version 2.0 of cdr/list and cdr/search exists."""
        return self.numbers[1:] >= (21, 0, 117)

    @property
    def longest_number(self) -> int:
        """Digits of an extension number (a.4: newer software takes 8)."""
        return 8 if self.family == 83 and self.numbers[1] >= 24 else 7
