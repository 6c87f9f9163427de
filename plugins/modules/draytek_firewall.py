#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage the firewall of a DrayTek Vigor."""

from __future__ import annotations

DOCUMENTATION = r"""
module: draytek_firewall
short_description: Manage the firewall of a DrayTek Vigor
version_added: 0.1.0
description:
  - Allows the declared peers to reach the PBX's SIP and RTP ports from the internet and blocks everybody else, with the
    data filter of a DrayTek Vigor that runs DrayOS 3 or 4. Also limits the open ports that lead to the PBX, reports
    every other forward, switches SIP ALG off and configures the DoS defence.
  - Keeps address, service and country objects, their groups, and as many filter sets of its own as the rules need. The
    sets come first in the data filter and lead to the set that was first before, so existing rules keep working.
  - Active rules are never edited. New ones are built beside them, read back, and activated by a single command. Then
    the module reads the router again, tries a fresh login, and only then saves with C(sys commit). If anything fails
    before that, the changes are undone.
  - Profiles and rules without the prefix C(vs_) stay unchanged.
  - Runs on the controller as an action plugin, with one SSH login for each router and a second one when something
    changed.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.draytek.states
options:
  config:
    description:
      - The desired firewall. P(voipsec.hardening.desired#lookup) makes it from the site's declaration.
      - Names and comments begin with C(vs_) and have at most 14 characters, letters, digits and underscores. Names that
        begin with C(vs_free), C(vs_old_), C(vs_m_) and C(vs_mgmt_) are the collection's own.
      - Required with every O(state) that compares or renders.
    type: dict
    suboptions:
      address_objects:
        description: Peers, IPv4 or IPv6.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the object.
            type: str
            required: true
          network:
            description:
              - Address, network, or first and last address with a dash between them. A network is written as a range,
                because how the router prints the other forms is not documented.
            type: str
            required: true
          inverted:
            description: Whether the object means every other address.
            type: bool
            default: false
      address_groups:
        description: Groups of peers, all of one address family.
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
      country_objects:
        description: Lists of countries.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the object.
            type: str
            required: true
          countries:
            description: The router's own numbers, as C(object country list) shows them.
            type: list
            elements: int
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
            description: Destination port or range, such as V(5060), V(9000-10999), V(!=5060), V(>1023) or V(<1024).
            type: str
            required: true
          source_ports:
            description: Source port or range in the same form; any by default.
            type: str
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
          - Rules in order. Each filter set takes seven; the router has room for 84. While rules are exchanged, the new
            sets need room beside the old ones.
          - At least one must block for everybody from the internet, unless O(state=merged).
        type: list
        elements: dict
        suboptions:
          direction:
            description: Which way the packet goes. The LAN side includes DMZ, routed subnet and VPN.
            type: str
            default: wan_to_lan
            choices: [lan_to_wan, wan_to_lan, lan_to_lan]
          source_interfaces:
            description: Interfaces that the packet comes in by, such as V(WAN1) or V(LAN2); all of the direction's
              side by default.
            type: list
            elements: str
            default: []
          destination_interfaces:
            description: Interfaces that the packet leaves by; all of the direction's side by default.
            type: list
            elements: str
            default: []
          sources:
            description: Name of an address group, address object or country object; anyone by default. A rule that
              passes from the internet must have it.
            type: str
          destinations:
            description: Name of an address group, address object or country object; everywhere by default. The
              router sees the address inside, after NAT.
            type: str
          services:
            description: Name of a service group or service object; every port by default.
            type: str
          fragments:
            description: Which packets, by fragmentation.
            type: str
            default: any
            choices: [any, unfragmented, fragmented, too_short]
          action:
            description: What happens to a matching packet. V(pass) and V(block) decide at once.
            type: str
            required: true
            choices: [pass, block, pass_if_no_further_match, block_if_no_further_match]
          log:
            description: Whether the router logs matching packets.
            type: bool
            default: true
          branch:
            description: Number of another filter set in which evaluation goes on, without coming back; V(0) for
              none.
            type: int
            default: 0
          schedules:
            description: Up to four of the router's schedules, V(1) to V(15), outside which the rule does not apply.
            type: list
            elements: int
            default: []
          clear_sessions:
            description: Whether running sessions end when a schedule begins.
            type: bool
            default: false
          comment:
            description: Comment, by which the rule is recognised on the router.
            type: str
            required: true
          enabled:
            description: Whether the rule is active. A rule that is not stays on the router, disabled.
            type: bool
            default: true
      general:
        description: General setup of the filter. What is left out stays unchanged.
        type: dict
        suboptions:
          default_action:
            description: What happens to a packet that matches no rule. V(block) needs a pass rule for everything from
              LAN to WAN, or the site would be cut off.
            type: str
            choices: [pass, block]
          strict:
            description: Strict security firewall.
            type: bool
          block_routing_v4:
            description: Block routed IPv4 packets from the internet.
            type: bool
          block_routing_v6:
            description: Block routed IPv6 packets from the internet.
            type: bool
          large_fragments:
            description: Accept large incoming fragmented UDP and ICMP packets.
            type: bool
          transparent:
            description: Transparent mode.
            type: bool
      nat:
        description: Open ports, redirections and DMZ hosts.
        type: dict
        suboptions:
          address:
            description: The PBX.
            type: str
          ports:
            description: Its voice ports, such as V(5060) or V(9000-10999).
            type: list
            elements: str
          sources:
            description: Address group to which open ports of O(config.nat.ports) are limited, on models whose command
              line can (Vigor 3912). The router does not show an open port's sources, so C(_vs) and the group's index
              are added to its comment.
            type: str
          known:
            description: Other forwards that are wanted.
            type: list
            elements: dict
            suboptions:
              address:
                description: Address inside.
                type: str
                required: true
              ports:
                description: Port or range outside.
                type: str
                required: true
          watched:
            description: Ports that no forward should lead to unless it is declared. Such a forward is reported, and
              switched off with O(state=overridden). A DMZ host always counts.
            type: list
            elements: str
      sip_alg:
        description: Whether the router may rewrite SIP.
        type: bool
      dos:
        description:
          - DoS defence. The router does not show these settings, so a digest of what was last sent is kept as the
            name of an unused IPv6 object on the router, C(vs_m_d) and eight digits; they are sent again when it
            differs. See O(write_only).
          - Port scan defence is not set, because its keyword is doubtful in the manual.
        type: dict
        suboptions:
          concurrent_calls:
            description: Concurrent calls. A UDP threshold below what their audio needs is refused.
            type: int
          udp_flood:
            description: UDP packets.
            type: dict
            suboptions: &flood
              threshold:
                description: Packets a second that are let through, at least 21.
                type: int
                required: true
              timeout:
                description: Seconds for which the excess is blocked, at least 6.
                type: int
                default: 10
          syn_flood:
            description: TCP SYN packets.
            type: dict
            suboptions: *flood
          icmp_flood:
            description: ICMP packets.
            type: dict
            suboptions: *flood
          attacks:
            description: Malformed packets to drop, by the router's names.
            type: list
            elements: str
            choices: [ip_option, tcp_flag, land, teardrop, smurf, pingofdeath, traceroute, icmp_frag, syn_frag,
              unknow_proto, fraggle]
          log:
            description: Whether they are logged.
            type: bool
            default: true
          allow:
            description: Single addresses that never count as a flood. Added to the router's list of sixteen.
            type: list
            elements: str
          block:
            description: Single addresses that are always blocked. Added to the router's list of sixteen.
            type: list
            elements: str
  state:
    description:
      - V(merged) adds to the rules of the collection. New pass rules go before its first block rule, new block rules to
        the end.
      - V(replaced) makes the collection's own part as declared. Existing rules stay active behind it.
      - V(overridden) ends the data filter behind the collection's rules, so that existing rules have no effect. It
        switches off every undeclared forward to a watched port and removes undeclared entries from the DoS lists that
        are declared. Nothing is deleted.
      - V(deleted) takes the collection's filter sets out of the data filter. Profiles stay, named C(vs_free), because
        DrayOS has no documented way to delete a single one. Limited open ports stay limited, because what they were
        limited to before cannot be read.
      - V(gathered) only reads.
      - V(rendered) returns the commands for a router on which nothing is in use, without a device.
      - V(parsed) reads O(running_config) instead of a device.
    type: str
    default: replaced
    choices: [merged, replaced, overridden, deleted, gathered, rendered, parsed]
  refresh_flows:
    description:
      - Whether the router's table of known flows is refreshed (C(ipf flowtrack set -r)) after new rules are saved.
        Without it, flows that were allowed before continue, a scanner's as well as a running call.
      - V(when_closing) does so when the firewall was open before, V(always) whenever rules change. Running calls may be
        cut for a moment; that is inferred, not documented.
    type: str
    default: when_closing
    choices: [when_closing, always, never]
  proof_targets:
    description:
      - Addresses and ports that must answer, or stay silent, before the change is saved. The probes leave from where
        the module runs. If one target is not as expected, everything is taken back. A target that must stay silent
        needs one that must answer beside it, because a dead line is silent too.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: IP address.
        type: str
        required: true
      port:
        description: Port.
        type: int
        required: true
      transport:
        description: V(tcp_connect) opens a TCP connection and sends nothing; the others send SIP OPTIONS.
        type: str
        default: udp
        choices: [udp, tcp, tls, tcp_connect]
      expect:
        description: What it must do.
        type: str
        default: answered
        choices: [answered, silent]
  confirm_with_reboot_timer:
    description:
      - Schedule a restart in an hour before anything is sent, and cancel it once a fresh login has worked. If the line
        is cut meanwhile, the router restarts and forgets what was not saved.
      - That a restart does so is known from field notes only, so do not rely on it alone. A restart that was already
        scheduled on the router is cancelled too, because the router does not show it.
    type: bool
    default: false
  backup_file:
    description:
      - File on the controller. Before a change, everything read from the router is saved there, encrypted with the
        play's vault secrets. DrayOS has no export on its command line; the web page's backup is still needed for
        the rest.
    type: path
notes:
  - How a rule shows its objects is not documented, so an index, a name and the addresses themselves are understood.
    Anything else counts as a difference.
  - A flow that was allowed before continues when a rule is tightened, unless O(refresh_flows) says otherwise.
  - Do not use the collection's profiles in rules of your own. Their slots are reused.
  - O(state=parsed) reads what O(backup_file) holds, decrypted.
seealso:
  - module: voipsec.hardening.draytek_system
  - module: voipsec.hardening.draytek_info
  - module: voipsec.hardening.enrol_host_key
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Allow SIP from the providers and the remote sites only
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

- name: Add a camera that only the head office may see
  voipsec.hardening.draytek_firewall:
    state: merged
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
    config:
      address_objects:
        - {name: vs_hq, network: 198.51.100.8-198.51.100.15}
      address_groups:
        - {name: vs_hq_group, members: [vs_hq]}
      service_objects:
        - {name: vs_camera, ports: "8080", protocol: tcp}
      rules:
        - {comment: vs_camera, action: pass, sources: vs_hq_group, services: vs_camera, source_interfaces: [WAN1]}
        - {comment: vs_nocamera, action: block, services: vs_camera}

- name: Read the firewall
  voipsec.hardening.draytek_firewall:
    state: gathered
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
  register: firewall

- name: Show the firewall before the last change, from the encrypted backup
  voipsec.hardening.draytek_firewall:
    state: parsed
    running_config: "{{ lookup('ansible.builtin.unvault', inventory_dir ~ '/router.before.vault.txt') }}"
"""

