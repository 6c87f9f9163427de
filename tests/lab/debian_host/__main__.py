# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m lab.debian_host build | up | down | check``."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from lab.debian_host.container import ContainerError
from lab.debian_host.host import DebianHost
from lab.debian_host.image import CACHE, base_tree
from lab.debian_host.machine_apt import RELEASES, SUITE
from lab.debian_host.needs import why_unavailable

UNAVAILABLE = 3


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, 1 after a failure, 3 when this machine cannot boot a host."""
    options = parser().parse_args(arguments)
    reason = why_unavailable()
    if reason:
        sys.stderr.write(f"{reason}\n")
        return UNAVAILABLE
    try:
        run(options)
    except (ContainerError, RuntimeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run(options: argparse.Namespace) -> None:
    """Do what was asked."""
    if options.command == "build":
        suites = [options.suite] if options.suite else RELEASES
        with ThreadPoolExecutor() as builders:
            for tree in builders.map(lambda suite: base_tree(options.cache, suite), suites):
                sys.stdout.write(f"{tree}\n")
    elif options.command == "up":
        host = DebianHost(
            options.state_dir, memory_mb=options.memory, cache=options.cache, suite=options.suite or SUITE
        )
        text = json.dumps(asdict(host.up()), indent=2) + "\n"
        if options.ready_file:
            options.ready_file.write_text(text)
        else:
            sys.stdout.write(text)
    elif options.command == "down":
        DebianHost(options.state_dir).down()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m lab.debian_host", description="A booted Debian reached by SSH.")
    top.add_argument("--cache", type=Path, default=CACHE, help="where the base tree is kept (default: %(default)s)")
    top.add_argument(
        "--suite", choices=RELEASES, help=f"the release of Debian (build: default all; up: default {SUITE})"
    )
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="can this machine boot a host? exit status 3 and the reason when not")
    commands.add_parser("build", help="build the base trees, unless they are there")
    up = commands.add_parser("up", help="boot a fresh host and leave it running")
    up.add_argument("--state-dir", type=Path, required=True, help="a folder for this host alone; it is emptied")
    up.add_argument("--ready-file", type=Path, help="write how to log in there, as JSON, once it has booted")
    up.add_argument("--memory", type=int, metavar="MB", help="show the host no more memory than this")
    down = commands.add_parser("down", help="power the host off and remove it")
    down.add_argument("--state-dir", type=Path, required=True)
    return top


if __name__ == "__main__":
    sys.exit(main())
