#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the extensions of a 3CX V20 and their credentials as declared."""

from __future__ import annotations

DOCUMENTATION = r"""
module: threecx_extensions
short_description: Manage the extensions of a 3CX V20 and their credentials
version_added: 0.1.0
description:
  - Creates, changes and disables extensions in one task for each PBX, with random credentials from the customer's vault
    file. SIP id, SIP password, voicemail PIN and the phone's web password are compared with what the PBX has and never
    shown.
  - Lists extensions with weak credentials, including undeclared ones.
  - Nothing is deleted, so no mailbox is lost.
  - Checking 1,000 unchanged extensions takes 12 API requests.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
  - voipsec.hardening.threecx
options:
  extensions:
    description:
      - Declared extensions. What is left out of one stays as it is.
      - Made from the site's declaration by P(voipsec.hardening.desired#lookup) with V(threecx_extensions).
    type: list
    elements: dict
    suboptions:
      number:
        description: Number.
        type: str
        required: true
      name:
        description: Name of a new extension. The first word becomes the first name. An existing extension keeps its
          name.
        type: str
      enabled:
        description: Whether it can be used.
        type: bool
      lan_only:
        description: Whether SIP from outside the LAN is refused (C(AllowLanOnly)).
        type: bool
      block_tunnel:
        description: Whether the tunnel of 3CX's apps is refused (20.0.9 and later).
        type: bool
      srtp:
        description: Encryption of speech. V(enabled) lets the phone choose.
        type: str
        choices: [disabled, enabled, enforced]
      require_2fa:
        description: Whether the user needs a second factor for the web client.
        type: bool
      pin_protected:
        description: Whether calls to outside need the voicemail PIN. Whether emergency calls ask for it too is not
          documented, so try it first.
        type: bool
      pin_protect_timeout:
        description: Seconds for which a PIN counts.
        type: int
      voicemail_asks_pin:
        description: Whether the mailbox asks for the PIN.
        type: bool
      mac:
        description: MAC address of its phone, whose address is guarded too, see O(guard).
        type: str
  credentials_file:
    description: The customer's credentials file, encrypted with ansible-vault, as M(voipsec.hardening.credentials)
      makes it. Without it no credentials are compared or written.
    type: path
  web_password:
    description: When the web client's password is sent, which the PBX never gives back. V(on_create) only sets that
      of new extensions, so that users can change theirs.
    type: str
    choices: [never, on_create, always]
    default: on_create
  require_2fa_for_administrators:
    description: Whether every extension with the role system_owners or system_admins needs a second factor, declared or
      not.
    type: bool
    default: true
  guard:
    description:
      - Keeps the site's own addresses from being blocked while phones still register with old credentials. Only used
        when credentials of existing extensions change.
      - Entries that allow these addresses are made before, for O(guard.minutes), and removed by
        M(voipsec.hardening.threecx_reprovision). Refused, with nothing changed, while one of them is blocked.
    type: dict
    suboptions:
      addresses:
        description: Addresses that phones register from. Those of the phones themselves, as the PBX sees them, are
          added.
        type: list
        elements: str
        default: []
      minutes:
        description: After so many minutes the entries end by themselves, 1 to 1440. A rotation that was interrupted
          must be finished within them, or phones that still register with old credentials get their addresses blocked.
        type: int
        default: 240
  state:
    description:
      - V(merged) leaves extensions alone that are not declared. V(overridden) disables them, except administrators.
      - V(gathered) only reads.
    type: str
    choices: [merged, overridden, gathered]
    default: merged
  credentials:
    description: Leave it out. The action plugin of the same name reads O(credentials_file) into it.
    type: str
seealso:
  - module: voipsec.hardening.credentials
  - module: voipsec.hardening.threecx_reprovision
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Extensions are as the site's declaration says
  voipsec.hardening.threecx_extensions:
    extensions: "{{ lookup('voipsec.hardening.desired', 'threecx_extensions') }}"
    credentials_file: "{{ inventory_dir }}/credentials.vault.txt"

- name: Which extensions could be guessed
  voipsec.hardening.threecx_extensions:
    state: gathered
  register: found
"""

RETURN = r"""
created:
  description: Extensions that did not exist.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
updated:
  description: Extensions that were changed.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
unchanged:
  description: Declared extensions that were as declared.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
undeclared:
  description: Extensions on the PBX that are not declared.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
credentials_changed:
  description: Extensions that existed and got other credentials. Their phones need them too.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
in_force:
  description: Declared extensions whose credentials the PBX has as the credentials file has them, by reading.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
registered_before:
  description: Extensions that were registered when the run began.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
weak:
  description: Extensions whose credentials can be guessed, with the reasons and without any value.
  returned: always
  type: dict
  sample: {"203": [its SIP id is its number, its voicemail PIN can be guessed]}
extensions:
  description: All extensions, without secrets.
  returned: when O(state=gathered)
  type: list
  elements: dict
operations:
  description: The requests that were sent, or in check mode would be, in order. Secrets are masked.
  returned: when O(state) is not V(gathered)
  type: list
  elements: dict
notes:
  description: What this release lacks, and other remarks.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
pbx:
  description: What the PBX says of itself.
  returned: always
  type: dict
  sample: {release: 20.0.10.1109}
requests:
  description: How many requests were sent, token requests included, and how many of them were meant to change
    something.
  returned: always
  type: dict
  sample: {sent: 12, writing: 0}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.extensions import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
