# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time for something that takes only one: a lock on the controller, freed when the process ends."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

POLL = 0.1


@contextlib.contextmanager
def one_at_a_time(what: str, name: str, wait: float) -> Iterator[None]:
    """Hold the lock of ``name``; ``what`` says to whom it belongs. Raises HardeningError after ``wait`` seconds.

    The file's name is a hash and the file is empty, so nothing can be read from it.
    """
    folder = os.path.join(tempfile.gettempdir(), f"voipsec-hardening-{os.getuid()}")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if os.lstat(folder).st_uid != os.getuid() or os.path.islink(folder):
            raise HardeningError(f"{folder} belongs to another user; remove it.")
        path = os.path.join(folder, hashlib.sha256(name.encode()).hexdigest()[:32])
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise HardeningError(f"a lock for {what} cannot be created in {folder}: {error.strerror}.") from error
    try:
        hold(
            descriptor,
            f"another run on this controller has been using {what} for {wait:.0f} s. Wait until it has ended.",
            wait,
        )
        yield
    finally:
        os.close(descriptor)


def hold(descriptor: int, busy: str, wait: float) -> None:
    """Lock an open file, for as long as it is open. Raises HardeningError(busy) after ``wait`` seconds, and OSError."""
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise HardeningError(busy) from None
            time.sleep(POLL)
        else:
            return
