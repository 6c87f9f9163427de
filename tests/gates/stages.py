# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run targets of the Makefile one after the other: ``stages.py NAME [--left-out TEXT]... STAGE...``.

Says which stage runs, and at the end how long each took and, in one line, what was not run and why.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

TIMES = "VOIPSEC_STAGE_TIMES"
"""Environment: a file that gets a line ``SECONDS STAGE`` for each stage, for the table of .ci/run."""
SKIPS = "VOIPSEC_SKIPS"
"""Environment: a file where gates.skips writes the reason of every skipped test."""
MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"


def descriptions(makefile: str) -> dict[str, str]:
    """What ``make help`` says about each target."""
    return dict(re.findall(r"^([a-z-]+):[^#\n]*## (.*)$", makefile, re.MULTILINE))


def not_run(left_out: list[str], skipped: dict[str, list[str]]) -> str:
    """One line: the stages that were left out, and the skipped tests by stage and reason."""
    parts = list(left_out)
    for stage, reasons in skipped.items():
        counts = Counter(reason.strip().rstrip(".") for reason in reasons)
        parts += [f"{count} {stage} test{'s' * (count > 1)} ({reason})" for reason, count in counts.items()]
    return f"Not run: {'; '.join(parts)}." if parts else "Not run: nothing; every test ran."


def table(times: list[tuple[str, float]]) -> str:
    """Seconds by stage, and their sum."""
    rows = [*times, ("together", sum(seconds for _stage, seconds in times))]
    return "\n".join(f"{seconds:>7.0f} s  {stage}" for stage, seconds in rows)


def say(text: str) -> None:
    """At once, as a stage's own output follows."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """The exit status of the first stage that failed, or 0."""
    parser = argparse.ArgumentParser(prog="stages.py")
    parser.add_argument("name", help="the target that consists of these stages")
    parser.add_argument("stages", nargs="+")
    parser.add_argument("--left-out", action="append", default=[], help="stages that are not part of it, and why")
    parser.add_argument("--advice", default="", help="how to run what was not run")
    options = parser.parse_args()
    says = descriptions(MAKEFILE.read_text())
    skips = Path(".cache") / f"skips-{options.name}"
    skips.parent.mkdir(exist_ok=True)
    times: list[tuple[str, float]] = []
    skipped: dict[str, list[str]] = {}
    status = 0
    for number, stage in enumerate(options.stages, start=1):
        say(f"\n=== {options.name} {number}/{len(options.stages)}: {stage}: {says.get(stage, '')}")
        skips.unlink(missing_ok=True)
        begun = time.monotonic()
        make = [os.environ.get("MAKE", "make"), "--no-print-directory", stage]
        status = subprocess.run(make, env={**os.environ, SKIPS: str(skips.resolve())}, check=False).returncode
        times.append((stage, time.monotonic() - begun))
        if skips.exists():
            skipped[stage] = skips.read_text().splitlines()
        if status:
            break
    if TIMES in os.environ:
        with Path(os.environ[TIMES]).open("a") as file:
            file.writelines(f"{seconds:.0f} {options.name}: {stage}\n" for stage, seconds in times)
    say(f"\n=== {options.name}\n{table(times)}")
    if status:
        say(f"FAILED: {times[-1][0]}. Run it alone with: make {times[-1][0]}")
    else:
        line = not_run(options.left_out, skipped)
        say(f"{line} {options.advice}".rstrip() if options.advice and not line.endswith("ran.") else line)
    return status


if __name__ == "__main__":
    sys.exit(main())
