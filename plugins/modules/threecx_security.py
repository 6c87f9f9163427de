#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the security configuration of a 3CX V20 as declared."""

from __future__ import annotations

DOCUMENTATION = r"""
module: threecx_security
short_description: Manage the security configuration of a 3CX V20
version_added: 0.1.0
description:
  - Lock-out, blocked and allowed addresses, countries and numbers that may be dialled, who may open the Admin Console,
    alert mails, log server, Secure SIP certificate and our block in phone templates, in one task for each PBX.
  - Reads the PBX and plans. Refuses the whole task if it would bar emergency calls or shut out a declared address or
    the controller. Allows before it blocks, then logs in again and verifies everything.
  - Only differences are sent. What a release does not have is not sent, and is listed.
  - Runs on the controller as an action plugin, with one connection and one token, and a second token when something
    changed.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
  - voipsec.hardening.threecx
options:
  config:
    description:
      - The configuration. What is left out stays unchanged.
      - Made from the site's declaration by P(voipsec.hardening.desired#lookup) with V(threecx_security).
    type: dict
    suboptions:
      anti_hacking:
        description:
          - Anti-hacking counters. No public source gives the defaults of V20, so what is left out is not touched.
        type: dict
        suboptions:
          failed_authentications:
            description: Failed authentications from one address before it is blocked.
            type: int
          failed_challenges:
            description: Challenges that one address left unanswered before it is blocked. An office whose line fails
              for a moment leaves one for each of its phones, so do not take a small number.
            type: int
          block_seconds:
            description: How long an address stays blocked.
            type: int
          rate_green:
            description: Packets in an interval from one address at which 3CX begins to count.
            type: int
          rate_amber:
            description: Packets at which the address has to wait for five seconds. More than
              O(config.anti_hacking.rate_green).
            type: int
          rate_red:
            description: Packets at which the address is blocked. More than O(config.anti_hacking.rate_amber).
            type: int
          requests_per_period:
            description: 3CX's C(MaxRequestPerPeriod). What it counts is inferred from its name.
            type: int
          period_length:
            description: 3CX's C(ThrottlePeriodLength). What it means is inferred from its name.
            type: int
          global_blacklist:
            description: Whether the PBX takes part in 3CX's shared list of attackers (C(SecurityDefenseProgram),
              inferred from its name).
            type: bool
      network:
        description: Network settings.
        type: dict
        suboptions:
          sip_calls_from_outside:
            description: Whether anyone may call the PBX by SIP address without a trunk (C(DirectSIPAllowExternal)).
            type: bool
      calls:
        description: Features that are used for toll fraud.
        type: dict
        suboptions:
          forwarding_to_external:
            description: Whether users may forward to numbers outside.
            type: bool
          voicemail_menu_calls:
            description: Whether the voicemail menu can place calls.
            type: bool
          oauth_client_registration:
            description: Whether programs may register themselves for the API (20.0.10).
            type: bool
          oauth_client_documents:
            description: Whether programs may name themselves by a document for the API (20.0.10).
            type: bool
      phones:
        description: Phone settings.
        type: dict
        suboptions:
          provisioning_secret:
            description: Whether provisioning addresses hold a secret. Phones that were provisioned before may need it
              again.
            type: bool
      ip_list:
        description:
          - Addresses that are blocked or allowed. Entries that the PBX made itself are never touched.
          - 3CX switches its defences off for an allowed address, so it must be a /29 (IPv6 /64) at most and must
            expire. An expired entry is removed.
        type: list
        elements: dict
        suboptions:
          address:
            description: Address or network.
            type: str
            required: true
          action:
            description: V(allow) or V(block).
            type: str
            required: true
            choices: [allow, block]
          reason:
            description: Why.
            type: str
            required: true
          owner:
            description: Who is responsible for it.
            type: str
            required: true
          expires:
            description: Last day, such as V(2027-01-31), at most 366 days ahead for an allowed address.
            type: str
      protected:
        description: Addresses that must never be shut out by O(config.ip_list).
        type: list
        elements: dict
        suboptions:
          network:
            description: Address or network.
            type: str
            required: true
          who:
            description: Whose network it is, for messages.
            type: str
            required: true
      countries:
        description: Countries that may be dialled; all others are barred.
        type: dict
        suboptions:
          allowed:
            description: The countries.
            type: list
            elements: dict
            required: true
            suboptions:
              country:
                description: ISO code, for messages.
                type: str
                required: true
              calling_code:
                description: Dialling code, such as V(44).
                type: str
                required: true
          list_holds:
            description:
              - Whether the PBX's list holds the allowed or the blocked countries, which is not documented.
              - V(auto) compares it with the PBX's parameter C(NOTALLOWED_COUNTRYCODES) and fails where that
                does not decide it.
            type: str
            choices: [auto, allowed, blocked]
            default: auto
      barred_numbers:
        description:
          - Prefixes that nobody may dial. They become one outbound rule without routes, after the emergency rules and
            before all others.
          - 3CX does not document that such a rule bars a number, so the control is C(attested). Dial one to check.
        type: list
        elements: str
      outbound_rules:
        description: Outbound rules that exist, and who may use them.
        type: list
        elements: dict
        suboptions:
          name:
            description: The rule's name.
            type: str
            required: true
          groups:
            description: Names of the departments. Empty for all.
            type: list
            elements: str
          extensions:
            description: Extensions or ranges such as V(201-209). Empty for all.
            type: list
            elements: str
      emergency_numbers:
        description: Numbers that everybody can always dial. Checked before anything is written.
        type: list
        elements: str
        default: ["999", "112", "18000"]
      console:
        description: The Admin Console.
        type: dict
        suboptions:
          networks:
            description: Networks from which it may be opened. Refused where the PBX sees this controller in none of
              them.
            type: list
            elements: str
            required: true
      secure_sip:
        description: Certificate for SIP over TLS. 3CX uses it after its services were restarted, which this module does
          not do.
        type: dict
        suboptions:
          certificate:
            description: PEM file with the certificate and its chain, on the controller.
            type: path
            required: true
          private_key:
            description: PEM file with the unencrypted private key, on the controller.
            type: path
            required: true
      notifications:
        description: Alert mails.
        type: dict
        suboptions:
          recipients:
            description: Mail addresses.
            type: list
            elements: str
          events:
            description: What is mailed. Releases up to 20.0.6 do not know all of them.
            type: list
            elements: str
            choices: [address_blocked, call_denied, emergency_call, licence_limit, network_error, number_blocked,
              number_unblocked, registration_changed, request_refused, storage_limit, stun_error, trunk_error,
              trunk_failover, trunk_status]
      mail_server:
        description: Mail server for them.
        type: dict
        suboptions:
          server:
            description: Name or address.
            type: str
            required: true
          port:
            description: Port. 3CX does not document how to set a port other than 25, 465 and 587.
            type: int
          sender:
            description: Sender's address.
            type: str
          user:
            description: Login name.
            type: str
          password:
            description: Login password, from vault.
            type: str
          tls:
            description: Whether the connection is encrypted.
            type: bool
      syslog:
        description: Where the log and the audit log are sent (20.0.9 and later).
        type: dict
        suboptions:
          server:
            description: Name or address.
            type: str
            required: true
          port:
            description: Port.
            type: int
            default: 514
          protocol:
            description: Protocol.
            type: str
            choices: [udp, tcp, tls]
            default: udp
      phone_templates:
        description:
          - Custom phone templates that get our block of parameters at the end of each configuration file that they
            make.
          - Templates of 3CX's own are refused, because an update overwrites them.
        type: dict
        suboptions:
          ids:
            description: Ids of the templates.
            type: list
            elements: str
            required: true
          settings:
            description: Parameters and values.
            type: dict
            required: true
  state:
    description:
      - V(merged) adds what is declared. V(replaced) also removes entries of ours that are no longer declared.
      - V(overridden) also removes entries of the IP list that were made by hand, never those of the PBX itself.
      - V(deleted) removes our entries, our outbound rule and our blocks. Settings keep their values, because what they
        were before is not kept.
      - V(gathered) only reads.
    type: str
    choices: [merged, replaced, overridden, deleted, gathered]
    default: replaced
  update_password:
    description:
      - When the mail server's password and the files of O(config.secure_sip) are sent, which cannot be read.
      - V(on_create) sends the password when another of the mail server's settings differs, and the files where the PBX
        has no certificate. Run once with V(always) to renew a certificate.
    type: str
    choices: [on_create, always]
    default: on_create
  secure_sip_material:
    description: Leave it out. The action plugin of the same name reads the files of O(config.secure_sip) into it.
    type: str
seealso:
  - module: voipsec.hardening.threecx_extensions
  - module: voipsec.hardening.threecx_info
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: The PBX is as the site's declaration says
  voipsec.hardening.threecx_security:
    config: "{{ lookup('voipsec.hardening.desired', 'threecx_security') }}"

- name: Written out
  voipsec.hardening.threecx_security:
    tls_fingerprint: "{{ pbx_fingerprint }}"
    config:
      anti_hacking: {failed_authentications: 5, block_seconds: 86400, global_blacklist: true}
      ip_list:
        - {address: 192.0.2.10, action: allow, reason: moving house, owner: anna, expires: "2027-01-31"}
        - {address: 203.0.113.128/25, action: block, reason: scanners, owner: anna}
      protected:
        - {network: 198.51.100.7/32, who: management}
      countries:
        allowed:
          - {country: GB, calling_code: "44"}
          - {country: IE, calling_code: "353"}
      barred_numbers: ["0909", "118"]
      console: {networks: [198.51.100.7/32]}
      notifications: {recipients: [support@example.net], events: [address_blocked, call_denied, emergency_call]}

- name: How it is now
  voipsec.hardening.threecx_security:
    state: gathered
  register: security
"""

