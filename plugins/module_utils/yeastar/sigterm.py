# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is told to end still cleans up: SIGTERM becomes an exception while the context lasts.

A token that is not given back counts against the PBX's eight for half an hour (yeastar.md c).
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class Ended:
    """Whether the run was told to end.

    The exception alone is not enough. Python drops whatever is raised while it disposes of an object, and a signal may
    come just then: without a note of it the run would go on as if nothing had been said.
    """

    def __init__(self) -> None:
        self._number: int | None = None

    def note(self, number: int, _frame: FrameType | None) -> None:
        """The signal's handler. Raises SystemExit."""
        self._number = number
        self.check()

    def check(self) -> None:
        """To be called before each request. Raises SystemExit where the run was told to end."""
        if self._number is not None:
            raise SystemExit(128 + self._number)


@contextlib.contextmanager
def ending_cleanly() -> Iterator[Ended]:
    """Only the main thread may set what a signal does; in another thread nothing changes."""
    ended = Ended()
    if threading.current_thread() is not threading.main_thread():
        yield ended
        return
    before = signal.signal(signal.SIGTERM, ended.note)
    try:
        yield ended
        ended.check()
    finally:
        signal.signal(signal.SIGTERM, before)
