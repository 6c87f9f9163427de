# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of draytek_system."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import DEVICE_OPTION
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.firewall_spec import FAMILIES, STATES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.mail_alert import EVENTS, SECURITY
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.remote_access import SAFE_SERVICES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.services import SWITCHES
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.syslog import TOPICS

CONFIG_OPTIONS: dict[str, Any] = {
    "management_networks": {"type": "list", "elements": "str"},
    "remote_access": {
        "type": "dict",
        "options": {
            "enabled": {"type": "bool", "required": True},
            "services": {"type": "list", "elements": "str", "choices": list(SAFE_SERVICES)},
        },
    },
    "brute_force": {
        "type": "dict",
        "options": {"failures": {"type": "int", "default": 5}, "penalty": {"type": "int", "default": 1800}},
    },
    **{name: {"type": "bool"} for name in SWITCHES},
    "https_port": {"type": "int"},
    "ssh_port": {"type": "int"},
    "syslog": {
        "type": "dict",
        "options": {
            "server": {"type": "str", "required": True},
            "port": {"type": "int", "default": 514},
            "topics": {"type": "list", "elements": "str", "choices": list(TOPICS)},
        },
    },
    "mail_alert": {
        "type": "dict",
        "options": {
            "smtp_address": {"type": "str", "required": True},
            "port": {"type": "int", "default": 25},
            "recipient": {"type": "str", "required": True},
            "sender": {"type": "str"},
            "security": {"type": "str", "default": "force_starttls", "choices": list(SECURITY)},
            "username": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "events": {"type": "list", "elements": "str", "choices": list(EVENTS), "default": ["dos_attack"]},
        },
    },
    "clock": {
        "type": "dict",
        "options": {
            "server": {"type": "str"},
            "zone": {"type": "str"},
            "daylight_saving": {"type": "bool"},
        },
    },
    "new_password": {"type": "str", "no_log": True},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "config": {"type": "dict", "options": CONFIG_OPTIONS},
    "state": {"type": "str", "default": "replaced", "choices": list(STATES)},
    "running_config": {"type": "str"},
    "dialect": {"type": "str", "default": FAMILIES[0], "choices": list(FAMILIES)},
    "write_only": {"type": "str", "default": "on_change", "choices": ["on_change", "always"]},
    "known_hosts_file": {"type": "path"},
    "timeout": {"type": "int", "default": 20},
    **DEVICE_OPTION,
}
