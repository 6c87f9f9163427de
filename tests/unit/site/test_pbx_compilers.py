# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declaration means for a PBX: from the installer's words to the modules' options, whole and word for word."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import ipaddress
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Core, HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.compilers import compile_for
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import parse
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import errors
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import extensions as threecx_extensions
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import security as threecx_security
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import extensions as yeastar_extensions
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import security as yeastar_security

TODAY = datetime.date(2026, 11, 30)
DECLARED: dict[str, Any] = {
    "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": ["198.51.100.7"]},
    "pbx": {
        "address": "192.168.10.10",
        "server_name": "pbx.acme.example",
        "rtp_ports": "9000-10999",
        "local_networks": ["192.168.10.0/24"],
        "product": "threecx",
    },
    "trunk_providers": [
        {"name": "gamma", "signalling": ["203.0.113.0/26"], "media": ["203.0.113.128/26"]},
        {"name": "voiceway", "signalling": ["203.0.113.64/28"]},
    ],
    "remote_sites": [
        {"name": "ipswich", "address": "192.0.2.10", "extensions": ["202"]},
        {"name": "park", "address": "192.0.2.64/29", "extensions": ["203"]},
        {"name": "depot", "address": "192.0.2.128/29", "extensions": ["206"], "transport": "udp"},
        {"name": "spare", "address": "192.0.2.20"},
        {"name": "warehouse", "vpn": True, "extensions": ["204"], "transport": "tcp"},
    ],
    "extensions": [
        {"number": "201", "name": "Reception", "phone": {"mac": "80:5E:C0:AA:BB:01", "model": "T46U"}},
        {"number": "202", "name": "Ipswich", "phone": {"mac": "805ec0aabb02", "model": "T54W"}},
        {"number": "203", "name": "Park"},
        {"number": "204", "name": "Warehouse"},
        {"number": "205", "name": "Anna at home", "outside_lan": True},
        {"number": "206", "name": "Depot"},
    ],
    "allowed_countries": ["GB", "IE", "JE"],
    "barred_numbers": ["0871", "118"],
    "lockout": {"failed_attempts": 4, "within": "10m", "block_for": "2h"},
    "alerts": {
        "to": ["noc@acme.example", "anna@acme.example"],
        "smtp": {
            "host": "mail.example.net",
            "port": 465,
            "security": "tls",
            "username": "u",
            "password": "a-mail-word",
        },
    },
    "provisioning": {"url": "https://provision.acme.example/yealink/", "username": "phones"},
}
EMERGENCY = ["999", "112", "18000"]


def compiled(what: str, **changes: Any) -> Any:
    """What the role gets, for the declaration with these variables changed (``pbx__product``: one of its values)."""
    declared = copy.deepcopy(DECLARED)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = declared
        for name in parents:
            place = place[name]
        if value is None:
            del place[last]
        else:
            place[last] = value
    declaration, problems = parse(declared, TODAY)
    assert declaration is not None, errors(problems)
    return compile_for(what, declaration)


def yeastar(what: str, product: str = "yeastar_appliance", **changes: Any) -> Any:
    return compiled(what, pbx__product=product, **changes)


def taken(core: Core, **options: Any) -> dict[str, Any]:
    """The options as the module takes them. Fails where it does not."""
    outcome = ArgumentSpecValidator(dict(core.argument_spec), required_if=list(core.required_if)).validate(options)
    assert not outcome.error_messages, outcome.error_messages
    return dict(outcome.validated_parameters)


def test_the_whole_security_of_a_3cx() -> None:
    config = compiled("threecx_security")
    assert config == {
        "anti_hacking": {"failed_authentications": 4, "block_seconds": 7200, "global_blacklist": True},
        "network": {"sip_calls_from_outside": False},
        "calls": {"voicemail_menu_calls": False, "oauth_client_registration": False, "oauth_client_documents": False},
        "ip_list": [],
        "protected": [
            {"network": "198.51.100.7/32", "who": "where this site is managed from"},
            {"network": "203.0.113.0/26", "who": "the provider gamma"},
            {"network": "203.0.113.128/26", "who": "the provider gamma"},
            {"network": "203.0.113.64/28", "who": "the provider voiceway"},
            {"network": "192.0.2.10/32", "who": "the site ipswich"},
            {"network": "192.0.2.64/29", "who": "the site park"},
            {"network": "192.0.2.128/29", "who": "the site depot"},
            {"network": "192.0.2.20/32", "who": "the site spare"},
            {"network": "192.168.10.0/24", "who": "the site's own network"},
        ],
        "barred_numbers": ["0871", "118"],
        "emergency_numbers": EMERGENCY,
        "console": {"networks": ["198.51.100.7/32"]},
        "phone_templates": {"ids": [], "settings": {}},
        "countries": {
            "allowed": [
                {"country": "GB", "calling_code": "44"},
                {"country": "IE", "calling_code": "353"},
                {"country": "JE", "calling_code": "44"},
            ]
        },
        "notifications": {
            "recipients": ["noc@acme.example", "anna@acme.example"],
            "events": [
                "address_blocked",
                "call_denied",
                "emergency_call",
                "request_refused",
                "trunk_error",
                "trunk_failover",
                "trunk_status",
            ],
        },
        "mail_server": {
            "server": "mail.example.net",
            "port": 465,
            "sender": "noc@acme.example",
            "tls": True,
            "user": "u",
            "password": "a-mail-word",
        },
    }
    taken(threecx_security.CORE, config=config)


