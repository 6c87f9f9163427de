# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Typed data as plain data, and as the text of a diff that reads the same on every run. Secrets are masked."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.nested import mapped
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK, Secret


def plain(value: Any) -> Any:
    """Dataclasses, enums and secrets as plain data that can be shown: secrets masked, empty fields left out."""
    return mapped(value, lambda item, _name: _plain_leaf(item), key=str)


def diff_entry(header: str, before: Any, after: Any) -> dict[str, str]:
    """One entry of Ansible's diff, from anything that ``plain`` understands."""
    return {
        "before_header": header,
        "after_header": header,
        "before": "".join(f"{line}\n" for line in _lines(plain(before))) if before else "",
        "after": "".join(f"{line}\n" for line in _lines(plain(after))) if after else "",
    }


def _lines(value: Any, indent: int = 0) -> list[str]:
    """Plain data as lines of YAML-like text."""
    pad = " " * indent
    if isinstance(value, Mapping):
        lines: list[str] = []
        for key, item in value.items():
            lines.extend(_entry_lines(f"{pad}{key}:", item, indent))
        return lines
    if isinstance(value, Sequence) and not isinstance(value, str):
        lines = []
        for item in value:
            nested = _lines(item, indent + 2)
            if isinstance(item, (Mapping, list, tuple)) and nested:
                lines.append(f"{pad}- {nested[0].lstrip()}")
                lines.extend(nested[1:])
            else:
                lines.append(f"{pad}- {_scalar(item)}")
        return lines
    return [f"{pad}{_scalar(value)}"]


def _entry_lines(head: str, item: Any, indent: int) -> list[str]:
    if isinstance(item, Mapping) and item:
        return [head, *_lines(item, indent + 2)]
    if isinstance(item, (list, tuple)) and item:
        if all(not isinstance(part, (Mapping, list, tuple)) for part in item):
            return [f"{head} [{', '.join(_scalar(part) for part in item)}]"]
        return [head, *_lines(item, indent + 2)]
    return [f"{head} {_scalar(item)}"]


def _scalar(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _plain_leaf(value: Any) -> Any:
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, enum.Enum):
        return value.value
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
