# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option ``phones``, which several modules take."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import METHODS

ACCOUNT_OPTIONS: dict[str, Any] = {
    "number": {"type": "str", "required": True},
    "label": {"type": "str"},
    "display_name": {"type": "str"},
    "server": {"type": "str", "required": True},
    "port": {"type": "int", "default": 5060},
    "transport": {"type": "str", "choices": ["udp", "tcp", "tls"], "default": "udp"},
    "srtp": {"type": "str", "choices": ["disabled", "optional", "compulsory"], "default": "disabled"},
}
LOCK_OPTIONS: dict[str, Any] = {
    "after": {"type": "int", "default": 300},
    "keys": {"type": "str", "choices": ["all", "function", "menu"], "default": "all", "no_log": False},
}
VLAN_OPTIONS: dict[str, Any] = {
    "id": {"type": "int", "required": True},
    "priority": {"type": "int"},
    "pc_id": {"type": "int"},
    "pc_priority": {"type": "int"},
}
DOT1X_OPTIONS: dict[str, Any] = {
    "method": {"type": "str", "choices": ["md5", "tls", "peap"], "required": True},
    "identity": {"type": "str"},
    "ca_url": {"type": "str"},
    "client_certificate_url": {"type": "str"},
}
PROVISIONING_OPTIONS: dict[str, Any] = {
    "url": {"type": "str", "required": True},
    "username": {"type": "str"},
    "access": {"type": "str", "choices": list(METHODS)},
}
PHONE_OPTIONS: dict[str, Any] = {
    "mac": {"type": "str", "required": True},
    "model": {"type": "str", "required": True},
    "firmware": {"type": "str"},
    "outside_lan": {"type": "bool", "default": False},
    "enrolled": {"type": "bool", "default": True},
    "listen_port": {"type": "int"},
    "random_listen_port": {"type": "bool"},
    "web_interface": {"type": "str", "choices": ["https", "off"], "default": "https"},
    "check_sync": {"type": "str", "choices": ["reload", "ignore"], "default": "reload"},
    "lock": {"type": "dict", "options": LOCK_OPTIONS},
    "vlan": {"type": "dict", "options": VLAN_OPTIONS},
    "dot1x": {"type": "dict", "options": DOT1X_OPTIONS},
    "blocked_beginnings": {"type": "list", "elements": "str", "default": []},
    "trusted_certificate": {"type": "str"},
    "server_certificate": {"type": "str"},
    "accounts": {"type": "list", "elements": "dict", "required": True, "options": ACCOUNT_OPTIONS},
    "provisioning": {"type": "dict", "required": True, "options": PROVISIONING_OPTIONS},
    "emergency_numbers": {"type": "list", "elements": "str", "default": ["999", "112", "18000"]},
    "settings": {"type": "dict", "default": {}},
}
