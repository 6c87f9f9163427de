# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pager's line in what a terminal received so far (draytek.md 1 and "session behaviour"). Pure functions.

They are given all that was received since the command, not the last piece alone: a slow line cuts anywhere.
"""

from __future__ import annotations

import re

MORE = re.compile(r"-{2,3} ?MORE ?-{2,3}(?:[^\r\n]*?Next Page\](?: ?-{2,3})?)?", re.IGNORECASE)
"""Its spaces and its end vary. A space may be sent before the end has come: the device waits already."""


def pages(received: str) -> int:
    """How often the pager has stopped."""
    return sum(1 for _match in MORE.finditer(received))


def without_pager(received: str) -> str:
    """The text alone."""
    return MORE.sub("", received)
