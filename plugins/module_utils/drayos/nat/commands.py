# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that limit a way in through NAT, or switch it (draytek.md 2c)."""

from __future__ import annotations

import re

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.exposures import (
    DMZ,
    MARK,
    OPEN_PORT,
    Exposure,
)

MAX_COMMENT = 22
"""Characters in an open port's comment: "under 23"."""


def marked_comment(comment: str, group: int) -> str:
    """The user's comment with our mark at its end; spaces would end the word on the command line."""
    mark = f"_vs{group}"
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", MARK.sub("", comment)) or "pbx"
    return f"{plain[: MAX_COMMENT - len(mark)]}{mark}"


def limit_command(exposure: Exposure, group: int) -> str:
    """Lets only the members of an address group use an open port; 0 lets in anybody."""
    comment = marked_comment(exposure.comment, group) if group else MARK.sub("", exposure.comment) or "pbx"
    return f"srv nat openport {exposure.number} {exposure.item} -l {group} -g {int(bool(group))} -c {comment}"


def switch_command(exposure: Exposure, *, on: bool) -> str:
    """Takes a way in out of force, or puts it back; nothing is deleted."""
    if exposure.kind == OPEN_PORT:
        return f"srv nat openport {exposure.number} {exposure.item} -a {int(on)}"
    if exposure.kind == DMZ:
        return f"srv nat dmz {exposure.number} {exposure.item} -e {int(on)}"
    if on:
        return f"srv nat portmap enable {exposure.number} {exposure.protocol}"
    return f"srv nat portmap disable {exposure.number}"
