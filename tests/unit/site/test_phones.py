# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declaration means for the phones."""

from __future__ import annotations

import dataclasses
import ipaddress
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Declaration,
    Dot1x,
    Extension,
    Pbx,
    Phone,
    PhoneLock,
    PhonePolicy,
    Provisioning,
    RemoteSite,
    Site,
    Vlan,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.phones import (
    compile_phones,
    compile_provisioning,
    compile_template_phones,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import CORE

PHONE = Phone("805ec0aabbcc", "T46U", "108.86.0.118")
URL = "https://prov.example.net/phones/"


def declaration(extension: Extension, *sites: RemoteSite, **changes: Any) -> Declaration:
    """A site with one extension."""
    pbx = Pbx(ipaddress.IPv4Address("192.168.1.10"), "pbx.example.net", **changes.pop("pbx", {}))
    provisioning = changes.pop("provisioning", Provisioning(URL, "phones"))
    return Declaration(
        Site("acme", "GB", "Europe/London", ()),
        pbx,
        (),
        remote_sites=sites,
        extensions=(extension, Extension("300", "No phone")),
        provisioning=provisioning,
    )


def office(**changes: Any) -> RemoteSite:
    """A remote site of extension 201."""
    return RemoteSite("ipswich", ipaddress.IPv4Network("192.0.2.10/32"), extensions=("201",), **changes)


def test_a_phone_on_the_lan() -> None:
    assert compile_phones(declaration(Extension("201", "Reception", PHONE))) == [
        {
            "mac": "805ec0aabbcc",
            "model": "T46U",
            "firmware": "108.86.0.118",
            "outside_lan": False,
            "accounts": [
                {
                    "number": "201",
                    "label": "201",
                    "display_name": "Reception",
                    "server": "pbx.example.net",
                    "port": 5060,
                    "transport": "udp",
                    "srtp": "disabled",
                }
            ],
            "provisioning": {"url": URL, "username": "phones", "access": "shared"},
            "emergency_numbers": ["999", "112", "18000"],
            "blocked_beginnings": [],
            "enrolled": True,
            "web_interface": "https",
            "check_sync": "reload",
        }
    ]


TRANSPORTS = [
    # extension, remote sites, outside, transport, port, srtp
    ({}, (), False, "udp", 5060, "disabled"),
    ({"outside_lan": True}, (), True, "tls", 5061, "compulsory"),
    ({}, (office(),), True, "tls", 5061, "compulsory"),
    ({}, (office(transport="udp"),), True, "udp", 5060, "disabled"),
    ({}, (office(vpn=True),), False, "tls", 5061, "compulsory"),
    ({}, (office(vpn=True, transport="tcp"),), False, "tcp", 5060, "disabled"),
]


@pytest.mark.parametrize(("extension", "sites", "expected"), [(row[0], row[1], row[2:]) for row in TRANSPORTS])
def test_transport(extension: dict[str, Any], sites: tuple[RemoteSite, ...], expected: tuple[Any, ...]) -> None:
    (phone,) = compile_phones(declaration(Extension("201", "Reception", PHONE, **extension), *sites))
    account = phone["accounts"][0]
    assert (phone["outside_lan"], account["transport"], account["port"], account["srtp"]) == expected


def test_ports_are_the_declared_ones() -> None:
    ports = {"sip_ports": (5071, 5070), "tls_port": 5071}
    on_lan = compile_phones(declaration(Extension("201", "", PHONE), pbx=ports))[0]["accounts"][0]
    outside = compile_phones(declaration(Extension("201", "", PHONE, outside_lan=True), pbx=ports))[0]["accounts"][0]
    assert (on_lan["port"], outside["port"]) == (5070, 5071)
    assert on_lan["display_name"] == "201"
    with pytest.raises(HardeningError, match=r"pbx\.sip_ports"):
        compile_phones(declaration(Extension("201", "", PHONE), pbx={"sip_ports": (5061,)}))


def test_phones_need_provisioning() -> None:
    with pytest.raises(HardeningError, match=r"provisioning\.url"):
        compile_phones(declaration(Extension("201", "Reception", PHONE), provisioning=None))
    assert compile_phones(declaration(Extension("201", "Reception"), provisioning=None)) == []


def test_the_module_takes_what_is_compiled() -> None:
    phones = compile_phones(declaration(Extension("201", "Reception", Phone("805ec0aabbcc", "T46U")), office()))
    validated = ArgumentSpecValidator(CORE.argument_spec).validate({"phones": phones, "directory": "/x"})
    assert validated.error_messages == []


def test_what_all_phones_have_in_common_and_what_is_one_phones_own() -> None:
    site = dataclasses.replace(
        declaration(
            Extension(
                "201", "Reception", Phone("805ec0aabbcc", "T46U", listen_port=35060, vlan=Vlan(40), enrolled=False)
            )
        ),
        phone_policy=PhonePolicy(
            random_listen_port=True,
            web_interface="off",
            check_sync="ignore",
            lock=PhoneLock(600, "menu"),
            vlan=Vlan(20, 5),
            dot1x=Dot1x("peap"),
            trusted_certificate="https://prov.example.net/ca.crt",
        ),
    )
    (phone,) = compile_phones(site)
    wanted = {
        "random_listen_port": True,
        "listen_port": 35060,
        "enrolled": False,
        "web_interface": "off",
        "check_sync": "ignore",
        "lock": {"after": 600, "keys": "menu"},
        "vlan": {"id": 40},
        "dot1x": {"method": "peap"},
        "trusted_certificate": "https://prov.example.net/ca.crt",
    }
    assert {name: phone[name] for name in wanted} == wanted
    validated = ArgumentSpecValidator(CORE.argument_spec).validate({"phones": [phone]})
    assert not validated.error_messages


def test_phones_refuse_countries_that_are_not_allowed_as_they_are_dialled() -> None:
    site = dataclasses.replace(
        declaration(Extension("201", "Reception", PHONE)), allowed_countries=("GB",), barred_numbers=("09",)
    )
    (phone,) = compile_phones(site)
    blocked = phone["blocked_beginnings"]
    assert {"001", "0043", "+1", "+43", "09"} <= set(blocked)
    numbers = ("0044207", "+44207", "999", "112", "18000", "0207")
    assert not [each for each in blocked for number in numbers if number.startswith(each)]
    site = dataclasses.replace(site, phone_policy=PhonePolicy(block_countries=False))
    assert compile_phones(site)[0]["blocked_beginnings"] == []


def test_phones_of_the_pbx_have_no_files_of_ours() -> None:
    site = declaration(Extension("201", "Reception", PHONE), provisioning=Provisioning(by="pbx"))
    assert compile_phones(site) == []
    assert [phone["mac"] for phone in compile_template_phones(site)] == ["805ec0aabbcc"]
    assert set(compile_provisioning(site)) == {"lockout", "management"}


def test_what_the_provisioning_server_needs_to_know() -> None:
    site = declaration(
        Extension("201", "Reception", PHONE),
        office(),
        pbx={"local_networks": (ipaddress.IPv4Network("192.168.1.0/24"),)},
        provisioning=Provisioning("https://prov.example.net:8443/phones", access="phone_path"),
    )
    found = compile_provisioning(site)
    assert (found["host"], found["port"], found["path"]) == ("prov.example.net", 8443, "/phones/")
    assert found["access"] == "phone_path"
    assert found["networks"] == ["192.168.1.0/24", "192.0.2.10/32"]
    assert found["unserved"] == []
    assert found["phones"] == [{"mac": "805ec0aabbcc", "number": "201"}]


LAN = {"local_networks": (ipaddress.IPv4Network("192.168.1.0/24"),)}
UNSERVED: list[tuple[dict[str, Any], tuple[RemoteSite, ...], dict[str, Any], str]] = [
    # extension, remote sites, pbx, why no declared network is its phone's; empty where one is
    ({}, (), {}, "on the LAN, and pbx.local_networks is not declared"),
    ({}, (), LAN, ""),
    ({}, (office(),), {}, ""),
    ({}, (office(vpn=True),), LAN, "at remote site ipswich with vpn: true, so no variable holds its network"),
    ({"outside_lan": True}, (), LAN, "outside_lan: true without a remote site, so no variable holds its address"),
    ({"outside_lan": True}, (office(),), LAN, ""),
    ({"outside_lan": True}, (RemoteSite("ended", None, extensions=("201",)),), LAN, ""),
]


@pytest.mark.parametrize(("extension", "sites", "pbx", "why"), UNSERVED)
def test_phones_that_the_provisioning_server_would_turn_away(
    extension: dict[str, Any], sites: tuple[RemoteSite, ...], pbx: dict[str, Any], why: str
) -> None:
    site = declaration(Extension("201", "Reception", PHONE, **extension), *sites, pbx=dict(pbx))
    site = dataclasses.replace(
        site, site=dataclasses.replace(site.site, management=(ipaddress.IPv4Network("198.51.100.7/32"),))
    )
    expected = [{"mac": "805ec0aabbcc", "number": "201", "why": why}] if why else []
    assert compile_provisioning(site)["unserved"] == expected
