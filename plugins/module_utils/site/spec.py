# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a site's declaration as an Ansible argument spec: names, types, choices and defaults.

What the values mean is in parse_values.py (one value) and checks_*.py (several together).
"""

from __future__ import annotations

from typing import Any

PRODUCTS = ("threecx", "yeastar_appliance", "yeastar_software", "yeastar_cloud", "yeastar_s")
"""PBXs that this collection knows: 3CX V20, Yeastar's P-Series in its three editions, and the S-Series."""

_VLAN: dict[str, dict[str, Any]] = {
    "id": {"type": "int", "required": True},
    "priority": {"type": "int"},
    "pc_id": {"type": "int"},
    "pc_priority": {"type": "int"},
}

SPEC: dict[str, dict[str, Any]] = {
    "site": {
        "type": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "country": {"type": "str", "required": True},
            "time_zone": {"type": "str", "required": True},
            "management": {"type": "list", "elements": "str", "required": True},
            "office_hours": {"type": "raw"},
        },
    },
    "pbx": {
        "type": "dict",
        "options": {
            "address": {"type": "str", "required": True},
            "server_name": {"type": "str", "required": True},
            "sip_ports": {"type": "list", "elements": "int", "default": [5060, 5061]},
            "tls_port": {"type": "int", "default": 5061},
            "rtp_ports": {"type": "str"},
            "local_networks": {"type": "list", "elements": "str", "default": []},
            "product": {"type": "str", "choices": list(PRODUCTS)},
        },
    },
    "trunk_providers": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "signalling": {"type": "list", "elements": "str", "required": True},
            "media": {"type": "list", "elements": "str"},
            "ports": {"type": "list", "elements": "int"},
            "transport": {"type": "str", "choices": ["udp", "tcp", "tls"], "default": "udp"},
        },
    },
    "remote_sites": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "address": {"type": "str"},
            "fqdn": {"type": "str"},
            "expires": {"type": "str"},
            "vpn": {"type": "bool", "default": False},
            "extensions": {"type": "list", "elements": "str", "default": []},
            "transport": {"type": "str", "choices": ["tls", "tcp", "udp"], "default": "tls"},
        },
    },
    "extensions": {
        "type": "list",
        "elements": "dict",
        "options": {
            "number": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "phone": {
                "type": "dict",
                "options": {
                    "mac": {"type": "str", "required": True},
                    "model": {"type": "str", "required": True},
                    "firmware": {"type": "str"},
                    "listen_port": {"type": "int"},
                    "vlan": {"type": "dict", "options": _VLAN},
                    "enrolled": {"type": "bool", "default": True},
                },
            },
            "outside_lan": {"type": "bool"},
            "generation": {"type": "int"},
        },
    },
    "allowed_countries": {"type": "list", "elements": "str"},
    "barred_numbers": {"type": "list", "elements": "str"},
    "lockout": {
        "type": "dict",
        "options": {
            "failed_attempts": {"type": "int", "default": 5},
            "within": {"type": "str", "default": "10m"},
            "block_for": {"type": "str", "default": "24h"},
        },
    },
    "concurrent_calls": {"type": "int"},
    "flood": {
        "type": "dict",
        "options": {"udp_packets_per_second": {"type": "int"}},
    },
    "router": {
        "type": "dict",
        "options": {
            "remote_management": {"type": "bool"},
            "https_port": {"type": "int"},
            "ssh_port": {"type": "int"},
            "syslog_server": {"type": "str"},
            "syslog_port": {"type": "int", "default": 514},
            "time_server": {"type": "str"},
            "smtp_address": {"type": "str"},
            "known_port_forwards": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "address": {"type": "str", "required": True},
                    "ports": {"type": "str", "required": True},
                },
            },
        },
    },
    "credentials": {
        "type": "dict",
        "no_log": False,
        "options": {
            "password_length": {"type": "int", "default": 20, "no_log": False},
            "pin_length": {"type": "int", "default": 6, "no_log": False},
            "generation": {"type": "int", "default": 1},
        },
    },
    "alerts": {
        "type": "dict",
        "options": {
            "to": {"type": "list", "elements": "str", "required": True},
            "sender": {"type": "str"},
            "smtp": {
                "type": "dict",
                "options": {
                    "host": {"type": "str", "required": True},
                    "port": {"type": "int", "default": 587},
                    "security": {"type": "str", "choices": ["starttls", "tls", "none"], "default": "starttls"},
                    "username": {"type": "str"},
                    "password": {"type": "str", "no_log": True},
                },
            },
        },
    },
    "antivirus": {
        "type": "dict",
        "options": {
            "product": {"type": "str", "choices": ["clamav", "avast", "off_host"], "default": "clamav"},
            "scan_at": {"type": "str", "default": "03:00"},
            "acknowledge_unsupported": {"type": "list", "elements": "str", "default": []},
        },
    },
    "attestations": {
        "type": "list",
        "elements": "dict",
        "options": {
            "control": {"type": "str", "required": True},
            "confirmed_by": {"type": "str", "required": True},
            "confirmed_on": {"type": "str", "required": True},
            "settings": {"type": "str", "required": True},
            "expires": {"type": "str"},
        },
    },
    "provisioning": {
        "type": "dict",
        "options": {
            "by": {"type": "str", "choices": ["files", "pbx"], "default": "files"},
            "url": {"type": "str"},
            "username": {"type": "str"},
            "access": {"type": "str", "choices": ["phone_password", "phone_path", "shared", "none"]},
        },
    },
    "phone_policy": {
        "type": "dict",
        "options": {
            "random_listen_port": {"type": "bool"},
            "web_interface": {"type": "str", "choices": ["https", "off"], "default": "https"},
            "check_sync": {"type": "str", "choices": ["reload", "ignore"], "default": "reload"},
            "lock": {
                "type": "dict",
                "options": {
                    "after": {"type": "str", "default": "5m"},
                    "keys": {
                        "type": "str",
                        "choices": ["all", "function", "menu"],
                        "default": "all",
                        "no_log": False,
                    },
                },
            },
            "vlan": {"type": "dict", "options": _VLAN},
            "dot1x": {
                "type": "dict",
                "options": {
                    "method": {"type": "str", "choices": ["md5", "tls", "peap"], "required": True},
                    "identity": {"type": "str"},
                    "ca_url": {"type": "str"},
                    "client_certificate_url": {"type": "str"},
                },
            },
            "trusted_certificate": {"type": "str"},
            "block_countries": {"type": "bool", "default": True},
        },
    },
}
"""The top-level variables carry no ``required``: the module takes them from the play (see REQUIRED)."""

REQUIRED = ("site", "pbx", "trunk_providers")
"""Without these there is nothing to harden."""

VARIABLES = tuple(SPEC)
"""Names of the play's variables that make a declaration."""
