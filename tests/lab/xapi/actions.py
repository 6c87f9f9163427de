# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions and actions of the XAPI (threecx.md a.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lab.xapi import credentials
from lab.xapi.defence import moment
from lab.xapi.replies import ApiError
from lab.xapi.store import Row, Store
from lab.xapi.writing import Writer


@dataclass
class Call:
    """One request on its way through the PBX."""

    arguments: dict[str, Any]
    body: dict[str, Any]
    caller: str
    reprovision: list[str] = field(default_factory=list)
    """Addresses of phones to tell once the lock is free."""


Action = Callable[[Call], Any]


class Actions:
    """By path template. Functions give a value, a row or rows; actions mostly nothing."""

    def __init__(self, store: Store, writer: Writer, mail_error: Callable[[], str | None]) -> None:
        self.store = store
        self.writer = writer
        self.mail_error = mail_error
        self.table: dict[str, Action] = {
            "Users/Pbx.BulkUpdate": self._bulk_update,
            "Users/Pbx.MultiUserUpdate": self._multi_update,
            "Users/Pbx.BatchDelete": self._batch_delete,
            "Users({Id})/Pbx.Regenerate": self._regenerate,
            "Users/Pbx.RegeneratePasswords": self._regenerate_many,
            "Users({Id})/Pbx.GetPhoneSecret()": lambda call: self._user(call)["DeskphonePassword"],
            "Users/Pbx.ReprovisionPhone": self._phone,
            "Users/Pbx.RebootPhone": self._phone,
            "Users/Pbx.ReprovisionAllPhones": self._all_phones,
            "Users/Pbx.GetPhoneRegistrar(mac={mac})": self._registrar,
            "Users/Pbx.GetPhoneRegistrars": self._registrars,
            "DeviceInfos({Id})/Pbx.Provision": self._provision,
            "OutboundRules/Pbx.MoveUpDown": self._move,
            "OutboundRules/Pbx.GetEmergencyOutboundRules()": self._emergency,
            "Blocklist/Pbx.BulkIpsDelete": lambda call: self._delete_many("Blocklist", call),
            "BlackListNumbers/Pbx.BulkNumbersDelete": lambda call: self._delete_many("BlackListNumbers", call),
            "MailSettings/Pbx.TestEmail": self._test_email,
            "NotificationSettings/Pbx.TestEmail": self._test_email,
            "SyslogSettings/Pbx.TestConnection": lambda _call: None,
            "Parameters/Pbx.GetParameterByName(name={name})": self._parameter,
            "ReportAuditLog/Pbx.GetAuditLogData()": lambda _call: self.store.rows("AuditLog"),
            "Services/Pbx.Restart": self._restart,
            "Services/Pbx.RestartAll": lambda _call: None,
            "SystemStatus/Pbx.SystemHealthStatus()": lambda _call: self.store.state["SystemHealthStatus"],
            "SystemStatus/Pbx.GetRemoteAccessStatus()": lambda _call: self.store.state.get("RemoteAccess", "None"),
            "SystemStatus/Pbx.RevokeRemoteAccess": self._revoke_remote,
            "Defs/Pbx.GetSystemParameters()": lambda _call: self.store.state["SystemParameters"],
            "Defs/Pbx.GetLicenseParameters()": lambda _call: self.store.state["License"],
            "SecurityTokens({Id})/Pbx.RevokeToken": self._revoke_token,
            "ServicePrincipals({Id})/Pbx.GenerateAppToken": lambda _call: credentials.secret(32),
            "EventLogs/Pbx.PurgeEventLog": lambda _call: self.store.state["EventLogs"].clear(),
            "Sbcs({Name})/Pbx.PushConfig": lambda call: self._one("Sbcs", "Name", call.arguments["Name"], 404) and None,
        }

    def find(self, template: str) -> Action | None:
        """The function behind a path template."""
        if template.startswith("ReportCallLogData/Pbx.GetCallLogData("):
            return self._call_log
        return self.table.get(template)

    def _one(self, name: str, key: str, value: Any, status: int = 400) -> Row:
        row = self.store.find(name, key, value)
        if row is None:
            raise ApiError.not_found(key, status)
        return row

    def _user(self, call: Call) -> Row:
        return self._one("Users", "Id", call.arguments["Id"], 404)

    def _users(self, ids: Any) -> list[Row]:
        if ids is None:
            raise ApiError.warning("WARNINGS.XAPI.REQUIRED", "ids")
        return [self._one("Users", "Id", key) for key in ids]

    def _bulk_update(self, call: Call) -> None:
        self.writer.patch("Users", self._users(call.body.get("ids")), call.body.get("user") or {}, "User")

    def _multi_update(self, call: Call) -> None:
        # DisplayNumbers and the like have no counterpart in Pbx.User and change nothing [I].
        known = self.store.schema.entities["User"]
        body = {key: value for key, value in (call.body.get("user") or {}).items() if key in known}
        self.writer.patch("Users", self._users(call.body.get("ids")), body, "User")

    def _batch_delete(self, call: Call) -> list[Row]:
        errors = []
        for key in call.body.get("ids") or []:
            row = self.store.find("Users", "Id", key)
            try:
                if row is None:
                    raise ApiError.not_found("Id", 400)
                self.writer.delete("Users", row)
            except ApiError as error:
                number = (row or {}).get("Number") or str(key)
                errors.append({"ExtensionNumber": number, "Error": error.message or ""})
        return errors

    def _regenerate(self, call: Call) -> None:
        options = self._options(call.body)
        self.writer.patch("Users", [self._user(call)], credentials.regenerated(options))

    def _regenerate_many(self, call: Call) -> None:
        options = self._options(call.body)
        users = self._users(call.body.get("Ids"))
        for user in users:
            self.writer.patch("Users", [user], credentials.regenerated(options))

    def _options(self, body: dict[str, Any]) -> dict[str, Any]:
        """At top level up to 20.0.4, under opts since."""
        if self.store.schema.update < 5:
            return body
        options: dict[str, Any] | None = body.get("opts")
        if options is None:
            raise ApiError.warning("WARNINGS.XAPI.REQUIRED", "opts")
        return options

    def _macs(self) -> set[str]:
        found = {row["MAC"] for kind in ("Registrars", "DeviceInfos") for row in self.store.state[kind]}
        for user in self.store.state["Users"]:
            found |= {phone["MacAddress"] for phone in user.get("Phones") or []}
        return {plain(mac) for mac in found}

    def _phone(self, call: Call) -> None:
        mac = plain(call.body.get("mac") or "")
        if mac not in self._macs():
            raise ApiError.not_found("mac", 400)
        call.reprovision.append(mac)

    def _all_phones(self, call: Call) -> None:
        for user in self._users(call.body.get("ids")):
            call.reprovision += [plain(phone["MacAddress"]) for phone in user.get("Phones") or []]

    def _provision(self, call: Call) -> None:
        device = self._one("DeviceInfos", "Id", call.arguments["Id"], 404)
        user = self._one("Users", "Id", call.body.get("userId"))
        device |= {"Assigned": True, "AssignedUser": user["Number"]}
        if call.body.get("reprovision"):
            call.reprovision.append(plain(device["MAC"]))

    def _registrar(self, call: Call) -> Row:
        wanted = plain(call.arguments["mac"])
        for row in self.store.state["Registrars"]:
            if plain(row["MAC"]) == wanted:
                found: Row = row
                return found
        raise ApiError.not_found("mac")

    def _registrars(self, call: Call) -> list[Row]:
        wanted = {plain(mac) for mac in call.body.get("macs") or []}
        return [row for row in self.store.state["Registrars"] if plain(row["MAC"]) in wanted]

    def _move(self, call: Call) -> None:
        rules = sorted(self.store.state["OutboundRules"], key=lambda rule: rule.get("Priority") or 0)
        row = self._one("OutboundRules", "Id", call.body.get("id"))
        place = next(index for index, rule in enumerate(rules) if rule is row)
        other = place - 1 if call.body.get("up") else place + 1
        if 0 <= other < len(rules):
            row["Priority"], rules[other]["Priority"] = rules[other].get("Priority"), row.get("Priority")

    def _emergency(self, _call: Call) -> list[Row]:
        return [row for row in self.store.rows("OutboundRules") if row.get("EmergencyRule")]

    def _delete_many(self, name: str, call: Call) -> None:
        rows = [self._one(name, "Id", key) for key in call.body.get("ids") or []]
        for row in rows:
            self.writer.delete(name, row)

    def _test_email(self, _call: Call) -> Row:
        error = self.mail_error()
        return {"Success": error is None, "Error": error, "Parameters": []}

    def _parameter(self, call: Call) -> Row:
        row = self._one("Parameters", "Name", call.arguments["name"], 404)
        return self.store.seen("Parameters", row)

    def _restart(self, call: Call) -> None:
        for name in (call.body.get("options") or {}).get("ServiceNames") or []:
            self._one("Services", "Name", name)

    def _revoke_remote(self, _call: Call) -> None:
        self.store.state["RemoteAccess"] = "None"

    def _revoke_token(self, call: Call) -> None:
        row = self._one("SecurityTokens", "Id", call.arguments["Id"], 404)
        self.writer.delete("SecurityTokens", row)

    def _call_log(self, call: Call) -> list[Row]:
        try:
            start, end = (_point(call.arguments[name]) for name in ("periodFrom", "periodTo"))
        except ValueError:
            raise ApiError(404) from None
        return [row for row in self.store.rows("CallLog") if start <= moment(row["StartTime"]) <= end]


def plain(mac: str) -> str:
    """Twelve small hex digits."""
    return "".join(sign for sign in mac.lower() if sign in "0123456789abcdef")


def _point(text: Any) -> dt.datetime:
    found = moment(str(text))
    if found.tzinfo is None:
        raise ValueError(text)
    return found
