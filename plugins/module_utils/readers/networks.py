# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IPv4 networks and addresses, from their text."""

from __future__ import annotations

import ipaddress
import re

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid

Network = ipaddress.IPv4Network

_HOST_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def network(text: str, advice: str) -> Network:
    """A network without host bits, or one address as /32; raises Invalid. ``advice`` says what to use instead."""
    text = text.strip()
    try:
        return Network(text)
    except ValueError:
        pass
    try:
        interface = ipaddress.ip_interface(text)
    except ValueError:
        if _HOST_NAME.fullmatch(text):
            raise Invalid(f"is a host name, and rules are made of addresses; {advice}") from None
        raise Invalid(f"is not an IPv4 address or network; {advice}") from None
    if isinstance(interface, ipaddress.IPv6Interface):
        raise Invalid("is IPv6, which this release does not support; use an IPv4 network")
    raise Invalid(
        f"has host bits set; write {interface.network} for the whole network or {interface.ip}/32 for the one address"
    )
