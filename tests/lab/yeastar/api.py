# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an endpoint and a method to whoever answers (yeastar.md a.1)."""

from __future__ import annotations

from lab.yeastar.calls import Calls
from lab.yeastar.extensions import Extensions
from lab.yeastar.groups import Groups, Organizations
from lab.yeastar.numbers import Numbers
from lab.yeastar.phones import Phones
from lab.yeastar.pin_lists import PinLists
from lab.yeastar.replies import NO_INTERFACE, VERSION_UNSUPPORTED, ApiError
from lab.yeastar.routes import Routes
from lab.yeastar.site import Handler, Site
from lab.yeastar.system import Backups, System, SystemLog, Webhook
from lab.yeastar.trunks import Trunks

BASE = "/openapi/"
VERSIONS = ("v1.0", "v2.0")
TOKEN_ENDPOINTS = ("get_token", "refresh_token", "del_token")
_READS = (
    "list",
    "search",
    "get",
    "query",
    "getpassword",
    "getstatus",
    "getoptions",
    "get_menuoptions",
    "information",
    "capacity",
    "compatibility",
    "itsp_list",
    "detail",
    "download",
    "subscribe",
)


def split(path: str) -> tuple[str, str]:
    """Version and endpoint of a path; no version if it is none of the API."""
    if not path.startswith(BASE):
        return "", path
    version, _slash, endpoint = path.removeprefix(BASE).partition("/")
    return version, endpoint


def changes_something(endpoint: str) -> bool:
    """By its name, as methods do not tell: deleting is a GET. What is not known to read is taken for a change."""
    return endpoint not in TOKEN_ENDPOINTS and endpoint.rpartition("/")[2] not in _READS


class Api:
    """All endpoints but those of tokens."""

    def __init__(self, site: Site) -> None:
        self._site = site
        calls = Calls(site)
        families = {
            "extension": Extensions(site).endpoints,
            "extension_group": Groups(site).endpoints,
            "organization": Organizations(site).endpoints,
            "trunk": Trunks(site).endpoints,
            "outbound_route": Routes(site).endpoints,
            "pin_list": PinLists(site).endpoints,
            "block_numbers": Numbers(site, "block_numbers").endpoints,
            "allow_numbers": Numbers(site, "allow_numbers").endpoints,
            "phone": Phones(site).endpoints,
            "backup": Backups(site).endpoints,
            "cdr": calls.endpoints,
            "system": System(site).endpoints,
            "system_log": SystemLog(site).endpoints,
            "webhook": Webhook().endpoints,
        }
        self._v1: dict[tuple[str, str], Handler] = {
            (method, f"{family}/{name}"): handler
            for family, endpoints in families.items()
            for (method, name), handler in endpoints.items()
        }
        self._v2 = {(method, f"cdr/{name}"): handler for (method, name), handler in calls.endpoints_v2.items()}

    def handler(self, version: str, method: str, endpoint: str) -> Handler:
        """Who answers; 10001 for an unknown endpoint, a wrong method and what this firmware has not."""
        if version not in VERSIONS:
            raise ApiError(VERSION_UNSUPPORTED)  # [I]
        family, _slash, name = endpoint.partition("/")
        firmware, faults = self._site.firmware, self._site.faults()
        missing = (
            any(
                endpoint == hidden or endpoint.startswith(hidden.rstrip("/") + "/")
                for hidden in faults.hidden_endpoints
            )
            or (family == "extension_group" and not firmware.extension_group)
            or (family == "webhook" and not firmware.webhook)
            or (name == "getpassword" and (faults.no_getpassword or not firmware.getpassword))
            or (version == "v2.0" and not firmware.cdr_v2)
        )
        found = (self._v1 if version == "v1.0" else self._v2).get((method, endpoint))
        if missing or found is None:
            raise ApiError(NO_INTERFACE)
        return found
