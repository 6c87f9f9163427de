#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the extensions of a Yeastar and their credentials as declared."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yeastar_extensions
short_description: Keep the extensions of a Yeastar and their credentials as declared
version_added: 0.1.0
description:
  - Creates and changes extensions of a P-Series or S-Series in one task for each PBX, with random credentials from the
    customer's vault file. Registration name, registration password and voicemail PIN are compared with what the PBX has
    and never shown. Nothing is deleted.
  - A P-Series shows passwords through C(extension/getpassword), which older firmware lacks, and it may log each
    reading. There they cannot be compared, see O(update_password).
  - Names of the P-Series' security fields are known from its web pages, not from the document of its API. Each is sent
    only where the PBX shows it in its own answers. What it does not show is listed as unsupported, with the reason.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
  - voipsec.hardening.yeastar
  - voipsec.hardening.yeastar.series
options:
  extensions:
    description:
      - Declared extensions. What is left out of one stays as it is.
      - Made from the site's declaration by P(voipsec.hardening.desired#lookup) with V(yeastar_extensions).
    type: list
    elements: dict
    suboptions:
      number:
        description: Number, at most 7 digits.
        type: str
        required: true
      name:
        description: Name of a new extension. An existing extension keeps its name. Credentials that hold a part of it
          are refused, as Yeastar does.
        type: str
      remote_registration:
        description: Whether it may register from outside the local networks (C(allow_reg_remotely)). P-Series.
        type: bool
      transport:
        description: Transport of SIP. P-Series.
        type: str
        choices: [udp, tcp, tls]
      srtp:
        description: Whether speech is encrypted. P-Series.
        type: bool
      concurrent_registrations:
        description: How many phones may register at a time.
        type: int
      voicemail:
        description: Whether it has a mailbox.
        type: bool
      voicemail_asks_pin:
        description: Whether the mailbox asks for the PIN. P-Series.
        type: bool
      outbound_disabled:
        description: Whether calls to outside are barred. Yeastar says that emergency calls are not.
        type: bool
      outbound_office_hours_only:
        description: Whether calls to outside are barred outside business hours. P-Series.
        type: bool
      max_call_seconds:
        description: Longest call to outside. V(-1) follows the system. P-Series.
        type: int
      allowed_networks:
        description:
          - IPv4 networks from which it may register. P-Series.
          - The API's name for this list is not public. It is learnt from an extension of the PBX that has an entry,
            made
            by hand. Without one nothing is sent.
        type: list
        elements: str
      user_agents:
        description: Beginnings of the user agents that may register, learnt in the same way. P-Series.
        type: list
        elements: str
      mac:
        description: MAC address of its phone. Not used by this module; M(voipsec.hardening.yeastar_reprovision) does.
        type: str
  credentials_file:
    description: The customer's credentials file, encrypted with ansible-vault, as M(voipsec.hardening.credentials)
      makes it. Without it no credentials are compared or written.
    type: path
  web_password:
    description: When the password of the user's own login is sent, which a P-Series never gives back. V(on_create)
      only sets that of new extensions there, so that users can change theirs. An S-Series shows it, so there it is
      compared unless this is V(never).
    type: str
    choices: [never, on_create, always]
    default: on_create
  update_password:
    description: Only where the PBX does not show passwords. V(always) writes them on every run; V(on_create) writes
      those of new extensions and of O(unconfirmed).
    type: str
    choices: [on_create, always]
    default: on_create
  unconfirmed:
    description: Extensions whose credentials are new or were rotated and not yet seen to work. Where the PBX does not
      show passwords, theirs are written again.
    type: list
    elements: str
    default: []
  state:
    description: V(gathered) only reads.
    type: str
    choices: [merged, gathered]
    default: merged
  credentials:
    description: Leave it out. The action plugin of the same name reads O(credentials_file) into it.
    type: str
seealso:
  - module: voipsec.hardening.credentials
  - module: voipsec.hardening.yeastar_reprovision
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Extensions are as the site's declaration says
  voipsec.hardening.yeastar_extensions:
    extensions: "{{ lookup('voipsec.hardening.desired', 'yeastar_extensions') }}"
    credentials_file: "{{ inventory_dir }}/credentials.vault.txt"
    tls_fingerprint: "{{ yeastar_tls_fingerprint }}"

- name: The extensions of an S-Series
  voipsec.hardening.yeastar_extensions:
    series: s
    extensions:
      - {number: "1001", name: Reception}
    credentials_file: "{{ inventory_dir }}/credentials.vault.txt"
"""

RETURN = r"""
created:
  description: Extensions that did not exist.
  returned: when O(state=merged)
  type: list
  elements: str
updated:
  description: Extensions that were changed.
  returned: when O(state=merged)
  type: list
  elements: str
unchanged:
  description: Declared extensions that were as declared.
  returned: when O(state=merged)
  type: list
  elements: str
undeclared:
  description: Extensions on the PBX that are not declared.
  returned: when O(state=merged)
  type: list
  elements: str
credentials_changed:
  description: Extensions that existed and got other credentials. Their phones need them too.
  returned: when O(state=merged)
  type: list
  elements: str
in_force:
  description: Declared extensions whose credentials the PBX has as the credentials file has them, by reading, or by
    having just been written where they cannot be read.
  returned: when O(state=merged)
  type: list
  elements: str
not_compared:
  description: Extensions that existed, whose passwords the PBX does not show and that were not written.
  returned: when O(state=merged)
  type: list
  elements: str
registered_before:
  description: Extensions whose phone was registered when the run began.
  returned: when O(state=merged)
  type: list
  elements: str
unsupported:
  description: Options that this PBX cannot be given through its API, with reasons and extensions.
  returned: when O(state=merged)
  type: dict
  sample: {srtp: [{reason: "this PBX's firmware does not show enb_srtp, so it is not sent", extensions: ["1001"]}]}
weak:
  description: Extensions whose credentials can be guessed, with the reasons and without any value. Passwords are read
    of
    declared extensions only, of all with O(state=gathered).
  returned: always
  type: dict
  sample: {"1003": [its SIP id is its number, its voicemail PIN can be guessed]}
extensions:
  description: All extensions, without secrets.
  returned: when O(state=gathered)
  type: list
  elements: dict
operations:
  description: The requests that were sent, or in check mode would be, in order. Secrets are masked.
  returned: when O(state=merged)
  type: list
  elements: dict
notes:
  description: What this PBX lacks, and other remarks.
  returned: when O(state=merged)
  type: list
  elements: str
pbx:
  description: Which series it is.
  returned: always
  type: dict
  sample: {series: P-Series}
requests:
  description: How many requests were sent, those for tokens included, and how many of them were meant to change
    something.
  returned: always
  type: dict
  sample: {sent: 12, writing: 0}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.extensions import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
