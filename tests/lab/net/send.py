# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends first packets of flows from any source address and waits for nothing.

``python -m lab.net.send '[{"proto": "udp", "src": "192.0.2.9", "sport": 4000, "dst": "192.0.2.1", "dport": 5060}]'``
The kernel gives a namespace's root the right to send from addresses that are not its own.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
from dataclasses import dataclass

IP_TRANSPARENT, IPV6_TRANSPARENT = 19, 75  # <linux/in.h>, <linux/in6.h>; Python 3.11 names neither
LARGE = 3000  # bytes: more than fits a packet on this wire


@dataclass(frozen=True)
class FirstPacket:
    """``fragment``: a UDP packet that has to be sent in pieces."""

    proto: str  # udp | tcp
    src: str
    sport: int
    dst: str
    dport: int
    fragment: bool = False


def send(packet: FirstPacket) -> None:
    """One UDP packet, or one TCP connection attempt that is given up at once."""
    kind = socket.SOCK_DGRAM if packet.proto == "udp" else socket.SOCK_STREAM
    family = socket.AF_INET6 if ":" in packet.src else socket.AF_INET
    with socket.socket(family, kind) as sock:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
        sock.bind((packet.src, packet.sport))
        if packet.proto == "udp":
            sock.sendto(b"\0" * (LARGE if packet.fragment else 4), (packet.dst, packet.dport))
        else:
            sock.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                sock.connect((packet.dst, packet.dport))


if __name__ == "__main__":
    for wanted in json.loads(sys.argv[1]):
        send(FirstPacket(**wanted))
