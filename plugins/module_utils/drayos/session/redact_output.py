# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removing what looks like a secret from a router's output before it is shown.

The manual does not say whether ``sys mailalert -v`` or ``sys tr069 get`` print passwords in clear, so they are taken
to do so.
"""

from __future__ import annotations

import re

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK

_WORD = r"(?:passw(?:or)?d|passphrase|secret|community|pre-?shared ?key)"
NAMES_SECRET = re.compile(_WORD, re.IGNORECASE)
_NAMED = re.compile(rf"^(?P<label>.*?{_WORD}[^:=]*?)(?P<between>\s*[:=]\s*)(?P<value>\S.*)$", re.IGNORECASE)
_PARAMETER = re.compile(rf"^(?P<label>\s*\S+\.\S*{_WORD}\S*)(?P<between>\s+)(?P<value>\S.*)$", re.IGNORECASE)
"""TR-069: the form of a value is not printed in the manual."""
_LABEL_ALONE = re.compile(rf"{_WORD}[^:=]*[:=]\s*$", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"^(?P<label>\s*)(?P<between>)(?P<value>[0-9A-Fa-f]{32,})\s*$")


def without_secrets(output: str) -> str:
    """The same lines, with the value behind a label that names a secret masked."""
    lines: list[str] = []
    label_before = False
    for line in output.split("\n"):
        match = _NAMED.match(line) or _PARAMETER.match(line)
        if match is None and label_before:
            match = _HEXADECIMAL.match(line)
        lines.append(f"{match['label']}{match['between']}{MASK}" if match else line)
        label_before = bool(_LABEL_ALONE.search(line))
    return "\n".join(lines)
