# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site's declaration: from the play's variables to typed data, or to everything that is wrong with them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.site import (
    checks_addresses,
    checks_extensions,
    checks_policy,
    checks_ports,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Alerts,
    Antivirus,
    Attestation,
    CredentialPolicy,
    Declaration,
    Dot1x,
    Extension,
    Flood,
    Lockout,
    Pbx,
    Phone,
    PhoneLock,
    PhonePolicy,
    PortForward,
    Provisioning,
    RemoteSite,
    Router,
    Site,
    Smtp,
    TrunkProvider,
    Vlan,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_tree import (
    FORMS,
    Check,
    Circumstances,
    Reading,
    read,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem
from ansible_collections.voipsec.hardening.plugins.module_utils.site.spec import REQUIRED, SPEC, VARIABLES

__all__ = ["SPEC", "VARIABLES", "parse"]

ATTESTED_FOR = datetime.timedelta(days=180)
"""How long a confirmation counts where it does not say."""
CHECKS: tuple[Check, ...] = (
    checks_addresses.networks_are_declared_once,
    checks_addresses.addresses_have_one_role,
    checks_addresses.pbx_is_on_the_lan,
    checks_ports.router_ports_are_its_own,
    checks_ports.ports_are_declared_once,
    checks_ports.sip_and_media_ports_differ,
    checks_ports.providers_use_the_pbx_ports,
    checks_ports.tls_has_a_port,
    checks_ports.plain_sip_has_a_port,
    checks_extensions.peer_names_are_unique,
    checks_extensions.remote_sites_say_where_they_are,
    checks_extensions.time_limited_entries_end,
    checks_extensions.remote_extensions_exist,
    checks_extensions.extensions_are_at_one_site,
    checks_extensions.extension_numbers_are_unique,
    checks_extensions.macs_are_unique,
    checks_extensions.emergency_numbers_are_no_extensions,
    checks_extensions.people_can_be_told_apart,
    checks_extensions.remote_extensions_are_outside,
    checks_extensions.phones_can_be_provisioned,
    checks_extensions.own_files_have_an_address,
    checks_extensions.shared_access_has_a_name,
    checks_extensions.emergency_numbers_are_not_barred,
    checks_policy.somebody_may_call,
    checks_policy.own_country_is_allowed,
    checks_policy.countries_are_allowed_once,
    checks_policy.lockout_locks_out,
    checks_policy.flood_defence_lets_speech_pass,
    checks_policy.alerts_are_sent_safely,
    checks_policy.attestations_are_of_controls,
)
"""Each looks at one thing, and at nothing that could not be read."""


def parse(values: Mapping[str, Any], today: datetime.date) -> tuple[Declaration | None, list[Problem]]:
    """The declaration, or None where a problem is more than a warning. ``values`` are plain data by variable."""
    problems = [
        Problem(name, "", f"nothing is declared; {FORMS[name].needed} is needed")
        for name in REQUIRED
        if values.get(name) is None
    ]
    reading = read(SPEC, values, problems)
    now = Circumstances(today, frozenset(item.variable for item in problems))
    for check in CHECKS:
        problems.extend(check(reading, now))
    if any(not item.warning for item in problems):
        return None, problems
    return build(reading, today), problems


def build(reading: Reading, today: datetime.date) -> Declaration:
    """The typed declaration from a reading without errors."""
    site, pbx = reading["site"], _pbx(reading["pbx"])
    remote_sites = tuple(_remote_site(entry, today) for entry in reading["remote_sites"] or ())
    outside = {number for remote in remote_sites if not remote.vpn for number in remote.extensions}
    return Declaration(
        site=Site(
            site["name"], site["country"], site["time_zone"], tuple(site["management"]), site["office_hours"] or ()
        ),
        pbx=pbx,
        trunk_providers=tuple(_provider(entry, pbx) for entry in reading["trunk_providers"]),
        remote_sites=remote_sites,
        extensions=tuple(_extension(entry, outside) for entry in reading["extensions"] or ()),
        allowed_countries=tuple(reading["allowed_countries"] or (site["country"],)),
        lockout=Lockout(**(reading["lockout"] or {})),
        concurrent_calls=reading["concurrent_calls"],
        credentials=CredentialPolicy(**(reading["credentials"] or {})),
        alerts=_alerts(reading["alerts"]) if reading["alerts"] else None,
        antivirus=_antivirus(reading["antivirus"]) if reading["antivirus"] else None,
        provisioning=Provisioning(**reading["provisioning"]) if reading["provisioning"] else None,
        phone_policy=_phone_policy(reading["phone_policy"]) if reading["phone_policy"] else PhonePolicy(),
        flood=Flood(**reading["flood"]) if reading["flood"] else None,
        router=_router(reading["router"]) if reading["router"] else Router(),
        barred_numbers=tuple(reading["barred_numbers"] or ()),
        attestations=tuple(_attestation(entry, today) for entry in reading["attestations"] or ()),
    )


def _pbx(entry: Reading) -> Pbx:
    return Pbx(
        address=entry["address"],
        server_name=entry["server_name"],
        sip_ports=tuple(entry["sip_ports"]),
        tls_port=entry["tls_port"],
        rtp_ports=entry["rtp_ports"],
        local_networks=tuple(entry["local_networks"]),
        product=entry["product"],
    )


def _provider(entry: Reading, pbx: Pbx) -> TrunkProvider:
    plain = tuple(port for port in pbx.sip_ports if port != pbx.tls_port)[:1]
    usual = (pbx.tls_port,) if entry["transport"] == "tls" else plain
    return TrunkProvider(
        name=entry["name"],
        signalling=tuple(entry["signalling"]),
        media=tuple(entry["media"] or entry["signalling"]),
        ports=tuple(entry["ports"] or usual),
        transport=entry["transport"],
    )


def _remote_site(entry: Reading, today: datetime.date) -> RemoteSite:
    ended = entry["expires"] is not None and entry["expires"] < today
    return RemoteSite(
        name=entry["name"],
        address=None if ended else entry["address"],
        vpn=entry["vpn"],
        fqdn=entry["fqdn"],
        expires=entry["expires"],
        extensions=tuple(entry["extensions"]),
        transport=entry["transport"],
    )


def _attestation(entry: Reading, today: datetime.date) -> Attestation:
    expires = entry["expires"] or entry["confirmed_on"] + ATTESTED_FOR
    return Attestation(
        control=entry["control"],
        confirmed_by=entry["confirmed_by"],
        confirmed_on=entry["confirmed_on"],
        settings=entry["settings"],
        expires=expires,
        ended=expires < today,
    )


def _extension(entry: Reading, outside: set[str]) -> Extension:
    return Extension(
        number=entry["number"],
        name=entry["name"],
        phone=_phone(entry["phone"]) if entry["phone"] else None,
        outside_lan=bool(entry["outside_lan"]) or entry["number"] in outside,
        generation=entry["generation"],
    )


def _phone(entry: Reading) -> Phone:
    return Phone(**{**entry, "vlan": Vlan(**entry["vlan"]) if entry["vlan"] else None})


def _phone_policy(entry: Reading) -> PhonePolicy:
    parts = {"lock": PhoneLock, "vlan": Vlan, "dot1x": Dot1x}
    built = {name: kind(**entry[name]) if entry[name] else None for name, kind in parts.items()}
    return PhonePolicy(**{**entry, **built})


def _antivirus(entry: Reading) -> Antivirus:
    return Antivirus(**{**entry, "acknowledge_unsupported": tuple(entry["acknowledge_unsupported"])})


def _router(entry: Reading) -> Router:
    forwards = tuple(PortForward(**forward) for forward in entry["known_port_forwards"] or ())
    return Router(**{**entry, "known_port_forwards": forwards})


def _alerts(entry: Reading) -> Alerts:
    smtp = entry["smtp"]
    if smtp:
        smtp = Smtp(**{**smtp, "password": Secret(smtp["password"]) if smtp["password"] else None})
    return Alerts(to=tuple(entry["to"]), sender=entry["sender"], smtp=smtp)
