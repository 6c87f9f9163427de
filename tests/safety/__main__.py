# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m safety --count 500``: look for violations of every kind and print one example of each."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from . import states
from .checks import Tally, Violation, check


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m safety")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    tally, kinds, examples = Tally(), Counter[str](), dict[str, tuple[Violation, states.Start, states.Declared]]()
    began = time.monotonic()

    @seed(arguments.seed)
    @settings(
        max_examples=arguments.count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(states.starts(), states.declarations(), st.lists(st.integers(0, 9999), min_size=2, max_size=2))
    def survey(start: states.Start, declared: states.Declared, choices: list[int]) -> None:
        for violation in check(start, declared, choices, tally):
            kinds[violation.kind] += 1
            known = examples.get(violation.kind)
            if known is None or len(start.story) < len(known[1].story):
                examples[violation.kind] = (violation, start, declared)

    survey()
    for kind, (violation, start, declared) in sorted(examples.items()):
        print(f"{kinds[kind]} x {violation}\n   {start}\n   {declared}")
    print(f"{tally} in {time.monotonic() - began:.1f} s, violations: {dict(kinds)}")
    return 1 if kinds else 0


if __name__ == "__main__":
    raise SystemExit(main())
