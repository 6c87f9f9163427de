#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write which Yealink phones may fetch their files from a web server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yealink_access
short_description: Write which Yealink phones may fetch their files from a web server
version_added: 0.1.0
description:
  - Writes the web server's file of users (htpasswd), with one user for each phone, or its table of secret paths, with
    one path for each phone.
  - Passwords and paths are derived from the site's provisioning password in the vault and the phone's MAC address, as
    M(voipsec.hardening.yealink_config) does it for the phones. Nothing more has to be kept.
  - A phone that is no longer declared loses its access.
  - Passwords are hashed on the controller with SHA-512-crypt. The same declaration gives the same bytes.
  - The role voipsec.hardening.yealink_provisioning runs it.
extends_documentation_fragment:
  - voipsec.hardening.attributes
options:
  phones:
    description: MAC addresses of the phones, with or without separators.
    type: list
    elements: str
    required: true
  method:
    description:
      - V(phone_password) gives each phone a password of its own; its user name is its MAC address. Written to
        O(htpasswd_file).
      - V(phone_path) gives each phone a secret path of its own. Written to O(path_map_file), as lines for a C(map) of
        nginx from the path to the MAC address.
      - V(shared) has one user for all phones, O(username), with the site's provisioning password. Written to
        O(htpasswd_file). A phone can then fetch the files of the others.
    type: str
    default: phone_password
    choices: [phone_password, phone_path, shared]
  username:
    description: The user of O(method=shared).
    type: str
  credentials_file:
    description:
      - Vault file on the controller with the site's provisioning password.
      - In check mode a file that is not there yet is a warning, otherwise it is an error.
    type: path
  htpasswd_file:
    description: File of users on the task's host. Its directory must exist.
    type: path
  path_map_file:
    description: Table of paths on the task's host. Its directory must exist. nginx reads it when it is reloaded.
    type: path
  mode:
    description: Mode of the file. Modes that let every user read it are refused.
    type: str
    default: '0640'
  owner:
    description: Owner of the file.
    type: str
  group:
    description: Group of the file, usually that of the web server.
    type: str
  access:
    description: Leave it out. The action plugin of the same name fills it in from O(credentials_file).
    type: str
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Each phone has a password of its own
  voipsec.hardening.yealink_access:
    phones: [805ec0aabbcc, 80:5e:c0:dd:ee:ff]
    credentials_file: "{{ credentials_file }}"
    htpasswd_file: /etc/nginx/yealink-provisioning/users
    owner: root
    group: www-data

- name: Each phone has a path of its own
  voipsec.hardening.yealink_access:
    method: phone_path
    phones: [805ec0aabbcc, 80:5e:c0:dd:ee:ff]
    credentials_file: "{{ credentials_file }}"
    path_map_file: /etc/nginx/yealink-provisioning/paths
    owner: root
    mode: "0600"
"""

RETURN = r"""
file:
  description: The file.
  returned: always
  type: str
  sample: /etc/nginx/yealink-provisioning/users
added:
  description: Phones, or the shared user, that have got access or would in check mode.
  returned: always
  type: list
  elements: str
  sample: [805ec0aabbcc]
removed:
  description: Those that have lost it, or would in check mode.
  returned: always
  type: list
  elements: str
  sample: []
renewed:
  description: Those whose password or path has changed, or would in check mode.
  returned: always
  type: list
  elements: str
  sample: []
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.provisioning.access_files import CORE


def main() -> None:
    """Run on the host of the file, when that is not the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
