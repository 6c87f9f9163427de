# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine must offer to boot the host."""

from __future__ import annotations

import os
import shutil

PACKAGES = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
}
"""Program and the Debian package that has it."""


def why_unavailable() -> str | None:
    """Why no host can be booted here, in one sentence; None when it can."""
    if os.geteuid() != 0:
        return "Booting a Debian needs root: systemd-nspawn makes mounts and namespaces."
    missing = sorted({package for program, package in PACKAGES.items() if shutil.which(program) is None})
    if missing:
        return f"Booting a Debian needs these packages: apt-get install {' '.join(missing)}"
    return None
