# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real replies of simulated routers: every model, every way to print what the reference leaves open, new and used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from safety.adapter import Router

from lab.drayos.fixtures import factory_state, lived_in_state
from lab.drayos.profiles import PROFILES
from lab.drayos.state import AddressMatch, CountryObject, FilterSet, Group, Ipv6Object, Rule, ServiceMatch, State

MODELS = ("vigor2927", "vigor2862", "vigor3912")
HABITS: tuple[dict[str, Any], ...] = (
    {"reference_style": "index"},
    {"reference_style": "name"},
    {"reference_style": "expanded", "group_listing": "short"},
)
READS: tuple[str, ...] = (
    "sys version",
    "sys sip_alg ?",
    "sys cfg status",
    "sys iface",
    "sys mailalert -v",
    "sys adminuser view",
    "sys time show",
    "sys daylightsave -v",
    "ipf set -v",
    *(f"ipf set {number} -v" for number in (1, 2, 11, 12)),
    *(f"ipf rule {number} {slot} -v" for number in (2, 12) for slot in (1, 2, 3, 7)),
    *(f"object ip obj {index} -v" for index in (1, 7, 100, 191, 192)),
    *(f"object ip grp {index} -v" for index in (1, 20, 31, 32)),
    *(f"object ipv6 obj {index} -v" for index in (1, 63, 64)),
    *(f"object ipv6 grp {index} -v" for index in (1, 32)),
    *(f"object service obj {index} -v" for index in (1, 3, 95, 96)),
    *(f"object service grp {index} -v" for index in (1, 31, 32)),
    *(f"object country set {index} -v" for index in (1, 2)),
    "srv nat showall",
    "srv nat dmz -v",
    "srv nat portmap table",
    "srv nat portmap view",
    *(f"srv nat openport 1 {item} -v" for item in (1, 2, 9)),
    "dos -V",
    "dos -P show",
    "dos -B show",
    "mngt rmtcfg status",
    "mngt accesslist list",
    "mngt lanaccess -v",
    "mngt bfp -v",
    "ip6 mngt list",
    "ip6 mngt status",
    "upnp",
)
"""One of each view that is documented. What a model or the simulator does not know answers with its error line."""


TRANSCRIPTS: tuple[tuple[str, str], ...] = (
    (
        "sys iface",
        """Interface 0 Ethernet:
Status: UP
IP Address: 192.168.1.1          Netmask: 0xFFFFFF00 (Private)
IP Address: 0.0.0.0               Netmask: 0xFFFFFFFF
MAC: 00-50-7F-00-00-00
Interface 4 Ethernet:
Status: DOWN
IP Address: 0.0.0.0               Netmask: 0x00000000
MAC: 00-50-7F-00-00-02""",
    ),
    (
        "srv nat dmz -v",
        """%      WAN1 DMZ mapping status:
 Index  Status  WAN1 aux IP     Private IP
----------------------------------------------------
   1    Disable 0.0.0.0 192.168.1.96""",
    ),
    (
        "srv nat showall",
        """Index   Proto   WAN IP:Port                 Private IP:Port             Act
*****************************************************************************
R01     TCP     0.0.0.0:25600               192.168.1.10:51200          Y
R02     TCP     -- ALL --:13902             192.168.100.10:64288       Y

O01     ---     0.0.0.0:800~900             192.168.1.100:800~900     Y
O01     ---     0.0.0.0:0~0                 192.168.1.100:0~0           Y""",
    ),
    (
        "dos -P show",
        """DoS White Passing IP List:
   Type        IPv4                Type              IPv6
 1. IP         192.168.5.89         IP               ::
 2. IP         0.0.0.0              IP               ::
 3. IP         0.0.0.0              IP               ::""",
    ),
    (
        "object ip grp 2 -v",
        """ IP Group Profile 2
 Name   :[First]
 Interface:[Any]
 Included ip object index:
 [0:][7]
 [1:][12]
 [2:][0]
 ...
 [99:][0]
""",
    ),
    (
        "object country set 1 -v",
        """Country object Profile 1
Name   :[Best]
Included country index:
[0:][222] Taiwan
Set ok!""",
    ),
)
"""As printed in the reference (annex, 2b, 2c): views that the simulator prints otherwise, or not on every model."""


def used_state(profile: str) -> State:
    """Every kind of profile and of rule is in use."""
    state = lived_in_state(profile)
    state.country_objects[1] = CountryObject("Best", [222, 241])
    state.ipv6_objects[1] = Ipv6Object("six", 3, "2001:db8:1::4", "2001:db8:1::9")
    state.ipv6_groups[1] = Group("sixes", members=[1])
    state.service_groups[1] = Group("services", members=[1, 3])
    state.sets[12] = FilterSet("voipsec", 2)
    state.sets[12].rules[1] = Rule(
        enabled=1,
        comment="vs_allow_1",
        direction=1,
        source=AddressMatch(groups={"1": 1}),
        service=ServiceMatch(group=1),
        log=1,
    )
    state.sets[12].rules[2] = Rule(
        enabled=1,
        direction=1,
        source=AddressMatch(groups6={"1": 1}),
        service=ServiceMatch(object=3),
        action=3,
        branch=2,
    )
    state.sets[12].rules[3] = Rule(
        enabled=1,
        direction=0,
        source=AddressMatch(objects={"1": 7}),
        destination=AddressMatch(own=["0", "192.168.1.0", "255.255.255.0"]),
        service=ServiceMatch(own=[6, 0, 2, 1, 1024, 65535, 1024]),
        fragments=2,
        schedule={"1": 3},
        incoming_off=["LAN2"],
    )
    return state


def replies() -> Iterator[tuple[str, str]]:
    """(command, reply), each different pair once."""
    seen: set[tuple[str, str]] = set(TRANSCRIPTS)
    yield from TRANSCRIPTS
    for model in MODELS:
        for state in (factory_state(PROFILES[model]), used_state(model)):
            for habits in HABITS:
                router = Router(model, state, habits=habits)
                for command in READS:
                    pair = (command, router.run(command))
                    if pair not in seen:
                        seen.add(pair)
                        yield pair
