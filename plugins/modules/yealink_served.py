#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch what a provisioning server really serves to Yealink phones, and compare it with what they should have."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yealink_served
short_description: Compare what a provisioning server really serves to Yealink phones with what they should have
version_added: 0.1.0
description:
  - Asks the provisioning server for each phone's files as the phone does. C(<mac>.boot), C(y000000000000.boot), the
    common file of the model and C(<mac>.cfg), with the phone's C(User-Agent). A boot file's includes are followed.
  - C(voipsec-audit) follows the phone's own C(User-Agent), so that M(voipsec.hardening.yealink_sync) does not take the
    request in the server's access log for one from the phone. It proves nothing to the server.
  - The last line of the last file takes effect. It is compared with what M(voipsec.hardening.yealink_config) would
    enforce, so a line added after our block in a PBX's template is found.
  - Also reports names and values that the phone ignores, and other insecure values, as
    M(voipsec.hardening.yealink_audit) does.
  - Checks whether anyone who knows the phone's MAC address is given the same file.
  - Changes nothing.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.yealink_phones
  - voipsec.hardening.https_device
attributes:
  check_mode:
    support: full
    description: Fetches in check mode too, because that changes nothing.
  diff_mode:
    support: none
    description: Nothing is changed, so there is no difference to show.
  idempotent:
    support: full
    description: Changes nothing.
options:
  phones:
    required: true
  urls:
    description:
      - Addresses by MAC address, for phones that fetch elsewhere than at O(phones[].provisioning.url), such as from a
        PBX. A directory, or a whole file that ends in C(.cfg) or C(.boot) and is fetched as it is.
      - A user and a password before an C(@) are sent as the phone would send them.
      - Never shown, because such an address often holds a folder that only the phone knows.
    type: dict
  policy:
    description:
      - V(security) compares what hardens a phone, whichever system owns its accounts, as in the block of a PBX's
        template. No account, no password and no address is compared. A phone counts as O(phones[].enrolled), as
        in the block.
      - V(all) compares everything that M(voipsec.hardening.yealink_config) writes, except the password of 802.1X and
        its other C(secret_settings). Secrets are compared and not shown.
    type: str
    default: security
    choices: [security, all]
  credentials_file:
    description: Vault file on the controller. Needed with O(policy=all), and for the phones' access to the server.
    type: path
  certificates:
    description:
      - Whether it is also compared how phones check certificates.
      - Set it to what the block in a PBX's template was made with, see P(voipsec.hardening.phone_block#lookup), whose
        default is V(false). What is then left out is said in RV(notes).
    type: bool
    default: true
  settings:
    description: As O(voipsec.hardening.yealink_config#module:settings), so that what is declared there is expected.
    type: dict
    default: {}
  action_uri_from:
    description: As O(voipsec.hardening.yealink_config#module:action_uri_from).
    type: list
    elements: str
    default: []
  probe_without_credentials:
    description:
      - Whether it is also tried to fetch the phone's file without credentials, without its own folder, and over plain
        HTTP.
      - Each of them is at most one request. A server that bans hosts for such requests may ban this one, and with it
        all that share its address. For a server made by the role C(yealink_provisioning), ask from an address in the
        declared C(site.management), which is never banned.
    type: bool
    default: true
  outside_folder_probes:
    description:
      - For how many phones of each server it is tried to fetch the file outside the phone's own folder, with
        O(phones[].provisioning.access=phone_path). Others of the same server are not tried.
      - The role C(yealink_provisioning) counts each as a guess, and by default bans an address after five.
    type: int
    default: 1
  http_ports:
    description: Ports on which plain HTTP is tried.
    type: list
    elements: int
    default: [80]
  parallel:
    description: Phones at the same time, at most 32.
    type: int
    default: 8
  tls_fingerprint:
    description:
      - SHA-256 of the server's certificate, 64 hex digits with or without colons. Exactly this certificate is trusted.
      - A phone cannot do that, so it says nothing about whether phones trust the server.
  tls_server_name:
    description: Name that the certificate must be for. Default is the name in the address.
  credentials:
    description:
      - Leave it out. The action plugin of the same name fills it in from O(credentials_file).
    type: str
notes:
  - Files of another server than the phone's own that a boot file includes are not fetched. What they set is then
    unknown.
  - Without O(phones[].firmware) the C(User-Agent) has a likely version. A server that answers by it may answer
    otherwise. So may one that looks for something at the end of it.
  - The certificate is always verified, also where the phone would not do so. Credentials are never sent over plain
    HTTP.
  - No redirection is followed, and no file of more than 4 MiB is read.
seealso:
  - module: voipsec.hardening.yealink_config
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: What our own server serves
  voipsec.hardening.yealink_served:
    phones: "{{ lookup('voipsec.hardening.desired', 'phones') }}"
    policy: all
    credentials_file: "{{ credentials_file }}"
  register: served

- name: What a PBX serves to two phones, by the addresses that it shows for them
  voipsec.hardening.yealink_served:
    phones: "{{ lookup('voipsec.hardening.desired', 'phones') }}"
    urls:
      805ec0aabbcc: "{{ phone_urls['805ec0aabbcc'] }}"
      805ec0aabbdd: "{{ phone_urls['805ec0aabbdd'] }}"
    http_ports: [80, 5000]
    certificates: false  # as the block in its template was made
  register: served

- name: All of the policy arrives
  ansible.builtin.assert:
    that: served.not_enforced == []
"""

RETURN = r"""
phones:
  description: What each phone is served, in the order of the MAC addresses.
  returned: always
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
      description: Firmware whose names are expected.
      type: str
      sample: V86
    user_agent:
      description: What was sent as C(User-Agent).
      type: str
      sample: Yealink SIP-T46U 108.86.0.118 80:5e:c0:aa:bb:cc voipsec-audit
    requests:
      description: Addresses, without what only the phone knows, and status of each. 0 is no answer.
      type: list
      elements: dict
      sample: [{url: "https://prov.example.net/phones/805ec0aabbcc.boot", status: 200}]
    overwrite_mode:
      description: Whether what is in no file goes back to its factory default.
      type: bool
    settings:
      description: The values that count, masked.
      type: dict
      sample: {sip.trust_ctrl: "1"}
    controls:
      description:
        - Each setting of the policy with section, parameter, wanted value, value, verdict and reason.
        - The verdict is V(enforced), V(weaker) where more is left open, V(different) for another value that leaves no
          more open, or V(unknown) where it is not served or could not be read.
      type: list
      elements: dict
      sample: [{parameter: sip.trust_ctrl, wanted: "1", value: "1", verdict: enforced}]
    verdict:
      description: The worst of them, in the order V(weaker), V(unknown), V(different), V(enforced).
      type: str
      sample: enforced
    findings:
      description:
        - What is wrong, each with parameter, value, problem, kind, line and file.
        - The kinds are those of M(voipsec.hardening.yealink_audit), and V(missing) for a setting
          of the policy that is not served.
      type: list
      elements: dict
      sample: []
verdict:
  description: The worst verdict of all phones.
  returned: always
  type: str
  sample: enforced
not_enforced:
  description: MAC addresses of the phones whose verdict is not V(enforced).
  returned: always
  type: list
  elements: str
  sample: []
notes:
  description: What else is to be known, for example that O(certificates=false) left something out.
  returned: always
  type: list
  elements: str
  sample: []
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served.served import CORE


def main() -> None:
    """Run on another host than the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
