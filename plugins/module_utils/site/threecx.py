# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for a 3CX: its security configuration, its extensions, and its phones' templates."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site.countries import COUNTRIES
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    EMERGENCY_NUMBERS,
    Declaration,
    Extension,
)

EVENTS = [
    "address_blocked",
    "call_denied",
    "emergency_call",
    "request_refused",
    "trunk_error",
    "trunk_failover",
    "trunk_status",
]
"""Attacks, calls to what is not allowed, emergency calls, and lines that fail."""
NARROW = 29
"""3CX takes no wider network for its list of allowed addresses here (domain.md fact 4)."""


def compile_threecx_security(declaration: Declaration) -> dict[str, Any]:
    """The option ``config`` of threecx_security. Nothing is allowed past 3CX's defences by default."""
    config: dict[str, Any] = {
        "anti_hacking": {
            "failed_authentications": declaration.lockout.failed_attempts,
            "block_seconds": declaration.lockout.block_for,
            "global_blacklist": True,
        },
        "network": {"sip_calls_from_outside": False},
        "calls": {
            "voicemail_menu_calls": False,
            "oauth_client_registration": False,
            "oauth_client_documents": False,
        },
        "ip_list": [],
        "protected": _protected(declaration),
        "barred_numbers": list(declaration.barred_numbers),
        "emergency_numbers": list(EMERGENCY_NUMBERS),
        "console": {"networks": [str(network) for network in declaration.site.management]},
        # Which templates the phones use is not declared, so the role's variables name them and what they get.
        "phone_templates": {"ids": [], "settings": {}},
    }
    if declaration.allowed_countries:
        allowed = []
        for code in declaration.allowed_countries:
            calling_code = COUNTRIES[code].calling_code
            if calling_code is not None:
                allowed.append({"country": code, "calling_code": str(calling_code)})
        config["countries"] = {"allowed": allowed}
    config.update(_alerting(declaration))
    return config


def _protected(declaration: Declaration) -> list[dict[str, str]]:
    """Networks that must never be blocked, and whose they are."""
    found = [(network, "where this site is managed from") for network in declaration.site.management]
    for provider in declaration.trunk_providers:
        found += [(network, f"the provider {provider.name}") for network in (*provider.signalling, *provider.media)]
    found += [(site.address, f"the site {site.name}") for site in declaration.remote_sites if site.address]
    found += [(network, "the site's own network") for network in declaration.pbx.local_networks]
    return [{"network": str(network), "who": who} for network, who in dict.fromkeys(found)]


def _alerting(declaration: Declaration) -> dict[str, Any]:
    alerts = declaration.alerts
    if alerts is None:
        return {}
    found: dict[str, Any] = {"notifications": {"recipients": list(alerts.to), "events": EVENTS}}
    if alerts.smtp:
        server: dict[str, Any] = {
            "server": alerts.smtp.host,
            "port": alerts.smtp.port,
            "sender": alerts.sender or alerts.to[0],
            "tls": alerts.smtp.security != "none",
        }
        if alerts.smtp.username and alerts.smtp.password:
            server["user"] = alerts.smtp.username
            server["password"] = alerts.smtp.password.reveal()
        found["mail_server"] = server
    return found


def compile_threecx_extensions(declaration: Declaration) -> list[dict[str, Any]]:
    """The option ``extensions`` of threecx_extensions."""
    return [_extension(declaration, extension) for extension in declaration.extensions]


def _extension(declaration: Declaration, extension: Extension) -> dict[str, Any]:
    outside = declaration.crosses_internet(extension)
    entry: dict[str, Any] = {
        "number": extension.number,
        "name": extension.name,
        "lan_only": not outside,
        "block_tunnel": not outside,
        "voicemail_asks_pin": True,
    }
    if declaration.transport_of(extension) == "tls":
        entry["srtp"] = "enforced"
    if extension.phone:
        entry["mac"] = extension.phone.mac
    return entry


def compile_threecx_guard(declaration: Declaration) -> dict[str, Any]:
    """The option ``guard`` of threecx_extensions: where phones register from across the internet."""
    addresses = [site.address for site in declaration.remote_sites if site.address and site.extensions]
    return {"addresses": [str(address) for address in addresses if address.prefixlen >= NARROW]}
