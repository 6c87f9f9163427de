# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The echo of a command is told from its output, whole, wrapped or garbled."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.echo import without_echo

OUTPUT = [" IP Object Profile 1", " Name   :[marketing]"]
COMMAND = "object ip obj 1 -v"
LONG = 'ipf rule 12 7 -D 1 -I "e WAN1,WAN2,WAN3,WAN4" -O "e LAN1,LAN2" -S "g 32" -F "1 1" -M vs_block -e 1'


@pytest.mark.parametrize(
    "echo",
    [
        [COMMAND],
        [f"DrayTek> {COMMAND}"],
        ["", COMMAND],
        ["object ip obj 1"],  # the end got lost
        ["obect ip ob 1 -v"],
        ["object  ip obj 1 -v "],
    ],
)
@pytest.mark.parametrize("echoes", [True, False])
def test_echo_is_removed(echo: list[str], echoes: bool) -> None:
    assert without_echo([*echo, *OUTPUT], COMMAND, echoes=echoes) == OUTPUT


def test_an_unlike_first_line_is_an_echo_only_of_a_device_that_echoes() -> None:
    assert without_echo(["#~~##", *OUTPUT], COMMAND, echoes=True) == OUTPUT
    assert without_echo(OUTPUT, COMMAND, echoes=False) == OUTPUT


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("lost", [0, 3])
def test_a_long_echo_may_wrap(width: int, lost: int) -> None:
    shown = LONG[: len(LONG) - lost]
    rows = [shown[at : at + width] for at in range(0, len(shown), width)]
    assert without_echo([*rows, "Setting saved."], LONG, echoes=True) == ["Setting saved."]


def test_nothing_but_the_echo() -> None:
    assert without_echo(["sys commit"], "sys commit", echoes=True) == []


def test_usage_text_that_names_the_command_stays() -> None:
    usage = ["Usage: sys alg <command> <parameter>", " -e: enable ALG (0:disable, 1:enable)"]
    assert without_echo(usage, "sys alg", echoes=False) == usage
