# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A customer's site as the installer declares it, in typed form. Made by site.declaration; read by the compilers.

Durations are seconds, ports are 1-65535, numbers are strings of digits, MAC addresses are 12 lower-case hex digits.
"""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass, field

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret

Network = ipaddress.IPv4Network

EMERGENCY_NUMBERS = ("999", "112", "18000")
"""Never barred, on any device: UK emergency and Relay UK's text emergency number (domain.md fact 3)."""


@dataclass(frozen=True, order=True)
class PortRange:
    """First and last port, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __contains__(self, port: object) -> bool:
        return isinstance(port, int) and self.first <= port <= self.last


@dataclass(frozen=True)
class OpeningHours:
    """When the office is open on one day of the week, in the site's time zone."""

    day: str
    """monday ... sunday"""
    opens: str
    """HH:MM"""
    closes: str


@dataclass(frozen=True)
class Site:
    """The customer and who manages it."""

    name: str
    country: str
    time_zone: str
    management: tuple[Network, ...]
    office_hours: tuple[OpeningHours, ...] = ()
    """In the order of the week; a day may occur twice. Empty: not declared."""


@dataclass(frozen=True)
class Pbx:
    """Where the PBX is and where it listens."""

    address: ipaddress.IPv4Address
    """On the site's LAN."""
    server_name: str
    """The name or address that phones register with and that its certificate bears."""
    sip_ports: tuple[int, ...] = (5060, 5061)
    """Closed to everybody but providers and remote sites, on UDP and TCP."""
    tls_port: int = 5061
    rtp_ports: PortRange | None = None
    """None: media ports are neither opened nor closed by this collection."""
    local_networks: tuple[Network, ...] = ()
    product: str | None = None
    """threecx, yeastar_appliance, yeastar_software, yeastar_cloud or yeastar_s; None where it is not declared."""


@dataclass(frozen=True)
class TrunkProvider:
    """A telephone company whose servers may reach the PBX."""

    name: str
    signalling: tuple[Network, ...]
    media: tuple[Network, ...]
    """Where its audio comes from; the signalling networks where nothing else is declared."""
    ports: tuple[int, ...]
    transport: str = "udp"


@dataclass(frozen=True)
class RemoteSite:
    """An office or home whose phones reach the PBX from outside."""

    name: str
    address: Network | None
    """None for a site that comes in through a VPN, or whose time-limited entry has ended."""
    vpn: bool = False
    fqdn: str | None = None
    expires: datetime.date | None = None
    """The last day on which the address is let in; None without limit."""
    extensions: tuple[str, ...] = ()
    transport: str = "tls"


@dataclass(frozen=True)
class Vlan:
    """Tags of a phone's own traffic, and of a computer behind it."""

    id: int
    priority: int | None = None
    pc_id: int | None = None
    pc_priority: int | None = None


@dataclass(frozen=True)
class Phone:
    """A desk phone."""

    mac: str
    model: str
    firmware: str | None = None
    """As the phone shows it, for example 108.86.0.118; None for the newest generation that the model has."""
    listen_port: int | None = None
    """Where it listens for SIP; None for what phone_policy says."""
    vlan: Vlan | None = None
    """None for what phone_policy says."""
    enrolled: bool = True
    """False for one that has to find its provisioning server by DHCP or PnP first."""


@dataclass(frozen=True)
class PhoneLock:
    """The keypad lock."""

    after: int = 300
    """Seconds; 0: by hand only."""
    keys: str = "all"


@dataclass(frozen=True)
class Dot1x:
    """How phones prove themselves to the switch."""

    method: str
    identity: str | None = None
    """None for the phone's MAC address."""
    ca_url: str | None = None
    client_certificate_url: str | None = None


@dataclass(frozen=True)
class PhonePolicy:
    """What all phones of the site have in common."""

    random_listen_port: bool | None = None
    """None: phones outside the LAN only."""
    web_interface: str = "https"
    check_sync: str = "reload"
    lock: PhoneLock | None = None
    vlan: Vlan | None = None
    dot1x: Dot1x | None = None
    trusted_certificate: str | None = None
    block_countries: bool = True


@dataclass(frozen=True)
class Extension:
    """A user's number."""

    number: str
    name: str
    phone: Phone | None = None
    outside_lan: bool = False
    generation: int | None = None
    """The wanted generation of its credentials; None for whatever generation there is."""


