# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine must offer to boot the host."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from lab.debian_host.machine_apt import KEYRING

PACKAGES = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "nft": "nftables",
    "setpriv": "util-linux",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
}
"""Program and the Debian package that has it."""
KEYRING_PACKAGE = "debian-archive-keyring"


def why_unavailable() -> str | None:
    """Why no host can be booted here, in one sentence; None when it can."""
    if os.geteuid() != 0:
        return "Booting a Debian needs root: systemd-nspawn makes mounts and namespaces."
    missing = {package for program, package in PACKAGES.items() if shutil.which(program) is None}
    if not Path(KEYRING).exists():
        missing.add(KEYRING_PACKAGE)
    if missing:
        return f"Booting a Debian needs these packages: apt-get install {' '.join(sorted(missing))}"
    attempt = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, text=True, check=False
    )
    if attempt.returncode:
        return f"Booting a Debian needs mounts and namespaces, which this machine refuses: {attempt.stderr.strip()}"
    return None
