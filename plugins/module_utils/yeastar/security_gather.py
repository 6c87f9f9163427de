# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what yeastar_security plans with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import (
    ACCESS_DENIED,
    UNKNOWN_ENDPOINT,
    Refused,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.numbers import parse_lists
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.outbound import Found
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.p_client import PSeries
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.pin_lists import parse_pin_lists
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.routes import parse_routes


def gather(pbx: PSeries, config: Mapping[str, Any]) -> Found:
    """Everything about outbound calls; phones where some are declared or known."""
    entries = [pbx.entry("outbound_route/get", key) for key in pbx.ids("outbound_route/list")]
    found = Found(
        routes=parse_routes(entries),
        blocked=parse_lists(pbx.rows("block_numbers/list")),
        allowed=parse_lists(pbx.rows("allow_numbers/list")),
        pin_lists=parse_pin_lists(pbx.rows("pin_list/list")),
        extensions=_by("number", pbx.rows("extension/list")),
        trunks=_by("name", pbx.rows("trunk/list")),
    )
    found.groups = _names(pbx, "extension_group/list")
    for route in found.routes:
        # A firmware without the listing shows the groups that routes have (yeastar.md f: 10001 on 37.23.0.83).
        found.groups.update({each.name: each.key for each in route.members if each.kind == "ext_group"})
    if any(given.get("organizations") for given in config.get("outbound_routes") or ()):
        found.organizations = _names(pbx, "organization/list")
    found.phones = _phones(pbx)
    return found


def _names(pbx: PSeries, endpoint: str) -> dict[str, int]:
    """Name -> id; empty where the firmware has no such listing."""
    try:
        return _by("name", pbx.rows(endpoint))
    except Refused as error:
        if error.code not in (UNKNOWN_ENDPOINT, ACCESS_DENIED):
            raise
        return {}


def _phones(pbx: PSeries) -> list[Json]:
    try:
        found = [pbx.entry("phone/get", key) for key in pbx.ids("phone/search")]
    except Refused as error:
        if error.code not in (UNKNOWN_ENDPOINT, ACCESS_DENIED):
            raise
        return []
    return [each for each in found if each]


@reading()
def _by(name: str, rows: list[Json]) -> dict[str, int]:
    """Ids of listed rows, by this property."""
    return {str(row.get(name)): int(row["id"]) for row in rows}
