# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one engine that all families share: compare what a device has with what it should have, and show the difference.

Pure functions on typed data. A family supplies its own resource types (frozen dataclasses) and turns each ``Change``
into
its device's commands; the states mean the same everywhere.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK, Secret

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


class State(str, enum.Enum):
    """The states of Ansible's resource-module convention that change a device."""

    MERGED = "merged"
    """What is declared exists; everything else stays."""
    REPLACED = "replaced"
    """As merged, and what we own but no longer declare goes."""
    OVERRIDDEN = "overridden"
    """As replaced, and what others made goes too."""
    DELETED = "deleted"
    """What we own goes."""


class Action(str, enum.Enum):
    """What happens to one item."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True)
class Change(Generic[Key, Item]):
    """One item that has to change: ``before`` is None for a creation, ``after`` for a deletion."""

    action: Action
    key: Key
    before: Item | None
    after: Item | None


def compare(
    have: Mapping[Key, Item],
    want: Mapping[Key, Item],
    state: State,
    owned: Callable[[Key, Item], bool],
) -> list[Change[Key, Item]]:
    """The changes that bring ``have`` to ``want``: creations and updates in the order of ``want``, then deletions.

    ``owned`` tells whether an item found on the device was made by this collection.
    """
    changes: list[Change[Key, Item]] = []
    if state is not State.DELETED:
        for key, item in want.items():
            if key not in have:
                changes.append(Change(Action.CREATE, key, None, item))
            elif have[key] != item:
                changes.append(Change(Action.UPDATE, key, have[key], item))
    if state is not State.MERGED:
        kept = set() if state is State.DELETED else set(want)
        changes.extend(
            Change(Action.DELETE, key, item, None)
            for key, item in have.items()
            if key not in kept and (state is State.OVERRIDDEN or owned(key, item))
        )
    return changes


def plain(value: Any) -> Any:
    """Dataclasses, enums and secrets as plain data that can be shown: secrets masked, empty values left out."""
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: plain(item) for name, item in pairs if item not in (None, "", (), [])}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in (sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def secret_diff(before: Secret | None, after: Secret | None) -> tuple[str, str]:
    """How a secret stands in a diff: visible that it changes, never what it is."""
    if before == after:
        return (MASK, MASK) if after else ("", "")
    return (MASK if before else "", f"{MASK} (changed)" if after else "")


def show(value: Any, indent: int = 0) -> list[str]:
    """Plain data as lines of YAML-like text, for a diff that reads the same on every run."""
    pad = " " * indent
    if isinstance(value, Mapping):
        lines: list[str] = []
        for key, item in value.items():
            lines.extend(_show_entry(f"{pad}{key}:", item, indent))
        return lines
    if isinstance(value, Sequence) and not isinstance(value, str):
        lines = []
        for item in value:
            nested = show(item, indent + 2)
            if isinstance(item, (Mapping, list, tuple)) and nested:
                lines.append(f"{pad}- {nested[0].lstrip()}")
                lines.extend(nested[1:])
            else:
                lines.append(f"{pad}- {_scalar(item)}")
        return lines
    return [f"{pad}{_scalar(value)}"]


def _show_entry(head: str, item: Any, indent: int) -> list[str]:
    if isinstance(item, Mapping) and item:
        return [head, *show(item, indent + 2)]
    if isinstance(item, (list, tuple)) and item:
        if all(not isinstance(part, (Mapping, list, tuple)) for part in item):
            return [f"{head} [{', '.join(_scalar(part) for part in item)}]"]
        return [head, *show(item, indent + 2)]
    if isinstance(item, (Mapping, list, tuple)):
        return [f"{head} {{}}" if isinstance(item, Mapping) else f"{head} []"]
    return [f"{head} {_scalar(item)}"]


def _scalar(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def diff_entry(header: str, before: Any, after: Any) -> dict[str, str]:
    """One entry of Ansible's diff, from anything that ``plain`` understands."""
    return {
        "before_header": header,
        "after_header": header,
        "before": "".join(f"{line}\n" for line in show(plain(before))) if before else "",
        "after": "".join(f"{line}\n" for line in show(plain(after))) if after else "",
    }
