# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for the machine that the PBX runs on.

Each compiler also takes None, for a role that is used without a declaration: it then returns what has a default.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import plain
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Antivirus,
    Declaration,
    Lockout,
    Pbx,
)


def compile_pbx_host(declaration: Declaration | None) -> dict[str, Any]:
    """Variables of the role pbx_host, by their names without ``pbx_host_``; durations are seconds.

    ``peers``: providers and remote sites, which reach SIP and RTP from outside. ``vpn_sites``: names of remote sites
    that come in through a VPN, with addresses that no variable holds. ``concurrent_calls`` is 0 where not declared.
    ``local_networks`` is left out where not declared, because an empty list means that there is no LAN.
    """
    if declaration is None:
        return {"sip_ports": list(Pbx.sip_ports), "lockout": plain(Lockout())}
    pbx = declaration.pbx
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
    compiled = {
        "management": [str(network) for network in declaration.site.management],
        "peers": [*providers, *sites],
        "vpn_sites": [site.name for site in declaration.remote_sites if site.vpn],
        "sip_ports": list(pbx.sip_ports),
        "rtp_ports": str(pbx.rtp_ports or ""),
        "concurrent_calls": declaration.concurrent_calls or 0,
        "lockout": plain(declaration.lockout),
    }
    if pbx.local_networks:
        compiled["local_networks"] = [str(network) for network in pbx.local_networks]
    return compiled


def compile_antivirus(declaration: Declaration | None) -> dict[str, Any]:
    """Variables of the role antivirus, by their names without ``antivirus_``.

    ``declared`` tells whether the declaration asks for it; playbooks/site.yml runs the role only then.
    """
    antivirus = (declaration.antivirus if declaration else None) or Antivirus()
    return {
        "declared": bool(declaration and declaration.antivirus),
        "product": antivirus.product,
        "scan_at": antivirus.scan_at,
        "acknowledge_unsupported": list(antivirus.acknowledge_unsupported),
        "time_zone": declaration.site.time_zone if declaration else "",
    }


def compile_antivirus_mail(declaration: Declaration | None) -> dict[str, Any]:
    """The variable ``antivirus_mail``; empty where no alerts are declared, or no safe way to send them.

    Holds the mail server's password where one is declared.
    """
    alerts = declaration.alerts if declaration else None
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
