# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PBX's security configuration in our words, for the state gathered. Pure; holds no secret."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.countries import known_codes, polarity
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.ip_list import address_text, parse_rows
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.outbound import parse_rules
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.security_gather import Found
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.singletons import SIMPLE


def gathered(found: Found) -> dict[str, Any]:
    """Plain data, by control."""
    result: dict[str, Any] = {}
    for kind in SIMPLE:
        result[kind.name] = kind.shown(found.singletons[kind.name])
    entries, unparsed = parse_rows(found.ip_rows)
    result["ip_list"] = [
        {
            "address": address_text(entry.network),
            "action": entry.block_type.lower(),
            "description": entry.description,
            "expires": entry.expires.isoformat() if entry.expires else None,
            "added_by": entry.added_by,
        }
        for entry in entries
    ] + [{"address": text, "action": "not understood"} for text in unparsed]
    if found.countries:
        known = known_codes(found.countries.countries)
        result["countries"] = {
            "list": list(found.countries.codes),
            "list_holds": polarity(found.countries) or "unknown",
            "names": sorted({name for code in found.countries.codes for name in known.get(code.lstrip("+"), ())}),
        }
    result["outbound_rules"] = [
        {
            "name": rule.name,
            "prefixes": rule.prefixes,
            "lengths": rule.lengths,
            "groups": list(rule.groups),
            "extensions": [f"{first}-{last}" if first != last else first for first, last in rule.extensions],
            "emergency": rule.emergency,
            "has_route": rule.has_route,
        }
        for rule in parse_rules(found.rules)
    ]
    console = found.singletons["console"]
    result["console"] = {
        "restricted": bool(console.get("AccessRestricted")),
        "networks": list(console.get("IpWhitelist") or ()),
        "this_controller": console.get("MyIpAddress"),
    }
    result["notifications"] = dict(found.singletons["notifications"])
    result["mail_server"] = dict(found.singletons["mail_server"])
    if "syslog" in found.singletons:
        syslog = found.singletons["syslog"]
        relay = syslog.get("CustomRelayConfig") or {}
        result["syslog"] = {
            "type": syslog.get("IntegrationType"),
            **{name.lower(): relay[name] for name in ("Host", "Port", "Protocol") if name in relay},
        }
    return result
