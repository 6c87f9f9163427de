# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create, change and delete rows. A request is carried out whole or not at all."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab.xapi import credentials, fixtures
from lab.xapi.defence import next_id
from lab.xapi.fixtures import NOT_ALLOWED, entity_of
from lab.xapi.replies import ApiError
from lab.xapi.rules import COMPUTED, Rules
from lab.xapi.store import Row, Store

Ignored = Callable[[], Sequence[str]]


class Writer:
    """Changes of the state."""

    def __init__(self, store: Store, rules: Rules, ignored: Ignored, survives: Callable[[], bool]) -> None:
        self.store = store
        self.rules = rules
        self.ignored = ignored
        self.registration_survives = survives

    def patch(self, name: str, rows: Sequence[Row], body: Mapping[str, Any], entity: str | None = None) -> None:
        """Write the same properties to some rows. `entity` is that of the body when it is another."""
        entity = entity or entity_of(name, self.store.schema)
        regrouped = (name == "Users" and "Groups" in body) or (name == "Groups" and "Members" in body)
        before = [(user, user.get("Groups")) for user in self.store.state["Users"]] if regrouped else []
        pairs = [(row, self._merged(name, entity, row, body)) for row in rows]
        for row, new in pairs:
            self.rules.check(name, new, row)
            if name == "Users":
                self._credentials_changed(row, new)
        old_rows = [(row, dict(row)) for row, _new in pairs]
        try:
            for row, new in pairs:
                members = new.pop("Members", None) if name == "Groups" else None
                _become(row, new)
                if members is not None:
                    self._set_members(row, members)
            if regrouped:
                self.rules.owners()
        except ApiError:
            for row, old in old_rows:
                _become(row, old)
            for user, groups in before:
                user["Groups"] = groups
            raise
        if name == "Parameters" and rows[0].get("Name") == NOT_ALLOWED:
            self.store.take_not_allowed(rows[0].get("Value") or "")

    def _merged(self, name: str, entity: str, row: Row, body: Mapping[str, Any]) -> Row:
        """A copy of the row with the body's properties: lists are replaced whole, complex values are merged [I]."""
        new = copy.deepcopy(row)
        for key, value in body.items():
            if "@odata." in key or key in COMPUTED.get(name, ()) or f"{name}.{key}" in self.ignored():
                continue
            new[key] = self._value(self.store.schema.entities[entity][key].item, new.get(key), value)
        return new

    def _value(self, kind: str, old: Any, new: Any) -> Any:
        if kind in {"ConcealedPassword", "ConcealedDataFile"} and isinstance(new, dict):
            # What was read is sent back: nothing changes [I].
            given = {key: value for key, value in new.items() if key != "Concealed" and value is not None}
            return given or old
        if kind in self.store.schema.entities and isinstance(old, dict) and isinstance(new, dict):
            rules = self.store.schema.entities[kind]
            return old | {key: self._value(rules[key].item, old.get(key), value) for key, value in new.items()}
        return copy.deepcopy(new)

    def _credentials_changed(self, old: Row, new: Row) -> None:
        if any(old.get(key) != new.get(key) for key in ("AuthID", "AuthPassword")):
            if not self.registration_survives():
                new["IsRegistered"] = False
            self._set_tags(new)
        if new.get("Enabled") is False:
            new["IsRegistered"] = False

    def _set_tags(self, user: Row) -> None:
        known = self.store.schema.enums["UserTag"]
        kept = [tag for tag in user.get("Tags") or [] if tag not in {"WeakID", "WeakPass"}]
        user["Tags"] = kept + [tag for tag in credentials.weak_tags(user) if tag in known]

    def _set_members(self, group: Row, members: Sequence[Row]) -> None:
        """The members of a group are kept with the users; an element names its user by Number or Id [I]."""
        wanted: dict[int, Row] = {}
        for item in members:
            user = self.store.find("Users", "Number", item["Number"]) if item.get("Number") else None
            user = user or self.store.find("Users", "Id", item.get("Id"))
            if user is None:
                raise ApiError.not_found("Members", 400)
            wanted[user["Id"]] = self.rules.membership({"GroupId": group["Id"], "Rights": item.get("Rights")}, user)
        for user in self.store.state["Users"]:
            others = [item for item in user.get("Groups") or [] if item.get("GroupId") != group["Id"]]
            user["Groups"] = [*others, wanted[user["Id"]]] if user["Id"] in wanted else others

    def create(self, name: str, body: Mapping[str, Any], key: str) -> Row:
        """A new row; what the caller says of Id and AddedBy does not count (threecx.md gap 17)."""
        rows = self.store.state[name]
        entity = entity_of(name, self.store.schema)
        row = self._merged(name, entity, self._blank(name), {k: v for k, v in body.items() if k != "Groups"})
        if name == "Blocklist":
            row["AddedBy"] = "Manual"
        if name == "BlackListNumbers":
            row["Id"] = str(next_id(rows))
        elif name == "PhoneTemplates":
            row |= {"Id": row.get("Id") or f"custom-{len(rows) + 1}.ph.xml", "IsCustom": True}
        elif key == "Id":
            row["Id"] = self._next_dn_id() if "Number" in self.store.schema.entities[entity] else next_id(rows)
        if name in {"Users", "ServicePrincipals"}:
            role = [{"GroupId": 20, "Rights": {"RoleName": "users"}}]
            groups = body.get("Groups") or role
            row["Groups"] = [self.rules.membership(dict(item), row) for item in groups]
        if name in {"Users", "ServicePrincipals", "Groups", "Trunks"}:
            self._give_number(name, row)
        if name == "OutboundRules":
            row["Priority"] = max((rule.get("Priority") or 0 for rule in rows), default=0) + 1
        if row.get(key) in {None, ""}:
            raise ApiError.warning("WARNINGS.XAPI.REQUIRED", key)
        if name not in {"PhoneTemplates", "Blocklist"} and any(other[key] == row[key] for other in rows):
            raise ApiError.warning("WARNINGS.XAPI.DUPLICATE", key)
        self.rules.check(name, row, None)
        if name == "Users":
            self._set_tags(row)
        members = row.pop("Members", None) if name == "Groups" else None
        rows.append(row)
        if members:
            try:
                self._set_members(row, members)
            except ApiError:
                rows.pop()
                raise
        return row

    def _blank(self, name: str) -> Row:
        if name != "Users":
            return {}
        # threecx.md a.1 [D]: POST /Users {} is legal; the PBX picks number and credentials.
        unnamed = dict.fromkeys(("FirstName", "LastName", "DisplayName", "EmailAddress"))
        blank = fixtures.user(0, "", "", "", **unnamed, **credentials.fresh())
        return fixtures.known(self.store.schema, "User", blank)

    def _next_dn_id(self) -> int:
        """Users, groups, trunks and API clients share their numbers: all are Pbx.DN."""
        kinds = ("Users", "Groups", "Trunks", "ServicePrincipals")
        return next_id([row for kind in kinds for row in self.store.state[kind]])

    def _give_number(self, name: str, row: Row) -> None:
        taken = {
            str(other.get("Number"))
            for kind in ("Users", "Groups", "Trunks", "ServicePrincipals")
            for other in self.store.state[kind]
        }
        if row.get("Number"):
            if row["Number"] in taken:
                raise ApiError.warning("WARNINGS.XAPI.ALREADY_IN_USE", "Number")
            return
        starts = {"Users": 100, "ServicePrincipals": 900, "Trunks": 10000}
        number = starts.get(name, 0)
        form = "GRP{:04d}" if name == "Groups" else "{}"
        while form.format(number) in taken:
            number += 1
        row["Number"] = form.format(number)

    def delete(self, name: str, row: Row) -> None:
        """Remove a row. The refusals' codes are [I]."""
        users = self.store.state["Users"]
        if name == "Groups" and row.get("IsDefault"):
            raise ApiError.warning("WARNINGS.GROUP_CANNOT_BE_DELETED", "Id")
        if name == "Groups" and any(
            item.get("GroupId") == row["Id"] for user in users for item in user.get("Groups") or []
        ):
            raise ApiError.warning("WARNINGS.GROUP_WITH_MEMBERS_CANNOT_BE_DELETED", "Id")
        if name == "PhoneTemplates" and not row.get("IsCustom"):
            raise ApiError.warning("WARNINGS.CANNOT_BE_DELETED", "Id")
        rows = self.store.state[name]
        index = next(place for place, other in enumerate(rows) if other is row)
        del rows[index]
        if name == "Users":
            try:
                self.rules.owners()
            except ApiError:
                rows.insert(index, row)
                raise


def _become(row: Row, new: Row) -> None:
    """In place: a test may hold the row."""
    row.clear()
    row.update(new)
