# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ICMP says about datagrams that were sent, from a Linux socket's error queue (ip(7), IP_RECVERR).

A connected UDP socket would only report that there was an error. The queue also says which machine sent it, and leaves
the socket unconnected, so that an answer from another address is seen too.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from dataclasses import dataclass

IP_RECVERR = 11
IPV6_RECVERR = 25
"""Numbers of linux/in.h and linux/in6.h; Python names neither before 3.14."""
EXTENDED_ERROR = struct.Struct("=IBBBBII")
"""struct sock_extended_err: errno, origin, type, code, padding, info, data. The reporting machine's address follows."""
ORIGIN_ICMP, ORIGIN_ICMP6 = 2, 3
NAMES = {
    (ORIGIN_ICMP, 3, 0): "network unreachable",
    (ORIGIN_ICMP, 3, 1): "host unreachable",
    (ORIGIN_ICMP, 3, 2): "protocol unreachable",
    (ORIGIN_ICMP, 3, 3): "port unreachable",
    (ORIGIN_ICMP, 3, 9): "network prohibited",
    (ORIGIN_ICMP, 3, 10): "host prohibited",
    (ORIGIN_ICMP, 3, 13): "administratively prohibited",
    (ORIGIN_ICMP, 11, 0): "time to live exceeded",
    (ORIGIN_ICMP6, 1, 0): "no route",
    (ORIGIN_ICMP6, 1, 1): "administratively prohibited",
    (ORIGIN_ICMP6, 1, 3): "address unreachable",
    (ORIGIN_ICMP6, 1, 4): "port unreachable",
    (ORIGIN_ICMP6, 1, 5): "source address refused by policy",
    (ORIGIN_ICMP6, 1, 6): "route refused",
}
"""RFC 792, RFC 1122, RFC 1812 and RFC 4443."""
PORT_UNREACHABLE = {(ORIGIN_ICMP, 3, 3), (ORIGIN_ICMP6, 1, 4)}


@dataclass(frozen=True)
class NetworkError:
    """One report that a datagram did not arrive."""

    port_unreachable: bool
    detail: str
    reporter: str
    """The address of the machine that sent it; empty where that is unknown."""


def enable(sock: socket.socket) -> None:
    """Have the system queue ICMP errors of this UDP socket."""
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)


def drain(sock: socket.socket) -> list[NetworkError]:
    """All queued errors, oldest first. The socket must not block."""
    found: list[NetworkError] = []
    while True:
        try:
            _data, ancillary, _flags, _address = sock.recvmsg(512, 512, socket.MSG_ERRQUEUE)
        except OSError:
            return found
        for level, kind, data in ancillary:
            if (level, kind) in ((socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)):
                error = parse(data)
                if error is not None:
                    found.append(error)


def parse(data: bytes) -> NetworkError | None:
    """One sock_extended_err with the address that follows it. None where it is cut short or not about ICMP."""
    if len(data) < EXTENDED_ERROR.size:
        return None
    _errno, origin, kind, code, _padding, _info, _data = EXTENDED_ERROR.unpack_from(data)
    if origin not in (ORIGIN_ICMP, ORIGIN_ICMP6):
        return None
    key = (origin, kind, code)
    name = NAMES.get(key, f"type {kind} code {code}")
    reporter = _reporter(data[EXTENDED_ERROR.size :])
    detail = f"ICMP {name}" + (f" from {reporter}" if reporter else "")
    return NetworkError(key in PORT_UNREACHABLE, detail, reporter)


def _reporter(data: bytes) -> str:
    """The address in a sockaddr_in or sockaddr_in6, empty where there is none."""
    family = int.from_bytes(data[:2], "little" if struct.pack("=H", 1)[0] else "big")
    if family == socket.AF_INET and len(data) >= 8:
        return str(ipaddress.IPv4Address(data[4:8]))
    if family == socket.AF_INET6 and len(data) >= 24:
        return str(ipaddress.IPv6Address(data[8:24]))
    return ""
