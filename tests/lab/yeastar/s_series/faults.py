# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the simulated S-Series misbehaves, and what it remembers of a request."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any


@dataclass
class SSeriesFaults:
    """All off. Requests with a good token are counted from 1 since reset_counters(); a login does not count."""

    token_timeout_at: int | None = None
    """At this request the token has timed out: 20006."""
    always_timeout: bool = False
    """Every token has timed out: 20006."""
    apply_interval: float = 0.0
    """A write sooner than so many seconds (of pbx.clock) after the last one is 10025, nothing done; 0 is off."""
    errors_at: Mapping[int, str] = field(default_factory=dict)
    """Request -> errno that it is refused with, nothing done."""
    cut_before: int | None = None
    """From this request on connections are closed and nothing is done."""
    cut_after: int | None = None
    """This request is carried out and its reply withheld; of all later ones connections are closed, nothing done."""
    slow: float = 0.0
    """Seconds before each reply."""
    ignored_writes: tuple[str, ...] = ()
    """("extension.registerpassword",): writing it is a success and changes nothing."""
    broken_json_at: AbstractSet[int] = frozenset()
    """Requests that are carried out and answered by half a JSON document."""
    restart_at: int | None = None
    """Before this request the PBX restarts; the connection is closed without a reply."""
    http_500_at: AbstractSet[int] = frozenset()
    """Requests that answer HTTP 500 with an empty body, nothing done."""


@dataclass(frozen=True)
class SExchange:
    """One request and what was answered. Secrets are in clear: it is a lab."""

    method: str
    endpoint: str
    """Below the base ("extension/query"); the whole path when it is not below the base that this firmware serves."""
    query: dict[str, str]
    """Without the token."""
    body: Any
    """The JSON document, the text when it is none, None when there is nothing."""
    errno: str | None
    """None: a success, or no reply of the API at all."""
    reply: Any
    """None: nothing was done and nothing answered, or an answer without a body."""
    headers: dict[str, str]
    client_address: str
    token: str | None
    answered: bool = True
    """False with a reply: carried out, but the connection was closed before the reply."""
    fault: str | None = None
    """Name of the switched-on failure that made this answer."""
