#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the enrolment sheet for new Yealink phones, encrypted."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yealink_enrolment
short_description: Write the enrolment sheet for new Yealink phones, encrypted
version_added: 0.1.0
description:
  - A phone as it leaves the factory knows neither its provisioning server nor its password there. This writes, for each
    phone, the address, user and password to type in once, on the phone's web page or at its keys. After that the phone
    gets everything from its file.
  - The file is encrypted with the play's vault secrets. Look at it with C(ansible-vault view).
  - Runs on the controller only.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.yealink_phones
options:
  path:
    description: The file. It is replaced as a whole, and readable by its owner only.
    type: path
    required: true
  credentials_file:
    description: The customer's vault file.
    type: path
    required: true
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Write the enrolment sheet
  voipsec.hardening.yealink_enrolment:
    path: "{{ inventory_dir }}-by-hand/phones.vault.txt"
    phones: "{{ lookup('voipsec.hardening.desired', 'phones') }}"
    credentials_file: "{{ credentials_file }}"
  run_once: true
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: inventories/acme-by-hand/phones.vault.txt
phones:
  description: MAC addresses of the phones in it.
  returned: success
  type: list
  elements: str
  sample: [805ec0aabbcc]
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.provisioning.enrolment import CORE


def main() -> None:
    """Says that it runs on the controller only; the action plugin of the same name does the work."""
    run_module(CORE)


if __name__ == "__main__":
    main()
