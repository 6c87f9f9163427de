# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a declaration: every value by the argument spec's type, then by its own meaning, and all problems at once.

Ansible's ArgumentSpecValidator stops at the first wrong element of a list and does not tell which it was, so this walk
applies the same spec, with Ansible's own conversions, value by value. A value that cannot be used is None in the
result, so that it does not hide the problems of others.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.validation import check_type_bool, check_type_int

from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.policy import PIN, SIP_PASSWORD
from ansible_collections.voipsec.hardening.plugins.module_utils.site import parse_addresses as addresses
from ansible_collections.voipsec.hardening.plugins.module_utils.site import parse_values as values
from ansible_collections.voipsec.hardening.plugins.module_utils.site.near_names import choice_meant, option_meant
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_office_hours import office_hours
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import (
    Invalid,
    Problem,
    hidden,
    problem,
    show,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.written import (
    UNQUOTED,
    WrittenInt,
    as_written,
    misread_digits,
    misread_number,
)

Reading = dict[str, Any]
"""A declaration in the shape of the spec: read values, None where nothing is declared or nothing could be read."""


@dataclass(frozen=True)
class Form:
    """What a value must look like."""

    needed: str
    """A noun phrase for "... is needed"."""
    parse: Callable[[Any], Any] | None = None


def _whole_number(first: int, last: int, why: str = "") -> Callable[[int], int]:
    def parse(number: int) -> int:
        if not first <= number <= last:
            raise Invalid(f"is out of range; {first} to {last} is valid{why}")
        return number

    return parse


def _vlan(path: str) -> dict[str, Form]:
    return {
        path: Form("a mapping with id and priority"),
        f"{path}.id": Form("a VLAN such as 20", _whole_number(1, 4094)),
        f"{path}.priority": Form("a priority such as 5", _whole_number(0, 7)),
        f"{path}.pc_id": Form("a VLAN such as 30", _whole_number(1, 4094)),
        f"{path}.pc_priority": Form("a priority such as 0", _whole_number(0, 7)),
    }


_CERTIFICATE = "an address such as https://provision.acme.example/ca.crt"
_NETWORKS = 'a list of IPv4 networks such as ["203.0.113.0/26"]'
_PORTS = "a list of ports such as [5060, 5061]"
_NAME = Form("a name such as gamma", values.peer_name)

FORMS: dict[str, Form] = {
    "site": Form("a mapping with name, country, time_zone and management"),
    "site.name": Form("the customer's short name, such as acme", values.site_name),
    "site.country": Form("a country code such as GB", values.country),
    "site.time_zone": Form("a time zone such as Europe/London", values.time_zone),
    "site.management": Form('a list of addresses that manage the site, such as ["198.51.100.7/32"],'),
    "site.management[]": Form("an address such as 198.51.100.7/32", addresses.management_network),
    "site.office_hours": Form('a text such as "mon-fri 09:00-17:30"', office_hours),
    "pbx": Form("a mapping with address and server_name"),
    "pbx.address": Form("the PBX's IPv4 address on the LAN, such as 192.168.10.10,", addresses.host_address),
    "pbx.server_name": Form("the name that phones register with, such as pbx.acme.example,", values.host),
    "pbx.sip_ports": Form(_PORTS),
    "pbx.sip_ports[]": Form("a port such as 5060", values.port),
    "pbx.tls_port": Form("a port such as 5061", values.port),
    "pbx.rtp_ports": Form('a range of ports such as "9000-10999"', values.port_range),
    "pbx.local_networks": Form('a list of networks such as ["192.168.10.0/24"]'),
    "pbx.local_networks[]": Form("a network such as 192.168.10.0/24", addresses.local_network),
    "trunk_providers": Form("a list of providers, each with name and signalling,"),
    "trunk_providers[]": Form("a mapping with name and signalling"),
    "trunk_providers[].name": _NAME,
    "trunk_providers[].signalling": Form(_NETWORKS),
    "trunk_providers[].signalling[]": Form("a network such as 203.0.113.0/26", addresses.provider_network),
    "trunk_providers[].media": Form(_NETWORKS),
    "trunk_providers[].media[]": Form("a network such as 203.0.113.128/26", addresses.provider_network),
    "trunk_providers[].ports": Form(_PORTS),
    "trunk_providers[].ports[]": Form("a port such as 5060", values.port),
    "remote_sites": Form("a list of sites, each with name and address,"),
    "remote_sites[]": Form("a mapping with name and address"),
    "remote_sites[].name": _NAME,
    "remote_sites[].address": Form("a public IPv4 address such as 192.0.2.10", addresses.remote_site_network),
    "remote_sites[].fqdn": Form("a host name such as ipswich.acme.example", values.fqdn),
    "remote_sites[].expires": Form("a date such as 2027-03-31", values.date),
    "remote_sites[].extensions": Form('a list of extension numbers such as ["201"]'),
    "remote_sites[].extensions[]": Form('an extension number such as "201"', values.extension_number),
    "extensions": Form("a list of extensions, each with number and name,"),
    "extensions[]": Form("a mapping with number and name"),
    "extensions[].number": Form('a number such as "201"', values.extension_number),
    "extensions[].name": Form("a name to display, such as Reception,", values.person_name),
    "extensions[].phone": Form("a mapping with mac and model"),
    "extensions[].phone.mac": Form('a MAC address such as "805ec0aabbcc"', values.mac),
    "extensions[].phone.model": Form("a model such as T46U", values.phone_model),
    "extensions[].phone.firmware": Form('a version such as "108.86.0.118"', values.firmware),
    "extensions[].phone.listen_port": Form("a port such as 35060", values.phone_port),
    **_vlan("extensions[].phone.vlan"),
    "extensions[].generation": Form("a whole number such as 2", _whole_number(1, 999_999)),
    "allowed_countries": Form("a list of country codes such as [GB, IE]"),
    "allowed_countries[]": Form(
        "a country code such as GB, in quotes where YAML would read it as yes or no,", values.country
    ),
    "barred_numbers": Form('a list of beginnings of numbers such as ["0871"]'),
    "barred_numbers[]": Form('the beginning of a number, such as "0871",', values.barred_number),
    "lockout": Form("a mapping with failed_attempts, within and block_for"),
    "lockout.within": Form("a duration such as 10m", values.duration),
    "lockout.block_for": Form("a duration such as 24h", values.duration),
    "concurrent_calls": Form("a whole number such as 12", _whole_number(1, 5000)),
    "flood": Form("a mapping with udp_packets_per_second"),
    "flood.udp_packets_per_second": Form("a whole number such as 2000", _whole_number(1, 10_000_000)),
    "router": Form("a mapping with remote_management, syslog_server and others"),
    "router.https_port": Form("a port such as 443", values.port),
    "router.ssh_port": Form("a port such as 22", values.port),
    "router.syslog_server": Form("an IPv4 address such as 192.168.10.20", addresses.any_address),
    "router.syslog_port": Form("a port such as 514", values.port),
    "router.time_server": Form("a host name such as ntp.example.net", values.host),
    "router.smtp_address": Form("an IPv4 address such as 192.0.2.25", addresses.any_address),
    "router.known_port_forwards": Form("a list of ways in, each with address and ports,"),
    "router.known_port_forwards[]": Form("a mapping with address and ports"),
    "router.known_port_forwards[].address": Form("an IPv4 address on the LAN", addresses.any_address),
    "router.known_port_forwards[].ports": Form('a port or range such as "443" or "8000-8010"', values.ports),
    "credentials": Form("a mapping with password_length and pin_length"),
    "credentials.password_length": Form(
        "a whole number such as 20",
        _whole_number(*SIP_PASSWORD, ": the least that every Yeastar takes and the most that a 3CX takes"),
    ),
    "credentials.pin_length": Form(
        "a whole number such as 6",
        _whole_number(*PIN, ": shorter PINs are guessed, 10 is the most that a 3CX takes"),
    ),
    "credentials.generation": Form("a whole number such as 1", _whole_number(1, 999_999)),
    "alerts": Form("a mapping with to and smtp"),
    "alerts.to": Form("a list of mail addresses such as [support@example.net]"),
    "alerts.to[]": Form("a mail address such as support@example.net", values.mail_address),
    "alerts.sender": Form("a mail address such as pbx@acme.example", values.mail_address),
    "alerts.smtp": Form("a mapping with host, port, security, username and password"),
    "alerts.smtp.host": Form("a mail server such as mail.example.net", values.host),
    "alerts.smtp.port": Form("a port such as 587", values.port),
    "alerts.smtp.username": Form("a user name", values.user_name),
    "antivirus": Form("a mapping with product and scan_at"),
    "antivirus.acknowledge_unsupported": Form("a list such as [clamav]"),
    "antivirus.acknowledge_unsupported[]": Form("a name such as clamav"),
    "antivirus.scan_at": Form('a time of day such as "03:00"', values.time_of_day),
    "attestations": Form("a list of confirmed controls, each with control, confirmed_by, confirmed_on and settings,"),
    "attestations[]": Form("a mapping with control, confirmed_by, confirmed_on and settings"),
    "attestations[].control": Form("the name of a control from the checklist, such as static_defence,"),
    "attestations[].confirmed_by": Form("a person's name", values.person_name),
    "attestations[].confirmed_on": Form("a date such as 2026-11-20", values.date),
    "attestations[].settings": Form("the eight characters beside the control in the checklist", values.digest),
    "attestations[].expires": Form("a date such as 2027-05-20", values.date),
    "provisioning": Form("a mapping with url"),
    "provisioning.url": Form("an address such as https://provision.acme.example/yealink/", values.https_directory),
    "provisioning.username": Form("a user name such as phones", values.user_name),
    "phone_policy": Form("a mapping with lock, vlan and others"),
    "phone_policy.lock": Form("a mapping with after and keys"),
    "phone_policy.lock.after": Form("a duration such as 5m", values.lock_time),
    **_vlan("phone_policy.vlan"),
    "phone_policy.dot1x": Form("a mapping with method"),
    "phone_policy.dot1x.identity": Form("a name such as phone", values.user_name),
    "phone_policy.dot1x.ca_url": Form(_CERTIFICATE, values.https_file),
    "phone_policy.dot1x.client_certificate_url": Form(_CERTIFICATE, values.https_file),
    "phone_policy.trusted_certificate": Form(_CERTIFICATE, values.https_file),
}
"""By path, with [] for every element of a list."""

DIGITS = frozenset(
    (
        "remote_sites[].extensions[]",
        "extensions[].number",
        "extensions[].phone.mac",
        "barred_numbers[]",
        "alerts.smtp.password",
        "attestations[].settings",
    )
)
"""Texts that look like numbers, and whose digits count as they are written."""


@dataclass(frozen=True)
class Circumstances:
    """What a check may know beside the values that could be read."""

    today: datetime.date
    broken: frozenset[str] = frozenset()
    """Variables that were reported already, and whose value is therefore None."""

    def absent(self, path: str, value: Any) -> bool:
        """Nothing is declared: not even something that could not be read."""
        return value is None and not any(one == path or one.startswith((f"{path}.", f"{path}[")) for one in self.broken)


Check = Callable[[Reading, Circumstances], Iterator[Problem]]


def read(spec: Mapping[str, Any], declared: Mapping[str, Any], problems: list[Problem]) -> Reading:
    """The values of the declared variables. Problems are added to the list, in the order of the spec."""
    return _options("", "", spec, declared, problems)


def entries(reading: Mapping[str, Any], name: str) -> Iterator[tuple[str, Reading]]:
    """The mappings of a list that could be read, each with its path."""
    for position, entry in enumerate(reading.get(name) or ()):
        if entry is not None:
            yield f"{name}[{position}]", entry


def items(path: str, entry: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """The values of a list that could be read, each with its path."""
    for position, item in enumerate(entry.get(name) or ()):
        if item is not None:
            yield f"{path}.{name}[{position}]" if path else f"{name}[{position}]", item


def _options(
    path: str, pattern: str, spec: Mapping[str, Any], declared: Mapping[str, Any], problems: list[Problem]
) -> Reading:
    found: Reading = {}
    for name, option in spec.items():
        inner_path, inner = (f"{path}.{name}", f"{pattern}.{name}") if path else (name, name)
        value = declared.get(name)
        if value is None:  # also where YAML has the name and nothing behind it
            value = option.get("default")
        if value is not None:
            found[name] = _value(inner_path, inner, option, value, problems)
            continue
        found[name] = None
        if option.get("required"):
            problems.append(_nothing(inner_path, inner, option))
    for name in declared:
        if name not in spec:
            problems.append(_unknown(path, str(name), spec))
    return found


def _value(path: str, pattern: str, option: Mapping[str, Any], value: Any, problems: list[Problem]) -> Any:
    kind = option["type"]
    if kind == "dict":
        if isinstance(value, Mapping):
            return _options(path, pattern, option["options"], value, problems)
        problems.append(_not_needed(path, pattern, option, value))
        return None
    if kind == "list":
        return _list(path, pattern, option, value, problems)
    return _scalar(path, pattern, option, value, problems)


def _list(path: str, pattern: str, option: Mapping[str, Any], value: Any, problems: list[Problem]) -> Any:
    if isinstance(value, str) and option["elements"] != "dict":
        value = [part.strip() for part in value.split(",")]  # as Ansible reads a text for a list
    elif isinstance(value, (int, float)) and option["elements"] == "int":
        value = [value]
    if not isinstance(value, (list, tuple)):
        problems.append(_not_needed(path, pattern, option, value))
        return None
    if option.get("required") and not value:
        problems.append(Problem(path, "[]", f"is empty; {_needed(pattern, option)} is needed"))
        return None
    element = {"type": option["elements"], "options": option.get("options")}
    found: list[Any] = []
    for position, item in enumerate(value):
        inner_path, inner = f"{path}[{position}]", f"{pattern}[]"
        if item is None:
            problems.append(_nothing(inner_path, inner, element))
            found.append(None)
        else:
            found.append(_value(inner_path, inner, element, item, problems))
    return found


def _scalar(path: str, pattern: str, option: Mapping[str, Any], value: Any, problems: list[Problem]) -> Any:
    exact = pattern in DIGITS or (option["type"] == "str" and isinstance(value, (float, WrittenInt)))
    misread = misread_digits(value) if exact else misread_number(value)
    if misread:
        secret = option.get("no_log")
        problems.append(hidden(path, UNQUOTED) if secret else problem(path, as_written(value), misread))
        return None
    try:
        converted = _converted(option["type"], value)
    except (TypeError, ValueError, OverflowError):
        problems.append(_not_needed(path, pattern, option, value))
        return None
    if option.get("choices") and converted not in option["choices"]:
        meant = choice_meant(str(converted), option["choices"])
        hint = f"did you mean {meant}? " if meant else ""
        problems.append(problem(path, converted, f"is not valid; {hint}{_needed(pattern, option)} is needed"))
        return None
    parse = FORMS[pattern].parse if pattern in FORMS else None
    try:
        return parse(converted) if parse else converted
    except Invalid as error:
        secret = error.hide or option.get("no_log")
        problems.append(hidden(path, error.text) if secret else problem(path, _shown(value), error.text))
        return None


def _converted(kind: str, value: Any) -> Any:
    """As Ansible converts it, but without the surprises: no list becomes a text, no ``true`` becomes 1."""
    if kind == "raw":
        return value
    if isinstance(value, (Mapping, list, tuple)) or (isinstance(value, bool) and kind != "bool"):
        raise TypeError
    if kind == "int":
        return int(check_type_int(value))  # a plain number, without the text it was written as
    if kind == "bool":
        return check_type_bool(value)
    return str(value)


def _needed(pattern: str, option: Mapping[str, Any]) -> str:
    if option.get("choices"):
        *others, last = option["choices"]
        return f"{', '.join(others)} or {last}" if others else str(last)
    if pattern in FORMS:
        return FORMS[pattern].needed
    return {"bool": "true or false", "int": "a whole number"}.get(option["type"], "a text")


def _nothing(path: str, pattern: str, option: Mapping[str, Any]) -> Problem:
    return Problem(path, "", f"nothing is declared; {_needed(pattern, option)} is needed")


def _not_needed(path: str, pattern: str, option: Mapping[str, Any], value: Any) -> Problem:
    text = f"is {_kind(value)}; {_needed(pattern, option)} is needed"
    if option.get("no_log"):
        return hidden(path, text)
    if option["type"] in ("dict", "list") or isinstance(value, (Mapping, list, tuple)):
        return Problem(path, "the value", text)  # not repeated: it is long, and it may hold a password
    return problem(path, value, text)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a truth value (YAML reads yes, no, on and off so, unless quoted)"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a number" if isinstance(value, (int, float)) else "a text"


def _shown(value: Any) -> Any:
    return "the value" if isinstance(value, (Mapping, list, tuple)) else value


def _unknown(path: str, name: str, spec: Mapping[str, Any]) -> Problem:
    near = option_meant(name, {known: option.get("options") or () for known, option in spec.items()})
    hint = f"did you mean {near}? " if near else ""
    variable = f"{path}.{show(name)}" if path else show(name)
    # The value is not repeated: under a mistyped name it may be a password.
    return Problem(variable, "", f"there is no such variable; {hint}valid are {', '.join(spec)}")
