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


def replace_file(path: str, content: bytes, mode: int) -> None:
    """Write beside the file, flush to disk, then rename over it. Raises OSError; the old file is then untouched.

    ``mode`` is set before any content is written. A symbolic link is followed, so that it stays one.
    """
    path = os.path.realpath(path)
    folder = os.path.dirname(path)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", suffix=UNFINISHED, dir=folder)
    try:
        os.fchmod(descriptor, mode)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    flush_folder(folder)


def flush_folder(folder: str) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(path: str) -> None:
    """Remove the unfinished files that killed runs of replace_file left beside this one. The caller holds a lock."""
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    for entry in os.listdir(folder):
        if entry.startswith(f".{name}.") and entry.endswith(UNFINISHED):
            os.unlink(os.path.join(folder, entry))
