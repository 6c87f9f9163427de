# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a P-Series says it is: edition and version. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import checked
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json

EDITIONS = {37: "appliance", 83: "software", 84: "cloud"}
"""First number of the firmware -> edition (yeastar.md editions)."""


@dataclass(frozen=True)
class Firmware:
    """One P-Series' firmware."""

    text: str
    numbers: tuple[int, ...]
    model: str

    @property
    def edition(self) -> str:
        """appliance, software or cloud; empty for another first number."""
        return EDITIONS.get(self.numbers[0] if self.numbers else 0, "")

    @property
    def facts(self) -> Json:
        """For a result."""
        return {"series": "P-Series", "model": self.model, "firmware": self.text, "edition": self.edition}


def parse_firmware(answer: Json) -> Firmware:
    """From the answer of system/information. Raises HardeningError where it names no version."""
    data = checked(answer, {"data": dict}).get("data", {})
    text = str(data.get("firmware_version") or "")
    parts = text.split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise HardeningError("reading system/information: the PBX does not report its firmware version.")
    return Firmware(
        text, tuple(int(part) for part in parts), str(data.get("model_name") or data.get("device_name") or "")
    )
