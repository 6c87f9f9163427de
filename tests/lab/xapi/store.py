# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PBX's memory and its views from outside: computed properties, secrets, expansion (threecx.md c.3, contract 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lab.xapi.countries import all_codes
from lab.xapi.fixtures import NOT_ALLOWED
from lab.xapi.odata import Expand
from lab.xapi.schema import Schema

Row = dict[str, Any]


class Store:
    """State of the PBX, seen through the schema of its release."""

    def __init__(self, schema: Schema, state: dict[str, Any], country_polarity: str) -> None:
        self.schema = schema
        self.state = state
        self.country_polarity = country_polarity

    def find(self, name: str, key: str, value: Any) -> Row | None:
        """The stored row with this key."""
        return next((row for row in self.state[name] if row.get(key) == value), None)

    def rows(self, name: str) -> list[Row]:
        """A collection with its computed properties. Rows are copies, their values are not."""
        if name == "Peers":
            return list(self._peers())
        return [self.seen(name, row) for row in self.state[name]]

    def seen(self, name: str, row: Row) -> Row:
        """One row with its computed properties."""
        if name == "Users":
            return {key: value for key, value in row.items() if key != "AccessPassword"} | {
                "Groups": [self._membership(row, item) for item in row.get("Groups") or []]
            }
        if name == "ServicePrincipals":
            return {**row, "Groups": [self._membership(row, item) for item in row.get("Groups") or []]}
        if name == "Groups":
            members = list(self._members(row["Id"]))
            return {**row, "Members": members, "HasMembers": bool(members)}
        if name == "OutboundRules":
            return self._rule(row)
        if name == "Parameters" and row.get("Name") == NOT_ALLOWED:
            return {**row, "Value": self._not_allowed(row.get("Value"))}
        if name == "SipDevices":
            return self._sip_device(row)
        return dict(row)

    def singleton(self, name: str, caller: str) -> Row:
        """A singleton with its computed properties."""
        row = dict(self.state[name])
        if name == "ConsoleRestrictions":
            row["MyIpAddress"] = caller
        elif name == "SystemStatus":
            users, trunks = self.state["Users"], self.state["Trunks"]
            row |= {
                "ExtensionsTotal": len(users),
                "ExtensionsRegistered": sum(bool(user.get("IsRegistered")) for user in users),
                "TrunksTotal": len(trunks),
                "TrunksRegistered": sum(bool(trunk.get("IsOnline")) for trunk in trunks),
                "OutboundRules": len(self.state["OutboundRules"]),
                "CallsActive": len(self.state["ActiveCalls"]),
            }
        return row

    def _group(self, key: Any) -> Row:
        return self.find("Groups", "Id", key) or {}

    def _membership(self, member: Row, item: Row) -> Row:
        group = self._group(item.get("GroupId"))
        return {**item, "Name": group.get("Name"), "Number": group.get("Number"), "MemberName": member_name(member)}

    def _members(self, group: int) -> Iterator[Row]:
        for user in self.state["Users"]:
            for item in user.get("Groups") or []:
                if item.get("GroupId") == group:
                    yield {
                        **item,
                        "Id": user["Id"],
                        "Number": user.get("Number"),
                        "Name": user.get("Number"),
                        "MemberName": member_name(user),
                        "Type": "Extension",
                        "Tags": user.get("Tags") or [],
                    }

    def _rule(self, row: Row) -> Row:
        routes = []
        for route in row.get("Routes") or []:
            trunk = self.find("Trunks", "Id", route.get("TrunkId")) or {}
            routes.append({**route, "TrunkName": (trunk.get("Gateway") or {}).get("Name")})
        names = [self._group(key).get("Name") or "" for key in row.get("GroupIds") or []]
        return {**row, "Routes": routes, "GroupNames": names}

    def _not_allowed(self, stored: Any) -> Any:
        held = self.state["CountryCodes"].get("CountryCodes") or []
        if self.country_polarity == "allowed":
            return ",".join(code for code in all_codes() if code not in held)
        return ",".join(held) if self.country_polarity == "blocked" else stored

    def take_not_allowed(self, value: str) -> None:
        """The parameter was written: the list of codes follows."""
        blocked = [code for code in value.split(",") if code]
        if self.country_polarity == "allowed":
            self.state["CountryCodes"]["CountryCodes"] = [code for code in all_codes() if code not in blocked]
        elif self.country_polarity == "blocked":
            self.state["CountryCodes"]["CountryCodes"] = blocked

    def _sip_device(self, row: Row) -> Row:
        for user in self.state["Users"]:
            for phone in user.get("Phones") or []:
                if phone.get("ProvisioningLinkLocal") == row.get("ProvLink"):
                    registrar = self.find("Registrars", "MAC", phone.get("MacAddress"))
                    return {**row, "DN": self._peer(user, "Extension"), "Registrar": registrar}
        return dict(row)

    def _peers(self) -> Iterator[Row]:
        for user in self.state["Users"]:
            yield self._peer(user, "Extension")
        for trunk in self.state["Trunks"]:
            yield self._peer(trunk, "ExternalLine")
        for group in self.state["Groups"]:
            yield self._peer(group, "Group")

    @staticmethod
    def _peer(row: Row, kind: str) -> Row:
        names = {"Extension": member_name(row), "Group": row.get("Name")}
        name = names[kind] if kind in names else (row.get("Gateway") or {}).get("Name")
        tags = row.get("Tags") or []
        return {"Id": row["Id"], "Number": row.get("Number"), "Name": name, "Type": kind, "Tags": tags, "MemberOf": []}

    def project(
        self, row: Row, entity: str, select: Sequence[str], expand: Sequence[Expand], *, nulls: bool = False
    ) -> Row:
        """What is sent of a row: selected properties, expanded navigation, no secrets that are concealed, no nulls."""
        expansions = {item.name: item for item in expand}
        sent: Row = {}
        for name, rule in self.schema.entities[entity].items():
            wanted = Expand(name)
            if rule.navigation:
                if name not in expansions:
                    continue
                wanted = expansions[name]
            elif select and name not in {path.partition("/")[0] for path in select}:
                continue
            value = row.get(name)
            if value is None:
                if rule.many:
                    value = []
                elif nulls:
                    sent[name] = None
                    continue
                else:
                    continue
            sent[name] = self._sent(value, rule.item, wanted, nulls=nulls)
        return sent

    def _sent(self, value: Any, entity: str, wanted: Expand, *, nulls: bool) -> Any:
        if entity in {"ConcealedPassword", "ConcealedDataFile"}:
            return {"Concealed": True}
        if entity not in self.schema.entities:
            return value
        if isinstance(value, list):
            return [self.project(item, entity, wanted.select, wanted.expand, nulls=nulls) for item in value]
        return self.project(value, entity, wanted.select, wanted.expand, nulls=nulls)


def member_name(row: Row) -> str:
    """As the console shows a user."""
    return f"{row.get('FirstName') or ''} {row.get('LastName') or ''}".strip()
