# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for the site's phones: which account, over which transport, fetched from where.

The result is the ``phones`` option of the module yealink_config. It holds no secret.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    EMERGENCY_NUMBERS,
    Declaration,
    Extension,
    Phone,
)


def compile_phones(declaration: Declaration) -> list[dict[str, Any]]:
    """One entry for each declared phone, in the order of the extensions."""
    return [_phone(declaration, extension, extension.phone) for extension in declaration.extensions if extension.phone]


def _phone(declaration: Declaration, extension: Extension, phone: Phone) -> dict[str, Any]:
    if declaration.provisioning is None:
        raise HardeningError(
            f"extensions: {extension.number} has a phone, but provisioning is not declared. Declare provisioning.url, "
            "the https address of the directory that phones fetch their files from."
        )
    entry: dict[str, Any] = {
        "mac": phone.mac,
        "model": phone.model,
        "outside_lan": declaration.crosses_internet(extension),
        "accounts": [_account(declaration, extension)],
        "provisioning": {"url": declaration.provisioning.url},
        "emergency_numbers": list(EMERGENCY_NUMBERS),
    }
    if phone.firmware:
        entry["firmware"] = phone.firmware
    if declaration.provisioning.username:
        entry["provisioning"]["username"] = declaration.provisioning.username
    return entry


def _account(declaration: Declaration, extension: Extension) -> dict[str, Any]:
    transport = declaration.transport_of(extension)
    return {
        "number": extension.number,
        "label": extension.number,
        "display_name": extension.name or extension.number,
        "server": declaration.pbx.server_name,
        "port": declaration.pbx.tls_port if transport == "tls" else _plain_port(declaration),
        "transport": transport,
        # SRTP's keys travel in the signalling: without TLS they would be sent in clear text.
        "srtp": "compulsory" if transport == "tls" else "disabled",
    }


def _plain_port(declaration: Declaration) -> int:
    """The PBX's first SIP port that is not the one for TLS."""
    ports = [port for port in declaration.pbx.sip_ports if port != declaration.pbx.tls_port]
    if not ports:
        raise HardeningError("pbx.sip_ports holds no port beside pbx.tls_port: phones on the LAN need one for UDP.")
    return ports[0]


def compile_phone_registrations(declaration: Declaration) -> list[dict[str, str]]:
    """Every extension, with its phone's MAC address where one is declared: for the modules that watch registrations."""
    return [
        {"number": extension.number, **({"mac": extension.phone.mac} if extension.phone else {})}
        for extension in declaration.extensions
    ]
