# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of yeastar_info: what a PBX says of itself and of its security. Reads only, and never shows a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.nested import mapped
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import checked, reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS, always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK, Masker, Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.dialects import P_DIALECT, S_DIALECT
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import (
    ACCESS_DENIED,
    NOT_FOUND,
    UNKNOWN_ENDPOINT,
    Refused,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.firmware import parse_firmware
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.gathered_extensions import (
    Gathered,
    gather_p,
    gather_s,
    weak,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.numbers import parse_lists
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.p_client import (
    SECRET_FIELDS,
    PSeries,
    p_series,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.phones import normal_mac
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.routes import DISABLE, Route, parse_routes
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.s_client import SSeries, s_series

SUBSETS = ("system", "capacity", "extensions", "outbound", "phones", "trunks", "logs", "backups")
ARGUMENT_SPEC: dict[str, Any] = {
    "series": {"type": "str", "choices": ["p", "s"], "default": "p"},
    "gather_subset": {"type": "list", "elements": "str", "choices": list(SUBSETS), "default": list(SUBSETS)},
    "read_passwords": {"type": "bool", "default": False},
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
UNAVAILABLE = frozenset({UNKNOWN_ENDPOINT, ACCESS_DENIED})
"""This firmware has it not, or this API client may not: neither ends the task."""
S_SERIES_CANNOT = "the S-Series' API does not have it, or this module does not read it there"
MOST_LOGS = 500
SECRET_PARTS = frozenset({"password", "passwd", "pwd", "secret", "token", "pin"})
"""Parts of names of fields that are not documented, and may hold a secret."""
SECRET_TEXT = re.compile(
    r"""(?i)((?:token|password|passwd|pwd|secret|(?<![a-z])pin)\b[\\"']*\s*[=:]\s*[\\"']*)[^\s&"'\\]+"""
)
S_EDITIONS = {"30": "appliance", "81": "cloud"}
"""First number of the firmware (yeastar.md editions)."""
UPTIME = re.compile(r"\A(\d+):(\d\d):(\d\d)\Z")


def run(params: Params, context: RunContext) -> Outcome:
    """Read what is asked for; a part that the PBX refuses says why and does not end the task."""
    if params["series"] == "s":
        with s_series(params, context) as s:
            return Outcome(False, _s_series(s, params["gather_subset"]))
    with p_series(params, context) as p:
        return Outcome(False, _p_series(p, params, context.masker))


def _p_series(pbx: PSeries, params: Params, masker: Masker) -> Json:
    information = available(lambda: pbx.get("system/information"))
    known = "unavailable" not in information
    readers: dict[str, Callable[[], Any]] = {
        "system": lambda: _system(information) if known else information,
        "capacity": lambda: unsecret(pbx.get("system/capacity").get("data")),
        "extensions": lambda: _extensions(pbx, read_passwords=params["read_passwords"]),
        "outbound": lambda: _outbound(pbx),
        "phones": lambda: _phones(pbx),
        "trunks": lambda: _trunks(pbx, masker),
        "logs": lambda: unsecret(pbx.rows("system_log/list", limit=MOST_LOGS)),
        "backups": lambda: unsecret(pbx.rows("backup/list")),
    }
    result: Json = {"pbx": parse_firmware(information).facts if known else {"series": "P-Series"}}
    for name in SUBSETS:
        if name in params["gather_subset"]:
            result[name] = available(readers[name])
    return {**result, "requests": pbx.counts}


def available(read: Callable[[], Any]) -> Any:
    """What was read, or why it could not be."""
    try:
        return read()
    except Refused as error:
        if error.code not in UNAVAILABLE:
            raise
        return {"unavailable": error.message}


def _system(answer: Json) -> Json:
    firmware = parse_firmware(answer)
    data = checked(answer, {"data": dict})["data"]
    return {
        "name": data.get("device_name"),
        "model": firmware.model,
        "firmware": firmware.text,
        "edition": firmware.edition,
        "serial": data.get("sn"),
        "time": data.get("system_time"),
        "uptime_seconds": data.get("up_time"),
    }


def _extensions(pbx: PSeries, *, read_passwords: bool) -> Json:
    # The name of a role is in the list only (yeastar.md a.3).
    roles = {str(row.get("number")): str(row.get("role_name") or "") for row in pbx.rows("extension/list")}
    found = gather_p(pbx, None if read_passwords else ())
    shows_remote = "allow_reg_remotely" in found.shown
    return {
        "total": len(found.extensions),
        "registered": _registered(found),
        "administrators": [{"number": number, "role": role} for number, role in sorted(roles.items()) if role],
        "remote_registration": sorted(
            number for number, each in found.extensions.items() if str(each.properties.get("allow_reg_remotely")) == "1"
        )
        if shows_remote
        else None,
        "weak": weak(found, P_DIALECT),
        "passwords_read": read_passwords and not found.unreadable,
        "passwords_not_read": found.unreadable if read_passwords else "read_passwords is false",
    }


def _registered(found: Gathered) -> list[str]:
    return sorted(number for number, each in found.extensions.items() if each.registered)


def _outbound(pbx: PSeries) -> Json:
    return {
        "routes": available(lambda: _routes(pbx)),
        "blocked_numbers": available(lambda: _numbers(pbx, "block_numbers/list")),
        "allowed_numbers": available(lambda: _numbers(pbx, "allow_numbers/list")),
    }


def _routes(pbx: PSeries) -> list[Json]:
    routes = parse_routes([pbx.entry("outbound_route/get", key) for key in pbx.ids("outbound_route/list")])
    return [
        {
            "name": route.name,
            "position": route.position,
            "patterns": [row.pattern for row in route.patterns],
            "pin_protected": route.pin_protect != DISABLE,
            "extensions": sum(each.kind == "extension" for each in route.members),
            "groups": _named(route, "ext_group"),
            "organizations": _named(route, "organization"),
        }
        for route in routes
    ]


def _named(route: Route, kind: str) -> list[str]:
    return sorted(each.name or str(each.key) for each in route.members if each.kind == kind)


def _numbers(pbx: PSeries, endpoint: str) -> list[Json]:
    return [
        {"name": each.name, "direction": each.direction, "numbers": list(each.numbers)}
        for each in parse_lists(pbx.rows(endpoint))
    ]


def _phones(pbx: PSeries) -> list[Json]:
    """Never provisioning_link, which is a way to a phone's whole configuration, nor rps_pin."""
    found = []
    for row in pbx.rows("phone/search"):
        details = _details(pbx, "phone/get", row)
        number = str(row.get("assigned_ext_num") or "")
        found.append(
            {
                "mac": normal_mac(str(row.get("mac") or "")),
                "vendor": row.get("vendor"),
                "model": row.get("model"),
                "firmware": row.get("firmware"),
                "extension": number if number.isdigit() else None,
                "registered": row.get("assigned_ext_status") == "Registered",
                "provisioning_method": details.get("provisioning_method"),
                "first_time_authentication": _switch(details.get("enb_rps_auth")),
            }
        )
    return found


def _trunks(pbx: PSeries, masker: Masker) -> list[Json]:
    """Details are shown one by one; they hold the trunk's password in clear (yeastar.md a.5)."""
    found = []
    for row in pbx.rows("trunk/list"):
        details = {**row, **_details(pbx, "trunk/get", row)}
        if details.get("password"):
            masker.add(Secret(str(details["password"])))
        found.append(
            {
                "name": details.get("name"),
                "type": details.get("type"),
                "enabled": _switch(details.get("enable")),
                "transport": details.get("transport"),
                "hostname": details.get("hostname"),
            }
        )
    return found


def _details(pbx: PSeries, endpoint: str, row: Json) -> Json:
    """What ``get`` tells of a listed row; nothing where it has gone meanwhile, or is not there to be read."""
    try:
        with reading():
            key = int(row["id"])
        return pbx.entry(endpoint, key)
    except Refused as error:
        if error.code not in (*UNAVAILABLE, NOT_FOUND):
            raise
        return {}


def _switch(value: Any) -> bool | None:
    return None if value is None else str(value) == "1"


def unsecret(value: Any) -> Any:
    """The same structure without what may be a secret: for answers whose fields are not documented."""
    return mapped(value, _unsecret)


def _unsecret(value: Any, name: str) -> Any:
    if value not in (None, "") and (name in SECRET_FIELDS or SECRET_PARTS & set(re.split(r"[^a-z]+", name.lower()))):
        return MASK
    return SECRET_TEXT.sub(rf"\1{MASK}", value) if isinstance(value, str) else value


def _s_series(pbx: SSeries, subsets: Sequence[str]) -> Json:
    information = pbx.call("deviceinfo/query")
    data = checked(information, {"deviceinfo": dict}).get("deviceinfo") or information
    model, version = str(data.get("devicename") or ""), str(data.get("firmwarever") or "")
    edition = S_EDITIONS.get(version.partition(".")[0], "")
    readers: dict[str, Callable[[], Json]] = {
        "system": lambda: {
            "name": model,
            "model": model,
            "firmware": version,
            "edition": edition,
            "serial": data.get("sn"),
            "time": data.get("systemtime"),
            "uptime_seconds": _seconds(str(data.get("uptime") or "")),
        },
        "extensions": lambda: _s_extensions(pbx),
    }
    result: Json = {"pbx": {"series": "S-Series", "model": model, "firmware": version, "edition": edition}}
    for name in SUBSETS:
        if name in subsets:
            result[name] = readers[name]() if name in readers else {"unavailable": S_SERIES_CANNOT}
    return {**result, "requests": pbx.counts}


def _seconds(text: str) -> int | None:
    match = UPTIME.match(text)
    return (int(match[1]) * 60 + int(match[2])) * 60 + int(match[3]) if match else None


def _s_extensions(pbx: SSeries) -> Json:
    found = gather_s(pbx)
    return {
        "total": len(found.extensions),
        "registered": _registered(found),
        "administrators": None,
        "remote_registration": None,
        "weak": weak(found, S_DIALECT),
        # They are in every answer [D], whatever is asked for.
        "passwords_read": True,
        "passwords_not_read": "",
    }


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=always_needed)
