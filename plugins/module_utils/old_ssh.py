# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about a device that speaks only SSH of former days."""

from __future__ import annotations


def remedy_for_old_ssh(library_version: str) -> str:
    """paramiko 5 dropped SHA-1, and paramiko 4 had dropped ssh-dss before."""
    if int(library_version.split(".", maxsplit=1)[0]) < 5:
        return (
            f"offers only SSH key exchange or host keys (ssh-dss, for one) that paramiko {library_version} does not "
            "speak either. Update the router's firmware, or manage it from its web interface on the LAN."
        )
    return (
        f"offers only old SSH key exchange or host keys, which paramiko {library_version} no longer speaks. Update the "
        "router's firmware; where that cannot be done, install netmiko[par4] (paramiko 4) on the controller."
    )
