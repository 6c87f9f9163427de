# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocked and allowed addresses, and phones that register (threecx.md e)."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Callable, Sequence
from typing import Any

WRONG_REGISTRATIONS = 5
"""More wrong registrations than these from one address block it [D]."""
WRONG_LOGINS = 10
"""More wrong passwords than these from one address block it [D]."""

Clock = Callable[[], dt.datetime]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def network(text: str) -> Network:
    """CIDR, address/mask or a bare address; whatever ipaddress cannot parse is refused (threecx.md gap 3)."""
    return ipaddress.ip_network(text, strict=False)


def stamp(moment: dt.datetime) -> str:
    """As the API writes it."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> dt.datetime:
    """As the API reads it."""
    return dt.datetime.fromisoformat(text)


class Defence:
    """The PBX's reaction to addresses."""

    def __init__(self, state: dict[str, Any], clock: Clock, lan: Sequence[str]) -> None:
        self.state = state
        self.clock = clock
        self.lan = lan
        self._wrong: dict[tuple[str, str], int] = {}

    def _verdict(self, address: str) -> str | None:
        """Block or Allow of the smallest network that holds the address; of two alike the block [I]."""
        ip = ipaddress.ip_address(address)
        best: tuple[int, bool] | None = None
        for row in self.state["Blocklist"]:
            until = row.get("ExpiresAt")
            if until and moment(until) <= self.clock():
                continue
            net = network(row["IPAddrMask"])
            if ip.version == net.version and ip in net:
                found = (net.prefixlen, row.get("BlockType") == "Block")
                best = found if best is None else max(best, found)
        if best is None:
            return None
        return "Block" if best[1] else "Allow"

    def is_blocked(self, address: str) -> bool:
        """Whether the PBX hears nothing from this address."""
        return self._verdict(address) == "Block"

    def wrong(self, kind: str, address: str, limit: int, reason: str) -> None:
        """Count a wrong password, unless an Allow entry has switched the checks off."""
        if self._verdict(address) == "Allow":
            return
        count = self._wrong[kind, address] = self._wrong.get((kind, address), 0) + 1
        if count > limit:
            del self._wrong[kind, address]
            self._block(address, reason)

    def _block(self, address: str, reason: str) -> None:
        seconds = int(self.state["AntiHackingSettings"].get("HackBlacklistDuration") or 0)
        until = stamp(self.clock() + dt.timedelta(seconds=seconds))
        self.state["Blocklist"].append(
            {
                "Id": next_id(self.state["Blocklist"]),
                "IPAddrMask": address,
                "BlockType": "Block",
                "Description": reason,
                "AddedBy": "AutoBlacklist",
                "ExpiresAt": until,
            }
        )
        text = "The IP %1 has been blacklisted for %2 sec. Reason: %4"
        self.event(12290, "Warning", text, [address, str(seconds), until, reason])

    def event(self, number: int, kind: str, text: str, params: list[str]) -> None:
        """A line of the event log."""
        rows = self.state["EventLogs"]
        rows.append(
            {
                "Id": next_id(rows),
                "EventId": number,
                "Type": kind,
                "Source": "3CX PhoneSystem",
                "Message": text,
                "Params": params,
                "TimeGenerated": stamp(self.clock()),
            }
        )

    def register(self, number: str, auth_id: str, password: str, address: str, mac: str) -> bool:
        """One REGISTER. Only wrong credentials count; a switched-off or LAN-only extension is just refused [I]."""
        if self.is_blocked(address):
            return False
        user = next((row for row in self.state["Users"] if row.get("Number") == number), None)
        if user is None or (user.get("AuthID"), user.get("AuthPassword")) != (auth_id, password):
            self.wrong("register", address, WRONG_REGISTRATIONS, "Too many failed authentications")
            return False
        ip = ipaddress.ip_address(address)
        outside = not any(ip.version == net.version and ip in net for net in map(network, self.lan))
        if user.get("Enabled") is False or (outside and user.get("AllowLanOnly")):
            return False
        self._wrong.pop(("register", address), None)
        user["IsRegistered"] = True
        row = {"MAC": mac, "IpAddress": address, "Vendor": "Yealink", "Model": "T46U", "UserAgent": "Yealink SIP-T46U"}
        others = [other for other in self.state["Registrars"] if other["MAC"] != mac]
        self.state["Registrars"][:] = [*others, row]
        return True


def next_id(rows: Sequence[dict[str, Any]]) -> int:
    """A free number."""
    return max((int(row["Id"]) for row in rows), default=0) + 1
