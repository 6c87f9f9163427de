# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes that new users make: each gives one message, in the user's words, before any device is reached.

The wording of each message is asserted beside its check. Here it is that there is one, of the right variable.
"""

from __future__ import annotations

import datetime
import itertools
import time
from typing import Any

import pytest
import yaml
from test_declaration_mistakes import ABSENT, VALID, changed

from ansible_collections.voipsec.hardening.plugins.module_utils.site.check import check
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory, Undefined
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import errors, warnings

TODAY = datetime.date(2026, 11, 23)
HOSTS = Inventory(
    groups={"draytek": ("router",), "threecx": ("phone_system",), "all": ("router", "phone_system")},
    variables={"router": {"ansible_host": "127.0.0.1"}, "phone_system": {"ansible_host": "127.0.0.1"}},
)
YEASTAR = Inventory(groups={"draytek": ("router",), "yeastar": ("phone_system",)})


def provider(number: int, **more: Any) -> dict[str, Any]:
    return {"name": f"p{number}", "signalling": [f"20.{number}.7.0/29"], **more}


MANY_PORTS = list(range(5060, 5072))
PORT_SETS = [
    provider(number, ports=list(ports))
    for number, ports in enumerate(itertools.islice(itertools.combinations(MANY_PORTS[2:], 3), 33))
]

MISTAKES: list[tuple[str, Any, str, str]] = [
    # Path, value as it is written in YAML or as data, the variable that is named, and a word of the message.
    ("site.country", "UK", "site.country", "GB"),
    ("site.country", "England", "site.country", "country"),
    ("site.country", False, "site.country", "boolean"),
    ("site.time_zone", "London", "site.time_zone", "Europe/London"),
    ("site.time_zone", "GMT+1", "site.time_zone", "time zone"),
    ("site.name", "Acme Ltd.!", "site.name", "short name"),
    ("site.management", "0.0.0.0/0", "site.management[0]", "too wide"),
    ("site.management", "office.example.net", "site.management[0]", "host name"),
    ("site.management", [f"198.51.100.{number}" for number in range(1, 12)], "site.management", "takes 10"),
    ("site.managment", ["198.51.100.7/32"], "site.managment", "management"),
    ("site.office_hours", "9 to 5", "site.office_hours", "mon-fri"),
    ("pbx.address", "192.168.10.0/24", "pbx.address", "network"),
    ("pbx.address", "192.168.10", "pbx.address", "IPv4"),
    ("pbx.address", "192.168.99.10", "pbx.address", "local_networks"),
    ("pbx.server_name", "pbx acme", "pbx.server_name", "host name"),
    ("pbx.server_name", ABSENT, "pbx.server_name", "declared"),
    ("pbx.ip", "192.168.10.10", "pbx.ip", "no such variable"),
    ("pbx.sip_ports", "5060-5061", "pbx.sip_ports[0]", "such as 5060"),
    ("pbx.sip_ports", [50600000, 5060, 5061], "pbx.sip_ports[0]", "65535"),
    ("pbx.sip_ports", [5060, 5061, 5060], "pbx.sip_ports[2]", "twice"),
    ("pbx.sip_ports", [22, 5060, 5061], "hosts.yml: draytek host router: ansible_port", "22"),
    ("pbx.sip_ports", list(range(5060, 5111)), "pbx.sip_ports", "takes 49"),
    ("pbx.rtp_ports", "9000", "pbx.rtp_ports", "range"),
    ("pbx.rtp_ports", "10999-9000", "pbx.rtp_ports", "range"),
    ("pbx.product", "3cx", "pbx.product", "did you mean threecx?"),
    ("pbx.product", "3CX V20", "pbx.product", "threecx"),
    ("pbx.product", "yeastar_s", "pbx.product", "group threecx"),
    ("pbx.tls_port", 5062, "pbx.tls_port", "sip_ports"),
    ("trunk_providers.0.signalling", ["sip.gamma.example"], "trunk_providers[0].signalling[0]", "host name"),
    ("trunk_providers.0.signalling", ["10.1.2.0/24"], "trunk_providers[0].signalling[0]", "private"),
    ("trunk_providers.0.signalling", [], "trunk_providers[0].signalling", "empty"),
    ("trunk_providers.0.signaling", ["203.0.113.0/26"], "trunk_providers[0].signaling", "signalling"),
    ("trunk_providers.0.media", ["20.0.0.0/18"], "trunk_providers[0].media[0]", "too wide"),
    ("trunk_providers.0.media", ["20.4.0.0/14"], "trunk_providers[0].media[0]", "too wide"),
    ("trunk_providers.0.media", ["203.0.113.129/26"], "trunk_providers[0].media[0]", "host bits"),
    ("trunk_providers.0.ports", [5070], "trunk_providers[0].ports[0]", "sip_ports"),
    ("trunk_providers.0.transport", "TLS", "trunk_providers[0].transport", "did you mean tls?"),
    ("trunk_providers.0.transport", "sip", "trunk_providers[0].transport", "udp, tcp or tls"),
    ("trunk_providers.0.name", "voiceway", "trunk_providers[1].name", "already"),
    ("trunk_providers", {"name": "gamma"}, "trunk_providers", "mapping"),
    ("trunk_providers", [provider(number) for number in range(60)], "trunk_providers", "60 networks"),
    (
        "trunk_providers",
        [{"name": "gamma", "signalling": [f"20.{number}.7.0/28" for number in range(60)]}],
        "trunk_providers",
        "takes 50",
    ),
    ("remote_sites.0.address", "192.168.1.1", "remote_sites[0].address", "private"),
    ("remote_sites.0.address", "192.0.2.0/24", "remote_sites[0].address", "too wide"),
    ("remote_sites.0.address", "branch.dyn.example", "remote_sites[0].address", "host name"),
    ("remote_sites.0.address", ABSENT, "remote_sites[0].address", "declared"),
    ("remote_sites.0.extensions", ["299"], "remote_sites[0].extensions[0]", "extensions"),
    ("remote_sites.0.extensions", [202], "remote_sites[0].extensions[0]", "write it in quotes"),
    ("remote_sites.0.transport", "TLS", "remote_sites[0].transport", "did you mean tls?"),
    ("remote_sites.0.vpn", True, "remote_sites[0].address", "VPN"),
    ("remote_sites.0.expires", "31.03.2027", "remote_sites[0].expires", "date"),
    (
        "remote_sites",
        [{"name": f"s{number}", "address": f"20.{number}.7.1"} for number in range(51)],
        "remote_sites",
        "51 addresses",
    ),
    ("extensions.0.number", 201, "extensions[0].number", "write it in quotes"),
    ("extensions.0.number", "999", "extensions[0].number", "emergency"),
    ("extensions.0.number", "20a", "extensions[0].number", "digits"),
    ("extensions.2.number", "201", "extensions[2].number", "already"),
    ("extensions.0.name", ABSENT, "extensions[0].name", "declared"),
    ("extensions.0.phone.mac", "80:5e:c0:aa:bb", "extensions[0].phone.mac", "MAC"),
    ("extensions.0.phone.mac", 805100110022, "extensions[0].phone.mac", "write it in quotes"),
    ("extensions.0.phone.mac", "805ec0aabb02", "extensions[1].phone.mac", "already"),
    ("extensions.0.phone.model", "T99X", "extensions[0].phone.model", "T49G"),
    ("extensions.0.phone.model", "T46", "extensions[0].phone.model", "T46U"),
    ("extensions.0.phone.model", "D785", "extensions[0].phone.model", "not a Yealink"),
    ("extensions.0.phone.model", "GXP2170", "extensions[0].phone.model", "not a Yealink"),
    ("extensions.0.phone.firmware", "124.86.0.75", "extensions[0].phone.firmware", "T46U"),
    ("extensions.0.phone.firmware", "108.60.0.1", "extensions[0].phone.firmware", "V70"),
    ("extensions.0.phone.firmware", "V86", "extensions[0].phone.firmware", "108.86.0.118"),
    ("extensions.0.phone.firmware", 108.86, "extensions[0].phone.firmware", "write it in quotes"),
    ("extensions.0.mac", "805ec0aabb01", "extensions[0].mac", "did you mean phone.mac?"),
    ("allowed_countries", ["IE"], "allowed_countries", "GB"),
    ("allowed_countries", ["GB", "Norway"], "allowed_countries[1]", "NO"),
    ("allowed_countries", ["GB", False], "allowed_countries[1]", "quote"),
    ("barred_numbers", [9], "barred_numbers[0]", "write it in quotes"),
    ("barred_numbers", ["9"], "barred_numbers[0]", "999"),
    ("barred_numbers", ["0871 x"], "barred_numbers[0]", "digits"),
    ("lockout.failed_attempts", 50, "lockout.failed_attempts", "10"),
    ("lockout.within", "10 minutes", "lockout.within", "10m"),
    ("lockout.within", "1m", "lockout.within", "5m"),
    ("lockout.block_for", "1 day", "lockout.block_for", "24h"),
    ("concurrent_calls", "a dozen", "concurrent_calls", "number"),
    ("flood.udp_packets_per_second", 100, "flood.udp_packets_per_second", "1560"),
    ("router", {"ssh_port": 5060}, "router.ssh_port", "PBX's ports"),
    ("router", {"time_server": f"{'a' * 50}.example"}, "router.time_server", "39 characters"),
    ("router", {"syslog_server": "log.example.net"}, "router.syslog_server", "IPv4"),
    ("credentials.password_length", 8, "credentials.password_length", "16"),
    ("alerts.to", ["support"], "alerts.to[0]", "mail address"),
    ("alerts.smtp.security", "SSL", "alerts.smtp.security", "did you mean tls?"),
    ("alerts.smtp.security", "none", "alerts.smtp.security", "clear text"),
    ("alerts.smtp.password", 12345678, "alerts.smtp.password", "write it in quotes"),
    ("alerts.smtp.passwrd", "x", "alerts.smtp.passwrd", "did you mean password?"),
    ("antivirus.scan_at", "3am", "antivirus.scan_at", "03:00"),
    ("antivirus.product", "ClamAV", "antivirus.product", "did you mean clamav?"),
    ("provisioning.url", "http://provision.acme.example/", "provisioning.url", "https"),
    ("provisioning.url", ABSENT, "provisioning.url", "declared"),
    ("provisioning", ABSENT, "provisioning", "declared"),
    ("phone_policy", {"lock": {"after": "2h"}}, "phone_policy.lock.after", "1h"),
    ("phone_policy", {"vlan": {"id": 5000}}, "phone_policy.vlan.id", "4094"),
    ("phone_policy", {"dot1x": {"method": "tls"}}, "phone_policy.dot1x", "client_certificate_url"),
    ("phone_policy", {"dot1x": {"method": "md5"}}, "phone_policy.dot1x.method", "yealink_secret_settings"),
]
"""What one would be refused for later, or, worse, would not be."""


def problems_of(*changes: tuple[str, Any], inventory: Inventory = HOSTS) -> list[str]:
    declaration, problems = check(changed(*changes), TODAY, inventory)
    assert (declaration is None) == bool(errors(problems))
    return errors(problems)


def test_there_are_as_many_as_were_tried() -> None:
    assert len(MISTAKES) >= 80


def test_the_declaration_without_a_mistake_is_accepted_without_a_word() -> None:
    declaration, problems = check(changed(), TODAY, HOSTS)
    assert declaration is not None
    assert problems == []


@pytest.mark.parametrize(("path", "value", "variable", "word"), MISTAKES)
def test_each_mistake_is_one_message_of_the_users_variable(path: str, value: Any, variable: str, word: str) -> None:
    (line,) = problems_of((path, value))
    assert line.startswith(f"{variable}: ")
    assert word in line
    assert not any(inner in line for inner in ("config.", "vs_", "address_groups", "members"))


def test_sets_of_ports_that_the_router_has_no_groups_for() -> None:
    (line,) = problems_of(("pbx.sip_ports", MANY_PORTS), ("trunk_providers", PORT_SETS), ("remote_sites", []))
    assert line.startswith("trunk_providers[].ports: 33 different sets of ports; this router takes 30")


def test_a_site_of_just_the_size_that_a_router_takes_is_accepted() -> None:
    sites = [{"name": f"s{number}", "address": f"20.{number}.7.1"} for number in range(47)]
    assert problems_of(("remote_sites", sites)) == []  # and three networks of providers
    assert problems_of(("remote_sites", [*sites, {"name": "one", "address": "20.99.7.1"}])) != []
    assert problems_of(("site.management", [f"198.51.100.{number}" for number in range(1, 11)])) == []
    assert problems_of(("pbx.sip_ports", MANY_PORTS), ("trunk_providers", PORT_SETS[:29])) == []


def test_limits_of_a_router_are_none_of_a_site_without_one() -> None:
    sites = [{"name": f"s{number}", "address": f"20.{number}.7.1"} for number in range(51)]
    assert problems_of(("remote_sites", sites), inventory=Inventory()) == []


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("5060,5061", "pbx.sip_ports", (5060, 5061)),
        ("198.51.100.7/32", "site.management", ("198.51.100.7/32",)),
        ("10 m", "lockout.within", 600),
        ("024h", "lockout.block_for", 86400),
        ("600", "lockout.within", 600),
        ("GB, IE", "allowed_countries", ("GB", "IE")),
    ],
)
def test_other_spellings_are_understood(text: str, path: str, expected: Any) -> None:
    declaration, _problems = check(changed((path, text)), TODAY, HOSTS)
    assert declaration is not None
    found: Any = declaration
    for name in path.split("."):
        found = getattr(found, name)
    assert (tuple(map(str, found)) if path == "site.management" else found) == expected


def test_a_yeastar_needs_its_product_and_short_numbers() -> None:
    (line,) = problems_of(inventory=YEASTAR)
    assert line.startswith("pbx.product: ")
    assert "yeastar_appliance" in line
    product, number = ("pbx.product", "yeastar_appliance"), ("extensions.2.number", "20312345")
    (line,) = problems_of(product, number, inventory=YEASTAR)
    assert line == "extensions[2].number: 20312345 is too long; a Yeastar takes 1 to 7 digits"
    assert problems_of(product, inventory=YEASTAR) == []


def test_one_site_has_one_pbx() -> None:
    both = Inventory(groups={"draytek": ("r",), "threecx": ("a",), "yeastar": ("b",)})
    lines = problems_of(("pbx.product", "yeastar_appliance"), inventory=both)
    assert "hosts.yml: the inventory has hosts in both groups threecx and yeastar; a site has one of them" in lines


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (
            Undefined("router", "ansible_password", "'vault_router_password' is undefined", "vault_router_password"),
            "hosts.yml: draytek host router: ansible_password: variable vault_router_password is not defined; add it "
            "to group_vars/all/vault.yml",
        ),
        (
            Undefined("phone_system", "ansible_user", "'api_user' is undefined", "api_user", file="devices.yml"),
            "devices.yml: threecx host phone_system: ansible_user: variable api_user is not defined; add it to "
            "group_vars/all",
        ),
        (
            Undefined("router", "ansible_port", "Syntax error in template"),
            "hosts.yml: draytek host router: ansible_port: Syntax error in template",
        ),
    ],
)
def test_a_login_that_cannot_be_had(item: Undefined, line: str) -> None:
    assert problems_of(inventory=Inventory(groups=HOSTS.groups, undefined=(item,))) == [line]


def test_two_customers() -> None:
    (line,) = problems_of(inventory=Inventory(groups=HOSTS.groups, customers=("inventories/a", "inventories/b")))
    assert line.startswith("-i: inventories/a and inventories/b declare a site each")


def test_a_key_that_is_given_twice() -> None:
    (line,) = problems_of(inventory=Inventory(groups=HOSTS.groups, duplicates=(("site.yml, line 5", "country"),)))
    assert line.startswith("site.yml, line 5: country is given twice")


def debian(group: str, *, unread: tuple[str, ...] = (), **variables: Any) -> Inventory:
    """An inventory with one Debian host beside the router."""
    return Inventory(
        groups={"draytek": ("router",), group: ("debian",)},
        variables={"debian": variables},
        unread={"debian": frozenset(unread)},
    )


def test_a_pbx_host_needs_to_know_its_networks() -> None:
    lan, inside = ("pbx.local_networks", ABSENT), ("remote_sites.1.vpn", False)
    address = ("remote_sites.1.address", "192.0.2.30")
    managed = debian("pbx_hosts", pbx_host_managed=True)
    (line,) = problems_of(lan, inside, address, ("antivirus", ABSENT), inventory=managed)
    assert line.startswith("pbx_hosts host debian: pbx.local_networks")
    (line,) = problems_of(inventory=managed)
    assert "warehouse" in line
    assert "pbx_host_vpn_networks" in line
    with_networks = debian("pbx_hosts", pbx_host_managed="yes", pbx_host_vpn_networks=["192.168.20.0/24"])
    assert problems_of(inventory=with_networks) == []
    assert problems_of(inventory=debian("pbx_hosts", pbx_host_managed=True, unread=("pbx_host_vpn_networks",))) == []
    assert problems_of(lan, inventory=debian("pbx_hosts", pbx_host_managed=True, pbx_host_state="absent")) == []
    assert problems_of(lan, inventory=debian("pbx_hosts")) == []


def test_a_scanner_needs_its_licence() -> None:
    avast = ("antivirus", {"product": "avast"})
    lines = problems_of(avast, inventory=debian("pbx_hosts"))
    assert len(lines) == 2
    assert all(line.startswith("pbx_hosts host debian: antivirus.product 'avast' needs either ") for line in lines)
    assert "a-mail-password" not in str(lines)
    assert problems_of(avast, inventory=debian("pbx_hosts", antivirus_state="absent")) == []


def test_a_provisioning_server_needs_a_certificate_and_an_access() -> None:
    server = debian("provisioning_servers")
    lines = problems_of(("provisioning.access", "none"), inventory=server)
    assert any("provisioning.access" in line and "'none'" in line for line in lines)
    assert any("certificate must come from one place" in line for line in lines)
    made = debian("provisioning_servers", yealink_provisioning_local_ca=True)
    assert problems_of(inventory=made) == []
    own = debian("provisioning_servers", unread=("yealink_provisioning_certificate",))
    assert problems_of(inventory=own) == []


def test_phones_that_a_provisioning_server_would_turn_away() -> None:
    nowhere = ("pbx.local_networks", ABSENT)
    (line,) = problems_of(nowhere, inventory=debian("provisioning_servers", yealink_provisioning_local_ca=True))
    assert "Extension 201: " in line
    assert "pbx.local_networks" in line
    more = {"yealink_provisioning_local_ca": True, "yealink_provisioning_networks": ["192.168.10.0/24"]}
    assert problems_of(nowhere, inventory=debian("provisioning_servers", **more)) == []
    unread = debian(
        "provisioning_servers", unread=("yealink_provisioning_networks",), yealink_provisioning_local_ca=True
    )
    assert problems_of(nowhere, inventory=unread) == []


def warned(inventory: Inventory, *changes: tuple[str, Any]) -> list[str]:
    declaration, problems = check(changed(*changes), TODAY, inventory)
    assert declaration is not None
    return warnings(problems)


def test_a_site_without_a_router_is_told_that_sip_is_open() -> None:
    (line,) = warned(Inventory(groups={"threecx": ("phone_system",)}))
    assert line.startswith("inventory: ROUTER: not in the inventory, SIP OPEN")
    assert warned(Inventory(groups={"yeastar": ("a",)}), ("pbx.product", "yeastar_cloud")) == []
    assert warned(Inventory()) == []


def test_addresses_of_the_example_are_told_once_where_the_devices_are_real() -> None:
    real = Inventory(groups=HOSTS.groups, variables={"router": {"ansible_host": "192.168.10.1"}})
    (line,) = warned(real)
    assert "198.51.100.7/32, 203.0.113.0/26, 203.0.113.128/26, 203.0.113.64/28 and 1 more" in line
    assert "documentation" in line
    shipped = Inventory(groups=HOSTS.groups, variables=real.variables, shipped=True)
    assert warned(shipped) == []
    own = (
        ("site.management", ["20.1.1.1"]),
        ("trunk_providers", [provider(2)]),
        ("remote_sites", [{"name": "ipswich", "address": "20.3.3.3", "extensions": ["202"]}]),
    )
    assert warned(real, *own) == []


def test_a_text_of_yaml_is_read_as_a_user_writes_it() -> None:
    """What YAML makes of unquoted words is part of the mistake."""
    declared = yaml.safe_load("allowed_countries: [GB, NO]\nsite: {country: GB}")
    (line,) = problems_of(("allowed_countries", declared["allowed_countries"]))
    assert line.startswith("allowed_countries[1]: ")
    assert "quote" in line


def test_a_site_of_a_thousand_phones_is_checked_in_a_moment() -> None:
    """Processor time, and ten times what it takes on an idle machine."""
    people = [
        {
            "number": str(20000 + number),
            "name": f"Person {number}",
            "phone": {"mac": f"805ec0{number:06x}", "model": "T46U", "firmware": "108.86.0.118"},
        }
        for number in range(1000)
    ]
    values = {**VALID, "extensions": people, "remote_sites": []}
    began = time.process_time()
    declaration, problems = check(values, TODAY, HOSTS)
    assert errors(problems) == []
    assert declaration is not None
    assert time.process_time() - began < 3
