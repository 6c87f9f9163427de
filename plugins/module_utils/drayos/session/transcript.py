# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A captured terminal session as answers: for looking at a router that is not there. Pure.

The text is what a terminal shows: prompts with the typed commands, and what the router printed. Pages need not be
complete; what is not in it is not known.
"""

from __future__ import annotations

import re

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import (
    FILTER_SETS,
    RULES_PER_SET,
    Dialect,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.exposures import SHOW_ALL, parse_all
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import OUR_COMMENTS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import KINDS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules import filter as data_filter
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import Slots, Snapshot
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import parse_rule
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings.sip_alg import VIEW, parse_sip_alg
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import parsed

TYPED = re.compile(r"^[^\r\n>]{0,60}> ?(?P<command>(?:ipf|object|obj|srv|sys|dos|mngt|ip6|upnp|log)\b[^\r\n]*?)\s*$")


def split(text: str) -> dict[str, str]:
    """Each command that was typed and what was printed after it; of a command typed twice the last counts."""
    answers: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        match = TYPED.match(line)
        if match:
            command = re.sub(r"^obj ", "object ", " ".join(match["command"].split()))
            current = answers[command] = []
        elif current is not None:
            current.append(line.rstrip())
    return {command: "\n".join(lines) for command, lines in answers.items()}


def written_down(answers: dict[str, str]) -> str:
    """The inverse of ``split``: a transcript that it understands."""
    return "".join(f"> {command}\n{output}\n" for command, output in answers.items())


def snapshot_of(text: str, dialect: Dialect) -> Snapshot:
    """The firewall as far as the text shows it. Raises HardeningError where it does not show the general setup."""
    answers = split(text)
    if "ipf set -v" not in answers:
        raise HardeningError(
            "running_config: no answer to 'ipf set -v' is in it. Capture a terminal session with the prompts and "
            "commands; it needs ipf set -v, ipf set N -v and ipf rule N M -v of the sets in use, and object ... N -v."
        )
    run = answers.__getitem__
    snapshot = Snapshot(
        parsed(run, "ipf set -v", data_filter.parse_general),
        {kind.attribute: Slots(dialect.limit(kind.attribute)) for kind in KINDS},
    )
    for kind in KINDS:
        for index in range(dialect.limit(kind.attribute), 0, -1):
            if f"{kind.command} {index} -v" in answers:
                snapshot.slots[kind.attribute].read[index] = parsed(run, f"{kind.command} {index} -v", kind.parse)
    for index in range(1, FILTER_SETS + 1):
        if f"ipf set {index} -v" in answers:
            snapshot.heads[index] = parsed(run, f"ipf set {index} -v", data_filter.parse_set_head)
        snapshot.rules[index] = {
            slot: parsed(run, f"ipf rule {index} {slot} -v", parse_rule)
            for slot in range(1, RULES_PER_SET + 1)
            if f"ipf rule {index} {slot} -v" in answers
        }
    index = snapshot.start_set
    while index in snapshot.heads and index not in snapshot.chain and snapshot.heads[index].comment in OUR_COMMENTS:
        snapshot.chain.append(index)
        index = snapshot.heads[index].next_set
    if SHOW_ALL in answers:
        snapshot.exposures = tuple(parsed(run, SHOW_ALL, parse_all))
    if VIEW in answers:
        snapshot.sip_alg = parsed(run, VIEW, parse_sip_alg)
    return snapshot
