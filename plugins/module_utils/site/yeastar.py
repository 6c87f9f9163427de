# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for a Yeastar: its extensions, its outbound calls, and its phones."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.international import (
    calling_codes,
    international_prefixes,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    EMERGENCY_NUMBERS,
    Declaration,
    Extension,
)

YEALINK = "Yealink"
"""What a Yealink's User-Agent begins with (yeastar.md d, SSH on a P-Series: limituseragent)."""


def compile_yeastar(declaration: Declaration) -> dict[str, Any]:
    """Which series and edition it is. Raises HardeningError where that is not declared."""
    product = declaration.pbx.product or ""
    if not product.startswith("yeastar_"):
        raise HardeningError(
            f"pbx.product: {product or 'nothing'} is declared, but the inventory's group yeastar has a host; "
            "yeastar_appliance, yeastar_software, yeastar_cloud (P-Series) or yeastar_s (S-Series) is needed."
        )
    if product == "yeastar_s":
        return {"series": "s", "edition": None}
    return {"series": "p", "edition": product.removeprefix("yeastar_")}


def compile_yeastar_security(declaration: Declaration) -> dict[str, Any]:
    """The option ``config`` of yeastar_security."""
    config: dict[str, Any] = {
        "emergency_numbers": list(EMERGENCY_NUMBERS),
        "barred_numbers": list(declaration.barred_numbers),
        "outbound_routes": [],
        "pin_lists": [],
        "phones": [],
    }
    config["countries"] = {
        "allowed": calling_codes(declaration.allowed_countries),
        "international_prefixes": international_prefixes(declaration.site.country),
    }
    return config


def compile_yeastar_extensions(declaration: Declaration) -> list[dict[str, Any]]:
    """The option ``extensions`` of yeastar_extensions."""
    return [_extension(declaration, extension) for extension in declaration.extensions]


def _extension(declaration: Declaration, extension: Extension) -> dict[str, Any]:
    outside = declaration.crosses_internet(extension)
    transport = declaration.transport_of(extension)
    entry: dict[str, Any] = {
        "number": extension.number,
        "name": extension.name,
        "remote_registration": outside,
        "transport": transport,
        "srtp": transport == "tls",
        "voicemail_asks_pin": True,
    }
    site = declaration.remote_site_of(extension.number)
    if site and site.address and not site.vpn:
        entry["allowed_networks"] = [str(site.address)]
    elif not outside and not site and declaration.pbx.local_networks:
        entry["allowed_networks"] = [str(network) for network in declaration.pbx.local_networks]
    if extension.phone:
        entry["mac"] = extension.phone.mac
        entry["user_agents"] = [YEALINK]
    return entry
