# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of one router: what sys commit copies from memory to flash."""

from __future__ import annotations

import copy
import ipaddress
from dataclasses import dataclass, field
from typing import Any

ANY_PORTS = (1, 65535)  # Assumption: the range of a service object whose ports were never set.


@dataclass
class IpObject:
    """draytek.md 2b. `address_type` None: never set; the profile is blank."""

    name: str = ""
    interface: int = 0
    address_type: int | None = None  # 0 mask, 1 single, 2 any, 3 range, 4 MAC
    start: str = "0.0.0.0"
    end: str = "0.0.0.0"
    mac: str = "00:00:00:00:00:00"
    invert: int = 0


@dataclass
class Ipv6Object:
    name: str = ""
    address_type: int | None = None
    start: str = "::"
    end: str = "::"
    prefix: int = 0
    mac: str = "00:00:00:00:00:00"
    invert: int = 0
    match_type: int = 0


@dataclass
class Group:
    """An IP group, an IPv6 group or a service group."""

    name: str = ""
    interface: int = 0
    members: list[int] = field(default_factory=list)


@dataclass
class ServiceObject:
    """`protocol` None: never set; the profile is blank."""

    name: str = ""
    protocol: int | None = None
    source_check: int = 0
    source_start: int = ANY_PORTS[0]
    source_end: int = ANY_PORTS[1]
    destination_check: int = 0
    destination_start: int = ANY_PORTS[0]
    destination_end: int = ANY_PORTS[1]


@dataclass
class CountryObject:
    name: str = ""
    countries: list[int] = field(default_factory=list)


@dataclass
class AddressMatch:
    """Source or destination of a rule. No reference and no own address means any."""

    objects: dict[str, int] = field(default_factory=dict)  # field -> IPv4 object
    objects6: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    groups6: dict[str, int] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)  # [type, start, end]; empty: none


@dataclass
class ServiceMatch:
    object: int = 0
    group: int = 0
    own: list[int] = field(default_factory=list)  # proto, src op, dst op, src start, dst start, src end, dst end


@dataclass
class Rule:
    """draytek.md 2.3."""

    enabled: int = 0
    comment: str = ""
    direction: int = 0
    incoming_off: list[str] = field(default_factory=list)
    outgoing_off: list[str] = field(default_factory=list)
    source: AddressMatch = field(default_factory=AddressMatch)
    destination: AddressMatch = field(default_factory=AddressMatch)
    service: ServiceMatch = field(default_factory=ServiceMatch)
    fragments: int = 0
    action: int = 0  # 0 pass immediately, 1 block immediately, 2 pass / 3 block if no further match
    log: int = 0
    branch: int = 0
    schedule: dict[str, int] = field(default_factory=dict)
    clear_sessions: int = 0
    other: dict[str, str] = field(default_factory=dict)  # options that do not filter, kept as typed


@dataclass
class FilterSet:
    comment: str = ""
    next_set: int = 0
    rules: dict[int, Rule] = field(default_factory=dict)


@dataclass
class General:
    """draytek.md 2.2. The printed view is the factory state."""

    start_set: int = 1
    default_action: int = 0
    default_log: int = 0
    block_routing_v4: int = 1
    block_routing_v6: int = 1
    strict: int = 1
    large_fragments: int = 1
    transparent: int = 0
    other: dict[str, str] = field(default_factory=dict)


@dataclass
class OpenPort:
    """One sub-item of an open port profile (draytek.md 2c)."""

    enabled: int = 0
    comment: str = ""
    address: str = "0.0.0.0"
    wan: int = 1
    protocol: str = "---"
    start: int = 0
    end: int = 0
    source_index: int = 0
    source_is_group: int = 0


@dataclass
class PortMap:
    """A redirection of one port (draytek.md 2c)."""

    enabled: int = 0
    name: str = ""
    protocol: str = "TCP"
    public: int = 0
    source_is_group: int = 0
    source_index: int = 0
    address: str = "0.0.0.0"
    private: int = 0
    wan: int = 0


@dataclass
class DmzHost:
    """The host that gets everything that nothing else asks for (draytek.md 2c)."""

    enabled: int = 0
    address: str = "0.0.0.0"


@dataclass
class Dos:
    """Flood and attack defence (draytek.md annex)."""

    active: int = 0
    floods: dict[str, list[int]] = field(default_factory=dict)  # name -> threshold, timeout
    attacks: list[str] = field(default_factory=list)
    passing: list[str] = field(default_factory=list)
    blocking: list[str] = field(default_factory=list)
    options: dict[str, int] = field(default_factory=dict)


@dataclass
class Management:
    """The parts of the management plane that are read back (draytek.md 4 and annex).

    Assumption: factory values that the reference does not name (brute-force limit, ping, wan login).
    """

    remote: int = 0
    remote_services: dict[str, int] = field(default_factory=dict)
    access_list: dict[int, int] = field(default_factory=dict)  # slot -> IP object
    ports: dict[str, int] = field(default_factory=dict)
    ssh_timeout: int = 180
    telnet_timeout: int = 300
    wan_login: int = 0
    echo_icmp: int = 0
    bfp_enabled: int = 0
    bfp_services: list[str] = field(default_factory=list)
    bfp_failures: int = 5
    bfp_penalty: int = 0


