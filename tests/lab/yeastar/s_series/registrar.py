# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones that register, and addresses that guess (yeastar.md e: auto defense)."""

from __future__ import annotations

from lab.yeastar.s_series.fixtures import State

WRONG_REGISTRATIONS = 5
"""So many wrong ones in a row block an address; the number is assumed [I]."""


class Registrar:
    """Who is registered from where."""

    def __init__(self, state: State) -> None:
        self.blocked: set[str] = set()
        self.accepted: set[str] = set()
        """Addresses that the firewall always accepts; that they are never blocked is inferred [I]."""
        self._state = state
        self._wrong: dict[str, int] = {}
        self._addresses: dict[str, set[str]] = {}

    def register(self, number: str, name: str, password: str, address: str) -> bool:
        """One REGISTER; only wrong credentials count against the address [I]."""
        if address in self.blocked:
            return False
        row = next((each for each in self._state["extensions"] if each["number"] == number), None)
        if row is None or (row["registername"], row["registerpassword"]) != (name, password):
            if address in self.accepted:
                return False
            self._wrong[address] = self._wrong.get(address, 0) + 1
            if self._wrong[address] >= WRONG_REGISTRATIONS:
                del self._wrong[address]
                self.blocked.add(address)
            return False
        self._wrong.pop(address, None)
        addresses = self._addresses.setdefault(number, set())
        if address not in addresses and len(addresses) >= int(row["maxregistrations"]):
            return False
        addresses.add(address)
        row["status"] = "Registered"
        return True

    def forget(self, number: str) -> None:
        """All its registrations end."""
        self._addresses.pop(number, None)
        for row in self._state["extensions"]:
            if row["number"] == number:
                row["status"] = "Unavailable"
