# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for the site's phones: which account, over which transport, fetched from where.

The result is the ``phones`` option of the module yealink_config. It holds no secret.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import plain
from ansible_collections.voipsec.hardening.plugins.module_utils.site.international import (
    calling_codes,
    international_prefixes,
    not_allowed,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    EMERGENCY_NUMBERS,
    Declaration,
    Extension,
    Lockout,
    Phone,
    PhonePolicy,
)


def compile_phones(declaration: Declaration) -> list[dict[str, Any]]:
    """One entry for each declared phone, in the order of the extensions. None where the PBX writes their files."""
    if declaration.provisioning and declaration.provisioning.by == "pbx":
        return []
    return compile_template_phones(declaration)


def compile_template_phones(declaration: Declaration) -> list[dict[str, Any]]:
    """The same, whoever writes their files."""
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
        "provisioning": {"url": declaration.provisioning.url or "", "access": declaration.provisioning.method},
        "emergency_numbers": list(EMERGENCY_NUMBERS),
        "blocked_beginnings": _blocked_beginnings(declaration),
        "enrolled": phone.enrolled,
        **_policy(declaration.phone_policy, phone),
    }
    if phone.firmware:
        entry["firmware"] = phone.firmware
    if declaration.provisioning.method == "shared":
        entry["provisioning"]["username"] = declaration.provisioning.username
    return entry


def _policy(policy: PhonePolicy, phone: Phone) -> dict[str, Any]:
    """What the site wants of all phones, and this one's own; what is not declared is left out."""
    wanted = {
        "web_interface": policy.web_interface,
        "check_sync": policy.check_sync,
        "random_listen_port": policy.random_listen_port,
        "listen_port": phone.listen_port,
        "lock": plain(policy.lock),
        "vlan": _declared(phone.vlan or policy.vlan),
        "dot1x": _declared(policy.dot1x),
        "trusted_certificate": policy.trusted_certificate,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _declared(part: Any) -> dict[str, Any] | None:
    return {name: value for name, value in plain(part).items() if value is not None} if part else None


def _blocked_beginnings(declaration: Declaration) -> list[str]:
    """Of numbers in countries that may not be called, and of those that are barred. The PBX is the first barrier."""
    if not declaration.phone_policy.block_countries or not declaration.allowed_countries:
        return []
    abroad = not_allowed(calling_codes(declaration.allowed_countries))
    prefixes = international_prefixes(declaration.site.country)
    return [*(f"{prefix}{beginning}" for prefix in prefixes for beginning in abroad), *declaration.barred_numbers]


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


def compile_phone_service(declaration: Declaration) -> dict[str, Any]:
    """Who writes the phones' files (``by_pbx``), and where phones register: ``address`` and name (``domain``)."""
    return {
        "by_pbx": bool(declaration.provisioning and declaration.provisioning.by == "pbx"),
        "address": str(declaration.pbx.address),
        "domain": declaration.pbx.server_name,
    }


def compile_provisioning(declaration: Declaration | None) -> dict[str, Any]:
    """What the role yealink_provisioning needs: the server, who may fetch, and who is never banned.

    Always with ``lockout`` (durations in seconds); without a declaration with nothing else. ``unserved``: declared
    phones that no declared network holds, each with the reason.
    """
    if declaration is None:
        return {"lockout": plain(Lockout())}
    management = [str(network) for network in declaration.site.management]
    always = {"management": management, "lockout": plain(declaration.lockout)}
    if declaration.provisioning is None or declaration.provisioning.url is None:
        return always
    parts = urlsplit(declaration.provisioning.url)
    networks = [str(network) for network in declaration.pbx.local_networks]
    networks += [str(site.address) for site in declaration.remote_sites if site.address and site.extensions]
    return {
        **always,
        "url": declaration.provisioning.url,
        "host": parts.hostname,
        "port": parts.port or 443,
        "path": f"/{parts.path.strip('/')}/".replace("//", "/"),
        "access": declaration.provisioning.method,
        "username": declaration.provisioning.username,
        "networks": list(dict.fromkeys([*networks, *management])),
        "unserved": _unserved(declaration),
        "phones": [
            {"mac": extension.phone.mac, "number": extension.number}
            for extension in declaration.extensions
            if extension.phone
        ],
    }


def _unserved(declaration: Declaration) -> list[dict[str, str]]:
    """Phones that no declared network belongs to: a server that serves the declared ones turns them away.

    An ended remote site is none of them. It is left out everywhere, and a warning says so.
    """
    found = []
    for extension in declaration.extensions:
        why = _why_unserved(declaration, extension) if extension.phone else None
        if extension.phone and why:
            found.append({"mac": extension.phone.mac, "number": extension.number, "why": why})
    return found


def _why_unserved(declaration: Declaration, extension: Extension) -> str | None:
    site = declaration.remote_site_of(extension.number)
    if site and site.vpn:
        return f"at remote site {site.name} with vpn: true, so no variable holds its network"
    if site:
        return None
    if extension.outside_lan:
        return "outside_lan: true without a remote site, so no variable holds its address"
    return None if declaration.pbx.local_networks else "on the LAN, and pbx.local_networks is not declared"
