#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell which calls a Yeastar P-Series has handled."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yeastar_call_history
short_description: Tell which calls a Yeastar P-Series has handled
version_added: 0.1.0
description:
  - Calls of a period with their quantity by extension and by destination, to find unusual use.
  - The P-Series has two versions of its call records; both are returned in one form, the newest call first.
  - An S-Series is refused. Its web page shows the calls.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
  - voipsec.hardening.calls
  - voipsec.hardening.yeastar
  - voipsec.hardening.yeastar.series
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
      - V(v2) exists from firmware 37.21.0.117, 83.21.0.117 and 84.21.0.117 on.
      - V(auto) takes V(v2) there. It takes V(v1) on older firmware, where V(v2) cannot be read, and where the rows of
        V(v2) have no time that is certain and V(v1) knows as many calls.
      - A PBX that refuses to be searched is asked for its newest calls, and those of the period are chosen here.
    type: str
    choices: [auto, v1, v2]
    default: auto
seealso:
  - module: voipsec.hardening.yeastar_info
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Calls abroad in the last week
  voipsec.hardening.yeastar_call_history:
    since: 7d
    direction: outbound
    destination_prefix: "00"
  register: abroad
"""

RETURN = r"""
calls:
  description:
    - The calls. C(started) is in UTC; null where the call record has no time that is certain. C(time) is the time as
      the PBX shows it, in its own zone and form.
    - C(cost) is always null; a P-Series' call records do not have it.
  returned: always
  type: list
  elements: dict
  sample: [{id: "17", started: "2026-11-23T02:11:00Z", time: "2026/11/23 03:11:00", from: "1002",
    from_name: Carl Conrad, to: "0037125551234", to_name: "", direction: outbound, answered: true,
    talking_seconds: 1820.0, ringing_seconds: 8.0, cost: null, reason: ""}]
totals:
  description: Quantities of these calls. Destinations are counted by C(+) and three digits, or by the first three
    digits.
  returned: always
  type: dict
  sample: {calls: 31, outbound: 12, talking_seconds: 5210.0, by_extension: {"1002": 9}, by_destination: {"+371": 9}}
source:
  description: Where they were read.
  returned: always
  type: str
  sample: v1
cut_short:
  description: Whether there may be more than O(limit).
  returned: always
  type: bool
notes:
  description: What these call records do not contain.
  returned: always
  type: list
  elements: str
pbx:
  description: What the PBX says of itself.
  returned: always
  type: dict
  sample: {series: P-Series, model: P550, firmware: 37.23.0.123, edition: appliance}
requests:
  description: How many requests were sent.
  returned: always
  type: dict
  sample: {sent: 4, writing: 0}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.call_history import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
