#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make phones fetch their settings from a Yeastar, and see them register with them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yeastar_reprovision
short_description: Make phones fetch their settings and see them register with a Yeastar
version_added: 0.1.0
description:
  - Tells the phones that a P-Series provisions itself to fetch their settings, then waits until the extensions that
    were
    registered before are registered again. An S-Series' API cannot notify phones, so there it only waits.
  - Whether the PBX drops a registration when its password changes is not documented. So an extension counts as
    registered once it was seen without registration after the change, or is still registered after O(binding_lifetime).
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
  - voipsec.hardening.registrations
  - voipsec.hardening.yeastar
  - voipsec.hardening.yeastar.series
attributes:
  diff_mode:
    support: none
    description: Phones are notified, so there is no difference to show.
  idempotent:
    support: none
    description: Tells the phones on every run.
seealso:
  - module: voipsec.hardening.yeastar_extensions
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Phones fetch their new credentials and register with them
  voipsec.hardening.yeastar_reprovision:
    phones:
      - {number: "1001", mac: 805ec0aabbcc}
    expected: ["1001"]
"""

RETURN = r"""
told:
  description: MAC addresses of the phones that were notified, or in check mode would be.
  returned: always
  type: list
  elements: str
registered:
  description: Extensions that were seen to register anew.
  returned: always
  type: list
  elements: str
unregistered:
  description: Extensions that were not.
  returned: always
  type: list
  elements: str
notes:
  description: Phones that the PBX does not provision.
  returned: always
  type: list
  elements: str
requests:
  description: How many requests were sent, those for tokens included, and how many of them were meant to change
    something.
  returned: when not in check mode
  type: dict
  sample: {sent: 12, writing: 0}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.reprovision import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
