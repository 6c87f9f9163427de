# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is kept out: the lock of the API and the defence of registrations (yeastar.md c and d)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

WRONG_AUTHENTICATIONS = 5
WRONG_REGISTRATIONS = 6
"""Not published (section d): invented [I]."""


class Defence:
    """Counts failures by address."""

    def __init__(self, event: Callable[[str, str], None]) -> None:
        self.blocked_api: set[str] = set()
        self.blocked: set[str] = set()
        self.accepted: list[str] = []
        """Networks of Static Defense; that they are never blocked for wrong registrations is inferred [I]."""
        self._event = event
        self._authentications: dict[str, int] = {}
        self._registrations: dict[str, int] = {}

    def wrong_authentication(self, address: str) -> None:
        """The fifth in a row blocks the address; only the web interface can unblock it."""
        self._authentications[address] = self._authentications.get(address, 0) + 1
        if self._authentications[address] >= WRONG_AUTHENTICATIONS:
            self._authentications.pop(address)
            self.blocked_api.add(address)
            # The event is documented, its event_name is not [I].
            self._event("api_authentication_block_out", f"{address} is blocked")

    def good_authentication(self, address: str) -> None:
        """Failures count in a row only."""
        self._authentications.pop(address, None)

    def wrong_registration(self, address: str) -> None:
        """Good ones in between do not make up for wrong ones [I]."""
        if is_in(address, self.accepted):
            return
        self._registrations[address] = self._registrations.get(address, 0) + 1
        if self._registrations[address] >= WRONG_REGISTRATIONS:
            self.blocked.add(address)
            self._event("extension_registration_block_out", f"{address} is blocked")


def is_in(address: str, networks: list[str]) -> bool:
    """Whether an address is in one of these networks."""
    ip = ipaddress.ip_address(address)
    return any(ip in ipaddress.ip_network(network, strict=False) for network in networks)
