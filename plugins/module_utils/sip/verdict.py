# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the evidence means. Pure.

Silence alone proves nothing: a lost datagram, a dead line and a dead PBX are silent too (domain.md fact 2). So silence
is proved only beside a positive control: the same address answered someone in the same run.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import harmless
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import (
    ANSWERED,
    REFUSED,
    SILENT,
    UNREACHABLE,
    Evidence,
    IPAddress,
    Target,
)

FAILED = "failed"
"""The opposite of what was expected."""
UNPROVED = "unproved"
"""Silent, but nothing shows that this means anything."""
REJECTED = "rejected"
"""Nothing gets in, but the refusal tells a stranger that a machine is there (domain.md lesson 3)."""
PROVED = "proved"
"""As expected, and shown to be so."""
NOTED = "noted"
"""Nothing was expected."""
WORST_FIRST = (FAILED, UNPROVED, REJECTED, PROVED, NOTED)

CONTROL_AGE = 120
"""Seconds that a positive control of another vantage point is good for (domain.md lesson 4: the same minute)."""
ENOUGH_DATAGRAMS = 3
"""Assumption: three lost datagrams in a row are not chance. One is (domain.md lesson 1)."""
ENOUGH_SECONDS = 3.0
"""Seconds after which Linux has sent a TCP SYN three times (first wait 1 s, then doubled)."""


@dataclass(frozen=True)
class Witness:
    """Someone whom this address answered."""

    address: IPAddress
    story: str


@dataclass(frozen=True)
class Controls:
    """All positive controls of a run."""

    witnesses: tuple[Witness, ...] = ()
    missing: tuple[str, ...] = ()
    """Why controls that were asked for do not count, in words."""


@dataclass(frozen=True)
class Verdict:
    """One of the words above, and why."""

    word: str
    reason: str


def own_controls(probed: Iterable[tuple[Target, Evidence]]) -> Controls:
    """The controls that were probed from this vantage point. One that did not answer puts all silence in doubt."""
    witnesses, missing = [], []
    for target, evidence in probed:
        if not target.control:
            continue
        if evidence.state == ANSWERED:
            witnesses.append(Witness(target.address, f"the control {target.door} answered this vantage point"))
        else:
            missing.append(f"the control {target.door} was {evidence.state}")
    return Controls(tuple(witnesses), tuple(missing))


def handed_over(results: Sequence[Mapping[str, Any]], now: float) -> tuple[tuple[Witness, ...], tuple[str, ...]]:
    """Witnesses from results of other vantage points, and why the others do not count. ``now``: seconds, Unix time.

    Raises HardeningError for what is no result of this module.
    """
    witnesses: list[Witness] = []
    notes: list[str] = []
    for position, result in enumerate(results):
        variable = f"control_results[{position}]"
        try:
            who = harmless(str(result.get("vantage") or "another vantage point"))
            age = now - float(result["started_at"])
            answered = [
                (ipaddress.ip_address(str(entry["address"])), harmless(str(entry["door"])))
                for entry in result["targets"]
                if entry["state"] == ANSWERED
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise HardeningError(
                f"{variable}: not the registered result of a sip_probe task ({type(error).__name__}: {error}). Pass "
                "what such a task of another host registered in the same run."
            ) from error
        if not -CONTROL_AGE <= age <= CONTROL_AGE:
            notes.append(f"the result from {who} is {age:.0f} s old; at most {CONTROL_AGE} s count")
        elif not answered:
            notes.append(f"nothing answered {who}")
        else:
            witnesses.extend(
                Witness(address, f"{door} answered {who} {max(age, 0):.0f} s earlier") for address, door in answered
            )
    return tuple(witnesses), tuple(notes)


def judge(target: Target, evidence: Evidence, controls: Controls, notes: Sequence[str] = ()) -> Verdict:
    """The verdict on one target. ``notes``: why handed-over controls do not count, for the reason."""
    if target.expect is None:
        return Verdict(NOTED, "nothing was expected")
    if target.expect == ANSWERED:
        if evidence.state == ANSWERED:
            return Verdict(PROVED, "it answers, as expected")
        return Verdict(FAILED, f"an answer was expected, but it was {evidence.state}")
    if evidence.state == ANSWERED:
        return Verdict(FAILED, "silence was expected, but it answers")
    if evidence.state == REFUSED:
        return Verdict(REJECTED, "nothing gets in, but the refusal shows that a machine is there")
    if evidence.state == UNREACHABLE:
        return Verdict(UNPROVED, "unreachable is not silence: the line may be down, or a router may be rejecting")
    doubts = _doubts(target, evidence, controls, notes)
    if doubts:
        return Verdict(UNPROVED, "; ".join(doubts))
    return Verdict(PROVED, next(item.story for item in controls.witnesses if item.address == target.address))


def overall(verdicts: Iterable[Verdict]) -> str:
    """The worst of them."""
    words = {verdict.word for verdict in verdicts}
    return next((word for word in WORST_FIRST if word in words), NOTED)


def line(target: Target, evidence: Evidence, verdict: Verdict) -> str:
    """One target in a sentence or two."""
    what = evidence.detail
    if evidence.state == ANSWERED and evidence.status is not None:
        server = f" from {evidence.server}" if evidence.server else ""
        what += f": {evidence.status} {evidence.phrase}".rstrip() + server
    elif evidence.state == SILENT:
        sent = _datagrams(evidence.sent) if target.transport == "udp" else "no connection"
        what = f"{sent} in {evidence.elapsed:.1f} s"
    problem = (evidence.certificate or {}).get("problem")
    if problem and problem not in what:
        what += f"; certificate: {problem}"
    meaning = f" {verdict.word.capitalize()}: {verdict.reason}." if verdict.word != NOTED else ""
    return f"{target.door}: {evidence.state} ({what}).{meaning}"


def _doubts(target: Target, evidence: Evidence, controls: Controls, notes: Sequence[str]) -> list[str]:
    doubts = list(controls.missing)
    if not any(witness.address == target.address for witness in controls.witnesses):
        doubts += [f"no positive control: {target.address} answered nobody in this run", *notes]
    if evidence.strays:
        doubts.append(f"{_datagrams(evidence.strays)} arrived that answered something else")
    if target.transport == "udp" and evidence.sent < ENOUGH_DATAGRAMS:
        doubts.append(f"{_datagrams(evidence.sent)} sent, {ENOUGH_DATAGRAMS} are needed (see timeout, retransmissions)")
    if target.transport != "udp" and evidence.elapsed < ENOUGH_SECONDS:
        doubts.append(f"it waited {evidence.elapsed:.1f} s; {ENOUGH_SECONDS:.0f} s are needed (see timeout)")
    return doubts


def _datagrams(count: int) -> str:
    return f"{count} datagram{'' if count == 1 else 's'}"
