# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing a file so that either the old or the new content is whole, whatever happens."""

from __future__ import annotations

import contextlib
import os
import tempfile

UNFINISHED = ".unfinished"
"""Ending of a file that is being written."""
KEEP = -1
"""os.chown's word for "leave as it is"."""


def replace_file(path: str, content: bytes, mode: int) -> None:
    """Write beside the file, flush to disk, then rename over it. Raises OSError; the old file is then untouched.

    ``mode`` is set before any content is written. A symbolic link is followed, so that it stays one.
    """
    path = os.path.realpath(path)
    # Opened before anything changes: once the new file is in place there must be nothing left that can fail.
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        temporary = write_beside(path, content, mode)
        try:
            os.replace(temporary, path)
        except BaseException:
            discard(temporary)
            raise
        with contextlib.suppress(OSError):  # the new file is in place and whole; a failure now must not deny that
            os.fsync(folder)
    finally:
        os.close(folder)


def write_beside(path: str, content: bytes, mode: int, owner: int | None = None, group: int | None = None) -> str:
    """The new content in full, on disk, under another name in the same folder. Returns that name. Raises OSError.

    Owner and mode are set before any content is written.
    """
    folder, name = os.path.split(path)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=UNFINISHED, dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            if owner is not None or group is not None:
                os.fchown(descriptor, KEEP if owner is None else owner, KEEP if group is None else group)
            os.fchmod(descriptor, mode)
            handle.write(content)
            handle.flush()
            os.fsync(descriptor)
    except BaseException:
        discard(temporary)
        raise
    return temporary


def discard(temporary: str) -> None:
    """Remove an unfinished file, if it is still there."""
    with contextlib.suppress(OSError):
        os.unlink(temporary)


def remove_leftovers(path: str) -> None:
    """Remove the unfinished files that killed runs of replace_file left beside this one. The caller holds a lock."""
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    for entry in os.listdir(folder):
        if entry.startswith(f".{name}.") and entry.endswith(UNFINISHED):
            os.unlink(os.path.join(folder, entry))
