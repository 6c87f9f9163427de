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
  - Names and values are those of the phone's firmware generation. Unknown names and bad values are refused, because a
    phone ignores them without a word.
  - The same declaration gives the same bytes. A phone that finds an unchanged file does nothing.
  - Tells which phones will reboot because of the change.
extends_documentation_fragment:
  - voipsec.hardening.attributes
options:
  state:
    description:
      - V(replaced) makes the collection's own files as declared and removes those of phones that are no longer
        declared, because they hold passwords. Files that something else wrote stay.
      - V(merged) is the same but removes nothing.
      - V(rendered) returns the files with masked secrets and needs no directory.
      - V(parsed) reads the files in O(directory), whoever wrote them, and returns their settings and what is insecure
        in them.
    type: str
    default: replaced
    choices: [merged, replaced, rendered, parsed]
  phones:
    description:
      - The phones. Made from the site's declaration by P(voipsec.hardening.desired#lookup).
      - Required with every state but V(parsed), where it only tells the firmware of the files found.
    type: list
    elements: dict
    suboptions:
      mac:
        description: MAC address, with or without separators.
        type: str
        required: true
      model:
        description: Model as on the label, for example V(T46U) or V(SIP-T46U).
        type: str
        required: true
      firmware:
        description:
          - Firmware version as the phone shows it, for example V(108.86.0.118). It decides which names the phone
            understands.
          - Without it the newest known generation of the model is assumed, and a warning says so.
        type: str
      outside_lan:
        description: Whether the phone reaches the PBX over the internet. It then listens on a port of its own instead
          of 5060.
        type: bool
        default: false
      enrolled:
        description:
          - Whether the phone knows its provisioning server. It then no longer looks for one by PnP and DHCP, where
            anybody on the LAN could answer.
          - A phone that fetches this file knows its server, so V(false) is for phones that are moved to another one.
        type: bool
        default: true
      listen_port:
        description: Port on which the phone listens for SIP, outside 11780 to 12780, where its speech is. Before V80
          every account has a port, and the next ones are those above it.
        type: int
      random_listen_port:
        description: Whether the phone listens on a port of its own, 20000 to 59999, that follows from its MAC address.
          As O(phones[].outside_lan) without it.
        type: bool
      web_interface:
        description: The phone's web pages. Plain HTTP is off in any case.
        type: str
        choices: [https, 'off']
        default: https
      check_sync:
        description:
          - What the phone does when its PBX sends a SIP NOTIFY C(check-sync). V(reload) fetches the configuration, and
            reboots only where the NOTIFY says so. V(ignore) does nothing.
          - The factory's value reboots the phone at once.
        type: str
        choices: [reload, ignore]
        default: reload
      lock:
        description: The keypad lock. It opens with the extension's voicemail PIN, unless O(secret_settings) has
          another. The factory's PIN is replaced even without a lock.
        type: dict
        suboptions:
          after:
            description: Seconds without a key pressed, at most 3600. 0 locks by hand only.
            type: int
            default: 300
          keys:
            description: Which keys are locked.
            type: str
            choices: [all, function, menu]
            default: all
      vlan:
        description: 802.1Q tags.
        type: dict
        suboptions:
          id:
            description: VLAN of the phone's own traffic, 1 to 4094.
            type: int
            required: true
          priority:
            description: Its priority, 0 to 7.
            type: int
          pc_id:
            description: VLAN of a computer behind the phone. The names for it are known by name only.
            type: int
          pc_priority:
            description: Its priority, 0 to 7.
            type: int
      dot1x:
        description: How the phone proves itself to the switch. V(md5) and V(peap) need the password as
          C(static.network.802_1x.md5_password) in O(secret_settings).
        type: dict
        suboptions:
          method:
            description: EAP method. DECT bases are known to take V(md5) only.
            type: str
            choices: [md5, tls, peap]
            required: true
          identity:
            description: Name. The phone's MAC address without it.
            type: str
          ca_url:
            description: HTTPS address of the authority's certificate.
            type: str
          client_certificate_url:
            description: HTTPS address of the client's certificate, which V(tls) needs.
            type: str
      blocked_beginnings:
        description:
          - Beginnings of numbers that the phone refuses to dial, as dialled, for example V(0088). They become at most
            ten patterns; those that stop the most numbers come first, and a warning names what found no place.
          - A second barrier. The first is the PBX.
          - One that would bar an emergency number is refused.
        type: list
        elements: str
        default: []
      trusted_certificate:
        description: HTTPS address of the certificate of an own authority that the phone shall trust.
        type: str
      server_certificate:
        description: HTTPS address of the certificate and key that the phone's own web pages present. Whoever can fetch
          it has the key.
        type: str
      accounts:
        description: SIP accounts in the order of the phone's lines. The first one's extension owns the phone's
          passwords.
        type: list
        elements: dict
        required: true
        suboptions:
          number:
            description: Extension. Its credentials are looked up under this number.
            type: str
            required: true
          label:
            description: Text beside the line key. The number without it.
            type: str
          display_name:
            description: Name that others see. The label without it.
            type: str
          server:
            description: The PBX, by the name that its certificate bears.
            type: str
            required: true
          port:
            description: Port of the PBX.
            type: int
            default: 5060
          transport:
            description: Transport of SIP.
            type: str
            default: udp
            choices: [udp, tcp, tls]
          srtp:
            description: Encryption of speech. It needs O(phones[].accounts[].transport=tls) to hide anything.
            type: str
            default: disabled
            choices: [disabled, optional, compulsory]
      provisioning:
        description: Where the phone fetches its files.
        type: dict
        required: true
        suboptions:
          url:
            description: Address of the directory. HTTPS only.
            type: str
            required: true
          username:
            description: Name for HTTP basic authentication with O(phones[].provisioning.access=shared). The password is
              in O(credentials_file).
            type: str
          access:
            description:
              - With what the phone proves itself. V(phone_password) is a password of its own, with its MAC address as
                the user name. V(phone_path) is a folder of its own below O(phones[].provisioning.url) that nobody can
                guess. Both follow from one secret in O(credentials_file); M(voipsec.hardening.yealink_access) tells
                them to the server.
              - V(shared) is one password for all phones, the default with O(phones[].provisioning.username). V(none) is
                the default without.
            type: str
            choices: [phone_password, phone_path, shared, none]
      emergency_numbers:
        description: Numbers that stay dialable, also while the phone is locked.
        type: list
        elements: str
        default: ['999', '112', '18000']
      settings:
        description: As O(settings), for this phone only. It wins over O(settings). What does not fit the phone is an
          error.
        type: dict
        default: {}
  directory:
    description:
      - Directory on the task's host that the provisioning server serves. It is made, with mode 0750, where it does
        not exist.
      - Where it is a symbolic link, the whole new set of files is built in a directory beside the link's target, and
        then the link is switched, so that no phone meets half a set. The set before is removed.
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
      - IPv4 addresses that may command phones by HTTP action URI; V(*) may stand for an octet.
      - Without any, action URIs are off.
    type: list
    elements: str
    default: []
  reset_undeclared:
    description:
      - Whether a parameter that is in no file goes back to its factory default (C(overwrite_mode) of the boot file,
        from V81 on).
      - V(true) undoes what somebody changed by hand, and also a VLAN set by hand. Declare such things in O(settings).
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

