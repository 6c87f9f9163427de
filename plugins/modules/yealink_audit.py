#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find what is insecure or wrong in existing Yealink phone files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yealink_audit
short_description: Find what is insecure or wrong in existing Yealink phone files
version_added: 0.1.0
description:
  - Reads configuration files, boot files, phone templates of 3CX and Yeastar, and what phones uploaded, whoever wrote
    them, in any text encoding. Reports insecure values, unknown names, bad values and format errors, each with its
    line.
  - Compares a phone's uploaded C(<mac>-local.cfg) with what O(directory) serves to it, so that a change made at the
    phone is seen.
  - Changes nothing, and returns nothing that may be a secret, wherever in a file it is.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.yealink_phones
attributes:
  check_mode:
    support: full
    description: Reads in check mode too, because that changes nothing.
  diff_mode:
    support: none
    description: Nothing is changed, so there is no difference to show.
  idempotent:
    support: full
    description: Changes nothing.
options:
  directory:
    description:
      - Directory whose files are read. Symbolic links in it are not followed.
      - O(directory), O(files) or both are needed.
    type: path
  files:
    description: Paths of further files, such as what phones uploaded.
    type: list
    elements: path
    default: []
seealso:
  - module: voipsec.hardening.yealink_config
  - module: voipsec.hardening.yealink_served
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Find what is insecure in the files of another system
  voipsec.hardening.yealink_audit:
    directory: /srv/tftp
  register: existing

- name: Find settings that were changed at a phone
  voipsec.hardening.yealink_audit:
    phones: "{{ lookup('voipsec.hardening.desired', 'phones') }}"
    directory: /srv/provisioning
    files: "{{ uploads.files | map(attribute='path') }}"
  register: existing
"""

RETURN = r"""
audited:
  description: The files found, in the order of their names.
  returned: success
  type: list
  elements: dict
  contains:
    mac:
      description: MAC address in the file's name; empty where there is none.
      type: str
      sample: 805ec0aabbcc
    file:
      description: Name of the file.
      type: str
      sample: 805ec0aabbcc.cfg
    section:
      description: Name of the configuration file inside a phone template of 3CX, which holds several.
      type: str
      sample: ""
    kind:
      description: V(configuration), V(boot), V(local) for what a phone uploaded, V(template), V(encrypted) or
        V(unknown).
      type: str
      sample: configuration
    ours:
      description: Whether this collection wrote it.
      type: bool
    firmware:
      description: Firmware whose names are expected; empty where the file holds no settings.
      type: str
      sample: V86
    firmware_reason:
      description: Whether it was declared or guessed, and from what.
      type: str
      sample: "declared: the firmware of the phone"
    includes:
      description: Of a boot file, what it includes, each with target and models.
      type: list
      elements: dict
      sample: []
    settings:
      description:
        - Values by name, with masked secrets. For unknown names only harmless values such as 0 and 1 are shown, since a
          misspelt name may hold a secret.
        - Where a template decides by a condition, the last value that may apply.
      type: dict
      sample: {sip.trust_ctrl: "1"}
    findings:
      description:
        - What is wrong, each with parameter, value, problem, kind and line. The line is null for what concerns the
          whole file.
        - A phone ignores what is an V(unknown_name), of the V(wrong_firmware), or a V(bad_value). V(insecure) leaves
          the phone exposed. V(format) concerns the form of the file. V(unverified) is not known well enough to be
          called wrong.
        - V(drift) is a value that was changed at the phone. It also has declared, the value that is served, and
          survives, which says whether it stays after the next provisioning (V(yes), V(no) or V(unknown)).
      type: list
      elements: dict
      sample: []
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.core import CORE


def main() -> None:
    """Run on the host of the files, when that is not the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
