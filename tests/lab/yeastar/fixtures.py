# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PBX as an administrator left it: it works, and it is weak. All values are invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lab.yeastar.extensions import caller_id_name, new_row
from lab.yeastar.site import Row

TIME_FORMAT = "%Y/%m/%d %H:%M:%S"
_NAMES = (
    ("Ada", "Admin"),
    ("Berta", "Brandt"),
    ("Carl", "Conrad"),
    ("Dora", "Decker"),
    ("Emil", "Ernst"),
    ("Frida", "Falk"),
)
_FIRST_ID = 60


def seed(now: dt.datetime) -> dict[str, list[Row]]:
    """Everything the API shows."""
    extensions = [weak_extension(_FIRST_ID + place, str(1000 + place), *_NAMES[place]) for place in range(len(_NAMES))]
    extensions[0]["role_id"] = 1
    by_number = {row["number"]: row for row in extensions}
    saved = (now - dt.timedelta(days=40)).strftime(TIME_FORMAT)
    return {
        "extensions": extensions,
        "extension_groups": [{"id": 3, "name": "Office", "members": [by_number[n]["id"] for n in _office()]}],
        "organizations": [{"id": 1, "name": "Example"}],
        "trunks": [
            _trunk(11, "Provider", "sip.provider.example.net", "490301234567"),
            _trunk(12, "Backup", "sip.backup.example.org", "490307654321"),
        ],
        "outbound_routes": [
            {
                "id": 21,
                "name": "Everywhere",
                "outbound_cid": "",
                "dial_pattern_list": [{"id": 1, "pattern": "X.", "strip": 0, "prepend": ""}],
                "trunk_list": [{"id": 11, "name": "Provider", "type": "register"}],
                "ext_list": [
                    {"id": row["id"], "ext_number": row["number"], "ext_name": caller_id_name(row), "type": "extension"}
                    for row in extensions
                ],
                "pos": 1,
                "pin_protect": "disable",
                "pin": "",
                "pin_list": 0,
            }
        ],
        "pin_lists": [],
        "block_numbers": [{"id": 5, "name": "Nuisance", "limit_type": "inbound", "number_list": "49800555."}],
        "allow_numbers": [],
        "phones": [
            phone(75, "80:5e:c0:aa:bb:01", "SIP-T54W", by_number["1001"], "192.168.10.51"),
            phone(76, "80:5e:c0:aa:bb:02", "SIP-T46U", by_number["1002"], "192.168.10.52"),
        ],
        # Fields of a backup are not documented [I].
        "backups": [{"id": 1, "name": "before-update", "create_time": saved}],
        "cdr": _calls(now),
        "system_log": [],
    }


def weak_extension(new_id: int, number: str, first: str = "", last: str = "", **more: Any) -> Row:
    """Open from everywhere, passwords to guess."""
    values: Row = {
        "number": number,
        "first_name": first or "Extension",
        "last_name": last or number,
        "email_addr": f"{number}@example.net",
        "caller_id": number,
        "reg_name": number,
        "reg_password": f"{number}1234",
        "user_password": f"Welcome{number}",
        "vm_pin": number if int(number) % 2 else "1000",
        "allow_reg_remotely": 1,
        "user_agent_list": [{"user_agent": "Yealink"}],
        "ip_rstr_list": [{"ip": "192.168.10.0", "mask": "255.255.255.0"}],
    }
    return new_row(new_id, **(values | more))


def _office() -> tuple[str, ...]:
    return ("1001", "1002", "1003")


def _trunk(new_id: int, name: str, host: str, user: str) -> Row:
    return {
        "id": new_id,
        "name": name,
        "enable": 1,
        "country": "general",
        "itsp": "",
        "type": "register",
        "transport": "udp",
        "hostname": host,
        "port": 5060,
        "domain": host,
        "username": user,
        "password": f"trunk-{new_id}-secret",
        "auth_name": user,
        "enb_outbound_proxy": 0,
        "outbound_proxy_server": "",
        "outbound_proxy_port": 5060,
        "codec_sel": "ulaw,alaw",
        "def_outbound_cid": user,
        "def_outbound_cid_name": "",
        "outbound_cid_list": [],
        "did_list": [],
    }


def phone(new_id: int, mac: str, model: str, extension: Row, ip: str) -> Row:
    return {
        "id": new_id,
        "mac": mac,
        "vendor": "Yealink",
        "model": model,
        "template_name": "YSDP_YealinkT5",
        "provisioning_method": "pnp",
        "provisioning_link": f"http://192.168.10.2:7778/api/autoprovision/{mac.replace(':', '')}",
        "enb_rps_auth": 0,
        "assigned_extension": str(extension["id"]),
        "ip": ip,
        "firmware": "96.86.0.20",
        "assigned_ext_status": "Unregistered",
        "assigned_ext_num": extension["number"],
        "assigned_ext_name": f"{extension['first_name']} {extension['last_name']}",
        "rps_pin": "",
    }


def _calls(now: dt.datetime) -> list[Row]:
    """Ten a day: work by day, and 1002 abroad at night."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows: list[Row] = []
    for day in (3, 2, 1):
        start = midnight - dt.timedelta(days=day)
        for place in range(10):
            abroad = place < 3
            outbound = abroad or place % 2 == 1
            when = start + (dt.timedelta(hours=2, minutes=7 * place) if abroad else dt.timedelta(hours=6 + place))
            inside = "1002" if abroad else f"100{1 + place % 5}"
            name = " ".join(_NAMES[int(inside[-1])])
            outside = f"00882135550{place}" if abroad else f"030555010{place}"
            talk = 540 + 60 * place if abroad else 30 * place
            rows.append(
                {
                    "id": len(rows) + 1,
                    "time": when.strftime(TIME_FORMAT),
                    "call_from": f"{name}<{inside}>" if outbound else outside,
                    "call_to": outside if outbound else f"{name}<{inside}>",
                    "timestamp": int(when.timestamp()),
                    "uid": f"{int(when.timestamp())}.{len(rows) + 1}",
                    "src_addr": "203.0.113.66" if abroad else "192.168.10.51" if outbound else "",
                    "src_trunk": "" if outbound else "Provider",
                    "dst_trunk": "Provider" if outbound else "",
                    "duration": talk + 8,
                    "ring_duration": 8,
                    "talk_duration": talk,
                    "disposition": "ANSWERED" if talk else "NO ANSWER",
                    "call_type": "Outbound" if outbound else "Inbound",
                    "reason": "",
                    "did_number": "" if outbound else "490301234567",
                    "dod_number": "490301234567" if outbound else "",
                }
            )
    return rows
