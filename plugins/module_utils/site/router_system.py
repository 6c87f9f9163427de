# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for the router itself: who may manage it, and where it sends logs and mail.

The result is the ``config`` option of the module draytek_system.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration

LONGEST_PENALTY = 1800
"""Seconds. The router's range is not documented; half an hour is the maker's own example (domain.md 3.3). A longer
lockout.block_for is for the PBX."""
NEVER_NEEDED = ("snmp", "ftp_server", "upnp", "ipv6_management")
"""Networks that manage are declared by IPv4 address, so nobody should come by IPv6."""
REMOTE_SERVICES = ["https", "ssh", "enforce_https"]
SECURITY = {"tls": "tls", "starttls": "force_starttls", "none": "plain"}


def compile_router_system(declaration: Declaration) -> dict[str, Any]:
    """The whole ``config``, as plain data. What nothing is declared for is left out and stays as it is."""
    router = declaration.router
    config: dict[str, Any] = {
        "management_networks": [str(network) for network in declaration.site.management],
        "brute_force": {
            "failures": declaration.lockout.failed_attempts,
            "penalty": min(declaration.lockout.block_for, LONGEST_PENALTY),
        },
        **dict.fromkeys(NEVER_NEEDED, False),
    }
    if router.remote_management is not None:
        services = REMOTE_SERVICES if router.remote_management else []
        config["remote_access"] = {"enabled": router.remote_management, "services": services}
    for name in ("https_port", "ssh_port"):
        if getattr(router, name) is not None:
            config[name] = getattr(router, name)
    if router.syslog_server is not None:
        config["syslog"] = {"server": str(router.syslog_server), "port": router.syslog_port}
    config["clock"] = {"zone": declaration.site.time_zone}
    if router.time_server is not None:
        config["clock"]["server"] = router.time_server
    mail = _mail_alert(declaration)
    if mail:
        config["mail_alert"] = mail
    return config


def _mail_alert(declaration: Declaration) -> dict[str, Any]:
    """Empty without a recipient or the address of a mail server: the router takes no name."""
    alerts = declaration.alerts
    if alerts is None or alerts.smtp is None:
        return {}
    address = declaration.router.smtp_address or _as_address(alerts.smtp.host)
    if address is None:
        return {}
    mail: dict[str, Any] = {
        "smtp_address": str(address),
        "port": alerts.smtp.port,
        "recipient": alerts.to[0],
        "sender": alerts.sender or alerts.to[0],
        "security": SECURITY[alerts.smtp.security],
        "events": ["dos_attack"],
    }
    if alerts.smtp.username and alerts.smtp.password:
        mail["username"] = alerts.smtp.username
        mail["password"] = alerts.smtp.password.reveal()
    return mail


def _as_address(host: str) -> ipaddress.IPv4Address | None:
    try:
        return ipaddress.IPv4Address(host)
    except ValueError:
        return None
