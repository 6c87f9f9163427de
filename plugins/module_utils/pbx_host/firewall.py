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
MIN_SIGNALLING_RATE = 100
SIGNALLING_PER_CALL = 10
"""UDP packets of SIP per second and source. Inferred: about ten for a call that starts and ends within a second. The
minimum is for a site whose phones all register at once behind one address. SIP retransmits what is dropped."""
DECLARED_AS = {
    "management": "site.management",
    "local_networks": "pbx.local_networks",
    "sip_ports": "pbx.sip_ports",
    "rtp_ports": "pbx.rtp_ports",
    "concurrent_calls": "concurrent_calls",
}
NEW_CONNECTIONS = 20
"""To open ports, per second and source. Inferred: a browser opens six at once."""


@dataclass(frozen=True)
class OpenPorts:
    """Ports that are open to networks; without any, to everyone."""

    protocol: str
    ports: tuple[str, ...]
    networks: tuple[Network, ...]


@dataclass(frozen=True)
class Firewall:
    """What the rules are rendered from."""

    ssh: OpenPorts
    web: OpenPorts
    signalling_ports: tuple[str, ...]
    signalling: tuple[Network, ...]
    speech_ports: tuple[str, ...]
    speech: tuple[Network, ...]
    open_ports: tuple[OpenPorts, ...]
    declared: tuple[Network, ...]
    """All networks that any setting names. They never become offenders."""
    concurrent_calls: int
    """0 where not declared."""
    offender_seconds: int

    @property
    def speech_rate(self) -> int | None:
        """UDP packets per second from one source, incoming only; None for no limit.

        A limit that is guessed too low cuts words out of every call, and nothing reports it.
        """
        if not self.concurrent_calls:
            return None
        return math.ceil(round(self.concurrent_calls * PACKETS_PER_CALL * HEADROOM, 6))

    @property
    def signalling_rate(self) -> int:
        """UDP packets, or new TCP connections, per second from one source."""
        return max(MIN_SIGNALLING_RATE, self.concurrent_calls * SIGNALLING_PER_CALL)


def read(tree: Mapping[str, Any]) -> Firewall:
    """The firewall from the role's variables, by their names without ``pbx_host_``.

    Raises HardeningError with the first problem, naming the variable to change.
    """
    management = _networks(tree, "management")
    if not management:
        raise HardeningError(
            "site.management (pbx_host_management) is empty; list the networks that the host is managed from."
        )
    phones = (*_local(tree), *_vpn(tree))
    peers = [_peer(peer, number) for number, peer in enumerate(tree.get("peers") or [])]
    ssh = OpenPorts("tcp", _ports([tree.get("ssh_port")], "ssh_port"), _networks(tree, "ssh_networks") or management)
    web = OpenPorts("tcp", _ports(tree.get("web_ports"), "web_ports"), _networks(tree, "web_networks") or management)
    signalling_ports = _ports(tree.get("sip_ports"), "sip_ports")
    signalling = _merged([*phones, *(network for networks, _media in peers for network in networks)])
    speech = _merged([*phones, *(network for _signalling, networks in peers for network in networks)])
    open_ports = tuple(_open_ports(entry, number) for number, entry in enumerate(tree.get("open_ports") or []))
    kept = [("ssh_port", "tcp", ssh.ports), ("web_ports", "tcp", web.ports)]
    kept += [("sip_ports", protocol, signalling_ports) for protocol in ("tcp", "udp")]
    _refuse_overlaps(open_ports, kept)
    named = (management, ssh.networks, web.networks, signalling, speech, *(entry.networks for entry in open_ports))
    return Firewall(
        ssh=ssh,
        web=web,
        signalling_ports=signalling_ports,
        signalling=signalling,
        speech_ports=_ports([tree.get("rtp_ports")] if tree.get("rtp_ports") else [], "rtp_ports"),
        speech=speech,
        open_ports=open_ports,
        declared=_merged(itertools.chain.from_iterable(named)),
        concurrent_calls=_whole(tree, "concurrent_calls", 0, 5000),
        offender_seconds=_whole(tree, "offender_seconds", 1, 86400 * 366),
    )


def admits(firewall: Firewall, address: str) -> bool:
    """Whether this address can open a new SSH connection under these rules."""
    try:
        source = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(source, ipaddress.IPv6Address) and source.ipv4_mapped:
        source = source.ipv4_mapped
    return source.is_loopback or any(source in network for network in firewall.ssh.networks)


def _local(tree: Mapping[str, Any]) -> tuple[Network, ...]:
    """An empty list says that there is no LAN. Where nothing is declared every desk phone would be cut off."""
    if tree.get("local_networks") in (None, ""):
        raise HardeningError(
            "pbx.local_networks (pbx_host_local_networks) is not declared, and the firewall would cut off the phones "
            "of the LAN; declare its networks, such as [192.168.10.0/24], or set pbx_host_local_networks: [] where "
            "there is no LAN, as in a data centre."
        )
    return _networks(tree, "local_networks")


