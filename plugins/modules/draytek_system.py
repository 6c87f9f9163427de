#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage how a DrayTek Vigor is administered."""

from __future__ import annotations

DOCUMENTATION = r"""
module: draytek_system
short_description: Manage how a DrayTek Vigor is administered
version_added: 0.1.0
description:
  - Who may manage a DrayTek Vigor (DrayOS 3 or 4) and how. Access list, management from the internet, brute force
    protection, unneeded services, ports, the administrator's password, log, mail alerts and clock.
  - Reads the router, plans, allows before it blocks, reads back, proves that a fresh login works, and only then saves
    with C(sys commit). If anything fails before that, the changes are undone.
  - The router does not show some settings. A digest of what was last sent is kept as the name of an unused IPv6 object
    on the router, C(vs_m_s) and eight digits, and they are sent again when it differs. RV(controls) lists them.
  - Runs on the controller as an action plugin, with one SSH login for each router and a second one when something
    changed.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.draytek.states
options:
  config:
    description:
      - The desired settings. What is left out stays unchanged.
      - Made from the site's declaration by P(voipsec.hardening.desired#lookup) with V(router_system).
    type: dict
    suboptions:
      management_networks:
        description: IPv4 addresses and networks that may manage the router, at most ten. They become IP objects
          C(vs_mgmt_N) on the router's access list.
        type: list
        elements: str
      remote_access:
        description: Management from the internet side.
        type: dict
        suboptions:
          enabled:
            description: Whether any service answers there. Needs O(config.management_networks).
            type: bool
            required: true
          services:
            description: Services that answer. All others are switched off.
            type: list
            elements: str
            choices: [https, ssh, enforce_https]
      brute_force:
        description: Lock-out for the router's own logins, for all services.
        type: dict
        suboptions:
          failures:
            description: Failed logins, 1 to 255.
            type: int
            default: 5
          penalty:
            description: Seconds of lock-out. The router's range is not documented; half an hour is the maker's own
              example.
            type: int
            default: 1800
      snmp:
        description: SNMP agent. Not shown by the router.
        type: bool
      ftp_server:
        description: FTP server. Not shown by the router.
        type: bool
      upnp:
        description: UPnP, which lets any machine on the LAN open ports. Not shown by the router.
        type: bool
      ipv6_management:
        description: Management from the internet over IPv6, which the access list does not limit. Not shown by the
          router.
        type: bool
      answer_ping:
        description: Whether the router answers ping from the internet. Not shown by the router.
        type: bool
      https_port:
        description: Port of the router's web page. Not shown by the router.
        type: int
      ssh_port:
        description: SSH port. The fresh login uses it; afterwards set C(ansible_port). Leave it out where
          C(ansible_port) is forwarded to another port of the router.
        type: int
      syslog:
        description: Syslog collector. Not shown by the router.
        type: dict
        suboptions:
          server:
            description: IPv4 address of the collector.
            type: str
            required: true
          port:
            description: UDP port.
            type: int
            default: 514
          topics:
            description: Topics to log. By default everything but calls and wireless.
            type: list
            elements: str
            choices: [firewall, vpn, user_access, call, wan, wlan, router]
      mail_alert:
        description: Mails that the router sends.
        type: dict
        suboptions:
          smtp_address:
            description: IPv4 address of the mail server; the router takes no name.
            type: str
            required: true
          port:
            description: Its port.
            type: int
            default: 25
          recipient:
            description: Address that gets the mails.
            type: str
            required: true
          sender:
            description: Return address.
            type: str
          security:
            description: Encryption; V(starttls) falls back to none. How the router shows it is doubtful, so a change of
              it alone is not noticed.
            type: str
            default: force_starttls
            choices: [plain, tls, starttls, force_starttls]
          username:
            description: Login at the mail server.
            type: str
          password:
            description: Its password. Sent when another mail setting changes or O(write_only=always). The router's
              command log keeps it until a restart.
            type: str
          events:
            description: Events that are mailed.
            type: list
            elements: str
            default: [dos_attack]
            choices: [dos_attack, vpn_log, reboot_debug_log]
      clock:
        description: Time settings.
        type: dict
        suboptions:
          server:
            description: Time server.
            type: str
          zone:
            description: The router's number of the zone, 1 to 73, or a name of the IANA time zone database. A name that
              the router's list has no number for leaves the zone as it is, and RV(controls) says so.
            type: str
          daylight_saving:
            description: Summer time of Europe. By default on for a named zone that has it. Not shown by the router.
            type: bool
      new_password:
        description:
          - The administrator's new password, 12 to 83 characters. Replaces C(ansible_password) on the router; a fresh
            login with it is the proof. Afterwards set C(ansible_password) to it.
          - Where C(ansible_password) is refused, this one is tried once, because an earlier run may have set it.
          - There is no other way to set it on the command line than one that holds both passwords, and the router's
            command log keeps them until a restart.
        type: str
  state:
    description:
      - V(merged) adds what is declared. V(replaced) also removes entries of the collection that are no longer declared
        from the access list, V(overridden) existing entries too.
      - V(deleted) removes the collection's entries from the access list. Everything else stays, because its former
        value is unknown. Refused where that would let the whole internet try to log in.
      - V(gathered) only reads. V(rendered) returns the commands for a router on which nothing is set, V(parsed) reads
        O(running_config); both need no device.
    type: str
    default: replaced
    choices: [merged, replaced, overridden, deleted, gathered, rendered, parsed]
notes:
  - How C(mngt rmtcfg status) looks is not documented. Where it is not understood, management from the internet is set
    without being read.
  - On the Vigor 3912 a changed access list may apply only after a restart. The router is never restarted unasked.
seealso:
  - module: voipsec.hardening.draytek_firewall
  - module: voipsec.hardening.enrol_host_key
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Manage the router from the declared networks only
  voipsec.hardening.draytek_system:
    config: "{{ lookup('voipsec.hardening.desired', 'router_system') }}"
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"

- name: One router, written out
  voipsec.hardening.draytek_system:
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
    config:
      management_networks: [198.51.100.7/32]
      remote_access: {enabled: true, services: [https, ssh]}
      brute_force: {failures: 5, penalty: 1800}
      snmp: false
      upnp: false
      ftp_server: false
      syslog: {server: 192.168.10.20}
      clock: {server: ntp.example.net, zone: Europe/London}

- name: A new administrator's password, from vault
  voipsec.hardening.draytek_system:
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
    state: merged
    config:
      new_password: "{{ vault_router_password_new }}"

- name: Read how the router is managed
  voipsec.hardening.draytek_system:
    state: gathered
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
  register: system
"""

