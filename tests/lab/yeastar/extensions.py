# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""extension/* (yeastar.md a.3 and a.4)."""

from __future__ import annotations

import base64
import copy
import re
from typing import Any

from lab.yeastar import passwords
from lab.yeastar.fields import Field, checked, list_of, one_of, record, switch, text, whole
from lab.yeastar.replies import DUPLICATE, NO_INTERFACE, PARAMETER, REFERENCED, ApiError
from lab.yeastar.site import Handler, Request, Row, Site, paged, searched

KIND = "extensions"
PASSWORDS = ("user_password", "reg_password", "vm_pin")
PRESENCES = ("available", "away", "business_trip", "do_not_disturb", "lunch", "off_work")
ROLES = {0: "", 1: "Administrator"}
"""Ids of roles are not documented, but for 0, none [I]."""
SORTABLE = ("id", "number", "caller_id_name", "email_addr", "mobile_number", "presence_status")
ID = Field(whole(1), required=True)

_PHONE = text(0, 31, r"[A-Za-z0-9().+*#-]*")
_OBJECT = list_of(lambda value: isinstance(value, dict))

_BASIC = {
    "type": Field(one_of("SIP"), required=True),
    "first_name": Field(text(0, 63)),
    "last_name": Field(text(0, 63)),
    "email_addr": Field(text(0, 255, r"(?:[A-Za-z0-9_][A-Za-z0-9@_.'-]*)?")),
    "mobile_number": Field(_PHONE),
    "user_password": Field(lambda value: isinstance(value, str), required=True),
    "role_id": Field(whole(0)),
    "organization_list": Field(_OBJECT),
    "title": Field(text()),
    "email_language": Field(text(1)),
    "user_lang": Field(text(1)),
    "vm_lang": Field(text(1)),
    "number": Field(text(1, 8, r"[0-9]+"), required=True),
    "caller_id": Field(_PHONE),
    "reg_name": Field(text(1, 63), required=True),
    "reg_password": Field(text(8, 63), required=True),
    "concurrent_registrations": Field(whole(1), required=True),
    "presence_status": Field(one_of(*PRESENCES), required=True),
    "presence_list": Field(_OBJECT),
    "presence_mobile_prefix": Field(text()),
    "agent_id": Field(text()),
    "enb_vm": Field(switch),
    "enb_vm_pin": Field(switch),
    # Its length is not documented [I].
    "vm_pin": Field(text(0, 63, r"[0-9]*")),
}
_SECURITY = {
    "allow_reg_remotely": Field(switch),
    "enb_user_agent_ident": Field(switch),
    "enb_ip_rstr": Field(switch),
    "disable_outb_call": Field(switch),
    "disable_office_time_outb_call": Field(switch),
    "max_outb_call_duration": Field(whole(-1)),
    "transport": Field(one_of("udp", "tcp", "tls")),
    "enb_srtp": Field(switch),
    "enb_nat": Field(switch),
}
_LISTS = {
    # Names and shapes are invented: the reference has none [I].
    "user_agent_list": Field(list_of(record({"user_agent": Field(text(1, 127), required=True)}))),
    "ip_rstr_list": Field(
        list_of(record({name: Field(text(7, 15, r"[0-9.]+"), required=True) for name in ("ip", "mask")}))
    ),
}
_OTHER = {
    "enb_qualify": Field(switch),
    "dtmf_mode": Field(text(1)),
    "enb_t38_support": Field(switch),
    "enb_mobile_client": Field(switch),
    "enb_desktop_client": Field(switch),
    "enb_web_client": Field(switch),
    "enb_email_pwd_chg": Field(switch),
    "enb_email_miss_call": Field(switch),
}
_DEFAULTS: Row = {
    "type": "SIP",
    "first_name": "",
    "last_name": "",
    "email_addr": "",
    "mobile_number": "",
    "user_password": "",
    "role_id": 0,
    "organization_list": [],
    "title": "",
    "email_language": "follow_system",
    "user_lang": "follow_system",
    "vm_lang": "follow_system",
    "number": "",
    "caller_id": "",
    "reg_name": "",
    "reg_password": "",
    "concurrent_registrations": 1,
    "presence_status": "available",
    "presence_list": [],
    "presence_mobile_prefix": "",
    "agent_id": "",
    "enb_vm": 1,
    "enb_vm_pin": 1,
    "vm_pin": "",
    "allow_reg_remotely": 0,
    "enb_user_agent_ident": 0,
    "user_agent_list": [],
    "enb_ip_rstr": 0,
    "ip_rstr_list": [],
    "disable_outb_call": 0,
    "disable_office_time_outb_call": 0,
    "max_outb_call_duration": -1,
    "transport": "udp",
    "enb_srtp": 0,
    "enb_nat": 1,
    "enb_qualify": 1,
    "dtmf_mode": "rfc4733",
    "enb_t38_support": 0,
    "enb_mobile_client": 1,
    "enb_desktop_client": 1,
    "enb_web_client": 1,
    "enb_email_pwd_chg": 1,
    "enb_email_miss_call": 0,
}
_CLIENTS = ("linkus_desktop", "linkus_mobile", "linkus_web")


