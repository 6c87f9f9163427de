# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may reach which port of the PBX host, as declared."""

from __future__ import annotations

import ipaddress
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.rtp_rates import HEADROOM, PACKETS_PER_CALL

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
LEAST_SIGNALLING = 100
SIGNALLING_PER_CALL = 10
"""UDP packets of SIP a second and source: inferred, about ten for a call that begins and ends in the same second. The
least is for a site whose phones all come back at once behind one address. What is lost is sent again by SIP."""
NEW_CONNECTIONS = 20
"""A second and source to open ports: inferred, a browser opens six at once."""


@dataclass(frozen=True)
class Door:
    """Ports that are open to networks; without any, to everybody."""

    protocol: str
    ports: tuple[str, ...]
    networks: tuple[Network, ...]


@dataclass(frozen=True)
class Firewall:
    """Everything the rules are made from."""

    ssh: Door
    web: Door
    signalling_ports: tuple[str, ...]
    signalling: tuple[Network, ...]
    speech_ports: tuple[str, ...]
    speech: tuple[Network, ...]
    doors: tuple[Door, ...]
    declared: tuple[Network, ...]
    """Whoever is named anywhere. They never become offenders."""
    concurrent_calls: int
    """0 where nobody has said how many."""
    offender_seconds: int

    @property
    def speech_rate(self) -> int | None:
        """UDP packets a second from one source. Only what comes in is counted here, so one direction.

        None is no limit: one that is guessed too low takes words out of every call, and nothing else tells of it.
        """
        if not self.concurrent_calls:
            return None
        return math.ceil(round(self.concurrent_calls * PACKETS_PER_CALL * HEADROOM, 6))

    @property
    def signalling_rate(self) -> int:
        """UDP packets, or new connections, a second from one source."""
        return max(LEAST_SIGNALLING, self.concurrent_calls * SIGNALLING_PER_CALL)


def read(tree: Mapping[str, Any]) -> Firewall:
    """Read the role's variables, by their names without ``pbx_host_``."""
    management = _networks(tree, "management")
    if not management:
        raise HardeningError("pbx_host_management is empty; the networks are needed from where the host is managed")
    phones = (*_local(tree), *_vpn(tree))
    peers = [_peer(peer, number) for number, peer in enumerate(tree.get("peers") or [])]
    ssh = Door("tcp", _ports([tree.get("ssh_port")], "ssh_port"), _networks(tree, "ssh_networks") or management)
    web = Door("tcp", _ports(tree.get("web_ports"), "web_ports"), _networks(tree, "web_networks") or management)
    signalling_ports = _ports(tree.get("sip_ports"), "sip_ports")
    signalling = _merged([*phones, *(network for networks, _media in peers for network in networks)])
    speech = _merged([*phones, *(network for _signalling, networks in peers for network in networks)])
    doors = tuple(_door(door, number) for number, door in enumerate(tree.get("open_ports") or []))
    kept = [("ssh_port", "tcp", ssh.ports), ("web_ports", "tcp", web.ports)]
    kept += [("sip_ports", protocol, signalling_ports) for protocol in ("tcp", "udp")]
    _refuse_overlaps(doors, kept)
    named = (management, ssh.networks, web.networks, signalling, speech, *(door.networks for door in doors))
    return Firewall(
        ssh=ssh,
        web=web,
        signalling_ports=signalling_ports,
        signalling=signalling,
        speech_ports=_ports([tree.get("rtp_ports")] if tree.get("rtp_ports") else [], "rtp_ports"),
        speech=speech,
        doors=doors,
        declared=_merged(itertools.chain.from_iterable(named)),
        concurrent_calls=_whole(tree, "concurrent_calls", 0, 5000),
        offender_seconds=_whole(tree, "offender_seconds", 1, 86400 * 366),
    )


def admits(firewall: Firewall, address: str) -> bool:
    """Can this address open a new SSH connection under these rules?"""
    try:
        source = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(source, ipaddress.IPv6Address) and source.ipv4_mapped:
        source = source.ipv4_mapped
    return source.is_loopback or any(source in network for network in firewall.ssh.networks)


def _local(tree: Mapping[str, Any]) -> tuple[Network, ...]:
    """An empty list says that there is no LAN; nothing said would cut off every desk phone."""
    if tree.get("local_networks") in (None, ""):
        raise HardeningError(
            "nothing is said of the LAN, and its phones would be cut off: pbx.local_networks (pbx_host_local_networks) "
            "is needed, such as [192.168.10.0/24], or pbx_host_local_networks: [] where there is no LAN, as in a data "
            "centre"
        )
    return _networks(tree, "local_networks")


def _vpn(tree: Mapping[str, Any]) -> tuple[Network, ...]:
    """The declaration says which sites come through a VPN, but not with which addresses."""
    if tree.get("vpn_networks") not in (None, ""):
        return _networks(tree, "vpn_networks")
    sites = tree.get("vpn_sites") or []
    if sites:
        raise HardeningError(
            f"nothing is said of the networks behind the VPN, and the phones of {', '.join(map(str, sites))} would be "
            "cut off: pbx_host_vpn_networks is needed, such as [192.168.20.0/24], or [] where the router gives them "
            "addresses of the LAN"
        )
    return ()


