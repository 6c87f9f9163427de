# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of yeastar_security."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import DEVICE_OPTION
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS

NUMBER_LIST: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "options": {
        "name": {"type": "str", "required": True},
        "direction": {"type": "str", "choices": ["inbound", "outbound", "both"], "default": "outbound"},
        "numbers": {"type": "list", "elements": "str", "required": True},
    },
}
CONFIG_OPTIONS: dict[str, Any] = {
    "countries": {
        "type": "dict",
        "options": {
            "allowed": {"type": "list", "elements": "str", "required": True},
            "international_prefixes": {"type": "list", "elements": "str", "default": []},
        },
    },
    "barred_numbers": {"type": "list", "elements": "str"},
    "blocked_numbers": NUMBER_LIST,
    "allowed_numbers": NUMBER_LIST,
    "emergency_numbers": {"type": "list", "elements": "str", "default": ["999", "112", "18000"]},
    "emergency_trunks": {"type": "list", "elements": "str", "default": []},
    "outbound_routes": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "extensions": {"type": "list", "elements": "str"},
            "groups": {"type": "list", "elements": "str"},
            "organizations": {"type": "list", "elements": "str"},
            "pin_protect": {"type": "str", "choices": ["none", "single", "list"]},
            "pin": {"type": "str", "no_log": True},
            "pin_list": {"type": "str", "no_log": False},
        },
    },
    "pin_lists": {
        "type": "list",
        "elements": "dict",
        "no_log": False,
        "options": {
            "name": {"type": "str", "required": True},
            "pins": {"type": "list", "elements": "str", "required": True, "no_log": True},
            "record_calls": {"type": "bool", "default": True},
        },
    },
    "phones": {
        "type": "list",
        "elements": "dict",
        "options": {
            "mac": {"type": "str", "required": True},
            "number": {"type": "str", "required": True},
            "vendor": {"type": "str", "default": "Yealink"},
            "model": {"type": "str", "required": True},
            "template_name": {"type": "str", "required": True},
            "provisioning_method": {"type": "str", "choices": ["pnp", "dhcp", "rps", "rps_fqdn"], "default": "rps"},
        },
    },
}
MANUAL_OPTIONS: dict[str, Any] = {
    "control": {"type": "str", "required": True},
    "title": {"type": "str", "required": True},
    "page": {"type": "str", "required": True},
    "settings": {"type": "list", "elements": "str", "required": True},
    "behind": {"type": "str", "default": ""},
    "columns": {"type": "list", "elements": "str", "default": []},
    "rows": {"type": "list", "elements": "list", "default": []},
    "digest": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["manual", "attested", "stale"], "default": "manual"},
    "reason": {"type": "str", "default": "not confirmed"},
    "outside": {"type": "list", "elements": "int", "default": []},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "series": {"type": "str", "choices": ["p", "s"], "default": "p"},
    "edition": {"type": "str", "choices": ["appliance", "software", "cloud"]},
    "state": {"type": "str", "choices": ["merged", "replaced", "deleted", "gathered"], "default": "replaced"},
    "config": {"type": "dict", "options": CONFIG_OPTIONS},
    "manual_controls": {"type": "list", "elements": "dict", "options": MANUAL_OPTIONS, "default": []},
    "directory": {"type": "path"},
    "site": {"type": "str", "default": "this site"},
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
REQUIRED_IF = [("state", "merged", ["config"]), ("state", "replaced", ["config"])]