- name: What is insecure in the files of another system
  voipsec.hardening.yealink_config:
    state: parsed
    directory: /srv/tftp
  register: existing
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
    generation:
      description: Generation of the firmware.
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
      stand for numbers. The page C(docs/yealink-parameters.md) says why they are sent all the same.
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
  description: Files that are as declared.
  returned: when O(state) is V(replaced) or V(merged)
  type: list
  elements: str
  sample: []
rendered:
  description: Texts of the files by name, with masked secrets.
  returned: when O(state=rendered)
  type: dict
  sample: {"805ec0aabbcc.boot": "#!version:1.0.0.1\n..."}
parsed:
  description: The configuration files found.
  returned: when O(state=parsed)
  type: list
  elements: dict
  contains:
    mac:
      description: MAC address.
      type: str
      sample: 805ec0aabbcc
    file:
      description: Name of the file.
      type: str
      sample: 805ec0aabbcc.cfg
    ours:
      description: Whether this collection wrote it.
      type: bool
    generation:
      description: Generation whose names are expected.
      type: str
      sample: V86
    settings:
      description: Values by name, with masked secrets.
      type: dict
      sample: {sip.trust_ctrl: "1"}
    findings:
      description: What is insecure or ignored by the phone, each with parameter, value and problem.
      type: list
      elements: dict
      sample: []
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.module_face import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import CORE


def main() -> None:
    """Run on the host of the directory, when that is not the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
