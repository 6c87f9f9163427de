# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls that no API can set: what an installer sets by hand, whether somebody has confirmed it, and for how long.

Pure, and from the declaration alone, so that a verification needs no login. An item's ``settings`` are what has to be
set; their digest is confirmed with them, so that a changed declaration makes a confirmation stale.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site import yeastar_pages
from ansible_collections.voipsec.hardening.plugins.module_utils.site.manual_item import Item
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Attestation,
    Declaration,
)

MANUAL, ATTESTED, STALE = "manual", "attested", "stale"


def compile_manual_controls(declaration: Declaration) -> list[dict[str, Any]]:
    """Each control with its settings, its digest and its state; empty where the PBX's product is not declared."""
    items = {"p": yeastar_pages.p_series, "s": yeastar_pages.s_series}.get(series_of(declaration.pbx.product))
    if items is None:
        return []
    confirmed = {each.control: each for each in declaration.attestations}
    return [_shown(item, confirmed.get(item.control)) for item in items(declaration)]


def series_of(product: str | None) -> str:
    """p, s, or nothing for a PBX of another maker."""
    if product == "yeastar_s":
        return "s"
    return "p" if product and product.startswith("yeastar_") else ""


def known_controls() -> tuple[str, ...]:
    """Names that an attestation may give."""
    return tuple(dict.fromkeys([*yeastar_pages.P_CONTROLS, *yeastar_pages.S_CONTROLS]))


def _shown(item: Item, attestation: Attestation | None) -> dict[str, Any]:
    state, reason = state_of(item.digest, attestation)
    return {
        "control": item.control,
        "title": item.title,
        "page": item.page,
        "settings": list(item.settings),
        "behind": item.behind,
        "columns": list(item.columns),
        "rows": [list(row) for row in item.rows],
        "digest": item.digest,
        "state": state,
        "reason": reason,
        "outside": list(item.outside),
    }


def state_of(digest: str, attestation: Attestation | None) -> tuple[str, str]:
    """manual, attested or stale, and why."""
    if attestation is None:
        return MANUAL, "not confirmed"
    who = f"{attestation.confirmed_by} on {attestation.confirmed_on}"
    if attestation.ended:
        return STALE, f"confirmed by {who}, valid until {attestation.expires}; confirm it again"
    if attestation.settings != digest:
        return STALE, f"confirmed by {who} for other settings ({attestation.settings}); they are {digest} now"
    return ATTESTED, f"confirmed by {who}, valid until {attestation.expires}"
