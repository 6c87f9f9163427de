# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of the directory have to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import is_ours
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.directory import ServedFile


@dataclass(frozen=True)
class FileChange:
    """One file that has to change: ``before`` is None for a new file, ``after`` for one that is removed."""

    name: str
    before: ServedFile | None
    after: ServedFile | None


def file_changes(
    have: Mapping[str, ServedFile], want: Mapping[str, ServedFile], *, remove_undeclared: bool
) -> list[FileChange]:
    """Changes from ``have`` to ``want``, both by file name: in the order of ``want``, then the removals.

    Only files that this collection wrote are removed, whatever else the directory holds.
    """
    changes = [FileChange(name, have.get(name), file) for name, file in want.items() if have.get(name) != file]
    if remove_undeclared:
        changes += [
            FileChange(name, file, None) for name, file in have.items() if name not in want and is_ours(file.text)
        ]
    return changes
