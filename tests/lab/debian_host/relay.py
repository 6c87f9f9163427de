# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``relay.py HOST PORT``: connect, and hand the connection to the ssh that asked for it (ProxyUseFdpass).

Started inside a network namespace, it is how an ssh outside of it gets in. It imports nothing of the lab.
"""

from __future__ import annotations

import socket
import sys


def main() -> None:
    """A socket stays in the namespace where it was made, whoever uses it."""
    with (
        socket.create_connection((sys.argv[1], int(sys.argv[2]))) as connection,
        socket.socket(fileno=sys.stdout.fileno()) as ssh,
    ):
        socket.send_fds(ssh, [b"\0"], [connection.fileno()])
        ssh.detach()


if __name__ == "__main__":
    main()