def _vpn(tree: Mapping[str, Any]) -> tuple[Network, ...]:
    """The declaration says which remote sites use a VPN, but not which addresses they have there."""
    if tree.get("vpn_networks") not in (None, ""):
        return _networks(tree, "vpn_networks")
    sites = tree.get("vpn_sites") or []
    if sites:
        raise HardeningError(
            "pbx_host_vpn_networks is not set, and the firewall would cut off the phones of "
            f"{', '.join(map(str, sites))}, which use a VPN; list the networks behind the VPN, such as "
            "[192.168.20.0/24], or set [] where the router gives them addresses of the LAN."
        )
    return ()


def _variable(name: str) -> str:
    """What the user wrote: the declaration's variable where there is one, and the role's."""
    declared = DECLARED_AS.get(name)
    return f"{declared} (pbx_host_{name})" if declared else f"pbx_host_{name}"


def _refuse_overlaps(opened: Iterable[OpenPorts], restricted: Sequence[tuple[str, str, tuple[str, ...]]]) -> None:
    """A port cannot be open to everyone and a trap for strangers: using it would make them offenders."""
    for number, entry in enumerate(opened):
        for name, protocol, ports in restricted:
            both = _shared(entry.ports, ports) if protocol == entry.protocol and not entry.networks else ""
            if both:
                raise HardeningError(
                    f"pbx_host_open_ports[{number}] opens {protocol} port {both} to everyone, but {_variable(name)} "
                    "restricts it; remove it from one of them, or add networks to pbx_host_open_ports."
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
    """Where the SIP and the RTP of a provider or a remote site come from."""
    name = f"peers[{number}]"
    signalling = _list(peer.get("signalling"), f"{name}.signalling")
    if not signalling:
        raise HardeningError(f"pbx_host_{name}.signalling is empty; list networks such as 203.0.113.0/26.")
    return signalling, _list(peer.get("media"), f"{name}.media") or signalling


def _open_ports(entry: Mapping[str, Any], number: int) -> OpenPorts:
    name = f"open_ports[{number}]"
    protocol = str(entry.get("protocol") or "tcp")
    if protocol not in {"tcp", "udp"}:
        raise HardeningError(f"pbx_host_{name}.protocol is '{protocol}'; it must be tcp or udp.")
    ports = _ports(entry.get("ports"), f"{name}.ports")
    if not ports:
        raise HardeningError(f"pbx_host_{name}.ports is empty; list ports such as [5090].")
    return OpenPorts(protocol, ports, _list(entry.get("networks"), f"{name}.networks"))


def _networks(tree: Mapping[str, Any], name: str) -> tuple[Network, ...]:
    return _list(tree.get(name), name)


def _list(values: Any, name: str) -> tuple[Network, ...]:
    if isinstance(values, str) or not isinstance(values or [], (list, tuple)):
        raise HardeningError(f"{_variable(name)} is '{values}'; it must be a list of networks such as [192.0.2.0/24].")
    return _merged(_network(value, name) for value in values or [])


def _network(value: Any, name: str) -> Network:
    try:
        network = ipaddress.ip_network(str(value))
    except ValueError:
        raise HardeningError(
            f"{_variable(name)}: '{value}' is not a network; write it without host bits, such as 192.0.2.0/24."
        ) from None
    if network.prefixlen == 0:
        raise HardeningError(f"{_variable(name)}: '{value}' is everyone; list the networks that you mean.")
    return network


def _merged(networks: Iterable[Network]) -> tuple[Network, ...]:
    """IPv4 first. nftables refuses overlapping networks in a set, so they are merged."""
    every = list(networks)
    four = [network for network in every if isinstance(network, ipaddress.IPv4Network)]
    six = [network for network in every if isinstance(network, ipaddress.IPv6Network)]
    return (*ipaddress.collapse_addresses(four), *ipaddress.collapse_addresses(six))


def _ports(values: Any, name: str) -> tuple[str, ...]:
    """Ports and ranges in order. nftables refuses overlaps in a set, so they are refused here."""
    if isinstance(values, str) or not isinstance(values or [], (list, tuple)):
        raise HardeningError(f"{_variable(name)} is '{values}'; it must be a list of ports such as [443].")
    ranges = sorted(_range(value, name) for value in values or [])
    for (_begin, end), (begin, _end) in itertools.pairwise(ranges):
        if begin <= end:
            raise HardeningError(f"{_variable(name)} lists port {begin} twice.")
    return tuple(str(begin) if begin == end else f"{begin}-{end}" for begin, end in ranges)


def _range(value: Any, name: str) -> tuple[int, int]:
    match = PORTS.fullmatch(str(value))
    begin, end = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= begin <= end <= 65535:
        raise HardeningError(
            f"{_variable(name)}: '{value}' is neither a port from 1 to 65535 nor a range such as 9000-10999."
        )
    return begin, end


def _whole(tree: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = tree.get(name)
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise HardeningError(f"{_variable(name)} is '{value}'; it must be a whole number from {least} to {most}.")
    return int(text)