@pytest.mark.parametrize(
    ("path", "decision"),
    [
        (("network", "sip_calls_from_outside"), False),
        (("anti_hacking", "global_blacklist"), True),
        (("anti_hacking", "failed_authentications"), 4),
        (("anti_hacking", "block_seconds"), 7200),
        (("calls", "voicemail_menu_calls"), False),
        (("calls", "oauth_client_registration"), False),
        (("calls", "oauth_client_documents"), False),
        (("ip_list",), []),
        (("barred_numbers",), ["0871", "118"]),
        (("emergency_numbers",), EMERGENCY),
        (("console", "networks"), ["198.51.100.7/32"]),
    ],
)
def test_each_security_decision_of_a_3cx(path: tuple[str, ...], decision: Any) -> None:
    found = compiled("threecx_security")
    for name in path:
        found = found[name]
    assert found == decision


def test_the_extensions_of_a_3cx_by_where_their_phones_are() -> None:
    entries = compiled("threecx_extensions")
    inside = {"lan_only": True, "block_tunnel": True, "voicemail_asks_pin": True}
    outside = {"lan_only": False, "block_tunnel": False, "voicemail_asks_pin": True}
    assert entries == [
        {"number": "201", "name": "Reception", **inside, "mac": "805ec0aabb01"},
        {"number": "202", "name": "Ipswich", **outside, "srtp": "enforced", "mac": "805ec0aabb02"},
        {"number": "203", "name": "Park", **outside, "srtp": "enforced"},
        {"number": "204", "name": "Warehouse", **inside},
        {"number": "205", "name": "Anna at home", **outside, "srtp": "enforced"},
        {"number": "206", "name": "Depot", **outside},
    ]
    taken(threecx_extensions.CORE, extensions=entries, guard=compiled("threecx_guard"))


@pytest.mark.parametrize(("width", "guarded"), [(28, False), (29, True), (32, True)])
def test_the_guard_is_for_narrow_networks_of_sites_with_phones_only(width: int, guarded: bool) -> None:
    """spare has no phones, warehouse comes in by its VPN. The check of the declaration refuses a /28 too."""
    declaration, _problems = parse(copy.deepcopy(DECLARED), TODAY)
    assert declaration is not None
    network = ipaddress.IPv4Network(f"192.0.2.64/{width}")
    sites = tuple(
        dataclasses.replace(site, address=network) if site.name == "park" else site for site in declaration.remote_sites
    )
    found = compile_for("threecx_guard", dataclasses.replace(declaration, remote_sites=sites))
    assert found == {"addresses": ["192.0.2.10/32", *([str(network)] if guarded else []), "192.0.2.128/29"]}


def test_no_guard_where_no_phone_crosses_the_internet() -> None:
    only = [{"name": "vpn only", "vpn": True, "extensions": ["201"]}]
    assert compiled("threecx_guard", remote_sites=only, extensions=DECLARED["extensions"][:1]) == {"addresses": []}


@pytest.mark.parametrize(
    ("alerts", "mail"),
    [
        (None, None),
        ({"to": ["a@b.example"]}, None),
        (
            {"to": ["a@b.example"], "sender": "pbx@b.example", "smtp": {"host": "m.example.net"}},
            {"server": "m.example.net", "port": 587, "sender": "pbx@b.example", "tls": True},
        ),
        (
            {"to": ["a@b.example"], "smtp": {"host": "m.example.net", "port": 25, "security": "none"}},
            {"server": "m.example.net", "port": 25, "sender": "a@b.example", "tls": False},
        ),
    ],
)
def test_alerts_of_a_3cx(alerts: dict[str, Any] | None, mail: dict[str, Any] | None) -> None:
    config = compiled("threecx_security", alerts=alerts)
    assert config.get("mail_server") == mail
    assert ("notifications" in config) == (alerts is not None)
    if alerts:
        assert config["notifications"]["recipients"] == alerts["to"]


