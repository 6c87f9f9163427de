# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m fuzz --count 1000000``: how many spoilt replies, how fast, and what went wrong."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time

from .run import Result, fuzz

CHUNK = 10_000


def _chunk(job: tuple[int, int]) -> Result:
    return fuzz(*job)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    sizes = [CHUNK] * (arguments.count // CHUNK) + [arguments.count % CHUNK]
    jobs = [(size, arguments.seed * 1_000_003 + position) for position, size in enumerate(sizes) if size]
    began, total = time.monotonic(), Result()
    with multiprocessing.Pool(arguments.processes) as pool:
        for result in pool.imap_unordered(_chunk, jobs):
            total.add(result)
    took = time.monotonic() - began
    for kind, count in total.failures.most_common():
        print(f"{count} x {total.examples[kind]}")
    outcomes = ", ".join(f"{count} {name}" for name, count in total.outcomes.most_common())
    print(
        f"{total.count} replies in {took:.0f} s, {total.count / took:.0f} a second: "
        f"{outcomes}; {total.failures.total()} failures"
    )
    return 1 if total.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
