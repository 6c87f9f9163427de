# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the probe and the NOTIFY client both need of sockets, and the timers of RFC 3261."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import ssl
import time

from ansible_collections.voipsec.hardening.plugins.module_utils.sip.message import harmless
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import host_port

T1 = 0.5
T2 = 4.0
"""Seconds: first and longest wait between retransmissions (RFC 3261, 17.1.2.1)."""
LONGEST = 64 * T1
"""Seconds after which a SIP client gives up by itself (RFC 3261, 17.1.2.2)."""


def source_address(family: int, destination: tuple[str, int]) -> str:
    """The address this machine sends from; raises OSError where there is no route. Sends nothing."""
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.connect(destination)
        return str(sock.getsockname()[0])


def local_name(sock: socket.socket) -> str:
    """Its own address and port; empty where it has none any more."""
    with contextlib.suppress(OSError):
        return host_port(*sock.getsockname()[:2])
    return ""


def left(deadline: float) -> float:
    """Seconds until the deadline, raising TimeoutError when none are left."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    return seconds


def reason(error: BaseException) -> str:
    """What the system says, without addresses of this program's insides."""
    if isinstance(error, ssl.SSLError):
        return harmless(str(error.reason or error))
    if isinstance(error, OSError) and error.errno == errno.EPERM:
        return f"{os.strerror(error.errno)} (this machine's own firewall)"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return harmless(str(error))
