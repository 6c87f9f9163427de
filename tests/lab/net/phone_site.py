# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site's phones on the wire: a LAN with phones, a PBX and a provisioning server, a remote office, and a stranger.

The router in the middle forwards packets to the LAN whoever sends them, as a router with a full-cone NAT or a SIP ALG
does for the ports that phones keep open: the case that makes ghost calls (yealink.md 3). What holds strangers off here
is the phone alone.
"""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from lab.phones import Phone, events

from .namespaces import NamespaceError, Namespaces, python_module
from .sipp import Sipp
from .topology import INTERNET, Topology

ROUTER, LAN, WIRE, PBX, FILES, CALLER = "router", "lan", "wire", "pbx", "files", "caller"
_START_WITHIN = 20.0
# PBX and provisioning server are reached from outside at the router's address; phones are reached as they are.
_NAT = """\
table ip nat {{
    chain in {{
        type nat hook prerouting priority dstnat;
        iifname "wan" ip daddr {public} tcp dport 443 dnat to {files}
        iifname "wan" ip daddr {public} tcp dport {{ 5060, 5061 }} dnat to {pbx}
        iifname "wan" ip daddr {public} udp dport 5060 dnat to {pbx}
    }}
}}
"""


@dataclass
class WirePhone:
    """A phone in a namespace of its own. Where it listens is what it says itself."""

    phone: Phone
    number: str
    address: str
    outside: bool = False
    options: Sequence[str] = ()
    space: str = ""
    log: Path = field(default_factory=Path)

    @property
    def port(self) -> int:
        """Its SIP port now."""
        return int(events.matching(events.read(self.log), "listening")[-1]["ports"][0])

    @property
    def reboots(self) -> int:
        """How often it has rebooted so far."""
        found = events.matching(events.read(self.log), "rebooted")
        return int(found[-1]["reboots"]) if found else 0

    @property
    def door(self) -> tuple[str, int]:
        """Where an attacker aims."""
        return self.address, self.port

    def mark(self) -> int:
        """Everything up to now is past: for `since` and `wait`."""
        return len(events.read(self.log))

    def since(self, mark: int, kind: str, **facts: Any) -> list[events.Event]:
        """What has happened after a mark."""
        return events.matching(events.read(self.log, mark), kind, **facts)

    def wait(self, mark: int, kind: str, within: float = 15.0, **facts: Any) -> events.Event:
        """The first such event after a mark."""
        return events.wait_for(self.log, kind, start=mark, within=within, **facts)


class PhoneNetwork:
    """``with PhoneNetwork(topology(declared), folder, phones, ...) as network: network.stranger.ghost_call(...)``.

    `names`: the PBX's and the provisioning server's, which everybody's DNS knows.
    """

    def __init__(
        self, plan: Topology, folder: Path, phones: Sequence[WirePhone], pbx_name: str, provisioning_url: str
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.plan, self.folder, self.phones, self.pbx_name = plan, folder, phones, pbx_name
        self.files_name = str(urlsplit(provisioning_url).hostname)
        network = plan.pbx.rpartition(".")[0]
        self.network, self.files, self.caller_address = network, f"{network}.20", f"{network}.150"
        self.spaces = Namespaces()
        stranger = next(place for place in plan.places if place.name == INTERNET)
        traces = folder / "sipp"
        self.stranger = Sipp(self.spaces, INTERNET, stranger.address, traces)
        self.pbx = Sipp(self.spaces, PBX, plan.pbx, traces)
        self.caller = Sipp(self.spaces, CALLER, self.caller_address, traces)
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> PhoneNetwork:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.spaces)
            self._connect()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def serve_files(self, directory: Path, pki: Path) -> None:
        """The provisioning server starts."""
        ready = self.folder / "files.ready"
        arguments = ("--dir", str(directory), "--pki", str(pki), "--address", self.files, "--port", "443")
        log = self.folder / "files.log.jsonl"
        command = python_module("lab.provisioning_server", *arguments, "--ready-file", str(ready), "--log", str(log))
        process = self.spaces.start(FILES, *command, log=self.folder / "files.log")
        _wait_for_file(ready, process)

    def start_phones(self) -> None:
        """All phones are plugged in."""
        started = []
        for wired in self.phones:
            pbx, files = (self.plan.public, self.plan.public) if wired.outside else (self.plan.pbx, self.files)
            wired.phone.save(self.folder / "phones")
            ready = self.folder / f"{wired.space}.ready"
            wired.log = self.folder / f"{wired.space}.events.jsonl"
            command = [*("--state-dir", str(self.folder / "phones")), *("--mac", wired.phone.mac)]
            command += [*("--address", wired.address), *("--web", "set"), *("--retry", "1")]
            command += [*("--host", f"{self.pbx_name}={pbx}"), *("--resolve", f"{self.files_name}={files}:443")]
            command += [*("--events", str(wired.log)), *("--ready-file", str(ready)), *wired.options]
            module = python_module("lab.phones", "serve", *command)
            process = self.spaces.start(wired.space, *module, log=self.folder / f"{wired.space}.log")
            started.append((ready, process))
        for ready, process in started:
            _wait_for_file(ready, process)

    # ---- cables

    def _connect(self) -> None:
        plan, spaces = self.plan, self.spaces
        outside = {wired.address: f"office{number}" for number, wired in enumerate(self.phones) if wired.outside}
        inside = {PBX: plan.pbx, FILES: self.files, CALLER: self.caller_address}
        for number, wired in enumerate(self.phones):
            wired.space = f"office{number}" if wired.outside else f"phone{number}"
            if not wired.outside:
                inside[wired.space] = wired.address
        places = {INTERNET: self.stranger.address, **{name: address for address, name in outside.items()}}
        for name in (WIRE, LAN, ROUTER, *places, *inside):
            spaces.add(name)
        spaces.ip(WIRE, "link add cable type bridge", "link set cable up")
        spaces.ip(LAN, "link add cable type bridge", "link set cable up")
        for number, (name, address) in enumerate(places.items()):
            self._plug(name, "eth0", WIRE, f"p{number}", f"{address}/32")
            spaces.ip(
                name,
                f"route add {plan.public}/32 dev eth0",
                f"route add {self.network}.0/{plan.prefix} via {plan.public} dev eth0",
                "route add default dev eth0",
            )
        self._plug(ROUTER, "wan", WIRE, "router", f"{plan.public}/32")
        self._plug(ROUTER, "lan", LAN, "router", f"{plan.gateway}/{plan.prefix}")
        spaces.ip(ROUTER, "route add default dev wan")
        for number, (name, address) in enumerate(inside.items()):
            self._plug(name, "eth0", LAN, f"p{number}", f"{address}/{plan.prefix}")
            spaces.ip(name, f"route add default via {plan.gateway}")
        spaces.sysctl(ROUTER, "net/ipv4/ip_forward", 1)
        rules = _NAT.format(public=plan.public, files=self.files, pbx=plan.pbx)
        spaces.run(ROUTER, "nft", "-f", "-", stdin=rules)

    def _plug(self, name: str, interface: str, wire: str, port: str, address: str) -> None:
        self.spaces.ip(
            name,
            f"link add {interface} type veth peer name {port} netns {{{wire}}}",
            f"addr add {address} dev {interface}",
            f"link set {interface} up",
        )
        self.spaces.ip(wire, f"link set {port} master cable", f"link set {port} up")


def _wait_for_file(file: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + _START_WITHIN
    while time.monotonic() < until and process.poll() is None:
        if file.exists():
            return
        time.sleep(0.02)
    log = file.with_suffix(".log")
    said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
    raise NamespaceError(f"{file.stem} did not start: {said}")
