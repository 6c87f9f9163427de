# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and values of a found file against the table of parameters. Pure functions, but for what they remember."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_finding import (
    BAD_VALUE,
    FORMAT,
    UNKNOWN_NAME,
    UNVERIFIED,
    WRONG_FIRMWARE,
    Finding,
    line_list,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_forms import form_row, found_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import Line, without_comment
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.markup import VARIABLE
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.redact_foreign import (
    MAX_SHOWN,
    hides_value,
    is_known,
    redacted_value,
    safe_name,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET, name_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import (
    MAX_ACCOUNTS,
    NEWEST,
    STATIC_SINCE,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import (
    judge_name,
    placeholders,
    table,
)

BEFORE_80 = 73
"""The firmware that a file without any name of V80 or later is taken to be for."""
_NUMBERS_SINCE_81 = """
65 66 67 68 69 70 74 76 77 91 95 96 97 103 107 108 109 116 123 124 130 143 146 148 150 171 172 174 175 180 182 183 184
186 187 188 192 196 197
"""
NUMBERS_SINCE_81 = frozenset(map(int, _NUMBERS_SINCE_81.split()))
"""Of the common files in yealink.md 1.4, those of models that never had older firmware. Inferred: the reference has no
dates; these are the S, U and W series and what came after them."""
MAX_SUGGESTIONS = 200
"""Unknown names for which the nearest known one is looked up, which takes some milliseconds each."""
EMPTY = ("", RESET, "%EMPTY%")
"""yealink.md 1.1. Nothing is judged of them here."""
MISSPELT = {"satic": "static", "ccount": "account"}
"""Families that stand in the table because public templates write them so."""
_SINCE_80 = re.compile(r"sip\.trust_ctrl|account\.\d+\.sip_server\.\d\.transport_type")
"""yealink.md 1.5, 2.1. In which templates a name was first seen says less: many are older."""
_STAND_INS = ("9001", "9002", "9003")
_NEAREST = "; the nearest known one is "


def guess(file: str, lines: Sequence[Line]) -> tuple[int, str]:
    """The firmware that a file is for, by its name and by the names in it, and why."""
    number = re.fullmatch(r"(?i)y0{7,9}(\d{3})\.cfg", file)
    if number and int(number[1]) in NUMBERS_SINCE_81:
        return NEWEST, f"guessed from the file's name: its model came with V{STATIC_SINCE} or later"
    names = {line.name for line in lines}
    # A known one first: an unknown one says less, but whoever wrote it knew the prefix.
    modern = sorted(
        (name for name in names if name.startswith("static.") and safe_name(name)),
        key=lambda name: (not is_known(name), name),
    )
    if modern:
        return NEWEST, f"guessed from names: {modern[0]} is a name from V{STATIC_SINCE} on"
    old = sorted(name for name in names if _only_before_81(name))
    if not old:
        return NEWEST, "guessed: no name shows the firmware, so the newest is assumed"
    firmware = 80 if any(_SINCE_80.fullmatch(name) for name in names) else BEFORE_80
    return firmware, f"guessed from names: {old[0]} is a name from before V{STATIC_SINCE}"


def _only_before_81(name: str) -> bool:
    pattern = placeholders(name)[0]
    row = table().get(pattern)
    # The families that came with V86 exist in both spellings (yealink.md 1.5).
    return (f"static.{pattern}" in table() and not (row and row.since >= STATIC_SINCE)) or bool(row and row.gone)


def judged(lines: Sequence[Line], firmware: int, *, guessed: bool = False) -> Iterator[Finding]:
    """What a phone with this firmware ignores, or may. ``guessed``: the firmware was not declared."""
    yield from _no_names([line for line in lines if not _is_name(line)])
    seen: set[str] = set()
    looked_up = Counter()
    for line in lines:
        if not _is_name(line):
            continue
        if line.name not in seen:
            seen.add(line.name)
            found = _name(line, firmware, looked_up, guessed=guessed)
            if found:
                yield found
        if not line.dynamic and is_known(line.name):
            found = value_finding(line)
            if found:
                yield found


class Counter:
    """How many suggestions were looked up in this file."""

    def __init__(self) -> None:
        self.count = 0


def _is_name(line: Line) -> bool:
    return bool(safe_name(line.name))


def _no_names(lines: Sequence[Line]) -> Iterator[Finding]:
    """What stands before the sign is not repeated: it may be part of a secret."""
    odd = [line for line in lines if name_problem(line.name)]
    if odd:
        numbers = [line.number for line in odd]
        text = f"{line_list(numbers)}: the text before = {name_problem(odd[0].name)}, so the phone ignores the line"
        yield Finding(FORMAT, text, line=numbers[0])
    words = [line.number for line in lines if not name_problem(line.name)]
    if words:
        text = f"{line_list(words)}: the text before = is not a known parameter"
        yield Finding(UNKNOWN_NAME, text, line=words[0])


def _name(line: Line, firmware: int, looked_up: Counter, *, guessed: bool) -> Finding | None:
    name, value = line.name, redacted_value(line.name, line.value)
    if not is_known(name):
        if line.made_name and _may_be_known(line.made_name):
            return None
        text = f"{name} is not a known parameter{_suggestion(name, firmware, looked_up)}"
        return Finding(UNKNOWN_NAME, text, name, value, line.number)
    family = name.partition(".")[0]
    if family in MISSPELT:
        text = (
            f"{name} is spelt so in public templates, but looks like a misspelt {MISSPELT[family]}{name[len(family) :]}"
        )
        return Finding(UNVERIFIED, text, name, value, line.number)
    verdict = judge_name(name, firmware, MAX_ACCOUNTS)
    if not {"X", "Y", "Z"}.isdisjoint(name.split(".")):
        return Finding(UNKNOWN_NAME, verdict.error or name, name, value, line.number)
    if verdict.error and "is not a known parameter" in verdict.error:
        # Only the name without static. is known.
        text = f"{name} is not a known parameter{_NEAREST}{name.removeprefix('static.')}"
        return Finding(UNKNOWN_NAME, text, name, value, line.number)
    if verdict.error:
        kind = WRONG_FIRMWARE if not _index_is_wrong(name, firmware) else BAD_VALUE
        kind = UNVERIFIED if "is known since" in verdict.error else kind
        if name == "overwrite_mode":
            kind = FORMAT
        return Finding(kind, verdict.error, name, value, line.number)
    # Two guesses do not make a finding: since when such a name is known is that of the templates that have it.
    if not guessed and verdict.warning and "known since" in verdict.warning:
        return Finding(UNVERIFIED, verdict.warning, name, value, line.number)
    return None


@functools.lru_cache(maxsize=4096)
def _may_be_known(made: str) -> bool:
    """Whether there is something that a template could write in place of its variables to make it a known name."""
    if len(made) > MAX_SHOWN or made.count(VARIABLE) > 3:
        return True
    pattern = re.compile(r"[\w.]+".join(map(re.escape, made.split(VARIABLE))))
    return any(pattern.fullmatch(name) for name in table())


def _index_is_wrong(name: str, firmware: int) -> bool:
    """Whether the same name with the index 1 is right."""
    lowest = ".".join("1" if segment.isascii() and segment.isdigit() else segment for segment in name.split("."))
    return lowest != name and not judge_name(lowest, firmware, MAX_ACCOUNTS).error


def _suggestion(name: str, firmware: int, looked_up: Counter) -> str:
    pattern, indexes = placeholders(name)
    looked_up.count += 1
    if looked_up.count > MAX_SUGGESTIONS:
        return ""
    nearest = _nearest(pattern, firmware)
    for stand_in, index in zip(_STAND_INS, indexes, strict=False):
        nearest = nearest.replace(stand_in, str(index))
    return f"{_NEAREST}{nearest}" if nearest else ""


@functools.lru_cache(maxsize=8192)
def _nearest(pattern: str, firmware: int) -> str:
    name = pattern
    for letter, stand_in in zip("XYZ", _STAND_INS, strict=True):
        name = ".".join(stand_in if segment == letter else segment for segment in name.split("."))
    error = judge_name(name.lower(), firmware, MAX_ACCOUNTS).error
    if error is None or "is not a known parameter" not in error:
        return name.lower() if name != name.lower() else ""
    return error.partition(_NEAREST)[2]


def value_finding(line: Line) -> Finding | None:
    """Whether the parameter takes the value. Quotes and comments are part of it (yealink.md 1.1)."""
    value, comment = without_comment(line.value)
    hidden = hides_value(line.name)
    if comment and not hidden:
        text = "what follows the value looks like a comment, but is part of it: comments after values do not exist"
        return Finding(FORMAT, text, line.name, redacted_value(line.name, line.value), line.number)
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        text = "the quotes are part of the value: the phone takes it as it is"
        return Finding(FORMAT, text, line.name, redacted_value(line.name, line.value), line.number)
    if line.value in EMPTY:
        return None
    row = form_row(line.name)
    problem = found_problem(row, line.value) if row else None
    if row is None or problem is None:
        return None
    kind = BAD_VALUE if row.enforced else UNVERIFIED
    text = f"{line.name} {problem}" + ("" if row.enforced else " (as far as is known)")
    return Finding(kind, text, line.name, redacted_value(line.name, line.value), line.number)
