# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The XAPI itself: one request in, one reply out (threecx.md a and contract 1)."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from lab.https_server import Reply
from lab.xapi.actions import Actions, Call
from lab.xapi.faults import Faults
from lab.xapi.fixtures import entity_of
from lab.xapi.odata import Query, parse, run
from lab.xapi.replies import ApiError
from lab.xapi.routing import Bare, Router, Target
from lab.xapi.schema import Operation
from lab.xapi.store import Row, Store
from lab.xapi.writing import Writer

# threecx.md c.1 [S]: what a System Administrator may not read.
OWNERS_ONLY = ("/ReportCallLogData", "/ChatHistoryView", "/Recordings", "/ScheduledReports")
_STRINGS = {"Number", "number", "name", "Name", "mac"}
_STRING_KEYS = {"BlackListNumbers", "PhoneTemplates", "Sbcs"}
_COLLECTION = re.compile(r"^(\w+)(?:\(\{(\w+)\}\))?$")
_ALTERNATE = re.compile(r"^(\w+)(?:\(Number=\{Number\}\)|/Pbx\.GetByNumber\(number=\{number\}\))$")
_NAVIGATION = re.compile(r"^(\w+)\(\{Id\}\)/(\w+)$")


class Api:
    """Routing, checks and replies of one release."""

    def __init__(
        self, store: Store, writer: Writer, actions: Actions, role: Callable[[], str], faults: Callable[[], Faults]
    ) -> None:
        self.store = store
        self.schema = store.schema
        self.router = Router(self.schema)
        self.writer = writer
        self.actions = actions
        self.role = role
        self.faults = faults

    def handle(
        self, method: str, path: str, options: Mapping[str, str], body: Any, caller: str
    ) -> tuple[Reply, list[str]]:
        """Carry the request out. Second are the phones to tell."""
        self._check_role(path)
        target = self.router.find(method, path)
        self._check_arguments(target)
        operation = target.operation
        if operation.body is not None:
            self.schema.check(body, operation.body)
        elif body not in (None, {}):
            raise ApiError(400, "The request body is not expected.")
        call = Call(target.arguments, body or {}, caller)
        reply = self._dispatch(operation, call, options)
        # The state must not change what was recorded or is being sent.
        return Reply(reply.status, copy.deepcopy(reply.body), reply.headers), call.reprovision

    def _check_role(self, path: str) -> None:
        role = self.role()
        if role == "system_owners":
            return
        if role == "system_admins":
            if path.startswith(OWNERS_ONLY):
                raise ApiError(403)
        elif not path.startswith("/Defs"):
            # threecx.md c.1 [S] says so of listings of a plain extension; of the rest and of other roles it is [I].
            raise ApiError(403)

    @staticmethod
    def _check_arguments(target: Target) -> None:
        """Texts need quotes (threecx.md a.1)."""
        template = target.operation.template
        for name, value in target.arguments.items():
            is_key = name in {"Id", "Name"} and template.partition("(")[0] in _STRING_KEYS
            if (name in _STRINGS or is_key) and (isinstance(value, Bare) or not isinstance(value, str)):
                raise ApiError(400, f"The value of '{name}' is not a string literal.")

    def _dispatch(self, operation: Operation, call: Call, options: Mapping[str, str]) -> Reply:
        template = operation.template
        action = self.actions.find(template)
        if action is not None:
            return self._act(operation, action(call), options)
        by_number = _ALTERNATE.match(template)
        if by_number:
            (number,) = call.arguments.values()
            return self._read(operation, self._row(by_number[1], "Number", number), options, by_number[1])
        navigation = _NAVIGATION.match(template)
        if navigation:
            row = self._row(navigation[1], "Id", call.arguments["Id"])
            return self._list(operation, row.get(navigation[2]) or [], options, template)
        plain = _COLLECTION.match(template)
        if plain is None:
            raise ApiError(404)
        name, key = plain.groups()
        if key is not None:
            return self._entity(operation, name, key, call, options)
        if operation.method == "POST":
            return self._create(operation, name, call)
        if operation.collection:
            return self._list(operation, self._listed(name, options), options, name)
        if operation.method == "PATCH":
            self.writer.patch(name, [self.store.state[name]], call.body)
            return Reply(operation.status)
        return self._read(operation, self.store.singleton(name, call.caller), options, name, single=True)

    def _row(self, name: str, key: str, value: Any) -> Row:
        for row in self.store.rows(name) if name == "Peers" else self.store.state[name]:
            if row.get(key) == value:
                return row if name == "Peers" else self.store.seen(name, row)
        raise ApiError.not_found(key)

    def _entity(self, operation: Operation, name: str, key: str, call: Call, options: Mapping[str, str]) -> Reply:
        if operation.method == "GET":
            return self._read(operation, self._row(name, key, call.arguments[key]), options, name)
        row = self.store.find(name, key, call.arguments[key])
        if row is None:
            raise ApiError.not_found(key)
        if operation.method == "DELETE":
            self.writer.delete(name, row)
        else:
            self.writer.patch(name, [row], call.body)
        return Reply(operation.status)

    def _create(self, operation: Operation, name: str, call: Call) -> Reply:
        key = "Name" if name == "Sbcs" else "Id"
        row = self.store.seen(name, self.writer.create(name, call.body, key))
        return Reply(operation.status, self._sent(row, entity_of(name, self.schema), Query(), f"{name}/$entity"))

    def _listed(self, name: str, options: Mapping[str, str]) -> list[Row]:
        text = options.get("$filter", "").replace("date(SegmentStartTime)", "")
        if name == "CallHistoryView" and "SegmentStartTime" in text:
            raise ApiError(500)  # threecx.md a.1 [S, 20.0.9]
        return self.store.rows(name)

    def _act(self, operation: Operation, found: Any, options: Mapping[str, str]) -> Reply:
        if operation.reply is None:
            return Reply(operation.status)
        if operation.collection:
            is_report = operation.template.startswith("Report") and options.get("$count") == "true"
            if is_report and self.faults().empty_reports_with_count:
                found = []
            return self._list(operation, found, options, f"Collection(Pbx.{operation.reply})")
        if operation.reply in self.schema.entities:
            return self._read(operation, found, options, f"Pbx.{operation.reply}", single=True)
        kind = f"Pbx.{operation.reply}" if operation.reply in self.schema.enums else f"Edm.{operation.reply.title()}"
        return Reply(operation.status, {"@odata.context": self._context(kind), "value": found})

    def _read(
        self, operation: Operation, row: Row, options: Mapping[str, str], name: str, *, single: bool = False
    ) -> Reply:
        assert operation.reply is not None
        query = parse(options, self.schema, operation.reply, collection=False)
        tail = "" if single else "/$entity"
        return Reply(operation.status, self._sent(row, operation.reply, query, name + _columns(query) + tail))

    def _list(self, operation: Operation, rows: list[Row], options: Mapping[str, str], name: str) -> Reply:
        assert operation.reply is not None
        query = parse(options, self.schema, operation.reply, collection=True)
        page, total = run(rows, query)
        body: dict[str, Any] = {"@odata.context": self._context(name + _columns(query))}
        if query.count:
            body["@odata.count"] = total
        body["value"] = [self._projected(row, operation.reply, query) for row in page]
        return Reply(operation.status, body)

    def _projected(self, row: Row, entity: str, query: Query) -> Row:
        return self.store.project(row, entity, query.select, query.expand, nulls=self.faults().keep_nulls)

    def _sent(self, row: Row, entity: str, query: Query, name: str) -> Row:
        return {"@odata.context": self._context(name), **self._projected(row, entity, query)}

    def _context(self, name: str) -> str:
        return f"https://{self.store.state['SystemStatus']['FQDN']}/xapi/v1/$metadata#{name}"


def _columns(query: Query) -> str:
    names = query.select + [f"{item.name}()" for item in query.expand]
    return f"({','.join(names)})" if names else ""
