# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter pbx_host_sshd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.sshd import strictest


class FilterModule:
    """Filters of the collection."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"pbx_host_sshd": strictest}
