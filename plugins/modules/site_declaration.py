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
  - Checks everything that is declared about a customer's site and reports all errors at once, each with the variable,
    its value and what to write instead.
  - An option that the task leaves out is taken from the play's variable of the same name, so the options below also
    document the variables in C(inventories/<customer>).
  - Connects to no device, writes nothing, and runs on the controller.
extends_documentation_fragment:
  - voipsec.hardening.attributes
options:
  site:
    description:
      - The customer, and who manages the site.
      - Required.
    type: dict
    suboptions:
      name:
        description:
          - Short name of the customer.
          - 'Rules: up to 32 letters, digits, dots, dashes and underscores.'
        type: str
        required: true
      country:
        description:
          - Country of the site, a two-letter ISO 3166 code.
          - 'Rules: ISO 3166; in O(allowed_countries).'
        type: str
        required: true
      time_zone:
        description:
          - Name from the IANA time zone database.
          - 'Rules: known to the controller.'
        type: str
        required: true
      management:
        description:
          - IPv4 addresses and networks that you manage the site from.
          - 'Rules: no wider than /24; private ones are fine; no overlap with a provider or a remote
            site.'
        type: list
        elements: str
        required: true
      office_hours:
        description:
          - 'Opening hours: a text such as C(mon-fri 09:00-17:30, sat 09:00-12:00), or a mapping of
            days to hours. A day that is not named is closed.'
          - 'Rules: days of the week; hours do not overlap.'
        type: raw
  pbx:
    description:
      - 'The PBX: where it is, and where it listens.'
      - Required.
    type: dict
    suboptions:
      address:
        description:
          - IPv4 address on the LAN.
          - 'Rules: in O(pbx.local_networks), if these are declared.'
        type: str
        required: true
      server_name:
        description:
          - Host name or IPv4 address that phones register with. The PBX's certificate is for this
            name.
        type: str
        required: true
      sip_ports:
        description:
          - SIP ports, on UDP and TCP. The router closes them to everyone except trunk providers and
            remote sites.
          - 'Rules: 1 to 65535; outside O(pbx.rtp_ports); one other than O(pbx.tls_port) if anyone
            uses UDP or TCP.'
        type: list
        elements: int
        default:
          - 5060
          - 5061
      tls_port:
        description:
          - The SIP port for TLS.
          - 'Rules: 1 to 65535; in O(pbx.sip_ports), if anyone uses TLS.'
        type: int
        default: 5061
      rtp_ports:
        description:
          - Ports for media (RTP).
          - 'Rules: 1024 to 65535.'
          - 'Default: the router neither opens nor closes media ports.'
        type: str
      local_networks:
        description:
          - Networks of the LAN. The roles C(pbx_host) and C(yealink_provisioning) need them to let
            the LAN in.
          - 'Rules: IPv4; no overlap with a provider or a remote site.'
        type: list
        elements: str
      product:
        description:
          - Make and edition. Required for a Yeastar, because the edition decides what has to be set
            by hand. V(yeastar_appliance), V(yeastar_software) and V(yeastar_cloud) are the editions
            of the P-Series.
        type: str
        choices:
          - threecx
          - yeastar_appliance
          - yeastar_software
          - yeastar_cloud
          - yeastar_s
  trunk_providers:
    description:
      - Telephone companies whose servers may reach the PBX. An empty list is a warning.
      - Required.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name, unique among trunk providers and remote sites.
          - 'Rules: up to 32 letters, digits, spaces, dots, dashes and underscores; upper and lower
            case do not differ.'
        type: str
        required: true
      signalling:
        description:
          - Networks of the provider's SIP servers.
          - 'Rules: public IPv4; no wider than /20; no overlap with anyone else''s.'
        type: list
        elements: str
        required: true
      media:
        description:
          - Networks that the provider's media (RTP) comes from.
          - 'Rules: as O(trunk_providers[].signalling).'
          - 'Default: O(trunk_providers[].signalling).'
        type: list
        elements: str
      ports:
        description:
          - SIP ports of the PBX that the provider may reach.
          - 'Rules: 1 to 65535; in O(pbx.sip_ports).'
          - 'Default: the first of O(pbx.sip_ports) that is not for TLS; with O(trunk_providers[].transport=tls)
            it is O(pbx.tls_port).'
        type: list
        elements: int
      transport:
        description:
          - SIP transport.
        type: str
        default: udp
        choices:
          - udp
          - tcp
          - tls
  remote_sites:
    description:
      - Offices and homes whose phones reach the PBX from outside.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name, unique among trunk providers and remote sites.
          - 'Rules: up to 32 letters, digits, spaces, dots, dashes and underscores; upper and lower
            case do not differ.'
        type: str
        required: true
      address:
        description:
          - Public IPv4 address, or a small network. Required unless the site has O(remote_sites[].vpn=true).
          - 'Rules: public; no wider than /29; no overlap with anyone else''s.'
        type: str
      vpn:
        description:
          - Whether the site comes in through a VPN, so that the router needs no rule for it. The role
            C(pbx_host) needs its networks in C(pbx_host_vpn_networks).
          - 'Rules: not together with O(remote_sites[].address), O(remote_sites[].fqdn) or O(remote_sites[].expires).'
        type: bool
        default: false
      fqdn:
        description:
          - 'Host name of a site whose address changes. It is not resolved: declare the current address
            as well, and when it expires.'
          - 'Rules: needs O(remote_sites[].address) and O(remote_sites[].expires).'
        type: str
      expires:
        description:
          - Last day on which the address is allowed in. After it the address is left out, with a warning.
        type: str
      extensions:
        description:
          - Numbers of the extensions at this site.
          - 'Rules: declared in O(extensions); at one site only.'
        type: list
        elements: str
      transport:
        description:
          - SIP transport of the site's phones.
        type: str
        default: tls
        choices:
          - tls
          - tcp
          - udp
  extensions:
    description:
      - Extension numbers and their desk phones.
    type: list
    elements: dict
    suboptions:
      number:
        description:
          - Extension number.
          - 'Rules: 2 to 8 digits; unique; not an emergency number and not beginning with one.'
        type: str
        required: true
      name:
        description:
          - Name that phones display.
          - 'Rules: 1 to 64 printable characters; a name used twice is a warning.'
        type: str
        required: true
      phone:
        description:
          - The desk phone.
          - 'Rules: O(provisioning) is declared.'
        type: dict
        suboptions:
          mac:
            description:
              - MAC address from the label, with or without separators.
              - 'Rules: unique.'
            type: str
            required: true
          model:
            description:
              - Model as on the label.
            type: str
            required: true
          firmware:
            description:
              - Firmware version as the phone shows it. It decides which settings the phone understands.
              - 'Default: the newest firmware generation of the model.'
            type: str
          listen_port:
            description:
              - Port on which the phone listens for SIP.
              - 'Rules: 1024 to 65535, except 11780 to 12780, which are its media ports.'
              - 'Default: 5060, and outside the LAN a port of its own; see O(phone_policy.random_listen_port).'
            type: int
          vlan:
            description:
              - VLANs of this phone.
              - 'Default: O(phone_policy.vlan).'
            type: dict
            suboptions:
              id:
                description:
                  - VLAN of the phone's own traffic.
                  - 'Rules: 1 to 4094.'
                type: int
                required: true
              priority:
                description:
                  - 802.1p priority of the phone's traffic.
                  - 'Rules: 0 to 7.'
                type: int
              pc_id:
                description:
                  - VLAN of a computer behind the phone.
                  - 'Rules: 1 to 4094.'
                type: int
              pc_priority:
                description:
                  - 802.1p priority of that computer.
                  - 'Rules: 0 to 7.'
                type: int
          enrolled:
            description:
              - V(false) for a phone that still has to find its provisioning server by DHCP or PnP.
            type: bool
            default: true
      outside_lan:
        description:
          - Whether the phone or app reaches the PBX over the internet. Leave it out for an extension
            of a remote site.
          - 'Rules: not V(false) at a remote site without VPN.'
          - 'Default: it follows from O(remote_sites).'
        type: bool
      generation:
        description:
          - Raise it to give this extension new credentials.
          - 'Rules: 1 to 999999.'
          - 'Default: the credentials stay as they are.'
        type: int
  allowed_countries:
    description:
      - Countries that may be called, as two-letter ISO 3166 codes.
      - 'Rules: includes O(site.country).'
      - 'Default: the site''s own country.'
    type: list
    elements: str
  lockout:
    description:
      - When an address is blocked, and for how long.
    type: dict
    suboptions:
      failed_attempts:
        description:
          - Wrong passwords before the address is blocked.
          - 'Rules: 1 to 10 (Cyber Essentials allows at most 10).'
        type: int
        default: 5
      within:
        description:
          - Time in which they are counted.
          - 'Rules: 5m to 366d (Cyber Essentials counts guesses over 5 minutes).'
        type: str
        default: 10m
      block_for:
        description:
          - Length of the block.
          - 'Rules: 30m to 366d (3CX blocks for 30 minutes; 24h is usual).'
        type: str
        default: 24h
  concurrent_calls:
    description:
      - Calls at the same time, at most.
      - 'Rules: 1 to 5000.'
      - 'Default: 1.'
    type: int
  credentials:
    description:
      - What generated credentials look like.
    type: dict
    suboptions:
      password_length:
        description:
          - Characters of a generated password.
          - 'Rules: 16 to 50 (the least that every Yeastar takes and the most that a 3CX takes).'
        type: int
        default: 20
      pin_length:
        description:
          - Digits of a generated PIN.
          - 'Rules: 6 to 10 (shorter PINs are guessed, 10 is the most that a 3CX takes).'
        type: int
        default: 6
      generation:
        description:
          - Raise it to give every extension new credentials.
          - 'Rules: 1 to 999999.'
        type: int
        default: 1
  alerts:
    description:
      - Who is notified, and through which mail server.
    type: dict
    suboptions:
      to:
        description:
          - Mail addresses of the recipients.
        type: list
        elements: str
        required: true
      sender:
        description:
          - Mail address of the sender.
        type: str
      smtp:
        description:
          - The mail server that takes alerts.
        type: dict
        suboptions:
          host:
            description:
              - Host name or IPv4 address.
            type: str
            required: true
          port:
            description:
              - Port.
              - 'Rules: 1 to 65535.'
            type: int
            default: 587
          security:
            description:
              - Encryption of the connection.
              - 'Rules: not V(none) together with a password.'
            type: str
            default: starttls
            choices:
              - starttls
              - tls
              - none
          username:
            description:
              - User name.
              - 'Rules: together with O(alerts.smtp.password).'
            type: str
          password:
            description:
              - Password. Keep it in a vault.
            type: str
  antivirus:
    description:
      - Malware scans of the PBX host.
      - 'Default: nothing is installed on the PBX host.'
    type: dict
    suboptions:
      product:
        description:
          - The scanner. V(off_host) installs nothing on the PBX host and scans it from another one.
        type: str
        default: clamav
        choices:
          - clamav
          - avast
          - off_host
      scan_at:
        description:
          - Time of the daily scan.
        type: str
        default: 03:00
      acknowledge_unsupported:
        description:
          - 'What the role C(antivirus) may install on a 3CX host although 3CX then no longer supports
            it: C(clamav), C(avast), C(avast_repository), C(on_access).'
          - 'Rules: the role checks them.'
        type: list
        elements: str
  provisioning:
    description:
      - Where phones download their configuration. Required if any extension has a phone.
    type: dict
    suboptions:
      url:
        description:
          - Address of the directory that phones download from. Required with O(provisioning.by=files).
            With O(provisioning.by=pbx) it is where the PBX serves the phones' files, for the audit.
          - 'Rules: https; without user, password and query.'
        type: str
      username:
        description:
          - User name for HTTP basic authentication, if all phones share one password. The password
            is generated.
        type: str
      access:
        description:
          - How a phone authenticates. V(phone_password) gives each phone a password of its own; its
            user name is its MAC address. V(phone_path) gives each phone a folder that nobody can guess.
            V(shared) is one password for all phones. The role C(yealink_provisioning) serves V(phone_password)
            and V(phone_path).
          - 'Rules: V(shared) needs O(provisioning.username).'
          - 'Default: V(shared) with O(provisioning.username), else V(none).'
        type: str
        choices:
          - phone_password
          - phone_path
          - shared
          - none
      by:
        description:
          - 'Who writes the phones'' configuration: V(files) for this collection, V(pbx) for the PBX.
            With V(pbx) the same settings reach the phones through the PBX''s template; see the lookup
            plugin C(phone_block).'
        type: str
        default: files
        choices:
          - files
          - pbx
  phone_policy:
    description:
      - What all phones of the site have in common.
    type: dict
    suboptions:
      random_listen_port:
        description:
          - Whether every phone listens on a port of its own instead of 5060.
          - 'Default: phones outside the LAN only.'
        type: bool
      web_interface:
        description:
          - 'The phone''s own web pages: over HTTPS with generated passwords, or off.'
        type: str
        default: https
        choices:
          - https
          - 'off'
      check_sync:
        description:
          - Whether the PBX may make a phone download its configuration (SIP NOTIFY C(check-sync)).
        type: str
        default: reload
        choices:
          - reload
          - ignore
      lock:
        description:
          - The keypad lock. It opens with the voicemail PIN; emergency numbers stay dialable. If the
            PBX provisions the phones (O(provisioning.by)), it is not set, and a warning says so.
        type: dict
        suboptions:
          after:
            description:
              - Idle time before the phone locks itself.
              - 'Rules: 0 to 1h (0 locks by hand only).'
            type: str
            default: 5m
          keys:
            description:
              - Keys that are locked.
            type: str
            default: all
            choices:
              - all
              - function
              - menu
      vlan:
        description:
          - 802.1Q tags.
        type: dict
        suboptions:
          id:
            description:
              - VLAN of the phone's own traffic.
              - 'Rules: 1 to 4094.'
            type: int
            required: true
          priority:
            description:
              - 802.1p priority of the phone's traffic.
              - 'Rules: 0 to 7.'
            type: int
          pc_id:
            description:
              - VLAN of a computer behind the phone.
              - 'Rules: 1 to 4094.'
            type: int
          pc_priority:
            description:
              - 802.1p priority of that computer.
              - 'Rules: 0 to 7.'
            type: int
      dot1x:
        description:
          - 802.1X. The password is a secret setting of the role C(yealink).
        type: dict
        suboptions:
          method:
            description:
              - EAP method.
            type: str
            required: true
            choices:
              - md5
              - tls
              - peap
          identity:
            description:
              - Identity.
              - 'Default: the phone''s MAC address.'
            type: str
          ca_url:
            description:
              - Address of the certificate authority's certificate.
              - 'Rules: https; without user, password and query.'
            type: str
          client_certificate_url:
            description:
              - Address of the client's certificate, for O(phone_policy.dot1x.method=tls).
              - 'Rules: https; without user, password and query.'
            type: str
      trusted_certificate:
        description:
          - Address of the certificate of a private authority that phones are to trust.
          - 'Rules: https; without user, password and query.'
        type: str
      block_countries:
        description:
          - Whether phones refuse to dial countries outside O(allowed_countries), and O(barred_numbers).
            A phone has room for ten patterns; a warning lists what does not fit. The PBX blocks all
            of it.
        type: bool
        default: true
  flood:
    description:
      - The router's flood defence.
    type: dict
    suboptions:
      udp_packets_per_second:
        description:
          - Rate above which the router drops UDP packets.
          - 'Rules: 1 to 10000000; at least O(concurrent_calls) x 50 packets x 2 directions + 30 %.'
          - 'Default: 2000, or what the media of O(concurrent_calls) needs, if that is more.'
        type: int
  router:
    description:
      - 'How the router itself is managed. What is left out stays unchanged. Always set, without being
        declared: the access list (O(site.management)), the block of anyone who guesses passwords (O(lockout),
        for at most half an hour) and the time zone (O(site.time_zone)); SNMP, FTP, UPnP and management
        over IPv6 are turned off.'
    type: dict
    suboptions:
      remote_management:
        description:
          - Whether the router's web page and SSH answer on the internet side, to O(site.management)
            only.
          - 'Default: unchanged.'
        type: bool
      https_port:
        description:
          - Port of the router's web page.
          - 'Rules: 1 to 65535; not a port of the PBX; O(router.https_port) and O(router.ssh_port)
            differ.'
          - 'Default: unchanged.'
        type: int
      ssh_port:
        description:
          - Port of the router's SSH. Set C(ansible_port) to it after the run that changes it.
          - 'Rules: 1 to 65535; not a port of the PBX; O(router.https_port) and O(router.ssh_port)
            differ.'
          - 'Default: unchanged.'
        type: int
      syslog_server:
        description:
          - IPv4 address of the log collector.
          - 'Default: unchanged.'
        type: str
      syslog_port:
        description:
          - UDP port of the log collector.
          - 'Rules: 1 to 65535.'
        type: int
        default: 514
      time_server:
        description:
          - Where the router gets the time.
          - 'Default: unchanged.'
        type: str
      smtp_address:
        description:
          - IPv4 address of the mail server in O(alerts.smtp), because the router takes no name.
          - 'Default: the router sends no mail.'
        type: str
      known_port_forwards:
        description:
          - Port forwards that are meant to be, besides those to the PBX.
          - 'Default: every other forward to a watched port is reported.'
        type: list
        elements: dict
        suboptions:
          address:
            description:
              - Address on the LAN.
            type: str
            required: true
          ports:
            description:
              - Port or range of ports on the internet side.
            type: str
            required: true
  barred_numbers:
    description:
      - Beginnings of numbers that nobody may dial.
      - 'Rules: 1 to 15 digits; bars no emergency number.'
    type: list
    elements: str
  attestations:
    description:
      - Controls that no API can set, confirmed by whoever set them by hand. The role C(yeastar) writes
        the checklist.
    type: list
    elements: dict
    suboptions:
      control:
        description:
          - Name of the control in the checklist.
          - 'Rules: known; once.'
        type: str
        required: true
      confirmed_by:
        description:
          - Who checked it.
        type: str
        required: true
      confirmed_on:
        description:
          - The day of the check.
          - 'Rules: not in the future.'
        type: str
        required: true
      settings:
        description:
          - The eight characters beside the control in the checklist. They change with the settings,
            and then the confirmation is stale.
        type: str
        required: true
      expires:
        description:
          - Last day on which the confirmation counts.
          - 'Rules: at most a year later.'
          - 'Default: 180 days later.'
        type: str
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
  description: Counts of what is declared, and who may reach SIP.
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
      - "everyone else: no access to ports 5060, 5061"
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.site.summary import CORE


def main() -> None:
    """Fails with a hint: the action plugin of the same name does the work on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
