# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory that the provisioning server serves: the only file that reads and writes."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.files import UNFINISHED, discard, write_beside
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.switched import is_switched, switch

PHONE_FILE = re.compile(r"[0-9a-f]{12}\.(?:cfg|boot)")
"""yealink.md 1.2. Nothing else in the directory is looked at."""
UNFINISHED_PHONE_FILE = re.compile(rf"\.{PHONE_FILE.pattern}\..*{re.escape(UNFINISHED)}")
ABANDONED_AFTER = 3600.0
"""Seconds after which such a file is taken for one of a run that was killed."""
MAX_BYTES = 1024 * 1024
"""Bytes. A phone's file has some thousand; a larger one is not ours and not read to its end."""


@dataclass(frozen=True)
class Attributes:
    """Who may read a file. None: as it comes."""

    mode: int
    owner: int | None = None
    group: int | None = None


@dataclass(frozen=True)
class ServedFile:
    """A file as it is or as it should be."""

    text: str
    attributes: Attributes


def wanted_attributes(mode: str, owner: str | None, group: str | None) -> Attributes:
    """The task's options, with names looked up on this host."""
    if not re.fullmatch(r"0?[0-7]{3}", mode):
        raise HardeningError(f"mode {mode!r} is not an octal file mode such as 0640.")
    bits = int(mode, 8)
    if bits & 0o007:
        raise HardeningError(f"mode {mode} lets every user of the host read the phones' passwords. Use 0640 and group.")
    return Attributes(bits, _user_id(owner), _group_id(group))


def _user_id(owner: str | None) -> int | None:
    if owner is None or owner.isdigit():
        return None if owner is None else int(owner)
    try:
        return pwd.getpwnam(owner).pw_uid
    except KeyError:
        raise HardeningError(f"owner {owner!r} is not a user of this host.") from None


def _group_id(group: str | None) -> int | None:
    if group is None or group.isdigit():
        return None if group is None else int(group)
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise HardeningError(
            f"group {group!r} is not a group of this host. Name the group of the web server."
        ) from None


def read_directory(directory: str, wanted: Attributes) -> dict[str, ServedFile]:
    """The phones' files by name; none if the directory does not exist yet.

    Owner and group are given only where they are asked for, so that a comparison of the two tells what has to change.
    """
    found = {}
    with _os_errors_explained(directory):
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except FileNotFoundError:
            return {}
        for entry in entries:
            if PHONE_FILE.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with Path(entry.path).open("rb") as handle:
                    content = handle.read(MAX_BYTES)
                    status = os.fstat(handle.fileno())
                attributes = Attributes(
                    stat.S_IMODE(status.st_mode),
                    None if wanted.owner is None else status.st_uid,
                    None if wanted.group is None else status.st_gid,
                )
                found[entry.name] = ServedFile(content.decode("utf-8", errors="replace"), attributes)
            elif PHONE_FILE.fullmatch(entry.name):
                raise HardeningError(f"{entry.path} is not an ordinary file: remove it, then run again.")
    return found


def apply(directory: str, writes: Mapping[str, ServedFile], removals: Iterable[str], access: Attributes) -> None:
    """Write and remove as one set.

    Where the directory is a link to one of several sets, the link is switched to a new set. Elsewhere all new files are
    written in full beside the old ones before the first takes its place, so that a full disk leaves the old set as it
    was; configuration files come before the boot files that include them. ``access`` is for the directory, where it has
    to be made.
    """
    with _os_errors_explained(directory):
        if not os.path.isdir(directory):
            os.makedirs(directory, mode=0o750)
            _give(directory, access)
        if is_switched(directory):
            switch(directory, {*writes, *removals, *_leftovers(directory)}, lambda new: _write_all(new, writes))
            _served_from_now(directory, writes)
            return
        for path in _leftovers(directory).values():
            os.unlink(path)
        _write_all(directory, writes)
        _served_from_now(directory, writes)
        for name in sorted(removals, key=lambda name: (name.endswith(".cfg"), name)):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(directory, name))


def _served_from_now(directory: str, names: Iterable[str]) -> None:
    """Files bear the time since when they are served at the latest: who fetched before that may have the old ones."""
    for name in names:
        os.utime(os.path.join(directory, name))


def _write_all(directory: str, writes: Mapping[str, ServedFile]) -> None:
    ready: list[tuple[str, str]] = []
    try:
        for name in sorted(writes, key=lambda name: (name.endswith(".boot"), name)):
            file, path = writes[name], os.path.join(directory, name)
            attributes = file.attributes
            content = file.text.encode("utf-8")
            temporary = write_beside(path, content, attributes.mode, attributes.owner, attributes.group)
            ready.append((temporary, path))
        for temporary, path in ready:
            os.replace(temporary, path)
    except BaseException:
        for temporary, _path in ready:
            discard(temporary)
        raise


def _leftovers(directory: str) -> dict[str, str]:
    """Names and paths of what a killed run left: it holds passwords, under a name that nobody looks at."""
    return {
        entry.name: entry.path
        for entry in os.scandir(directory)
        if UNFINISHED_PHONE_FILE.fullmatch(entry.name)
        and entry.stat(follow_symlinks=False).st_mtime < time.time() - ABANDONED_AFTER
    }


def _give(target: str | int, access: Attributes) -> None:
    """To the wanted owner and group."""
    if access.owner is not None or access.group is not None:
        keep = -1
        owner, group = access.owner, access.group
        os.chown(target, keep if owner is None else owner, keep if group is None else group)


@contextlib.contextmanager
def _os_errors_explained(directory: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        path = error.filename or directory
        raise HardeningError(f"directory {directory}: {path}: {error.strerror}.") from None
