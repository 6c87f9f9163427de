# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for the router's own services: they accept a connection and close it.

``python -m lab.net.listeners 22 80`` says "ready" when all of them listen, over IPv4 and IPv6.
"""

from __future__ import annotations

import selectors
import socket
import sys
from collections.abc import Sequence


def main(ports: Sequence[str]) -> None:
    """Serve until killed."""
    with selectors.DefaultSelector() as selector:
        for port in ports:
            listening = socket.create_server(("::", int(port)), family=socket.AF_INET6, dualstack_ipv6=True)
            selector.register(listening, selectors.EVENT_READ, listening)
        print("ready", flush=True)
        while True:
            for key, _events in selector.select():
                key.data.accept()[0].close()


if __name__ == "__main__":
    main(sys.argv[1:])
