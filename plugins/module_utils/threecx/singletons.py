# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that a PBX has once: read with $select, compared by property, and only what differs is sent. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import Release, since


@dataclass(frozen=True)
class Singleton:
    """One settings object and what the declaration calls its properties."""

    name: str
    schema: str
    properties: Mapping[str, str]
    """Our word -> 3CX's property."""

    @property
    def path(self) -> str:
        """Its address: all singletons are named as their schema."""
        return f"/{self.schema}"


ANTI_HACKING = Singleton(
    "anti_hacking",
    "AntiHackingSettings",
    {
        "failed_authentications": "HackAuthRequests",
        "failed_challenges": "HackChallengeRequests",
        "block_seconds": "HackBlacklistDuration",
        "rate_green": "HackBarrierGreen",
        "rate_amber": "HackBarrierAmber",
        "rate_red": "HackBarrierRed",
        "requests_per_period": "MaxRequestPerPeriod",
        "period_length": "ThrottlePeriodLength",
        "global_blacklist": "SecurityDefenseProgram",
    },
)
"""Meanings: 3CX's own texts, but SecurityDefenseProgram as the shared blacklist is inferred (threecx.md e)."""
NETWORK = Singleton("network", "NetworkSettings", {"sip_calls_from_outside": "DirectSIPAllowExternal"})
CALLS = Singleton(
    "calls",
    "GeneralSettingsForPbx",
    {
        "forwarding_to_external": "AllowFwdToExternal",
        "voicemail_menu_calls": "EnableVMenuOutboundCalls",
        "oauth_client_registration": "OAuthDcrEnabled",
        "oauth_client_documents": "OAuthCimdEnabled",
    },
)
PHONES = Singleton("phones", "PhonesSettings", {"provisioning_secret": "UseProvisioningSecret"})
SIMPLE = (ANTI_HACKING, NETWORK, CALLS, PHONES)
"""Those that are nothing but properties. What they do beyond their names is inferred in part (threecx.md b.1)."""


def plan_singleton(kind: Singleton, have: Json, want: Mapping[str, Any], release: Release) -> Control:
    """The control for one of SIMPLE. What the release lacks is left out and said."""
    control = Control(kind.name, {}, {})
    body: Json = {}
    lacking = []
    for word, value in want.items():
        if value is None:
            continue
        name = kind.properties[word]
        if not release.has(kind.schema, name):
            lacking.append(f"{word} (since {since(kind.schema, name)})")
            continue
        control.before[word], control.after[word] = have.get(name), value
        if have.get(name) != value:
            body[name] = value
    if body:
        control.operations.append(Operation("PATCH", kind.path, body, f"setting {kind.name.replace('_', ' ')}"))
    if lacking:
        control.notes.append(f"not on release {release}: {', '.join(lacking)}")
        if not control.after:
            control.state, control.reason = "unsupported", control.notes[0]
    return control


def rates_in_order(want: Mapping[str, Any], have: Json) -> list[str]:
    """Problems of the request-rate tiers: counting must begin before delaying, and delaying before blocking."""
    tiers = [
        (word, want[word] if want.get(word) is not None else have.get(ANTI_HACKING.properties[word]))
        for word in ("rate_green", "rate_amber", "rate_red")
    ]
    known = [(word, value) for word, value in tiers if value is not None]
    return [
        f"anti_hacking.{lower[0]}: {lower[1]} is not below {higher[0]}, which is {higher[1]}."
        for lower, higher in itertools.pairwise(known)
        if lower[1] >= higher[1]
    ]
