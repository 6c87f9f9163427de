#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep a DrayTek Vigor's voice firewall as declared."""

from __future__ import annotations

DOCUMENTATION = r"""
module: draytek_firewall
short_description: Keep a DrayTek Vigor's voice firewall as declared
version_added: 0.1.0
description:
  - Lets the declared peers reach the PBX's SIP and RTP ports from the internet and blocks everybody else, with the
    data filter of a DrayTek Vigor that runs DrayOS 3 or 4.
  - Keeps IPv4 address objects and groups, service objects and groups, and one filter set of its own. The set becomes
    the first of the data filter and leads on to the set that was first before, so all other rules work as they did.
  - Reads the router, plans, sends only what differs, reads back, proves that a fresh login works, and only then saves
    with C(sys commit). If anything fails before that, what was sent is taken back.
  - Objects and rules that do not bear the prefix C(vs_) are left as they are.
  - Runs on the controller as an action plugin, with one SSH login for each router and a second one when something
    changed.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
options:
  config:
    description:
      - What the firewall should be. Made from the site's declaration by P(voipsec.hardening.desired#lookup).
      - Names and comments begin with C(vs_) and have at most 14 characters, letters, digits and underscores.
      - Required with O(state=replaced) and O(state=rendered).
    type: dict
    suboptions:
      address_objects:
        description: Peers.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the object.
            type: str
            required: true
          network:
            description: IPv4 address or network. A network is written as a range.
            type: str
            required: true
      address_groups:
        description: Groups of peers.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the group.
            type: str
            required: true
          members:
            description: Names of address objects.
            type: list
            elements: str
            required: true
      service_objects:
        description: Ports.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the object.
            type: str
            required: true
          ports:
            description: Destination port, or first and last port with a dash between them.
            type: str
            required: true
          protocol:
            description: Protocol.
            type: str
            default: tcp/udp
            choices: [any, icmp, igmp, tcp, udp, icmpv6, tcp/udp]
      service_groups:
        description: Groups of ports.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the group.
            type: str
            required: true
          members:
            description: Names of service objects.
            type: list
            elements: str
            required: true
      rules:
        description:
          - Rules from WAN to LAN, in order. At most six pass rules and one block rule.
          - The block rule always stands in the last slot of the set, behind all pass rules.
        type: list
        elements: dict
        suboptions:
          comment:
            description: Comment, by which the rule is known.
            type: str
            required: true
          action:
            description: What happens to a matching packet, at once.
            type: str
            required: true
            choices: [pass, block]
          sources:
            description: Name of an address group. Required for a pass rule; left out for the block rule, which is for
              everybody.
            type: str
          services:
            description: Name of a service group.
            type: str
            required: true
          log:
            description: Whether the router logs matching packets.
            type: bool
            default: true
  state:
    description:
      - V(replaced) makes the collection's own part as declared; what others made stays.
      - V(deleted) takes the collection's filter set out of the data filter. Its objects stay, unused, because DrayOS
        documents no way to delete a single one.
      - V(gathered) only reads.
      - V(rendered) returns the commands for a router on which nothing is in use, without a device.
    type: str
    default: replaced
    choices: [replaced, deleted, gathered, rendered]
  known_hosts_file:
    description:
      - File in OpenSSH's known_hosts form with the router's host key. A router whose key is not in it is not logged
        in to.
      - Made by M(voipsec.hardening.enrol_host_key). Needed for every state but V(rendered).
    type: path
  timeout:
    description: Seconds to wait for a connection, and for each answer.
    type: int
    default: 20
requirements:
  - netmiko >= 4.6 on the controller
notes:
  - Works with the Vigor 2927 and 3912 with firmware 4.x; with the Vigor 2862 on firmware 3.x its limits are from
    general knowledge and a warning says so. Every other model is refused before anything is written.
  - No hardware was available to the authors. The grammar is from the vendor's manual and from device transcripts. How
    a rule shows its objects is not documented, so an index, a name and the addresses themselves are understood;
    anything else counts as a difference.
  - IPv4 only. Rules for IPv6 are not made.
  - Calls that are running when a rule is tightened may go on until they end.
seealso:
  - module: voipsec.hardening.enrol_host_key
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: SIP is for the providers and the remote offices only
  voipsec.hardening.draytek_firewall:
    config: "{{ lookup('voipsec.hardening.desired', 'router') }}"
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"

- name: One provider, written out
  voipsec.hardening.draytek_firewall:
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
    config:
      address_objects:
        - {name: vs_gamma_1, network: 203.0.113.0/26}
      address_groups:
        - {name: vs_peers_1, members: [vs_gamma_1]}
      service_objects:
        - {name: vs_sip_5060, ports: "5060"}
        - {name: vs_sip_5061, ports: "5061"}
      service_groups:
        - {name: vs_svc_1, members: [vs_sip_5060]}
        - {name: vs_svc_block, members: [vs_sip_5060, vs_sip_5061]}
      rules:
        - {comment: vs_allow_1, action: pass, sources: vs_peers_1, services: vs_svc_1}
        - {comment: vs_block, action: block, services: vs_svc_block}

- name: What is there now
  voipsec.hardening.draytek_firewall:
    state: gathered
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
  register: firewall
"""

RETURN = r"""
commands:
  description: The commands that were sent, or in check mode would be, in order.
  returned: when O(state) is V(replaced) or V(deleted)
  type: list
  elements: str
  sample: ["ipf set 12 -m voipsec_dirty", "object service obj 96 -n vs_sip_5060"]
steps:
  description: The same in words.
  returned: when O(state) is V(replaced) or V(deleted)
  type: list
  elements: str
  sample: ["make vs_sip_5060", "rule 12:7 block vs_svc_block from anybody"]
notes:
  description: What the user should know besides.
  returned: when O(state) is V(replaced) or V(deleted)
  type: list
  elements: str
  sample: []
posture:
  description: Who may reach the voice ports, before and after, as far as the data filter decides.
  returned: when O(state) is V(replaced) or V(deleted)
  type: dict
  sample:
    before: {closed: false, blocked_ports: [], allowed: []}
    after: {closed: true, blocked_ports: ["tcp/udp 5060"], allowed: ["vs_gamma_1 203.0.113.0-203.0.113.63 to tcp/udp
    5060"]}
router:
  description: What the router says of itself.
  returned: when O(state) is not V(rendered)
  type: dict
  sample: {model: Vigor2927Vac, firmware: 4.4.0, name: DrayTek}
gathered:
  description: The voice firewall as it was found.
  returned: when O(state=gathered)
  type: dict
  sample: {"data filter starts at set": 2}
rendered:
  description: Commands for a router on which nothing is in use.
  returned: when O(state=rendered)
  type: list
  elements: str
  sample: ["ipf set 12 -m voipsec_dirty"]
logins:
  description: How many SSH logins the run made.
  returned: when O(state) is not V(rendered)
  type: int
  sample: 1
commands_sent:
  description: How many command lines the run sent, reading and writing.
  returned: when O(state) is not V(rendered)
  type: int
  sample: 31
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.firewall import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.module_face import run_module


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
