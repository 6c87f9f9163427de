# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same reads through our driver and through netmiko's ordinary send_command."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from types import TracebackType

from netmiko import ConnectHandler

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import Session
from lab.drayos import SimulatedVigor

COMMANDS = 20
READ = "object service obj 1 -v"
PASSWORD = "bench-password"


class RouterCommands:
    """A simulated router and two ways to talk to it."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._router = SimulatedVigor("vigor2927", password=PASSWORD)
        self._known_hosts = ""

    def __enter__(self) -> RouterCommands:
        self._stack.enter_context(self._router)
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        known_hosts = folder / "known_hosts"
        known_hosts.write_text(self._router.known_hosts_line + "\n")
        self._known_hosts = str(known_hosts)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def ours(self) -> None:
        """One login and the commands."""
        device = Device(self._router.host, self._router.port, "admin", PASSWORD)
        with Session(device, self._known_hosts) as session:
            for _ in range(COMMANDS):
                session.run(READ)

    def plain(self) -> None:
        """The same with netmiko's generic driver."""
        with ConnectHandler(
            device_type="generic",
            host=self._router.host,
            port=self._router.port,
            username="admin",
            password=PASSWORD,
        ) as connection:
            for _ in range(COMMANDS):
                connection.send_command(READ, expect_string=r"> $")
