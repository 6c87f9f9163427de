# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A booted Debian 12 or 13, reached by SSH like any host of an inventory.

PID 1 is a real systemd in a systemd-nspawn container on a throw-away overlay of a cached base tree. The network is the
machine's own; the only service the host opens is sshd, on a free port of 127.0.0.1.
"""

from __future__ import annotations

from lab.debian_host.container import ContainerError
from lab.debian_host.host import DebianHost
from lab.debian_host.needs import why_unavailable

__all__ = ["ContainerError", "DebianHost", "why_unavailable"]
