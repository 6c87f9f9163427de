# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of files that is switched as a whole: the served name is a link to a directory among others in ``sets``.

The new set is complete, and on disk, before the link leads to it. A file that stays is the same file under a second
name, so its time of change tells since when it has been served.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Container
from pathlib import Path

SETS = "sets"
"""Name of the directory that holds the sets. A link to anywhere else is not ours to switch."""
PREFIX = "set-"
ABANDONED_AFTER = 3600.0
"""Seconds after which a set that is not served is one of a run that was killed."""


def is_switched(directory: str) -> bool:
    """Whether the directory is such a link."""
    return os.path.islink(directory) and os.path.basename(os.path.dirname(os.path.realpath(directory))) == SETS


def switch(directory: str, without: Container[str], fill: Callable[[str], None]) -> None:
    """Serve a new set: what is served now, except the names in ``without``, and what ``fill`` writes. Raises OSError.

    Whatever fails, the set that was served stays as it was.
    """
    served = Path(os.path.realpath(directory))
    _remove_abandoned(served)
    new = served.parent / f"{PREFIX}{secrets.token_hex(8)}"
    new.mkdir(mode=0o700)
    try:
        _link_all(served, new, without)
        fill(str(new))
        status = served.stat()
        if (status.st_uid, status.st_gid) != (new.stat().st_uid, new.stat().st_gid):
            os.chown(new, status.st_uid, status.st_gid)
        new.chmod(status.st_mode & 0o7777)
        _flush(new)
        _lead_to(directory, new)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    # The new set is served; what cannot be removed now goes with the next change.
    shutil.rmtree(served, ignore_errors=True)


def _link_all(source: Path, target: Path, without: Container[str]) -> None:
    for entry in os.scandir(source):
        place = target / entry.name
        if entry.name in without:
            continue
        if entry.is_symlink():
            place.symlink_to(Path(entry.path).readlink())
        elif entry.is_dir():
            shutil.copytree(entry.path, place, symlinks=True, copy_function=_same_file)
        else:
            _same_file(entry.path, str(place))


def _same_file(source: str, target: str) -> None:
    os.link(source, target)


def _lead_to(directory: str, target: Path) -> None:
    """Renaming is what makes it one step: at any time the name leads to one whole set."""
    name = f"{directory.rstrip('/')}.{secrets.token_hex(4)}"
    folder = os.path.dirname(os.path.abspath(directory))
    Path(name).symlink_to(os.path.relpath(target, folder))
    try:
        os.replace(name, directory.rstrip("/"))
    except BaseException:
        os.unlink(name)
        raise
    _flush(Path(folder))


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_abandoned(served: Path) -> None:
    for entry in os.scandir(served.parent):
        if not entry.name.startswith(PREFIX) or entry.path == str(served) or entry.is_symlink():
            continue
        if entry.is_dir() and entry.stat().st_mtime < time.time() - ABANDONED_AFTER:
            shutil.rmtree(entry.path)
