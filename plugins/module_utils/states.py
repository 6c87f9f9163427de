# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The states of Ansible's resource-module convention that change a device. They mean the same for every family."""

from __future__ import annotations

import enum


class State(str, enum.Enum):
    """What a task does with what is on the device."""

    MERGED = "merged"
    """What is declared exists; everything else stays."""
    REPLACED = "replaced"
    """As merged, and what this collection made but is no longer declared is removed."""
    OVERRIDDEN = "overridden"
    """As replaced, and what this collection does not manage is removed, too."""
    DELETED = "deleted"
    """What this collection made is removed."""
