# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, words and groups that are nearly ours."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from test_declaration_mistakes import VALID, changed, errors_of

from ansible_collections.voipsec.hardening.plugins.module_utils.site.check import check
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import VARIABLES
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.near_names import SYNONYMS, group_meant
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import errors

TODAY = datetime.date(2026, 11, 23)


def without(name: str) -> dict[str, Any]:
    return {known: value for known, value in VALID.items() if known != name}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("allow_countries", "allowed_countries"),
        ("allowed-countries", "allowed_countries"),
        ("Lockout", "lockout"),
        ("max_calls", "concurrent_calls"),
        ("trunks", "trunk_providers"),
        ("alert", "alerts"),
        ("barred_number", "barred_numbers"),
        ("anti_virus", "antivirus"),
        ("pabx", "pbx"),
    ],
)
def test_a_variable_that_is_nearly_ours_is_one_error(name: str, meant: str) -> None:
    declaration, problems = check(without(meant), TODAY, Inventory(names=(name, "inventory_hostname")))
    assert declaration is None
    lines = errors(problems)
    assert f"{name}: there is no such variable, so it is not read; did you mean {meant}?" in lines
    assert not any(line.startswith(f"{meant}:") for line in lines)


@pytest.mark.parametrize("name", ["max_calls", "credentials_file", "users", "mail", "ansible_host", "yealink_settings"])
def test_a_variable_of_somebody_else_is_none_of_ours(name: str) -> None:
    declaration, _problems = check(VALID, TODAY, Inventory(names=(name,)))
    assert declaration is not None


def test_every_synonym_is_of_a_variable_and_of_one_only() -> None:
    assert set(SYNONYMS) <= set(VARIABLES)
    every = [synonym for synonyms in SYNONYMS.values() for synonym in synonyms.split()]
    assert len(every) == len(set(every))
    assert not set(every) & set(VARIABLES)


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        ("pbx.product", "3cx", "did you mean threecx?"),
        ("pbx.product", "3CX", "did you mean threecx?"),
        ("pbx.product", "Yeastar_S", "did you mean yeastar_s?"),
        ("remote_sites.0.transport", "TLS", "did you mean tls?"),
        ("trunk_providers.0.transport", "UDP", "did you mean udp?"),
        ("alerts.smtp.security", "SSL", "did you mean tls?"),
        ("provisioning.access", "Phone-Path", "phone_path"),
    ],
)
def test_a_word_that_is_nearly_one_of_the_choices(path: str, value: str, hint: str) -> None:
    (line,) = errors_of((path, value))
    assert f"{value} is not valid; " in line
    assert hint in line


@pytest.mark.parametrize(
    ("path", "hint"),
    [("extensions.0.mac", "phone.mac"), ("pbx.SIP_ports", "sip_ports"), ("alerts.host", "smtp.host")],
)
def test_an_option_in_the_wrong_place_or_case(path: str, hint: str) -> None:
    (line,) = errors_of((path, "x"))
    assert f"no such variable; did you mean {hint}?" in line


@pytest.mark.parametrize(
    ("group", "meant"),
    [
        ("vigor", "draytek"),
        ("Routers", "draytek"),
        ("dreytek", "draytek"),
        ("3cx", "threecx"),
        ("pbx_host", "pbx_hosts"),
        ("yeaster", "yeastar"),
        ("vantage-point", "vantage_points"),
        ("provisioning_server", "provisioning_servers"),
    ],
)
def test_a_group_that_is_nearly_ours(group: str, meant: str) -> None:
    inventory = Inventory(groups={group: ("router",), "all": ("router",)})
    declaration, problems = check(changed(), TODAY, inventory)
    assert declaration is None
    assert errors(problems) == [
        f"hosts.yml: {group}: no play uses the group {group}, so router would be left out; did you mean {meant}?"
    ]


@pytest.mark.parametrize("group", ["draytek", "provisioning", "london", "all", "ungrouped", "servers"])
def test_other_groups_are_the_users_own(group: str) -> None:
    assert group_meant(group) is None


def test_a_group_around_one_of_ours_is_no_mistake() -> None:
    inventory = Inventory(groups={"routers": ("router",), "draytek": ("router",)})
    assert check(VALID, TODAY, inventory)[0] is not None


def test_phones_are_no_hosts() -> None:
    inventory = Inventory(groups={"yealink": ("desk1",), "draytek": ("router",)})
    lines = errors(check(VALID, TODAY, inventory)[1])
    assert lines == [
        "hosts.yml: yealink: no play uses the group yealink, so desk1 would be left out; phones are no hosts: declare "
        "them in extensions[].phone"
    ]
