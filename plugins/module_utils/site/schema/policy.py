# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``lockout``, ``flood`` and ``credentials``."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.durations import duration
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.policy import (
    PASSWORD_LENGTH,
    PIN,
    PIN_LENGTH,
    SIP_PASSWORD,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import integer, text


@dataclass(frozen=True)
class Lockout:
    """When an address is blocked, and for how long."""

    failed_attempts: int = integer(
        "a whole number",
        "Wrong passwords before the address is blocked.",
        default=5,
        example=5,
        bounds=(1, 10),
        why="Cyber Essentials allows at most 10",
    )
    within: int = text(
        "a duration",
        "Time in which they are counted.",
        default="10m",
        example="10m",
        number_too=True,
        parse=duration,
        bounds=("5m", "366d"),
        why="Cyber Essentials counts guesses over 5 minutes",
    )
    block_for: int = text(
        "a duration",
        "Length of the block.",
        default="24h",
        example="24h",
        number_too=True,
        parse=duration,
        bounds=("30m", "366d"),
        why="3CX blocks for 30 minutes; 24h is usual",
    )


@dataclass(frozen=True)
class Flood:
    """The router's flood defence."""

    udp_packets_per_second: int | None = integer(
        "a whole number",
        "Rate above which the router drops UDP packets.",
        without="2000, or what the media of `concurrent_calls` needs, if that is more",
        example=2000,
        bounds=(1, 10_000_000),
        checked="at least `concurrent_calls` x 50 packets x 2 directions + 30 %",
    )


@dataclass(frozen=True)
class CredentialPolicy:
    """What generated credentials look like."""

    password_length: int = integer(
        "a whole number",
        "Characters of a generated password.",
        default=PASSWORD_LENGTH,
        example=PASSWORD_LENGTH,
        bounds=SIP_PASSWORD,
        why="the least that every Yeastar takes and the most that a 3CX takes",
    )
    pin_length: int = integer(
        "a whole number",
        "Digits of a generated PIN.",
        default=PIN_LENGTH,
        example=PIN_LENGTH,
        bounds=PIN,
        why="shorter PINs are guessed, 10 is the most that a 3CX takes",
    )
    generation: int = integer(
        "a whole number",
        "Raise it to give every extension new credentials.",
        default=1,
        example=1,
        bounds=(1, 999_999),
    )
