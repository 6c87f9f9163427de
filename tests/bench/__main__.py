# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench``: prints each comparison as a ratio of medians. Times alone say little on a shared machine."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.phone_files import PhoneFiles
from bench.router_commands import COMMANDS, RouterCommands
from bench.router_rules import OBJECTS, RULES, RouterRules
from bench.threecx_extensions import ThreeCX
from bench.yeastar_extensions import Yeastar

ROUNDS = 3


def compare(title: str, ours: Callable[[], None], otherwise: Callable[[], None], rounds: int = ROUNDS) -> None:
    """Run both in turn, so that a drift of the machine's speed meets both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for run, taken in zip((ours, otherwise), times, strict=True):
            started = time.perf_counter()
            run()
            taken.append(time.perf_counter() - started)
    mine, theirs = (statistics.median(taken) for taken in times)
    sys.stdout.write(f"{title}: {theirs / mine:.1f} times as fast ({mine:.2f} s against {theirs:.2f} s)\n")


def main() -> int:
    """All comparisons."""
    with RouterCommands() as router:
        compare(
            f"{COMMANDS} commands to a router, our driver against netmiko's send_command", router.ours, router.plain
        )
    with RouterRules() as rules:
        what = f"{RULES} rules and {OBJECTS} objects"
        sys.stdout.write(f"{what}, the run that made them: {rules.first_run}; the next run: {rules.second_run}\n")
        compare(f"{what}, one task against a netmiko script without Ansible", rules.ours, rules.script)
        compare(f"{what}, one task against a task for each ({len(rules.tasks)})", rules.ours, rules.one_by_one)
        rules.slow_down()
        slow = f"{what}, a router with 1.5 s for a login and 80 ms for a command"
        compare(f"{slow}, one task against a netmiko script", rules.ours, rules.script, rounds=1)
        compare(f"{slow}, one task against a task for each", rules.ours, rules.one_by_one, rounds=1)
    with tempfile.TemporaryDirectory() as folder:
        for line in PhoneFiles(Path(folder)).report():
            sys.stdout.write(f"{line}\n")
    for kind in (ThreeCX, Yeastar):
        with tempfile.TemporaryDirectory() as folder, kind(Path(folder)) as phone_system:
            for line in phone_system.report():
                sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
