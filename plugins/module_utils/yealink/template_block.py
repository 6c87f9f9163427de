# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hardened settings for a template of a PBX that provisions the phones itself (yealink.md 5). Pure.

The PBX owns accounts, keys, passwords and the address that phones fetch from; what is left goes into our block. One
template serves phones with different firmware, so it holds the names of all of them: a phone ignores those that it
does not know (G16).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import (
    CERTIFICATES,
    LOCK,
    NETWORK,
    baseline,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import Setting
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import is_secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import WantedPhone

_PBX_OWNS = re.compile(
    r"(?:static\.)?auto_provision\.(?:server\..*|mode|schedule\..*|repeat\..*)"
    r"|account\.[0-9]+\.(?!sip_trust_ctrl$).*"
    r"|sip\.listen_port"
    # Where emergency calls go is the PBX's address as the phone knows it, which differs by network.
    r"|dialplan\.emergency\.server\..*"
)


def security_settings(phone: WantedPhone) -> list[Setting]:
    """What hardens a phone whoever owns its accounts, in the order of its file. None of it is secret."""
    return [
        setting
        for setting in baseline(phone)
        if setting.section != NETWORK and not _PBX_OWNS.fullmatch(setting.name) and not is_secret(setting.name)
    ]


def block_settings(phones: Iterable[WantedPhone], *, certificates: bool) -> dict[str, str]:
    """Name and value for all these phones together.

    ``certificates``: also have phones check certificates. It cuts off phones that fetch from a server whose certificate
    does not bear the name they use, so the PBX must have one that does.

    The keypad lock stays out, see ``left_out``.
    """
    found: dict[str, str] = {}
    for phone in phones:
        # Whoever gets the template from the PBX has found it.
        for setting in security_settings(dataclasses.replace(phone, enrolled=True)):
            if setting.section == LOCK or (setting.section == CERTIFICATES and not certificates):
                continue
            if found.setdefault(setting.name, setting.value) != setting.value:
                raise HardeningError(
                    f"{setting.name} would be {found[setting.name]} for one phone and {setting.value} for another, and "
                    "one template serves them all."
                )
    return found


def left_out(phones: Iterable[WantedPhone]) -> list[str]:
    """What is declared for these phones and not in their block, as warnings.

    A lock needs a PIN, and the template that all phones share can hold no secret: a lock that the factory's public PIN
    opens would only look like one (yealink.md 2.2, 6).
    """
    locked = sorted(phone.mac for phone in phones if phone.lock and not phone.model.dect)
    if not locked:
        return []
    return [
        f"phone_policy.lock is not in the block for the PBX's template ({len(locked)} phones): the PIN that opens the "
        "lock is a secret and cannot be there, and without it the factory PIN, 123, would open every phone. Set "
        "the lock together with phone_setting.phone_lock.unlock_pin at the PBX, or do not declare phone_policy.lock."
    ]
