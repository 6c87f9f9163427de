# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for the router itself."""

from __future__ import annotations

import dataclasses
import ipaddress

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.wanted import wanted_system
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Alerts,
    Declaration,
    Lockout,
    Pbx,
    PortForward,
    PortRange,
    Router,
    Site,
    Smtp,
    TrunkProvider,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router_system import compile_router_system

SITE = Declaration(
    site=Site("acme", "GB", "Europe/London", (ipaddress.IPv4Network("198.51.100.7"),)),
    pbx=Pbx(ipaddress.IPv4Address("192.168.10.10"), "pbx.acme.example"),
    trunk_providers=(TrunkProvider("gamma", (ipaddress.IPv4Network("203.0.113.0/26"),), (), (5060,)),),
)
COLLECTOR = ipaddress.IPv4Address("192.168.10.20")


def test_what_is_always_set() -> None:
    config = compile_router_system(SITE)
    assert config == {
        "management_networks": ["198.51.100.7/32"],
        "brute_force": {"failures": 5, "penalty": 1800},
        "snmp": False,
        "ftp_server": False,
        "upnp": False,
        "ipv6_management": False,
        "clock": {"zone": "Europe/London"},
    }
    wanted_system(config)


@pytest.mark.parametrize(("block_for", "penalty"), [(1800, 1800), (86400, 1800)])
def test_the_lock_out_stays_within_what_is_known_of_routers(block_for: int, penalty: int) -> None:
    site = dataclasses.replace(SITE, lockout=Lockout(block_for=block_for))
    assert compile_router_system(site)["brute_force"]["penalty"] == penalty


def test_what_is_declared_is_set() -> None:
    router = Router(True, 8443, 2222, COLLECTOR, 1514, "ntp.example.net")
    config = compile_router_system(dataclasses.replace(SITE, router=router))
    assert config["remote_access"] == {"enabled": True, "services": ["https", "ssh", "enforce_https"]}
    assert (config["https_port"], config["ssh_port"]) == (8443, 2222)
    assert config["syslog"] == {"server": "192.168.10.20", "port": 1514}
    assert config["clock"]["server"] == "ntp.example.net"
    wanted_system(config)


def test_mails_only_where_the_servers_address_is_known() -> None:
    smtp = Smtp("mail.example.net", 587, "starttls", "acme", Secret("a-mail-password"))
    alerts = dataclasses.replace(SITE, alerts=Alerts(("noc@example.net",), None, smtp))
    assert "mail_alert" not in compile_router_system(alerts)
    known = dataclasses.replace(alerts, router=Router(smtp_address=ipaddress.IPv4Address("192.0.2.25")))
    mail = compile_router_system(known)["mail_alert"]
    assert (mail["smtp_address"], mail["security"], mail["password"]) == (
        "192.0.2.25",
        "force_starttls",
        "a-mail-password",
    )
    wanted_system(compile_router_system(known))


def test_ways_in_that_are_declared_are_known_to_the_firewall() -> None:
    forward = PortForward(COLLECTOR, PortRange(443, 443))
    site = dataclasses.replace(SITE, router=Router(known_port_forwards=(forward,)))
    assert compile_router(site)["nat"]["known"] == [{"address": "192.168.10.20", "ports": "443"}]
