#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make phones fetch their settings from a 3CX V20, and see them register with them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: threecx_reprovision
short_description: Make phones fetch their settings and see them register with a 3CX V20
version_added: 0.1.0
description:
  - Tells the phones through the PBX to fetch their settings, waits until the extensions that were registered before are
    registered again, then removes the entries that guarded the site's addresses meanwhile.
  - Whether the PBX drops a registration when its password changes is not documented. So an extension counts as
    registered once it was seen without registration after the change, or is still registered after O(binding_lifetime).
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
  - voipsec.hardening.registrations
  - voipsec.hardening.threecx
attributes:
  diff_mode:
    support: none
    description: Phones are notified, so there is no difference to show.
  idempotent:
    support: none
    description: Tells the phones on every run.
options:
  release_guard:
    description: Whether the guarding entries are removed. Where O(wait) was not enough they stay until they end by
      themselves.
    type: bool
    default: true
seealso:
  - module: voipsec.hardening.threecx_extensions
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Phones fetch their new credentials and register with them
  voipsec.hardening.threecx_reprovision:
    phones:
      - {number: "201", mac: 805ec0aabbcc}
    expected: ["201"]
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
guard_removed:
  description: Addresses that are no longer guarded.
  returned: when not in check mode
  type: list
  elements: str
notes:
  description: Phones that the PBX does not know.
  returned: always
  type: list
  elements: str
requests:
  description: How many requests were sent, and how many of them were meant to change something.
  returned: when not in check mode
  type: dict
  sample: {sent: 5, writing: 2}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.reprovision import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
