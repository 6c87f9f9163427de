# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the author of a variable wrote, from the origins that ansible-core keeps for values of YAML files.

Origins are ansible-core's own business and may be absent: then nothing is known, which is always allowed here.
"""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.voipsec.hardening.plugins.module_utils.site.written import WrittenInt

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:  # another release of ansible-core keeps them elsewhere
    Origin = None

NUMBER = re.compile(r"[-+]?[0-9][0-9A-Fa-fx_:o]{0,39}(?=[\s,\]}#]|$)")
"""Everything that YAML takes for a whole number, up to what ends a plain value."""
LARGEST_FILE = 10_000_000
"""Bytes. A larger file is no inventory."""


def written(value: int) -> int:
    """The number with its text, where its file can be read and holds it in the place that ansible-core names."""
    origin = Origin.get_tag(value) if Origin else None
    number = int(value)
    if origin is None or not origin.path or not origin.line_num or not origin.col_num:
        return number
    found = NUMBER.match(_line(origin.path, origin.line_num)[origin.col_num - 1 :])
    # A file may be a vault, or changed since: only a text that is this number is shown.
    if found is None or not _means(found[0], number):
        return number
    return WrittenInt(number, found[0], f"{os.path.basename(origin.path)}, line {origin.line_num}")


def file_of(value: Any) -> str:
    """The name of the file that a value was read from; empty where it is not known."""
    origin = Origin.get_tag(value) if Origin else None
    return os.path.basename(origin.path or "") if origin else ""


def _means(text: str, number: int) -> bool:
    try:
        return bool(yaml.safe_load(text) == number)
    except (yaml.YAMLError, ValueError):
        return False


def _line(path: str, number: int) -> str:
    lines = _lines(path)
    return lines[number - 1] if number <= len(lines) else ""


@functools.lru_cache(maxsize=64)
def _lines(path: str) -> list[str]:
    try:
        file = Path(path)
        return file.read_text(encoding="utf-8").splitlines() if file.stat().st_size <= LARGEST_FILE else []
    except (OSError, UnicodeDecodeError):
        return []
