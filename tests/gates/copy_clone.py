# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy this clone's files to a fresh folder: copy_clone.py FOLDER, run in the clone.

The command line copies only what git knows: a customer's inventory, with its vault, that somebody keeps in the clone
must never get into the file made by "make build".
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def copy_clone(target: Path, *, tracked_only: bool = False) -> int:
    """Replace target by the clone's files, without what git ignores; returns their number."""
    listing = ["git", "ls-files", "-z", "--cached"]
    if not tracked_only:
        listing += ["--others", "--exclude-standard"]
    listed = subprocess.run(listing, check=True, capture_output=True).stdout
    names = [name for name in os.fsdecode(listed).split("\0") if name and os.path.lexists(name)]
    shutil.rmtree(target, ignore_errors=True)
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(name, target / name, follow_symlinks=False)
    return len(names)


if __name__ == "__main__":
    sys.stdout.write(f"{copy_clone(Path(sys.argv[1]), tracked_only=True)} files copied to {sys.argv[1]}\n")
