# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words, options and numbers of a typed command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MAX_LINE = 255  # longer lines are cut (draytek.md 6)
MAX_NAME = 14  # names are one token, under 15 characters (draytek.md 2b)
MAX_COMMENT = 14  # "manuals of older models: at most 14" (draytek.md 2.2); Assumption: longer ones are cut

CommandClass = Literal["read", "write", "commit", "reboot", "session", "unknown"]


class RefusedError(Exception):
    """The device does not accept this. Assumption: nothing after the offending option is applied.

    ``text``: lines to print instead of the one known error line.
    """

    def __init__(self, why: str, text: list[str] | None = None) -> None:
        super().__init__(why)
        self.text = text


@dataclass(frozen=True)
class Action:
    """A command understood: its class is known before it runs."""

    kind: CommandClass
    run: Callable[[], list[str]]


@dataclass(frozen=True)
class Token:
    text: str
    quoted: bool = False


_TOKEN = re.compile(r'"([^"]*)"|([^\s"]+)')


def tokenize(line: str) -> list[Token]:
    if line.count('"') % 2:
        raise RefusedError("a quote is not closed")
    return [
        Token(found.group(1), True) if found.group(1) is not None else Token(found.group(2))
        for found in _TOKEN.finditer(line)
    ]


@dataclass(frozen=True)
class Option:
    """``-x`` and the words up to the next option."""

    letter: str
    args: tuple[Token, ...] = ()

    def none(self) -> None:
        if self.args:
            raise RefusedError(f"-{self.letter} takes no argument")

    def one(self) -> str:
        """Exactly one word, quoted or not."""
        if len(self.args) != 1:
            raise RefusedError(f"-{self.letter} takes one argument")
        return self.args[0].text

    def quoted(self) -> list[str]:
        """Documented with quotes: one quoted argument, or a single bare word."""
        return self.one().split()

    def bare(self) -> list[str]:
        """Documented without quotes."""
        if any(token.quoted for token in self.args):
            raise RefusedError(f"-{self.letter} is not quoted")
        return [token.text for token in self.args]

    def either(self) -> list[str]:
        """Documented both ways."""
        return self.one().split() if len(self.args) == 1 else self.bare()

    def number(self, low: int, high: int) -> int:
        return number(self.one(), low, high)


def split_options(tokens: list[Token]) -> list[Option]:
    found: list[Option] = []
    for token in tokens:
        if not token.quoted and token.text.startswith("-"):
            if not re.fullmatch(r"-[A-Za-z0-9]", token.text):
                raise RefusedError(f"{token.text} is not an option")
            found.append(Option(token.text[1]))
        elif not found:
            raise RefusedError(f"{token.text} stands before the first option")
        else:
            found[-1] = Option(found[-1].letter, (*found[-1].args, token))
    return found


def number(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise RefusedError(f"{text} is not a number between {low} and {high}")
    return int(text)


def numbers(words: list[str], *ranges: tuple[int, int]) -> list[int]:
    if len(words) != len(ranges):
        raise RefusedError(f"{len(ranges)} numbers expected, {len(words)} given")
    return [number(word, *limits) for word, limits in zip(words, ranges, strict=True)]


def name(option: Option) -> str:
    text = option.one()
    if not text or " " in text or len(text) > MAX_NAME:
        raise RefusedError("a name is one word of at most 14 characters")
    return text


def words_of(tokens: list[Token]) -> list[str]:
    return [token.text for token in tokens]
