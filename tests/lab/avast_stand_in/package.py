# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in's Debian package."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

FILES = Path(__file__).with_name("files")
VERSION = "0.0+stand-in"
CONTROL = f"""\
Package: avast
Version: {VERSION}
Architecture: all
Maintainer: voipsec.hardening contributors <lab@voipsec.example>
Depends: python3
Section: utils
Priority: optional
Description: STAND-IN for Avast Business for Linux, for tests
 Not Avast, and nothing of Avast's: it records what it was told.
"""
PLACES = {
    "avast.conf": ("etc/avast", 0o644),
    "avast.service": ("usr/lib/systemd/system", 0o644),
    "avast-stand-in": ("usr/lib/avast", 0o755),
    "scan": ("usr/bin", 0o755),
    "avast.setup": ("var/lib/avast/Setup", 0o755),
}
"""Where each of the files belongs."""


def build_package(folder: Path) -> Path:
    """Make it; the path of the .deb."""
    tree = folder / "avast"
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(CONTROL)
    (tree / "DEBIAN/conffiles").write_text("/etc/avast/avast.conf\n")
    for name in ("postinst", "prerm", "postrm"):
        _put(FILES / name, tree / "DEBIAN" / name, 0o755)
    for name, (place, mode) in PLACES.items():
        _put(FILES / name, tree / place / name, mode)
    for path in [tree, *(path for path in tree.rglob("*") if path.is_dir())]:
        path.chmod(0o755)
    package = folder / f"avast_{VERSION}_all.deb"
    build = ["dpkg-deb", "--root-owner-group", "--build", str(tree), str(package)]
    subprocess.run(build, check=True, capture_output=True)
    return package


def _put(source: Path, target: Path, mode: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)
