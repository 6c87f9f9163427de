#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a site's whole declaration before any device is touched."""

from __future__ import annotations

DOCUMENTATION = r"""
module: site_declaration
short_description: Check a site's whole declaration before any device is touched
version_added: 0.1.0
description:
  - Checks the types and the meaning of everything that is declared about a customer's site, and tells all problems
    at once, each with variable, value and what would be valid.
  - Every option that the task leaves out is taken from the play's variable of the same name. So the options are also
    the documentation of the variables in C(inventories/<customer>).
  - Talks to no device, writes nothing, and runs on the controller.
extends_documentation_fragment:
  - voipsec.hardening.attributes
options:
  site:
    description: The customer, and who manages the site. Needed.
    type: dict
    suboptions:
      name:
        description: Short name. Letters, digits, dots, dashes and underscores.
        type: str
        required: true
      country:
        description: Where the site is, as a two-letter code of ISO 3166. It must be in O(allowed_countries).
        type: str
        required: true
      time_zone:
        description: A name of the IANA time zone database, for example V(Europe/London).
        type: str
        required: true
      management:
        description: IPv4 addresses and networks from where the site is managed. No wider than /24.
        type: list
        elements: str
        required: true
      office_hours:
        description:
          - When the office is open, as a text or as a mapping of days to hours. A day that is not named is closed.
          - For example V(mon-fri 09:00-17:30, sat 09:00-12:00).
        type: raw
  pbx:
    description: Where the PBX is, and where it listens. Needed.
    type: dict
    suboptions:
      address:
        description: IPv4 address on the LAN.
        type: str
        required: true
      server_name:
        description: Name or address that phones register with and that the certificate bears.
        type: str
        required: true
      sip_ports:
        description: Ports of SIP, on UDP and TCP. The router closes them to everybody but providers and remote sites.
        type: list
        elements: int
        default: [5060, 5061]
      tls_port:
        description: The one of O(pbx.sip_ports) that speaks TLS.
        type: int
        default: 5061
      rtp_ports:
        description:
          - Ports of speech, for example V(9000-10999).
          - Without them the router neither opens nor closes ports of speech.
        type: str
      local_networks:
        description: Networks of the LAN. O(pbx.address) must be in one of them.
        type: list
        elements: str
        default: []
      product:
        description:
          - What it is. A Yeastar needs it, because its edition decides what has to be set by hand.
          - V(yeastar_appliance), V(yeastar_software) and V(yeastar_cloud) are the editions of the P-Series.
        type: str
        choices: [threecx, yeastar_appliance, yeastar_software, yeastar_cloud, yeastar_s]
  trunk_providers:
    description: Telephone companies whose servers may reach the PBX. Needed, but may be empty.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name, once among providers and remote sites.
        type: str
        required: true
      signalling:
        description: Public IPv4 networks of the provider's SIP servers. No wider than /20.
        type: list
        elements: str
        required: true
      media:
        description:
          - Public IPv4 networks that the provider's speech comes from.
          - O(trunk_providers[].signalling) without it.
        type: list
        elements: str
      ports:
        description:
          - Ports of the PBX that the provider may reach, out of O(pbx.sip_ports).
          - Without it the first one that is not O(pbx.tls_port).
          - With O(trunk_providers[].transport=tls) it is O(pbx.tls_port) instead.
        type: list
        elements: int
      transport:
        description: Transport of SIP.
        type: str
        default: udp
        choices: [udp, tcp, tls]
  remote_sites:
    description: Offices and homes whose phones reach the PBX from outside.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name, once among providers and remote sites.
        type: str
        required: true
      address:
        description: Public IPv4 address, or network no wider than /29. Needed, unless O(remote_sites[].vpn=true).
        type: str
      fqdn:
        description:
          - Name of a site whose address changes. It is not resolved.
          - It needs O(remote_sites[].address), the address that the name has now, and O(remote_sites[].expires).
        type: str
      expires:
        description:
          - Last day on which the address is let in, for example V(2027-03-31).
          - After it the address is left out, with a warning.
        type: str
      vpn:
        description: Whether the site comes in through a VPN. The router then needs no opening for it.
        type: bool
        default: false
      extensions:
        description: Numbers of the extensions at this site. They must be declared in O(extensions).
        type: list
        elements: str
        default: []
      transport:
        description: Transport of SIP.
        type: str
        default: tls
        choices: [tls, tcp, udp]
  extensions:
    description: Users' numbers.
    type: list
    elements: dict
    suboptions:
      number:
        description: 2 to 8 digits, in quotes. No emergency number, and none that begins with one.
        type: str
        required: true
      name:
        description: What phones display.
        type: str
        required: true
      phone:
        description: The desk phone. It needs O(provisioning).
        type: dict
        suboptions:
          mac:
            description: MAC address, with or without separators, in quotes.
            type: str
            required: true
          model:
            description: Model as on the label, for example V(T46U).
            type: str
            required: true
          firmware:
            description: Firmware version as the phone shows it, for example V(108.86.0.118).
            type: str
          listen_port:
            description: Port on which it listens for SIP, outside 11780 to 12780, where its speech is.
            type: int
          vlan:
            description: As O(phone_policy.vlan), for this phone.
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
                description: VLAN of a computer behind the phone.
                type: int
              pc_priority:
                description: Its priority, 0 to 7.
                type: int
          enrolled:
            description: V(false) for a phone that has to find its provisioning server by DHCP or PnP first.
            type: bool
            default: true
      outside_lan:
        description:
          - Whether the phone reaches the PBX over the internet.
          - Leave it out for an extension that O(remote_sites) claims; it follows from there.
        type: bool
      generation:
        description: Raise it to have new credentials made for this extension. Without it they stay as they are.
        type: int
  allowed_countries:
    description: Countries that may be called, as two-letter codes of ISO 3166. O(site.country) alone without it.
    type: list
    elements: str
  barred_numbers:
    description:
      - Beginnings of numbers that no extension may dial. An emergency number cannot be barred.
      - Written to a PBX where the inventory has one.
    type: list
    elements: str
  lockout:
    description: When an address is blocked, and for how long.
    type: dict
    suboptions:
      failed_attempts:
        description: Wrong passwords before the block, 1 to 10.
        type: int
        default: 5
      within:
        description: Time in which they are counted, as V(600), V(10m), V(1h) or V(1d). At least 5 minutes.
        type: str
        default: 10m
      block_for:
        description: Time of the block. At least 30 minutes.
        type: str
        default: 24h
  concurrent_calls:
    description: Calls at the same time. V(1) without it.
    type: int
  flood:
    description: The router's flood defence.
    type: dict
    suboptions:
      udp_packets_per_second:
        description:
          - Rate above which the router drops UDP packets. Without it 2000, or what the speech of
            O(concurrent_calls) needs, if that is more.
          - Checked against O(concurrent_calls), so that it does not cut speech.
        type: int
  router:
    description: How the router itself is managed. What is left out stays as it is on the router.
    type: dict
    suboptions:
      remote_management:
        description: Whether its web page and SSH answer on the internet side, to O(site.management) only.
        type: bool
      https_port:
        description: Port of its web page.
        type: int
      ssh_port:
        description: Its SSH port. Set C(ansible_port) to it after the run that changes it.
        type: int
      syslog_server:
        description: IPv4 address of the log collector.
        type: str
      syslog_port:
        description: Its UDP port.
        type: int
        default: 514
      time_server:
        description: Where it gets the time.
        type: str
      smtp_address:
        description: IPv4 address of the mail server of O(alerts.smtp), because the router takes no name.
        type: str
      known_port_forwards:
        description: Ways in through the router, besides those to the PBX's voice ports, that are meant to be.
        type: list
        elements: dict
        suboptions:
          address:
            description: Address inside.
            type: str
            required: true
          ports:
            description: Port or range of ports on the internet side.
            type: str
            required: true
  credentials:
    description: What generated credentials look like.
    type: dict
    suboptions:
      password_length:
        description: Characters of a password, 16 to 50.
        type: int
        default: 20
      pin_length:
        description: Digits of a PIN, 6 to 10.
        type: int
        default: 6
      generation:
        description: Raise it to have new credentials made for all extensions.
        type: int
        default: 1
  alerts:
    description: Who is told, and how mail is sent.
    type: dict
    suboptions:
      to:
        description: Mail addresses.
        type: list
        elements: str
        required: true
      sender:
        description: Mail address of the sender.
        type: str
      smtp:
        description: The mail server that takes alerts.
        type: dict
        suboptions:
          host:
            description: Name or address.
            type: str
            required: true
          port:
            description: Port.
            type: int
            default: 587
          security:
            description: How the connection is encrypted. V(none) is refused together with a password.
            type: str
            default: starttls
            choices: [starttls, tls, none]
          username:
            description: User. It needs O(alerts.smtp.password).
            type: str
          password:
            description: Password. Keep it in a vault.
            type: str
  antivirus:
    description: Anti-malware on the PBX host. Without it nothing is installed there.
    type: dict
    suboptions:
      product:
        description: What scans. V(off_host) installs nothing on the PBX host and looks at it from another one.
        type: str
        default: clamav
        choices: [clamav, avast, off_host]
      scan_at:
        description: Time of the daily scan, in quotes.
        type: str
        default: "03:00"
      acknowledge_unsupported:
        description: What the role C(antivirus) may do on the host of a 3CX although 3CX then no longer supports it, by
          name.
        type: list
        elements: str
        default: []
  attestations:
    description:
      - Controls that no API can set, and that somebody has set by hand and looked at.
      - The checklist that M(voipsec.hardening.yeastar_security) writes names them.
    type: list
    elements: dict
    suboptions:
      control:
        description: Name of the control, such as V(static_defence).
        type: str
        required: true
      confirmed_by:
        description: Who looked.
        type: str
        required: true
      confirmed_on:
        description: The day, for example V(2026-11-20).
        type: str
        required: true
      settings:
        description: The eight characters beside the control in the checklist. Once the settings change they are others,
          and the confirmation is stale.
        type: str
        required: true
      expires:
        description: Last day on which it counts, at most a year later. 180 days later without it.
        type: str
  provisioning:
    description: Where phones fetch their configuration. Needed where any extension has a phone.
    type: dict
    suboptions:
      by:
        description:
          - V(files) has this collection write the phones' files. V(pbx) is for phones that the PBX provisions itself;
            they get the same settings through the PBX's template, see P(voipsec.hardening.phone_block#lookup).
        type: str
        choices: [files, pbx]
        default: files
      url:
        description: Address of the directory. HTTPS only, without user and password. Needed with V(files); with V(pbx)
          it is where the PBX serves the phones' files, for the audit.
        type: str
      username:
        description: Name for HTTP basic authentication where all phones share one password. It is generated with the
          other credentials.
        type: str
      access:
        description:
          - With what a phone proves itself. V(phone_password) is a password for each phone, whose user name is its MAC
            address, V(phone_path) a folder for each phone that nobody can guess. The role C(yealink_provisioning)
            serves both.
          - V(shared) is one password for all, the default with O(provisioning.username). V(none) is the default
            without.
        type: str
        choices: [phone_password, phone_path, shared, none]
  phone_policy:
    description: What all phones of the site have in common.
    type: dict
    suboptions:
      random_listen_port:
        description: Whether each phone listens on a port of its own instead of 5060. Phones outside the LAN do so
          without being told.
        type: bool
      web_interface:
        description: The phone's own web pages, over HTTPS with passwords of its own, or V(off).
        type: str
        choices: [https, 'off']
        default: https
      check_sync:
        description: Whether the PBX may make a phone fetch its configuration (SIP NOTIFY C(check-sync)).
        type: str
        choices: [reload, ignore]
        default: reload
      lock:
        description:
          - The keypad lock. It opens with the voicemail's PIN. Emergency numbers stay dialable.
          - It is not set on phones that the PBX provisions (O(provisioning.by=pbx)), whose template can hold no PIN.
        type: dict
        suboptions:
          after:
            description: Time without a key pressed, at most V(1h). V(0) locks by hand only.
            type: str
            default: 5m
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
            description: VLAN of the phones' own traffic, 1 to 4094.
            type: int
            required: true
          priority:
            description: Its priority, 0 to 7.
            type: int
          pc_id:
            description: VLAN of computers behind the phones.
            type: int
          pc_priority:
            description: Its priority, 0 to 7.
            type: int
      dot1x:
        description: How phones prove themselves to the switch. The password is a secret setting of the role C(yealink).
        type: dict
        suboptions:
          method:
            description: EAP method.
            type: str
            choices: [md5, tls, peap]
            required: true
          identity:
            description: Name. The phone's MAC address without it.
            type: str
          ca_url:
            description: Address of the authority's certificate.
            type: str
          client_certificate_url:
            description: Address of the client's certificate, for V(tls).
            type: str
      trusted_certificate:
        description: Address of the certificate of an own authority that phones shall trust.
        type: str
      block_countries:
        description:
          - Whether phones refuse to dial countries that are not in O(allowed_countries), and O(barred_numbers), as far
            as they have room.
          - The PBX is the first barrier.
        type: bool
        default: true
author:
  - voipsec.hardening contributors (@voipsec)
seealso:
  - plugin: voipsec.hardening.desired
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Check the declaration of this customer's inventory
  voipsec.hardening.site_declaration:
  run_once: true

- name: Check what would change with more calls
  voipsec.hardening.site_declaration:
    concurrent_calls: 30
  run_once: true
"""

RETURN = r"""
summary:
  description: The declaration in numbers, and who may reach SIP.
  returned: success
  type: dict
  sample:
    site: acme
    trunk_providers: 1
    remote_sites: 1
    extensions: 2
    phones: 2
    allowed_countries: [GB, IE]
    may_reach_sip:
      - "203.0.113.0/26 (trunk provider gamma): ports 5060"
      - "192.0.2.10/32 (remote site ipswich): ports 5061"
      - "everybody else: nothing on ports 5060, 5061"
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.site.summary import CORE


def main() -> None:
    """Says that it runs on the controller only; the action plugin of the same name does the work."""
    run_module(CORE)


if __name__ == "__main__":
    main()
