# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``antivirus``: malware scans of the PBX host."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import time_of_day
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import choice, text, texts


@dataclass(frozen=True)
class Antivirus:
    """Malware scans of the PBX host."""

    product: str = choice(
        "clamav",
        "avast",
        "off_host",
        default="clamav",
        meaning="The scanner. `off_host` installs nothing on the PBX host and scans it from another one.",
    )
    scan_at: str = text(
        "a time of day",
        "Time of the daily scan.",
        default="03:00",
        quoted=True,
        example="03:00",
        parse=time_of_day,
    )
    acknowledge_unsupported: tuple[str, ...] = texts(
        "names",
        "a name",
        "What the role `antivirus` may install on a 3CX host although 3CX then no longer supports it: `clamav`, "
        "`avast`, `avast_repository`, `on_access`.",
        example=["clamav"],
        checked="the role checks them",
    )
