# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of threecx_reprovision: phones fetch their new settings, and are seen to register with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.watch import (
    WATCH_OPTIONS,
    Watch,
    look_until_over,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import ip_list
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection, connected
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.errors import Refused
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import literal, selecting

ARGUMENT_SPEC: dict[str, Any] = {
    **WATCH_OPTIONS,
    "release_guard": {"type": "bool", "default": True},
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
FEW = 20
"""So many extensions are asked for by number; more are read with all others."""


def run(params: Params, context: RunContext) -> Outcome:
    """Tell the phones, watch them register, take the guard away."""
    phones = params["phones"]
    numbers = [phone["number"] for phone in phones]
    told = [phone for phone in phones if phone.get("mac")]
    needed = frozenset(set(params["expected"]) & set(numbers))
    waiting_for = frozenset(phone["number"] for phone in told) | needed
    if context.check_mode:
        planned = {"told": [phone["mac"] for phone in told], "registered": [], "unregistered": [], "notes": []}
        return Outcome(bool(told), planned)
    with connected(params, context) as connection:
        watch = Watch(waiting_for, needed, float(params["binding_lifetime"]))
        # Before the phones are told: most are seen without registration now, so that a quick one counts at once.
        rows = _users(connection, numbers)
        watch.saw(_registered(rows), 0.0)
        notes, unknown = _tell(connection, told)
        _tell_known(connection, rows, [phone["number"] for phone in phones if not phone.get("mac")])
        watch.waiting_for -= unknown - needed
        look_until_over(
            watch, lambda: _registered(_users(connection, numbers)), wait=params["wait"], poll=params["poll"]
        )
        watch.require(params["wait"], notes)
        released = _release_guard(connection) if params["release_guard"] else []
        requests = connection.counts
    result = {
        "told": [phone["mac"] for phone in told],
        "registered": sorted(watch.back),
        "unregistered": sorted(set(numbers) - watch.back),
        "guard_removed": released,
        "notes": notes,
        "requests": requests,
    }
    return Outcome(bool(told or released), result)


def _tell(connection: Connection, phones: Sequence[Mapping[str, Any]]) -> tuple[list[str], set[str]]:
    """Ask the PBX to make each phone fetch its settings; a remark on those that it does not know, and their numbers."""
    unknown = set()
    for phone in phones:
        try:
            connection.post(
                "/Users/Pbx.ReprovisionPhone", {"mac": phone["mac"]}, f"reprovisioning the phone of {phone['number']}"
            )
        except Refused as error:
            if error.status not in (400, 404):
                raise
            unknown.add(phone["number"])
    if not unknown:
        return [], unknown
    return [
        f"the PBX does not know the phones of {', '.join(sorted(unknown))} yet: they fetch their settings when they "
        "next check; restart them to speed this up"
    ], unknown


def _tell_known(connection: Connection, rows: Sequence[Json], numbers: Sequence[str]) -> None:
    """Extensions whose phones are not declared: the PBX tells those that it provisions itself, if there are any."""
    with reading():
        ids = [int(row["Id"]) for row in rows if str(row.get("Number")) in numbers]
    if ids:
        connection.post("/Users/Pbx.ReprovisionAllPhones", {"ids": ids}, "reprovisioning the phones that the PBX knows")


def _users(connection: Connection, numbers: Sequence[str]) -> list[Json]:
    query: dict[str, str | int] = dict(selecting(("Id", "Number", "IsRegistered")))
    if len(numbers) <= FEW:
        query["$filter"] = " or ".join(f"Number eq {literal(number)}" for number in numbers)
    return connection.pages("/Users", query) if numbers else []


def _registered(rows: Sequence[Json]) -> set[str]:
    return {str(row.get("Number")) for row in rows if row.get("IsRegistered")}


def _release_guard(connection: Connection) -> list[str]:
    """Remove the Allow entries that protected the site's addresses meanwhile. They would end by themselves."""
    entries, _unparsed = ip_list.parse_rows(connection.pages("/Blocklist", selecting(ip_list.FIELDS)))
    guards = [entry for entry in entries if entry.ours and entry.description.startswith(ip_list.GUARD)]
    if guards:
        body = {"ids": [entry.key for entry in guards]}
        connection.post("/Blocklist/Pbx.BulkIpsDelete", body, "removing the entries that protected the site meanwhile")
    return [str(entry.network) for entry in guards]


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=always_needed)