@dataclass(frozen=True)
class Lockout:
    """When an address is blocked, and for how long."""

    failed_attempts: int = 5
    within: int = 600
    block_for: int = 86400


@dataclass(frozen=True)
class Flood:
    """The router's flood defence."""

    udp_packets_per_second: int | None = None
    """Packets above this rate are dropped; None where nothing is declared."""


@dataclass(frozen=True)
class CredentialPolicy:
    """What generated credentials look like."""

    password_length: int = 20
    pin_length: int = 6
    generation: int = 1


@dataclass(frozen=True)
class Smtp:
    """The mail server that takes alerts."""

    host: str
    port: int = 587
    security: str = "starttls"
    username: str | None = None
    password: Secret | None = None


@dataclass(frozen=True)
class Alerts:
    """Who is told."""

    to: tuple[str, ...]
    sender: str | None = None
    smtp: Smtp | None = None


@dataclass(frozen=True)
class Antivirus:
    """Anti-malware on the PBX host."""

    product: str = "clamav"
    scan_at: str = "03:00"
    acknowledge_unsupported: tuple[str, ...] = ()
    """What is done on a 3CX's host although 3CX does not support it, by name."""


@dataclass(frozen=True)
class Attestation:
    """Somebody has set by hand what no API can set, and says so."""

    control: str
    confirmed_by: str
    confirmed_on: datetime.date
    settings: str
    """The digest of what was set, from the checklist."""
    expires: datetime.date
    """The last day on which it counts."""
    ended: bool = False


@dataclass(frozen=True)
class Provisioning:
    """Where phones fetch their configuration."""

    url: str | None = None
    """https://..., a directory. None only where the PBX provisions the phones."""
    username: str | None = None
    access: str | None = None
    """phone_password, phone_path, shared or none; None: shared where there is a user name, none otherwise."""

    by: str = "files"
    """files: this collection writes the phones' files; pbx: the PBX provisions the phones itself."""

    @property
    def method(self) -> str:
        """What phones prove themselves with."""
        return self.access or ("shared" if self.username else "none")


@dataclass(frozen=True)
class PortForward:
    """A way in through the router that is meant to be."""

    address: ipaddress.IPv4Address
    """Inside."""
    ports: PortRange
    """Outside."""


@dataclass(frozen=True)
class Router:
    """How the router itself is managed. None leaves a setting as it is."""

    remote_management: bool | None = None
    """Whether it may be managed from the internet, by site.management only."""
    https_port: int | None = None
    ssh_port: int | None = None
    syslog_server: ipaddress.IPv4Address | None = None
    syslog_port: int = 514
    time_server: str | None = None
    smtp_address: ipaddress.IPv4Address | None = None
    """Of the mail server in alerts: a router may take no name."""
    known_port_forwards: tuple[PortForward, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """One customer's whole site."""

    site: Site
    pbx: Pbx
    trunk_providers: tuple[TrunkProvider, ...]
    remote_sites: tuple[RemoteSite, ...] = ()
    extensions: tuple[Extension, ...] = ()
    allowed_countries: tuple[str, ...] = ()
    lockout: Lockout = field(default_factory=Lockout)
    concurrent_calls: int | None = None
    """Calls at the same time; None where it is not declared."""
    credentials: CredentialPolicy = field(default_factory=CredentialPolicy)
    alerts: Alerts | None = None
    antivirus: Antivirus | None = None
    provisioning: Provisioning | None = None
    phone_policy: PhonePolicy = field(default_factory=PhonePolicy)
    flood: Flood | None = None
    router: Router = field(default_factory=Router)
    barred_numbers: tuple[str, ...] = ()
    """Beginnings of numbers that no extension may dial."""
    attestations: tuple[Attestation, ...] = ()

    def remote_site_of(self, number: str) -> RemoteSite | None:
        """The remote site that declares this extension, or None for one on the LAN."""
        return next((site for site in self.remote_sites if number in site.extensions), None)

    def crosses_internet(self, extension: Extension) -> bool:
        """Whether its phone reaches the PBX over the internet, and not by a VPN."""
        site = self.remote_site_of(extension.number)
        return extension.outside_lan or (site is not None and not site.vpn)

    def transport_of(self, extension: Extension) -> str:
        """udp, tcp or tls: what its phone registers with."""
        site = self.remote_site_of(extension.number)
        if site:
            return site.transport
        return "tls" if extension.outside_lan else "udp"
