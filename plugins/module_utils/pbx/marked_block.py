# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our marked block of phone parameters in an existing template. Pure (yealink.md 5.1, 5.3)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

BEGIN, END = "# BEGIN voip-hardening", "# END voip-hardening"
BLOCK = re.compile(rf"\n?{BEGIN}[^\n]*\n.*?{END}[^\n]*\n?", re.DOTALL)


def block(settings: Mapping[str, str]) -> str:
    """The lines between our marks; the mark carries a hash, so that an edit by hand is seen."""
    lines = "".join(f"{name} = {value}\n" for name, value in sorted(settings.items()))
    mark = hashlib.sha256(lines.encode()).hexdigest()[:12]
    return f"{BEGIN} ({mark})\n{lines}{END}\n"