def test_a_3cx_keeps_its_list_of_countries_where_none_is_declared() -> None:
    declaration, _problems = parse(copy.deepcopy(DECLARED), TODAY)
    assert declaration is not None
    assert "countries" not in compile_for("threecx_security", dataclasses.replace(declaration, allowed_countries=()))


def test_nobody_declared_means_nobody_protected() -> None:
    config = compiled(
        "threecx_security", trunk_providers=[], remote_sites=[], extensions=[], pbx__local_networks=[], alerts=None
    )
    assert [each["network"] for each in config["protected"]] == ["198.51.100.7/32"]


def test_the_whole_security_of_a_yeastar() -> None:
    config = yeastar("yeastar_security")
    assert config == {
        "emergency_numbers": EMERGENCY,
        "barred_numbers": ["0871", "118"],
        "outbound_routes": [],
        "pin_lists": [],
        "phones": [],
        "countries": {"allowed": ["44", "353"], "international_prefixes": ["00", "+"]},
    }
    taken(yeastar_security.CORE, config=config, site="acme", manual_controls=yeastar("manual_controls"))


def test_the_extensions_of_a_yeastar_by_where_their_phones_are() -> None:
    entries = yeastar("yeastar_extensions")
    pin = {"voicemail_asks_pin": True}
    inside = {"remote_registration": False, "transport": "udp", "srtp": False, **pin}
    outside = {"remote_registration": True, "transport": "tls", "srtp": True, **pin}
    lan = {"allowed_networks": ["192.168.10.0/24"]}
    assert entries == [
        {"number": "201", "name": "Reception", **inside, **lan, "mac": "805ec0aabb01", "user_agents": ["Yealink"]},
        {
            "number": "202",
            "name": "Ipswich",
            **outside,
            "allowed_networks": ["192.0.2.10/32"],
            "mac": "805ec0aabb02",
            "user_agents": ["Yealink"],
        },
        {"number": "203", "name": "Park", **outside, "allowed_networks": ["192.0.2.64/29"]},
        {"number": "204", "name": "Warehouse", **inside, "transport": "tcp"},
        {"number": "205", "name": "Anna at home", **outside},
        {
            "number": "206",
            "name": "Depot",
            **outside,
            "transport": "udp",
            "srtp": False,
            "allowed_networks": ["192.0.2.128/29"],
        },
    ]
    taken(yeastar_extensions.CORE, extensions=entries)


def test_a_yeastar_without_local_networks_limits_nobody_on_the_lan() -> None:
    entries = {entry["number"]: entry for entry in yeastar("yeastar_extensions", pbx__local_networks=[])}
    assert "allowed_networks" not in entries["201"]
    assert entries["202"]["allowed_networks"] == ["192.0.2.10/32"]


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("yeastar_appliance", {"series": "p", "edition": "appliance"}),
        ("yeastar_software", {"series": "p", "edition": "software"}),
        ("yeastar_cloud", {"series": "p", "edition": "cloud"}),
        ("yeastar_s", {"series": "s", "edition": None}),
    ],
)
def test_series_and_edition(product: str, expected: dict[str, str | None]) -> None:
    assert yeastar("yeastar", product) == expected


@pytest.mark.parametrize("product", ["threecx", None])
def test_a_yeastar_that_is_not_declared_is_refused(product: str | None) -> None:
    with pytest.raises(HardeningError, match=r"pbx\.product: (threecx|nothing) is declared, but"):
        compiled("yeastar", pbx__product=product)


@pytest.mark.parametrize(
    ("country", "prefixes"), [("GB", ["00", "+"]), ("DE", ["00", "+"]), ("US", ["011", "+"]), ("AU", [])]
)
def test_what_is_dialled_before_a_calling_code(country: str, prefixes: list[str]) -> None:
    config = yeastar("yeastar_security", site__country=country, allowed_countries=[country])
    assert config["countries"]["international_prefixes"] == prefixes


def controls(product: str, **changes: Any) -> dict[str, dict[str, Any]]:
    return {each["control"]: each for each in yeastar("manual_controls", product, **changes)}


