# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a phone may register (yeastar.md d)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from lab.yeastar.defence import Defence, is_in
from lab.yeastar.events import REGISTRATION
from lab.yeastar.extensions import KIND, set_online
from lab.yeastar.site import Row, Site

LOCAL = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7"]
"""What counts as the inside: the networks Static Defense accepts from the start (section d), and loopback. Python's
is_private would take the addresses of documentation for private."""


def digits(mac: str) -> str:
    """The twelve hex digits of a MAC address."""
    return re.sub("[^0-9a-f]", "", mac.lower())


class Registrar:
    """The SIP side."""

    def __init__(self, site: Site, defence: Defence, publish: Callable[[int, Any], None]) -> None:
        self.site = site
        self.defence = defence
        self._publish = publish

    def register(
        self, number: str, reg_name: str, reg_password: str, address: str, user_agent: str, mac: str | None
    ) -> bool:
        """Whether this registration succeeds. Only wrong credentials count as an attack [I]."""
        if address in self.defence.blocked:
            return False
        row = next((each for each in self.site.state[KIND] if each["number"] == number), None)
        if row is None or (row["reg_name"], row["reg_password"]) != (reg_name, reg_password):
            self.defence.wrong_registration(address)
            return False
        if not self._may(row, address, user_agent):
            return False
        set_online(row, True)
        self._tell(row, "Registered", address)
        for phone in self._phones(row, mac):
            phone |= {"assigned_ext_status": "Registered", "ip": address}
        return True

    def unregister(self, row: Row) -> None:
        """The registration is gone."""
        set_online(row, False)
        self._tell(row, "Unregistered", "")
        for phone in self._phones(row, None):
            phone["assigned_ext_status"] = "Unregistered"

    def _tell(self, row: Row, status: str, address: str) -> None:
        """msg is a JSON string in this event (a.13)."""
        event = {"extension": row["number"], "kind": "Sip", "status": status, "registered_ip": address}
        self._publish(REGISTRATION, json.dumps(event))

    def _may(self, row: Row, address: str, user_agent: str) -> bool:
        """An empty list of user agents or networks lets nobody in [I]."""
        if not row["allow_reg_remotely"] and not is_in(address, LOCAL):
            return False
        agents = [str(item["user_agent"]).casefold() for item in row["user_agent_list"]]
        if row["enb_user_agent_ident"] and not any(user_agent.casefold().startswith(agent) for agent in agents):
            return False
        networks = [f"{item['ip']}/{item['mask']}" for item in row["ip_rstr_list"]]
        return not row["enb_ip_rstr"] or is_in(address, networks)

    def _phones(self, row: Row, mac: str | None) -> list[Row]:
        own = [phone for phone in self.site.state["phones"] if phone["assigned_extension"] == str(row["id"])]
        return own if mac is None else [phone for phone in own if digits(phone["mac"]) == digits(mac)]
