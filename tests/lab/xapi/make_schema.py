# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m lab.xapi.make_schema FOLDER`` makes schema.json from the official documents in a folder, 20.0.4.json etc.

Needed when a release comes out or another resource is served. The documents stay outside this project.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RELEASES = [f"20.0.{update}" for update in range(4, 11)]
RESOURCES = """
ActiveCalls AntiHackingSettings BlackListNumbers Blocklist CallHistoryView ConsoleRestrictions Countries CountryCodes
Defs DeviceInfos E164Settings EventLogs GeneralSettingsForApps GeneralSettingsForPbx Groups LicenseStatus
LoggingSettings MailSettings NetworkSettings NotificationSettings OutboundRules Parameters Peers PhoneTemplates
PhonesSettings Sbcs SecureSipSettings SecurityTokens ServicePrincipals Services SipDevices SyslogSettings SystemStatus
Trunks Users VoicemailSettings
"""
FURTHER = """
BlackListNumbers/Pbx.BulkNumbersDelete Blocklist/Pbx.BulkIpsDelete Defs/Pbx.GetLicenseParameters()
Defs/Pbx.GetSystemParameters() DeviceInfos({Id})/Pbx.Provision EventLogs/Pbx.PurgeEventLog Groups({Id})/Members
Groups({Id})/Rights MailSettings/Pbx.TestEmail NotificationSettings/Pbx.TestEmail
OutboundRules/Pbx.GetEmergencyOutboundRules() OutboundRules/Pbx.MoveUpDown
Parameters/Pbx.GetParameterByName(name={name}) Peers(Number={Number}) ReportAuditLog/Pbx.GetAuditLogData()
Sbcs({Name})/Pbx.PushConfig SecurityTokens({Id})/Pbx.RevokeToken ServicePrincipals({Id})/Pbx.GenerateAppToken
Services/Pbx.Restart Services/Pbx.RestartAll SyslogSettings/Pbx.TestConnection
SystemStatus/Pbx.GetRemoteAccessStatus() SystemStatus/Pbx.RevokeRemoteAccess SystemStatus/Pbx.SystemHealthStatus()
Trunks(Number={Number}) Users(Number={Number}) Users({Id})/ForwardingProfiles Users({Id})/Greetings Users({Id})/Groups
Users({Id})/Pbx.GetPhoneSecret() Users({Id})/Pbx.Regenerate Users/Pbx.BatchDelete Users/Pbx.BulkUpdate
Users/Pbx.GetByNumber(number={number}) Users/Pbx.GetPhoneRegistrar(mac={mac}) Users/Pbx.GetPhoneRegistrars
Users/Pbx.MultiUserUpdate Users/Pbx.RebootPhone Users/Pbx.RegeneratePasswords Users/Pbx.ReprovisionAllPhones
Users/Pbx.ReprovisionPhone
"""
_PLAIN = {"boolean": "bool", "integer": "int", "number": "number", "string": "string", "object": "object"}
_FORMATS = {"date-time", "duration", "time", "uuid", "decimal"}

Seen = dict[str, dict[str, dict[str, list[int]]]]
"""Table -> entry -> fact as JSON -> releases that say so."""


