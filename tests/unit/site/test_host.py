# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declaration means for the PBX's machine."""

from __future__ import annotations

import dataclasses
import ipaddress

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.site.host import (
    compile_antivirus_mail,
    compile_pbx_host,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Alerts,
    Declaration,
    Pbx,
    RemoteSite,
    Site,
    Smtp,
    TrunkProvider,
)


def test_providers_and_sites_with_an_address_are_peers() -> None:
    network = ipaddress.IPv4Network
    declared = Declaration(
        Site("acme", "GB", "Europe/London", ()),
        Pbx(ipaddress.IPv4Address("192.168.1.10"), "pbx.example.net"),
        (TrunkProvider("gamma", (network("203.0.113.0/28"),), (network("203.0.113.64/26"),), (5060,)),),
        remote_sites=(
            RemoteSite("ipswich", network("192.0.2.10/32")),
            RemoteSite("warehouse", None, vpn=True),
        ),
    )
    assert compile_pbx_host(declared)["peers"] == [
        {"name": "gamma", "signalling": ["203.0.113.0/28"], "media": ["203.0.113.64/26"]},
        {"name": "ipswich", "signalling": ["192.0.2.10/32"]},
    ]
    # Their phones have addresses that nothing declares: the role must be told.
    assert compile_pbx_host(declared)["vpn_sites"] == ["warehouse"]


def test_whoever_gets_alerts_is_told_of_malware() -> None:
    bare = Declaration(
        Site("acme", "GB", "Europe/London", ()), Pbx(ipaddress.IPv4Address("192.168.1.10"), "pbx.example.net"), ()
    )
    assert compile_antivirus_mail(bare) == {}
    smtp = Smtp("mail.example.net", 587, "starttls", "acme", Secret("MailPassword"))
    told = dataclasses.replace(bare, alerts=Alerts(("office@acme.example",), "pbx@acme.example", smtp))
    assert compile_antivirus_mail(told) == {
        "to": ["office@acme.example"],
        "from": "pbx@acme.example",
        "host": "mail.example.net",
        "port": 587,
        "security": "starttls",
        "user": "acme",
        "password": "MailPassword",
    }
    open_line = dataclasses.replace(
        told, alerts=Alerts(("office@acme.example",), None, Smtp("mail.example.net", 25, "none"))
    )
    assert compile_antivirus_mail(open_line) == {}