@dataclass
class State:
    """The whole configuration. Only profiles that differ from blank are kept."""

    ip_objects: dict[int, IpObject] = field(default_factory=dict)
    ip_groups: dict[int, Group] = field(default_factory=dict)
    ipv6_objects: dict[int, Ipv6Object] = field(default_factory=dict)
    ipv6_groups: dict[int, Group] = field(default_factory=dict)
    service_objects: dict[int, ServiceObject] = field(default_factory=dict)
    service_groups: dict[int, Group] = field(default_factory=dict)
    country_objects: dict[int, CountryObject] = field(default_factory=dict)
    general: General = field(default_factory=General)
    sets: dict[int, FilterSet] = field(default_factory=dict)
    open_ports: dict[int, dict[int, OpenPort]] = field(default_factory=dict)
    port_maps: dict[int, PortMap] = field(default_factory=dict)
    dmz: dict[int, dict[int, DmzHost]] = field(default_factory=dict)  # WAN -> host number
    dos: Dos = field(default_factory=Dos)
    management: Management = field(default_factory=Management)
    names: dict[str, str] = field(default_factory=dict)
    syslog: dict[str, str] = field(default_factory=dict)
    alg: dict[str, int] = field(default_factory=dict)
    mail_alert: dict[str, str] = field(default_factory=dict)  # by the command's letter; alert types as l0 to l6
    clock: dict[str, str] = field(default_factory=dict)
    daylight: dict[str, str] = field(default_factory=dict)
    ipv6_management: dict[str, int] = field(default_factory=dict)
    switches: dict[str, int] = field(default_factory=dict)  # snmp, ftpd, upnp
    other: dict[str, str] = field(default_factory=dict)
    router_ip: str = "192.168.1.1"

    def rule(self, set_no: int, rule_no: int) -> Rule:
        """A rule for reading; blank when it was never written."""
        found = self.sets.get(set_no)
        return (found.rules.get(rule_no) if found else None) or Rule()

    def edit_set(self, set_no: int) -> FilterSet:
        return self.sets.setdefault(set_no, FilterSet())

    def edit_rule(self, set_no: int, rule_no: int) -> Rule:
        return self.edit_set(set_no).rules.setdefault(rule_no, Rule())

    def copy(self) -> State:
        return copy.deepcopy(self)


_CLASSES: tuple[type, ...] = (
    *(IpObject, Ipv6Object, Group, ServiceObject, CountryObject, AddressMatch, ServiceMatch, Rule, FilterSet),
    *(General, OpenPort, PortMap, DmzHost, Dos, Management, State),
)
_BLANK_FIELDS: dict[type, dict[str, Any]] = {cls: vars(cls()) for cls in _CLASSES}


def to_dict(value: Any) -> Any:
    """Canonical plain data: fields equal to blank and blank profiles are left out, keys are strings."""
    blank = _BLANK_FIELDS.get(type(value))
    if blank is not None:
        out: dict[str, Any] = {}
        for name, content in vars(value).items():
            if content == blank[name]:
                continue
            plain = to_dict(content) if type(content) not in (int, str) else content
            if plain not in ({}, []):
                out[name] = plain
        return out
    if isinstance(value, dict):
        pairs = ((str(key), to_dict(content), content) for key, content in sorted(value.items()))
        return {key: plain for key, plain, content in pairs if plain != {} or not _is_profile(content)}
    if isinstance(value, list):
        return [to_dict(item) for item in value]
    return value


def _is_profile(value: Any) -> bool:
    return isinstance(value, dict) or type(value) in _BLANK_FIELDS


def _numbered(data: dict[str, Any], cls: Any) -> dict[int, Any]:
    return {int(key): cls(**content) for key, content in data.items()}


def _rule(data: dict[str, Any]) -> Rule:
    data = dict(data)
    for side in ("source", "destination"):
        if side in data:
            data[side] = AddressMatch(**data[side])
    if "service" in data:
        data["service"] = ServiceMatch(**data["service"])
    return Rule(**data)


def from_dict(data: dict[str, Any]) -> State:
    """The inverse of :func:`to_dict`."""
    data = copy.deepcopy(data)
    tables = {
        "ip_objects": IpObject,
        "ip_groups": Group,
        "ipv6_objects": Ipv6Object,
        "ipv6_groups": Group,
        "service_objects": ServiceObject,
        "service_groups": Group,
        "country_objects": CountryObject,
    }
    out: dict[str, Any] = {name: _numbered(data.pop(name), cls) for name, cls in tables.items() if name in data}
    if "general" in data:
        out["general"] = General(**data.pop("general"))
    if "management" in data:
        management = data.pop("management")
        management["access_list"] = {int(key): index for key, index in management.get("access_list", {}).items()}
        out["management"] = Management(**management)
    if "sets" in data:
        out["sets"] = {
            int(number): FilterSet(
                comment=content.get("comment", ""),
                next_set=content.get("next_set", 0),
                rules={int(key): _rule(rule) for key, rule in content.get("rules", {}).items()},
            )
            for number, content in data.pop("sets").items()
        }
    if "port_maps" in data:
        out["port_maps"] = _numbered(data.pop("port_maps"), PortMap)
    if "dmz" in data:
        out["dmz"] = {int(wan): _numbered(hosts, DmzHost) for wan, hosts in data.pop("dmz").items()}
    if "dos" in data:
        out["dos"] = Dos(**data.pop("dos"))
    if "open_ports" in data:
        out["open_ports"] = {int(n): _numbered(items, OpenPort) for n, items in data.pop("open_ports").items()}
    return State(**out, **data)


def is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
