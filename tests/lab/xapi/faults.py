# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the simulated PBX misbehaves (threecx.md contract 7), and what it remembers of a request."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Faults:
    """All off. Requests to the XAPI are counted from 1 since reset_counters(); requests for a token do not count."""

    token_stolen_at: int | None = None
    """Before this request another client takes the token: 401."""
    void_tokens_always: bool = False
    """Every request to the XAPI is a 401."""
    forbidden: tuple[str, ...] = ()
    """Prefixes of paths ("/Users") that answer 403."""
    rate_limited_at: Mapping[int, int] = field(default_factory=dict)
    """Request -> seconds of Retry-After of its 429."""
    fail_500_at: AbstractSet[int] = frozenset()
    """Requests that answer 500 with an empty body, nothing done."""
    cut_before: int | None = None
    """From this request on connections are closed and nothing is done."""
    cut_after: int | None = None
    """This request is carried out and its reply withheld; of all later ones connections are closed, nothing done."""
    restart_at: int | None = None
    """Before this request the PBX restarts; the connection is closed without a reply."""
    slow: float = 0.0
    """Seconds before each reply."""
    ignored_writes: tuple[str, ...] = ()
    """("AntiHackingSettings.HackAuthRequests",): writing it is a success and changes nothing."""
    no_licence: bool = False
    """The token endpoint refuses (threecx.md gap 13)."""
    one_token_per_pbx: bool = False
    """A new token voids those of all clients, not only of its own (threecx.md gap 4)."""
    empty_401: bool = True
    """False: a 401 of the XAPI has the OData envelope as its body (threecx.md gap 5)."""
    broken_json_at: AbstractSet[int] = frozenset()
    """Requests that are carried out and answered by half a JSON document."""
    keep_nulls: bool = False
    """Null properties are sent as null, not left out."""
    empty_reports_with_count: bool = False
    """Report functions asked for $count=true answer an empty set (threecx.md a.1 [S])."""
    no_version: bool = False
    """Replies lack X-3CX-Version."""
    reject_masks: bool = False
    """Blocklist and ConsoleRestrictions refuse every address with WARNINGS.INVALID_IP_MASK."""


@dataclass(frozen=True)
class Exchange:
    """One request and what was answered. Secrets are in clear: it is a lab."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    """0: nothing was done and nothing answered."""
    reply: Any
    headers: dict[str, str]
    client_address: str
    answered: bool = True
    """False with another status than 0: carried out, but the connection was closed before the reply."""
    fault: str | None = None
    """Name of the switched-on failure that made this answer."""
