# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every PBX's client needs besides its own API: how its certificate is judged, and messages without secrets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import (
    Trust,
    normal_fingerprint,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.nested import leaves
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK

CONNECTION_OPTIONS: dict[str, Any] = {
    "tls_ca_file": {"type": "path"},
    "tls_fingerprint": {"type": "str"},
    "tls_server_name": {"type": "str"},
    "timeout": {"type": "int", "default": 30},
}
"""Options that every module for a PBX has."""
LOCK_WAIT = 120.0
"""Seconds to wait for another run on this controller that is using the same PBX."""


def always_needed(_params: Mapping[str, Any]) -> bool:
    """A Core's ``needs_device``: the PBX is the task's host, whatever is asked."""
    return True


def trust_of(params: Mapping[str, Any]) -> Trust:
    """How the certificate is judged, from the module's options. Raises HardeningError for no fingerprint."""
    fingerprint = params.get("tls_fingerprint")
    return Trust(
        ca_file=params.get("tls_ca_file"),
        fingerprint=normal_fingerprint(fingerprint) if fingerprint else None,
        server_name=params.get("tls_server_name"),
    )


def without_secrets(message: str, body: Any, names: Collection[str]) -> str:
    """The message without the values of these properties of a request: a refusal may quote them, and short ones are
    not masked by value."""
    secrets = {item for name, item in leaves(body) if isinstance(item, str) and name in names and item}
    for secret in sorted(secrets, key=len, reverse=True):
        message = message.replace(secret, MASK)
    return message
