# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``make test`` says at its end."""

from __future__ import annotations

from gates.stages import MAKEFILE, descriptions, not_run, table


def test_every_target_that_is_listed_has_a_description() -> None:
    found = descriptions("unit: venv ## unit tests\nhost: a b ## machines, as root\n.PHONY: unit\nclean:\n\trm x\n")
    assert found == {"unit": "unit tests", "host": "machines, as root"}
    assert {"check", "test", "test-all", "demo", "site"} <= set(descriptions(MAKEFILE.read_text()))


def test_one_line_says_what_was_not_run_and_why() -> None:
    skipped = {"unit": ["needs root.", "needs root", "no documents"], "safety": []}
    assert not_run(["host and wire (they need root)"], skipped) == (
        "Not run: host and wire (they need root); 2 unit tests (needs root); 1 unit test (no documents)."
    )
    assert not_run([], {"unit": []}) == "Not run: nothing; every test ran."


def test_the_table_adds_up() -> None:
    assert table([("unit", 60.4), ("site", 30.2)]).splitlines()[-1].split() == ["91", "s", "together"]
