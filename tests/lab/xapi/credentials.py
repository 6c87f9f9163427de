# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials that the PBX makes itself, and what it thinks of those it is given (threecx.md e, telquest [S])."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from typing import Any

_ALPHABET = string.ascii_letters + string.digits


def secret(length: int = 10) -> str:
    """Letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def pin() -> str:
    """Four digits."""
    return f"{secrets.randbelow(10_000):04d}"


def fresh() -> dict[str, str]:
    """What a new extension gets."""
    return {
        "AuthID": secret(),
        "AuthPassword": secret(),
        "VMPIN": pin(),
        "DeskphonePassword": secret(),
        "AccessPassword": secret(12),
    }


def regenerated(options: Mapping[str, Any]) -> dict[str, str]:
    """What RegenerateOptions ask for (b.1)."""
    new: dict[str, str] = {}
    if options.get("SipAuth"):
        new |= {"AuthID": secret(), "AuthPassword": secret()}
    if options.get("WebclientPassword"):
        new["AccessPassword"] = secret(12)
    if options.get("VoicemailPIN"):
        new["VMPIN"] = pin()
    if options.get("DeskphonePassword"):
        new["DeskphonePassword"] = secret()
    return new


def weak_tags(user: Mapping[str, Any]) -> list[str]:
    """WeakID and WeakPass; where the PBX draws the line is not documented [I]."""
    number, auth_id, password = (str(user.get(key) or "") for key in ("Number", "AuthID", "AuthPassword"))
    tags = ["WeakID"] if auth_id == number or auth_id.isdigit() else []
    return [*tags, "WeakPass"] if len(password) < 10 or password.isdigit() else tags
