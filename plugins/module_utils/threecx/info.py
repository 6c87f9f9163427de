# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of threecx_info: what a PBX says of itself and of its security. Reads only, and never a secret."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS, always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import security_gather
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection, connected
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.errors import Refused
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.ip_list import parse_time
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import selecting
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.shown import gathered
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.users import parse_users, query, weak

SUBSETS = ("system", "licence", "security", "extensions", "events", "api_clients")
ARGUMENT_SPEC: dict[str, Any] = {
    "gather_subset": {"type": "list", "elements": "str", "choices": list(SUBSETS), "default": list(SUBSETS)},
    "events_since": {"type": "int", "default": 24},
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
SYSTEM = ("FQDN", "Version", "ExtensionsTotal", "ExtensionsRegistered", "IsAuditLogEnabled", "BackupScheduled")
LICENCE = ("ProductCode", "LicenseActive", "ExpirationDate", "MaxSimCalls")
"""Never LicenseKey, which the PBX shows in clear text (threecx.md c.3)."""
EVENTS = {
    12290: "address blocked",
    12291: "SIP request refused",
    12292: "address blocked for its request rate",
    12294: "call or registration failed",
    12296: "call to a country that is not allowed",
    30031: "weak credentials",
    30032: "login requests skipped",
    30049: "external call of a barred extension",
    10028: "password recovery requested",
    50022: "backup failed",
    50026: "mail not sent",
}
"""threecx.md e, from 3CX's own list of events."""
MOST_EVENTS = 500


def run(params: Params, context: RunContext) -> Outcome:
    """Read what is asked for; a part that the PBX refuses says why and does not end the task."""
    readers: dict[str, Callable[[Connection], Any]] = {
        "system": _system,
        "licence": _licence,
        "security": _security,
        "extensions": _extensions,
        "events": lambda connection: _events(connection, params["events_since"]),
        "api_clients": _api_clients,
    }
    result: dict[str, Any] = {}
    with connected(params, context) as connection:
        result["pbx"] = {"release": str(connection.release)}
        for name in SUBSETS:
            if name in params["gather_subset"]:
                try:
                    result[name] = readers[name](connection)
                except Refused as error:
                    result[name] = {"unavailable": error.message}
        result["requests"] = connection.counts
    return Outcome(False, result)


def _system(connection: Connection) -> dict[str, Any]:
    row = connection.get("/SystemStatus", selecting(SYSTEM))
    return {
        "fqdn": row.get("FQDN"),
        "version": row.get("Version"),
        "extensions": row.get("ExtensionsTotal"),
        "registered": row.get("ExtensionsRegistered"),
        "audit_log": bool(row.get("IsAuditLogEnabled")),
        "backup_scheduled": bool(row.get("BackupScheduled")),
    }


def _licence(connection: Connection) -> dict[str, Any]:
    row = connection.get("/LicenseStatus", selecting(LICENCE))
    return {
        "product": row.get("ProductCode"),
        "active": bool(row.get("LicenseActive")),
        "expires": row.get("ExpirationDate"),
        "simultaneous_calls": row.get("MaxSimCalls"),
    }


def _security(connection: Connection) -> dict[str, Any]:
    return gathered(security_gather.gather(connection, list(security_gather.ALL), []))


def _extensions(connection: Connection) -> dict[str, Any]:
    users = parse_users(connection.pages("/Users", query(connection.release)))
    return {
        "total": len(users),
        "registered": sorted(number for number, user in users.items() if user.registered),
        "disabled": sorted(number for number, user in users.items() if user.properties.get("Enabled") is False),
        "outside_lan": sorted(number for number, user in users.items() if not user.properties.get("AllowLanOnly")),
        "administrators": [
            {
                "number": user.number,
                "roles": sorted(user.roles),
                "second_factor": bool(user.properties.get("Require2FA")),
            }
            for user in users.values()
            if user.administers
        ],
        "weak": weak(users.values()),
    }


def _events(connection: Connection, hours: int) -> list[dict[str, Any]]:
    """The newest first. The level that the log gives is unreliable (quirk 15), so the meaning is ours."""
    wanted = " or ".join(f"EventId eq {number}" for number in EVENTS)
    rows = connection.pages(
        "/EventLogs",
        {**selecting(("EventId", "Message", "Params", "TimeGenerated")), "$filter": wanted},
        limit=MOST_EVENTS,
    )
    since = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours)
    found = []
    for row in rows:
        text = str(row.get("TimeGenerated") or "")
        with reading():
            moment = parse_time(text)
            number = int(row.get("EventId") or 0)
            values = [str(each) for each in row.get("Params") or ()]
        if moment is None or moment >= since:
            found.append({"time": text, "event": number, "meaning": EVENTS.get(number, ""), "values": values})
    return sorted(found, key=lambda each: str(each["time"]), reverse=True)


def _api_clients(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.pages(
        "/ServicePrincipals", selecting(("Number", "XAPIEnabled", "CallControlEnabled", "LastUsed"))
    )
    return [
        {
            "id": row.get("Number"),
            "configuration_api": bool(row.get("XAPIEnabled")),
            "call_control": bool(row.get("CallControlEnabled")),
            "last_used": row.get("LastUsed"),
        }
        for row in rows
    ]


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=always_needed)
