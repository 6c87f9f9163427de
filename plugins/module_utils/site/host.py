# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for the machine that the PBX runs on."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration


def compile_pbx_host(declaration: Declaration) -> dict[str, Any]:
    """``peers``: whoever may reach SIP and speech from outside, as the role pbx_host takes them.

    ``vpn_sites``: names of those who come from inside, with addresses that are not declared.
    """
    providers = [
        {
            "name": provider.name,
            "signalling": [str(network) for network in provider.signalling],
            "media": [str(network) for network in provider.media],
        }
        for provider in declaration.trunk_providers
    ]
    sites = [
        {"name": site.name, "signalling": [str(site.address)]} for site in declaration.remote_sites if site.address
    ]
    return {"peers": [*providers, *sites], "vpn_sites": [site.name for site in declaration.remote_sites if site.vpn]}


def compile_antivirus_mail(declaration: Declaration) -> dict[str, Any]:
    """Who is told of malware, as the role antivirus takes it; empty where nobody is, or where no way there is safe."""
    alerts = declaration.alerts
    if alerts is None or alerts.smtp is None:
        return {}
    smtp = alerts.smtp
    if smtp.security == "none" and smtp.host not in ("127.0.0.1", "::1", "localhost"):
        return {}
    mail: dict[str, Any] = {"to": list(alerts.to), "host": smtp.host, "port": smtp.port, "security": smtp.security}
    if alerts.sender:
        mail["from"] = alerts.sender
    if smtp.username and smtp.password:
        mail |= {"user": smtp.username, "password": smtp.password.reveal()}
    return mail
