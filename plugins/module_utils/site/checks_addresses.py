# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of addresses against each other: every address has one role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Network
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_tree import (
    Circumstances,
    Reading,
    entries,
    items,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, problem


@dataclass(frozen=True)
class Claim:
    """A network, and whom it was declared for."""

    path: str
    owner: str
    network: Network


def claims(reading: Reading) -> Iterator[Claim]:
    """All declared networks."""
    site, pbx = reading.get("site") or {}, reading.get("pbx") or {}
    for path, network in items("site", site, "management"):
        yield Claim(path, "management", network)
    for path, network in items("pbx", pbx, "local_networks"):
        yield Claim(path, "the LAN", network)
    for path, provider in entries(reading, "trunk_providers"):
        for name in ("signalling", "media"):
            for inner, network in items(path, provider, name):
                yield Claim(inner, path, network)
    for path, remote in entries(reading, "remote_sites"):
        if remote.get("address") is not None:
            yield Claim(f"{path}.address", path, remote["address"])


def addresses_have_one_role(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """Providers, remote sites and management do not overlap. Management may come from the LAN."""
    seen: list[Claim] = []
    for claim in claims(reading):
        other = next((one for one in seen if _clash(one, claim)), None)
        if other:
            yield problem(
                claim.path,
                claim.network,
                f"overlaps {other.network} of {other.path}; every address belongs to one provider, one remote site or "
                "the management",
            )
        seen.append(claim)


def _clash(one: Claim, other: Claim) -> bool:
    if one.owner == other.owner or {one.owner, other.owner} == {"management", "the LAN"}:
        return False
    return one.network.overlaps(other.network)


def networks_are_declared_once(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """No network stands twice in one list."""
    for claim in _repeated(claims(reading)):
        yield problem(claim.path, claim.network, "is declared twice; once is enough")


def _repeated(found: Iterator[Claim]) -> Iterator[Claim]:
    seen = set()
    for claim in found:
        key = (claim.path.rpartition("[")[0], claim.network)
        if key in seen:
            yield claim
        seen.add(key)


def pbx_is_on_the_lan(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """The PBX is in one of the local networks, where those are declared, and in nobody else's."""
    pbx = reading.get("pbx") or {}
    address = pbx.get("address")
    if address is None:
        return
    outsiders = (one for one in claims(reading) if one.owner not in ("management", "the LAN"))
    claim = next((one for one in outsiders if address in one.network), None)
    if claim:
        yield problem(
            "pbx.address", address, f"is in {claim.network} of {claim.path}; its address on the LAN is needed"
        )
        return
    local = [network for _path, network in items("pbx", pbx, "local_networks")]
    if local and not any(address in network for network in local):
        networks = ", ".join(map(str, local))
        yield problem(
            "pbx.address", address, f"is not in pbx.local_networks ({networks}); an address in them is needed"
        )
