# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every mistake in a declaration gets one line that names variable, value and what would be valid; all of them at once."""

# ruff: noqa: E501 -- a message stands on one line here, as it is told
from __future__ import annotations

import copy
import datetime
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import SPEC, VARIABLES, parse
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration, OpeningHours, PortRange
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import errors, warnings
from ansible_collections.voipsec.hardening.plugins.module_utils.site.summary import summary

TODAY = datetime.date(2026, 11, 23)

VALID: dict[str, Any] = {
    "site": {
        "name": "acme",
        "country": "GB",
        "time_zone": "Europe/London",
        "management": ["198.51.100.7/32"],
        "office_hours": "mon-fri 09:00-17:30",
    },
    "pbx": {
        "address": "192.168.10.10",
        "server_name": "pbx.acme.example",
        "rtp_ports": "9000-10999",
        "local_networks": ["192.168.10.0/24"],
    },
    "trunk_providers": [
        {"name": "gamma", "signalling": ["203.0.113.0/26"], "media": ["203.0.113.128/26"], "ports": [5060]},
        {"name": "voiceway", "signalling": ["203.0.113.64/28"]},
    ],
    "remote_sites": [
        {"name": "ipswich", "address": "192.0.2.10", "extensions": ["202"]},
        {"name": "warehouse", "vpn": True},
    ],
    "extensions": [
        {"number": "201", "name": "Reception", "phone": {"mac": "80:5E:C0:AA:BB:01", "model": "T46U"}},
        {
            "number": "202",
            "name": "Ipswich",
            "phone": {"mac": "805ec0aabb02", "model": "T54W", "firmware": "96.86.0.70"},
        },
        {"number": "203", "name": "Warehouse"},
    ],
    "allowed_countries": ["GB", "ie"],
    "barred_numbers": ["0871"],
    "lockout": {"failed_attempts": 5, "within": "10m", "block_for": "1d"},
    "concurrent_calls": 12,
    "flood": {"udp_packets_per_second": 1560},
    "credentials": {"password_length": 24},
    "alerts": {
        "to": ["support@example.net"],
        "smtp": {"host": "mail.example.net", "username": "acme", "password": "a-mail-password"},
    },
    "antivirus": {},
    "provisioning": {"url": "https://provision.acme.example/yealink/", "username": "phones"},
}

