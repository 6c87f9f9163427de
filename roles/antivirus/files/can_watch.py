# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check whether the kernel supports fanotify with permission events. Prints nothing if it does.

The kernel decides: a container may lack permission for what its configuration allows. See fanotify(7).
"""

from __future__ import annotations

import ctypes
import os
import tempfile

FAN_CLASS_CONTENT = 0x04
FAN_MARK_ADD = 0x01
FAN_OPEN_PERM = 0x00010000
AT_FDCWD = -100


def main() -> None:
    """Watch an empty folder for a moment."""
    library = ctypes.CDLL(None, use_errno=True)
    descriptor = library.fanotify_init(FAN_CLASS_CONTENT, os.O_RDONLY)
    if descriptor < 0:
        print(f"fanotify_init: {os.strerror(ctypes.get_errno())}")  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as folder:
        mask = ctypes.c_uint64(FAN_OPEN_PERM)
        if library.fanotify_mark(descriptor, FAN_MARK_ADD, mask, AT_FDCWD, folder.encode()):
            print(f"fanotify_mark: {os.strerror(ctypes.get_errno())}")  # noqa: T201
        os.close(descriptor)


if __name__ == "__main__":
    main()
