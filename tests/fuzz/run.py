# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spoilt replies, one after the other, and what came of each."""

from __future__ import annotations

import dataclasses
import random
import re
import types
import typing
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .mutate import HARMLESS, LOSING, spoil
from .replies import replies
from .targets import EVERY_REPLY, HardeningError, Parser, mistaken, parsers_of

SHOWN = 600
"""Characters of a reply that are shown."""


@dataclass
class Result:
    """What came of many replies."""

    count: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, other: Result) -> None:
        self.count += other.count
        self.outcomes.update(other.outcomes)
        self.failures.update(other.failures)
        self.examples = {**other.examples, **self.examples}

    def fail(self, kind: str, command: str, text: str, what: object = "") -> None:
        """Count a failure, and keep the first of each kind for showing."""
        self.failures[kind] += 1
        shown = re.sub(r"9{20,}", "9...9", f"{what} {text!r}".strip())
        self.examples.setdefault(kind, f"{kind}, at {command}: {shown[:SHOWN]}")


@cache
def corpus() -> tuple[tuple[str, str, tuple[Parser, ...]], ...]:
    """Command, reply, and who reads it."""
    return tuple((command, reply, tuple(parsers_of(command))) for command, reply in replies())


def fuzz(count: int, seed: int) -> Result:
    """``count`` spoilt replies to the parsers; the same seed makes the same replies."""
    rng = random.Random(seed)
    result = Result()
    material = corpus()
    read = [entry for entry in material if entry[2]]
    while result.count < count:
        result.count += 1
        command, reply, parsers = rng.choice(material if rng.random() < 0.1 else read)
        if rng.random() < 0.03:
            command, _other, parsers = rng.choice(read)  # the answer to another question
        kind = rng.random()
        for parse in parsers or EVERY_REPLY:
            if kind < 0.15:
                _losing(rng, result, command, reply, parse)
            elif kind < 0.25:
                _harmless(rng, result, command, reply, parse)
            else:
                _outcome(result, command, spoil(rng, reply), parse)
    return result


def _outcome(result: Result, command: str, text: str, parse: Parser) -> Any:
    """Parse; only typed data, None and HardeningError are right."""
    try:
        parsed = parse(text)
    except HardeningError:
        result.outcomes["refused"] += 1
        return None
    except Exception as error:
        result.fail(f"{parse.__name__}: {type(error).__name__}", command, text, error)
        return None
    result.outcomes["not of this form" if parsed is None else "read"] += 1
    wrong = ill_typed(parsed)
    if wrong:
        result.fail(f"{parse.__name__}: ill-typed", command, text, wrong)
    return parsed


def _losing(rng: random.Random, result: Result, command: str, reply: str, parse: Parser) -> None:
    """A reply that lost something must not make a profile look free that is in use, or a rule off that is on."""
    before = parse(reply)
    text = rng.choice(LOSING)(rng, reply)
    after = _outcome(result, command, text, parse)
    wrong = mistaken(before, after) if None not in (before, after) else ""
    if wrong:
        result.fail(f"{parse.__name__}: {wrong}", command, text)


def _harmless(rng: random.Random, result: Result, command: str, reply: str, parse: Parser) -> None:
    """What differs between the manual's own transcripts makes no difference."""
    if parse in EVERY_REPLY:
        return
    text = reply
    for mutation in rng.sample(HARMLESS, rng.randint(1, len(HARMLESS))):
        text = mutation(rng, text)
    after = _outcome(result, command, text, parse)
    if after != parse(reply):
        result.fail(f"{parse.__name__}: read differently", command, text)


def ill_typed(value: Any) -> str:
    """The first field of a dataclass, or of several, whose value is not of its annotated type."""
    if isinstance(value, (list, tuple)):
        return next((wrong for wrong in map(ill_typed, value) if wrong), "")
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return ""
    hints = _hints(type(value))
    for entry in dataclasses.fields(value):
        found = getattr(value, entry.name)
        if not _fits(found, hints[entry.name]):
            return f"{type(value).__name__}.{entry.name} = {found!r}"
        if isinstance(found, int) and found < 0:
            return f"{type(value).__name__}.{entry.name} = {found!r} is negative"
    return ""


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _fits(value: Any, hint: Any) -> bool:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, each) for each in arguments)
    if origin is tuple:
        inner: Sequence[Any] = arguments[:1] * len(value) if arguments[-1] is ... else arguments
        return isinstance(value, tuple) and len(inner) == len(value) and all(map(_fits, value, inner))
    if origin in (list, frozenset):
        return isinstance(value, origin) and all(_fits(each, arguments[0]) for each in value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return origin is not None or hint is Any or isinstance(value, hint)
