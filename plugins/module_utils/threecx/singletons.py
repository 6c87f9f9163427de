# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that a PBX has once: read with $select, compared by property, and only what differs is sent. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import FIELDS, Release, since


@dataclass(frozen=True)
class Singleton:
    """One settings object of 3CX.

    Raises ValueError, when this collection is loaded, where the field table lacks one of its properties.
    """

    name: str
    schema: str
    properties: Mapping[str, tuple[str, type]]
    """Our word -> 3CX's property, and the type of its value: bool or int."""

    def __post_init__(self) -> None:
        unknown = [name for name in self.kinds if name not in FIELDS.get(self.schema, {})]
        if unknown:
            raise ValueError(f"{self.name}: the field table of {self.schema} lacks {', '.join(unknown)}")

    @property
    def path(self) -> str:
        """Its address: all singletons are named as their schema."""
        return f"/{self.schema}"

    @property
    def kinds(self) -> dict[str, type]:
        """3CX's property -> the type of its value."""
        return dict(self.properties.values())

    @property
    def options(self) -> dict[str, Any]:
        """Its part of the argument spec."""
        return {word: {"type": kind.__name__, "no_log": False} for word, (_name, kind) in self.properties.items()}

    def shown(self, have: Json) -> Json:
        """What was read, in our words."""
        return {word: have[name] for word, (name, _kind) in self.properties.items() if name in have}


ANTI_HACKING = Singleton(
    "anti_hacking",
    "AntiHackingSettings",
    {
        "failed_authentications": ("HackAuthRequests", int),
        "failed_challenges": ("HackChallengeRequests", int),
        "block_seconds": ("HackBlacklistDuration", int),
        "rate_green": ("HackBarrierGreen", int),
        "rate_amber": ("HackBarrierAmber", int),
        "rate_red": ("HackBarrierRed", int),
        "requests_per_period": ("MaxRequestPerPeriod", int),
        "period_length": ("ThrottlePeriodLength", int),
        "global_blacklist": ("SecurityDefenseProgram", bool),
    },
)
"""Meanings: 3CX's own texts, but SecurityDefenseProgram as the shared blacklist is inferred (threecx.md e)."""
NETWORK = Singleton("network", "NetworkSettings", {"sip_calls_from_outside": ("DirectSIPAllowExternal", bool)})
CALLS = Singleton(
    "calls",
    "GeneralSettingsForPbx",
    {
        "forwarding_to_external": ("AllowFwdToExternal", bool),
        "voicemail_menu_calls": ("EnableVMenuOutboundCalls", bool),
        "oauth_client_registration": ("OAuthDcrEnabled", bool),
        "oauth_client_documents": ("OAuthCimdEnabled", bool),
    },
)
PHONES = Singleton("phones", "PhonesSettings", {"provisioning_secret": ("UseProvisioningSecret", bool)})
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
        name, _kind = kind.properties[word]
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
            control.state, control.reason = ControlState.UNSUPPORTED, control.notes[0]
    return control


def rates_in_order(want: Mapping[str, Any], have: Json) -> list[str]:
    """Problems of the request-rate tiers: counting must begin before delaying, and delaying before blocking."""
    tiers = [
        (word, want[word] if want.get(word) is not None else have.get(ANTI_HACKING.properties[word][0]))
        for word in ("rate_green", "rate_amber", "rate_red")
    ]
    known = [(word, value) for word, value in tiers if value is not None]
    return [
        f"anti_hacking.{lower[0]}: {lower[1]} is not below {higher[0]}, which is {higher[1]}."
        for lower, higher in itertools.pairwise(known)
        if lower[1] >= higher[1]
    ]
