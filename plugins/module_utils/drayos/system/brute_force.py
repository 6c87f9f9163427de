# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brute force protection of the router's own logins (draytek.md annex mngt bfp)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import small_number

VIEW = "mngt bfp -v"
SERVICES = ("FTP", "HTTP", "HTTPS", "TELNET", "TR069", "SSH")
"""Those that the view shows; VPN can be set and is not shown."""
FIELD = re.compile(r"^\s*\*\s*(?P<label>[^:]+?)\s*:\s*(?P<value>\S*)\s*$", re.MULTILINE)
SERVICE = re.compile(r"^\s*-\s*(?P<name>\w+)\s*:\s*(?P<on>yes|no)\s*$", re.MULTILINE | re.IGNORECASE)
LONGEST_PENALTY = 65535
"""Seconds. The router's range is not documented; this is what 16 bits hold."""


@dataclass(frozen=True)
class BruteForce:
    """Who is locked out, after how many failures, for how many seconds."""

    enabled: bool
    failures: int
    penalty: int
    services: frozenset[str]


def brute_force_from(config: Mapping[str, Any], problems: list[str]) -> BruteForce:
    """The option ``config.brute_force`` in typed form, for all services; what is wrong goes to ``problems``."""
    failures, penalty = config["failures"], config["penalty"]
    if not 1 <= failures <= 255:
        problems.append(f"config.brute_force.failures: {failures} is not a number from 1 to 255.")
    if not 1 <= penalty <= LONGEST_PENALTY:
        problems.append(f"config.brute_force.penalty: {penalty} seconds; 1 to {LONGEST_PENALTY} is valid.")
    return BruteForce(True, failures, penalty, frozenset(SERVICES))


def parse_brute_force(output: str) -> BruteForce | None:
    """``mngt bfp -v``; None where it is not one."""
    fields = {match["label"].lower(): match["value"] for match in FIELD.finditer(output)}
    failures = small_number(fields.get("maximum login failures", ""))
    penalty = small_number(fields.get("penalty period", ""))
    if fields.get("enable", "").lower() not in ("yes", "no") or failures is None or penalty is None:
        return None
    services = frozenset(m["name"].upper() for m in SERVICE.finditer(output) if m["on"].lower() == "yes")
    return BruteForce(fields["enable"].lower() == "yes", failures, penalty, services)


def brute_force_commands(wanted: BruteForce, found: BruteForce | None) -> list[str]:
    """One line. All services at once: whether naming one adds to the others or replaces them is not documented."""
    if found == wanted:
        return []
    return [f"mngt bfp -l {wanted.failures} -p {wanted.penalty} -s All -e 1"]


def undo_brute_force(found: BruteForce | None) -> list[str]:
    """Numbers and switch as they were. The services stay: protecting more of them is never weaker."""
    if found is None:
        return []
    return [f"mngt bfp -l {max(found.failures, 1)} -p {found.penalty} -e {int(found.enabled)}"]
