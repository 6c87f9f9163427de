#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make Yealink phones fetch their configuration files, and see that they did."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yealink_sync
short_description: Make Yealink phones fetch their configuration files and see that they did
version_added: 0.1.0
description:
  - Finds out from the provisioning server's access log which phones have not fetched the files that are there now,
    notifies those with a SIP NOTIFY C(check-sync), waits until they have, and reports the phones that have not.
  - A phone has fetched its current files when the log has a C(GET) of C(<mac>.cfg) with status 200 at or after the
    time at which C(<mac>.cfg) and C(<mac>.boot) were last written. Requests of M(voipsec.hardening.yealink_served),
    which asks as the phone does, do not count.
  - A phone that has what is there now is left in peace, so a second run sends nothing.
  - A phone with C(sip.notify_reboot_enable=1), which is the factory's default, reboots on every C(check-sync),
    whatever O(reboot) says. The files of M(voipsec.hardening.yealink_config) set it to 0, so this happens at most
    the first time. A phone with the value 2 ignores it.
  - A phone with C(sip.trust_ctrl=1) listens to the addresses of its SIP server and outbound proxy only. So either the
    PBX passes the NOTIFY on, see O(via=pbx), or the task is delegated to the PBX's host, see O(via=phone).
  - An answer 200 says that the phone has understood, not that it has fetched. Only the access log proves that.
extends_documentation_fragment:
  - voipsec.hardening.attributes
attributes:
  check_mode:
    support: full
    description: Sends nothing, waits for nothing, and reports which phones would be notified.
  diff_mode:
    support: none
    description: Phones are notified, so there is no difference to show.
  idempotent:
    support: partial
    description:
      - Needs O(directory) and O(access_log), and O(only_stale=true). Otherwise phones are notified on every run.
options:
  phones:
    description:
      - The extensions and their phones, for example made from the site's declaration by
        P(voipsec.hardening.desired#lookup) as V(phone_registrations).
      - Those without O(phones[].mac) are left out.
    type: list
    elements: dict
    required: true
    suboptions:
      number:
        description: Extension. Digits, letters and the characters V(*+._-) are taken.
        type: str
        required: true
      mac:
        description: MAC address, with or without separators.
        type: str
      address:
        description: Address or name of the phone. Required with O(via=phone).
        type: str
      port:
        description: Port that the phone listens on, with O(via=phone). It is C(sip.listen_port) where that is set.
        type: int
        default: 5060
  via:
    description:
      - V(pbx) sends to the PBX, for C(sip:<number>@<pbx>), and the PBX passes it on to the phone that is registered
        there. Not every PBX does that for every caller; RV(answers) has its answer.
      - V(phone) sends straight to O(phones[].address). The task must run on a host whose address the phone trusts.
      - V(none) sends nothing and only waits for the phones.
    type: str
    default: pbx
    choices: [pbx, phone, none]
  pbx:
    description: Address or name of the PBX. Required with O(via=pbx). Only address records of a name are looked up.
    type: str
  pbx_port:
    description: Port of the PBX. V(5061) with O(transport=tls), else V(5060).
    type: int
  transport:
    description:
      - Transport of SIP.
      - With V(tls) the certificate is always verified.
    type: str
    default: udp
    choices: [udp, tcp, tls]
  domain:
    description:
      - Domain of the phones' SIP addresses, where it is not O(pbx). With O(via=phone) it is the phone's own address and
        port if left out.
    type: str
  server_name:
    description: Name that the TLS certificate must be for. Default is O(pbx) or O(phones[].address).
    type: str
  ca_file:
    description: Certificates to trust, in PEM form, on the host that sends. The system's without it.
    type: path
  credentials_file:
    description:
      - Vault file on the controller with the extensions' credentials. With O(via=pbx) they answer the PBX if it asks
        who is there. They are never sent to an address of a phone.
    type: path
  username:
    description:
      - Name to answer with instead, for all phones.
      - Digest authentication with MD5 or SHA-256 is answered.
    type: str
  password:
    description: Password of O(username). Never shown. Keep it in vault.
    type: str
  reboot:
    description: Whether the phones are to reboot and not only to fetch their files. A call in progress may end.
    type: bool
    default: false
  only_stale:
    description: Whether only phones that have not downloaded their current files are notified. With V(false) all are.
    type: bool
    default: true
  directory:
    description:
      - Directory on the task's host that the provisioning server serves.
      - Without O(directory) and O(access_log) all phones are notified, and their downloads are not checked.
    type: path
  access_log:
    description:
      - Access log of the provisioning server on the task's host. One JSON object a line with at least C(time) (seconds
        since the epoch), C(method), C(path) and C(status). Other lines are ignored.
      - With C(user_agent), lines with C(voipsec-audit) in it are ignored too. In a log without it an audit by
        M(voipsec.hardening.yealink_served) looks as if the phones had fetched, and they are then not notified.
      - The log before it, with C(.1) at the end of its name, is read as well. A rotation while phones are waited for
        loses nothing.
      - A phone whose last download is in neither of them counts as one that has not downloaded. It is notified again,
        finds that its file is the same, and does nothing.
    type: path
  wait:
    description: Seconds to wait for phones after the last one was notified and answered, at most 86400.
    type: int
    default: 120
  poll:
    description: Seconds between two reads of the access log.
    type: float
    default: 2.0
  timeout:
    description: Seconds until a NOTIFY counts as unanswered, at most 32. Over UDP it is repeated as RFC 3261 has it.
    type: float
    default: 10.0
  at_once:
    description: Phones that are notified at the same time, at most 100. A phone is never sent a second request before
      the first is answered.
    type: int
    default: 20
  stagger:
    description: Seconds between the first requests of two phones, so that not all of a site ask the provisioning
      server at once.
    type: float
    default: 0.1
  require:
    description: Whether the task fails when a phone has not fetched its current files. Otherwise it warns.
    type: bool
    default: false
  credentials:
    description:
      - Leave it out. The action plugin of the same name fills it in from O(credentials_file).
    type: str
