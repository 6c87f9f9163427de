# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the access log while a server writes it and something else rotates it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.access_log import MAX_LINE_LENGTH, read

PIECE = 1024 * 1024
"""Bytes that are read at once: a log may be larger than the memory."""
ROTATED = ".1"
"""What logrotate adds to the name of the log before."""


class LogReader:
    """Each look reads what is new, in the log and in the one before it.

    A server goes on writing to the renamed file until it is told to open its log anew, so both are read on. What is
    read twice counts once.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.fetched: dict[str, float] = {}
        """When each phone fetched last, as far as the logs go back."""
        self.found = False
        """Whether there was ever a log."""
        self._positions: dict[tuple[int, int], int] = {}
        """How far each file has been read, under whatever name."""

    def look(self, *, must_exist: bool = True) -> dict[str, float]:
        """``fetched`` after reading on. Raises HardeningError where a log cannot be read, or has no folder to be in.

        ``must_exist``: false in check mode, where the server may not have been made yet.
        """
        before, self._positions = self._positions, {}
        for path in (self.path, self.path + ROTATED):
            try:
                self._read_on(path, before)
            except FileNotFoundError:
                # Nobody has fetched anything yet, or a rotation is between its two steps.
                continue
            except OSError as error:
                raise HardeningError(
                    f"access_log: {path} cannot be read: {error.strerror}. Run the task as a user who may read it."
                ) from None
        if not self.found and must_exist:
            self._check_folder()
        return self.fetched

    def _read_on(self, path: str, before: Mapping[tuple[int, int], int]) -> None:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise HardeningError(f"access_log: {path} is not an ordinary file.")
        with Path(path).open("rb") as handle:
            status = os.fstat(handle.fileno())
            identity = (status.st_dev, status.st_ino)
            position = before.get(identity, 0)
            if position > status.st_size:
                position = 0  # copied away and emptied
            self.found = True
            handle.seek(position)
            for piece, length in _lines(handle):
                position += length
                for mac, time in read(piece).items():
                    self.fetched[mac] = max(time, self.fetched.get(mac, time))
            self._positions[identity] = position

    def _check_folder(self) -> None:
        folder = os.path.dirname(os.path.abspath(self.path))
        if not os.path.isdir(folder):
            raise HardeningError(
                f"access_log: {self.path} is not there, and neither is {folder}. The access log of the provisioning "
                "server on this host is needed."
            )


def _lines(handle: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Pieces that begin and end where lines do, each with how far it takes the reader.

    The last piece may be an unfinished line, which is read again the next time. Of a line without end nothing is kept.
    """
    rest, dropped = b"", 0
    while data := handle.read(PIECE):
        rest += data
        end = rest.rfind(b"\n") + 1
        if end:
            yield rest[rest.find(b"\n") + 1 if dropped else 0 : end], dropped + end
            rest, dropped = rest[end:], 0
        if len(rest) > MAX_LINE_LENGTH:
            rest, dropped = b"", dropped + len(rest)
    if rest and not dropped:
        yield rest, 0
