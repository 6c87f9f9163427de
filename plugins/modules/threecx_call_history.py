#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell which calls a 3CX V20 has handled."""

from __future__ import annotations

DOCUMENTATION = r"""
module: threecx_call_history
short_description: Tell which calls a 3CX V20 has handled
version_added: 0.1.0
description:
  - Calls of a period with their quantity by extension and by destination, to find unusual use.
  - Releases have two sources, the call log and an older view; both are returned in one form.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
  - voipsec.hardening.calls
  - voipsec.hardening.threecx
attributes:
  check_mode:
    support: full
    description: Only reads.
  diff_mode:
    support: none
    description: Nothing is changed, so there is no difference to show.
  idempotent:
    support: full
    description: Changes nothing.
options:
  source:
    description:
      - V(auto) takes the call log from 20.0.6 on. Reports differ on whether the older view still fills up on later
        releases.
      - The numbered choices of the call log's request are not published; 0 is taken for all of them.
    type: str
    choices: [auto, call_log, call_history_view]
    default: auto
seealso:
  - module: voipsec.hardening.threecx_info
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Calls abroad in the last week
  voipsec.hardening.threecx_call_history:
    since: 7d
    direction: outbound
    destination_prefix: "00"
  register: abroad
"""

RETURN = r"""
calls:
  description: The calls.
  returned: always
  type: list
  elements: dict
  sample: [{id: "17", started: "2026-11-23T02:11:00Z", from: "204", to: "+37125551234", direction: outbound, answered:
    true,
    talking_seconds: 1820.0}]
totals:
  description: Quantities of these calls. Destinations are counted by C(+) and three digits, or by the first three
    digits.
  returned: always
  type: dict
  sample: {calls: 31, outbound: 12, talking_seconds: 5210.0, by_extension: {"204": 9}, by_destination: {"+371": 9}}
source:
  description: Where they were read.
  returned: always
  type: str
  sample: call_log
cut_short:
  description: Whether there may be more than O(limit).
  returned: always
  type: bool
pbx:
  description: What the PBX says of itself.
  returned: always
  type: dict
  sample: {release: 20.0.10.1109}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.call_history import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
