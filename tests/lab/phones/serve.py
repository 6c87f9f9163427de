# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One phone as a process of its own: ``python -m lab.phones serve``, until SIGTERM or SIGINT.

The phone is taken from the state directory. The ready file says, as JSON, where it listens; the events file gets one
line of JSON for everything that happens from then on.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import threading
from pathlib import Path

from lab.phones.events import EventLog
from lab.phones.faults import Faults
from lab.phones.phone import Phone
from lab.phones.sip_side import SipPhone
from lab.phones.state import write_private
from lab.phones.transfer import Resolver


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--state-dir", required=True)
    parser.add_argument("--mac", required=True)
    parser.add_argument("--address", required=True, help="where it listens")
    parser.add_argument("--port", type=int, help="SIP port instead of the one it is set to; 0: any free one")
    parser.add_argument("--url", help="provisioning address; the phone's own if left out")
    parser.add_argument("--resolve", action="append", default=[], metavar="NAME=ADDRESS:PORT")
    parser.add_argument("--host", action="append", default=[], metavar="NAME=ADDRESS", help="what its DNS answers")
    parser.add_argument("--events", required=True)
    parser.add_argument("--ready-file", required=True)
    parser.add_argument("--no-register", action="store_true")
    parser.add_argument("--fetch-first", action="store_true", help="fetch at the start if its settings say so")
    parser.add_argument("--retry", type=float, help="seconds until a failed registration is tried again")
    parser.add_argument("--off-for", type=float, default=0.0, help="seconds that a reboot takes")
    parser.add_argument("--pick-up", choices=("nothing", "answer", "refuse"), default="nothing")
    parser.add_argument("--ring-for", type=float, default=0.2, help="seconds until it is picked up")
    parser.add_argument("--web", choices=("no", "set", "free"), default="no", help="its web page, and on which ports")
    parser.add_argument("--timeout", type=float, default=5.0)
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[=VALUE]", help="see lab.phones.faults")


def serve(options: argparse.Namespace, resolver: Resolver) -> int:
    """Run it."""
    hosts: dict[str, list[str]] = {}
    for item in options.host:
        name, _equals, address = item.partition("=")
        hosts.setdefault(name, []).append(address)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    phone = Phone.load(options.state_dir, options.mac, hosts=hosts, timeout=options.timeout)
    with SipPhone(
        phone,
        address=options.address,
        port=options.port,
        url=options.url,
        resolver=resolver,
        registers=not options.no_register,
        fetches_first=options.fetch_first,
        faults=_faults(options.fault),
        events=EventLog(options.events),
        state_dir=options.state_dir,
        off_for=options.off_for,
        retry=options.retry,
        web=options.web,
        pick_up=options.pick_up,
        ring_for=options.ring_for,
    ) as side:
        ready = {"pid": os.getpid(), "address": side.address, "sip": side.ports, "web": side.web_ports}
        write_private(Path(options.ready_file), json.dumps(ready))
        stop.wait()
    phone.save(options.state_dir)
    return 0


def _faults(named: list[str]) -> Faults:
    faults = Faults()
    for item in named:
        name, equals, value = item.partition("=")
        kind = type(getattr(faults, name, None))
        if kind not in (bool, int, float):
            raise SystemExit(f"--fault {name}: no such fault")
        setattr(faults, name, kind(value) if equals else True)
    return faults
