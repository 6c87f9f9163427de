# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths and queries as OData wants them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

BASE = "/xapi/v1"
PAGE = 100
"""Rows; the PBX refuses a larger $top (threecx.md a.1)."""


def literal(value: str | int | bool | None) -> str:
    """A value inside a path or a filter: text in single quotes, an inner quote doubled (threecx.md a.1, keys)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def entity(collection: str, key: str | int) -> str:
    """``/Users(29)`` or ``/PhoneTemplates('id')``."""
    return f"/{collection}({literal(key)})"


def function(path: str, arguments: Mapping[str, str | int | bool | None]) -> str:
    """A bound function with all its arguments in the path, as OData wants them."""
    return f"{path}({','.join(f'{name}={literal(value)}' for name, value in arguments.items())})"


def raw(path: str, arguments: Mapping[str, str]) -> str:
    """As ``function``, for arguments that are literals already, such as times, which have no quotes."""
    return f"{path}({','.join(f'{name}={value}' for name, value in arguments.items())})"


def url(path: str, query: Mapping[str, str | int] | None = None) -> str:
    """What goes into the request line."""
    encoded = quote(path, safe="/()=',:@$-._~")
    if not query:
        return BASE + encoded
    return f"{BASE}{encoded}?{_encoded(query)}"


def _encoded(query: Mapping[str, str | int]) -> str:
    return urlencode(query, safe="$(),'/=:", quote_via=quote)


def selecting(names: Sequence[str]) -> dict[str, str]:
    """Every read names what it wants: without that the PBX shows secrets (threecx.md c.3)."""
    return {"$select": ",".join(names)}
