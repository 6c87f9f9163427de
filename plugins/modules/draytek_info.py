#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gather facts about a DrayTek Vigor."""

from __future__ import annotations

DOCUMENTATION = r"""
module: draytek_info
short_description: Gather facts about a DrayTek Vigor
version_added: 0.1.0
description:
  - Reads model, firmware, state and interfaces of a DrayTek router, and reports whether other modules can write to it.
  - Sends only commands that the vendor documents as reading. A device with another command line (DrayOS 5, a
    Linux-based Vigor) is only asked for its version.
  - Runs on the controller as an action plugin, with one SSH login for each router.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.draytek
attributes:
  check_mode:
    support: full
    description: The module only reads.
  diff_mode:
    support: none
    description: Nothing is changed.
options:
  gather_subset:
    description:
      - What to read besides the version.
      - V(state) is the marker that changes with the configuration. V(interfaces) are addresses and link states.
      - V(firewall) is the collection's part of the data filter, V(nat) every open port, redirection and DMZ host,
        V(system) the management settings. These three are read from known models only.
    type: list
    elements: str
    choices: [state, interfaces, firewall, nat, system]
    default: [state, interfaces]
notes:
  - What an interface's number stands for is not documented by the vendor.
seealso:
  - module: voipsec.hardening.draytek_command
  - module: voipsec.hardening.draytek_firewall
  - module: voipsec.hardening.enrol_host_key
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Gather model and firmware
  voipsec.hardening.draytek_info:
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
  register: info

- name: Stop unless the firewall can be managed
  ansible.builtin.assert:
    that: info.router.writable
    fail_msg: "{{ info.router.why_read_only }}"
"""

RETURN = r"""
router:
  description:
    - Model, firmware and name. RV(router.dialect) is the family whose limits are used, empty for an unknown one.
    - RV(router.limits_verified) is true if they are from the family's own manual.
    - RV(router.why_read_only) is the reason why the other modules do not write to it.
  returned: always
  type: dict
  contains:
    model:
      description: Model, empty where the device did not answer in the known form.
      returned: always
      type: str
      sample: Vigor2927Vac
    firmware:
      description: Firmware.
      returned: always
      type: str
      sample: 4.4.0
    firmware_major:
      description: First number of the firmware, 0 if unknown.
      returned: always
      type: int
      sample: 4
    name:
      description: Name of the router.
      returned: always
      type: str
      sample: DrayTek
    dialect:
      description: Family.
      returned: always
      type: str
      sample: Vigor2927
    limits_verified:
      description: Whether the limits are from the family's manual.
      returned: always
      type: bool
      sample: true
    writable:
      description: Whether the other modules write to it.
      returned: always
      type: bool
      sample: true
    why_read_only:
      description: Why not.
      returned: always
      type: str
      sample: ""
state:
  description: The state marker. Null where it could not be read.
  returned: when V(state) is in O(gather_subset)
  type: dict
  sample: {profile_version: 4.0.0, status: 1, mark: "0x9de81d8f"}
interfaces:
  description: Every interface, with the addresses in use. Null where they could not be read.
  returned: when V(interfaces) is in O(gather_subset)
  type: list
  elements: dict
  sample: [{number: 0, kind: Ethernet, up: true, addresses: [192.168.1.1/24], mac: "00:50:7f:00:00:00"}]
firewall:
  description: What M(voipsec.hardening.draytek_firewall) returns with the state gathered.
  returned: when V(firewall) is in O(gather_subset)
  type: dict
  sample: {start_set: 12, sets: [12], next_set: 1, saved: true, config: {}, exposures: []}
nat:
  description: Every open port, redirection and DMZ host in words, and what could not be read.
  returned: when V(nat) is in O(gather_subset)
  type: dict
  sample: {exposures: ["open port 1.1 (PBX): udp 5060 to 192.168.10.10"], unread: []}
system:
  description: What M(voipsec.hardening.draytek_system) returns with the state gathered.
  returned: when V(system) is in O(gather_subset)
  type: dict
  sample: {management_networks: ["vs_mgmt_96 198.51.100.7"], unread: []}
logins:
  description: How many SSH logins the run made.
  returned: always
  type: int
  sample: 1
commands_sent:
  description: How many command lines the run sent.
  returned: always
  type: int
  sample: 3
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.info.core import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
