# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what DrayOS prints: labels, bracketed values, wrapped lists (draytek.md 2.2, 2.3, 2b).

The manual's transcripts differ in blank lines and leading spaces, so both are ignored everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

Run = Callable[[str], str]
"""Sends one command and returns its output."""
Parsed = TypeVar("Parsed")

BRACKETED = re.compile(r"^\s*(?P<label>[^:\[\]]+?)\s*:\s*\[(?P<value>[^\]]*)\]\s*$")
MEMBER = re.compile(r"^\s*\[(?P<position>\d{1,3}):\]\s*\[(?P<index>\d{1,4})\]")
FIELD = re.compile(r"^\s*(?P<label>[A-Za-z][^:]*?)\s*:\s?(?P<value>.*?)\s*$")
RULER = re.compile(r"^\s*-{5,}\s*$")
NOTHING = ("", "<null>", "none", "null")
"""How the device prints an empty value, in lower case."""


def bracketed_fields(output: str) -> dict[str, str]:
    """``Name   :[marketing]`` lines as a mapping with lower-case labels."""
    fields: dict[str, str] = {}
    for line in output.splitlines():
        match = BRACKETED.match(line)
        if match:
            fields[match["label"].strip().lower()] = match["value"].strip()
    return fields


def members(output: str) -> tuple[int, ...]:
    """The profile indexes of a group's ``[0:][5]`` lines, in order, empty places (0) left out."""
    found = (MEMBER.match(line) for line in output.splitlines())
    return tuple(int(match["index"]) for match in found if match and int(match["index"]))


def labelled_fields(output: str) -> dict[str, str]:
    """``Direction    : WAN -> LAN`` lines as a mapping with lower-case labels; the first of a label counts.

    A line without a label continues the value before it: long interface lists wrap without any mark.
    """
    fields: dict[str, str] = {}
    last: str | None = None
    for line in output.splitlines():
        if not line.strip():
            continue
        if RULER.match(line):
            last = None
            continue
        match = FIELD.match(line)
        if match:
            last = match["label"].lower()
            if last in fields:
                last = None
                continue
            fields[last] = match["value"]
        elif last is not None:
            fields[last] = f"{fields[last]} {line.strip()}"
    return fields


def is_nothing(value: str) -> bool:
    """Whether the device prints this value for "not set"."""
    return value.strip().lower() in NOTHING


def words_of_list(value: str) -> frozenset[str]:
    """``LAN1, LAN2,`` as a set of upper-case names."""
    return frozenset(word.strip().upper() for word in value.split(",") if word.strip())


def enabled(value: str) -> bool:
    """``Enable`` and ``Disable`` as a truth value; anything else counts as disabled."""
    return value.strip().lower().startswith("enable")


def parsed(run: Run, command: str, parse: Callable[[str], Parsed | None]) -> Parsed:
    """A command's answer in typed form. Raises HardeningError where the parser does not know its form."""
    output = run(command)
    found = parse(output)
    if found is None:
        printable = "".join(char if char.isprintable() else "?" for char in " / ".join(output.split("\n")))
        shown = " ".join(printable.split())[:200] or "nothing"
        raise HardeningError(
            f"could not parse the router's answer to {command!r} ({shown}). Nothing more was written. Please report "
            "the model, the firmware and this answer."
        )
    return found


def readable(run: Run, command: str, parse: Callable[[str], Parsed | None], unread: list[str]) -> Parsed | None:
    """As ``parsed``, for what a run can do without: a form that is not known is put on the list ``unread``."""
    found = parse(run(command))
    if found is None:
        unread.append(f"could not parse the router's answer to {command!r}, so this was not checked.")
    return found


def small_number(text: str) -> int | None:
    """A number of at most nine digits; None for everything else."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None
