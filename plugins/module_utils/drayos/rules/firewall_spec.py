# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of draytek_firewall."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import DEVICE_OPTION
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import DIALECTS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import PROTOCOL_NUMBERS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules import rule_fields
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings.dos import ATTACKS

_NAME: dict[str, Any] = {"type": "str", "required": True}
_NAMES: dict[str, Any] = {"type": "list", "elements": "str"}
_GROUPS: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "options": {"name": _NAME, "members": {**_NAMES, "required": True}},
}
_FLOOD: dict[str, Any] = {
    "type": "dict",
    "options": {"threshold": {"type": "int", "required": True}, "timeout": {"type": "int", "default": 10}},
}
_SWITCH: dict[str, Any] = {"type": "bool"}

CONFIG_OPTIONS: dict[str, Any] = {
    "address_objects": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": _NAME,
            "network": {"type": "str", "required": True},
            "inverted": {"type": "bool", "default": False},
        },
    },
    "address_groups": _GROUPS,
    "country_objects": {
        "type": "list",
        "elements": "dict",
        "options": {"name": _NAME, "countries": {"type": "list", "elements": "int", "required": True}},
    },
    "service_objects": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": _NAME,
            "ports": {"type": "str", "required": True},
            "source_ports": {"type": "str"},
            "protocol": {"type": "str", "default": "tcp/udp", "choices": list(PROTOCOL_NUMBERS)},
        },
    },
    "service_groups": _GROUPS,
    "rules": {"type": "list", "elements": "dict", "options": rule_fields.OPTIONS},
    "general": {
        "type": "dict",
        "options": {
            "default_action": {"type": "str", "choices": ["pass", "block"]},
            "strict": _SWITCH,
            "block_routing_v4": _SWITCH,
            "block_routing_v6": _SWITCH,
            "large_fragments": _SWITCH,
            "transparent": _SWITCH,
        },
    },
    "nat": {
        "type": "dict",
        "options": {
            "address": {"type": "str"},
            "ports": _NAMES,
            "sources": {"type": "str"},
            "known": {
                "type": "list",
                "elements": "dict",
                "options": {"address": {"type": "str", "required": True}, "ports": {"type": "str", "required": True}},
            },
            "watched": _NAMES,
        },
    },
    "sip_alg": _SWITCH,
    "dos": {
        "type": "dict",
        "options": {
            "concurrent_calls": {"type": "int"},
            "udp_flood": _FLOOD,
            "syn_flood": _FLOOD,
            "icmp_flood": _FLOOD,
            "attacks": {"type": "list", "elements": "str", "choices": list(ATTACKS)},
            "log": {"type": "bool", "default": True},
            "allow": _NAMES,
            "block": _NAMES,
        },
    },
}
STATES = ("merged", "replaced", "overridden", "deleted", "gathered", "rendered", "parsed")
FAMILIES = tuple(dialect.name for _pattern, _majors, dialect in DIALECTS)
ARGUMENT_SPEC: dict[str, Any] = {
    "config": {"type": "dict", "options": CONFIG_OPTIONS},
    "state": {"type": "str", "default": "replaced", "choices": list(STATES)},
    "running_config": {"type": "str"},
    "dialect": {"type": "str", "default": FAMILIES[0], "choices": list(FAMILIES)},
    "write_only": {"type": "str", "default": "on_change", "choices": ["on_change", "always"]},
    "refresh_flows": {"type": "str", "default": "when_closing", "choices": ["when_closing", "always", "never"]},
    "confirm_with_reboot_timer": {"type": "bool", "default": False},
    "proof_targets": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "transport": {"type": "str", "default": "udp", "choices": ["udp", "tcp", "tls", "tcp_connect"]},
            "expect": {"type": "str", "default": "answered", "choices": ["answered", "silent"]},
        },
    },
    "backup_file": {"type": "path"},
    "known_hosts_file": {"type": "path"},
    "timeout": {"type": "int", "default": 20},
    **DEVICE_OPTION,
}
