#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the hardened configuration files of all Yealink phones of a site."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yealink_config
short_description: Write the hardened configuration files of all Yealink phones of a site
version_added: 0.1.0
description:
  - Writes C(<mac>.cfg) and, for firmware V81 and later, C(<mac>.boot) of every declared phone into the directory that
    the provisioning server serves. All phones are one task and one plan.
  - A phone then takes calls and commands from its PBX only, refuses direct IP calls, checks the certificates of the
    servers it talks to, has its own admin and user passwords, speaks TLS and SRTP where
    O(phones[].accounts[].transport) says so, and keeps emergency numbers dialable. The role's README lists every
    parameter.
  - Names and values are those of the phone's firmware. Unknown names and bad values are refused, because a
    phone silently ignores them.
  - The same declaration gives the same bytes. A phone that finds an unchanged file does nothing.
  - Reports which phones will reboot because of the change.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.yealink_phones
options:
  phones:
    required: true
  state:
    description:
      - V(replaced) makes the collection's own files as declared and removes those of phones that are no longer
        declared, because they hold passwords. Files that something else wrote stay.
      - V(merged) is the same but removes nothing.
      - V(rendered) returns the files with masked secrets and needs no directory.
    type: str
    default: replaced
    choices: [merged, replaced, rendered]
  directory:
    description:
      - Directory on the task's host that the provisioning server serves. It is made, with mode 0750, where it does
        not exist.
      - Where it is a symbolic link to a directory in a folder named C(sets), for example C(sets/first), the whole
        new set of files is built in a directory beside the link's target, and then the link is switched, so that no
        phone meets half a set. The set before is removed. Through any other link the files are written one by one, as
        into a directory.
      - Only one link may lead into a folder C(sets). Directories in it whose names begin with C(set-), that the link
        does not lead to and that are older than an hour are taken for sets that a broken run left behind, and are
        removed.
      - Required with every state but V(rendered).
    type: path
  credentials_file:
    description:
      - Vault file on the controller with the extensions' credentials.
      - In check mode and with O(state=rendered) missing credentials are a warning, otherwise they are an error.
    type: path
  settings:
    description:
      - Further parameters for all phones, under the names of Yealink's configuration files. Values of YAML's true and
        false become 1 and 0.
      - Names and values are those of V81 and later. Older firmware gets its own name and the value that means the same;
        what it lacks is left out, with a warning.
      - A parameter of the hardened baseline is replaced, with a warning. Emergency numbers cannot be taken away.
      - Write V(%NULL%) to reset a parameter to its factory default. Empty values are refused, since what they mean is
        not documented.
    type: dict
    default: {}
  secret_settings:
    description:
      - As O(settings), for parameters that hold a password, PIN or key, such as
        C(phone_setting.phone_lock.unlock_pin) or C(base.pin_code).
      - Never shown. Names that hold no secret are refused here, and secret names are refused in O(settings).
    type: dict
  action_uri_from:
    description:
      - IPv4 addresses that may command phones by HTTP action URI; V(*) is allowed for an octet.
      - Without any, action URIs are off.
    type: list
    elements: str
    default: []
  reset_undeclared:
    description:
      - Whether a parameter that is in no file goes back to its factory default (C(overwrite_mode) of the boot file,
        from V81 on).
      - V(true) undoes changes made by hand, a VLAN among them. Declare what is to stay in O(settings).
      - With V(false), and before V81, a phone keeps what is no longer declared; a warning names it.
    type: bool
    default: true
  take_over:
    description: Whether files of declared phones that something else wrote are replaced. Without it they stop the task.
    type: bool
    default: false
  mode:
    description: Mode of the files. Modes that let every user read them are refused.
    type: str
    default: '0640'
  owner:
    description: Owner of the files.
    type: str
  group:
    description: Group of the files, usually that of the web server.
    type: str
  credentials:
    description:
      - Leave it out. The action plugin of the same name fills it in from O(credentials_file) and O(secret_settings).
    type: str
