# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A customer's site as the installer declares it, in typed form. Made by site.declaration; read by the compilers.

The fields are described in schema/, one row each. Durations are seconds, ports are 1-65535, numbers are strings of
digits, MAC addresses are 12 lower-case hex digits.
"""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import PortRange
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_addresses import Network
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_office_hours import OpeningHours
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.alerts import Alerts, Smtp
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.antivirus import Antivirus
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.attestations import Attestation
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.declaration import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.extensions import Extension, Phone, Vlan
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.peers import RemoteSite, TrunkProvider
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.phone_policy import (
    Dot1x,
    PhoneLock,
    PhonePolicy,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.policy import (
    CredentialPolicy,
    Flood,
    Lockout,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.provisioning import Provisioning
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.router import PortForward, Router
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.site import Pbx, Site

__all__ = [
    "EMERGENCY_NUMBERS",
    "Alerts",
    "Antivirus",
    "Attestation",
    "CredentialPolicy",
    "Declaration",
    "Dot1x",
    "Extension",
    "Flood",
    "Lockout",
    "Network",
    "OpeningHours",
    "Pbx",
    "Phone",
    "PhoneLock",
    "PhonePolicy",
    "PortForward",
    "PortRange",
    "Provisioning",
    "RemoteSite",
    "Router",
    "Site",
    "Smtp",
    "TrunkProvider",
    "Vlan",
]

EMERGENCY_NUMBERS = ("999", "112", "18000")
"""Never barred, on any device: UK emergency and Relay UK's text emergency number (domain.md fact 3)."""
