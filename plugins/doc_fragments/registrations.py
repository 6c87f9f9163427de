# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module documents alike that watches phones register anew."""

from __future__ import annotations


class ModuleDocFragment:
    """Phones, and how long they are waited for."""

    DOCUMENTATION = r"""
options:
  phones:
    description: Extensions and their phones.
    type: list
    elements: dict
    required: true
    suboptions:
      number:
        description: Extension.
        type: str
        required: true
      mac:
        description: MAC address of its phone. Without it the phones that the PBX itself provisions for the extension
          are told.
        type: str
  expected:
    description: Extensions of O(phones) that must be registered afterwards, usually those that were before.
    type: list
    elements: str
    default: []
  wait:
    description: Seconds for O(expected). The task fails after that.
    type: int
    default: 300
  binding_lifetime:
    description: Seconds for which a registration with old credentials may still stand.
    type: float
    default: 180.0
  poll:
    description: Seconds between two looks.
    type: float
    default: 3.0
"""
