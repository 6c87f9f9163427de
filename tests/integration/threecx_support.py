# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The 3CX cores against a simulated PBX over real HTTPS, without Ansible around them but for its argument checks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Core, Device, Outcome, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import generate
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import FIELDS
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import extensions, reprovision, security
from lab.xapi import Exchange, SimulatedPbx

MANAGEMENT = "198.51.100.7"
PROTECTED = [
    {"network": f"{MANAGEMENT}/32", "who": "where this site is managed from"},
    {"network": "203.0.113.0/26", "who": "the provider kestrel"},
    {"network": "192.0.2.10/32", "who": "the site ipswich"},
]
ALLOWED = [
    {"country": "GB", "calling_code": "44"},
    {"country": "IE", "calling_code": "353"},
    {"country": "FR", "calling_code": "33"},
]
CONFIG: dict[str, Any] = {
    "anti_hacking": {"failed_authentications": 5, "block_seconds": 86400, "global_blacklist": True},
    "network": {"sip_calls_from_outside": False},
    "calls": {"voicemail_menu_calls": False, "oauth_client_registration": False, "oauth_client_documents": False},
    "ip_list": [
        {
            "address": "198.51.100.20",
            "action": "allow",
            "reason": "moving house",
            "owner": "anna",
            "expires": "in a month",
        },
        {"address": "203.0.113.128/25", "action": "block", "reason": "scanners", "owner": "anna"},
    ],
    "protected": PROTECTED,
    "countries": {"allowed": ALLOWED},
    "barred_numbers": ["0909", "118"],
    "outbound_rules": [{"name": "All calls", "groups": ["Office"]}],
    "console": {"networks": [f"{MANAGEMENT}/32"]},
    "notifications": {
        "recipients": ["support@example.net"],
        "events": ["address_blocked", "call_denied", "emergency_call", "trunk_status"],
    },
    "mail_server": {
        "server": "mail.example.net",
        "port": 587,
        "sender": "pbx@harbour.example",
        "user": "alerts",
        "password": "canary-mail-password-71",
        "tls": True,
    },
    "syslog": {"server": "192.168.10.20", "protocol": "tcp"},
}
"""Everything that can be declared, but for files and templates."""


@dataclass
class Bench:
    """A PBX, and runs of the cores against it."""

    pbx: SimulatedPbx
    warnings: list[str] = field(default_factory=list)

    def run(self, core: Core, *, check_mode: bool = False, key: str | None = None, **options: Any) -> Outcome:
        options = {"tls_ca_file": str(self.pbx.ca_file), "timeout": 10, **options}
        checked = ArgumentSpecValidator(dict(core.argument_spec), required_if=list(core.required_if)).validate(options)
        assert not checked.error_messages, checked.error_messages
        device = Device(self.pbx.host, self.pbx.port, self.pbx.client_id, key or self.pbx.client_secret)
        context = RunContext(check_mode, Masker(), self.warnings.append, device)
        params = dict(checked.validated_parameters)
        if core.prepare:
            params = core.prepare(params, context)
        return core.run(params, context)

    def secure(self, *, check_mode: bool = False, key: str | None = None, **options: Any) -> Outcome:
        return self.run(security.CORE, check_mode=check_mode, key=key, **{"config": config(), **options})

    def extend(self, numbers: Sequence[Any], *, check_mode: bool = False, **options: Any) -> Outcome:
        declared = [each if isinstance(each, dict) else {"number": each} for each in numbers]
        return self.run(extensions.CORE, check_mode=check_mode, extensions=declared, **options)

    def reprovision(self, *numbers: str, **options: Any) -> Outcome:
        phones = [{"number": number, "mac": mac_of(number)} for number in numbers]
        return self.run(reprovision.CORE, phones=phones, **{"poll": 0.02, "wait": 5, **options})

    @property
    def methods(self) -> set[str]:
        """Of what the PBX saw, the token request left out."""
        return {each.method for each in self.pbx.exchanges if each.path != "/connect/token"}


def config(**changes: Any) -> dict[str, Any]:
    """CONFIG with other parts; None takes one out."""
    import datetime

    soon = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30)).date().isoformat()
    whole = {**CONFIG, **changes}
    whole["ip_list"] = [
        {**entry, "expires": soon} if entry.get("expires") == "in a month" else entry
        for entry in whole["ip_list"] or ()
    ]
    return {name: value for name, value in whole.items() if value is not None}


def mac_of(number: str) -> str:
    return f"805ec0000{int(number):03d}"


def credentials(*numbers: str) -> str:
    """What the controller hands over: fresh credentials of these extensions as one text."""
    made = {number: generate.extension_secrets(number, 20, 6) for number in numbers}
    return json.dumps(
        {number: {name: getattr(each, name).reveal() for name in FIELDS} for number, each in made.items()}
    )


def requests(exchanges: Sequence[Exchange]) -> list[str]:
    """Method and path of what was meant to change something."""
    return [f"{each.method} {each.path}" for each in exchanges]