RETURN = r"""
commands:
  description: The commands that were sent, or in check mode would be, in order.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: list
  elements: str
  sample: ["ipf set 12 -m voipsec_dirty", "object service obj 96 -n vs_sip_5060"]
steps:
  description: The same in words.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: list
  elements: str
  sample: ["make vs_sip_5060", "rule 12:4 block vs_svc_block from anyone"]
notes:
  description: Other remarks for the user.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: list
  elements: str
  sample: []
unsupported:
  description: What this router cannot do or does not show, each with the reason.
  returned: when O(state) is V(merged), V(replaced), V(overridden), V(deleted) or V(rendered)
  type: list
  elements: str
  sample: ["open port 1.1 (PBX): udp 5060 to 192.168.10.10: no command to limit the sources of an open port is
    documented for the Vigor2927, so only the filter rules close them."]
exposures:
  description: Every open port, redirection and DMZ host, before the run.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: list
  elements: str
  sample: ["open port 1.1 (PBX): udp 5060 to 192.168.10.10"]
unknown_exposures:
  description: Those to watched ports that are not declared and still open.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: list
  elements: str
  sample: ["redirection 2: tcp 443 to 192.168.10.20"]
posture:
  description: Who may reach the voice ports, before and after, as far as the data filter decides.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
  type: dict
  sample:
    before: {closed: false, ipv6_closed: false, blocked_ports: [], allowed: []}
    after: {closed: true, ipv6_closed: true, blocked_ports: ["tcp/udp 5060"], allowed: ["vs_gamma_1
    203.0.113.0-203.0.113.63 to tcp/udp 5060"]}
router:
  description: Model, firmware and name of the router.
  returned: when O(state) is not V(rendered) or V(parsed)
  type: dict
  sample: {model: Vigor2927Vac, firmware: 4.4.0, name: DrayTek}
gathered:
  description: The firewall as it was found. C(config) has the shape of O(config), with our own part only.
  returned: when O(state=gathered)
  type: dict
  sample: {"start_set": 12, "sets": [12], "next_set": 1, "saved": true, "config": {}, "exposures": []}
parsed:
  description: The same, from O(running_config).
  returned: when O(state=parsed)
  type: dict
  sample: {"start_set": 12, "sets": [12], "next_set": 1, "saved": true, "config": {}, "exposures": []}
rendered:
  description: Commands for a router on which nothing is in use.
  returned: when O(state=rendered)
  type: list
  elements: str
  sample: ["ipf set 12 -m voipsec_dirty"]
logins:
  description: How many SSH logins the run made.
  returned: when O(state) is not V(rendered) or V(parsed)
  type: int
  sample: 1
commands_sent:
  description: How many command lines the run sent, reading and writing.
  returned: when O(state) is not V(rendered) or V(parsed)
  type: int
  sample: 31
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.firewall import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
