#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep each extension's random credentials in an encrypted file."""

from __future__ import annotations

DOCUMENTATION = r"""
module: credentials
short_description: Keep each extension's random credentials in an encrypted file
version_added: 0.1.0
description:
  - Ensures that every declared extension has a SIP password, an authentication id, a voicemail PIN and the phone's
    admin and user passwords, all random, and that the customer has a password for phone provisioning.
  - They are kept in one file for each customer, encrypted with the play's own vault secrets, and never shown.
  - What exists is never changed unless a rotation is asked for. After a rotation the previous credentials
    are kept until the new ones are confirmed.
  - The file is replaced as a whole, with mode 0600, under a lock, so that a crash leaves the old or the new file, never
    half of one.
  - Runs on the controller.
extends_documentation_fragment:
  - voipsec.hardening.attributes
options:
  path:
    description: The customer's credentials file. Created if it does not exist.
    type: path
    required: true
  extensions:
    description: The declared extensions, as P(voipsec.hardening.desired#lookup) compiles them.
    type: list
    elements: dict
    required: true
    suboptions:
      number:
        description: Extension number.
        type: str
        required: true
      name:
        description: The extension's name. Its words are kept out of passwords, because Yeastar refuses such passwords.
        type: str
        default: ""
      generation:
        description: The generation that this extension's credentials must have reached, instead of O(generation).
        type: int
  password_length:
    description: Characters of a SIP password, 16 to 50. Letters and digits only, which every product accepts.
    type: int
    default: 20
  pin_length:
    description:
      - Digits of a voicemail PIN, 6 to 10.
      - A PIN never contains the extension number or its reverse, a sequence, a repeated digit or pattern, or a year.
    type: int
    default: 6
  generation:
    description:
      - Credentials of a lower generation are rotated, once. Raise the number to rotate everyone; another run with
        the same number changes nothing.
    type: int
    default: 1
  rotate:
    description:
      - Extensions whose credentials this run rotates, and every further run with this option again; V(all) means every
        declared one.
      - Meant for the command line. Use O(generation) or O(extensions[].generation) in a declaration.
    type: list
    elements: str
    default: []
  confirm:
    description: Extensions whose new credentials are known to work, so that the previous ones are deleted;
      V(all) means every declared one. Where the same run rotates one of them, the confirmed credentials are kept.
    type: list
    elements: str
    default: []
  revert:
    description:
      - Extensions whose rotation failed. The previous credentials become the current ones again. The failed ones are
        kept as well until O(confirm) names the extension, because a device may have either.
      - Until then they are not rotated again.
    type: list
    elements: str
    default: []
  remove_orphaned:
    description: Delete extensions that are no longer declared. Otherwise they are kept and reported.
    type: bool
    default: false
requirements:
  - libpass on the controller
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Every extension has its own random credentials
  voipsec.hardening.credentials:
    path: "{{ inventory_dir }}/credentials.vault.txt"
    extensions:
      - number: "201"
      - number: "202"
        generation: 2

- name: The new passwords of extension 202 work
  voipsec.hardening.credentials:
    path: "{{ inventory_dir }}/credentials.vault.txt"
    extensions:
      - number: "201"
      - number: "202"
        generation: 2
    confirm: ["202"]
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: /home/installer/acme/credentials.vault.txt
created:
  description: Extensions that had no credentials.
  returned: success
  type: list
  elements: str
  sample: ["201"]
rotated:
  description: Extensions that got new ones.
  returned: success
  type: list
  elements: str
  sample: []
confirmed:
  description: Extensions whose previous credentials were deleted.
  returned: success
  type: list
  elements: str
  sample: []
completed:
  description: Extensions that got a kind of credential which did not exist when their file was made.
  returned: success
  type: list
  elements: str
  sample: []
reverted:
  description: Extensions whose previous credentials are the current ones again.
  returned: success
  type: list
  elements: str
  sample: []
removed:
  description: Extensions that are no longer declared and were deleted.
  returned: success
  type: list
  elements: str
  sample: []
orphaned:
  description: Extensions that are no longer declared and still in the file.
  returned: success
  type: list
  elements: str
  sample: []
unchanged:
  description: Extensions that did not change.
  returned: success
  type: list
  elements: str
  sample: ["202"]
unconfirmed:
  description: Extensions whose previous credentials are still kept.
  returned: success
  type: list
  elements: str
  sample: []
weak:
  description:
    - Extensions whose credentials break today's rules, because they were edited by hand or made under older
      rules. They are not changed; a warning names them.
  returned: success
  type: list
  elements: str
  sample: []
mode_corrected:
  description: Whether the file could be read by others and no longer can.
  returned: success
  type: bool
  sample: false
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credentials_core import CORE


def main() -> None:
    """Say that this runs on the controller only; the action plugin of the same name does."""
    run_module(CORE)


if __name__ == "__main__":
    main()
