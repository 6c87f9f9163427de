# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a PBX's security configuration: only what the task is about, and each read names its properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import Kinds, checked, reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import (
    console,
    ip_list,
    notifications,
    outbound,
    phone_template,
    secure_sip,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.client import Connection
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.countries import (
    PARAMETER,
    CountryList,
    split_codes,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.errors import Refused
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import Release
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import entity, function, selecting
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.singletons import SIMPLE

ALL = (
    *(kind.name for kind in SIMPLE),
    "ip_list",
    "countries",
    "outbound",
    "console",
    "notifications",
    "mail_server",
    "syslog",
)
"""What ``gathered`` reads; the Secure SIP files and templates are read where they are declared."""


@dataclass
class Found:
    """The PBX as it is."""

    release: Release
    singletons: dict[str, Json] = field(default_factory=dict)
    """By control name."""
    ip_rows: list[Json] = field(default_factory=list)
    countries: CountryList | None = None
    rules: list[Json] = field(default_factory=list)
    groups: dict[str, int] = field(default_factory=dict)
    templates: dict[str, Json | None] = field(default_factory=dict)


def controls_of(config: Mapping[str, Any], *, removing: bool = False) -> list[str]:
    """The controls that a config is about, in the order in which they are applied."""
    wanted = [kind.name for kind in SIMPLE if config.get(kind.name)]
    # Our own leftovers are looked for even where nothing is declared any more.
    if config.get("ip_list") is not None or removing:
        wanted.append("ip_list")
    if config.get("countries"):
        wanted.append("countries")
    if config.get("barred_numbers") is not None or config.get("outbound_rules") or removing:
        wanted.append("outbound")
    wanted += [name for name in ("notifications", "mail_server", "syslog", "secure_sip", "console") if config.get(name)]
    return wanted


def gather(connection: Connection, controls: list[str], templates: list[str]) -> Found:
    """Read what these controls need."""
    release = connection.release
    found = Found(release)
    for kind in SIMPLE:
        if kind.name in controls:
            found.singletons[kind.name] = _settings(connection, kind.path, kind.schema, kind.kinds)
    if "ip_list" in controls:
        found.ip_rows = connection.pages("/Blocklist", selecting(ip_list.FIELDS))
    if "countries" in controls:
        found.countries = _countries(connection)
    if "outbound" in controls:
        found.rules = connection.pages("/OutboundRules", selecting(outbound.FIELDS))
        rows = connection.pages("/Groups", selecting(("Id", "Name")))
        with reading():
            found.groups = {str(row.get("Name")): int(row.get("Id") or 0) for row in rows}
    for name, path, schema, kinds in (
        ("notifications", "/NotificationSettings", "NotificationSettings", notifications.NOTIFICATION_KINDS),
        ("mail_server", *notifications.mail_place(release), notifications.MAIL_KINDS),
        ("syslog", "/SyslogSettings", "SyslogSettings", notifications.SYSLOG_KINDS),
        ("console", console.PATH, "ConsoleRestrictions", console.KINDS),
        ("secure_sip", secure_sip.PATH, "SecureSipSettings", secure_sip.KINDS),
    ):
        if name in controls and any(release.has(schema, each) for each in kinds):
            found.singletons[name] = _settings(connection, path, schema, kinds)
    for name in templates:
        found.templates[name] = _template(connection, name)
    return found


def _settings(connection: Connection, path: str, schema: str, kinds: Mapping[str, Kinds]) -> Json:
    """The properties of a settings object that this release has, each of its type."""
    known = {name: kind for name, kind in kinds.items() if connection.release.has(schema, name)}
    return checked(connection.get(path, selecting(list(known))), known)


def _countries(connection: Connection) -> CountryList:
    codes = checked(connection.get("/CountryCodes", selecting(("CountryCodes",))), {"CountryCodes": list})
    rows = connection.pages("/Countries", selecting(("Name", "CountryCode", "CountryCodes")))
    e164 = connection.get("/E164Settings", selecting(("InternationalCode",)))
    try:
        path = function("/Parameters/Pbx.GetParameterByName", {"name": PARAMETER})
        value: Any = connection.get(path, selecting(("Name", "Value"))).get("Value")
        not_allowed = split_codes(str(value or ""))
    except Refused as error:
        if error.status not in (403, 404, 400):
            raise
        not_allowed = None
    return CountryList(
        tuple(str(code) for code in codes.get("CountryCodes", ())),
        not_allowed,
        tuple(rows),
        str(e164.get("InternationalCode") or ""),
    )


def _template(connection: Connection, name: str) -> Json | None:
    try:
        return connection.get(entity("PhoneTemplates", name), selecting(phone_template.FIELDS))
    except Refused as error:
        if error.status == 404 or "NOT_FOUND" in error.codes:
            return None
        raise