notes:
  - No phone was available to the authors. What is documented by the vendor, seen in templates, or only inferred is
    marked in the role's README.
  - A phone loads its files when it starts, once a day, and when the PBX sends it a SIP NOTIFY C(check-sync).
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: All phones of the site
  voipsec.hardening.yealink_config:
    phones: "{{ lookup('voipsec.hardening.desired', 'phones') }}"
    directory: /srv/provisioning
    group: www-data
    credentials_file: "{{ credentials_file }}"

- name: Which phones would reboot
  voipsec.hardening.yealink_config:
    phones: "{{ lookup('voipsec.hardening.desired', 'phones') }}"
    directory: /srv/provisioning
    credentials_file: "{{ credentials_file }}"
  check_mode: true
  register: phones

- name: One phone, written out, with a VLAN and a lock PIN
  voipsec.hardening.yealink_config:
    directory: /srv/provisioning
    credentials_file: "{{ credentials_file }}"
    phones:
      - mac: 805ec0aabbcc
        model: T46U
        firmware: 108.86.0.118
        accounts:
          - number: "201"
            display_name: Reception
            server: pbx.example.net
            port: 5061
            transport: tls
            srtp: compulsory
        provisioning: {url: "https://prov.example.net/phones/", access: phone_password}
        vlan: {id: 20, priority: 5}
        lock: {after: 600, keys: menu}
        blocked_beginnings: ["0088", "+88"]
        settings:
          local_time.ntp_server1: uk.pool.ntp.org
    secret_settings:
      phone_setting.phone_lock.unlock_pin: "{{ lock_pin }}"
"""

RETURN = r"""
phones:
  description: What happens to each phone, in the order of the MAC addresses.
  returned: when O(state) is V(replaced) or V(merged)
  type: list
  elements: dict
  contains:
    mac:
      description: MAC address.
      type: str
      sample: 805ec0aabbcc
    model:
      description: Model.
      type: str
      sample: T46U
    firmware:
      description: Its firmware, V and the version's second number.
      type: str
      sample: V86
    extensions:
      description: Its extensions.
      type: list
      elements: str
      sample: ["201"]
    file:
      description: Its configuration file.
      type: str
      sample: /srv/provisioning/805ec0aabbcc.cfg
    changed:
      description: Whether one of its files changes.
      type: bool
    new:
      description:
        - Whether the configuration file did not exist. What the phone has is then unknown, so everything counts as
          changed.
      type: bool
    changed_parameters:
      description: Names of the parameters that change; none for a new file, where all of them may.
      type: list
      elements: str
      sample: [static.wui.http_enable]
    will_reboot:
      description: Whether one of them is known to reboot the phone.
      type: bool
    may_reboot:
      description: As will_reboot, or one of them belongs to a family of which it is not known.
      type: bool
    reboot_reasons:
      description: Those parameters.
      type: list
      elements: str
      sample: [static.wui.http_enable]
rebooting:
  description: MAC addresses of the phones that will reboot.
  returned: when O(state) is V(replaced) or V(merged)
  type: list
  elements: str
  sample: [805ec0aabbcc]
unverified:
  description:
    - Parameters in the files that are known less well than by a template, for example by their names only. X, Y and Z
      stand for numbers. The page C(docs/yealink-parameters.md) gives the reason why they are sent.
  returned: when O(state) is V(replaced) or V(merged)
  type: list
  elements: str
  sample: [account.X.auth_name]
written:
  description: Files that were written, or would be in check mode.
  returned: when O(state) is V(replaced) or V(merged)
  type: list
  elements: str
  sample: [805ec0aabbcc.boot, 805ec0aabbcc.cfg]
removed:
  description: Files that were removed, or would be in check mode.
  returned: when O(state) is V(replaced) or V(merged)
  type: list
  elements: str
  sample: []
unchanged:
  description: Files that are already correct.
  returned: when O(state) is V(replaced) or V(merged)
  type: list
  elements: str
  sample: []
rendered:
  description: Texts of the files by name, with masked secrets.
  returned: when O(state=rendered)
  type: dict
  sample: {"805ec0aabbcc.boot": "#!version:1.0.0.1\n..."}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import CORE


def main() -> None:
    """Run on the host of the directory, when that is not the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
