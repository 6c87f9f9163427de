# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m lab.drayos``: one simulated Vigor as a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

import asyncssh

from .fixtures import factory_state, lived_in_state
from .profiles import PROFILES
from .simulator import SimulatedVigor


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m lab.drayos", description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="vigor2927")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password-file", type=Path, required=True)
    parser.add_argument("--log", type=Path, help="events as JSON lines")
    parser.add_argument("--state-file", type=Path, help="written after each write; its flash copy is loaded at start")
    parser.add_argument("--faults", default="{}", help="JSON")
    parser.add_argument("--faults-file", type=Path, help="JSON, read again before a command when it changed")
    parser.add_argument("--read-only-file", type=Path, help="while this file exists the router refuses writes")
    parser.add_argument("--lived-in", action="store_true", help="start from another administrator's configuration")
    parser.add_argument("--open-port", action="append", default=[], metavar="PROTO:PORT[-END]:ADDRESS")
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--known-hosts-out", type=Path)
    parser.add_argument("--host-key", type=Path, help="private key; made when the file is missing")
    return parser.parse_args()


def _open_port(text: str) -> tuple[str, tuple[int, int], str]:
    protocol, ports, address = text.split(":")
    first, _dash, last = ports.partition("-")
    return protocol, (int(first), int(last or first)), address


def _host_key(path: Path | None, old: bool) -> asyncssh.SSHKey | None:
    if path is None:
        return None
    if not path.exists():
        key = asyncssh.generate_private_key("ssh-rsa" if old else "ssh-ed25519")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(key.export_private_key())
    return asyncssh.read_private_key(path)


def main() -> int:
    wanted = _arguments()
    profile = PROFILES[wanted.profile]
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    router = SimulatedVigor(
        profile,
        wanted.user,
        wanted.password_file.read_text().strip(),
        lived_in_state(profile) if wanted.lived_in else factory_state(profile),
        json.loads(wanted.faults),
        wanted.log,
        host=wanted.host,
        port=wanted.port,
        open_ports=[_open_port(text) for text in wanted.open_port],
        state_file=wanted.state_file,
        faults_file=wanted.faults_file,
        read_only_file=wanted.read_only_file,
        host_key=_host_key(wanted.host_key, profile.old_ssh),
    )
    with router:
        ready = {"port": router.port, "pid": os.getpid(), "known_hosts_line": router.known_hosts_line}
        if wanted.known_hosts_out:
            wanted.known_hosts_out.write_text(router.known_hosts_line + "\n")
        if wanted.ready_file:
            temporary = wanted.ready_file.with_name(wanted.ready_file.name + ".new")
            temporary.write_text(json.dumps(ready))
            temporary.replace(wanted.ready_file)
        else:
            sys.stdout.write(json.dumps(ready) + "\n")
            sys.stdout.flush()
        done.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
