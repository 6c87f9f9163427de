# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP ALG: the router's own meddling with SIP, which breaks more calls than it mends (draytek.md annex)."""

from __future__ import annotations

import re

SIP_ALG = re.compile(r"-\s*SIP ALG\s*:\s*(?P<state>\w+)", re.IGNORECASE)
VIEW = "sys sip_alg ?"
"""Harmless: the manual shows it as the way to see the status."""


def parse_sip_alg(output: str) -> bool | None:
    """Whether it is on; None where the output does not say. "Enabled" is printed; every other word counts as off."""
    match = SIP_ALG.search(output)
    return None if match is None else match["state"].lower().startswith("enable")


def sip_alg_command(*, on: bool) -> str:
    """Switches it."""
    return f"sys sip_alg -e {int(on)}"
