# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compiler for a Yeastar's web pages: what has to be set there by hand. Pure. Facts: yeastar.md d and (e)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from ansible_collections.voipsec.hardening.plugins.module_utils.site.countries import COUNTRIES
from ansible_collections.voipsec.hardening.plugins.module_utils.site.manual_item import Item
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import EMERGENCY_NUMBERS, Declaration

P_CONTROLS = (
    "static_defence", "drop_all", "auto_defence", "allowed_ips", "country_ips", "country_codes", "outbound_frequency",
    "emergency_numbers", "events", "web_login", "services", "sip_settings", "trunk_limits",
)  # fmt: skip
S_CONTROLS = ("firewall", "extension_security", "country_codes", "outbound_frequency", "web_login", "services")


STATIC_COLUMNS = (
    "Name", "Description", "Action", "Object Type", "Source IP Address", "Subnet Mask", "Domain", "MAC Address",
    "Service/Port Range", "Service", "Start Port", "End Port", "Protocol",
)  # fmt: skip
AUTO_COLUMNS = (
    "Name", "Service/Port Range", "Service", "Start Port", "End Port", "Protocol", "Number of Packets",
    "Time Interval(s)",
)  # fmt: skip
FREQUENCY_COLUMNS = ("Name", "Restrictions")
LONGEST_NAME = 127
RULES = (
    ("voipsec SSH", "ssh", "tcp", 10, 60),
    ("voipsec SIP UDP", "sip_udp", "udp", 40, 2),
    ("voipsec SIP TCP", "sip_tcp", "tcp", 40, 2),
    ("voipsec SIP TLS", "sip_tls", "tcp", 40, 2),
    ("voipsec HTTP", "http", "both", 120, 60),
    ("voipsec HTTPS", "https", "both", 120, 60),
)
"""The vendor's own default rules (yeastar.md d), and the one for SIP over TLS like those for UDP and TCP."""
FREQUENCY = "5/1/second&20/10/minute&60/60/minute"
"""Calls/time/unit of one extension. The first is the vendor's default, the others are ours."""
EVENTS = (
    "Web User Login Failed", "Web User Blocked Out", "Linkus Client Login Failed", "Linkus User Blocked Out",
    "Extension Registration Blocked Out", "Auto Defense IP Blocked Out", "API Authentication Blocked Out",
    "Administrator Password Changed", "Extension User Password Changed", "Emergency Call Dialed Out",
    "SIP Trunk Registration Failed", "System Reboot", "Insufficient Storage",
)  # fmt: skip
"""yeastar.md d, the list of events."""


def p_series(declaration: Declaration) -> list[Item]:
    cloud = declaration.pbx.product == "yeastar_cloud"
    items = [_allowed_ips(declaration)] if cloud else _defence(declaration)
    return [*items, *_p_pages(declaration)]


ROUTER = "the router in front lets SIP through from the providers and the declared sites only"
MAKER = "the PBX's maker runs the firewall in front of it"
FORWARDED = "not reachable from outside unless the router forwards it, which a verification from outside shows"


def _defence(declaration: Declaration) -> list[Item]:
    rows = tuple(_static_rows(declaration))
    return [
        Item(
            "static_defence",
            "Addresses that are always accepted",
            "Security > Security Rules > Static Defense, Import",
            tuple(f"accept {row[4] or row[6]} {row[5]}".strip() + f" ({row[1]})" for row in rows),
            ROUTER,
            STATIC_COLUMNS,
            rows,
        ),
        Item(
            "drop_all",
            "All other addresses are dropped",
            "Security > Security Rules > Static Defense, its options",
            (
                "first: the list of Static Defense is imported and holds the network that you are managing from",
                "Drop All but Accepted IPs in Static Defense: on",
                "Drop IP Ping Request: on",
                "Disable Auto Defense: off",
                "Disable Extension Registration Defense: off",
            ),
            ROUTER,
            outside=declaration.pbx.sip_ports,
        ),
        Item(
            "auto_defence",
            "Rate limits for each address",
            "Security > Security Rules > Auto Defense, Import",
            tuple(
                f"{service} {protocol}: {packets} packets in {time} s" for _n, service, protocol, packets, time in RULES
            ),
            ROUTER,
            AUTO_COLUMNS,
            tuple(
                (name, "service", service, "", "", protocol, str(packets), str(time))
                for name, service, protocol, packets, time in RULES
            ),
        ),
    ]


def _allowed_ips(declaration: Declaration) -> Item:
    return Item(
        "allowed_ips",
        "Addresses that are never blocked",
        "Security > Security Rules > Allowed IPs",
        tuple(f"allow {network} ({who})" for network, who in _accepted(declaration)),
        MAKER,
    )


def _accepted(declaration: Declaration) -> list[tuple[ipaddress.IPv4Network, str]]:
    found = [(network, "management") for network in declaration.site.management]
    for provider in declaration.trunk_providers:
        found += [(network, f"provider {provider.name}") for network in (*provider.signalling, *provider.media)]
    found += [(site.address, f"site {site.name}") for site in declaration.remote_sites if site.address]
    found += [(network, "local network") for network in declaration.pbx.local_networks]
    seen: dict[ipaddress.IPv4Network, str] = {}
    for network, who in found:
        seen.setdefault(network, who)
    return list(seen.items())


