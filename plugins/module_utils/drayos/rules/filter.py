# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data filter's general setup and the heads of its sets (draytek.md 2.2), parsed from
``-v``. Rules are in rule.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import BLOCK, PASS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import (
    enabled,
    is_nothing,
    labelled_fields,
)


@dataclass(frozen=True)
class GeneralSetup:
    """What ``ipf set -v`` shows of the general setup. None where the device does not show it."""

    start_set: int
    """Where the data filter starts; 0 when it is off."""
    default_action: str | None = None
    block_routing_v4: bool | None = None
    block_routing_v6: bool | None = None
    strict: bool | None = None
    large_fragments: bool | None = None
    transparent: bool | None = None


GENERAL_OPTIONS: Mapping[str, str] = {
    "block_routing_v4": '-R "v4 {}"',
    "block_routing_v6": '-R "v6 {}"',
    "strict": "-L {}",
    "large_fragments": "-f {}",
    "transparent": "-t {}",
}
"""The command's option for each switch; 1 is on. ``-R`` takes 1 for "accept routing packets: disable" (2.2)."""


@dataclass(frozen=True)
class SetHead:
    """A filter set's comment and the set that follows it; 0 for none."""

    comment: str
    next_set: int


START_SET = re.compile(r"^Enable\s*\(Start Filter Set\s*=\s*(\d{1,2})\s*\)", re.IGNORECASE)
TICKED = re.compile(r"^\s*\[(?P<mark>[^\]]*)\]\s*(?P<what>.+?)\s*$", re.MULTILINE)


def parse_general(output: str) -> GeneralSetup | None:
    """``ipf set -v``; None where the output is not one."""
    fields = labelled_fields(output)
    value = fields.get("data filter")
    if value is None:
        return None
    match = START_SET.match(value.strip())
    if match is None and value.strip().lower() not in ("disable", "disabled"):
        return None  # a filter that is on and a filter that is off must not be confused
    ticks = {found["what"].lower(): bool(found["mark"].strip()) for found in TICKED.finditer(output)}
    default = fields.get("pass or block", "").strip().lower()
    return GeneralSetup(
        start_set=int(match[1]) if match else 0,
        default_action=default if default in (PASS, BLOCK) else None,
        block_routing_v4=ticks.get("ipv4"),
        block_routing_v6=ticks.get("ipv6"),
        strict=next((on for what, on in ticks.items() if "strict security firewall" in what), None),
        large_fragments=_switch(fields, "accept large incoming"),
        transparent=_switch(fields, "transparent mode"),
    )


def _switch(fields: Mapping[str, str], beginning: str) -> bool | None:
    value = next((value for label, value in fields.items() if label.startswith(beginning)), None)
    return None if value is None else enabled(value)


def parse_set_head(output: str) -> SetHead | None:
    """``ipf set N -v``: the manual says that it shows comment and next set, not in which words; None unless
    both are found."""
    comment: str | None = None
    next_set: int | None = None
    for label, value in labelled_fields(output).items():
        if "comment" in label and comment is None:
            comment = "" if is_nothing(value) else value.strip()
        elif "next" in label and next_set is None:
            digits = re.search(r"\d{1,3}", value)
            next_set = int(digits[0]) if digits else 0
    if comment is None or next_set is None:
        return None
    return SetHead(comment, next_set)
