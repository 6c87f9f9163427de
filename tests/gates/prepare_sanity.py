# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lay out what ansible-test needs: prepare_sanity.py COPY HOME, run in the clone by the Python that has ansible-core.

ansible-test wants a real folder .../ansible_collections/<namespace>/<name> with a git repository in it; a link is not
enough. And it downloads a bootstrap script for pip from the internet, unless its cache has one; Python's own ensurepip
does the same without a network. All of it goes to a home folder of its own, so that the user's stays as it was.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from ansible_test._internal.python_requirements import get_venv_packages
from copy_clone import copy_clone

BOOTSTRAP = """\
import subprocess
import sys
subprocess.check_call([sys.executable, "-m", "ensurepip", "--upgrade", "--default-pip"], stdout=subprocess.DEVNULL)
"""

KEPT_FROM_HOME = (".config/pip", ".cache/pip")
"""pip's settings (a mirror, a proxy) and its downloads are the user's also in there; ansible-test passes no PIP_*
on."""


def lay_out_home(home: Path) -> None:
    """Write the bootstrap script where this ansible-test looks for it, and link pip's folders."""
    python = SimpleNamespace(version=f"{sys.version_info.major}.{sys.version_info.minor}")
    pip_version = get_venv_packages(python)["pip"].replace(".", "_")
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / f"get_pip_{pip_version}.py").write_text(BOOTSTRAP, encoding="utf-8")
    for name in KEPT_FROM_HOME:
        theirs, ours = Path.home() / name, home / name
        ours.parent.mkdir(parents=True, exist_ok=True)
        if theirs.is_dir() and not os.path.lexists(ours):
            ours.symlink_to(theirs)


def main() -> None:
    """Command line: the folder of the copy, the folder to use as home."""
    target, home = Path(sys.argv[1]), Path(sys.argv[2])
    count = copy_clone(target)
    subprocess.run(["git", "init", "--quiet", str(target)], check=True)
    lay_out_home(home)
    sys.stdout.write(f"{count} files copied to {target}\n")


if __name__ == "__main__":
    main()
