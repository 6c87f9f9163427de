# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a verification says of controls that no API can set. Pure: the checklist, and what strangers saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PROVED, FAILED = "proved", "failed"


def seen_outside(
    controls: Iterable[Mapping[str, Any]], stranger_results: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each control with its state, and where it has ports to be silent what strangers saw of them.

    ``stranger_results``: results of sip_probe. ``outside`` is proved, failed, unproved or, without ports, not seen.
    """
    targets = [target for result in stranger_results for target in result.get("targets") or ()]
    found = []
    for control in controls:
        ports = list(control.get("outside") or ())
        outside = _outside(ports, targets)
        line = f"{control['control']}: {control['state']} ({control['reason']})"
        if ports:
            names = ", ".join(map(str, ports))
            words = {
                PROVED: f"from outside ports {names} are silent",
                FAILED: f"FROM OUTSIDE A PORT OF {names} ANSWERS",
            }
            line += f"; {words.get(outside, f'from outside ports {names} were not proved')}"
        found.append({"control": control["control"], "state": control["state"], "outside": outside, "line": f"{line}."})
    return found


def _outside(ports: Sequence[int], targets: Sequence[Mapping[str, Any]]) -> str:
    if not ports:
        return "not seen"
    about = [target for target in targets if target.get("port") in ports]
    verdicts = {str(target.get("verdict")) for target in about}
    if FAILED in verdicts:
        return FAILED
    seen = {target.get("port") for target in about}
    return PROVED if verdicts == {PROVED} and seen == set(ports) else "unproved"
