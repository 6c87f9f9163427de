# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of threecx_security as an argument spec."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import DEVICE_OPTION
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.notifications import EVENTS
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.singletons import SIMPLE

CONFIG: dict[str, Any] = {
    **{kind.name: {"type": "dict", "options": kind.options} for kind in SIMPLE},
    "ip_list": {
        "type": "list",
        "elements": "dict",
        "options": {
            "address": {"type": "str", "required": True},
            "action": {"type": "str", "required": True, "choices": ["allow", "block"]},
            "reason": {"type": "str", "required": True},
            "owner": {"type": "str", "required": True},
            "expires": {"type": "str"},
        },
    },
    "protected": {
        "type": "list",
        "elements": "dict",
        "options": {"network": {"type": "str", "required": True}, "who": {"type": "str", "required": True}},
    },
    "countries": {
        "type": "dict",
        "options": {
            "allowed": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "country": {"type": "str", "required": True},
                    "calling_code": {"type": "str", "required": True},
                },
            },
            "list_holds": {"type": "str", "choices": ["auto", "allowed", "blocked"], "default": "auto"},
        },
    },
    "barred_numbers": {"type": "list", "elements": "str"},
    "outbound_rules": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "groups": {"type": "list", "elements": "str"},
            "extensions": {"type": "list", "elements": "str"},
        },
    },
    "emergency_numbers": {"type": "list", "elements": "str", "default": ["999", "112", "18000"]},
    "console": {
        "type": "dict",
        "options": {"networks": {"type": "list", "elements": "str", "required": True}},
    },
    "secure_sip": {
        "type": "dict",
        "options": {
            "certificate": {"type": "path", "required": True},
            "private_key": {"type": "path", "required": True, "no_log": False},
        },
    },
    "notifications": {
        "type": "dict",
        "options": {
            "recipients": {"type": "list", "elements": "str"},
            "events": {"type": "list", "elements": "str", "choices": sorted(EVENTS)},
        },
    },
    "mail_server": {
        "type": "dict",
        "options": {
            "server": {"type": "str", "required": True},
            "port": {"type": "int"},
            "sender": {"type": "str"},
            "user": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "tls": {"type": "bool"},
        },
    },
    "syslog": {
        "type": "dict",
        "options": {
            "server": {"type": "str", "required": True},
            "port": {"type": "int", "default": 514},
            "protocol": {"type": "str", "choices": ["udp", "tcp", "tls"], "default": "udp"},
        },
    },
    "phone_templates": {
        "type": "dict",
        "options": {
            "ids": {"type": "list", "elements": "str", "required": True},
            "settings": {"type": "dict", "required": True},
        },
    },
}
ARGUMENT_SPEC: dict[str, Any] = {
    "state": {
        "type": "str",
        "choices": ["merged", "replaced", "overridden", "deleted", "gathered"],
        "default": "replaced",
    },
    "config": {"type": "dict", "options": CONFIG},
    "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    **CONNECTION_OPTIONS,
    "secure_sip_material": {"type": "str", "no_log": True},
    **DEVICE_OPTION,
}
REQUIRED_IF = [("state", state, ["config"]) for state in ("merged", "replaced", "overridden")]
