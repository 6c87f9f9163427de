# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping a customer's own addresses from being blocked while credentials change. Pure.

Phones register with old credentials until they have fetched new ones, and 3CX blocks an address after more than five
wrong registrations. So the addresses are allowed for a short, dated time (threecx.md c.5). The entries end by
themselves.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.ip_list import (
    ALLOW,
    GUARD,
    WIDEST_ALLOW,
    Entry,
    Network,
    address_text,
    blocked,
    parse_network,
    time_text,
)


def networks(texts: Iterable[str]) -> tuple[list[Network], list[str]]:
    """The addresses in typed form, and problems."""
    found: list[Network] = []
    problems = []
    for text in texts:
        try:
            network = parse_network(text)
        except ValueError:
            problems.append(f"guard.addresses: {text!r} is not an address or network.")
            continue
        if network.prefixlen < WIDEST_ALLOW[network.version]:
            problems.append(
                f"guard.addresses: {text} is too wide to be allowed, even for a short time; at most "
                f"/{WIDEST_ALLOW[network.version]} is accepted."
            )
        elif network not in found:
            found.append(network)
    return found, problems


def plan_guard(
    have: Sequence[Entry], wanted: Sequence[Network], now: datetime.datetime, minutes: int
) -> tuple[list[Operation], list[str]]:
    """Allow entries that are missing, and the reasons why the credentials must not be changed now."""
    until = now + datetime.timedelta(minutes=minutes)
    operations, problems = [], []
    for network in wanted:
        hit = blocked(network, have, now)
        if hit is not None:
            problems.append(
                f"{network} is blocked on the PBX now ('{hit.shown()}'), so its phones could not register with new "
                "credentials. Find the cause, remove the entry in the Admin Console, then run again."
            )
            continue
        if any(_covers(entry, network, until) for entry in have):
            continue
        body = {
            "IPAddrMask": address_text(network),
            "BlockType": ALLOW,
            "Description": f"{GUARD} (owner voipsec.hardening)",
            "ExpiresAt": time_text(until),
        }
        operations.append(Operation("POST", "/Blocklist", body, f"allowing {network} while credentials change"))
    return operations, problems


def _covers(entry: Entry, network: Network, until: datetime.datetime) -> bool:
    return (
        entry.block_type == ALLOW
        and entry.network.version == network.version
        and network.subnet_of(entry.network)  # type: ignore[arg-type]
        and (entry.expires is None or entry.expires >= until - datetime.timedelta(minutes=5))
    )
