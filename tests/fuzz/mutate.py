# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways in which a reply may be spoilt, or only look different."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Mutation = Callable[[random.Random, str], str]

NUMBERS = ("0", "-1", "00", "13", "255", "256", "65535", "65536", "4294967296", "\u0663", "1e5", "0x10")
TOKENS = ("[", "]", ":", "~", "->", "<null>", "None", "Any", "%% ", "\x00", "\x1b[1;31m", "\u2028", "\ufffd", "\t", ",")
PAGER = (
    "--- MORE ---",
    "--More--",
    "---MORE---   ['q': Quit, 'Enter': New Lines, 'Space Bar': Next Page] ---",
    "\x08" * 12,
)
ELSEWHERE = ("% Invalid command", "DrayTek> ", "Set ok!", "Setting saved.", "[MANAGEMENT] login from 192.0.2.1", "")


def _lines(text: str) -> list[str]:
    return text.split("\n")


def flip_bits(rng: random.Random, text: str) -> str:
    data = bytearray(text.encode())
    for _ in range(rng.randint(1, 4)):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data.decode(errors="replace")


def truncate(rng: random.Random, text: str) -> str:
    return text[: rng.randint(0, len(text))]


def lose_the_beginning(rng: random.Random, text: str) -> str:
    return text[rng.randint(0, len(text)) :]


def drop_lines(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    for _ in range(rng.randint(1, 3)):
        if lines:
            del lines[rng.randrange(len(lines))]
    return "\n".join(lines)


def repeat_a_line(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    lines.insert(rng.randint(0, len(lines)), rng.choice(lines))
    return "\n".join(lines)


def swap_lines(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def pager_remnant(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    at = rng.randint(0, len(lines))
    if rng.random() < 0.5 and at < len(lines):
        lines[at] = rng.choice(PAGER) + lines[at]
    else:
        lines.insert(at, rng.choice(PAGER))
    return "\n".join(lines)


def foreign_line(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    lines.insert(rng.randint(0, len(lines)), rng.choice(ELSEWHERE))
    return "\n".join(lines)


def change_numbers(rng: random.Random, text: str) -> str:
    found = list(re.finditer(r"\d+", text))
    if not found:
        return text
    number = rng.choice(found)
    if rng.random() < 0.02:
        new = "9" * 5000  # more than int() takes
    elif rng.random() < 0.5:
        new = rng.choice(found).group()
    else:
        new = rng.choice(NUMBERS)
    return text[: number.start()] + new + text[number.end() :]


def random_token(rng: random.Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(TOKENS) * rng.randint(1, 3) + text[at + rng.randint(0, 3) :]


def random_bytes(rng: random.Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.randbytes(rng.randint(1, 12)).decode("latin-1") + text[at:]


def wrap_a_line(rng: random.Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + "\n " + text[at:]


SPOILING: tuple[Mutation, ...] = (
    flip_bits,
    truncate,
    lose_the_beginning,
    drop_lines,
    repeat_a_line,
    swap_lines,
    pager_remnant,
    foreign_line,
    change_numbers,
    random_token,
    random_bytes,
    wrap_a_line,
)
LOSING: tuple[Mutation, ...] = (truncate, lose_the_beginning, drop_lines)
"""Something is missing, nothing is added."""


def spoil(rng: random.Random, text: str) -> str:
    """One to three mutations."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        text = rng.choice(SPOILING)(rng, text)
    return text


def blank_lines(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    lines.insert(rng.randint(0, len(lines)), rng.choice(("", "   ")))
    return "\n".join(lines)


def more_margin(rng: random.Random, text: str) -> str:
    return "\n".join(f"{' ' * rng.randint(1, 3)}{line}" for line in _lines(text))


def less_margin(rng: random.Random, text: str) -> str:
    return "\n".join(line.lstrip() for line in _lines(text))


def space_at_the_end(rng: random.Random, text: str) -> str:
    return "\n".join(f"{line}{' ' * rng.randint(0, 2)}" for line in _lines(text))


def carriage_returns(_rng: random.Random, text: str) -> str:
    return text.replace("\n", "\r\n")


HARMLESS: tuple[Mutation, ...] = (blank_lines, more_margin, less_margin, space_at_the_end, carriage_returns)
"""The manual's own transcripts differ in these."""
