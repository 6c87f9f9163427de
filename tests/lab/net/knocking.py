# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probing from inside namespaces: the lab's own probe, and svmap as an attacker uses it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from .namespaces import Namespaces, python_module
from .probe import Answer, Door
from .send import FirstPacket

SVMAP = "sipvicious_svmap"
Matrix = dict[str, dict[Door, Answer]]  # vantage -> door -> answer


def knock_from(spaces: Namespaces, name: str, doors: Sequence[Door], timeout: float = 2.5) -> dict[Door, Answer]:
    """Knock at every door at once, from one namespace."""
    arguments = (json.dumps([asdict(door) for door in doors]), "--timeout", str(timeout))
    output = spaces.run(name, *python_module("lab.net.probe", *arguments))
    return {door: Answer(**answer) for door, answer in zip(doors, json.loads(output), strict=True)}


def knock_from_all(spaces: Namespaces, doors: Mapping[str, Sequence[Door]], timeout: float = 2.5) -> Matrix:
    """As above from several namespaces at once."""
    with ThreadPoolExecutor(max_workers=len(doors)) as pool:
        running = {name: pool.submit(knock_from, spaces, name, some, timeout) for name, some in doors.items()}
        return {name: future.result() for name, future in running.items()}


def svmap(
    spaces: Namespaces,
    name: str,
    target: str,
    port: int,
    source_port: int,
    method: str = "OPTIONS",
    others: Sequence[str] = (),
) -> list[str]:
    """The SIP devices that SIPVicious finds, as ``address:port``. ``others``: further targets.

    Its exit code says nothing (domain.md 7.1): only the table counts, and without one it has to say that there is none.
    """
    program = Path(sys.executable).parent / SVMAP
    output = spaces.run(
        name,
        *("sh", "-c", '"$0" "$@" 2>&1; true', str(program)),
        *("-p", str(port), "-P", str(source_port), "-m", method, target, *others),
    )
    return parse_svmap(output)


def parse_svmap(output: str) -> list[str]:
    """Raises ValueError for an output that is neither a table nor "found nothing"."""
    found = re.findall(r"^\|\s*([0-9a-fA-F.:]+:\d+)\s*\|", output, re.MULTILINE)
    if not found and "found nothing" not in output.lower():
        raise ValueError(f"svmap said neither what it found nor that it found nothing: {output}")
    return found


def send_from(spaces: Namespaces, name: str, packets: Sequence[FirstPacket]) -> None:
    """Send from one namespace without waiting for an answer."""
    spaces.run(name, *python_module("lab.net.send", json.dumps([asdict(packet) for packet in packets])))