RETURN = r"""
commands:
  description: The commands that were sent, or in check mode would be, in order. Passwords are replaced by asterisks.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: list
  elements: str
  sample: ["mngt accesslist add 1 96", "sys commit"]
steps:
  description: The same in words.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: list
  elements: str
  sample: ["management is allowed from vs_mgmt_96 198.51.100.7"]
notes:
  description: What the user should know besides, and what the router did not show in a known form.
  returned: when O(state) is V(merged), V(replaced), V(overridden), V(deleted) or V(rendered)
  type: list
  elements: str
  sample: []
controls:
  description: How each declared control stands. C(enforced) was written in this run, C(verified) was read and is right,
    C(attested) was written by an earlier run and cannot be read, C(unsupported) is not possible here,
    C(not declared) was left as it is.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: dict
  sample: {management_networks: verified, brute_force: verified, upnp: attested}
router:
  description: What the router says of itself.
  returned: when O(state) is not V(rendered) or V(parsed)
  type: dict
  sample: {model: Vigor2927Vac, firmware: 4.4.0, name: DrayTek}
gathered:
  description: What was read. A part that the router did not show in a known form is null and named in C(unread).
  returned: when O(state=gathered)
  type: dict
  sample: {management_networks: [vs_mgmt_96 198.51.100.7], remote_access: {enabled: false, services: []}, unread: []}
parsed:
  description: The same, from O(running_config).
  returned: when O(state=parsed)
  type: dict
  sample: {management_networks: [], remote_access: null, unread: []}
rendered:
  description: Commands for a router on which nothing is set.
  returned: when O(state=rendered)
  type: list
  elements: str
  sample: ["mngt bfp -l 5 -p 1800 -s All -e 1"]
logins:
  description: How many SSH logins the run made.
  returned: when O(state) is not V(rendered) or V(parsed)
  type: int
  sample: 1
commands_sent:
  description: How many command lines the run sent, reading and writing.
  returned: when O(state) is not V(rendered) or V(parsed)
  type: int
  sample: 8
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.core import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
