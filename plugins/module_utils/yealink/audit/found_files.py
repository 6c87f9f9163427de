# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the files that an audit is about: whatever stands in a directory, and files named one by one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.files import UNFINISHED

MAX_BYTES = 4 * 1024 * 1024
"""Bytes. A phone's file has some thousand, a template some hundred thousand; of more only the beginning is read."""
MAX_BYTES_IN_ALL = 64 * MAX_BYTES
"""Bytes that are held in memory."""


@dataclass(frozen=True)
class FoundFile:
    """One of them. ``problem`` says why there is no content."""

    name: str
    content: bytes = field(default=b"", repr=False)
    problem: str = ""
    cut: bool = False
    served: bool = True
    """Whether it stands in the directory; otherwise it was named."""


def read_found(directory: str | None, paths: Iterable[str]) -> list[FoundFile]:
    """In the order of the names. Only a directory that cannot be read at all is an error."""
    wanted: list[tuple[str, str, bool]] = []
    if directory:
        try:
            entries = [(entry.name, entry.path, True) for entry in os.scandir(directory)]
        except OSError as error:
            raise HardeningError(f"directory {directory} cannot be read: {error.strerror}.") from None
        # What a run of ours left unfinished is no file of anybody's.
        wanted = [entry for entry in entries if not (entry[0].startswith(".") and entry[0].endswith(UNFINISHED))]
    wanted += [(os.path.basename(path) or path, path, False) for path in paths]
    found, room = [], MAX_BYTES_IN_ALL
    for name, path, served in sorted(wanted):
        file = _read(path, name, served=served, room=room)
        room -= len(file.content)
        found.append(file)
    return found


def _read(path: str, name: str, *, served: bool, room: int) -> FoundFile:
    """A link in the directory is not followed, since whoever may write there could show any file of the host with it;
    one that the task names is."""
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if room < MAX_BYTES:
        return FoundFile(name, problem=f"not read: more than {MAX_BYTES_IN_ALL} bytes in all", served=served)
    try:
        if served and os.path.islink(path):
            return FoundFile(name, problem="a symbolic link: not followed", served=served)
        # Without O_NONBLOCK a named pipe would wait for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | (os.O_NOFOLLOW if served else 0))
        try:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                return FoundFile(name, problem="a directory: not looked into", served=served)
            if not stat.S_ISREG(mode):
                return FoundFile(name, problem="not an ordinary file: not read", served=served)
            with os.fdopen(descriptor, "rb", closefd=False) as handle:
                content = handle.read(MAX_BYTES + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one of a file"
        return FoundFile(name, problem=f"cannot be read: {reason}", served=served)
    return FoundFile(name, content[:MAX_BYTES], cut=len(content) > MAX_BYTES, served=served)
