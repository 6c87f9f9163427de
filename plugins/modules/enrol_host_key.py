#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enrol a device's SSH host key in the customer's known_hosts file."""

from __future__ import annotations

DOCUMENTATION = r"""
module: enrol_host_key
short_description: Enrol a device's SSH host key in the customer's known_hosts file
version_added: 0.1.0
description:
  - Reads the SSH host key that a device presents, without logging in, and adds it to a known_hosts file once its
    fingerprint has been compared.
  - All other modules refuse a device whose key is not in that file, or differs.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
options:
  known_hosts_file:
    description: The customer's file, in OpenSSH's known_hosts format. Created if it does not exist.
    type: path
    required: true
  fingerprint:
    description:
      - The fingerprint that the device must have, as OpenSSH prints it, beginning with C(SHA256:).
      - Without it the module fails and reports the fingerprint, so that you can compare it.
    type: str
  accept_unverified:
    description:
      - Enrol any key, without comparing. Use it only where nobody else can be on the line, such as on a
        cable to the device.
      - Never replaces an enrolled key.
    type: bool
    default: false
  replace:
    description: Replace the enrolled key of a device that was reset or replaced. Needs O(fingerprint).
    type: bool
    default: false
  timeout:
    description: Seconds to wait for the device.
    type: int
    default: 20
requirements:
  - paramiko on the controller
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Enrol the router, its fingerprint compared with its own display
  voipsec.hardening.enrol_host_key:
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
    fingerprint: SHA256:uNiVztksCsDhcc0u9e8BrJQXVUpKZIDTMczCvj3tD2s
"""

RETURN = r"""
host:
  description: The device's name in known_hosts.
  returned: success
  type: str
  sample: "[198.51.100.1]:2222"
key_type:
  description: Kind of key.
  returned: success
  type: str
  sample: ssh-rsa
fingerprint:
  description: Fingerprint of the device's key.
  returned: success
  type: str
  sample: SHA256:uNiVztksCsDhcc0u9e8BrJQXVUpKZIDTMczCvj3tD2s
known_hosts_file:
  description: The file.
  returned: success
  type: str
  sample: /home/installer/acme/known_hosts.txt
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.host_key import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
