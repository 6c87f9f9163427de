# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declaration means for the phones."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Declaration,
    Extension,
    Pbx,
    Phone,
    Provisioning,
    RemoteSite,
    Site,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.phones import compile_phones
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
