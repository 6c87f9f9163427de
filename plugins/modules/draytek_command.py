#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send typed commands to a DrayTek Vigor."""

from __future__ import annotations

DOCUMENTATION = r"""
module: draytek_command
short_description: Send typed commands to a DrayTek Vigor
version_added: 0.1.0
description:
  - Types commands on the command line of a DrayTek Vigor that runs DrayOS 3 or 4, and returns what it prints. Use it
    for settings that the other modules do not cover.
  - Every command is checked before the login. Commands that the vendor documents as reading are sent. All others count
    as writes and are sent only with O(allow_writes=true). Commands that wipe the router, restart it, cut it off, open
    it to the internet, print passwords or contain one are never sent. One such command stops the whole list.
  - A question mark is sent only where it is known to be harmless, because some commands act on it.
  - Runs on the controller as an action plugin, with one SSH login for each router.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.draytek
attributes:
  check_mode:
    support: full
    description: Reads are sent. Writes are listed in RV(skipped_writes) instead.
  diff_mode:
    support: none
    description: What a command changes is unknown.
  idempotent:
    support: none
    description: A write is sent in every run, and counts as a change.
options:
  commands:
    description:
      - Command lines, in order. At most 254 characters each, plain ASCII, with the hyphen of the keyboard.
      - Do not write a secret here. It would show in the task's arguments, and the router keeps a log of commands.
    type: list
    elements: str
    required: true
  allow_writes:
    description:
      - Whether commands may be sent that are not known to be read-only.
      - They take effect at once. Nothing is read back, and nothing is undone if a later one fails.
      - Only models that M(voipsec.hardening.draytek_firewall) can write to are written to.
    type: bool
    default: false
  save:
    description:
      - Whether C(sys commit) is sent at the end, if a write was sent.
      - Without it the router's next restart loses what was written.
      - C(sys commit) saves everything in the router's memory, not only what this task wrote.
    type: bool
    default: false
notes:
  - Values behind labels such as C(Password) and C(Community) are masked in the output.
  - A router that answers C(invalid command !!) fails the task, and later commands are not sent. Other errors have no
    fixed form in DrayOS; look at RV(stdout).
  - Some commands need a restart to take effect. The module never restarts the router.
seealso:
  - module: voipsec.hardening.draytek_firewall
  - module: voipsec.hardening.draytek_info
  - module: voipsec.hardening.enrol_host_key
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Read what the router forwards and who may manage it
  voipsec.hardening.draytek_command:
    commands:
      - srv nat showall
      - mngt accesslist list
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
  register: exposure

- name: Set a longer timeout for UDP sessions and save it
  voipsec.hardening.draytek_command:
    commands:
      - portmaptime -u 300
    allow_writes: true
    save: true
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
"""

RETURN = r"""
stdout:
  description: What the router printed, one text for each command. Empty for a write that check mode left out.
  returned: when a command was sent
  type: list
  elements: str
  sample: ["%% Access list :"]
stdout_lines:
  description: The same in lines.
  returned: when a command was sent
  type: list
  elements: list
  sample: [["%% Access list :"]]
written:
  description: The writes that were sent.
  returned: when a command was sent
  type: list
  elements: str
  sample: ["portmaptime -u 300"]
skipped_writes:
  description: The writes that check mode left out.
  returned: when a command was sent
  type: list
  elements: str
  sample: []
saved:
  description: Whether the module sent C(sys commit).
  returned: success
  type: bool
  sample: true
router:
  description: Model, firmware and name of the router.
  returned: success
  type: dict
  sample: {model: Vigor2927Vac, firmware: 4.4.0, name: DrayTek}
commands_sent:
  description: How many command lines the run sent.
  returned: success
  type: int
  sample: 3
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.command import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
