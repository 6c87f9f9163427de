# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall as a file for ``nft -f``.

It replaces the table ``inet voipsec`` as a whole in one transaction, and names no other table. A drop here is final; an
accept is not, because chains of other tables still decide (nft(8)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.firewall import (
    NEW_CONNECTIONS,
    Firewall,
    Network,
    OpenPorts,
)

FAMILIES = (("4", "ip", "ipv4_addr"), ("6", "ip6", "ipv6_addr"))
MAX_SOURCES = 65535
"""Addresses in a set: a flood with forged senders must not fill the memory."""
METER_SECONDS = 60


def render(firewall: Firewall) -> str:
    """The text of the file."""
    return "".join(line + "\n" for line in _lines(firewall))


def _lines(firewall: Firewall) -> Iterator[str]:
    yield from (
        "# Written by voipsec.hardening.pbx_host. Changes made here are overwritten.",
        "# Created first, so that deleting it works whether it existed or not.",
        "table inet voipsec",
        "delete table inet voipsec",
        "table inet voipsec {",
    )
    yield from _sets(firewall)
    yield from _chain("input", _input(firewall), "type filter hook input priority filter - 10; policy drop;")
    yield from _chain("speech", _speech(firewall))
    yield from _chain("signalling", _signalling(firewall))
    yield from _chain("declared", _declared(firewall))
    yield from _chain("strangers", _strangers(firewall))
    yield "}"


def _sets(firewall: Firewall) -> Iterator[str]:
    timeouts = {
        "offenders": firewall.offender_seconds,
        "speech": METER_SECONDS,
        "signalling": METER_SECONDS,
        "connections": METER_SECONDS,
    }
    for name, seconds in timeouts.items():
        for version, _family, kind in FAMILIES:
            yield f"\tset {name}{version} {{"
            yield f"\t\ttype {kind}"
            yield f"\t\tsize {MAX_SOURCES}"
            yield "\t\tflags dynamic,timeout"
            yield f"\t\ttimeout {seconds}s"
            yield "\t}"


def _chain(name: str, rules: Iterable[str], hook: str = "") -> Iterator[str]:
    yield f"\tchain {name} {{"
    if hook:
        yield f"\t\t{hook}"
    for rule in rules:
        yield f"\t\t{rule}"
    yield "\t}"


def _input(firewall: Firewall) -> Iterator[str]:
    yield 'iif "lo" accept'
    yield "ct state invalid drop"
    # Before established traffic: an RTP stream is established from its second packet on.
    if firewall.speech_ports:
        yield f"udp dport {_set(firewall.speech_ports)} jump speech"
    if firewall.signalling_ports:
        yield f"meta l4proto {{ tcp, udp }} th dport {_set(firewall.signalling_ports)} jump signalling"
    yield "ct state established,related accept"
    # Path MTU discovery, and neighbour discovery, which IPv6 depends on (RFC 4890).
    yield "icmp type { destination-unreachable, time-exceeded, parameter-problem } accept"
    yield "icmp type echo-request limit rate 10/second accept"
    yield "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept"
    yield "icmpv6 type echo-request limit rate 10/second accept"
    yield "ip6 hoplimit 255 icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept"
    yield "ip6 saddr fe80::/10 icmpv6 type mld-listener-query accept"
    yield "udp sport 67 udp dport 68 accept"
    yield "ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept"
    for entry in (firewall.ssh, firewall.web, *(entry for entry in firewall.open_ports if entry.networks)):
        yield from _open_to_networks(entry)
    # Declared networks leave here: they must not become offenders, whatever port they try.
    for source in _sources(firewall.declared):
        yield f"{source} goto declared"
    yield "jump strangers"


def _open_to_networks(entry: OpenPorts) -> Iterator[str]:
    if entry.ports:
        for source in _sources(entry.networks):
            yield f"{source} {entry.protocol} dport {_set(entry.ports)} accept"


def _speech(firewall: Firewall) -> Iterator[str]:
    yield from _metered("speech", firewall.speech, firewall.speech_rate)
    for source in _sources(firewall.speech):
        yield f"{source} accept"


def _signalling(firewall: Firewall) -> Iterator[str]:
    """TCP is limited by new connections: an accepted one is established."""
    yield "meta l4proto tcp ct state established,related accept"
    yield from _metered("signalling", firewall.signalling, firewall.signalling_rate)
    for source in _sources(firewall.signalling):
        yield f"{source} accept"


def _metered(name: str, networks: Sequence[Network], rate: int | None) -> Iterator[str]:
    """Drops what a declared source sends above a rate. The set holds no other sources."""
    if rate is None:
        return
    for version, family, _kind in FAMILIES:
        for source in _sources(networks, version):
            limit = f"limit rate over {rate}/second burst {rate} packets"
            yield f"{source} add @{name}{version} {{ {family} saddr {limit} }} drop"


def _declared(firewall: Firewall) -> Iterator[str]:
    """Declared networks at ports that are not theirs: ports open to everyone are accepted, nothing has consequences."""
    for entry in firewall.open_ports:
        if not entry.networks:
            yield f"{entry.protocol} dport {_set(entry.ports)} accept"
    yield "drop"


def _strangers(firewall: Firewall) -> Iterator[str]:
    """Undeclared sources. One that tries a restricted port becomes an offender: open ports ignore it for a while."""
    for version, family, _kind in FAMILIES:
        yield f"{family} saddr @offenders{version} drop"
    watched = [("tcp", (*firewall.ssh.ports, *firewall.web.ports, *firewall.signalling_ports))]
    watched += [("udp", firewall.signalling_ports)]
    for protocol, ports in watched:
        for version, family, _kind in FAMILIES:
            if ports:
                yield f"{protocol} dport {_set(ports)} add @offenders{version} {{ {family} saddr }} drop"
    for entry in firewall.open_ports:
        if not entry.networks:
            yield from _open_to_everyone(entry)


def _open_to_everyone(entry: OpenPorts) -> Iterator[str]:
    """Too many new connections make the source an offender."""
    limit = f"limit rate over {NEW_CONNECTIONS}/second burst {2 * NEW_CONNECTIONS} packets"
    ports = f"{entry.protocol} dport {_set(entry.ports)}"
    for version, family, _kind in FAMILIES:
        too_often = f"add @connections{version} {{ {family} saddr {limit} }}"
        yield f"{ports} ct state new {too_often} add @offenders{version} {{ {family} saddr }} drop"
    yield f"{ports} accept"


def _sources(networks: Sequence[Network], only: str = "") -> Iterator[str]:
    """One match for each address family that has networks."""
    for version, family, _kind in FAMILIES:
        members = [str(network) for network in networks if str(network.version) == version]
        if members and only in {"", version}:
            yield f"{family} saddr {_set(members)}"


def _set(members: Iterable[str]) -> str:
    return f"{{ {', '.join(members)} }}"