def _refuse_overlaps(doors: Iterable[Door], kept: Sequence[tuple[str, str, tuple[str, ...]]]) -> None:
    """A port cannot be open to everybody and closed to strangers: they would be shut out for having come in."""
    for number, door in enumerate(doors):
        for name, protocol, ports in kept:
            both = _shared(door.ports, ports) if protocol == door.protocol and not door.networks else ""
            if both:
                raise HardeningError(
                    f"pbx_host_open_ports[{number}] opens {protocol} port {both} to everybody, and pbx_host_{name} "
                    "keeps it for some; take it out of one of them, or name networks in pbx_host_open_ports"
                )


def _shared(some: Iterable[str], others: Sequence[str]) -> str:
    """The first port that is in both."""
    for (begin, end), (first, last) in itertools.product(map(_ends, some), map(_ends, others)):
        if max(begin, first) <= min(end, last):
            return str(max(begin, first))
    return ""


def _ends(ports: str) -> tuple[int, int]:
    begin, _dash, end = ports.partition("-")
    return int(begin), int(end or begin)


def _peer(peer: Mapping[str, Any], number: int) -> tuple[tuple[Network, ...], tuple[Network, ...]]:
    """Where the SIP and the speech of a provider or a site come from."""
    name = f"peers[{number}]"
    signalling = _list(peer.get("signalling"), f"{name}.signalling")
    if not signalling:
        raise HardeningError(f"pbx_host_{name}.signalling is empty; networks such as 203.0.113.0/26 are needed")
    return signalling, _list(peer.get("media"), f"{name}.media") or signalling


def _door(door: Mapping[str, Any], number: int) -> Door:
    name = f"open_ports[{number}]"
    protocol = str(door.get("protocol") or "tcp")
    if protocol not in {"tcp", "udp"}:
        raise HardeningError(f"pbx_host_{name}.protocol is '{protocol}'; valid is tcp or udp")
    ports = _ports(door.get("ports"), f"{name}.ports")
    if not ports:
        raise HardeningError(f"pbx_host_{name}.ports is empty; a list of ports such as [5090] is needed")
    return Door(protocol, ports, _list(door.get("networks"), f"{name}.networks"))


def _networks(tree: Mapping[str, Any], name: str) -> tuple[Network, ...]:
    return _list(tree.get(name), name)


def _list(values: Any, name: str) -> tuple[Network, ...]:
    if isinstance(values, str) or not isinstance(values or [], (list, tuple)):
        raise HardeningError(f"pbx_host_{name} is '{values}'; a list of networks such as [192.0.2.0/24] is needed")
    return _merged(_network(value, name) for value in values or [])


def _network(value: Any, name: str) -> Network:
    try:
        network = ipaddress.ip_network(str(value))
    except ValueError:
        raise HardeningError(
            f"pbx_host_{name}: '{value}' is not a network; without host bits such as 192.0.2.0/24 is valid"
        ) from None
    if network.prefixlen == 0:
        raise HardeningError(f"pbx_host_{name}: '{value}' is everybody; name the networks that are meant")
    return network


def _merged(networks: Iterable[Network]) -> tuple[Network, ...]:
    """Overlapping networks are an error in a set of nftables: they are merged. IPv4 is first."""
    every = list(networks)
    four = [network for network in every if isinstance(network, ipaddress.IPv4Network)]
    six = [network for network in every if isinstance(network, ipaddress.IPv6Network)]
    return (*ipaddress.collapse_addresses(four), *ipaddress.collapse_addresses(six))


def _ports(values: Any, name: str) -> tuple[str, ...]:
    """Ports and ranges, in order; what overlaps is refused, as nftables would."""
    if isinstance(values, str) or not isinstance(values or [], (list, tuple)):
        raise HardeningError(f"pbx_host_{name} is '{values}'; a list of ports such as [443] is needed")
    ranges = sorted(_range(value, name) for value in values or [])
    for (_begin, end), (begin, _end) in itertools.pairwise(ranges):
        if begin <= end:
            raise HardeningError(f"pbx_host_{name} names port {begin} twice")
    return tuple(str(begin) if begin == end else f"{begin}-{end}" for begin, end in ranges)


def _range(value: Any, name: str) -> tuple[int, int]:
    match = PORTS.fullmatch(str(value))
    begin, end = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= begin <= end <= 65535:
        raise HardeningError(f"pbx_host_{name}: '{value}' is no port from 1 to 65535, nor a range such as 9000-10999")
    return begin, end


def _whole(tree: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = tree.get(name)
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise HardeningError(f"pbx_host_{name} is '{value}'; a whole number from {least} to {most} is valid")
    return int(text)
