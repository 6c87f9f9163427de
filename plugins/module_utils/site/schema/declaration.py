# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a customer's inventory that make the declaration: the outermost rows."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import barred_number, country
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.alerts import Alerts
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.antivirus import Antivirus
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.attestations import Attestation
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.extensions import Extension
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.peers import RemoteSite, TrunkProvider
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.phone_policy import PhonePolicy
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.policy import (
    CredentialPolicy,
    Flood,
    Lockout,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.provisioning import Provisioning
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.router import Router
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.site import Pbx, Site
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import (
    integer,
    mapping,
    mappings,
    texts,
)


@dataclass(frozen=True)
class Declaration:
    """One customer's whole site."""

    site: Site = mapping(Site, "The customer, and who manages the site.", required=True)
    pbx: Pbx = mapping(Pbx, "The PBX: where it is, and where it listens.", required=True)
    trunk_providers: tuple[TrunkProvider, ...] = mappings(
        "providers",
        TrunkProvider,
        "Telephone companies whose servers may reach the PBX. An empty list is a warning.",
        required=True,
    )
    remote_sites: tuple[RemoteSite, ...] = mappings(
        "sites", RemoteSite, "Offices and homes whose phones reach the PBX from outside."
    )
    extensions: tuple[Extension, ...] = mappings("extensions", Extension, "Extension numbers and their desk phones.")
    allowed_countries: tuple[str, ...] = texts(
        "country codes",
        "a country code",
        "Countries that may be called, as two-letter ISO 3166 codes.",
        without="the site's own country",
        example=["GB", "IE"],
        parse=country,
        checked="includes `site.country`",
    )
    lockout: Lockout = mapping(Lockout, "When an address is blocked, and for how long.", always=True)
    concurrent_calls: int | None = integer(
        "a whole number",
        "Calls at the same time, at most.",
        without="1",
        example=12,
        bounds=(1, 5000),
    )
    credentials: CredentialPolicy = mapping(CredentialPolicy, "What generated credentials look like.", always=True)
    alerts: Alerts | None = mapping(Alerts, "Who is notified, and through which mail server.")
    antivirus: Antivirus | None = mapping(
        Antivirus, "Malware scans of the PBX host.", without="nothing is installed on the PBX host"
    )
    provisioning: Provisioning | None = mapping(
        Provisioning, "Where phones download their configuration. Required if any extension has a phone."
    )
    phone_policy: PhonePolicy = mapping(PhonePolicy, "What all phones of the site have in common.", always=True)
    flood: Flood | None = mapping(Flood, "The router's flood defence.")
    router: Router = mapping(
        Router,
        "How the router itself is managed. What is left out stays unchanged. Always set, without being declared: the "
        "access list (`site.management`), the block of anyone who guesses passwords (`lockout`, for at most half an "
        "hour) and the time zone (`site.time_zone`); SNMP, FTP, UPnP and management over IPv6 are turned off.",
        always=True,
    )
    barred_numbers: tuple[str, ...] = texts(
        "beginnings of numbers",
        "the beginning of a number",
        "Beginnings of numbers that nobody may dial.",
        digits=True,
        example=["0871"],
        parse=barred_number,
        checked="1 to 15 digits; bars no emergency number",
    )
    attestations: tuple[Attestation, ...] = mappings(
        "confirmed controls",
        Attestation,
        "Controls that no API can set, confirmed by whoever set them by hand. The role `yeastar` writes the checklist.",
    )

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
