# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the S-Series takes as a value (yeastar.md e)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from lab.yeastar.s_series.fixtures import FIELDS

SWITCHES = ("hasvoicemail", "alwaysforward", "noanswerforward", "allowbeingmonitored", "dnd", "callrestriction")
READ_ONLY = ("status", "type")

_PASSWORD = re.compile(r"[A-Za-z0-9~^*\-_?]{,63}")  # the greatest length is not documented: 63 [I]
_OLD_PASSWORD = re.compile(r"""[^\s;&"'\\<>`|]*""")
_NAME = re.compile(r"""[^!%.@:;&"'\\<>`$]{1,63}""")
_ALNUM = re.compile(r"[A-Za-z0-9]{1,31}")
_DIGITS = re.compile(r"[0-9]*")
_EMAIL = re.compile(r"([^@\s]+@[^@\s]+\.[^@\s]+)?")
_RUN = 4
"""So many digits in a row that count up or down, or are the same, are "consecutive" [I]."""

Check = Callable[[str], object]


def text(value: Any) -> str | None:
    """A value as the PBX keeps it: numbers may come as such; anything but a string or a number is none."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def has_run(password: str) -> bool:
    """Whether it holds 1234, 4321 or 1111."""
    before, length = 99, 1
    for one, two in pairwise(password):
        step = int(two) - int(one) if (one + two).isascii() and (one + two).isdigit() else 99
        length = length + 1 if step == before and step in (-1, 0, 1) else 2 if step in (-1, 0, 1) else 1
        before = step
        if length >= _RUN:
            return True
    return False


def is_strong(password: str, least: int, row: Mapping[str, Any]) -> bool:
    """Strong passwords are required by default; weak ones stay until they are changed."""
    lower = password.lower()
    return (
        len(password) >= least
        and _PASSWORD.fullmatch(password) is not None
        and all(re.search(kind, password) for kind in ("[A-Z]", "[a-z]", "[0-9]"))
        and not has_run(password)
        and not any(str(row[key]).lower() in lower for key in ("number", "username") if row.get(key))
    )


def wrong_fields(new: Mapping[str, str], row: Mapping[str, Any], *, old_api: bool) -> list[str]:
    """Names of the new values that a row (as it would become) may not have."""
    wrong = [key for key in new if key not in FIELDS or key in READ_ONLY]
    return wrong + [key for key, check in _checks(row, old_api).items() if key in new and not check(new[key])]


def _checks(row: Mapping[str, Any], old_api: bool) -> dict[str, Check]:
    checks: dict[str, Check] = dict.fromkeys(SWITCHES, lambda value: value in ("on", "off"))
    checks |= {
        "number": lambda value: value and len(value) <= 7 and _DIGITS.fullmatch(value),
        "username": _NAME.fullmatch,
        "registername": _ALNUM.fullmatch,
        "callerid": lambda value: not value or _ALNUM.fullmatch(value),
        "registerpassword": lambda value: is_strong(value, 16, row),
        "loginpassword": lambda value: is_strong(value, 10, row),
        "maxregistrations": lambda value: value in ("1", "2", "3", "4", "5"),
        "email": _EMAIL.fullmatch,
        "mobile": lambda value: len(value) <= 31 and _DIGITS.fullmatch(value),
        "vmsecret": _DIGITS.fullmatch,
        "enablevmtoemail": lambda value: value in ("on", "off", "custom"),
        "ringtimeout": _DIGITS.fullmatch,
        "maxduration": _DIGITS.fullmatch,
        "agentid": _DIGITS.fullmatch,
    }
    if old_api:
        # v1.1.0 knows no strong passwords.
        checks["registerpassword"] = lambda value: 1 <= len(value) <= 31 and _OLD_PASSWORD.fullmatch(value)
        checks["loginpassword"] = lambda value: 6 <= len(value) <= 63 and _OLD_PASSWORD.fullmatch(value)
    return checks


_ROUTE_NAME = re.compile(r"""[^\s:!$()/#;,\[\]\\"=<>&'`^%@{}|]{1,63}""")
_PATTERN = re.compile(r"[0-9XxZzNnWw.!\[\]]+")


def is_route(row: Mapping[str, Any]) -> bool:
    """Characters are those of the CSV import, which documents them."""
    return bool(
        _ROUTE_NAME.fullmatch(row["name"])
        and _PATTERN.fullmatch(row["prefix"])
        and re.fullmatch("[0-9]{,7}", row["strip"])
        and re.fullmatch("[0-9]{,20}", row["prepend"])
        and row["trunks"]
        and (row["extensions"] or row["extensionsgroup"])
    )
