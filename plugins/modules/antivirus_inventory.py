#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a host with what was accepted of it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: antivirus_inventory
short_description: Compare a host with its accepted inventory, without installing anything
version_added: 0.1.0
description:
  - Reads what malware changes on a host. Files that differ from their packages (C(dpkg --verify)), running programs,
    listening sockets, cron files, systemd unit files, sudoers files, and keys that may log in.
  - Compares it with the inventory that was accepted, and reports every difference.
  - Only reads. For hosts where nothing may be installed, such as a 3CX server.
extends_documentation_fragment:
  - voipsec.hardening.attributes
attributes:
  check_mode:
    support: full
    description: Does the same in check mode, because it only reads.
  diff_mode:
    support: none
    description: Nothing is changed, so there is no difference to show.
  idempotent:
    support: full
    description: Changes nothing.
options:
  accepted_file:
    description:
      - File on the controller with the RV(inventory) that was accepted, in JSON.
      - Without it nothing is compared, and RV(accepted) is V(false).
    type: path
  accepted:
    description: The accepted RV(inventory) itself, instead of O(accepted_file).
    type: dict
  ignored:
    description:
      - Regular expressions for what is expected to come and go. They are searched for in the category, a blank and the
        name, for example V(^processes phonesystem ).
    type: list
    elements: str
    default: []
notes:
  - Needs root, so O(ignore:become=true).
  - Files are identified by their SHA-256. Neither their content nor the arguments of programs are in the result,
    because both may hold passwords.
  - Anyone who is root on the host can forge what it reports.
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: The host is as it was accepted
  voipsec.hardening.antivirus_inventory:
    accepted_file: "{{ inventory_dir }}/antivirus-pbx-accepted.txt"
    ignored: ['^listeners udp .*:(9\d{3}|10\d{3})$']
  become: true
  register: look

- name: Accept it as it is now
  ansible.builtin.copy:
    content: "{{ look.inventory | to_nice_json(sort_keys=true) }}"
    dest: "{{ inventory_dir }}/antivirus-pbx-accepted.txt"
    mode: "0600"
  delegate_to: localhost
"""

RETURN = r"""
inventory:
  description: What is on the host. For each category the names, with the value that must not change.
  returned: always
  type: dict
accepted:
  description: Whether there was an accepted inventory to compare with.
  returned: always
  type: bool
differences:
  description: Differences from the accepted inventory.
  returned: always
  type: list
  elements: dict
  contains:
    category:
      description: V(packages), V(processes), V(listeners), V(cron), V(timers), V(sudoers) or V(authorized_keys).
      type: str
    change:
      description: V(added), V(gone) or V(changed).
      type: str
    name:
      description: Path, program, address or key.
      type: str
    id:
      description: Identifies the difference in every run.
      type: str
    line:
      description: One sentence.
      type: str
events:
  description: The differences with C(event) and C(severity), for M(voipsec.hardening.antivirus_events).
  returned: always
  type: list
  elements: dict
lines:
  description: For a summary.
  returned: always
  type: list
  elements: str
  sample: ["cron file added: /etc/cron.d/updater"]
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.host_inventory import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Run on the task's host; the action plugin of the same name hands it there."""
    run_module(CORE)


if __name__ == "__main__":
    main()
