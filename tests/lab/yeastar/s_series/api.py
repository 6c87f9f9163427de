# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of the S-Series API, from an accepted request to its reply (yeastar.md e)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from lab.https_server import Reply
from lab.yeastar.s_series import fixtures
from lab.yeastar.s_series.fixtures import Row, State
from lab.yeastar.s_series.registrar import Registrar
from lab.yeastar.s_series.replies import (
    BAD_EXTENSION,
    BLANK_PARAMETER,
    NO_BODY,
    NO_DATA,
    NO_EXTENSION,
    ROUTE_NOT_SAVED,
    UNSUPPORTED,
    Refusal,
    success,
)
from lab.yeastar.s_series.rules import is_route, text, wrong_fields
from lab.yeastar.s_series.sessions import Clock
from lab.yeastar.s_series.versions import V1, V2

Body = dict[str, Any]
Handler = Callable[[Body], Reply]

_ROUTE_FIELDS = ("name", "prefix", "strip", "prepend", "trunks", "extensions", "extensionsgroup")
_LISTED = ("number", "status", "type", "username", "agentid")


class Api:
    """All calls but those that need no token."""

    def __init__(
        self,
        state: State,
        registrar: Registrar,
        clock: Clock,
        firmware: str,
        version: str | None,
        ignored: Callable[[], tuple[str, ...]],
    ) -> None:
        self._state = state
        self._registrar = registrar
        self._clock = clock
        self._started = clock()
        self._firmware = firmware
        self._old = version == V1
        self._ignored = ignored
        with_body: dict[str, Handler] = {
            "extension/query": self._query_extensions,
            "extension/update": self._update_extension,
            "outroute/query": self._query_routes,
            "outroute/add": self._add_route,
            "outroute/update": self._update_route,
            "outroute/delete": self._delete_routes,
        }
        without_body: dict[str, Handler] = {
            "deviceinfo/query": self._device,
            "apply": lambda _body: success(),
        }
        if self._old:
            without_body |= {"extensionlist/query": self._list_extensions, "trunklist/query": self._list_trunks}
            # Its only parameter is optional.
            without_body["extension/query"] = with_body.pop("extension/query")
        elif version == V2:
            with_body |= {"extension/add": self._add_extension, "extension/delete": self._delete_extensions}
            without_body |= {
                "extension/list": self._list_extensions,
                "trunk/list": self._list_trunks,
                "extensiongroup/query": self._query_groups,
            }
        self._with_body = with_body
        self._without_body = without_body

    def handle(self, endpoint: str, body: Any) -> Reply:
        """One call of somebody who may."""
        if endpoint in self._without_body:
            return self._without_body[endpoint](body if isinstance(body, dict) else {})
        if endpoint not in self._with_body:
            raise Refusal(UNSUPPORTED)
        return self._with_body[endpoint](needed(body))

    def restarted(self) -> None:
        """The uptime begins anew."""
        self._started = self._clock()

    # System.

    def _device(self, _body: Body) -> Reply:
        rows = self._state["extensions"]
        now = self._clock()
        up = int((now - self._started).total_seconds())
        return success(
            deviceinfo={
                "devicename": "Yeastar S50",
                "sn": fixtures.SERIAL,
                "hardwarever": "V1.30 0000-0000",
                "firmwarever": self._firmware,
                "systemtime": f"{now.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC+0",
                "uptime": f"{up // 3600:02}:{up // 60 % 60:02}:{up % 60:02}",
                "extensionstatus": f"{sum(row['status'] != 'Unavailable' for row in rows)}/{len(rows)}",
            }
        )

    def _list_trunks(self, _body: Body) -> Reply:
        return success(trunklist=copies(self._state["trunks"]))

    def _query_groups(self, body: Body) -> Reply:
        wanted = parameter(body, "name") or "all"
        return success(extensiongroups=copies(named(self._state["groups"], "name", wanted)))

    # Extensions.

    def _list_extensions(self, _body: Body) -> Reply:
        return success(extlist=[self._shown({key: row[key] for key in _LISTED}) for row in self._state["extensions"]])

    def _query_extensions(self, body: Body) -> Reply:
        wanted = (parameter(body, "extid") or "all") if self._old else required(body, "number")
        return success(extinfos=[self._shown(dict(row)) for row in self._extensions(wanted)])

    def _add_extension(self, body: Body) -> Reply:
        for key in ("number", "username", "registername", "registerpassword"):
            required(body, key)
        new = texts(body, BAD_EXTENSION)
        number = new["number"]
        # What is not given is made by the PBX as for a new extension of the web pages [I].
        row = fixtures.extension(number) | {"loginpassword": "", "vmsecret": ""} | new
        if wrong_fields(new, row, old_api=False) or any(each["number"] == number for each in self._state["extensions"]):
            raise Refusal(BAD_EXTENSION)
        self._state["extensions"].append(row)
        return success()

    def _update_extension(self, body: Body) -> Reply:
        number = required(body, "extid" if self._old else "number")
        new = texts(body, BAD_EXTENSION)
        if self._old:
            del new["extid"]
            new = {("number" if key == "extnumber" else key): value for key, value in new.items()}
        (row,) = self._extensions(number, only=True)
        taken = {each["number"] for each in self._state["extensions"] if each is not row}
        if wrong_fields(new, row | new, old_api=self._old) or new.get("number") in taken:
            raise Refusal(BAD_EXTENSION)
        changes = self._changes("extension", row, new)
        row.update(changes)
        if changes.keys() & {"number", "registername", "registerpassword"}:
            # The phone's next REGISTER is wrong; that the old one ends at once is assumed [I].
            self._registrar.forget(number)
            row["status"] = "Unavailable"
        return success()

    def _delete_extensions(self, body: Body) -> Reply:
        gone = {row["number"] for row in self._extensions(required(body, "number"))}
        self._state["extensions"][:] = [row for row in self._state["extensions"] if row["number"] not in gone]
        for row in (*self._state["outroutes"], *self._state["groups"]):
            row["extensions"] = ",".join(each for each in split(row["extensions"]) if each not in gone)
        for number in gone:
            self._registrar.forget(number)
        return success()

    def _extensions(self, wanted: str, *, only: bool = False) -> list[Row]:
        """ "1000", "1000,1001" or "all"."""
        rows = self._state["extensions"]
        found = [row for row in rows if row["number"] == wanted] if only else named(rows, "number", wanted)
        if (only or wanted != "all") and len(found) < (1 if only else len(set(split(wanted)))):
            raise Refusal(NO_EXTENSION)
        return found

    def _shown(self, row: Row) -> Row:
        return {"extnumber" if self._old and key == "number" else key: value for key, value in row.items()}

    # Outbound routes.

    def _query_routes(self, body: Body) -> Reply:
        return success(outroutes=copies(named(self._state["outroutes"], "name", required(body, "name"))))

    def _add_route(self, body: Body) -> Reply:
        for key in ("name", "prefix", "trunks"):
            required(body, key)
        new = texts(body, ROUTE_NOT_SAVED)
        if not (new.get("extensions") or new.get("extensionsgroup")):
            raise Refusal(BLANK_PARAMETER)
        rows = self._state["outroutes"]
        row = dict.fromkeys(_ROUTE_FIELDS, "") | new
        self._check_route(new, row, rows)
        row = {"id": str(max((int(each["id"]) for each in rows), default=0) + 1), **row}
        rows.append(row)
        return success(id=row["id"])

    def _update_route(self, body: Body) -> Reply:
        wanted = required(body, "id")
        if self._old:
            for key in ("name", "prefix", "trunks", "extensions"):
                required(body, key)
        new = texts(body, ROUTE_NOT_SAVED)
        del new["id"]
        row = next((each for each in self._state["outroutes"] if each["id"] == wanted), None)
        if row is None:
            raise Refusal(ROUTE_NOT_SAVED)
        self._check_route(new, row | new, [each for each in self._state["outroutes"] if each is not row])
        row.update(self._changes("outroute", row, new))
        return success()

    def _delete_routes(self, body: Body) -> Reply:
        wanted = required(body, "id")
        gone = {row["id"] for row in named(self._state["outroutes"], "id", wanted)}
        if wanted != "all" and gone != set(split(wanted)):
            raise Refusal(ROUTE_NOT_SAVED)
        self._state["outroutes"][:] = [row for row in self._state["outroutes"] if row["id"] not in gone]
        return success()

    def _check_route(self, new: Row, row: Row, others: Iterable[Row]) -> None:
        known = {
            "extensions": {each["number"] for each in self._state["extensions"]},
            "extensionsgroup": {each["name"] for each in self._state["groups"]},
            "trunks": {each["trunkname"] for each in self._state["trunks"]},
        }
        if (
            not new.keys() <= set(_ROUTE_FIELDS)
            or not is_route(row)
            or any(other["name"] == row["name"] for other in others)
            or any(not set(split(row[key])) <= names for key, names in known.items())
        ):
            raise Refusal(ROUTE_NOT_SAVED)

    def _changes(self, kind: str, row: Row, new: dict[str, str]) -> dict[str, str]:
        """What really changes."""
        ignored = self._ignored()
        return {key: value for key, value in new.items() if row[key] != value and f"{kind}.{key}" not in ignored}


def needed(body: Any) -> Body:
    """The body of a call that needs one. Which of the two codes is for what is assumed [I]."""
    if body is None:
        raise Refusal(NO_BODY)
    if not isinstance(body, dict) or not body:
        raise Refusal(NO_DATA)
    return body


def parameter(body: Body, key: str) -> str | None:
    """One value."""
    return text(body.get(key))


def required(body: Body, key: str) -> str:
    """One value that must be there."""
    value = parameter(body, key)
    if not value:
        raise Refusal(BLANK_PARAMETER)
    return value


def texts(body: Body, errno: str) -> dict[str, str]:
    """All values, as the PBX keeps them."""
    new = {key: text(value) for key, value in body.items()}
    if None in new.values():
        raise Refusal(errno)
    return {key: value for key, value in new.items() if value is not None}


def split(names: str) -> list[str]:
    """The parts of a list with commas."""
    return [name for name in names.split(",") if name]


def named(rows: list[Row], key: str, wanted: str) -> list[Row]:
    """Those of the names in a list with commas, or "all"."""
    return [row for row in rows if wanted == "all" or row[key] in split(wanted)]


def copies(rows: Iterable[Row]) -> list[Row]:
    """For a reply that stays as it is."""
    return [dict(row) for row in rows]
