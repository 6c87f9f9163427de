# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declaration means for the router, as a file that reads well.

After an intended change look at the difference of ``UPDATE_GOLDEN=1 pytest tests/unit/site/test_router_golden.py``.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

import pytest
import yaml

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import wanted_from
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import (
    Declaration,
    Flood,
    Pbx,
    PortForward,
    PortRange,
    RemoteSite,
    Router,
    Site,
    TrunkProvider,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import CompileError, compile_router

GOLDEN = Path(__file__).parent / "golden"


def net(text: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(text)


def nets(*texts: str) -> tuple[ipaddress.IPv4Network, ...]:
    return tuple(map(net, texts))


HOME = Site("acme", "GB", "Europe/London", nets("198.51.100.7/32"))
ADDRESS = ipaddress.IPv4Address("192.168.10.10")
DECLARATIONS = {
    "router_rich": Declaration(
        site=HOME,
        pbx=Pbx(ADDRESS, "pbx.acme.example", sip_ports=(5060, 5070), tls_port=5061, rtp_ports=PortRange(9000, 10999)),
        trunk_providers=(
            TrunkProvider("gamma", nets("203.0.113.0/26"), nets("203.0.113.128/26", "203.0.113.0/26"), (5070, 5060)),
            TrunkProvider(
                "Voip Unlimited", nets("198.51.100.64/28", "192.0.2.200/32"), nets("198.51.100.96/28"), (5060,)
            ),
        ),
        remote_sites=(
            RemoteSite("ipswich", net("192.0.2.10/32"), transport="tls", extensions=("201",)),
            RemoteSite("leeds", net("192.0.2.16/29"), transport="udp", extensions=("202",)),
            RemoteSite("york", net("203.0.113.0/26"), transport="tcp", extensions=("203",)),
            RemoteSite("home", None, vpn=True),
        ),
        router=Router(
            known_port_forwards=(PortForward(ipaddress.IPv4Address("192.168.10.20"), PortRange(8443, 8444)),)
        ),
        concurrent_calls=30,
    ),
    "router_many_single_addresses": Declaration(
        site=HOME,
        pbx=Pbx(ADDRESS, "pbx.acme.example"),
        trunk_providers=(TrunkProvider("ten", nets(*(f"192.0.2.{n}/32" for n in range(1, 11))), (), (5060,)),),
        flood=Flood(udp_packets_per_second=9000),
        concurrent_calls=5,
    ),
}


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_configuration_is_the_one_that_was_looked_at(name: str) -> None:
    config = compile_router(DECLARATIONS[name])
    wanted_from(config)
    text = yaml.safe_dump(config, sort_keys=False, width=120)
    golden = GOLDEN / f"{name}.yml"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_peers_whose_names_would_be_the_same_on_the_router_are_refused() -> None:
    twice = (
        TrunkProvider("Gamma", nets("203.0.113.0/26"), (), (5060,)),
        TrunkProvider("gamma", nets("192.0.2.1"), (), (5060,)),
    )
    declaration = Declaration(site=HOME, pbx=Pbx(ADDRESS, "pbx.acme.example"), trunk_providers=twice)
    with pytest.raises(CompileError, match="'gamma' and another provider or remote site .* rename one"):
        compile_router(declaration)
