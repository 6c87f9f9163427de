# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why credentials on a PBX can be guessed. Pure; the values never leave."""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import policy


def weaknesses(
    number: str, *, auth_id: Secret | None = None, sip_password: Secret | None = None, pin: Secret | None = None
) -> list[str]:
    """In words; what is empty or could not be read is not judged."""
    reasons = []
    if sip_password and policy.password_problems(sip_password.reveal(), policy.SIP_PASSWORD, number):
        reasons.append("its SIP password is weak")
    if auth_id is not None and auth_id.reveal() == number:
        reasons.append("its SIP id is its number")
    if pin and policy.pin_problems(pin.reveal(), number):
        reasons.append("its voicemail PIN can be guessed")
    return reasons
