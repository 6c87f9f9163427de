# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules as a file for ``nft -f``.

Only the table ``inet voipsec`` is spoken of: it is replaced as a whole in one transaction, and everything beside it
stays. A drop here is final; an accept is not, later chains of other tables still decide (nft(8)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.firewall import (
    NEW_CONNECTIONS,
    Door,
    Firewall,
    Network,
)

FAMILIES = (("4", "ip", "ipv4_addr"), ("6", "ip6", "ipv6_addr"))
KNOWN_SOURCES = 65535
"""How many addresses a set keeps: a flood with forged senders must not fill the memory."""
METER_SECONDS = 60


def render(firewall: Firewall) -> str:
    """The whole file."""
    return "".join(line + "\n" for line in _lines(firewall))


def _lines(firewall: Firewall) -> Iterator[str]:
    yield from (
        "# Written by voipsec.hardening.pbx_host. Changes made here are overwritten.",
        "# Made first, so that it can be deleted whether it was there or not.",
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
            yield f"\t\tsize {KNOWN_SOURCES}"
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
    # Before established traffic: a stream of speech is that from its second packet on.
    if firewall.speech_ports:
        yield f"udp dport {_set(firewall.speech_ports)} jump speech"
    if firewall.signalling_ports:
        yield f"meta l4proto {{ tcp, udp }} th dport {_set(firewall.signalling_ports)} jump signalling"
    yield "ct state established,related accept"
    # Path MTU discovery, and the neighbours of IPv6, without which there is no IPv6 (RFC 4890).
    yield "icmp type { destination-unreachable, time-exceeded, parameter-problem } accept"
    yield "icmp type echo-request limit rate 10/second accept"
    yield "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept"
    yield "icmpv6 type echo-request limit rate 10/second accept"
    yield "ip6 hoplimit 255 icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept"
    yield "ip6 saddr fe80::/10 icmpv6 type mld-listener-query accept"
    yield "udp sport 67 udp dport 68 accept"
    yield "ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept"
    for door in (firewall.ssh, firewall.web, *(door for door in firewall.doors if door.networks)):
        yield from _admitted(door)
    # Not a rule of the chain of strangers: whoever is declared must not get into its sets, whatever port they try.
    for source in _sources(firewall.declared):
        yield f"{source} goto declared"
    yield "jump strangers"


def _admitted(door: Door) -> Iterator[str]:
    if door.ports:
        for source in _sources(door.networks):
            yield f"{source} {door.protocol} dport {_set(door.ports)} accept"


def _speech(firewall: Firewall) -> Iterator[str]:
    yield from _metered("speech", firewall.speech, firewall.speech_rate)
    for source in _sources(firewall.speech):
        yield f"{source} accept"


def _signalling(firewall: Firewall) -> Iterator[str]:
    """TCP is metered by its connections: what was accepted once is established."""
    yield "meta l4proto tcp ct state established,related accept"
    yield from _metered("signalling", firewall.signalling, firewall.signalling_rate)
    for source in _sources(firewall.signalling):
        yield f"{source} accept"


def _metered(name: str, networks: Sequence[Network], rate: int | None) -> Iterator[str]:
    """What a declared source sends beyond a rate is dropped. Nobody else has a place in the set."""
    if rate is None:
        return
    for version, family, _kind in FAMILIES:
        for source in _sources(networks, version):
            limit = f"limit rate over {rate}/second burst {rate} packets"
            yield f"{source} add @{name}{version} {{ {family} saddr {limit} }} drop"


def _declared(firewall: Firewall) -> Iterator[str]:
    """Who is known, at ports that are not theirs: only what is open to everybody, and no consequences."""
    for door in firewall.doors:
        if not door.networks:
            yield f"{door.protocol} dport {_set(door.ports)} accept"
    yield "drop"


def _strangers(firewall: Firewall) -> Iterator[str]:
    """Who is declared nowhere, and knocks at a closed door of the PBX, gets no answer from an open one for a while."""
    for version, family, _kind in FAMILIES:
        yield f"{family} saddr @offenders{version} drop"
    watched = [("tcp", (*firewall.ssh.ports, *firewall.web.ports, *firewall.signalling_ports))]
    watched += [("udp", firewall.signalling_ports)]
    for protocol, ports in watched:
        for version, family, _kind in FAMILIES:
            if ports:
                yield f"{protocol} dport {_set(ports)} add @offenders{version} {{ {family} saddr }} drop"
    for door in firewall.doors:
        if not door.networks:
            yield from _open(door)


def _open(door: Door) -> Iterator[str]:
    """Open to everybody, but not to who comes too often."""
    limit = f"limit rate over {NEW_CONNECTIONS}/second burst {2 * NEW_CONNECTIONS} packets"
    ports = f"{door.protocol} dport {_set(door.ports)}"
    for version, family, _kind in FAMILIES:
        too_often = f"add @connections{version} {{ {family} saddr {limit} }}"
        yield f"{ports} ct state new {too_often} add @offenders{version} {{ {family} saddr }} drop"
    yield f"{ports} accept"


def _sources(networks: Sequence[Network], only: str = "") -> Iterator[str]:
    """A match for each family that has networks."""
    for version, family, _kind in FAMILIES:
        members = [str(network) for network in networks if str(network.version) == version]
        if members and only in {"", version}:
            yield f"{family} saddr {_set(members)}"


def _set(members: Iterable[str]) -> str:
    return f"{{ {', '.join(members)} }}"
