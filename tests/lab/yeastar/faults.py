# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the simulated P-Series misbehaves, and what it remembers of a request."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any


@dataclass
class PSeriesFaults:
    """All off. Requests are counted from 1 since reset_counters(); get_token and refresh_token do not count."""

    token_expired_at: int | None = None
    """This request answers 10004; its token is void from then on."""
    always_10004: bool = False
    """Every counted request answers 10004."""
    overload_at: Mapping[int, int] = field(default_factory=dict)
    """Request -> so many consecutive requests, from it on, answer 70082 with nothing done."""
    processing_at: AbstractSet[int] = frozenset()
    """Requests that answer 2, nothing done."""
    errors: Mapping[str, int] = field(default_factory=dict)
    """Endpoint ("extension/update", also "get_token") -> errcode it always answers, nothing done."""
    errors_at: Mapping[int, int] = field(default_factory=dict)
    """Request -> errcode, nothing done."""
    partial_at: AbstractSet[int] = frozenset()
    """Requests that are carried out and answer 1."""
    cut_before: int | None = None
    """From this request on connections are closed and nothing is done."""
    cut_after: int | None = None
    """This request is carried out and its reply withheld; of all later ones connections are closed, nothing done."""
    restart_at: int | None = None
    """Before this request the PBX restarts; the connection is closed without a reply."""
    slow: float = 0.0
    """Seconds before each reply."""
    ignored_writes: tuple[str, ...] = ()
    """("extension.reg_password",): updating it is a success and changes nothing."""
    no_getpassword: bool = False
    """extension/getpassword answers 10001."""
    hidden_fields: tuple[str, ...] = ()
    """Fields of extensions that are neither shown nor accepted (40002)."""
    hidden_endpoints: tuple[str, ...] = ()
    """Endpoints ("webhook/query") or whole families ("webhook") that answer 10001."""
    wrong_credentials_code: int = 40002
    """What get_token answers to a wrong secret: not documented (yeastar.md c)."""
    broken_json_at: AbstractSet[int] = frozenset()
    """Requests that are carried out and answered by half a JSON document."""
    new_token_voids_old: bool = False
    """A new token voids all others (yeastar.md c: sources disagree)."""
    http_500_at: AbstractSet[int] = frozenset()
    """Requests that answer HTTP 500 with an empty body, nothing done."""
    redirect_at: AbstractSet[int] = frozenset()
    """Requests that answer HTTP 302 to another host, nothing done."""
    denied: tuple[str, ...] = ()
    """Prefixes of endpoints ("outbound_route/") that answer 10005."""
    full: tuple[str, ...] = ()
    """Endpoints ("block_numbers/create") that answer 60002."""
    drop_get_token_reply: bool = False
    """get_token gives a token and closes the connection without a reply."""


@dataclass(frozen=True)
class Exchange:
    """One request and what was answered. Secrets are in clear: it is a lab."""

    method: str
    version: str
    """v1.0 or v2.0; empty for a path that is none of the API."""
    endpoint: str
    query: dict[str, str]
    """Without access_token."""
    body: Any
    errcode: int | None
    """None: nothing was done, and no reply of the API was given."""
    reply: Any
    headers: dict[str, str]
    client_address: str
    token: str | None
    """The access_token of the request."""
    answered: bool = True
    """False: the connection was closed before a reply; with an errcode it was carried out nevertheless."""
    fault: str | None = None
    """Name of the switched-on failure that made this answer."""