notes:
  - No phone was available to the authors. Which value of C(sip.notify_reboot_enable) does what is documented by the
    vendor. That a phone answers 200 is inferred.
  - Whether a 3CX or a Yeastar passes on a NOTIFY that an extension sends is not documented. Where one of them
    provisions the phones, M(voipsec.hardening.threecx_reprovision) and M(voipsec.hardening.yeastar_reprovision) have it
    notify them.
  - The host that sends must run Linux.
  - That the task's user may read the access log usually takes C(become).
seealso:
  - module: voipsec.hardening.yealink_config
  - module: voipsec.hardening.yealink_served
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Have phones download what has changed, notified through the PBX
  voipsec.hardening.yealink_sync:
    phones: "{{ lookup('voipsec.hardening.desired', 'phone_registrations') }}"
    pbx: pbx.example.net
    transport: tls
    credentials_file: "{{ credentials_file }}"
    directory: /srv/provisioning/phones
    access_log: /var/log/nginx/provisioning.log
  become: true

- name: Notify phones from the PBX's host, whose address they trust
  voipsec.hardening.yealink_sync:
    via: phone
    phones:
      - {number: "201", mac: 805ec0aabbcc, address: 192.0.2.21}
      - {number: "202", mac: 805ec0aabbdd, address: 192.0.2.22, port: 5070}
  delegate_to: pbx

- name: Wait for them on the host of the provisioning server
  voipsec.hardening.yealink_sync:
    via: none
    phones:
      - {number: "201", mac: 805ec0aabbcc}
      - {number: "202", mac: 805ec0aabbdd}
    directory: /srv/provisioning/phones
    access_log: /var/log/nginx/provisioning.log
    wait: 300
    require: true
  become: true
"""

RETURN = r"""
told:
  description:
    - MAC addresses of the phones that were notified, or in check mode would be. A phone counts if it answered 2xx, or
      did not answer but may have received the request.
    - The task has changed something if there is one.
  returned: always
  type: list
  elements: str
  sample: [805ec0aabbcc]
already_current:
  description: MAC addresses of phones that already had their current files, and were not notified.
  returned: always
  type: list
  elements: str
  sample: [805ec0aabbdd]
fetched:
  description: MAC addresses of phones that fetched their current files during this task.
  returned: always
  type: list
  elements: str
  sample: [805ec0aabbcc]
not_fetched:
  description: Phones that have not fetched their current files, as far as that is watched.
  returned: always
  type: list
  elements: dict
  contains:
    number:
      description: Extension.
      type: str
      sample: "203"
    mac:
      description: MAC address.
      type: str
      sample: 805ec0aabbee
    reason:
      description:
        - V(no_answer) is a phone that was notified and did not answer.
        - V(refused) had a final answer that is no 2xx.
        - V(not_sent) could not be notified.
        - V(did_not_fetch) answered 2xx and did not fetch in time.
        - V(stale) was not to be notified by this task.
        - V(no_file) has no C(<mac>.cfg) in O(directory).
      type: str
      sample: refused
    detail:
      description: The reason in words.
      type: str
      sample: it was answered 404 Not Found
answers:
  description: The answer to each NOTIFY.
  returned: always
  type: list
  elements: dict
  contains:
    number:
      description: Extension.
      type: str
      sample: "201"
    mac:
      description: MAC address.
      type: str
      sample: 805ec0aabbcc
    status:
      description: Status code of the final answer; none without one.
      type: int
      sample: 200
    phrase:
      description: Its reason phrase.
      type: str
      sample: OK
    detail:
      description: Why there is no answer, or why a request for credentials was not answered.
      type: str
    told:
      description: Whether the phone counts as notified.
      type: bool
notes:
  description: Remarks, for example that downloads were not checked.
  returned: always
  type: list
  elements: str
  sample: []
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.sync import CORE


def main() -> None:
    """Run on the host of the provisioning server, or where the task is delegated to."""
    run_module(CORE)


if __name__ == "__main__":
    main()
