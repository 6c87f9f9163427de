# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a PBX's extensions, by either dialect, into the same form."""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import UnexpectedAnswer, reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.weak_credentials import weaknesses
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.dialects import P_DIALECT, S_DIALECT, Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import (
    ACCESS_DENIED,
    S_NOT_FOUND,
    UNKNOWN_ENDPOINT,
    Refused,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.extension import Extension
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.p_client import PSeries
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.restrictions import ListForm, learn
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.s_client import SSeries

BATCH = 50
"""So many extensions are asked for in one request; the longest address stays short."""
READABLE = ("reg_password", "vm_pin")
"""What extension/getpassword gives; there is no such reading of the user's own password [D]."""
NO_PASSWORDS = "this PBX's firmware does not show passwords (extension/getpassword), so they cannot be compared"
DENIED = "the API client may not read passwords (extension/getpassword), so they cannot be compared"


@dataclass
class Gathered:
    """What was found."""

    extensions: dict[str, Extension]
    """By number."""
    shown: frozenset[str] = frozenset()
    """Names that the PBX has in its own answers; empty where it has no extension yet."""
    forms: Mapping[str, ListForm] = field(default_factory=dict)
    unreadable: str = ""
    """Why passwords could not be read; empty where they were."""


def gather_p(pbx: PSeries, read_secrets_of: Collection[str] | None) -> Gathered:
    """All extensions. Passwords are read of these numbers only, of all with None: the PBX may log each reading."""
    listed = _by_id(pbx.rows("extension/list", {"sort_by": "number", "order_by": "asc"}))
    details: dict[int, Json] = {}
    keys = list(listed)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        answer = pbx.get("extension/query", {"ids": ",".join(map(str, batch))})
        details.update(_by_id(answer.get("data")))
    found = Gathered({}, frozenset(name for row in details.values() for name in row), learn(details.values()))
    for key, row in listed.items():
        each = _extension(key, row, details.get(key, {}))
        if (read_secrets_of is None or each.number in read_secrets_of) and not found.unreadable:
            each = dataclasses.replace(each, secrets={**each.secrets, **_passwords(pbx, key, found)})
        found.extensions[each.number] = each
    return found


@reading()
def _by_id(rows: Any) -> dict[int, Json]:
    return {int(row["id"]): dict(row) for row in rows}


@reading()
def _extension(key: int, row: Json, detail: Json) -> Extension:
    """From a row of the listing and the answer to a query, without the passwords."""
    return Extension(
        key,
        str(row["number"]),
        str(row.get("caller_id_name") or ""),
        {name: value for name, value in detail.items() if name not in (*P_DIALECT.secrets, P_DIALECT.login)},
        {"reg_name": Secret(str(detail["reg_name"]))} if detail.get("reg_name") is not None else {},
        _sip_registered(row),
    )


def _passwords(pbx: PSeries, key: int, found: Gathered) -> dict[str, Secret]:
    secrets = {}
    for name in READABLE:
        try:
            answer = pbx.get("extension/getpassword", {"id": key, "type": name})
        except Refused as error:
            if error.code not in (UNKNOWN_ENDPOINT, ACCESS_DENIED):
                raise
            found.unreadable = NO_PASSWORDS if error.code == UNKNOWN_ENDPOINT else DENIED
            return {}
        try:
            text = base64.b64decode(str(answer.get("password") or ""), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise HardeningError("reading extension/getpassword: the PBX's answer is not Base64.") from None
        secrets[name] = Secret(text)
    return secrets


def _sip_registered(row: Mapping[str, Any]) -> bool:
    """Whether a desk phone is registered; apps have entries of their own (yeastar.md a.3)."""
    phone = (row.get("online_status") or {}).get("sip_phone") or {}
    return str(phone.get("status")) == "1" or any(
        str(each.get("status")) == "1" for each in phone.get("status_list") or ()
    )


def p_registered(pbx: PSeries) -> set[str]:
    """Numbers whose desk phone is registered now."""
    rows = pbx.rows("extension/list")
    with reading():
        return {str(row["number"]) for row in rows if _sip_registered(row)}


def gather_s(pbx: SSeries) -> Gathered:
    """All extensions; the S-Series shows every password [D]."""
    states = {str(row.get("number")): str(row.get("status")) for row in _list(pbx)}
    try:
        rows = _rows(pbx.call("extension/query", {"number": "all"}), "extinfos") if states else []
    except Refused as error:
        if error.code != S_NOT_FOUND:
            raise
        rows = []
    found = Gathered({}, frozenset(name for row in rows for name in row))
    hidden = {**S_DIALECT.secrets, S_DIALECT.login: "web_password"}
    for row in rows:
        number = str(row["number"])
        found.extensions[number] = Extension(
            number,
            number,
            str(row.get("username") or ""),
            {name: value for name, value in row.items() if name not in hidden},
            {name: Secret(str(row[name])) for name in hidden if row.get(name) is not None},
            _s_is_registered(states.get(number, "")),
        )
    return found


def _list(pbx: SSeries) -> list[Json]:
    return _rows(pbx.call("extension/list"), "extlist")


def _rows(answer: Json, name: str) -> list[Json]:
    rows = answer.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("number") for row in rows):
        raise UnexpectedAnswer(f"{name} is not a list of extensions")
    return rows


def _s_is_registered(status: str) -> bool:
    """Registered, Idle, Ringing, Busy and Hold are states of a phone that is there (yeastar.md e)."""
    return status in ("Registered", "Idle", "Ringing", "Busy", "Hold")


def s_registered(pbx: SSeries) -> set[str]:
    """Numbers whose phone is registered now."""
    return {str(row.get("number")) for row in _list(pbx) if _s_is_registered(str(row.get("status")))}


def weak(found: Gathered, dialect: Dialect) -> dict[str, list[str]]:
    """Extensions that can be guessed, and why. What could not be read is not judged."""
    field_of = {ours: theirs for theirs, ours in dialect.secrets.items()}
    reasons = {
        number: weaknesses(
            number,
            auth_id=each.secrets.get(field_of["auth_id"]),
            sip_password=each.secrets.get(field_of["sip_password"]),
            pin=each.secrets.get(field_of["voicemail_pin"]),
        )
        for number, each in sorted(found.extensions.items())
    }
    return {number: texts for number, texts in reasons.items() if texts}