def _static_rows(declaration: Declaration) -> Iterable[tuple[str, ...]]:
    # An appliance wants these columns empty for "accept"; the software edition wants a range [D].
    ports = ("", "", "", "") if declaration.pbx.product == "yeastar_appliance" else ("port_range", "", "1", "65535")
    for network, who in _accepted(declaration):
        name = f"voipsec {who} {network.network_address}-{network.prefixlen}"[:LONGEST_NAME]
        address = (str(network.network_address), str(network.netmask))
        yield (name, who, "accept", "ip", *address, "", "", *ports, "both")


def _p_pages(declaration: Declaration) -> list[Item]:
    names = ", ".join(f"{code} ({COUNTRIES[code].name})" for code in declaration.allowed_countries)
    own = declaration.site.country
    alerts = declaration.alerts
    in_front = MAKER if declaration.pbx.product == "yeastar_cloud" else ROUTER
    return [
        Item(
            "country_ips",
            "Countries from which the PBX may be reached",
            "Security > Security Settings > Allowed Country IPs",
            (f"first: allow {own} ({COUNTRIES[own].name}), where you are managing from", "all others: off"),
            in_front,
        ),
        Item(
            "country_codes",
            "Countries that may be dialled",
            "Security > Security Settings > Allowed Country Codes",
            (f"allow {names}", "all others: off"),
            "the same countries are in the PBX's list of blocked numbers, which the API sets",
        ),
        Item(
            "outbound_frequency",
            "Outbound call rate of an extension",
            "Security, Outbound Call Frequency Restriction, Import; then on the extensions",
            tuple(FREQUENCY.split("&")),
            "nothing; a stolen extension can dial as fast as the trunk allows",
            FREQUENCY_COLUMNS,
            (("voipsec", FREQUENCY),),
        ),
        Item(
            "emergency_numbers",
            "Emergency numbers of the PBX",
            "the page of emergency numbers",
            tuple(f"{number}: for all extensions, by a trunk of this site" for number in EMERGENCY_NUMBERS),
            "the outbound routes are checked to let these numbers through",
        ),
        Item(
            "events",
            "Event notifications",
            "System > Event Notification",
            (
                f"contacts: {', '.join(alerts.to) if alerts else 'none declared in alerts.to'}",
                *(f"notify by e-mail: {event}" for event in EVENTS),
            ),
            "nothing; attacks go unnoticed",
        ),
        Item(
            "web_login",
            "The administrators' logins",
            "the users' security pages",
            ("two-factor authentication for every administrator: on", "no account without a password of its own"),
            FORWARDED if in_front is ROUTER else in_front,
            outside=(8088,) if in_front is ROUTER else (),
        ),
        Item(
            "services",
            "Unneeded services",
            "Security > Security Settings > Console/SSH Access; Integrations > AMI",
            ("Console/SSH access: off", "AMI: off"),
            FORWARDED,
            outside=(5038, 8022),
        ),
        Item(
            "sip_settings",
            "SIP settings",
            "PBX Settings > SIP Settings",
            (
                "Allow Guest: off",
                f"TLS on port {declaration.pbx.tls_port}, with a certificate for {declaration.pbx.server_name}",
            ),
            in_front,
        ),
        Item(
            "trunk_limits",
            "Limits of the trunks",
            "the trunks' pages",
            (f"maximum concurrent calls over all trunks: {declaration.concurrent_calls or 1}", "a longest call is set"),
            "the provider's own limits, if there are any",
        ),
    ]  # fmt: skip


def s_series(declaration: Declaration) -> list[Item]:
    names = ", ".join(f"{code} ({COUNTRIES[code].name})" for code in declaration.allowed_countries)
    return [
        Item(
            "firewall",
            "The PBX's own firewall",
            "the Security pages",
            (
                *(f"accept {network} ({who})" for network, who in _accepted(declaration)),
                "then: drop all others",
                "the default rules of IP auto defence stay",
            ),
            ROUTER,
        ),
        Item(
            "extension_security",
            "Where extensions may register from",
            "the extensions' pages, or the CSV import of extensions",
            tuple(_s_extension_lines(declaration)),
            ROUTER,
        ),
        Item("country_codes", "Countries that may be dialled", "the pages of outbound restrictions",
             (f"allow {names}", "all others: off"), "nothing on this PBX"),
        Item("outbound_frequency", "Outbound call rate of an extension", "the page of outbound restrictions",
             ("the default of 5 calls in 1 minute, or stricter: on",),
             "nothing; a stolen extension can dial as fast as the trunk allows"),
        Item("web_login", "The administrators' logins", "the users' pages",
             ("strong passwords: required", "HTTPS only, TLS 1.2"),
             FORWARDED),
        Item("services", "Unneeded services", "the Service page",
             ("AMI, SSH, FTP, TFTP, database grant: off",), FORWARDED),
    ]  # fmt: skip


def _s_extension_lines(declaration: Declaration) -> Iterable[str]:
    for extension in declaration.extensions:
        remote = "on" if declaration.crosses_internet(extension) else "off"
        transport = declaration.transport_of(extension)
        srtp = "on" if transport == "tls" else "as it is"
        yield f"{extension.number}: register remotely {remote}, transport {transport}, SRTP {srtp}"
