# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the PBX's ports against those of providers, remote sites and phones."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_tree import (
    Circumstances,
    Reading,
    entries,
    items,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, problem


def ports_are_declared_once(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """The PBX has SIP ports, and none stands twice in one list."""
    if (reading.get("pbx") or {}).get("sip_ports") == []:
        yield Problem("pbx.sip_ports", "[]", "is empty; a list of ports such as [5060, 5061] is needed")
    lists = [("pbx", reading.get("pbx") or {}, "sip_ports")]
    lists += [(path, entry, "ports") for path, entry in entries(reading, "trunk_providers")]
    for path, entry, name in lists:
        seen = set()
        for inner, port in items(path, entry, name):
            if port in seen:
                yield problem(inner, port, "is declared twice; once is enough")
            seen.add(port)


def sip_and_media_ports_differ(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """Who may send audio is not who may signal, so one port cannot be for both."""
    pbx = reading.get("pbx") or {}
    media = pbx.get("rtp_ports")
    for path, port in items("pbx", pbx, "sip_ports"):
        if media and port in media:
            yield problem(path, port, f"is in pbx.rtp_ports {media}; a port outside that range is needed")


def providers_use_the_pbx_ports(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """A provider reaches ports at which the PBX listens."""
    ports = _sip_ports(reading)
    for path, provider in entries(reading, "trunk_providers"):
        for inner, port in items(path, provider, "ports"):
            if ports and port not in ports:
                yield problem(
                    inner, port, f"is not in pbx.sip_ports ({_joined(ports)}); one of them is needed, or add it there"
                )


def router_ports_are_its_own(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """The router's own web page and SSH are not on ports that the firewall closes, nor on one port."""
    router, pbx = reading.get("router") or {}, reading.get("pbx") or {}
    media = pbx.get("rtp_ports")
    for name in ("https_port", "ssh_port"):
        port = router.get(name)
        if port is not None and (port in (pbx.get("sip_ports") or ()) or (media and port in media)):
            text = "is one of the PBX's ports, which the firewall closes; another is needed"
            yield problem(f"router.{name}", port, text)
    if router.get("ssh_port") is not None and router.get("ssh_port") == router.get("https_port"):
        yield problem("router.ssh_port", router["ssh_port"], "is router.https_port too; another port is needed")


def tls_has_a_port(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """Who speaks TLS finds pbx.tls_port among pbx.sip_ports."""
    ports, tls_port = _sip_ports(reading), (reading.get("pbx") or {}).get("tls_port")
    if not ports or tls_port is None or tls_port in ports:
        return
    users = [f"{path}.transport" for path, entry in entries(reading, "remote_sites") if entry.get("transport") == "tls"]
    users += [
        f"{path}.transport" for path, entry in entries(reading, "trunk_providers") if entry.get("transport") == "tls"
    ]
    users += [f"{path}.outside_lan" for path, entry in entries(reading, "extensions") if entry.get("outside_lan")]
    if users:
        yield problem(
            "pbx.tls_port",
            tls_port,
            f"is not in pbx.sip_ports ({_joined(ports)}), but {users[0]} needs TLS; one of them is needed, or "
            "add it there",
        )


def plain_sip_has_a_port(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """Who speaks UDP or TCP finds a port beside the one for TLS."""
    ports, tls_port = _sip_ports(reading), (reading.get("pbx") or {}).get("tls_port")
    if not ports or tls_port is None or any(port != tls_port for port in ports):
        return
    remote = [
        number for _path, site in entries(reading, "remote_sites") for _inner, number in items("", site, "extensions")
    ]
    users = [
        f"{path}.transport {entry['transport']}"
        for name in ("trunk_providers", "remote_sites")
        for path, entry in entries(reading, name)
        if entry.get("transport") in ("udp", "tcp")
    ]
    users += [
        f"{path}.phone on the LAN"
        for path, entry in entries(reading, "extensions")
        if entry.get("phone") and not entry.get("outside_lan") and entry.get("number") not in remote
    ]
    if users:
        yield problem(
            "pbx.sip_ports",
            _joined(ports),
            f"is the port for TLS only, but {users[0]} needs another one; for example [5060, {tls_port}] is needed",
        )


def _sip_ports(reading: Reading) -> list[int]:
    """Empty where one of them could not be read: it may be the one that is meant."""
    ports = (reading.get("pbx") or {}).get("sip_ports") or []
    return [] if None in ports else ports


def _joined(ports: list[int]) -> str:
    return ", ".join(map(str, ports))
