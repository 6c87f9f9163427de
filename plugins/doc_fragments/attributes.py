# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation shared by all modules."""

from __future__ import annotations


class ModuleDocFragment:
    """The attributes that every module of the collection has."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in check mode. The same plan is made, and nothing is written.
  diff_mode:
    support: full
    description: Returns what changes, before and after, in diff mode. Secrets are masked.
  idempotent:
    support: full
    description: A second run with the same declaration changes nothing.
"""

    DEVICE = r"""
options:
  device:
    description:
      - How to reach the device. Leave it out.
      - The action plugin of the same name fills it in from the inventory's C(ansible_host), C(ansible_port),
        C(ansible_user) and
        C(ansible_password) when the task is delegated to another host than the controller.
    type: dict
    suboptions:
      host:
        description: Name or address.
        type: str
        required: true
      port:
        description: TCP port.
        type: int
      user:
        description: Login name.
        type: str
      password:
        description: Login password.
        type: str
"""
