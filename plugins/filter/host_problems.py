# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter host_problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus import settings as antivirus
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host import settings as pbx_host
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.provisioning import server_settings

ROLES: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "antivirus": antivirus.problems_of,
    "pbx_host": pbx_host.problems_of,
    "yealink_provisioning": server_settings.problems_of,
}


class FilterModule:
    """Filters of the collection."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"host_problems": _problems}


def _problems(settings: Mapping[str, Any], role: str) -> list[str]:
    if role not in ROLES:
        raise AnsibleFilterError(f"host_problems knows no role {role!r}; valid are {', '.join(ROLES)}.")
    return ROLES[role](settings)