RETURN = r"""
controls:
  description: State of each declared control. C(enforced) was changed and verified by this run, C(verified) was already
    and is right, C(attested) is set but its effect or content cannot be read, C(unsupported) is not possible here.
  returned: when O(state) is not V(gathered)
  type: dict
  sample: {anti_hacking: verified, countries: enforced, outbound: attested, syslog: unsupported}
reasons:
  description: Why a control is C(attested) or C(unsupported).
  returned: when O(state) is not V(gathered)
  type: dict
  sample: {syslog: not on release 20.0.8.1109 (since 20.0.9)}
operations:
  description: The requests that were sent, or in check mode would be, in order. Secrets are masked.
  returned: when O(state) is not V(gathered)
  type: list
  elements: dict
  contains:
    request:
      description: Method and path.
      type: str
      sample: PATCH /AntiHackingSettings
    what:
      description: The same in words.
      type: str
    body:
      description: What is sent.
      type: dict
notes:
  description: What the user should know besides, such as a declared address that is blocked now.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
removed_only:
  description: That settings kept their values.
  returned: when O(state=deleted)
  type: bool
pbx:
  description: What the PBX says of itself.
  returned: always
  type: dict
  sample: {release: 20.0.10.1109}
gathered:
  description: What was read, in the words of O(config).
  returned: when O(state=gathered)
  type: dict
requests:
  description: How many requests were sent, token requests included, and how many of them were meant to change
    something.
  returned: when O(state) is not V(gathered)
  type: dict
  sample: {sent: 18, writing: 0}
applied:
  description: Requests that had been sent when one failed.
  returned: when a request failed
  type: list
  elements: dict
failed:
  description: The request that failed.
  returned: when a request failed
  type: dict
taken_back:
  description: Requests that opened the Admin Console again, because a fresh login failed.
  returned: when a fresh login failed after the changes
  type: list
  elements: dict
not_kept:
  description: Requests that the PBX took and that did not change what is read.
  returned: when the PBX reads differently after the changes
  type: list
  elements: dict
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.security import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
