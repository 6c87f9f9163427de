# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The S-Series as an administrator left it: weak passwords, everybody may dial anything. All values are invented."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
State = dict[str, list[Row]]

SERIAL = "369300000001"
NAMES = {
    "1000": "Reception",
    "1001": "Anna Bauer",
    "1002": "Ben Kurz",
    "1003": "Workshop",
    "1004": "Store",
    "1005": "Fax",
}


def extension(number: str, name: str | None = None) -> Row:
    """All fields of extension/query (yeastar.md e). Numbers travel as strings, as ids do [I]."""
    return {
        "number": number,
        "username": name or f"User {number}",
        "status": "Unavailable",
        "type": "SIP",
        "callerid": number,
        "registername": number,
        "registerpassword": f"{number}abc",
        "maxregistrations": "1",
        "loginpassword": "Password1",
        "email": "",
        "mobile": "",
        "language": "",
        "hasvoicemail": "on",
        "enablevmtoemail": "off",
        "vmsecret": number,
        "alwaysforward": "off",
        "atransferto": "",
        "atransferext": "",
        "noanswerforward": "on",
        "ntransferto": "Voicemail",
        "allowbeingmonitored": "off",
        "monitormode": "",
        "ringtimeout": "30",
        "maxduration": "6000",
        "dnd": "off",
        "callrestriction": "on",
        "agentid": "",
    }


FIELDS = frozenset(extension(""))


def seed() -> State:
    """What a new simulator holds."""
    extensions = [extension(number, name) for number, name in NAMES.items()]
    route = {
        "id": "1",
        "name": "all",
        "prefix": "X.",
        "strip": "",
        "prepend": "",
        "trunks": "provider",
        "extensions": ",".join(NAMES),
        "extensionsgroup": "",
    }
    return {
        "extensions": extensions,
        "outroutes": [route],
        "groups": [{"id": "1", "name": "office", "extensions": "1000,1001,1002"}],
        "trunks": [{"trunkname": "provider", "status": "Registered", "type": "SIP"}],
    }
