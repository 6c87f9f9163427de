# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the inventory's groups and hosts beside the declaration."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import DEVICES, Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.near_names import (
    DEVICE_GROUPS,
    NO_GROUP,
    group_meant,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, show, undefined

NO_ROUTER = "ROUTER: not in the inventory, SIP OPEN"
"""The first line of every report of a site whose router nobody hardens."""
DOCUMENTATION = tuple(map(ipaddress.IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
"""RFC 5737. No network on the internet has these addresses."""
MAX_NAMED = 4


def inventory_problems(inventory: Inventory) -> Iterator[Problem]:
    """What stops a run before any host is reached."""
    yield from _one_customer(inventory)
    for place, key in inventory.duplicates:
        yield Problem(
            place, "", f"{show(key)} is given twice in one mapping, and only the last would count; delete one"
        )
    yield from _groups_are_known(inventory)
    yield from _one_pbx(inventory)
    yield from _logins_are_defined(inventory)


def inventory_warnings(inventory: Inventory, declaration: Declaration) -> Iterator[Problem]:
    """What a user should know before the first host is reached."""
    if router_is_missing(inventory, declaration):
        text = (
            f"{NO_ROUTER}: no host is in the group draytek, so nothing of this run closes SIP to the internet. Add the "
            "router in hosts.yml"
        )
        yield Problem("inventory", "", text, warning=True)
    yield from _example_was_edited(inventory, declaration)


def router_is_missing(inventory: Inventory, declaration: Declaration) -> bool:
    """Whether a site with a PBX behind a router has no router in the inventory."""
    in_cloud = declaration.pbx.product == "yeastar_cloud"
    return inventory.with_devices() and not inventory.hosts("draytek") and not in_cloud


def _one_customer(inventory: Inventory) -> Iterator[Problem]:
    if len(inventory.customers) > 1:
        names = " and ".join(inventory.customers)
        text = f"{names} declare a site each, and their variables would be mixed; run one customer at a time"
        yield Problem("-i", "", text)


def _groups_are_known(inventory: Inventory) -> Iterator[Problem]:
    """A group that is nearly one of ours is not looked at by any play."""
    known = {host for group in (*DEVICE_GROUPS, "provisioning") for host in inventory.hosts(group)}
    for group, hosts in inventory.groups.items():
        left = [host for host in hosts if host not in known]
        meant = group_meant(group)
        if not left or (meant is None and group.lower() not in NO_GROUP):
            continue
        hint = f"did you mean {meant}?" if meant else "phones are no hosts: declare them in extensions[].phone"
        text = f"no play uses the group {group}, so {', '.join(left[:MAX_NAMED])} would be left out; {hint}"
        yield Problem(f"hosts.yml: {group}", "", text)


def _one_pbx(inventory: Inventory) -> Iterator[Problem]:
    if inventory.hosts("threecx") and inventory.hosts("yeastar"):
        text = "the inventory has hosts in both groups threecx and yeastar; a site has one of them"
        yield Problem("hosts.yml", "", text)


def _logins_are_defined(inventory: Inventory) -> Iterator[Problem]:
    for item in inventory.undefined:
        group = next((f"{name} " for name in DEVICE_GROUPS if item.host in inventory.hosts(name)), "")
        where = f"{item.file}: {group}host {item.host}: {item.name}"
        yield Problem(where, "", undefined(item.missing) if item.missing else item.reason)


def _example_was_edited(inventory: Inventory, declaration: Declaration) -> Iterator[Problem]:
    """Real devices, and addresses that only documents have."""
    if inventory.shipped or not any(_is_real(inventory.variables.get(host, {})) for host in _devices(inventory)):
        return
    found = [str(network) for network in _public(declaration) if any(network.subnet_of(doc) for doc in DOCUMENTATION)]
    if found:
        more = f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
        text = (
            f"{', '.join(found[:MAX_NAMED])}{more} are addresses for documentation, which nobody on the internet has. "
            "They look like those of the example: declare this customer's own"
        )
        yield Problem("site, trunk_providers, remote_sites", "", text, warning=True)


def _devices(inventory: Inventory) -> list[str]:
    return [host for group in DEVICES for host in inventory.hosts(group)]


def _is_real(variables: Mapping[str, Any]) -> bool:
    """A simulated device answers on the controller itself."""
    address = str(variables.get("ansible_host") or "")
    return bool(address) and address != "localhost" and not address.startswith("127.")


def _public(declaration: Declaration) -> list[ipaddress.IPv4Network]:
    found = [*declaration.site.management]
    for provider in declaration.trunk_providers:
        found += [*provider.signalling, *provider.media]
    found += [site.address for site in declaration.remote_sites if site.address]
    return list(dict.fromkeys(found))
