# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site's declaration: from the play's variables to typed data, or to everything that is wrong with them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.site import (
    checks_addresses,
    checks_extensions,
    checks_policy,
    checks_ports,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Attestation,
    Declaration,
    Extension,
    Pbx,
    RemoteSite,
    TrunkProvider,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_tree import (
    Check,
    Circumstances,
    Reading,
    read,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import argument_spec, variables_of

VARIABLES = tuple(variables_of(Declaration))
"""Names of the play's variables that make a declaration."""
SPEC = argument_spec(Declaration, outermost=True)

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
    checks_policy.flood_defence_lets_speech_pass,
    checks_policy.alerts_are_sent_safely,
    checks_policy.attestations_are_of_controls,
)
"""Each looks at one thing, and at nothing that could not be read."""


def parse(values: Mapping[str, Any], today: datetime.date) -> tuple[Declaration | None, list[Problem]]:
    """The declaration, or None where a problem is more than a warning. ``values`` are plain data by variable."""
    problems: list[Problem] = []
    reading = read(Declaration, values, problems)
    now = Circumstances(today, frozenset(item.variable for item in problems))
    for check in CHECKS:
        problems.extend(check(reading, now))
    if any(not item.warning for item in problems):
        return None, problems
    return build(reading, today), problems


def build(reading: Reading, today: datetime.date) -> Declaration:
    """The typed declaration from a reading without errors."""
    declared: Declaration = _construct(Declaration, reading)
    sites = tuple(_allowed_in(site, today) for site in declared.remote_sites)
    outside = {number for site in sites if not site.vpn for number in site.extensions}
    return replace(
        declared,
        trunk_providers=tuple(_with_usual_ports(provider, declared.pbx) for provider in declared.trunk_providers),
        remote_sites=sites,
        extensions=tuple(_placed(extension, outside) for extension in declared.extensions),
        allowed_countries=declared.allowed_countries or (declared.site.country,),
        attestations=tuple(_dated(attestation, today) for attestation in declared.attestations),
    )


def _construct(group: type, reading: Reading) -> Any:
    """The model's object. What is not declared is left to the default of its field."""
    values: dict[str, Any] = {}
    for name, row in variables_of(group).items():
        value = reading[name]
        if value is None:
            continue
        if row.group:
            value = [_construct(row.group, one) for one in value] if row.many else _construct(row.group, value)
        values[name] = tuple(value) if row.many else Secret(value) if row.secret else value
    return group(**values)


def _with_usual_ports(provider: TrunkProvider, pbx: Pbx) -> TrunkProvider:
    plain = tuple(port for port in pbx.sip_ports if port != pbx.tls_port)[:1]
    usual = (pbx.tls_port,) if provider.transport == "tls" else plain
    return replace(provider, media=provider.media or provider.signalling, ports=provider.ports or usual)


def _allowed_in(site: RemoteSite, today: datetime.date) -> RemoteSite:
    ended = site.expires is not None and site.expires < today
    return replace(site, address=None) if ended else site


def _dated(attestation: Attestation, today: datetime.date) -> Attestation:
    expires = attestation.expires or attestation.confirmed_on + ATTESTED_FOR
    return replace(attestation, expires=expires, ended=expires < today)


def _placed(extension: Extension, outside: set[str]) -> Extension:
    return replace(extension, outside_lan=extension.outside_lan or extension.number in outside)
