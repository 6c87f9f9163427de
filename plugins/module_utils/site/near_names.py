# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user probably meant by a name that is nearly one of ours. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping

LIKENESS = 0.87
"""How alike two names of variables must be, by difflib: `remote_site` and `allow_countries` are, `credentials_file` is
not."""
LIKENESS_OF_GROUPS = 0.8
LIKENESS_OF_VALUES = 0.9

SYNONYMS = {
    "site": "customer_site site_info",
    "pbx": "pabx ip_pbx phone_system telephone_system",
    "trunk_providers": "trunks sip_trunks sip_providers trunk_provider voip_providers itsps carriers providers",
    "remote_sites": "branches branch_offices remote_offices remote_locations remotes home_offices home_workers",
    "extensions": "extension_list exts",
    "allowed_countries": "countries allow_countries permitted_countries countries_allowed allowed_destinations",
    "barred_numbers": "blocked_numbers barred_prefixes blocked_prefixes banned_numbers denied_numbers",
    "lockout": "lock_out fail2ban brute_force account_lockout",
    "concurrent_calls": "max_calls maximum_calls max_concurrent_calls simultaneous_calls parallel_calls call_limit "
    "max_channels",
    "flood": "flood_protection flood_defence flood_defense ddos dos_defence dos_defense",
    "router": "vigor draytek_router",
    "credentials": "password_policy credential_policy",
    "alerts": "alerting alert_mail",
    "antivirus": "anti_virus antimalware anti_malware malware_scan",
    "attestations": "confirmations attested",
    "provisioning": "provision auto_provisioning autoprovisioning phone_provisioning",
    "phone_policy": "phone_settings phones_policy phone_config phone_options",
}
"""Names under which users look for ours. None that a role of somebody else is likely to use, such as users or mail."""
_BY_SYNONYM = {synonym: name for name, synonyms in SYNONYMS.items() for synonym in synonyms.split()}

DEVICE_GROUPS = {
    "draytek": "drayteks vigor vigors router routers draytek_router draytek_routers draytek_vigor",
    "threecx": "3cx three_cx threecxs 3cxs pbx_3cx",
    "yeastar": "yeastars yeaster yeastar_pbx",
    "provisioning_servers": "provisioning_server provision_servers",
    "pbx_hosts": "pbx_host pbxhosts pbx_hosts_linux",
    "vantage_points": "vantage_point vantages",
}
"""The groups that playbooks look for, and names that users give them."""
NO_GROUP = ("yealink", "yealinks", "phones", "handsets")
"""Groups of phones, which are no hosts of the inventory."""
_GROUP_BY_SYNONYM = {synonym: name for name, synonyms in DEVICE_GROUPS.items() for synonym in synonyms.split()}

CHOICES = {
    "3cx": "threecx", "ssl": "tls", "sips": "tls", "s-series": "yeastar_s", "p-series": "yeastar_appliance",
    "start_tls": "starttls", "plain": "none", "clam": "clamav", "clamd": "clamav",
}  # fmt: skip
"""Values that users write for one of a few words."""


def variable_meant(name: str, missing: Collection[str]) -> str | None:
    """Which of the missing variables a name of the play is meant to be."""
    plain = name.lower().replace("-", "_")
    if _BY_SYNONYM.get(plain) in missing:
        return _BY_SYNONYM[plain]
    return next(iter(difflib.get_close_matches(plain, missing, n=1, cutoff=LIKENESS)), None)


def option_meant(name: str, options: Mapping[str, Collection[str]]) -> str | None:
    """Which option an unknown name is meant to be. ``options``: names, each with the names inside it."""
    plain = name.lower().replace("-", "_")
    inside = next((f"{outer}.{plain}" for outer, inner in options.items() if plain in inner), None)
    return plain if plain in options else inside or next(iter(difflib.get_close_matches(plain, options, n=1)), None)


def choice_meant(value: str, choices: Iterable[str]) -> str | None:
    """Which of a few words a value is meant to be: TLS is tls, 3cx is threecx."""
    plain, known = value.strip().lower().replace(" ", "_"), list(choices)
    if CHOICES.get(plain) in known:
        return CHOICES[plain]
    return (
        plain
        if plain in known
        else next(iter(difflib.get_close_matches(plain, known, n=1, cutoff=LIKENESS_OF_VALUES)), None)
    )


def group_meant(name: str) -> str | None:
    """Which group of ours a group of the inventory is meant to be; None where it is one of ours, or somebody else's."""
    plain = name.lower().replace("-", "_")
    if name in DEVICE_GROUPS or name == "provisioning":
        return None
    known = _GROUP_BY_SYNONYM.get(plain)
    return known or next(iter(difflib.get_close_matches(plain, DEVICE_GROUPS, n=1, cutoff=LIKENESS_OF_GROUPS)), None)
