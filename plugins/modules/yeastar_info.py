#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell what a Yeastar says of itself and of its security."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yeastar_info
short_description: Tell what a Yeastar says of itself and of its security
version_added: 0.1.0
description:
  - Model and firmware, extensions with weak credentials, administrators, outbound routes and barred numbers, phones,
    trunks, logs and backups. Reads only, and returns no secret.
  - A part that the PBX's firmware does not have, or that it refuses to this API client, says so and does not end the
    task.
  - Of an S-Series V(system) and V(extensions) are read.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
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
  gather_subset:
    description: What to read.
    type: list
    elements: str
    choices: [system, capacity, extensions, outbound, phones, trunks, logs, backups]
    default: [system, capacity, extensions, outbound, phones, trunks, logs, backups]
  read_passwords:
    description:
      - Whether SIP passwords and voicemail PINs are read to judge them. They are never returned. The PBX may log each
        reading, and needs two requests for each extension.
      - Firmwares that do not show passwords say so in RV(extensions.passwords_not_read).
      - An S-Series shows them in every answer about extensions, so there they are judged in any case.
    type: bool
    default: false
seealso:
  - module: voipsec.hardening.yeastar_call_history
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Gather facts about the PBX
  voipsec.hardening.yeastar_info:
    gather_subset: [system, extensions, outbound, phones]
  register: phone_system

- name: Extensions whose passwords can be guessed
  voipsec.hardening.yeastar_info:
    gather_subset: [extensions]
    read_passwords: true
  register: audit
"""

RETURN = r"""
pbx:
  description: What the PBX says of itself. The series alone where the API client may not read more.
  returned: always
  type: dict
  sample: {series: P-Series, model: P550, firmware: 37.23.0.123, edition: appliance}
system:
  description: Model, firmware, edition, serial number, the PBX's clock as it shows it, and uptime; or C(unavailable)
    and why.
  returned: when asked for
  type: dict
  sample: {name: pbx, model: P550, firmware: 37.23.0.123, edition: appliance, serial: "369200000001", time:
    "2026/11/23 08:00:00", uptime_seconds: 86400}
capacity:
  description: As the PBX shows it; or C(unavailable) and why.
  returned: when asked for
  type: raw
extensions:
  description: Numbers that are registered, may register from outside, administrators, and weak ones with the reasons;
    or C(unavailable) and why.
  returned: when asked for
  type: dict
  contains:
    total:
      description: How many there are.
      type: int
    registered:
      description: Numbers whose desk phone is registered now.
      type: list
      elements: str
    administrators:
      description: Extensions that have a role. Null on an S-Series, whose API does not show it.
      type: list
      elements: dict
      sample: [{number: "1000", role: Administrator}]
    remote_registration:
      description: Numbers that may register from outside the PBX's network. Null where the firmware does not show it.
      type: list
      elements: str
    weak:
      description: By number, why the credentials can be guessed. Passwords are judged only where they were read.
      type: dict
      sample: {"1001": [its SIP id is its number]}
    passwords_read:
      description: Whether passwords were read and judged.
      type: bool
    passwords_not_read:
      description: Why they were not; empty where they were.
      type: str
outbound:
  description: What may be dialled. Each part is C(unavailable) with the reason where the PBX refuses it.
  returned: when asked for
  type: dict
  contains:
    routes:
      description: Outbound routes in the order in which they are tried, with the quantity of extensions and the names
        of groups and organisations that may use them. Never a PIN.
      type: raw
      sample: [{name: Everywhere, position: 1, patterns: ["X."], pin_protected: false, extensions: 6, groups: [],
        organizations: []}]
    blocked_numbers:
      description: Lists of blocked numbers.
      type: raw
      sample: [{name: voipsec countries, direction: outbound, numbers: ["0088."]}]
    allowed_numbers:
      description: Lists of allowed numbers.
      type: raw
phones:
  description: Phones that the PBX provisions, never the address of their configuration nor a PIN; or C(unavailable)
    and why. C(first_time_authentication) is whether a phone must authenticate before it gets its first
    configuration.
  returned: when asked for
  type: raw
  sample: [{mac: 805ec0aabb01, vendor: Yealink, model: SIP-T54W, firmware: 96.86.0.20, extension: "1001", registered:
    true, provisioning_method: pnp, first_time_authentication: false}]
trunks:
  description: Trunks, never their user names nor passwords; or C(unavailable) and why. The API shows SIP trunks only.
  returned: when asked for
  type: raw
  sample: [{name: Provider, type: register, enabled: true, transport: udp, hostname: sip.provider.example.net}]
logs:
  description: At most 500 rows of the system log as the PBX gives them, with what may be a secret masked; or
    C(unavailable) and why. Their fields are not documented.
  returned: when asked for
  type: raw
backups:
  description: Backups as the PBX gives them, with what may be a secret masked; or C(unavailable) and why. Their fields
    are not documented.
  returned: when asked for
  type: raw
requests:
  description: How many requests were sent.
  returned: always
  type: dict
  sample: {sent: 24, writing: 0}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.info import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
