# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter seen_outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site.seen_outside import seen_outside


class FilterModule:
    """Filters of the collection."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"seen_outside": _seen_outside}


def _seen_outside(
    controls: Iterable[Mapping[str, Any]], stranger_results: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    return seen_outside(controls, stranger_results)
