# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the network lab needs of the machine it runs on."""

from __future__ import annotations

import os
import shutil

# Program -> Debian package
PROGRAMS = {
    "ip": "iproute2",
    "nft": "nftables",
    "kamailio": "kamailio kamailio-tls-modules",
    "sipp": "sip-tester",
}


def why_unavailable() -> str:
    """The reason why the lab cannot run here, or nothing."""
    if os.geteuid() != 0:
        return "Network namespaces need root: run the tests of tests/wire as root."
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    return f"Missing Debian packages: {' '.join(missing)}." if missing else ""