ABSENT = object()


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The valid declaration with some values set, by paths such as ``extensions.0.number``."""
    declared: dict[str, Any] = copy.deepcopy(VALID)
    for path, value in changes:
        *parents, last = path.split(".")
        place: Any = declared
        for name in parents:
            place = place[int(name)] if isinstance(place, list) else place[name]
        if value is ABSENT:
            del place[last]
        elif isinstance(place, list) and int(last) == len(place):
            place.append(value)
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    return declared


def errors_of(*changes: tuple[str, Any]) -> list[str]:
    declaration, problems = parse(changed(*changes), TODAY)
    assert (declaration is None) == bool(errors(problems))
    return errors(problems)


def warnings_of(*changes: tuple[str, Any]) -> list[str]:
    declaration, problems = parse(changed(*changes), TODAY)
    assert declaration is not None, errors(problems)
    return warnings(problems)


def accepted(*changes: tuple[str, Any]) -> Declaration:
    declaration, problems = parse(changed(*changes), TODAY)
    assert declaration is not None, errors(problems)
    return declaration


PUBLIC = "use the provider's public IPv4 network, for example 203.0.113.0/26"
SITE_ADDRESS = "use the remote site's public IPv4 address, for example 192.0.2.10, or vpn: true"
MANAGER = "use an IPv4 address or network that you manage the site from, for example 198.51.100.7/32"
ONE_ROLE = "every address belongs to one provider, one remote site or the management"
DIRECTORY = "use the https address of a directory, for example https://provision.acme.example/yealink/"

ONE_MISTAKE: list[tuple[str, Any, str]] = [
    # addresses of providers
    (
        "trunk_providers.1.signalling.0",
        "10.0.0.0/8",
        f"trunk_providers[1].signalling[0]: 10.0.0.0/8 is a private network; {PUBLIC}",
    ),
    (
        "trunk_providers.1.signalling.0",
        "172.20.1.1",
        f"trunk_providers[1].signalling[0]: 172.20.1.1 is a private address; {PUBLIC}",
    ),
    (
        "trunk_providers.0.media.0",
        "192.168.0.0/24",
        f"trunk_providers[0].media[0]: 192.168.0.0/24 is a private network; {PUBLIC}",
    ),
    (
        "trunk_providers.0.media.0",
        "100.64.3.0/24",
        f"trunk_providers[0].media[0]: 100.64.3.0/24 is a carrier-grade NAT network; {PUBLIC}",
    ),
    (
        "trunk_providers.0.media.0",
        "127.0.0.1",
        f"trunk_providers[0].media[0]: 127.0.0.1 is a loopback address; {PUBLIC}",
    ),
    (
        "trunk_providers.0.media.0",
        "169.254.1.0/24",
        f"trunk_providers[0].media[0]: 169.254.1.0/24 is a link-local network; {PUBLIC}",
    ),
    (
        "trunk_providers.0.media.0",
        "239.1.1.1",
        f"trunk_providers[0].media[0]: 239.1.1.1 is a multicast address; {PUBLIC}",
    ),
    ("trunk_providers.0.media.0", "0.0.0.0", f"trunk_providers[0].media[0]: 0.0.0.0 is a reserved address; {PUBLIC}"),
    (
        "trunk_providers.0.media.0",
        "250.0.0.0/24",
        f"trunk_providers[0].media[0]: 250.0.0.0/24 is a reserved network; {PUBLIC}",
    ),
    (
        "trunk_providers.0.media.0",
        "192.0.0.0/22",
        f"trunk_providers[0].media[0]: 192.0.0.0/22 contains 192.0.0.0/24, a reserved network; {PUBLIC}",
    ),
    (
        "trunk_providers.0.media.0",
        "0.0.0.0/0",
        "trunk_providers[0].media[0]: 0.0.0.0/0 is too wide, 4294967296 addresses; /20 is the widest allowed: declare the "
        "provider's own networks, for example 203.0.113.0/26",
    ),
    (
        "trunk_providers.0.media.0",
        "8.8.0.0/19",
        "trunk_providers[0].media[0]: 8.8.0.0/19 is too wide, 8192 addresses; /20 is the widest allowed: declare the "
        "provider's own networks, for example 203.0.113.0/26",
    ),
    (
        "trunk_providers.0.signalling.0",
        "203.0.113.5/26",
        "trunk_providers[0].signalling[0]: 203.0.113.5/26 has host bits set; write 203.0.113.0/26 for the whole network or "
        "203.0.113.5/32 for the one address",
    ),
    (
        "trunk_providers.0.signalling.0",
        "2001:db8::/32",
        "trunk_providers[0].signalling[0]: 2001:db8::/32 is IPv6, which this release does not support; use an IPv4 "
        "network",
    ),
    (
        "trunk_providers.0.signalling.0",
        "sip.gamma.example",
        f"trunk_providers[0].signalling[0]: sip.gamma.example is a host name, and rules are made of addresses; {PUBLIC}",
    ),
    (
        "trunk_providers.0.signalling.1",
        "203.0.113.0/26",
        "trunk_providers[0].signalling[1]: 203.0.113.0/26 is declared twice; once is enough",
    ),
    (
        "trunk_providers.0.signalling",
        [],
        "trunk_providers[0].signalling: [] is empty; use a list of IPv4 networks such as [203.0.113.0/26]",
    ),
    # overlaps
    (
        "trunk_providers.1.signalling.0",
        "203.0.113.32/28",
        "trunk_providers[1].signalling[0]: 203.0.113.32/28 overlaps 203.0.113.0/26 of trunk_providers[0].signalling[0]; "
        + ONE_ROLE,
    ),
    (
        "remote_sites.0.address",
        "203.0.113.130",
        "remote_sites[0].address: 203.0.113.130/32 overlaps 203.0.113.128/26 of trunk_providers[0].media[0]; "
        + ONE_ROLE,
    ),
    (
        "trunk_providers.1.signalling.0",
        "198.51.100.0/28",
        "trunk_providers[1].signalling[0]: 198.51.100.0/28 overlaps 198.51.100.7/32 of site.management[0]; " + ONE_ROLE,
    ),
    (
        "remote_sites.0.address",
        "198.51.100.0/29",
        "remote_sites[0].address: 198.51.100.0/29 overlaps 198.51.100.7/32 of site.management[0]; " + ONE_ROLE,
    ),
    (
        "remote_sites.2",
        {"name": "colchester", "address": "192.0.2.8/29"},
        "remote_sites[2].address: 192.0.2.8/29 overlaps 192.0.2.10/32 of remote_sites[0].address; " + ONE_ROLE,
    ),
    # management
    (
        "site.management",
        ABSENT,
        "site.management: is not declared; add a list of management addresses such as [198.51.100.7/32]",
    ),
    (
        "site.management",
        [],
        "site.management: [] is empty; use a list of management addresses such as [198.51.100.7/32]",
    ),
    (
        "site.management.0",
        "0.0.0.0/0",
        "site.management[0]: 0.0.0.0/0 is too wide, 4294967296 addresses; /24 is the widest allowed: declare the few addresses "
        "that manage the site, for example 198.51.100.7/32",
    ),
    ("site.management.0", "224.0.0.5", f"site.management[0]: 224.0.0.5 is a multicast address; {MANAGER}"),
    # the PBX
    (
        "pbx.address",
        "192.168.20.10",
        "pbx.address: 192.168.20.10 is not in pbx.local_networks (192.168.10.0/24); an address in them is needed",
    ),
    (
        "pbx.address",
        "192.168.10.0/24",
        "pbx.address: 192.168.10.0/24 is a network; use the PBX's IPv4 address on the LAN, for example 192.168.10.10",
    ),
    (
        "pbx.server_name",
        "sip:pbx",
        "pbx.server_name: sip:pbx is neither a host name nor an IPv4 address; use for example pbx.acme.example",
    ),
    ("pbx.sip_ports", [5060, 5061, 5060], "pbx.sip_ports[2]: 5060 is declared twice; once is enough"),
    ("pbx.sip_ports", [5060, 5061, 70000], "pbx.sip_ports[2]: 70000 is out of range; use 1 to 65535"),
    (
        "pbx.sip_ports",
        [5060, 5061, 9002],
        "pbx.sip_ports[2]: 9002 is in pbx.rtp_ports 9000-10999; a port outside that range is needed",
    ),
    ("pbx.sip_ports", [], "pbx.sip_ports: [] is empty; use a list of ports such as [5060, 5061]"),
    (
        "pbx.rtp_ports",
        "10999-9000",
        "pbx.rtp_ports: 10999-9000 is not a range of ports; use first and last port between 1024 and 65535, for example 9000-10999",
    ),
    (
        "pbx.sip_ports",
        [5060],
        "pbx.tls_port: 5061 is not in pbx.sip_ports (5060), but remote_sites[0].transport needs TLS; one of them is needed, or add it there",
    ),
    (
        "trunk_providers.1.ports",
        [5080],
        "trunk_providers[1].ports[0]: 5080 is not in pbx.sip_ports (5060, 5061); one of them is needed, or add it there",
    ),
    (
        "trunk_providers.1.transport",
        "sctp",
        "trunk_providers[1].transport: sctp is not valid; use udp, tcp or tls",
    ),
    # names
    (
        "remote_sites.1.name",
        "GAMMA",
        "remote_sites[1].name: GAMMA is declared already as trunk_providers[0].name; every provider and remote site needs a name of its own",
    ),
    # remote sites
    ("remote_sites.0.address", "10.1.0.5", f"remote_sites[0].address: 10.1.0.5 is a private address; {SITE_ADDRESS}"),
    (
        "remote_sites.0.address",
        "192.0.2.0/28",
        "remote_sites[0].address: 192.0.2.0/28 is too wide, 16 addresses; /29 is the widest allowed: declare the site's own "
        "address, for example 192.0.2.10",
    ),
    (
        "remote_sites.0.address",
        ABSENT,
        "remote_sites[0].address: nothing is declared; a public IPv4 address such as 192.0.2.10, or vpn: true, is needed",
    ),
    (
        "remote_sites.0.vpn",
        True,
        "remote_sites[0].address: 192.0.2.10/32 contradicts remote_sites[0].vpn: true; either the site comes in through the VPN "
        "or from an address",
    ),
    (
        "remote_sites.0.fqdn",
        "jo.dyn.example",
        "remote_sites[0].expires: nothing is declared; a date such as 2027-03-31 is needed beside remote_sites[0].fqdn jo.dyn.example",
    ),
    (
        "remote_sites.0",
        {"name": "jo", "fqdn": "jo.dyn.example", "expires": "2027-03-31"},
        "remote_sites[0].address: nothing is declared; the address that the name has now, such as 192.0.2.10, is needed beside "
        "remote_sites[0].fqdn jo.dyn.example",
    ),
    (
        "remote_sites.0.expires",
        "31.3.2027",
        "remote_sites[0].expires: 31.3.2027 is not a date; use year, month and day, for example 2027-03-31",
    ),
    (
        "remote_sites.0.extensions",
        ["202", "299"],
        "remote_sites[0].extensions[1]: 299 is not declared in extensions; valid are 201, 202, 203",
    ),
    (
        "remote_sites.1.extensions",
        ["202"],
        "remote_sites[1].extensions[0]: 202 is claimed already by remote_sites[0].extensions[0]; an extension is at one site",
    ),
    (
        "extensions.1.outside_lan",
        False,
        "extensions[1].outside_lan: false contradicts remote site ipswich, which claims extension 202; true, or nothing, is valid",
    ),
    # extensions and phones
    (
        "extensions.2.number",
        "201",
        "extensions[2].number: 201 is declared already as extensions[0].number; every extension needs a number of its own",
    ),
    (
        "extensions.2.number",
        "20a",
        'extensions[2].number: 20a is not an extension number; use 2 to 8 digits in quotes, for example "201"',
    ),
    (
        "extensions.2.number",
        "112",
        "extensions[2].number: 112 is an emergency number; any number but 999, 112, 18000 is valid",
    ),
    (
        "extensions.2.number",
        "18000",
        "extensions[2].number: 18000 is an emergency number; any number but 999, 112, 18000 is valid",
    ),
    (
        "extensions.2.number",
        "9991",
        "extensions[2].number: 9991 begins with the emergency number 999, so one of the two could not be dialled; a number that "
        "does not begin with 999, 112, 18000 is valid",
    ),
    (
        "extensions.1.phone.mac",
        "80-5e-c0-aa-bb-01",
        "extensions[1].phone.mac: 805ec0aabb01 is declared already as extensions[0].phone.mac; every phone belongs to one extension",
    ),
    (
        "extensions.1.phone.mac",
        "805ec0aabb0",
        'extensions[1].phone.mac: 805ec0aabb0 is not a MAC address; use 12 hexadecimal digits in quotes, for example "805ec0aabbcc"',
    ),
    (
        "extensions.1.phone.mac",
        "ff:ff:ff:ff:ff:ff",
        "extensions[1].phone.mac: ff:ff:ff:ff:ff:ff is not the MAC address of one device; copy it from the label, for example 805ec0aabbcc",
    ),
    (
        "extensions.1.phone.model",
        ABSENT,
        "extensions[1].phone.model: is not declared; add a model such as T46U",
    ),
    (
        "extensions.1.phone.firmware",
        "newest",
        'extensions[1].phone.firmware: newest is not a firmware version; copy it from the phone, for example "108.86.0.118"',
    ),
    (
        "extensions.1.name",
        "Front\ndesk",
        "extensions[1].name: 'Front\\ndesk' cannot be displayed as a name; use 1 to 64 printable characters without spaces at the ends",
    ),
    # countries and numbers
    (
        "allowed_countries.1",
        "UK",
        "allowed_countries[1]: UK is not a country; use a two-letter ISO 3166 code, did you mean GB (United Kingdom)?",
    ),
    (
        "allowed_countries.1",
        "Frannce",
        "allowed_countries[1]: Frannce is not a country; use a two-letter ISO 3166 code, did you mean FR (France)?",
    ),
    (
        "allowed_countries.1",
        "XX",
        "allowed_countries[1]: XX is not a country; use a two-letter ISO 3166 code, for example GB, IE or FR",
    ),
    (
        "allowed_countries.1",
        False,
        "allowed_countries[1]: false is a boolean (YAML reads yes, no, on and off without quotes as one); use a country "
        "code such as GB",
    ),
    (
        "allowed_countries",
        ["IE", "FR"],
        "allowed_countries: '[IE, FR]' does not hold GB, the site's own country; add GB (United Kingdom)",
    ),
    (
        "allowed_countries",
        ["GB", "IE", "gb"],
        "allowed_countries[2]: GB is declared already as allowed_countries[0]; once is enough",
    ),
    (
        "barred_numbers.0",
        "9",
        "barred_numbers[0]: 9 bars the emergency number 999, which nothing may bar; a beginning that 999, 112, 18000 do not have "
        'is valid, for example "0871"',
    ),
    (
        "barred_numbers.0",
        "1",
        "barred_numbers[0]: 1 bars the emergency number 112 and 18000, which nothing may bar; a beginning that 999, 112, 18000 do "
        'not have is valid, for example "0871"',
    ),
    # policy
    (
        "lockout.failed_attempts",
        11,
        "lockout.failed_attempts: 11 is out of range; use 1 to 10: Cyber Essentials allows at most 10",
    ),
    (
        "lockout.failed_attempts",
        0,
        "lockout.failed_attempts: 0 is out of range; use 1 to 10: Cyber Essentials allows at most 10",
    ),
    (
        "lockout.within",
        "1m",
        "lockout.within: 1m is out of range; use 5m to 366d: Cyber Essentials counts guesses over 5 minutes",
    ),
    (
        "lockout.block_for",
        "10m",
        "lockout.block_for: 10m is out of range; use 30m to 366d: 3CX blocks for 30 minutes; 24h is usual",
    ),
    (
        "lockout.block_for",
        "a day",
        "lockout.block_for: 'a day' is not a duration; use a number with s, m, h or d, for example 10m, 24h or 1d",
    ),
    (
        "flood.udp_packets_per_second",
        1559,
        "flood.udp_packets_per_second: 1559 would cut speech; at least 1560 is needed: 12 concurrent calls x 50 packets a second x "
        "2 directions + 30 %",
    ),
    (
        "concurrent_calls",
        ABSENT,
        "concurrent_calls: nothing is declared, but flood.udp_packets_per_second 1560 is; a whole number such as 12 is needed",
    ),
    ("concurrent_calls", "many", "concurrent_calls: many is text; use a whole number such as 12"),
    ("concurrent_calls", 0, "concurrent_calls: 0 is out of range; use 1 to 5000"),
    (
        "router",
        {"ssh_port": 5060},
        "router.ssh_port: 5060 is one of the PBX's ports, which the firewall closes; another is needed",
    ),
    (
        "router",
        {"ssh_port": 443, "https_port": 443},
        "router.ssh_port: 443 is router.https_port too; another port is needed",
    ),
    (
        "router",
        {"syslog_server": "log.acme.example"},
        "router.syslog_server: log.acme.example is a host name, and rules are made of addresses; use one IPv4 address, for example "
        "192.168.10.20",
    ),
    (
        "router",
        {"known_port_forwards": [{"address": "192.168.10.20", "ports": "443-22"}]},
        'router.known_port_forwards[0].ports: 443-22 is neither a port nor a range of ports; use for example "443" or '
        '"8000-8010"',
    ),
    (
        "credentials.password_length",
        8,
        "credentials.password_length: 8 is out of range; use 16 to 50: the least that every Yeastar takes and the most "
        "that a 3CX takes",
    ),
    (
        "credentials.pin_length",
        4,
        "credentials.pin_length: 4 is out of range; use 6 to 10: shorter PINs are guessed, 10 is the most that a 3CX takes",
    ),
    ("alerts.to.0", "support", "alerts.to[0]: support is not a mail address; use for example support@example.net"),
    (
        "alerts.smtp.security",
        "none",
        "alerts.smtp.security: none would send alerts.smtp.password in clear text; starttls or tls is needed",
    ),
    (
        "alerts.smtp.username",
        ABSENT,
        "alerts.smtp.username: nothing is declared, but alerts.smtp.password is; a user name is needed beside it",
    ),
    (
        "antivirus.scan_at",
        180,
        'antivirus.scan_at: 180 is not a time of day; use hours and minutes in quotes, for example "03:00"',
    ),
    ("antivirus.product", "norton", "antivirus.product: norton is not valid; use clamav, avast or off_host"),
    (
        "site.time_zone",
        "Europe/Lodnon",
        "site.time_zone: Europe/Lodnon is not a time zone; use a name from the IANA time zone database, did you mean Europe/London?",
    ),
    (
        "site.office_hours",
        "mon-fri 9-5",
        "site.office_hours: 'mon-fri 9-5' has the hours '9-5'; use opening and closing time, for example "
        '"mon-fri 09:00-17:30, sat 09:00-12:00" or {monday: "09:00-17:30"}',
    ),
    (
        "provisioning.url",
        "http://provision.acme.example/",
        f"provisioning.url: http://provision.acme.example/ is not https, and the files contain passwords; {DIRECTORY}",
    ),
    (
        "provisioning.url",
        "https://me:geheim@provision.acme.example/",
        "provisioning.url: ******** contains a user name or password; declare provisioning.username instead, the password is generated",
    ),
    (
        "provisioning",
        {"username": "phones"},
        "provisioning.url: nothing is declared; an address such as https://provision.acme.example/yealink/ is needed",
    ),
    (
        "provisioning.access",
        "password",
        "provisioning.access: password is not valid; use phone_password, phone_path, shared or none",
    ),
    (
        "provisioning",
        {"url": "https://provision.acme.example/", "access": "shared"},
        "provisioning.username: nothing is declared; a user name such as phones is needed beside provisioning.access "
        "shared",
    ),
    (
        "extensions.0.phone.listen_port",
        12000,
        "extensions[0].phone.listen_port: 12000 cannot be a phone's SIP port; use 1024 to 65535, "
        "except 11780 to 12780, which are its media ports",
    ),
    (
        "extensions.0.phone.vlan",
        {"id": 5000},
        "extensions[0].phone.vlan.id: 5000 is out of range; use 1 to 4094",
    ),
    (
        "phone_policy",
        {"lock": {"after": "2h"}},
        "phone_policy.lock.after: 2h is out of range; use 0 to 1h: 0 locks by hand only",
    ),
    (
        "phone_policy",
        {"web_interface": "http"},
        "phone_policy.web_interface: http is not valid; use https or off",
    ),
    (
        "phone_policy",
        {"trusted_certificate": "http://provision.acme.example/ca.crt"},
        "phone_policy.trusted_certificate: http://provision.acme.example/ca.crt is not the https address of a file; use "
        "the https address of a file, for example https://provision.acme.example/ca.crt",
    ),
    (
        "phone_policy",
        {"trusted_certificate": "https://me:geheim@provision.acme.example/ca.crt"},
        "phone_policy.trusted_certificate: ******** contains a user name or password; use the https address of a file, "
        "for example https://provision.acme.example/ca.crt",
    ),
    (
        "phone_policy",
        {"dot1x": {"identity": "phones"}},
        "phone_policy.dot1x.method: is not declared; add md5, tls or peap",
    ),
    (
        "provisioning",
        ABSENT,
        "provisioning: nothing is declared, but extensions[0].phone is; provisioning.url such as "
        "https://provision.acme.example/yealink/ is needed",
    ),
    # shape
    ("site", ABSENT, "site: is not declared; add a mapping with name, country, time_zone and management"),
    (
        "trunk_providers",
        ABSENT,
        "trunk_providers: is not declared; add a list of providers, each with name and signalling",
    ),
    ("extensions.2", "203", "extensions[2]: the value is text; use a mapping with number and name"),
    (
        "site.contry",
        "GB",
        "site.contry: no such variable; did you mean country? Valid: name, country, time_zone, management, office_hours",
    ),
    (
        "alerts.smtp.passwrd",
        "hunter2-hunter2",
        "alerts.smtp.passwrd: no such variable; did you mean password? Valid: host, port, security, username, password",
    ),
    ("remote_sites.1.vpn", "perhaps", "remote_sites[1].vpn: perhaps is text; use true or false"),
]


@pytest.mark.parametrize(("path", "value", "line"), ONE_MISTAKE)
def test_one_mistake_is_one_line(path: str, value: Any, line: str) -> None:
    assert errors_of((path, value)) == [line]


def test_the_valid_declaration_is_accepted_without_a_warning() -> None:
    declaration = accepted()
    assert warnings_of() == []
    assert declaration.extensions[0].phone is not None
    assert declaration.extensions[0].phone.mac == "805ec0aabb01"
    assert declaration.allowed_countries == ("GB", "IE")
    assert (declaration.lockout.within, declaration.lockout.block_for) == (600, 86400)
    assert declaration.pbx.rtp_ports == PortRange(9000, 10999)
    assert declaration.site.office_hours[0] == OpeningHours("monday", "09:00", "17:30")
    assert declaration.alerts is not None
    assert "a-mail-password" not in repr(declaration)
    assert "a-mail-password" not in str(summary(declaration))


def test_what_follows_from_what_is_declared() -> None:
    declaration = accepted(
        ("trunk_providers.2", {"name": "tls", "signalling": ["203.0.113.224/28"], "transport": "tls"})
    )
    assert [extension.outside_lan for extension in declaration.extensions] == [False, True, False]
    assert declaration.trunk_providers[1].media == declaration.trunk_providers[1].signalling
    assert [provider.ports for provider in declaration.trunk_providers] == [(5060,), (5060,), (5061,)]


def test_only_three_variables_are_needed() -> None:
    declaration, problems = parse({name: VALID[name] for name in ("site", "pbx", "trunk_providers")}, TODAY)
    assert problems == []
    assert declaration is not None
    assert declaration.allowed_countries == ("GB",)


def test_an_ended_entry_is_left_out_with_a_warning() -> None:
    entry = {"name": "jo", "fqdn": "jo.dyn.example", "address": "192.0.2.77", "expires": datetime.date(2026, 11, 22)}
    assert warnings_of(("remote_sites.2", entry)) == [
        "remote_sites[2].expires: 2026-11-22 is past, so the address of jo is no longer let in; declare a later day, or remove the site"
    ]
    assert accepted(("remote_sites.2", entry)).remote_sites[2].address is None
    assert "192.0.2.77" not in str(summary(accepted(("remote_sites.2", entry))))
    today = {**entry, "expires": "2026-11-23"}
    assert warnings_of(("remote_sites.2", today)) == []
    assert str(accepted(("remote_sites.2", today)).remote_sites[2].address) == "192.0.2.77/32"


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        ("extensions.2.number", "180", "extensions[2].number: 180 is the beginning of the emergency number 18000"),
        ("extensions.2.name", "Reception", "extensions[2].name: Reception is also extensions[0].name"),
        ("trunk_providers", [], "trunk_providers: [] is empty, so the router closes SIP to every provider"),
    ],
)
def test_what_is_probably_a_mistake_is_a_warning(path: str, value: Any, part: str) -> None:
    assert [line for line in warnings_of((path, value)) if line.startswith(part)]


def test_everything_is_told_at_once_and_a_wrong_type_hides_nothing() -> None:
    lines = errors_of(
        ("site.country", "UK"),
        ("concurrent_calls", "many"),
        ("extensions.0", 7),
        ("extensions.2.number", "999"),
        ("trunk_providers.0.signalling", {"a": "b"}),
        ("trunk_providers.1.signalling.0", "10.0.0.0/8"),
        ("provisioning.url", "ftp://x"),
        ("sites", {}),
    )
    assert [line.partition(":")[0] for line in lines] == [
        "site.country",
        "trunk_providers[0].signalling",
        "trunk_providers[1].signalling[0]",
        "extensions[0]",
        "concurrent_calls",
        "provisioning.url",
        "sites",
        "extensions[2].number",
    ]
    assert all("\n" not in line for line in lines)


def test_a_value_that_was_reported_is_not_reported_again_by_what_depends_on_it() -> None:
    assert len(errors_of(("pbx.sip_ports", [5060, "x"]))) == 1
    assert len(errors_of(("extensions.1.number", "2o2"))) == 1
    assert len(errors_of(("remote_sites.0.address", "nowhere"))) == 1
    assert len(errors_of(("provisioning", "https://x"))) == 1
    assert len(errors_of(("site.country", 7))) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("alerts.smtp", "host=mail.example.net password=hunter2-hunter2"),
        ("alerts", ["hunter2-hunter2"]),
        ("alerts.smtp.password", ["hunter2-hunter2"]),
        ("alerts.smtp.passwd", "hunter2-hunter2"),
        ("provisioning.url", "https://phones:hunter2-hunter2@provision.acme.example/"),
        ("provisioning.password", "hunter2-hunter2"),
    ],
)
def test_no_password_is_in_a_message(path: str, value: Any) -> None:
    lines = errors_of((path, value))
    assert lines
    assert "hunter2" not in "\n".join(lines)


@pytest.mark.parametrize("mac", ["805ec0aabb09", "80:5E:C0:AA:BB:09", "80-5e-c0-aa-bb-09", "805e.c0aa.bb09"])
def test_macs_are_accepted_as_labels_write_them(mac: str) -> None:
    phone = accepted(("extensions.1.phone.mac", mac)).extensions[1].phone
    assert phone is not None
    assert phone.mac == "805ec0aabb09"


@pytest.mark.parametrize(
    ("text", "seconds"), [("600", 600), (600, 600), ("10m", 600), ("1h", 3600), ("1d", 86400), ("900s", 900)]
)
def test_durations(text: Any, seconds: int) -> None:
    assert accepted(("lockout.within", text)).lockout.within == seconds


@pytest.mark.parametrize(
    "hours",
    [{"saturday": "09:00-12:00", "Mon-Tue": "09:00-17:30"}, "sat 09:00-12:00, mon-tue 09:00-17:30"],
)
def test_office_hours_in_both_forms(hours: Any) -> None:
    assert accepted(("site.office_hours", hours)).site.office_hours == (
        OpeningHours("monday", "09:00", "17:30"),
        OpeningHours("tuesday", "09:00", "17:30"),
        OpeningHours("saturday", "09:00", "12:00"),
    )


def test_management_may_come_from_the_lan() -> None:
    accepted(("site.management", ["198.51.100.7/32", "192.168.10.20"]))


def without_nothing(value: Any) -> Any:
    """YAML's empty values mean "not declared"; Ansible's validator takes them for a choice."""
    if isinstance(value, dict):
        return {name: without_nothing(item) for name, item in value.items() if item is not None}
    return [without_nothing(item) for item in value] if isinstance(value, list) else value


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20))
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
PATHS = sorted({path for path, _value, _line in ONE_MISTAKE if not path.endswith((".2", "passwrd", "contry"))})


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PATHS), ANYTHING), min_size=1, max_size=1)
    | st.lists(st.tuples(st.sampled_from(VARIABLES), ANYTHING), max_size=4)
)
def test_whatever_is_declared_there_is_an_answer(changes: list[tuple[str, Any]]) -> None:
    """No declaration raises; every problem is one line; what is accepted is accepted by Ansible's validator, too."""
    declared = changed(*changes)
    declaration, problems = parse(declared, TODAY)
    assert all(str(item) and "\n" not in str(item) for item in problems)
    if declaration is not None:
        assert not ArgumentSpecValidator(SPEC).validate(without_nothing(declared)).error_messages
        summary(declaration)
