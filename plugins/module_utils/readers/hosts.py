# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host names and addresses of hosts."""

from __future__ import annotations

import ipaddress
import re

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
"""A pattern, without the limit of 253 characters."""
_HOST = re.compile(rf"(?=.{{1,253}}\Z){DOMAIN}")


def is_ipv4(text: str) -> bool:
    """Whether it is an IPv4 address."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def is_host(text: str) -> bool:
    """Whether it is a host name or an IPv4 address."""
    return bool(_HOST.fullmatch(text)) and (is_ipv4(text) or not re.fullmatch(r"[0-9.]+", text))


def host(text: str) -> str:
    """A host name or an IPv4 address; raises Invalid."""
    if not is_host(text):
        raise Invalid("is neither a host name nor an IPv4 address; use for example pbx.acme.example")
    return text


def fqdn(text: str) -> str:
    """A full host name, with a domain, in lower case; raises Invalid."""
    if not is_host(text) or is_ipv4(text) or "." not in text:
        raise Invalid("is not a full host name; use for example ipswich.acme.example")
    return text.lower()