def test_the_web_pages_of_an_appliance() -> None:
    found = controls("yeastar_appliance")
    assert list(found) == [
        "static_defence",
        "drop_all",
        "auto_defence",
        "country_ips",
        "country_codes",
        "outbound_frequency",
        "emergency_numbers",
        "events",
        "web_login",
        "services",
        "sip_settings",
        "trunk_limits",
    ]
    rows = {row[1]: row for row in found["static_defence"]["rows"]}
    assert set(rows) == {
        "management",
        "provider gamma",
        "provider voiceway",
        "site ipswich",
        "site park",
        "site depot",
        "site spare",
        "local network",
    }
    assert len(found["static_defence"]["rows"]) == 9
    assert rows["site park"] == [
        "voipsec site park 192.0.2.64-29", "site park", "accept", "ip", "192.0.2.64", "255.255.255.248", "", "",
        "", "", "", "", "both",
    ]  # fmt: skip
    assert all(len(row) == len(found["static_defence"]["columns"]) for row in found["static_defence"]["rows"])
    assert all(len(row) == len(found["auto_defence"]["columns"]) for row in found["auto_defence"]["rows"])
    assert found["drop_all"]["settings"] == [
        "first: the list of Static Defense is imported and holds the network that you are managing from",
        "Drop All but Accepted IPs in Static Defense: on",
        "Drop IP Ping Request: on",
        "Disable Auto Defense: off",
        "Disable Extension Registration Defense: off",
    ]
    assert found["drop_all"]["outside"] == [5060, 5061]
    assert found["sip_settings"]["settings"] == [
        "Allow Guest: off",
        "TLS on port 5061, with a certificate for pbx.acme.example",
    ]
    assert found["emergency_numbers"]["settings"] == [
        f"{number}: for all extensions, by a trunk of this site" for number in EMERGENCY
    ]
    assert found["country_codes"]["settings"][-1] == "all others: off"
    assert found["country_codes"]["settings"][0] == "allow GB (United Kingdom), IE (Ireland), JE (Jersey)"
    assert found["country_ips"]["settings"] == [
        "first: allow GB (United Kingdom), where you are managing from",
        "all others: off",
    ]
    assert found["events"]["settings"][0] == "contacts: noc@acme.example, anna@acme.example"
    for event in ("Extension Registration Blocked Out", "Emergency Call Dialed Out", "Web User Login Failed"):
        assert f"notify by e-mail: {event}" in found["events"]["settings"]
    assert found["services"]["settings"] == ["Console/SSH access: off", "AMI: off"]
    assert found["services"]["outside"] == [5038, 8022]
    assert found["web_login"]["outside"] == [8088]
    assert found["web_login"]["settings"][0] == "two-factor authentication for every administrator: on"
    assert found["outbound_frequency"]["rows"] == [["voipsec", "5/1/second&20/10/minute&60/60/minute"]]
    assert all(each["state"] == "manual" for each in found.values())


def test_the_software_edition_wants_a_range_of_ports() -> None:
    row = controls("yeastar_software")["static_defence"]["rows"][0]
    assert row[8:] == ["port_range", "", "1", "65535", "both"]


def test_the_web_pages_of_a_cloud_pbx() -> None:
    found = controls("yeastar_cloud")
    assert next(iter(found)) == "allowed_ips"
    assert not {"static_defence", "drop_all", "auto_defence"} & set(found)
    assert "allow 192.0.2.64/29 (site park)" in found["allowed_ips"]["settings"]
    assert found["web_login"]["outside"] == []
    assert found["country_ips"]["behind"] == found["allowed_ips"]["behind"]


def test_the_web_pages_of_an_s_series() -> None:
    found = controls("yeastar_s")
    assert list(found) == [
        "firewall",
        "extension_security",
        "country_codes",
        "outbound_frequency",
        "web_login",
        "services",
    ]
    settings = found["firewall"]["settings"]
    assert settings[-2:] == ["then: drop all others", "the default rules of IP auto defence stay"]
    assert settings[0] == "accept 198.51.100.7/32 (management)"
    assert len(settings) == 9 + 2
    assert found["extension_security"]["settings"] == [
        "201: register remotely off, transport udp, SRTP as it is",
        "202: register remotely on, transport tls, SRTP on",
        "203: register remotely on, transport tls, SRTP on",
        "204: register remotely off, transport tcp, SRTP as it is",
        "205: register remotely on, transport tls, SRTP on",
        "206: register remotely on, transport udp, SRTP as it is",
    ]


def test_nobody_to_alert_is_said_on_the_page_of_events() -> None:
    assert "none declared in alerts.to" in controls("yeastar_appliance", alerts=None)["events"]["settings"][0]


def test_a_3cx_has_no_pages_to_set_by_hand() -> None:
    assert compiled("manual_controls") == []
