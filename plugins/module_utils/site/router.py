# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for the site's router: who may reach which ports of the PBX, and everyone else may not.

The result is the ``config`` option of the module draytek_firewall. Names are one token of at most 14 characters with
the prefix ``vs_``, by which the collection recognises its own on the router (draytek.md 2b).
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import PREFIX
from ansible_collections.voipsec.hardening.plugins.module_utils.rtp_rates import least_flood_threshold
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration, Network

SLUG_LENGTH = 8
"""Characters of a peer's name that fit between the prefix and a two-digit suffix."""
ALL_PEERS = f"{PREFIX}all_peers"
EVERY_IPV6 = "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
WATCHED_PORTS = ("21-23", "80", "443", "5000-5001", "5015", "5060-5061", "8069", "8080", "8088", "8443")
"""What a bot looks for besides the declared SIP ports: file transfer and shells, web pages, TR-069."""
ATTACKS = ("tcp_flag", "land", "teardrop", "smurf", "pingofdeath", "syn_frag")
"""Malformed packets that nothing of a phone system sends. Fragments and traceroute are left alone: some speech and
fault finding need them."""
USUAL_UDP_THRESHOLD = 2000
"""The router's own figure for a 20 Mb/s line; more where speech needs more."""
FLOOD_TIMEOUT = 10
MAX_SINGLE_ADDRESSES = 8
"""So many of the sixteen places on the router's DoS passing list may be taken for peers."""


class CompileError(HardeningError):
    """The declaration is valid but this router cannot express it. One sentence for the user."""


def compile_router(declaration: Declaration) -> dict[str, Any]:
    """The whole ``config``, as plain data in a stable order."""
    signalling, media = _peers(declaration)
    addresses = _address_objects(declaration)
    by_network = {network: entry["name"] for entry in addresses for network in entry.pop("networks")}

    address_groups: list[dict[str, Any]] = []
    service_groups: list[dict[str, Any]] = []
    rules: list[dict[str, Any]] = []

    sip_ports = sorted({*declaration.pbx.sip_ports, *(port for ports in signalling for port in ports)})
    services = {port: {"name": f"{PREFIX}sip_{port}", "ports": str(port)} for port in sip_ports}
    for position, (ports, networks) in enumerate(sorted(signalling.items()), start=1):
        group, service_group = f"{PREFIX}peers_{position}", f"{PREFIX}svc_{position}"
        address_groups.append({"name": group, "members": _names(networks, by_network)})
        service_groups.append({"name": service_group, "members": [str(services[port]["name"]) for port in ports]})
        rules.append(_rule(f"{PREFIX}allow_{position}", "pass", group, service_group))
    blocked = [entry["name"] for entry in services.values()]

    all_services = list(services.values())
    rtp = declaration.pbx.rtp_ports
    if rtp:
        all_services.append({"name": f"{PREFIX}rtp", "ports": str(rtp)})
        service_groups.append({"name": f"{PREFIX}svc_rtp", "members": [f"{PREFIX}rtp"]})
        blocked.append(f"{PREFIX}rtp")
        if media:
            address_groups.append({"name": f"{PREFIX}media", "members": _names(media, by_network)})
            rules.append(_rule(f"{PREFIX}media", "pass", f"{PREFIX}media", f"{PREFIX}svc_rtp"))
    everybody = {network for networks in signalling.values() for network in networks} | media
    address_groups.append({"name": ALL_PEERS, "members": _names(everybody, by_network)})
    service_groups.append({"name": f"{PREFIX}svc_block", "members": blocked})
    rules.append(_rule(f"{PREFIX}block", "block", None, f"{PREFIX}svc_block"))
    # Whether a rule for any source also stops IPv6 is not documented, and IPv6 has no NAT that would stop it: a rule of
    # its own does. No peer is declared with an IPv6 address.
    addresses.append({"name": f"{PREFIX}ipv6", "network": EVERY_IPV6})
    address_groups.append({"name": f"{PREFIX}any_ipv6", "members": [f"{PREFIX}ipv6"]})
    rules.append(_rule(f"{PREFIX}block6", "block", f"{PREFIX}any_ipv6", f"{PREFIX}svc_block"))
    voice_ports = [str(port) for port in sip_ports] + ([str(rtp)] if rtp else [])
    return {
        "address_objects": addresses,
        "address_groups": address_groups,
        "service_objects": all_services,
        "service_groups": service_groups,
        "rules": rules,
        "general": {"strict": True},
        "nat": {
            "address": str(declaration.pbx.address),
            "ports": voice_ports,
            "sources": ALL_PEERS,
            "known": [
                {"address": str(forward.address), "ports": str(forward.ports)}
                for forward in declaration.router.known_port_forwards
            ],
            "watched": sorted({*WATCHED_PORTS, *(str(port) for port in sip_ports)}),
        },
        "sip_alg": False,
        "dos": _dos(declaration, everybody),
    }


