#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell what a 3CX V20 says of itself and of its security."""

from __future__ import annotations

DOCUMENTATION = r"""
module: threecx_info
short_description: Tell what a 3CX V20 says of itself and of its security
version_added: 0.1.0
description:
  - Release, licence, security configuration, extensions with weak credentials, administrators, recent security events
    and API clients. Reads only, names what it wants in every request, and returns no secret.
  - A part that the PBX refuses, for example for the client's role, says so and does not end the task.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
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
  gather_subset:
    description: What to read.
    type: list
    elements: str
    choices: [system, licence, security, extensions, events, api_clients]
    default: [system, licence, security, extensions, events, api_clients]
  events_since:
    description: Hours back for events. At most 500 events are read.
    type: int
    default: 24
seealso:
  - module: voipsec.hardening.threecx_security
  - module: voipsec.hardening.threecx_call_history
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Gather facts about the PBX
  voipsec.hardening.threecx_info:
    gather_subset: [system, extensions, events]
    events_since: 168
  register: phone_system
"""

RETURN = r"""
pbx:
  description: What the PBX says of itself.
  returned: always
  type: dict
  sample: {release: 20.0.10.1109}
system:
  description: Name, version, extensions, audit log, backups; or C(unavailable) and why.
  returned: when asked for
  type: dict
licence:
  description: Product, end and simultaneous calls, never the key; or C(unavailable) and why.
  returned: when asked for
  type: dict
security:
  description: As M(voipsec.hardening.threecx_security) returns it as
    RV(voipsec.hardening.threecx_security#module:gathered).
  returned: when asked for
  type: dict
extensions:
  description: Numbers that are registered, disabled, usable from outside, administrators, and weak ones with the
    reasons.
  returned: when asked for
  type: dict
events:
  description: Security events, the newest first, with our own meaning of each; or C(unavailable) and why.
  returned: when asked for
  type: raw
  sample: [{time: "2026-11-23T02:00:11Z", event: 12290, meaning: address blocked, values: [203.0.113.250, "1800"]}]
api_clients:
  description: API clients and when they were last used; or C(unavailable) and why.
  returned: when asked for
  type: raw
requests:
  description: How many requests were sent.
  returned: always
  type: dict
  sample: {sent: 24, writing: 0}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.info import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
