# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter pbx_host_admits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.firewall import admits, read


class FilterModule:
    """Filters of the collection."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"pbx_host_admits": _admits}


def _admits(variables: Mapping[str, Any], address: str) -> bool:
    try:
        return admits(read(variables), address)
    except HardeningError as problem:
        raise AnsibleFilterError(problem.message) from problem
