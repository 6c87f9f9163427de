# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers of a declaration, and the text they were written as.

YAML reads 0201 as the number 129 and 13:00 as 780. Where the text of the file is known, it decides whether a number is
what its author meant.
"""

from __future__ import annotations

from typing import Any

UNQUOTED = "is a number without quotes, so leading zeros would be lost; write it in quotes"


class WrittenInt(int):
    """A whole number that was read from a file, with the text in the file."""

    text: str
    place: str
    """File and line."""

    def __new__(cls, value: int, text: str, place: str) -> WrittenInt:
        """``text`` is what stands in the file where the number was read."""
        made = super().__new__(cls, value)
        made.text, made.place = text, place
        return made

    def __deepcopy__(self, _memo: dict[int, Any]) -> WrittenInt:
        """Itself, as nothing changes it: Ansible's validator of argument specs copies what it is given."""
        return self


def misread_digits(value: Any) -> str | None:
    """Why a number cannot stand where digits are meant; None where the file proves that these digits were written."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, WrittenInt):
        return None if value.text == str(int(value)) else _misread(value)
    return f'{UNQUOTED}, for example "0201"'


def misread_number(value: Any) -> str | None:
    """Why a number is not the one that was written: 010 is 8 to YAML. None where it is, or where nothing is known."""
    if not isinstance(value, WrittenInt):
        return None
    plain = value.text.replace("_", "").removeprefix("+")
    if plain == str(int(value)):
        return None
    return f"is read as {int(value)} by YAML ({value.place}); write it without leading zeros, colons or letters"


def as_written(value: Any) -> Any:
    """The value for a message: the text of the file where that is known."""
    return value.text if isinstance(value, WrittenInt) else value


def _misread(value: WrittenInt) -> str:
    return f'is read as {int(value)} by YAML ({value.place}); write it in quotes: "{value.text}"'