def new_row(new_id: int, **values: Any) -> Row:
    """An extension with the documented defaults; nothing is checked."""
    status: Row = {"sip_phone": {"status": 0, "ext_dev_type": "sip", "status_list": [{"status": 0}]}}
    status |= {name: {"status": 0, "ext_dev_type": name.replace("_", "")} for name in _CLIENTS}
    return {"id": new_id, "online_status": status, "custom_presence_status": ""} | copy.deepcopy(_DEFAULTS) | values


def caller_id_name(row: Row) -> str:
    """First and last name, or the number (a.4)."""
    return f"{row['first_name']} {row['last_name']}".strip() or str(row["number"])


def set_online(row: Row, online: bool) -> None:
    """Whether a SIP phone is registered."""
    phone = row["online_status"]["sip_phone"]
    phone["status"] = int(online)
    phone["status_list"] = [{"status": int(online)}]


class Extensions:
    """The endpoints of the family."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.endpoints: dict[tuple[str, str], Handler] = {
            ("GET", "list"): lambda request: self._listed(self._rows(), request),
            ("GET", "search"): self._search,
            ("GET", "get"): lambda request: {"data": self._details(site.get(KIND, request.query))},
            ("GET", "query"): self._query,
            ("GET", "getpassword"): self._getpassword,
            ("POST", "create"): self._create,
            ("POST", "update"): self._update,
            ("GET", "delete"): self._delete,
            ("POST", "send_welcome_email"): self._welcome,
        }

    @property
    def fields(self) -> dict[str, Field]:
        """What this firmware shows and takes."""
        known = _BASIC | _OTHER
        if self.site.firmware.security_keys:
            known |= _SECURITY | (_LISTS if self.site.restriction_lists else {})
        return {name: field for name, field in known.items() if name not in self.site.faults().hidden_fields}

    def _rows(self) -> list[Row]:
        return [self._brief(row) for row in self.site.state[KIND]]

    def _brief(self, row: Row) -> Row:
        return {
            "id": row["id"],
            "online_status": row["online_status"],
            "presence_status": row["presence_status"],
            "custom_presence_status": row["custom_presence_status"],
            "number": row["number"],
            "caller_id_name": caller_id_name(row),
            "role_name": ROLES.get(row["role_id"], ""),
            "email_addr": row["email_addr"],
            "mobile_number": row["mobile_number"],
        }

    def _listed(self, rows: list[Row], request: Request) -> Row:
        return copy.deepcopy(paged(rows, request.query, SORTABLE))

    def _search(self, request: Request) -> Row:
        names = ("number", "caller_id_name", "email_addr", "mobile_number")
        return self._listed(searched(self._rows(), request.query, names), request)

    def _details(self, row: Row) -> Row:
        shown = {name: row[name] for name in self.fields if name not in PASSWORDS}
        return copy.deepcopy({"id": row["id"], "online_status": row["online_status"]} | shown)

    def _query(self, request: Request) -> Row:
        # user_password is among the documented output of query; its form is not [I].
        mask = {} if "user_password" in self.site.faults().hidden_fields else {"user_password": "******"}
        return {"data": [self._details(row) | mask for row in self.site.query(KIND, request.query)]}

    def _getpassword(self, request: Request) -> Row:
        if not self.site.firmware.getpassword or self.site.faults().no_getpassword:
            raise ApiError(NO_INTERFACE)
        kind = request.query.get("type")
        if kind not in ("reg_password", "vm_pin"):
            raise ApiError(PARAMETER)
        row = self.site.get(KIND, request.query)
        return {"password": base64.b64encode(row[kind].encode()).decode()}

    def _create(self, request: Request) -> Row:
        body = checked(request.body, self.fields)
        row = new_row(0, **body)
        self._valid(row, body)
        row["id"] = self.site.new_id(KIND)
        self.site.state[KIND].append(copy.deepcopy(row))
        return {"id": row["id"]}

    def _update(self, request: Request) -> Row:
        # Partial (a.2); arrays are replaced [I].
        changes = checked(request.body, self.fields | {"id": ID}, partial=True)
        if "id" not in changes:
            raise ApiError(PARAMETER)
        row = self.site.find(KIND, changes.pop("id"))
        self._valid(row | changes, changes)
        differs = self.site.change("extension", row, copy.deepcopy(changes))
        if differs & {"number", "reg_name", "reg_password"} and not self.site.registration_survives():
            set_online(row, False)
            self.site.changed_registrations.append(row)
        return {}

    def _valid(self, row: Row, changes: Row) -> None:
        """Rules that concern more than one value; of an update only what it touches."""
        others = [other for other in self.site.state[KIND] if other["id"] != row["id"]]
        if len(row["number"]) > self.site.firmware.longest_number or row["role_id"] not in ROLES:
            raise ApiError(PARAMETER)
        if "user_password" in changes and not passwords.user_password_is_good(
            row["user_password"], row["number"], row["first_name"], row["last_name"]
        ):
            raise ApiError(PARAMETER)
        known = {organization["id"] for organization in self.site.state["organizations"]}
        if any(item.get("id") not in known for item in row["organization_list"]):
            raise ApiError(PARAMETER)
        for name in ("number", "email_addr"):
            if name in changes and row[name] and any(other[name] == row[name] for other in others):
                raise ApiError(DUPLICATE)

    def _delete(self, request: Request) -> Row:
        row = self.site.get(KIND, request.query)
        for route in self.site.state["outbound_routes"]:
            if any(item["type"] == "extension" and item["id"] == row["id"] for item in route["ext_list"]):
                raise ApiError(REFERENCED)
        for group in self.site.state["extension_groups"]:
            group["members"] = [member for member in group["members"] if member != row["id"]]
        for phone in self.site.state["phones"]:
            if phone["assigned_extension"] == str(row["id"]):
                phone |= {"assigned_extension": "", "assigned_ext_status": "Unregistered"}
        self.site.delete(KIND, row)
        return {}

    def _welcome(self, request: Request) -> Row:
        """Its body is not documented: the id of one extension, or "ids" of several [I]."""
        several = Field(text(1, 10000, r"[0-9]+(?:,[0-9]+)*"))
        body = checked(request.body, {"id": Field(whole(1)), "ids": several})
        wanted = [body["id"]] if "id" in body else [int(part) for part in re.findall("[0-9]+", body.get("ids", ""))]
        if not wanted or not all(self.site.find(KIND, each)["email_addr"] for each in wanted):
            raise ApiError(PARAMETER)
        return {}
