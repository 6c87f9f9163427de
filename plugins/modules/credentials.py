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
  - Makes sure that every declared extension has a SIP password, an authentication id, a voicemail PIN and the phone's
    admin and user passwords, all random, and that the customer has a password for phone provisioning.
  - They are kept in one file for each customer, encrypted with the play's own vault secrets. Nothing else ever shows
    them.
  - What exists is never changed unless a rotation is asked for. After a rotation the generation before is kept until
    it is confirmed that the new one works.
  - The file is replaced as a whole, with mode 0600, under a lock. Whatever happens, either the old or the new file is
    whole.
  - Runs on the controller.
extends_documentation_fragment:
  - voipsec.hardening.attributes
options:
  path:
    description: The customer's credentials file. Made if it is not there.
    type: path
    required: true
  extensions:
    description: The declared extensions. Made from the site's declaration by P(voipsec.hardening.desired#lookup).
    type: list
    elements: dict
    required: true
    suboptions:
      number:
        description: Extension number.
        type: str
        required: true
      name:
        description: The extension's name. Its words never stand in a password, which Yeastar would refuse.
        type: str
        default: ""
      generation:
        description: The generation that this extension's credentials must have reached, instead of O(generation).
        type: int
  password_length:
    description: Characters of a SIP password, 16 to 50. Letters and digits only, since every product takes these.
    type: int
    default: 20
  pin_length:
    description:
      - Digits of a voicemail PIN, 6 to 10.
      - A PIN never holds the extension number or its reverse, a sequence, a repeated digit or pattern, or a year.
    type: int
    default: 6
  generation:
    description:
      - Credentials of a lower generation are rotated, once. Raise the number to rotate everybody; a further run with
        the same number changes nothing.
    type: int
    default: 1
  rotate:
    description:
      - Extensions whose credentials are rotated by this run, and again by every run that says so; V(all) means every
        declared one.
      - Meant for the command line. Use O(generation) or O(extensions[].generation) in a declaration.
    type: list
    elements: str
    default: []
  confirm:
    description: Extensions whose new credentials were seen to work, so that the generation before is forgotten;
      V(all) means every declared one. Where the same run rotates one of them, what was confirmed is what is kept.
    type: list
    elements: str
    default: []
  revert:
    description:
      - Extensions whose rotation failed. The generation before becomes the current one again, and the failed one is
        kept beside it until O(confirm) names them, because a device may have either.
      - Until then they are not rotated again.
    type: list
    elements: str
    default: []
  remove_orphaned:
    description: Forget extensions that are no longer declared. Otherwise they are kept and reported.
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
  description: Extensions whose generation before was forgotten.
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
  description: Extensions whose generation before is the current one again.
  returned: success
  type: list
  elements: str
  sample: []
removed:
  description: Extensions that are no longer declared and were forgotten.
  returned: success
  type: list
  elements: str
  sample: []
orphaned:
  description: Extensions that are no longer declared and still stand in the file.
  returned: success
  type: list
  elements: str
  sample: []
unchanged:
  description: Extensions that stay as they are.
  returned: success
  type: list
  elements: str
  sample: ["202"]
unconfirmed:
  description: Extensions whose generation before is still kept.
  returned: success
  type: list
  elements: str
  sample: []
weak:
  description:
    - Extensions whose kept credentials would not be made today, because they were edited by hand or made under older
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