class Reader:
    """Collects the facts of all releases."""

    def __init__(self) -> None:
        self.resources, self.further = RESOURCES.split(), {f"/{path}" for path in FURTHER.split()}
        self.operations: Seen = {"": {}}
        self.enums: Seen = {}
        self.entities: Seen = {}

    def read(self, update: int, document: Any) -> None:
        """Take in one release."""
        self.update, self.document = update, document
        self.done: set[str] = set()
        for path, methods in document["paths"].items():
            resource = re.match(r"^/(\w+)(\(\{(Id|Name)\}\))?$", path)
            log = path.startswith("/ReportCallLogData/Pbx.GetCallLogData(")
            if not (resource and resource[1] in self.resources) and path not in self.further and not log:
                continue
            for method in ("get", "post", "patch", "delete"):
                if method in methods:
                    fact = [self._body(path, methods[method]), self._reply(methods[method])]
                    self._note(self.operations[""], f"{method.upper()} {path}", fact)

    def _note(self, table: dict[str, dict[str, list[int]]], entry: str, fact: Any) -> None:
        table.setdefault(entry, {}).setdefault(json.dumps(fact), []).append(self.update)

    def _follow(self, part: Any) -> Any:
        while "$ref" in part:
            target = self.document
            for key in part["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            part = target
        return part

    def _properties(self, part: Any) -> dict[str, Any]:
        """With those it inherits."""
        part = self._follow(part)
        found: dict[str, Any] = {}
        for piece in part.get("allOf", []):
            found |= self._properties(piece)
        found.update(part.get("properties", {}))
        return found

    def _type(self, part: Any) -> tuple[str, bool]:
        """Name of the type, and whether it may be null."""
        nullable = bool(part.get("nullable"))
        if part.get("type") == "array":
            return f"[{self._type(part['items'])[0]}]", nullable
        pieces = [piece for key in ("allOf", "anyOf", "oneOf") for piece in part.get(key, [])]
        nullable = nullable or any(piece.get("nullable") for piece in pieces)
        for piece in [part, *pieces]:
            if "$ref" in piece:
                name = piece["$ref"].rsplit("/", 1)[1].removeprefix("Pbx.")
                self._entity(name)
                return name, nullable
        kind = next(piece["type"] for piece in [part, *pieces] if "type" in piece)
        name = _PLAIN[kind]
        # 20.0.9 says "number" of every nullable integer, and 20.0.10 "integer" of a decimal.
        if name in {"int", "number"}:
            name = "number" if part.get("format") == "decimal" else "int"
        if part.get("format") in _FORMATS:
            name += f":{part['format']}"
        return name + (f"<={part['maxLength']}" if part.get("maxLength") else ""), nullable

    def _entity(self, name: str) -> None:
        schema = self.document["components"]["schemas"].get(f"Pbx.{name}")
        if schema is None or name in self.done:
            return
        self.done.add(name)
        if "enum" in schema:
            for member in schema["enum"]:
                self._note(self.enums.setdefault(name, {}), member, None)
            return
        self._members(name, schema)

    def _members(self, name: str, schema: Any) -> None:
        table = self.entities.setdefault(name, {})
        for key, part in self._properties(schema).items():
            kind, nullable = self._type(part)
            self._note(table, key, [kind, nullable, bool(part.get("x-ms-navigationProperty"))])

    def _body(self, path: str, operation: Any) -> str | None:
        if "requestBody" not in operation:
            return None
        (content,) = self._follow(operation["requestBody"])["content"].values()
        schema = content["schema"]
        if "Pbx." in schema.get("$ref", ""):
            return self._type(schema)[0]
        name = f"body of {path[1:]}"
        self._members(name, schema)
        return name

    def _reply(self, operation: Any) -> str:
        for status in ("200", "201", "204"):
            if status not in operation["responses"]:
                continue
            contents = list(self._follow(operation["responses"][status]).get("content", {}).values())
            if not contents:
                return status
            properties = self._properties(contents[0]["schema"])
            if "value" in properties and set(properties) <= {"value", "@odata.count", "@odata.nextLink"}:
                return f"{status} value {self._type(properties['value'])[0]}"
            return f"{status} {self._type(contents[0]['schema'])[0]}"
        raise ValueError(operation["operationId"])

    def table(self) -> dict[str, dict[str, Any]]:
        """What schema.json holds."""
        operations = self.operations[""]
        return {
            "operations": {
                key: [[*fact, *span] for fact, span in _runs(operations[key])] for key in sorted(operations)
            },
            "enums": {
                name: {member: _runs(spans)[0][1] for member, spans in members.items()}
                for name, members in sorted(self.enums.items())
            },
            "schemas": {
                name: {key: _rows(properties[key]) for key in sorted(properties)}
                for name, properties in sorted(self.entities.items())
            },
        }


def _runs(facts: dict[str, list[int]]) -> list[tuple[Any, list[int | None]]]:
    """Facts with the first and the last release of each unbroken run, oldest first."""
    found: list[tuple[Any, list[int]]] = []
    for fact, updates in facts.items():
        for update in updates:
            if found and found[-1][0] == json.loads(fact) and found[-1][1][1] == update - 1:
                found[-1][1][1] = update
            else:
                found.append((json.loads(fact), [update, update]))
    found.sort(key=lambda run: run[1])
    newest = int(RELEASES[-1].rpartition(".")[2])
    return [(fact, [first, None if last == newest else last]) for fact, (first, last) in found]


def _rows(facts: dict[str, list[int]]) -> list[list[Any]]:
    return [[kind, null, *span] + [True] * nav for (kind, null, nav), span in _runs(facts)]


def lines(table: dict[str, dict[str, Any]]) -> Iterator[str]:
    """As text, a line for each operation, enum and property."""

    def entries(items: dict[str, Any], indent: str) -> Iterator[str]:
        for place, (key, value) in enumerate(items.items(), start=1):
            comma = "," if place < len(items) else ""
            yield f"{indent}{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}{comma}"

    yield "{"
    for part in ("operations", "enums"):
        yield f' "{part}": {{'
        yield from entries(table[part], "  ")
        yield " },"
    yield ' "schemas": {'
    for place, (name, properties) in enumerate(table["schemas"].items(), start=1):
        yield f"  {json.dumps(name)}: {{"
        yield from entries(properties, "   ")
        yield "  }," if place < len(table["schemas"]) else "  }"
    yield " }"
    yield "}"


def schema_text(folder: Path) -> str:
    """The text of schema.json."""
    reader = Reader()
    for release in RELEASES:
        document = json.loads((folder / f"{release}.json").read_text(encoding="utf-8"))
        reader.read(int(release.rpartition(".")[2]), document)
    return "\n".join(lines(reader.table())) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("schema.json").write_text(schema_text(Path(sys.argv[1])), encoding="utf-8")
