# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter site_summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.summary import summarise


def site_summary(hosts: Iterable[Mapping[str, Any]], check_mode: bool = False) -> list[str]:
    """Plain sentences on what a run did."""
    return summarise(hosts, check_mode=check_mode)


class FilterModule:
    """Filters of the collection."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"site_summary": site_summary}