def _dos(declaration: Declaration, peers: set[Network]) -> dict[str, Any]:
    """Thresholds above what speech needs. The router's lists take single addresses only, so networks are not on it."""
    declared = declaration.flood.udp_packets_per_second if declaration.flood else None
    calls = declaration.concurrent_calls or 1
    needed = least_flood_threshold(calls)
    single = [str(network[0]) for network in sorted(peers) if network.prefixlen == network.max_prefixlen]
    return {
        "concurrent_calls": calls,
        "udp_flood": {"threshold": declared or max(USUAL_UDP_THRESHOLD, needed), "timeout": FLOOD_TIMEOUT},
        "attacks": list(ATTACKS),
        "log": True,
        "allow": single[:MAX_SINGLE_ADDRESSES],
    }


def _peers(declaration: Declaration) -> tuple[dict[tuple[int, ...], set[Network]], set[Network]]:
    """Who may signal, by the ports they may use, and whose audio may come in."""
    signalling: dict[tuple[int, ...], set[Network]] = {}
    media: set[Network] = set()
    for provider in declaration.trunk_providers:
        signalling.setdefault(tuple(sorted(provider.ports)), set()).update(provider.signalling)
        media.update(provider.media)
    for site in declaration.remote_sites:
        if site.address is None:
            continue  # comes in through the VPN, which this direction of the filter does not see, or has expired
        pbx = declaration.pbx
        ports = (pbx.tls_port,) if site.transport == "tls" else tuple(p for p in pbx.sip_ports if p != pbx.tls_port)
        signalling.setdefault(tuple(sorted(ports)), set()).add(site.address)
        media.add(site.address)
    return signalling, media


def _address_objects(declaration: Declaration) -> list[dict[str, Any]]:
    owners: list[tuple[str, list[Network]]] = []
    for provider in declaration.trunk_providers:
        owners.append((provider.name, sorted({*provider.signalling, *provider.media})))
    for site in declaration.remote_sites:
        if site.address is not None:
            owners.append((site.name, [site.address]))
    objects: list[dict[str, Any]] = []
    seen: dict[Network, str] = {}
    for owner, networks in owners:
        for number, network in enumerate((n for n in networks if n not in seen), start=1):
            name = f"{PREFIX}{slug(owner)}_{number}"
            if any(entry["name"] == name for entry in objects):
                raise CompileError(
                    f"{owner!r} and another provider or remote site get the same object name {name} on the router; "
                    "rename one of them."
                )
            seen[network] = name
            objects.append({"name": name, "network": str(network), "networks": [network]})
    return objects


def slug(name: str) -> str:
    """A peer's name as part of a token: short names as they are, long ones cut and made unique by a digest."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    if plain == name.lower() and len(plain) <= SLUG_LENGTH:
        return plain
    digest = hashlib.sha256(name.encode()).hexdigest()[:3]
    return f"{plain[: SLUG_LENGTH - len(digest)]}{digest}"


def _names(networks: set[Network], by_network: dict[Network, str]) -> list[str]:
    return [by_network[network] for network in sorted(networks)]


def _rule(comment: str, action: str, sources: str | None, services: str) -> dict[str, Any]:
    return {"comment": comment, "action": action, "sources": sources, "services": services, "log": True}
